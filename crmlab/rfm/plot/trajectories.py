"""The course of groups of customers over the half-years."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _

_MARKERS = "osD^vPX"


@drawn
def plot_trajectories(
    trajectories: pd.DataFrame,
    *,
    label: str = N_("Mean RFM score (3 to 15)"),
    ax: Axes | None = None,
) -> Axes:
    """Line per group over the half-years, named at its end, with 95% intervals of the means.

    Parameters
    ----------
    trajectories : DataFrame, as returned by `trajectories`
        group : str
        period : int64
        mean, standard_error : float64
    label : str
        What the mean measures, with its unit.

    See Also
    --------
    crmlab.rfm.measure.trajectories : makes the frame.
    """
    trajectories = drawable(trajectories, "group", "period", "mean", "standard_error")

    ax = plt.gca() if ax is None else ax
    ends = []
    for number, (group, rows) in enumerate(trajectories.groupby("group")):
        rows = rows.sort_values("period")
        colour = PALETTE[number % len(PALETTE)]
        ax.errorbar(
            rows["period"],
            rows["mean"],
            yerr=1.96 * rows["standard_error"].fillna(0),
            color=colour,
            marker=_MARKERS[number % len(_MARKERS)],
            ms=7,
            capsize=3,
        )
        ends.append((rows["mean"].iloc[-1], rows["period"].iloc[-1], _group(str(group))))
    _name_ends(ax, ends)
    ax.set_xticks(sorted(trajectories["period"].unique()))
    ax.set(xlabel=_("Half-year (1 is the oldest)"), ylabel=_(label))
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


def _group(name: str) -> str:
    """Return the name of a group in the reader's language; the best have their share in it."""
    first, _space, share = name.partition(" ")
    return _("top {share}").format(share=share) if first == "top" else _(name)


def _name_ends(ax: Axes, ends: list[tuple[float, float, str]]) -> None:
    """Write each group's name beside the end of its line, far enough from the next one."""
    low, high = ax.get_ylim()
    room, above = 0.06 * (high - low), -float("inf")
    for height, period, name in sorted(ends):
        above = max(height, above + room)
        ax.annotate(
            name,
            (period, height),
            xytext=(period + 0.12, above),
            va="center",
        )
    left, right = ax.get_xlim()
    ax.set_xlim(left, right + 0.22 * (right - left))
