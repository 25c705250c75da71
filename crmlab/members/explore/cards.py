"""Move the window and the amount after which a card counts as effective."""

from __future__ import annotations

import pandas as pd
from ipywidgets import HTML, FloatSlider, IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._theme import figure_html
from crmlab._words import _
from crmlab.members.measure import effective_cards
from crmlab.members.plot import plot_effective_cards


def effective_picture(purchases: pd.DataFrame, *, window: int, min_amount: float) -> Figure:
    """Return effective and dormant cards by month; an amount of 0 asks for one purchase.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
    window : int, at least 1; months looked back
    min_amount : float, at least 0; money in the window from which a card is effective, 0 for
        any purchase
    """
    least = min_amount if min_amount > 0 else None
    cards = effective_cards(purchases, windows=[window], min_amount=least)
    figure = Figure(figsize=(8, 4), layout="constrained")
    plot_effective_cards(cards, ax=figure.subplots())
    return figure


def explore_effective_cards(purchases: pd.DataFrame, *, longest: int = 12) -> VBox:
    """Return sliders for window and amount, above the cards that then count as effective.

    Parameters
    ----------
    purchases : DataFrame, as `effective_cards` reads it, of at least `longest` months
    longest : int
        Where the slider of the window ends.
    """
    window = IntSlider(longest, min=1, max=longest, description=_("months"))
    amount = FloatSlider(0, min=0, max=1000, step=50, description=_("amount"), readout_format=".0f")
    picture = HTML()

    def redraw(change: object = None) -> None:
        figure = effective_picture(purchases, window=window.value, min_amount=amount.value)
        alt = _("Effective and dormant cards by month, window {months} months, amount {amount:.0f}")
        alt = alt.format(months=window.value, amount=amount.value)
        picture.value = figure_html(figure, alt=alt)

    for slider in (window, amount):
        slider.observe(redraw, names="value")
    redraw()
    return VBox([window, amount, picture])
