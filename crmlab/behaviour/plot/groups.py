"""Pictures of groups: indices against the base, hours, profit, and what is more than overlap."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.ticker import FixedLocator, NullLocator, PercentFormatter, StrMethodFormatter

from crmlab._checks import require_one_of
from crmlab._theme import PALETTE, SHADES, drawable, drawn, dress
from crmlab._words import N_, _, heading
from crmlab.errors import UnknownNameError

_PARTS = {
    "only a": N_("only {a}"),
    "only b": N_("only {b}"),
    "both": N_("both"),
    "neither": N_("neither"),
    "interaction": N_("both, beyond the sum"),
}
_LEAST = 20
_TICKS = [25, 50, 75, 100, 150, 200, 300, 400, 600, 800]


@drawn
def plot_group_index(
    indices: pd.DataFrame,
    *,
    question: str | None = None,
    rate: float = 0.05,
    ax: Axes | None = None,
) -> Axes:
    """Draw shrunk indices with their intervals around 100, filled where a difference is found.

    Parameters
    ----------
    indices : DataFrame, as returned by `understand` or `group_index`
        value, index, shrunk, low, high, q_value; attribute; and question, if one is asked for
    question : str, optional
        Draws the answers to this question alone.
    rate : float
        False-discovery rate up to which a point is filled.

    Raises
    ------
    UnknownNameError
        If the frame has no answer to the question.

    See Also
    --------
    crmlab.behaviour.measure.understand, crmlab.behaviour.measure.group_index : make the frame.
    """
    also = () if question is None else ("question",)
    names = ("attribute", "value", "index", "shrunk", "low", "high", "q_value")
    table = drawable(indices, *names, *also)
    if question is not None:
        asked = table["question"].unique()
        if question not in asked:
            raise UnknownNameError.among("question", question, map(str, asked))
        table = table[table["question"] == question]

    ax = plt.gca() if ax is None else ax
    table = table.iloc[::-1]
    place, middle = np.arange(len(table)), table["shrunk"].to_numpy(float)
    found = table["q_value"].to_numpy(float) <= rate
    reach = np.array([middle - table["low"], table["high"] - middle]).clip(0)
    ax.axvline(100, color="grey", linewidth=0.8)
    ax.scatter(
        table["index"], place, marker="|", s=90, color=PALETTE[1], zorder=3, label=_("as counted")
    )
    for some, fill, label in ((found, PALETTE[0], _("found")), (~found, "white", _("may be luck"))):
        if some.any():
            ax.errorbar(
                middle[some],
                place[some],
                xerr=reach[:, some],
                fmt="o",
                color=PALETTE[0],
                markerfacecolor=fill,
                capsize=3,
                label=label,
            )
    several = len(table["attribute"].unique()) > 1
    words = [
        f"{heading(str(row.attribute))}: {_(str(row.value))}" if several else _(str(row.value))
        for row in table.itertuples()
    ]
    ax.set_yticks(place, words)
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.set(xlabel=_("Index against the base (100), shrunk"))
    ax.set_xlim(left=0)
    ax.legend(frameon=False, loc="best")
    return dress(ax)


@drawn
def plot_buying_hours(hours: pd.DataFrame, *, show: str = "shrunk", ax: Axes | None = None) -> Axes:
    """Draw a heat map by month and hour: when a group buys, or when more than others do.

    Parameters
    ----------
    hours : DataFrame, as returned by `buying_hours`
        month, hour, shrunk, share
    show : "shrunk" or "share"
        The index against the base, or the share of the group's purchases.

    See Also
    --------
    crmlab.behaviour.measure.buying_hours : makes the frame.
    """
    hours = drawable(hours, "month", "hour", "shrunk", "share")
    require_one_of("show", show, ("shrunk", "share"))

    ax = plt.gca() if ax is None else ax
    grid = hours.pivot_table(index="hour", columns="month", values=show)
    grid = grid.reindex(range(int(grid.index.min()), int(grid.index.max()) + 1))
    shown = np.ma.masked_invalid(grid.reindex(columns=range(1, 13)).to_numpy(float))
    index = show == "shrunk"
    norm = LogNorm(_LEAST, max(float(shown.max()), 101.0)) if index else None
    mesh = ax.pcolormesh(
        np.arange(0.5, 13),
        np.arange(grid.index[0] - 0.5, grid.index[-1] + 1),
        shown.clip(_LEAST, None) if index else shown,
        cmap=SHADES,
        norm=norm,
    )
    ax.set_xticks(range(1, 13))
    ax.set(xlabel=_("Month"), ylabel=_("Hour of the day"))
    words = _("Index against the base (100)") if index else _("Share of the group's purchases")
    bar = ax.figure.colorbar(mesh, ax=ax, label=words)
    if index:
        bar.ax.yaxis.set_major_locator(FixedLocator([t for t in _TICKS if t <= shown.max()]))
        bar.ax.yaxis.set_minor_locator(NullLocator())
        bar.ax.yaxis.set_major_formatter(StrMethodFormatter("{x:.0f}"))
    else:
        bar.ax.yaxis.set_major_formatter(PercentFormatter(1))
    return dress(ax)


@drawn
def plot_group_profit(
    profit: pd.DataFrame, *, a: str = "A", b: str = "B", ax: Axes | None = None
) -> Axes:
    """Draw the mean profit of those in A only, in B only, in both and in neither.

    Parameters
    ----------
    profit : DataFrame, as returned by `group_profit`
        part, customers, mean_profit, low, high
    a, b : str
        What the groups are called.

    See Also
    --------
    crmlab.behaviour.measure.group_profit : makes the frame.
    """
    profit = drawable(profit, "part", "customers", "mean_profit", "low", "high")

    ax = plt.gca() if ax is None else ax
    place, mean = np.arange(len(profit)), profit["mean_profit"].to_numpy(float)
    reach = [mean - profit["low"].to_numpy(float), profit["high"].to_numpy(float) - mean]
    last = profit["part"].to_numpy() == "interaction"
    ax.bar(place, mean, width=0.6, color=np.where(last, PALETTE[5], PALETTE[4]))
    ax.errorbar(place, mean, yerr=reach, fmt="none", color=PALETTE[6], capsize=4)
    ax.axhline(0, color=PALETTE[6], linewidth=0.8)
    words = []
    for row in profit.itertuples():
        name = _(_PARTS.get(str(row.part), str(row.part))).format(a=a, b=b)
        words.append(name if row.part == "interaction" else f"{name}\n{row.customers:,}")
    ax.set_xticks(place, words)
    ax.set(ylabel=_("Profit of a customer (CNY)"))
    return dress(ax)


@drawn
def plot_interactions(
    interactions: pd.DataFrame, crossed: pd.DataFrame, *, rate: float = 0.05, ax: Axes | None = None
) -> Axes:
    """Draw each pair of groups: its lift across, and up what is left once all others are known.

    Parameters
    ----------
    interactions : DataFrame, as returned by `group_interactions`
        group_a, group_b, log_odds, q_value
    crossed : DataFrame, as returned by `cross_groups`
        group_a, group_b, lift
    rate : float
        False-discovery rate up to which a pair is named.

    See Also
    --------
    crmlab.behaviour.measure.group_interactions : makes the first frame.
    """
    pair = ["group_a", "group_b"]
    left = drawable(interactions, *pair, "log_odds", "q_value")
    table = left.merge(drawable(crossed, *pair, "lift")[[*pair, "lift"]], on=pair)
    table = drawable(table, *pair)

    ax = plt.gca() if ax is None else ax
    found = table["q_value"].to_numpy(float) <= rate
    x, y = table["lift"].to_numpy(float), table["log_odds"].to_numpy(float)
    ax.axhline(0, color="grey", linewidth=0.8)
    ax.scatter(x[~found], y[~found], s=22, color=PALETTE[4], label=_("mere overlap"))
    ax.scatter(x[found], y[found], s=60, marker="D", color=PALETTE[5], label=_("interaction found"))
    for row in table[found].itertuples():
        right = float(row.lift) < (x.min() + x.max()) / 2
        ax.annotate(
            f"{_(str(row.group_a))}\n+ {_(str(row.group_b))}",
            (float(row.lift), float(row.log_odds)),
            xytext=(8 if right else -8, -4),
            textcoords="offset points",
            ha="left" if right else "right",
            va="top",
        )
    ax.set(xlabel=_("Lift"), ylabel=_("Log odds ratio, all other groups known"))
    room = float(np.ptp(y)) or 1.0
    ax.set(ylim=(y.min() - 0.1 * room, y.max() + 0.25 * room))
    ax.legend(frameon=False, loc="upper left", ncols=2)
    return dress(ax)
