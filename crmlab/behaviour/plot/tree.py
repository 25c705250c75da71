"""Pictures of a tree: its boxes, which column comes first, and how many leaves it should have."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress, percent, readable_on
from crmlab._words import _, heading, ngettext

_NEW = ["new_customers", "new_rate", "new_low", "new_high"]
_HIGH = 0.5


@drawn
def plot_tree(boxes: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the boxes of a tree: condition, customers, share of whom, rate, and its interval.

    The darker a box, the higher its rate. With new data the boxes say both rates.

    Parameters
    ----------
    boxes : DataFrame, as returned by `ResponseTree.boxes`
        box, parent, depth, column, condition, customers, share_of_parent, rate, low, high; and
        new_customers, new_rate, new_low, new_high where there are new data

    See Also
    --------
    crmlab.behaviour.model.ResponseTree : makes the frame.
    """
    names = ("box", "parent", "depth", "column", "condition", "customers", "share_of_parent")
    boxes = drawable(boxes, *names, "rate", "low", "high").sort_values("box", ignore_index=True)
    new = {*_NEW} <= {*boxes.columns}

    ax = plt.gca() if ax is None else ax
    x = _places(boxes)
    at = dict(zip(boxes["box"], zip(x, -boxes["depth"], strict=True), strict=True))
    rate = boxes["rate"].to_numpy(float)
    depth = int(boxes["depth"].max())
    leaves = len(boxes) - len({*boxes["parent"]} & {*boxes["box"]})
    # So that boxes side by side leave each other room.
    wide = ax.figure.bbox.width / ax.figure.dpi
    size = float(np.clip(4 * wide / leaves, 5, 10))
    shades = plt.get_cmap("Blues")(0.05 + 0.75 * rate / max(rate.max(), 1e-9))
    for row, shade in zip(boxes.itertuples(), shades, strict=True):
        across, down = at[row.box]
        if row.parent in at:
            above = at[row.parent]
            ax.plot([above[0], across], [above[1] - _HIGH / 2, down + _HIGH / 2], color="grey",
                    linewidth=1, zorder=1)  # fmt: skip
        ax.text(
            across,
            down,
            _told(row, new),
            ha="center",
            va="center",
            fontsize=size,
            color=readable_on(shade),
            bbox={"boxstyle": "round,pad=0.4", "facecolor": shade, "edgecolor": PALETTE[6]},
            zorder=2,
        )
    ax.set(xlim=(x.min() - 0.75, x.max() + 0.75), ylim=(-depth - 0.6, 0.6))
    ax.set_axis_off()
    return dress(ax)


def _told(row: Any, new: bool) -> str:
    """Return what stands in a box."""
    people = ngettext("{n:,} customer", "{n:,} customers", row.customers).format(n=row.customers)
    lines = [_condition(row) if row.depth else _("all")]
    if row.depth:
        people += "\n" + _("{share} of the box above").format(share=percent(row.share_of_parent))
    rate = _("{rate:.1f}% ({low:.1f}-{high:.1f}%)")
    lines += [people, _in_percent(rate, row.rate, row.low, row.high)]
    if new and pd.notna(row.new_rate):
        told = _in_percent(rate, row.new_rate, row.new_low, row.new_high)
        lines.append(_("new: {rate}").format(rate=told))
    return "\n".join(lines)


def _condition(row: Any) -> str:
    """Return the condition of a box, its column and its words in the reader's language."""
    name, rest = heading(row.column), row.condition.removeprefix(row.column)
    for words, told in (
        (" is not ", _("{column} is not {word}")),
        (" is ", _("{column} is {word}")),
    ):
        if rest.startswith(words):
            return told.format(column=name, word=_(rest.removeprefix(words)))
    return name + rest


def _in_percent(words: str, rate: float, low: float, high: float) -> str:
    return words.format(rate=100 * rate, low=100 * low, high=100 * high)


def _places(boxes: pd.DataFrame) -> np.ndarray:
    """Return how far across each box stands: leaves side by side, parents over their middle."""
    across: dict[Any, float] = {}
    children = boxes.groupby("parent")["box"].agg(list).to_dict()
    count = 0
    for box in boxes["box"].iloc[::-1]:  # children come after their parents
        below = children.get(box)
        if below:
            across[box] = sum(across[child] for child in below) / len(below)
        else:
            across[box] = -float(count)
            count += 1
    return boxes["box"].map(across).to_numpy(float)


@drawn
def plot_split_stability(stability: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how often each column would be split first.

    Parameters
    ----------
    stability : DataFrame, as returned by `split_stability`
        column, share, low, median, high

    See Also
    --------
    crmlab.behaviour.model.split_stability : makes the frame.
    """
    table = drawable(stability, "column", "share", "low", "median", "high").iloc[::-1]

    ax = plt.gca() if ax is None else ax
    place, share = np.arange(len(table)), table["share"].to_numpy(float)
    ax.barh(place, share, color=PALETTE[4])
    cuts = table[["median", "low", "high"]].to_numpy(float)
    for row, (one, cut) in enumerate(zip(share, cuts, strict=True)):
        words = percent(one)
        if not np.isnan(cut[0]):
            told = _("cut at {median:,.0f} ({low:,.0f} to {high:,.0f})")
            words += "  " + told.format(median=cut[0], low=cut[1], high=cut[2])
        ax.text(one + 0.01, row, words, va="center")
    ax.set_yticks(place, [heading(str(name)) for name in table["column"]])
    ax.set_xlim(0, 1.65 * max(float(share.max()), 0.1))
    ax.set_xticks([tick for tick in (0, 0.25, 0.5, 0.75, 1) if tick <= max(share.max(), 0.25)])
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel=_("Comes first in this share of the resamples"))
    return dress(ax)


@drawn
def plot_pruning(path: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the loss of a tree by its number of leaves, where it grew and on new data.

    Parameters
    ----------
    path : DataFrame, as returned by `pruning_path`
        leaves, train_loss, new_loss

    See Also
    --------
    crmlab.behaviour.model.pruning_path : makes the frame.
    """
    path = drawable(path, "leaves", "train_loss", "new_loss").sort_values("leaves")

    ax = plt.gca() if ax is None else ax
    ax.plot(path["leaves"], path["train_loss"], "--", color=PALETTE[1], label=_("where it grew"))
    ax.plot(path["leaves"], path["new_loss"], color=PALETTE[0], label=_("new data"))
    leaves = path["leaves"].to_numpy("int64")
    best = int(leaves[path["new_loss"].to_numpy("float64").argmin()])
    label = ngettext("best: {n} leaf", "best: {n} leaves", best).format(n=best)
    ax.axvline(best, color=PALETTE[2], linestyle=":", label=label)
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xticks(ticks := _ticks(float(path["leaves"].max())), [f"{tick}" for tick in ticks])
    ax.minorticks_off()
    ax.set(xlabel=_("Leaves of the tree"), ylabel=_("Brier score (lower is better)"))
    ax.legend(frameon=False)
    return dress(ax)


def _ticks(most: float) -> list[int]:
    return [tick for tick in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000) if tick <= max(most, 2)]
