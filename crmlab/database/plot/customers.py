"""Who lasts, who relates to us how, what wants are worth, and who stands below whom."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from crmlab._checks import require_columns
from crmlab._theme import PALETTE, SHADES, dress

# Type: marker and colour.
_TYPES = {
    "transactional": (".", "0.6"),
    "largest": ("^", PALETTE[0]),
    "growing": ("o", PALETTE[2]),
    "fading": ("v", PALETTE[5]),
}
_LETTERS = {"largest": " (a)", "growing": " (b)", "fading": " (c)"}


def plot_lasting_by_score(lasting_by_score: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Bars of the share who lasted at each score, with 95 % intervals and numbers.

    Parameters
    ----------
    lasting_by_score : DataFrame, as returned by `lasting_by_score`
        score : numbers
        prospects : int64
        share_lasting, low, high : float64
    ax : Axes, optional
        Where to draw; the current Axes when omitted.

    Returns
    -------
    Axes
        The Axes drawn on, ready for titles and limits of your own.

    Raises
    ------
    MissingColumnsError
        If `lasting_by_score` lacks one of the columns.

    See Also
    --------
    crmlab.database.measure.lasting_by_score : makes the frame.
    """
    require_columns(lasting_by_score, "score", "prospects", "share_lasting", "low", "high")

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
    ax.set(xlabel="Principles met (score)", ylabel="Became lasting customers (share)")
    ax.set(ylim=(0, max(1.08 * table["high"].max(), 0.05)))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    return dress(ax)


