"""Pictures of fans: what they did, what interacting does, and how many friends they bring."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _
from crmlab.social.plot.launch import draw_ways

_WAYS = {
    "raw": N_("raw: all fans"),
    "adjusted": N_("adjusted: among fans alike, by a line"),
    "matched": N_("matched: among fans alike, cell by cell"),
    "at random": N_("at random: invited or not"),
}
_STEPS = {
    "followed": N_("followed"),
    "interacted": N_("interacted"),
    "bought": N_("bought"),
    "brought a friend": N_("brought a friend"),
    "still following": N_("still following"),
}
# Motives of following, and reasons of bringing a friend: translated where they are shown.
_GROUPS = (N_("friends"), N_("old customer"), N_("offer"), N_("content"), N_("campaign"))
_MARKS = "osD^vP"


@drawn
def plot_interaction_effect(
    interaction_effect: pd.DataFrame, *, truth: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the effect of one interaction, found in each way, with its 95 % interval.

    Parameters
    ----------
    interaction_effect : DataFrame, as returned by `interaction_effect`
        way : str
        effect, low, high : float64
    truth : float, optional
        Drawn as a line, once it may be known.

    See Also
    --------
    crmlab.social.measure.interaction_effect : makes the frame.
    """
    interaction_effect = drawable(interaction_effect, "way", "effect", "low", "high")

    label = _("Purchases more for one interaction more, with 95% interval")
    return draw_ways(interaction_effect, _WAYS, label, truth, ax)


@drawn
def plot_fan_funnel(
    fan_funnel: pd.DataFrame, *, by: str = "motive", ax: Axes | None = None
) -> Axes:
    """Draw the share of each group's fans that did each thing, as points with 95 % intervals.

    Parameters
    ----------
    fan_funnel : DataFrame, as returned by `fan_funnel`
        the column `by`; step : str; fans : int64; share, low, high : float64
    by : str

    See Also
    --------
    crmlab.social.measure.fan_funnel : makes the frame.
    """
    fan_funnel = drawable(fan_funnel, "step", "fans", "share", "low", "high", by=by)

    ax = plt.gca() if ax is None else ax
    groups = [*dict.fromkeys(fan_funnel[by].tolist())]
    steps = [*dict.fromkeys(fan_funnel["step"].astype("str").tolist())]
    shown = [step for step in steps if step != "followed"]
    for k, group in enumerate(groups):
        part = fan_funnel[fan_funnel[by] == group].set_index("step")
        n = int(part["fans"].get("followed", part["fans"].max()))
        part = part.reindex(shown)
        share, low, high = (part[name].to_numpy("float64") for name in ("share", "low", "high"))
        reach = np.array([share - low, high - share]).clip(min=0)
        x = np.arange(len(shown)) + (k - (len(groups) - 1) / 2) * 0.16
        label = _("{group} ({n:,} fans)").format(group=_(str(group)), n=n)
        mark = {"fmt": _MARKS[k % len(_MARKS)], "color": PALETTE[k % len(PALETTE)], "capsize": 3}
        ax.errorbar(x, share, yerr=reach, label=label, **mark)
    ax.set_xticks(range(len(shown)), [_(_STEPS.get(step, step)) for step in shown])
    ax.set(ylim=(0, 1.02), ylabel=_("Share of the group's fans (%)"))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_referral_k(
    referral_k: pd.DataFrame, *, by: str = "referral_reason", ax: Axes | None = None
) -> Axes:
    """Draw the friends each fan brings, by reason: counted so far as a bar, corrected as a point.

    Parameters
    ----------
    referral_k : DataFrame, as returned by `referral_k`
        the column `by`; raw, k, low, high : float64
    by : str

    See Also
    --------
    crmlab.social.measure.referral_k : makes the frame.
    """
    referral_k = drawable(referral_k, "raw", "k", "low", "high", by=by)

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(referral_k))
    raw, k, low, high = (
        referral_k[name].to_numpy("float64") for name in ("raw", "k", "low", "high")
    )
    bar = {"color": PALETTE[4], "edgecolor": PALETTE[0], "label": _("counted so far")}
    ax.bar(place, raw, 0.6, **bar)
    reach = np.array([k - low, high - k]).clip(min=0)
    words = _("corrected for friends not come yet, with 95% interval")
    ax.errorbar(place, k, yerr=reach, fmt="D", color=PALETTE[5], capsize=4, label=words)
    ax.set_xticks(place, [_(str(one)) for one in referral_k[by]])
    ax.set(ylabel=_("Friends brought per fan"), xlabel=_("Why the friend came"))
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_locator(MaxNLocator(6))
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)
