"""Pictures of what retention is worth."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import EngFormatter, PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _


@drawn
def plot_retention_gain(gains: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw by how much profit per customer rises against the churn before, for both readings.

    Parameters
    ----------
    gains : DataFrame, rows for several churns, as returned by `retention_gain`
        reading, churn_before, gain
    """
    gains = drawable(gains, "reading", "churn_before", "gain")

    ax = plt.gca() if ax is None else ax
    names = {"points": _("5 points less churn"), "relative": _("5 % less of it")}
    for k, (reading, part) in enumerate(gains.groupby("reading")):
        color, style = PALETTE[(0, 5)[k % 2]], ("-", "--")[k % 2]
        label = names.get(str(reading), str(reading))
        ax.plot(part["churn_before"], part["gain"], color=color, ls=style, label=label)
    ax.axhspan(0.25, 0.85, color="0.6", alpha=0.25, lw=0, label=_("the claim: 25 to 85 %"))
    ax.set_ylim(0, 1.5)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Churn before (% a year)"), ylabel=_("Rise of profit per customer (%)"))
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_budget_split(
    split: pd.DataFrame, *, chosen: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the profit against the share of the budget that goes into keeping customers.

    Parameters
    ----------
    split : DataFrame, as returned by `budget_split`
        share_keeping, profit, is_best
    chosen : float, optional
        A share to mark.
    """
    split = drawable(split, "share_keeping", "profit", "is_best")

    ax = plt.gca() if ax is None else ax
    rows = split.sort_values("share_keeping")
    ax.plot(rows["share_keeping"], rows["profit"], color=PALETTE[0])
    best = rows[rows["is_best"]]
    ax.plot(best["share_keeping"], best["profit"], "D", color=PALETTE[5], ms=8, label=_("best"))
    if chosen is not None:
        ax.axvline(chosen, color="0.4", ls="--", lw=1, label=_("chosen"))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.yaxis.set_major_formatter(EngFormatter())
    ax.set(xlabel=_("Share of the budget for keeping (%)"), ylabel=_("Discounted profit (money)"))
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_response_speed(
    speed: pd.DataFrame, *, truth: pd.DataFrame | None = None, ax: Axes | None = None
) -> Axes:
    """Draw what a call saves by the days that passed since the alarm, with intervals.

    Parameters
    ----------
    speed : DataFrame, as returned by `response_speed`
        delay_days, saved, low, high
    truth : DataFrame, optional, as `simulate_delayed_calls` returns it
        delay_days, saved; a line, left out where nobody is called
    """
    speed = drawable(speed, "delay_days", "saved", "low", "high")

    ax = plt.gca() if ax is None else ax
    days, saved = speed["delay_days"], speed["saved"]
    reach = [saved - speed["low"], speed["high"] - saved]
    dots = {"fmt": "o", "color": PALETTE[0], "capsize": 3, "label": _("saved, with 95 % interval")}
    ax.errorbar(days, saved, yerr=reach, **dots)
    if truth is not None:
        planted = drawable(truth, "delay_days", "saved").dropna().sort_values("delay_days")
        ax.plot(
            planted["delay_days"], planted["saved"], color="0.35", ls="--", label=_("the truth")
        )
    ax.axhline(0, color="0.35", lw=0.8)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Days from the alarm to the call"), ylabel=_("Customers saved by the call"))
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)
