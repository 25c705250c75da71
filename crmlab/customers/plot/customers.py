"""Who lasts, who relates to us how, and what wants are worth."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from crmlab._theme import PALETTE, SHADES, drawable, drawn, dress
from crmlab._words import _, heading

# Type: marker and colour.
_TYPES = {
    "transactional": (".", "0.6"),
    "largest": ("^", PALETTE[0]),
    "growing": ("o", PALETTE[2]),
    "fading": ("v", PALETTE[5]),
}
_LETTERS = {"largest": " (a)", "growing": " (b)", "fading": " (c)"}


@drawn
def plot_lasting_by_score(lasting_by_score: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Bars of the share who lasted at each score, with 95 % intervals and numbers.

    Parameters
    ----------
    lasting_by_score : DataFrame, as returned by `lasting_by_score`
        score : numbers
        prospects : int64
        share_lasting, low, high : float64

    See Also
    --------
    crmlab.customers.measure.lasting_by_score : makes the frame.
    """
    lasting_by_score = drawable(
        lasting_by_score, "score", "prospects", "share_lasting", "low", "high"
    )

    ax = plt.gca() if ax is None else ax
    table = lasting_by_score
    share = table["share_lasting"].to_numpy("float64")
    reach = np.array([share - table["low"], table["high"] - share]).clip(min=0)
    ax.bar(
        table["score"],
        share,
        yerr=reach,
        width=0.7,
        color=PALETTE[4],
        edgecolor=PALETTE[0],
        capsize=4,
    )
    for score, top, n in zip(table["score"], table["high"], table["prospects"], strict=True):
        words, place = f"n = {n:,}", (0, 3)
        ax.annotate(words, (score, top), place, textcoords="offset points", ha="center")
    ax.set(xlabel=_("Principles met (score)"), ylabel=_("Became lasting customers (share)"))
    ax.set(ylim=(0, max(1.08 * table["high"].max(), 0.05)))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    return dress(ax)


@drawn
def plot_relationship_types(relationship_types: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Scatter of the trend against the profit now, a marker and colour for each type.

    Customers who bring nothing now have no place on a scale of logarithms: the legend counts them,
    the picture leaves them out.

    Parameters
    ----------
    relationship_types : DataFrame, as returned by `relationship_types`
        profit_now, trend : float64
        type : str

    See Also
    --------
    crmlab.customers.measure.relationship_types : makes the frame.
    """
    relationship_types = drawable(relationship_types, "profit_now", "trend", "type")

    ax = plt.gca() if ax is None else ax
    ax.axhline(0, color="grey", linewidth=1, zorder=0)
    size = 30 if len(relationship_types) <= 3_000 else 8
    for kind, (marker, colour) in _TYPES.items():
        part = relationship_types[relationship_types["type"] == kind]
        seen = part[part["profit_now"] > 0]
        label = f"{_(kind)}{_LETTERS.get(kind, '')}: {len(part):,}"
        if len(part) > len(seen):
            label += _(", {n:,} of them not shown").format(n=len(part) - len(seen))
        ax.scatter(
            seen["profit_now"],
            seen["trend"],
            s=size,
            marker=marker,
            color=colour,
            alpha=0.7,
            linewidth=0,
            label=label,
        )
    ax.set_xscale("log")
    ax.set(xlabel=_("Profit in the last quarters (money, log scale)"))
    ax.set(ylabel=_("Trend (share of a mean quarter's profit gained in each)"))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.16), ncols=2, frameon=False)
    return dress(ax)


@drawn
def plot_type_confusion(type_confusion: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Heat map of the true types against those found: the share of each true type, and customers.

    Parameters
    ----------
    type_confusion : DataFrame, as returned by `type_confusion`
        true_type, found_type : str
        customers : int64
        recall : float64

    See Also
    --------
    crmlab.customers.measure.type_confusion : makes the frame.
    """
    type_confusion = drawable(type_confusion, "true_type", "found_type", "customers", "recall")

    ax = plt.gca() if ax is None else ax
    order = [*dict.fromkeys(type_confusion["true_type"])]
    share, count = (
        type_confusion.pivot(index="true_type", columns="found_type", values=name)
        .reindex(index=order, columns=order)
        .astype("float64")
        for name in ("recall", "customers")
    )
    words = share.map(lambda one: "–" if np.isnan(one) else f"{one:.0%}")
    words += count.map(lambda n: f"\n{n:,.0f}")
    sns.heatmap(share, annot=words, fmt="", vmin=0, vmax=1, cmap=SHADES, cbar=False, ax=ax)
    ax.set(xlabel=_("Type found (share and number of the true type)"), ylabel=_("True type"))
    ax.set_xticklabels([_(kind) for kind in order])
    ax.set_yticklabels([_(kind) for kind in order])
    ax.tick_params(axis="both", rotation=0)
    return dress(ax)


@drawn
def plot_want_value(want_value: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Bars of need value with the added value on top, and what was really paid.

    Parameters
    ----------
    want_value : DataFrame, as returned by `want_value`
        a column such as category or brand first
        need_cny, added_cny, paid_cny, added_share : float64

    See Also
    --------
    crmlab.customers.measure.want_value : makes the frame.
    """
    want_value = drawable(want_value, "need_cny", "added_cny", "paid_cny", "added_share")

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(want_value))
    need, added = (want_value[name].to_numpy("float64") for name in ("need_cny", "added_cny"))
    ax.bar(place, need, width=0.6, color=PALETTE[4], label=_("need: the cheapest brand's price"))
    ax.bar(
        place,
        added,
        width=0.6,
        bottom=need,
        color=PALETTE[1],
        hatch="//",
        edgecolor="white",
        label=_("added: what the chosen brand asks above it"),
    )
    style = {"linestyle": "", "marker": "_", "color": PALETTE[6], "markeredgewidth": 2.5}
    ax.plot(place, want_value["paid_cny"], markersize=32, label=_("paid, after discounts"), **style)
    for x, top, share in zip(place, need + added, want_value["added_share"], strict=True):
        words = _("added {share:.1%}").format(share=share)
        ax.annotate(words, (x, top), (0, 3), textcoords="offset points", ha="center")
    ax.set_xticks(place, want_value.iloc[:, 0].astype("str").tolist())
    ax.set(ylim=(0, 1.3 * max((need + added).max(), 1.0)))
    ax.set(
        xlabel=heading(str(want_value.columns[0])).capitalize(),
        ylabel=_("Value of the wants (CNY)"),
    )
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.legend(loc="upper left", frameon=False)
    return dress(ax)
