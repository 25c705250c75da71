"""Pictures of lists: chance against value, profit by length, and whether chances are true."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter, StrMethodFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _

_WAYS = {
    "truth": (N_("the best there is"), ":", 6),
    "profit": (N_("by expected profit"), "-", 0),
    "chance": (N_("by chance to buy"), "--", 1),
    "value": (N_("by value of a sale"), "-.", 2),
}


@drawn
def plot_propensity_value(
    chosen: pd.DataFrame,
    *,
    cost: float,
    chance: str = "chance",
    value: str = "value_cny",
    ax: Axes | None = None,
) -> Axes:
    """Scatter of chance against value of a sale, with the line above which asking pays.

    Parameters
    ----------
    chosen : DataFrame, as returned by `choose_list`
        `chance`, `value`, chosen
    cost : float
        Of asking one customer: the curve where chance times value equals it.
    chance, value : str

    See Also
    --------
    crmlab.behaviour.measure.choose_list : makes the frame.
    """
    table = drawable(chosen, "chosen", chance=chance, value=value)

    ax = plt.gca() if ax is None else ax
    p, money = table[chance].to_numpy(float), table[value].to_numpy(float)
    asked = table["chosen"].to_numpy(dtype=bool)
    size = 4 if len(table) > 3_000 else 12
    for some, colour, label in ((~asked, 1, _("not asked")), (asked, 0, _("asked"))):
        ax.scatter(p[some], money[some], s=size, alpha=0.35, color=PALETTE[colour], label=label)
    top = float(np.quantile(money, 0.995))
    border = np.linspace(max(cost / top, 1e-3), max(float(p.max()), 2e-3), 200)
    ax.plot(border, cost / border, color=PALETTE[6], label=_("chance x value = cost"))
    middle = {"color": "grey", "linestyle": ":", "linewidth": 1}
    ax.axvline(float(np.median(p)), **middle)
    ax.axhline(float(np.median(money)), **middle)
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel=_("Chance to buy"), ylabel=_("Value of a sale (CNY)"), ylim=(0, top))
    legend = ax.legend(frameon=False, loc="upper right")
    for handle in legend.legend_handles:
        if handle is not None:
            handle.set_alpha(1)
    return dress(ax)


@drawn
def plot_profit_curve(curve: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the profit of lists by their length, one line for each way to choose.

    Parameters
    ----------
    curve : DataFrame, as returned by `profit_curve`
        by, asked, profit

    See Also
    --------
    crmlab.behaviour.measure.profit_curve : makes the frame.
    """
    curve = drawable(curve, "by", "asked", "profit")

    ax = plt.gca() if ax is None else ax
    for name, (label, style, colour) in _WAYS.items():
        part = curve[curve["by"] == name].sort_values("asked")
        if len(part):
            ax.plot(part["asked"], part["profit"], style, color=PALETTE[colour], label=_(label))
    ax.axhline(0, color="grey", linewidth=0.8)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.set(xlabel=_("Customers asked"), ylabel=_("Profit in truth (CNY)"))
    ax.legend(frameon=False, loc="best")
    return dress(ax)


@drawn
def plot_response_calibration(groups: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how often customers bought against the chance that was forecast, with intervals.

    Parameters
    ----------
    groups : DataFrame, as returned by `crmlab.credit.measure.calibration_table`
        forecast, happened, low, high
    """
    groups = drawable(groups, "forecast", "happened", "low", "high")

    ax = plt.gca() if ax is None else ax
    middle = groups["happened"].to_numpy(float)
    reach = np.array([middle - groups["low"], groups["high"] - middle]).clip(0)
    most = float(max(groups["forecast"].max(), groups["high"].max()))
    ax.plot([0, most], [0, most], color="grey", linewidth=0.8, label=_("as forecast"))
    ax.errorbar(
        groups["forecast"],
        middle,
        yerr=reach,
        fmt="o",
        color=PALETTE[0],
        capsize=3,
        label=_("a group of customers, 95% interval"),
    )
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Forecast chance to buy"), ylabel=_("Bought"))
    ax.legend(frameon=False, loc="upper left")
    return dress(ax)
