"""Pictures of cards: in use and asleep, lost month by month, and worth opening."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter, StrMethodFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _, ngettext

_MARKERS = "os^Dv"


@drawn
def plot_effective_cards(cards: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw effective cards below dormant ones, month by month, for one window.

    Parameters
    ----------
    cards : DataFrame, as returned by `effective_cards`
        date : datetime64; window_months, effective, dormant : int64. Of several windows, the
        longest is drawn as areas, and the others as lines.

    See Also
    --------
    crmlab.members.measure.effective_cards : makes the frame.
    """
    cards = drawable(cards, "date", "window_months", "effective", "dormant")

    ax = plt.gca() if ax is None else ax
    longest = cards["window_months"].max()
    wide = cards[cards["window_months"] == longest]
    ax.stackplot(
        wide["date"],
        wide["effective"],
        wide["dormant"],
        colors=[PALETTE[0], "#DDDDDD"],
        labels=[
            _("effective ({months})").format(months=_months(longest)),
            _("dormant ({months})").format(months=_months(longest)),
        ],
    )
    others = cards[cards["window_months"] != longest].groupby("window_months")
    styles = ("--", ":", "-.")
    for number, (window, part) in enumerate(reversed([*others])):
        part = part[part["date"] >= wide["date"].min()]
        label = _("effective ({months})").format(months=_months(window))
        ax.plot(
            part["date"],
            part["effective"],
            color=PALETTE[6],
            linestyle=styles[number % 3],
            label=label,
        )
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    ax.set(xlabel=_("Month end"), ylabel=_("Cards"), ylim=(0, None))
    ax.tick_params(axis="x", rotation=30)
    ax.margins(x=0)
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return dress(ax)


@drawn
def plot_rolling_churn(churn: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw churn by month end with its 95% interval, one line per window.

    Parameters
    ----------
    churn : DataFrame, as returned by `rolling_churn`; several may be joined
        date : datetime64; window_months, back_months : int64; churn, low, high : float64

    See Also
    --------
    crmlab.members.measure.rolling_churn : makes the frame.
    """
    churn = drawable(churn, "date", "window_months", "back_months", "churn", "low", "high")

    ax = plt.gca() if ax is None else ax
    kinds = churn.groupby(["window_months", "back_months"], sort=True)
    for number, ((window, back), part) in enumerate(kinds):
        colour = PALETTE[number % len(PALETTE)]
        months = _months(window)
        mixed = _("{months}, back within {n} (mixed)")
        label = months if back == window else mixed.format(months=months, n=back)
        ax.fill_between(part["date"], part["low"], part["high"], color=colour, alpha=0.2)
        ax.plot(
            part["date"],
            part["churn"],
            color=colour,
            marker=_MARKERS[number % len(_MARKERS)],
            markersize=5,
            linestyle="-" if back == window else "--",
            label=label,
        )
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel=_("Month end"), ylabel=_("Cards lost"), ylim=(0, 1))
    ax.tick_params(axis="x", rotation=30)
    ax.legend(frameon=False, title=_("Window"))
    return dress(ax)


@drawn
def plot_opening_profit(
    profit: pd.DataFrame, *, best: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw profit per buyer at each opening rate with its interval, and the best rate.

    Parameters
    ----------
    profit : DataFrame, as returned by `opening_profit`
        opening_rate, profit_per_buyer, low, high, last_cards : float64
    best : float, optional
        Where to draw a line, such as `best_opening_rate(…).rate`.

    See Also
    --------
    crmlab.members.measure.opening_profit : makes the frame.
    """
    profit = drawable(profit, "opening_rate", "profit_per_buyer", "low", "high", "last_cards")

    ax = plt.gca() if ax is None else ax
    rate, mean = profit["opening_rate"], profit["profit_per_buyer"]
    reach = [mean - profit["low"], profit["high"] - mean]
    ax.errorbar(rate, mean, yerr=reach, color=PALETTE[0], marker="o", capsize=3)
    top, bottom = np.nanmax(profit["high"]), np.nanmin(profit["low"])
    room = 0.12 * (top - bottom)
    steps = profit[["opening_rate", "profit_per_buyer"]].rolling(2).mean().iloc[1:]
    lasts = profit["last_cards"].iloc[1:]
    for (at, height), last in zip(steps.to_numpy(), lasts, strict=True):
        ax.annotate(
            _("{n:+d}\na card").format(n=round(last) or 0),
            (at, height),
            (0, 14),
            textcoords="offset points",
            ha="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
    if best is not None:
        label = _("best rate: {rate:.0%}").format(rate=best)
        ax.axvline(best, color=PALETTE[6], linestyle="--", label=label)
        ax.legend(frameon=False, loc="lower right")
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set_ylim(bottom - room, top + 2 * room)
    ax.set(xlabel=_("Card-opening rate"), ylabel=_("Profit per buyer (money)"))
    return dress(ax)


def _months(number: Any) -> str:
    """Return so many months in words."""
    return ngettext("{n} month", "{n} months", number).format(n=number)
