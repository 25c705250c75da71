"""Pictures of returning: month by month, and how long gaps stay open."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _


@drawn
def plot_repurchase_by_month(months: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw repurchase frequency as bars and mean repurchase days as a line, on two axes.

    Both axes begin at 0, so that neither line can be made to look steep by a choice of scale.

    Parameters
    ----------
    months : DataFrame, as returned by `repurchase_by_month`
        month : datetime64; returns_per_member, mean_gap_days : float64

    Returns
    -------
    Axes
        The one of the bars; the line has a twin of it.

    See Also
    --------
    crmlab.members.measure.repurchase_by_month : makes the frame.
    """
    months = drawable(months, "month", "returns_per_member", "mean_gap_days")

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(months))
    ax.bar(
        place, months["returns_per_member"], color=PALETTE[4], label=_("returns per member (left)")
    )
    twin = ax.twinx()
    line = twin.plot(
        place,
        months["mean_gap_days"],
        color=PALETTE[5],
        marker="o",
        markersize=4,
        label=_("mean repurchase days (right)"),
    )
    names = pd.DatetimeIndex(months["month"]).strftime("%Y-%m")
    every = max(1, -(-len(months) // 12))
    ax.set_xticks(place[::every], names[::every], rotation=45, ha="right")
    ax.set(xlabel=_("Month"), ylabel=_("Returns per member"), ylim=(0, None))
    ax.margins(x=0.02)
    twin.set_ylim(0, max(1.0, 1.25 * float(np.nan_to_num(months["mean_gap_days"]).max())))
    twin.set_ylabel(_("Mean repurchase days"))
    ax.set_ylim(0, max(0.1, 1.3 * float(months["returns_per_member"].max())))
    ax.legend(handles=[ax.containers[0], *line], frameon=False, loc="upper left")
    return dress(ax)


@drawn
def plot_gap_survival(
    curve: pd.DataFrame, *, mean_of_seen: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the share of gaps that are still open after so many days, with its interval.

    Parameters
    ----------
    curve : DataFrame, as returned by `gap_survival`
        days, waiting, low, high : float64
    mean_of_seen : float, optional
        Where to draw a line, such as `gap_length(…).mean_of_seen`.

    See Also
    --------
    crmlab.members.measure.gap_survival : makes the frame.
    """
    curve = drawable(curve, "days", "waiting", "low", "high")

    ax = plt.gca() if ax is None else ax
    days = curve["days"]
    ax.fill_between(days, curve["low"], curve["high"], step="post", color=PALETTE[0], alpha=0.2)
    label = _("open gaps counted (Kaplan-Meier)")
    ax.step(days, curve["waiting"], where="post", color=PALETTE[0], label=label)
    if mean_of_seen is not None:
        label = _("mean of the gaps that ended: {days:.0f} days").format(days=mean_of_seen)
        ax.axvline(mean_of_seen, color=PALETTE[5], linestyle="--", label=label)
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel=_("Days since the purchase"), ylabel=_("Not back yet"), ylim=(0, 1.02))
    ax.set_xlim(0, float(days.max()))
    ax.legend(frameon=False)
    return dress(ax)
