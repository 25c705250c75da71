"""Weights of recency, frequency and money, and who wins by them."""

from __future__ import annotations

from functools import partial

import pandas as pd
from ipywidgets import IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._theme import figure_html
from crmlab._widgets import follow
from crmlab._words import _
from crmlab.rfm.measure import rfm, rfm_scores
from crmlab.rfm.plot import plot_weighted_scores
from crmlab.rfm.simulate import four_customers


def weights_picture(table: pd.DataFrame, *, recency: int, frequency: int, monetary: int) -> Figure:
    """Return the weighted scores of the customers of an `rfm` table, as bars made of parts.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    table : DataFrame of `rfm`
    recency, frequency, monetary : int, at least 0; weights, not all of them 0
    """
    weights = {"recency": recency, "frequency": frequency, "monetary": monetary}
    scores = rfm_scores(table, bins=max(len(table), 2), combine=weights)
    figure = Figure(figsize=(8, 3.5), layout="constrained")
    plot_weighted_scores(scores, weights=weights, ax=figure.subplots())
    return figure


def explore_weights(table: pd.DataFrame | None = None) -> VBox:
    """Return three weight sliders above the `weights_picture` they redraw.

    Parameters
    ----------
    table : DataFrame of `rfm`, optional; that of the course's four customers when omitted
    """
    if table is None:
        table = rfm(four_customers(), as_of="2003-12-31")
    sliders = {
        name: IntSlider(1, min=0, max=10, description=_(name))
        for name in ("recency", "frequency", "monetary")
    }
    return follow(sliders, partial(_page, table))


def _page(table: pd.DataFrame, **weights: int) -> str:
    """Return the picture as HTML, or a sentence where all weights are 0."""
    if not any(weights.values()):
        return _("<p>Nothing counts: give at least one of the three a weight.</p>")
    words = _(", ").join(f"{_(name)} {weight}" for name, weight in weights.items())
    figure = weights_picture(table, **weights)
    alt = _("Weighted scores of {n} customers; weights: {words}")
    return figure_html(figure, alt=alt.format(n=len(table), words=words))
