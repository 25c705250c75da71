"""How sales answer to prices, and what promotions borrow."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _

_WAYS = {"plain": N_("plain: {slope:.2f}"), "by cost": N_("by cost: {slope:.2f}")}
_EFFECTS = {
    "in the week": N_("in the week"),
    "1 week after": N_("1 week after"),
    "2 weeks after": N_("2 weeks after"),
    "3 weeks after": N_("3 weeks after"),
    "in all": N_("in all"),
}


@drawn
def plot_elasticity(
    weeks: pd.DataFrame,
    elasticity: pd.DataFrame,
    *,
    product: str = "product",
    price: str = "price",
    units: str = "units",
    ax: Axes | None = None,
) -> Axes:
    """Draw units against prices, each over its product's middle, and a line for each elasticity.

    Parameters
    ----------
    weeks : DataFrame, one row per product and week: `product`, `price`, `units`
    elasticity : DataFrame, as returned by `price_elasticity`
        way, elasticity
    product, price, units : str

    See Also
    --------
    crmlab.service.measure.price_elasticity : makes the second frame.
    """
    weeks = drawable(weeks, product=product, price=price, units=units)
    elasticity = drawable(elasticity, "way", "elasticity")

    ax = plt.gca() if ax is None else ax
    middle = weeks.groupby(product)[[price, units]].transform("median")
    dear, many = weeks[price] / middle[price], weeks[units] / middle[units]
    ax.plot(dear, many, ".", color="0.6", markersize=3, alpha=0.4, rasterized=True)
    ends = float(np.quantile(dear, 0.005)), float(np.quantile(dear, 0.995))
    along = np.geomspace(*ends, 50)
    for place, (way, slope) in enumerate(
        zip(elasticity["way"], elasticity["elasticity"], strict=True)
    ):
        label = _(_WAYS.get(str(way), "{way}: {slope:.2f}")).format(way=way, slope=slope)
        ax.plot(along, along**slope, "--" if place == 0 else "-", color=PALETTE[(5, 0)[place % 2]],
                linewidth=2.5, label=label)  # fmt: skip
    ax.set(xlim=ends, ylim=(0, float(np.quantile(many, 0.995))))
    ax.set(xlabel=_("Price (1: the product's middle)"), ylabel=_("Units (1: the product's middle)"))
    ax.legend(frameon=False, loc="upper right", title=_("elasticity"))
    return dress(ax)


@drawn
def plot_promotion(effect: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw what a promotion adds in its week, takes from the weeks after, and leaves in all.

    Parameters
    ----------
    effect : DataFrame, as returned by `promotion_effect`
        effect, share, low, high

    See Also
    --------
    crmlab.service.measure.promotion_effect : makes the frame.
    """
    effect = drawable(effect, "effect", "share", "low", "high")

    ax = plt.gca() if ax is None else ax
    at, share = np.arange(len(effect)), effect["share"]
    names = effect["effect"].astype("str").tolist()
    colours = [PALETTE[2] if name == "in all" else PALETTE[0] for name in names]
    reach = [share - effect["low"], effect["high"] - share]
    ax.bar(at, share, yerr=reach, color=colours, capsize=4, ecolor=PALETTE[6])
    for x, each, low, high in zip(at, share, effect["low"], effect["high"], strict=True):
        way = (high, 4, "bottom") if each >= 0 else (low, -4, "top")
        ax.annotate(f"{each:+.0%}", (x, way[0]), (0, way[1]), textcoords="offset points",
                    ha="center", va=way[2])  # fmt: skip
    ax.axhline(0, color=PALETTE[6], linewidth=0.8)
    ax.set_xticks(at, [_(_EFFECTS.get(name, name)) for name in names])
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    low, high = ax.get_ylim()
    ax.set_ylim(low - 0.1 * (high - low), high + 0.1 * (high - low))
    ax.set(ylabel=_("Units, of a quiet week"))
    return dress(ax)
