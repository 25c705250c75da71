"""Pictures of uplift: what a list adds, what it earns, what a loop earned."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter, StrMethodFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _
from crmlab.campaigns.plot.trials import named_frames

_SKIPPED = {
    "nothing": N_("all six steps"),
    "record": N_("without record"),
    "analyse": N_("without analyse"),
    "organise": N_("without organise"),
    "implement": N_("without implement"),
    "measure": N_("without measure"),
    "improve": N_("without improve"),
}
# What scores are called most often; any other name stands in the legend as it is.
_SCORES = {
    "uplift": N_("by uplift"),
    "chance": N_("by chance to buy"),
    "noise": N_("by noise"),
    "two models": N_("two models"),
    "transformed outcome": N_("transformed outcome"),
    "tree": N_("tree"),
    "forest": N_("forest"),
}


@drawn
def plot_uplift(curves: dict[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw what treating the best so many adds, for each score, beside a random list.

    Parameters
    ----------
    curves : dict of DataFrames by name, each as returned by `uplift_curve`
        asked, share, extra, low, high

    See Also
    --------
    crmlab.campaigns.measure.uplift_curve : makes the frames.
    """
    drawn = {}
    for name, curve in named_frames(curves).items():
        drawn[name] = drawable(curve, "share", "extra", "low", "high").sort_values("share")

    ax = plt.gca() if ax is None else ax
    for place, (name, curve) in enumerate(drawn.items()):
        colour, style = PALETTE[place % 6], ("-", "--", "-.", ":")[place % 4]
        label = _(_SCORES[name]) if name in _SCORES else str(name)
        ax.plot(curve["share"], curve["extra"], style, color=colour, label=label)
        ax.fill_between(
            curve["share"], curve["low"], curve["high"], color=colour, alpha=0.15, linewidth=0
        )
    ends = next(iter(drawn.values()))["extra"].iloc[[0, -1]]
    ax.plot([0, 1], ends, color="grey", linewidth=0.8, label=_("a random list"))
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.set(xlabel=_("Customers treated, the best first"), ylabel=_("Extra buyers"), xlim=(0, 1))
    ax.legend(frameon=False, loc="best")
    return dress(ax)


@drawn
def plot_uplift_profit(profit: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the profit of treating the best so many, for each score, with intervals.

    Parameters
    ----------
    profit : DataFrame, as returned by `uplift_profit`
        by, share, profit, low, high

    See Also
    --------
    crmlab.campaigns.measure.uplift_profit : makes the frame.
    """
    table = drawable(profit, "by", "share", "profit", "low", "high")

    ax = plt.gca() if ax is None else ax
    ax.axhline(0, color="grey", linewidth=0.8)
    for place, (by, part) in enumerate(table.groupby("by", sort=False)):
        part = part.sort_values("share")
        colour, style = PALETTE[place % 6], ("-", "--", "-.", ":")[place % 4]
        label = _(_SCORES[str(by)]) if str(by) in _SCORES else str(by)
        ax.plot(part["share"], part["profit"], style, color=colour, label=label)
        ax.fill_between(
            part["share"], part["low"], part["high"], color=colour, alpha=0.15, linewidth=0
        )
        best = part.iloc[int(part["profit"].to_numpy().argmax())]
        ax.plot(best["share"], best["profit"], "o", color=colour, markersize=8)
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.set(xlabel=_("Customers treated, the best first"), ylabel=_("Profit (CNY)"), xlim=(0, 1))
    ax.legend(frameon=False, loc="best")
    return dress(ax)


@drawn
def plot_loop_profit(loops: dict[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw what each round of a loop earned in truth, for loops that lack a step.

    Parameters
    ----------
    loops : dict of DataFrames by the step that was skipped, each as returned by `profit`
        round, profit; "nothing" for the loop in which no step was

    See Also
    --------
    crmlab.campaigns.model.CampaignLoop : makes the frames.
    """
    drawn = {}
    for name, loop in named_frames(loops).items():
        drawn[name] = drawable(loop, "round", "profit")

    ax = plt.gca() if ax is None else ax
    ax.axhline(0, color="grey", linewidth=0.8)
    for place, (name, curve) in enumerate(drawn.items()):
        curve = curve.sort_values("round")
        style, marker = ("-", "--", "-.", ":")[place % 4], "osD^vPX"[place % 7]
        label = _(_SKIPPED[name]) if name in _SKIPPED else str(name)
        colour = PALETTE[place % 7]
        ax.plot(curve["round"], curve["profit"], style, marker=marker, color=colour, label=label)
    ax.set_xticks(sorted({int(one) for curve in drawn.values() for one in curve["round"]}))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.set(xlabel=_("Round"), ylabel=_("Profit in truth (CNY)"))
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return dress(ax)
