"""Pictures of the week in which an account opens."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _

_WAYS = {
    "fans against others": N_("fans against others"),
    "before and after": N_("before and after"),
    "before and after, less the others": N_("before and after, less the others"),
    "fans against others alike": N_("fans against others alike"),
    "at random": N_("at random: invited or not"),
}
_MARKS = "osD^vP"


@drawn
def plot_event_study(event_study: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw purchases week by week around following: fans, the others, and others alike.

    Parameters
    ----------
    event_study : DataFrame, as returned by `event_study`
        week : int64; fans, others, alike : float64

    See Also
    --------
    crmlab.social.measure.event_study : makes the frame.
    """
    event_study = drawable(event_study, "week", "fans", "others", "alike").sort_values("week")

    ax = plt.gca() if ax is None else ax
    week = event_study["week"].to_numpy("float64")
    lines = [
        ("fans", _("fans"), PALETTE[5], "-", "o"),
        ("alike", _("others alike"), PALETTE[0], "--", "s"),
        ("others", _("all others"), "0.5", ":", ""),
    ]
    for name, words, color, style, mark in lines:
        y = event_study[name].to_numpy("float64")
        ax.plot(week, y, style, marker=mark, markersize=4, color=color, label=words)
    ax.axvline(-0.5, color="black", linewidth=0.8)
    where = {"xycoords": ("data", "axes fraction"), "color": "0.3", "va": "top"}
    ax.annotate(_("following"), (-0.5, 0.98), (5, 0), textcoords="offset points", **where)
    ax.set(xlabel=_("Weeks since following"), ylabel=_("Purchases per customer and week"))
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_follow_effect(
    follow_effect: pd.DataFrame, *, truth: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw what following brings a week, as each way has it, with 95 % intervals.

    Parameters
    ----------
    follow_effect : DataFrame, as returned by `follow_effect`
        way : str; effect, low, high : float64
    truth : float, optional
        Drawn as a line, once it may be known.

    See Also
    --------
    crmlab.social.measure.follow_effect : makes the frame.
    """
    follow_effect = drawable(follow_effect, "way", "effect", "low", "high")

    return draw_ways(follow_effect, _WAYS, _("Purchases a week more, with 95% interval"), truth, ax)


def draw_ways(
    table: pd.DataFrame, words: dict[str, str], label: str, truth: float | None, ax: Axes | None
) -> Axes:
    """Draw a point with its interval for each way of comparing, and the truth as a line."""
    ax = plt.gca() if ax is None else ax
    place = np.arange(len(table))
    effect, low, high = (table[name].to_numpy("float64") for name in ("effect", "low", "high"))
    reach = np.array([effect - low, high - effect]).clip(min=0)
    for k in place:
        mark = {"fmt": _MARKS[k % len(_MARKS)], "color": PALETTE[k % len(PALETTE)], "capsize": 4}
        ax.errorbar(effect[k], k, xerr=reach[:, k : k + 1], markersize=8, **mark)
    ax.axvline(0, color="grey", linewidth=0.8)
    if truth is not None:
        ax.axvline(truth, color="black", linestyle="--", linewidth=1.2, label=_("the truth"))
        ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    names = table["way"].astype("str")
    ax.set_yticks(place, [_(words[one]) if one in words else one for one in names])
    ax.set(ylim=(len(place) - 0.5, -0.5), xlabel=label)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)
