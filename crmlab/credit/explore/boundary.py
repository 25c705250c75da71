"""Draw the border between two bins by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from ipywidgets import FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._theme import figure_html
from crmlab._widgets import follow
from crmlab._words import _, heading
from crmlab.credit.model import cut_table
from crmlab.credit.plot import plot_woe


def boundary_picture(
    loans: pd.DataFrame, *, column: str, cut: float, bad: str = "defaults"
) -> Figure:
    """Return the weights of evidence of the two bins up to, and above, `cut`.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    loans : DataFrame, one row per loan, with `column` and `bad`
    column : str, a column of numbers
    cut : float, the highest value of the lower bin
    bad : str, the column that is True for a loan that was not paid back
    """
    table = cut_table(loans[column], loans[bad], cuts=[cut])
    figure = Figure(figsize=(8, 3), layout="constrained")
    ax = plot_woe(table, ax=figure.subplots())
    ax.set_title(_("information value {value:.3f}").format(value=table["iv"].sum()))
    return figure


def explore_boundary(loans: pd.DataFrame, *, column: str, bad: str = "defaults") -> VBox:
    """Return a slider for the border of two bins, above the `boundary_picture`.

    Parameters
    ----------
    loans : DataFrame, one row per loan: a column of numbers, and whether it went bad
    column, bad : str
    """
    low, middle, high = np.nanquantile(loans[column].to_numpy("float64"), [0.05, 0.5, 0.95])
    step = (high - low) / 50 or 1.0
    words = {
        "description": _("border in {column}").format(column=heading(column)),
        "style": {"description_width": "initial"},
    }
    cut = FloatSlider(middle, min=low, max=high, step=step, **words)

    def page(cut: float) -> str:
        figure = boundary_picture(loans, column=column, cut=cut, bad=bad)
        worth = figure.axes[0].get_title()
        alt = _("{column} up to {cut:g} and above: {worth}")
        return figure_html(figure, alt=alt.format(column=heading(column), cut=cut, worth=worth))

    return follow({"cut": cut}, page)
