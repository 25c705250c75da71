"""What a printed table implies, and a plan with its gap."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator, PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _


@drawn
def plot_share_readings(share_readings: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw growth against margin, under both readings of growth; bubbles are shares.

    Parameters
    ----------
    share_readings : DataFrame, as returned by `share_readings`
        reading, firm : str; share_now, growth, margin_before, margin_now : float64

    See Also
    --------
    crmlab.accounts.measure.share_readings : makes the frame.
    """
    numbers = ("share_now", "growth", "margin_before", "margin_now")
    table = drawable(share_readings, "reading", "firm", *numbers)
    firms = drawable(table.dropna(subset=["growth", "margin_now", "margin_before"]), "firm")

    ax = plt.gca() if ax is None else ax
    kinds = (
        ("relative", PALETTE[0], _("growth is relative")),
        ("points", PALETTE[1], _("growth is points")),
    )
    for reading, colour, words in kinds:
        mine = firms[firms["reading"] == reading]
        ax.scatter(
            mine["growth"], mine["margin_now"], s=3_000 * mine["share_now"], color=colour,
            alpha=0.55, edgecolor="black", linewidth=0.8, label=words,
        )  # fmt: skip
        for row in mine.itertuples():
            x, now, before = (
                float(getattr(row, name)) for name in ("growth", "margin_now", "margin_before")
            )
            ax.plot([x, x], [before, now], color=colour, linestyle=":", linewidth=1.5)
            ax.plot(x, before, marker="_", color=colour, markersize=14, markeredgewidth=2)
            # In the lower half: the bar of the year before would strike a name in the middle out.
            radius = (3_000 * float(row.share_now) / np.pi) ** 0.5  # pyright: ignore[reportArgumentType]
            ax.annotate(
                str(row.firm), (x, now), (0, -radius / 2), textcoords="offset points",
                ha="center", va="center", fontweight="bold",
            )  # fmt: skip
    bar = Line2D(
        [],
        [],
        marker="_",
        color="0.3",
        linestyle=":",
        markersize=12,
        label=_("margin the year before, as implied"),
    )
    handles, labels = ax.get_legend_handles_labels()
    legend = ax.legend(
        [*handles, bar],
        [*labels, str(bar.get_label())],
        frameon=False,
        loc="upper left",
        bbox_to_anchor=(0.15, 1),
    )
    for handle in legend.legend_handles:
        if hasattr(handle, "set_sizes"):
            handle.set_sizes([80])  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    ax.set_xscale("symlog", linthresh=0.1)
    ax.set_xticks([0, 0.05, 0.1, 0.5, 1, 4])
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Growth of the market share (log scale above 10%)"), ylabel=_("Profit margin"))
    ax.set(ylim=(0, None), xlim=(0, 8))
    return dress(ax)


@drawn
def plot_strategy(links: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw weaknesses, success factors and actions with their links; what leads nowhere is red.

    Parameters
    ----------
    links : DataFrame, as returned by `crmlab.accounts.ok_strategy`
        source, target : str; kind : str, "answers" or "serves"

    See Also
    --------
    crmlab.accounts.measure.strategy_trace : the same as a table.
    """
    table = drawable(links, "source", "target", "kind").astype("str")

    ax = plt.gca() if ax is None else ax
    answers, serves = (table[table["kind"] == kind] for kind in ("answers", "serves"))
    columns = [
        sorted({*answers["source"]}),
        [*dict.fromkeys([*answers["target"], *serves["source"]])],
        [*dict.fromkeys(serves["target"])],
    ]
    at = {
        (number, name): (float(number), 1 - (place + 0.5) / len(names))
        for number, names in enumerate(columns)
        for place, name in enumerate(names)
    }
    served = {*serves["source"]}
    reached = {
        one
        for one, factor in zip(answers["source"], answers["target"], strict=True)
        if factor in served
    }
    for number, part in ((0, answers), (1, serves)):
        for source, target in zip(part["source"], part["target"], strict=True):
            bad = number == 0 and target not in served
            (x, y), (x2, y2) = at[number, source], at[number + 1, target]
            ax.plot(
                [x, x2],
                [y, y2],
                color=PALETTE[5] if bad else "0.6",
                linestyle="--" if bad else "-",
                linewidth=1.5,
                zorder=1,
            )
    for (number, name), (x, y) in at.items():
        gap = (number == 0 and name not in reached) or (number == 1 and name not in served)
        box = {
            "boxstyle": "round,pad=0.4",
            "facecolor": "white",
            "edgecolor": PALETTE[5] if gap else PALETTE[0],
            "linewidth": 2 if gap else 1,
        }
        ax.text(x, y, _wrapped(_(name)), ha="center", va="center", bbox=box, zorder=2)
    heads = (_("weakness"), _("success factor"), _("action"))
    ax.set_xticks([0, 1, 2], heads)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set_yticks([])
    ax.set(xlim=(-0.4, 2.55), ylim=(0, 1))
    for side in ax.spines.values():
        side.set_visible(False)
    return dress(ax)


def _wrapped(name: str) -> str:
    """Return a name on two lines where it is long."""
    if len(name) < 18 or " " not in name:
        return name
    places = [place for place, letter in enumerate(name) if letter == " "]
    middle = min(places, key=lambda place: abs(place - len(name) / 2))
    return f"{name[:middle]}\n{name[middle + 1 :]}"
