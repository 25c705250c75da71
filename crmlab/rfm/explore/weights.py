"""Weights of recency, frequency and money, and who wins by them."""

from __future__ import annotations

import pandas as pd
from ipywidgets import HTML, IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._theme import figure_html
from crmlab.rfm.measure import rfm, rfm_scores
from crmlab.rfm.plot import plot_weighted_scores
from crmlab.rfm.simulate import four_customers


def weights_picture(table: pd.DataFrame, *, recency: int, frequency: int, monetary: int) -> Figure:
    """Return the weighted scores of the customers of an `rfm` table, as bars made of parts.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.
    """
    weights = {"recency": recency, "frequency": frequency, "monetary": monetary}
    scores = rfm_scores(table, bins=max(len(table), 2), combine=weights)
    figure = Figure(figsize=(8, 3.5), layout="constrained")
    plot_weighted_scores(scores, weights=weights, ax=figure.subplots())
    return figure


def explore_weights(table: pd.DataFrame | None = None) -> VBox:
    """Return three weight sliders above the `weights_picture` they redraw.

    The table is that of the course's four customers when omitted.
    """
    if table is None:
        table = rfm(four_customers(), as_of="2003-12-31")
    sliders = [
        IntSlider(1, min=0, max=10, description=name)
        for name in ("recency", "frequency", "monetary")
    ]
    picture = HTML()

    def redraw(_: object = None) -> None:
        weights = {slider.description: slider.value for slider in sliders}
        picture.value = _as_html(table, weights)

    for slider in sliders:
        slider.observe(redraw, names="value")
    redraw()
    return VBox([*sliders, picture])


def _as_html(table: pd.DataFrame, weights: dict[str, int]) -> str:
    """Return the picture as HTML, or a sentence where all weights are 0."""
    if not any(weights.values()):
        return "<p>Nothing counts: give at least one of the three a weight.</p>"
    words = ", ".join(f"{name} {weight}" for name, weight in weights.items())
    figure = weights_picture(table, **weights)
    return figure_html(figure, alt=f"Weighted scores of {len(table)} customers; weights: {words}")
