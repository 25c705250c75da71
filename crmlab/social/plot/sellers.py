"""The tree of direct sellers."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _


@drawn
def plot_seller_tree(seller_tree: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw who recruited whom: each seller a dot, the firm's own recruits on the left.

    Parameters
    ----------
    seller_tree : DataFrame, as returned by `seller_tree`
        seller_id, recruited_by
        depth, downline : int64
        group_sales_cny : float64, optional; the area of the dots

    See Also
    --------
    crmlab.social.measure.seller_tree : makes the frame.
    """
    seller_tree = drawable(seller_tree, "seller_id", "recruited_by", "depth", "downline")

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
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    words = _("group sales") if weigh == "group_sales_cny" else _("sellers below")
    for row in np.argsort(-value, kind="stable")[:3]:
        form = _("{money:,.0f} CNY") if weigh == "group_sales_cny" else "{money:,.0f}"
        label = _("seller {number}: {value}").format(
            number=seller_tree["seller_id"].iloc[row], value=form.format(money=value[row])
        )
        place = (depth.iloc[row], y[row])
        ax.annotate(label, place, (14, 8), textcoords="offset points", bbox=box)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_yticks([])
    ax.set(xlabel=_("Levels above (area of the dots: {words})").format(words=words))
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
