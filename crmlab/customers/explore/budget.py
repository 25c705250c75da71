"""Move what winning and keeping can reach, and see where the budget should go."""

from __future__ import annotations

from ipywidgets import FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
from crmlab._words import _
from crmlab.customers.measure import Returns, budget_curve
from crmlab.customers.plot import plot_budget_curve

_BUDGET, _PROSPECTS, _CUSTOMERS, _MARGIN = 20_000.0, 2_000.0, 1_000.0, 100.0


def returns_picture(
    *, win_ceiling: float, win_half: float, keep_ceiling: float, keep_half: float
) -> Figure:
    """Return the value of a budget of 20,000 by its split, of 2,000 prospects, 1,000 customers.

    `…_half` is the spend on a person that reaches half of the ceiling. A customer brings 100 a
    year. The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    win_ceiling, keep_ceiling : float, shares in (0, 1) that no budget exceeds
    win_half, keep_half : float, above 0; spend on a person that reaches half of it
    """
    win = Returns.through(win_half, win_ceiling / 2, win_ceiling)
    keep = Returns.through(keep_half, keep_ceiling / 2, keep_ceiling)
    curve = budget_curve(
        budget=_BUDGET,
        prospects=_PROSPECTS,
        customers=_CUSTOMERS,
        win=win,
        keep=keep,
        margin=_MARGIN,
    )
    figure = Figure(figsize=(8, 4), layout="constrained")
    plot_budget_curve(curve, ax=figure.subplots())
    return figure


def explore_returns() -> VBox:
    """Return sliders for both ceilings and half-way spends, above the value of every split."""
    wide = {"style": {"description_width": "11em"}, "layout": {"width": "32em"}}
    share = {"min": 0.05, "max": 0.95, "step": 0.05, "readout_format": ".0%"}
    money = {"min": 2, "max": 60, "step": 1, "readout_format": ".0f"}
    made = {
        "win_ceiling": FloatSlider(0.4, description=_("most that can be won"), **share, **wide),
        "win_half": FloatSlider(14, description=_("spend that wins half"), **money, **wide),
        "keep_ceiling": FloatSlider(0.7, description=_("most that can be kept"), **share, **wide),
        "keep_half": FloatSlider(7, description=_("spend that keeps half"), **money, **wide),
    }
    alt = _(
        "Value of a budget by its split: at most {win_ceiling:.0%} won, half of them for "
        "{win_half:.0f}; at most {keep_ceiling:.0%} kept, half of them for {keep_half:.0f}"
    )
    return under(made, returns_picture, alt)
