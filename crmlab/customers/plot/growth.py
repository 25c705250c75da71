"""What changed, and why: effects that add up, stacked by year or as a waterfall."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import StrMethodFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _
from crmlab.errors import UnknownNameError

_END = "_effect"
_WORDS = {
    "market": N_("market"),
    "share": N_("our share"),
    "spend": N_("spend per customer"),
    "customers": N_("customers"),
    "mix": N_("mix"),
    "frequency": N_("purchases per customer"),
    "ticket": N_("ticket"),
    "refunds": N_("refunds"),
}
_HATCHES = ("", "//", "..", "xx", "\\\\", "oo", "++", "--")


@drawn
def plot_growth(decompose_growth: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Stacked bars of the effects on sales from period to period, a mark at the whole change.

    Parameters
    ----------
    decompose_growth : DataFrame, as returned by `decompose_growth`
        to_period; change : float64
        a column <factor>_effect : float64 for each factor

    See Also
    --------
    crmlab.customers.measure.decompose_growth : makes the frame.
    """
    decompose_growth = drawable(decompose_growth, "to_period", "change")

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(decompose_growth))
    above, below = np.zeros(len(place)), np.zeros(len(place))
    names = [str(name) for name in decompose_growth if str(name).endswith(_END)]
    for number, name in enumerate(names):
        value = decompose_growth[name].to_numpy("float64")
        bottom = np.where(value >= 0, above, below)
        look = {"color": PALETTE[number % 6], "hatch": _HATCHES[number % 8]}
        ax.bar(place, value, 0.75, bottom, edgecolor="white", label=_effect(name), **look)
        above, below = above + np.maximum(value, 0), below + np.minimum(value, 0)
    change = decompose_growth["change"].to_numpy("float64")
    mark = {"linestyle": "", "marker": "_", "markersize": 22, "markeredgewidth": 3}
    ax.plot(place, change, color=PALETTE[6], label=_("change of sales"), **mark)
    ax.axhline(0, color="grey", linewidth=0.8)
    ax.set_xticks(place, decompose_growth["to_period"].astype("str").tolist())
    ax.set(xlabel=_("Into period"), ylabel=_("Effect on sales (money)"))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.set_ylim(min(1.1 * below.min(), 0), 1.35 * max(above.max(), 1e-9))
    ax.legend(frameon=False, loc="upper left", ncols=2)
    return dress(ax)


@drawn
def plot_sales_change(
    sales_change: pd.DataFrame, *, group: str = "(all)", ax: Axes | None = None
) -> Axes:
    """Waterfall from the sales of one period to those of the next, a step for each effect.

    Parameters
    ----------
    sales_change : DataFrame, as returned by `sales_change`
        group : str; before, after : float64
        a column <name>_effect : float64 for each effect; an effect of 0 is left out
    group : str
        Which row to draw.

    Raises
    ------
    UnknownNameError
        If there is no such group.

    See Also
    --------
    crmlab.customers.measure.sales_change : makes the frame.
    """
    sales_change = drawable(sales_change, "group", "before", "after")
    rows = sales_change[sales_change["group"].astype("str") == group]
    if rows.empty:
        raise UnknownNameError.among("group", group, sales_change["group"].astype("str"))

    ax = plt.gca() if ax is None else ax
    row = rows.iloc[0]
    effects = {name: float(row[name]) for name in map(str, rows) if name.endswith(_END)}
    effects = {name: value for name, value in effects.items() if value != 0}
    ends = float(row["before"]), float(row["after"])
    level = np.r_[ends[0], ends[0] + np.cumsum([*effects.values()])]
    size = len(effects) + 2
    ax.bar([0, size - 1], ends, 0.7, color=PALETTE[0])
    for place, value in enumerate(effects.values(), 1):
        up = value >= 0
        look = {"color": PALETTE[2] if up else PALETTE[5], "hatch": "" if up else "//"}
        ax.bar(place, value, 0.7, level[place - 1], edgecolor="white", **look)
        ax.plot([place - 0.65, place - 0.35], [level[place - 1]] * 2, color="grey", linewidth=0.8)
    ax.plot([size - 1.65, size - 1.35], [level[-1]] * 2, color="grey", linewidth=0.8)
    tall = np.r_[ends[0], np.maximum(level[:-1], level[1:]), ends[1]]
    said = [f"{ends[0]:,.0f}", *(f"{one:+,.0f}" for one in effects.values()), f"{ends[1]:,.0f}"]
    for place, (top, words) in enumerate(zip(tall, said, strict=True)):
        ax.annotate(words, (place, top), (0, 3), textcoords="offset points", ha="center")
    labels = [_("before"), *map(_effect, effects), _("after")]
    ax.set_xticks(np.arange(size), [one.replace(" ", "\n") for one in labels])
    ax.set_ylim(min(0.0, 1.1 * float(level.min())), 1.12 * max(float(tall.max()), 1e-9))
    ax.set(ylabel=_("Net sales (money)"))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    return dress(ax)


def _effect(column: str) -> str:
    """Return the words for an effect."""
    name = column.removesuffix(_END)
    return _(_WORDS[name]) if name in _WORDS else name
