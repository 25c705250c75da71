"""Move the window and the amount after which a card counts as effective."""

from __future__ import annotations

from functools import partial

import pandas as pd
from ipywidgets import FloatSlider, IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
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
    made = {
        "window": IntSlider(longest, min=1, max=longest, description=_("months")),
        "min_amount": FloatSlider(
            0, min=0, max=1000, step=50, description=_("amount"), readout_format=".0f"
        ),
    }
    alt = _("Effective and dormant cards by month, window {window} months, amount {min_amount:.0f}")
    return under(made, partial(effective_picture, purchases), alt)