def plot_relationship_types(relationship_types: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Scatter of the trend against the profit now, a marker and colour for each type.

    Customers who bring nothing now have no place on a scale of logarithms: the legend counts them,
    the picture leaves them out.

    Parameters
    ----------
    relationship_types : DataFrame, as returned by `relationship_types`
        profit_now, trend : float64
        type : str
    ax : Axes, optional
        Where to draw; the current Axes when omitted.

    Returns
    -------
    Axes
        The Axes drawn on, ready for titles and limits of your own.

    Raises
    ------
    MissingColumnsError
        If `relationship_types` lacks one of the columns.

    See Also
    --------
    crmlab.database.measure.relationship_types : makes the frame.
    """
    require_columns(relationship_types, "profit_now", "trend", "type")

    ax = plt.gca() if ax is None else ax
    ax.axhline(0, color="grey", linewidth=1, zorder=0)
    size = 30 if len(relationship_types) <= 3_000 else 8
    for kind, (marker, colour) in _TYPES.items():
        part = relationship_types[relationship_types["type"] == kind]
        seen = part[part["profit_now"] > 0]
        label = f"{kind}{_LETTERS.get(kind, '')}: {len(part):,}"
        if len(part) > len(seen):
            label += f", {len(part) - len(seen):,} of them not shown"
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
    ax.set(xlabel="Profit in the last quarters (money, log scale)")
    ax.set(ylabel="Trend (share of a mean quarter's profit gained in each)")
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.16), ncols=2, frameon=False)
    return dress(ax)


def plot_type_confusion(type_confusion: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Heat map of the true types against those found: the share of each true type, and customers.

    Parameters
    ----------
    type_confusion : DataFrame, as returned by `type_confusion`
        true_type, found_type : str
        customers : int64
        recall : float64
    ax : Axes, optional
        Where to draw; the current Axes when omitted.

    Returns
    -------
    Axes
        The Axes drawn on, ready for titles and limits of your own.

    Raises
    ------
    MissingColumnsError
        If `type_confusion` lacks one of the columns.

    See Also
    --------
    crmlab.database.measure.type_confusion : makes the frame.
    """
    require_columns(type_confusion, "true_type", "found_type", "customers", "recall")

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
    ax.set(xlabel="Type found (share and number of the true type)", ylabel="True type")
    ax.tick_params(axis="both", rotation=0)
    return dress(ax)


def plot_want_value(want_value: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Bars of need value with the added value on top, and what was really paid.

    Parameters
    ----------
    want_value : DataFrame, as returned by `want_value`
        a column such as category or brand first
        need_cny, added_cny, paid_cny, added_share : float64
    ax : Axes, optional
        Where to draw; the current Axes when omitted.

    Returns
    -------
    Axes
        The Axes drawn on, ready for titles and limits of your own.

    Raises
    ------
    MissingColumnsError
        If `want_value` lacks one of the columns.

    See Also
    --------
    crmlab.database.measure.want_value : makes the frame.
    """
    require_columns(want_value, "need_cny", "added_cny", "paid_cny", "added_share")

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(want_value))
    need, added = (want_value[name].to_numpy("float64") for name in ("need_cny", "added_cny"))
    ax.bar(place, need, width=0.6, color=PALETTE[4], label="need: the cheapest brand's price")
    ax.bar(
        place,
        added,
        width=0.6,
        bottom=need,
        color=PALETTE[1],
        hatch="//",
        edgecolor="white",
        label="added: what the chosen brand asks above it",
    )
    style = {"linestyle": "", "marker": "_", "color": PALETTE[6], "markeredgewidth": 2.5}
    ax.plot(place, want_value["paid_cny"], markersize=32, label="paid, after discounts", **style)
    for x, top, share in zip(place, need + added, want_value["added_share"], strict=True):
        words = f"added {share:.1%}"
        ax.annotate(words, (x, top), (0, 3), textcoords="offset points", ha="center")
    ax.set_xticks(place, want_value.iloc[:, 0].astype("str").tolist())
    ax.set(ylim=(0, 1.3 * max((need + added).max(), 1.0)))
    ax.set(xlabel=str(want_value.columns[0]).capitalize(), ylabel="Value of the wants (CNY)")
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.legend(loc="upper left", frameon=False)
    return dress(ax)


def plot_seller_tree(seller_tree: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw who recruited whom: each seller a dot, the firm's own recruits on the left.

    Parameters
    ----------
    seller_tree : DataFrame, as returned by `seller_tree`
        seller_id, recruited_by
        depth, downline : int64
        group_sales_cny : float64, optional; the area of the dots
    ax : Axes, optional
        Where to draw; the current Axes when omitted.

    Returns
    -------
    Axes
        The Axes drawn on, ready for titles and limits of your own.

    Raises
    ------
    MissingColumnsError
        If `seller_tree` lacks one of the columns.

    See Also
    --------
    crmlab.database.measure.seller_tree : makes the frame.
    """
    require_columns(seller_tree, "seller_id", "recruited_by", "depth", "downline")

    ax = plt.gca() if ax is None else ax
    height = _heights(seller_tree)
    depth = seller_tree.set_index("seller_id")["depth"]
    pairs = seller_tree.dropna(subset=["recruited_by"])
    for child, parent in zip(pairs["seller_id"], pairs["recruited_by"], strict=True):
        ends = [depth[parent], depth[child]], [height[parent], height[child]]
        ax.plot(*ends, color="0.75", linewidth=0.8, zorder=1)
    weigh = "group_sales_cny" if "group_sales_cny" in seller_tree else "downline"
    value = seller_tree[weigh].to_numpy("float64")
    area = 8 + 500 * value / max(value.max(initial=0), 1e-9)
    y = [height[one] for one in seller_tree["seller_id"]]
    ax.scatter(depth, y, s=area, color=PALETTE[0], alpha=0.65, linewidth=0.5, edgecolor="white")
    box = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1}
    words = "group sales" if weigh == "group_sales_cny" else "sellers below"
    for row in np.argsort(-value, kind="stable")[:3]:
        form = f"{value[row]:,.0f} CNY" if weigh == "group_sales_cny" else f"{value[row]:,.0f}"
        label = f"seller {seller_tree['seller_id'].iloc[row]}: {form}"
        place = (depth.iloc[row], y[row])
        ax.annotate(label, place, (12, 8), textcoords="offset points", fontsize="small", bbox=box)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_yticks([])
    ax.set(xlabel=f"Sellers above (area of the dots: {words})", ylabel="Sellers")
    ax.margins(x=0.1)
    return dress(ax)


def _heights(tree: pd.DataFrame) -> dict[object, float]:
    """Return where each seller stands: those without recruits in a row, others in the middle."""
    below: dict[object, list[object]] = {}
    for child, parent in zip(tree["seller_id"], tree["recruited_by"], strict=True):
        below.setdefault(None if pd.isna(parent) else parent, []).append(child)
    height: dict[object, float] = {}
    waiting = [(one, False) for one in reversed(below.get(None, []))]
    while waiting:
        seller, is_done = waiting.pop()
        children = below.get(seller, [])
        if not children:
            height[seller] = -float(sum(one not in below for one in height))
        elif is_done:
            height[seller] = float(np.mean([height[one] for one in children]))
        else:
            waiting.append((seller, True))
            waiting.extend((one, False) for one in reversed(children))
    return height
