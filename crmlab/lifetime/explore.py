"""Widgets of chapter 10: a customer clicked together, a budget, and what five points are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from ipywidgets import HTML, FloatSlider, HBox, Layout, ToggleButton, VBox
from matplotlib.figure import Figure

from crmlab._theme import figure_html
from crmlab._widgets import under
from crmlab._words import _
from crmlab.lifetime.measure import budget_split, retention_gain
from crmlab.lifetime.model import BGNBD, alive_over_time
from crmlab.lifetime.model.btyd import BuyTillYouDie
from crmlab.lifetime.plot import plot_alive, plot_budget_split, plot_retention_gain

__all__ = [
    "alive_picture",
    "budget_picture",
    "explore_alive",
    "explore_budget",
    "explore_retention",
    "retention_picture",
]

UNTIL = 39
CDNOW = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}


def alive_picture(weeks: Iterable[float], *, model: BuyTillYouDie | None = None) -> Figure:
    """Return the chance to be alive over 39 weeks of one who bought again in these weeks.

    The figure is not registered with pyplot.

    Parameters
    ----------
    weeks : iterable of float, the weeks of further purchases after the first, in [0, 39]
    model : fitted BuyTillYouDie, optional; that of CDNOW when omitted
    """
    chosen = BGNBD.known(**CDNOW) if model is None else model
    figure = Figure(figsize=(8, 4), layout="constrained")
    plot_alive(alive_over_time(chosen, weeks=weeks, until=UNTIL), ax=figure.subplots())
    return figure


def explore_alive(model: BuyTillYouDie | None = None) -> VBox:
    """Return a button for every third week, on for a purchase, above the `alive_picture`.

    Parameters
    ----------
    model : fitted BuyTillYouDie, optional; that of CDNOW when omitted
    """
    small = Layout(width="44px")
    buttons = [
        ToggleButton(False, description=str(w), tooltip=f"bought in week {w}", layout=small)
        for w in range(3, UNTIL, 3)
    ]
    picture = HTML()

    def redraw(change: object = None) -> None:
        weeks = [int(button.description) for button in buttons if button.value]
        said = _(", ").join(map(str, weeks)) or _("none")
        alt = _("Chance to be alive week by week; repeat purchases in weeks: {said}")
        picture.value = figure_html(alive_picture(weeks, model=model), alt=alt.format(said=said))

    for button in buttons:
        button.observe(redraw, names="value")
    redraw()
    return VBox([HBox(buttons), picture])


def retention_picture(*, discount: float = 0.10, acquisition: float = 0.0) -> Figure:
    """Return what five points less churn are worth, for churns of 6 to 50 %.

    `acquisition` is counted in yearly margins of a customer. The figure is not registered.

    Parameters
    ----------
    discount : float, above 0; of money a year from now
    acquisition : float, at least 0; cost of a new customer, in yearly margins
    """
    terms = {"discount": discount, "acquisition": acquisition}
    gains = pd.concat([retention_gain(churn, **terms) for churn in np.arange(6, 51) / 100])
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    plot_retention_gain(gains, ax=figure.subplots())
    return figure


def explore_retention() -> VBox:
    """Return sliders for the discount and the acquisition cost above the `retention_picture`."""
    sliders = {
        "discount": FloatSlider(
            0.10, min=0.01, max=0.30, step=0.01, description=_("discount"), readout_format=".0%"
        ),
        "acquisition": FloatSlider(0, min=0, max=3, step=0.05, description=_("acquisition")),
    }
    said = _said(_("Rise of profit per customer by churn"), sliders)
    return under(sliders, retention_picture, said)


def budget_picture(
    *, share_keeping: float = 0.5, keep_cost: float = 20, win_cost: float = 100
) -> Figure:
    """Return the profit of a budget by the share for keeping, with one share marked.

    The figure is not registered with pyplot.

    Parameters
    ----------
    share_keeping : float, share of the budget spent on keeping, in [0, 1]
    keep_cost, win_cost : float, above 0, as for `budget_split`
    """
    split = budget_split(keep_cost=keep_cost, win_cost=win_cost)
    figure = Figure(figsize=(8, 4), layout="constrained")
    plot_budget_split(split, chosen=share_keeping, ax=figure.subplots())
    return figure


def explore_budget() -> VBox:
    """Return sliders for the share and the two costs above the `budget_picture`."""
    sliders = {
        "share_keeping": FloatSlider(
            0.5, min=0, max=1, step=0.05, description=_("keeping"), readout_format=".0%"
        ),
        "keep_cost": FloatSlider(20, min=5, max=100, step=5, description=_("keep cost")),
        "win_cost": FloatSlider(100, min=20, max=300, step=10, description=_("win cost")),
    }
    said = _said(_("Discounted profit by the share for keeping"), sliders)
    return under(sliders, budget_picture, said)


def _said(words: str, sliders: dict[str, FloatSlider]) -> Callable[..., str]:
    """Return what tells, in words, where the sliders stand."""

    def said(**values: float) -> str:
        each = (f"{sliders[name].description} {value:g}" for name, value in values.items())
        return _("{words}; {said}").format(words=words, said=_(", ").join(each))

    return said
