"""Pictures of a loop that learns, and of what its answers were worth."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress, percent
from crmlab._words import N_, _, heading

_KNOWN = {"nothing": N_("nothing"), "yes or no": N_("yes or no"), "modes": N_("modes")}
_STEPS = {"asked": N_("asked"), "answered": N_("answered")}


@drawn
def plot_targeting(precision: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw by round what a loop reports of its targets, and what is true of them.

    Parameters
    ----------
    precision : DataFrame, as returned by `BehaviourCycle.precision`
        round, reported, measured, low, high, true; `measured` may be missing

    See Also
    --------
    crmlab.behaviour.model.BehaviourCycle : makes the frame.
    """
    names = ("round", "reported", "measured", "low", "high", "true")
    rounds = drawable(precision, *names).sort_values("round")

    ax = plt.gca() if ax is None else ax
    x = rounds["round"]
    ax.plot(x, rounds["reported"], "s--", color=PALETTE[1], label=_("bought after the letter"))
    ax.plot(x, rounds["true"], "o-", color=PALETTE[0], label=_("because of it: the truth"))
    seen = rounds[rounds["measured"].notna()]
    if len(seen):
        middle = seen["measured"].to_numpy(float)
        reach = [middle - seen["low"].to_numpy(float), seen["high"].to_numpy(float) - middle]
        ax.errorbar(
            seen["round"].to_numpy(float) + 0.08,
            middle,
            yerr=reach,
            fmt="^",
            color=PALETTE[2],
            capsize=3,
            label=_("because of it: measured at random"),
        )
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    highest = np.nanmax(rounds[["reported", "true", "high"]].to_numpy(float))
    ax.set(xlabel=_("Round"), ylabel=_("Share of the targets"), ylim=(0, 1.4 * float(highest)))
    ax.legend(frameon=False, loc="upper left")
    return dress(ax)


@drawn
def plot_mode_worth(worth: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw what a customer brings when nothing, a yes or no, or the mode is known.

    Parameters
    ----------
    worth : DataFrame, as returned by `mode_worth`
        known, per_customer, low, high

    See Also
    --------
    crmlab.behaviour.measure.mode_worth : makes the frame.
    """
    worth = drawable(worth, "known", "per_customer", "low", "high")

    ax = plt.gca() if ax is None else ax
    place, mean = np.arange(len(worth)), worth["per_customer"].to_numpy(float)
    reach = [mean - worth["low"].to_numpy(float), worth["high"].to_numpy(float) - mean]
    ax.bar(place, mean, color=PALETTE[4], width=0.6)
    ax.errorbar(place, mean, yerr=reach, fmt="none", color=PALETTE[6], capsize=4)
    for row, one in enumerate(mean):
        ax.text(row, one / 2, f"{one:.2f}", ha="center", va="center", color="black")
    ax.set_xticks(place, [_(_KNOWN.get(str(name), str(name))) for name in worth["known"]])
    ax.set(xlabel=_("What is known of the last answer"), ylabel=_("Margin of a customer (CNY)"))
    return dress(ax)


@drawn
def plot_mode_funnel(funnel: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many customers are left after each condition of a rule.

    Parameters
    ----------
    funnel : DataFrame, as returned by `mode_funnel`
        step, customers, share

    See Also
    --------
    crmlab.behaviour.measure.mode_funnel : makes the frame.
    """
    table = drawable(funnel, "step", "customers", "share").iloc[::-1]

    ax = plt.gca() if ax is None else ax
    place, share = np.arange(len(table)), table["share"].to_numpy(float)
    ax.barh(place, share, color=PALETTE[4])
    for row, (one, people) in enumerate(zip(share, table["customers"], strict=True)):
        ax.text(one + 0.01, row, f"{people:,}  ({percent(one)})", va="center")
    words = [_step(str(step)) for step in table["step"]]
    ax.set_yticks(place, words)
    ax.set_xlim(0, 1.3)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel=_("Share of the customers asked"))
    return dress(ax)


def _step(step: str) -> str:
    """Return a step in the reader's language; a condition is a column and its values."""
    column, colon, values = step.partition(": ")
    if not colon:
        return _(_STEPS.get(step, step))
    return f"{heading(column)}: " + ", ".join(_(value) for value in values.split(", "))
