"""Pictures over time: an effect that wears off, a synthetic control, points that run off."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter, StrMethodFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _


@drawn
def plot_effect_by_week(
    weeks: pd.DataFrame, *, truth: pd.DataFrame | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the effect of each week with its interval, and the mean of all weeks so far.

    Parameters
    ----------
    weeks : DataFrame, as returned by `effect_by_week`
        week, effect, low, high, so_far
    truth : DataFrame, optional
        week, effect: a line where the truth lies, if somebody knows it.

    See Also
    --------
    crmlab.campaigns.measure.effect_by_week : makes the frame.
    """
    table = drawable(weeks, "week", "effect", "low", "high", "so_far").sort_values("week")
    known = None if truth is None else drawable(truth, "week", "effect").sort_values("week")

    ax = plt.gca() if ax is None else ax
    ax.axhline(0, color="grey", linewidth=0.8)
    reach = [table["effect"] - table["low"], table["high"] - table["effect"]]
    ax.errorbar(
        table["week"], table["effect"], yerr=reach, fmt="o", color=PALETTE[0], capsize=3,
        label=_("of the week, 95% interval"),
    )  # fmt: skip
    ax.plot(table["week"], table["so_far"], "-", color=PALETTE[1], label=_("of all weeks so far"))
    if known is not None:
        ax.plot(known["week"], known["effect"], "--", color=PALETTE[5], label=_("truth"))
    ax.set(xlabel=_("Week of the campaign"), ylabel=_("Effect per customer"))
    ax.legend(frameon=False, loc="upper right")
    return dress(ax)


@drawn
def plot_synthetic_control(path: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a treated unit and its synthetic twin, before and after week 0.

    Parameters
    ----------
    path : DataFrame, as returned by `synthetic_control`: its path
        week, treated, synthetic

    See Also
    --------
    crmlab.campaigns.measure.synthetic_control : makes the frame.
    """
    table = drawable(path, "week", "treated", "synthetic").sort_values("week")

    ax = plt.gca() if ax is None else ax
    ax.axvline(-0.5, color="grey", linestyle=":", linewidth=1)
    ax.plot(table["week"], table["treated"], "-", color=PALETTE[0], label=_("with the programme"))
    ax.plot(table["week"], table["synthetic"], "--", color=PALETTE[1], label=_("mixture of others"))
    ax.set(xlabel=_("Week (0: the programme begins)"), ylabel=_("Sales"))
    ax.legend(frameon=False, loc="best")
    return dress(ax)


@drawn
def plot_points_triangle(triangle: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of points redeemed by age, a line for each month they were earned.

    Parameters
    ----------
    triangle : DataFrame, as returned by `points_triangle`
        earned_month, age_months, share

    See Also
    --------
    crmlab.campaigns.measure.points_triangle : makes the frame.
    """
    table = drawable(triangle, "earned_month", "age_months", "share")

    ax = plt.gca() if ax is None else ax
    months = sorted({*table["earned_month"]})
    for place, (_month, part) in enumerate(table.groupby("earned_month", sort=True)):
        part = part.sort_values("age_months")
        newest = place / max(len(months) - 1, 1)
        ax.plot(part["age_months"], part["share"], color=PALETTE[0], alpha=1 - 0.8 * newest)
    ends = table.loc[table.groupby("earned_month")["age_months"].idxmax()]
    ax.plot(ends["age_months"], ends["share"], ".", color=PALETTE[5], label=_("known so far"))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:.0f}"))
    ax.set(xlabel=_("Months since they were earned"), ylabel=_("Points redeemed"), ylim=(0, None))
    ax.legend(frameon=False, loc="lower right")
    return dress(ax)
