"""The whale curve, and value against the cost of serving."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator, PercentFormatter, StrMethodFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _

_GAIN, _LOSS = PALETTE[0], PALETTE[5]
_TICKS = [digit * 10**power for power in range(10) for digit in (1, 2, 5)]


@drawn
def plot_whale_curve(whale_curve: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Cumulated value, most valuable customers first: up to the hump, then down its back.

    Parameters
    ----------
    whale_curve : DataFrame, as returned by `whale_curve`
        share_of_customers, cumulative_value, share_of_total : float64

    See Also
    --------
    crmlab.pyramid.measure.whale_curve : makes the frame.
    """
    columns = ("share_of_customers", "cumulative_value", "share_of_total")
    whale_curve = drawable(whale_curve, *columns)

    ax = plt.gca() if ax is None else ax
    x, y, share = (whale_curve[column].to_numpy("float64") for column in columns)
    hump = int(np.argmax(y))
    for part, colour, style, words in (
        (slice(0, hump + 1), _GAIN, "-", _("customers who bring money")),
        (slice(hump, None), _LOSS, "--", _("customers who cost money")),
    ):
        if len(x[part]) < 2:  # nobody costs money, or nobody brings any
            continue
        ax.plot(x[part], y[part], color=colour, linestyle=style, linewidth=2.5, label=words)
        ax.fill_between(x[part], y[part], color=colour, alpha=0.12, linewidth=0)
    ax.axhline(y[-1], color=PALETTE[6], linewidth=0.8, linestyle=":")
    worth = _("hump: {value:,.0f} at {share:.0%} of the customers")
    worth = worth.format(value=y[hump], share=x[hump])
    if not np.isnan(share[hump]):
        worth += "\n" + _("= {share:.0%} of the total").format(share=share[hump])
    ax.annotate(
        worth,
        (x[hump], y[hump]),
        (0, 10),
        textcoords="offset points",
        ha="left" if x[hump] < 0.35 else "right" if x[hump] > 0.65 else "center",
    )
    total = _("total {value:,.0f}").format(value=y[-1])
    ax.annotate(total, (0, y[-1]), (4, 4), textcoords="offset points", ha="left")
    low, high = min(0.0, y.min()), y[hump]
    # Room at the right, where the fall at the end would hide in the frame.
    ax.set(xlim=(0, 1.03), ylim=(low, high + 0.2 * (high - low or 1)))
    ax.set(
        xlabel=_("Customers, most valuable first (share)"), ylabel=_("Cumulated net value (money)")
    )
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.legend(loc="lower center", framealpha=1, edgecolor="white")
    return dress(ax)


@drawn
def plot_value_cost(value_cost: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Scatter of margin against cost, with quadrant lines and the break-even line.

    Whoever stands below the break-even line costs more than the margin, and is a cross.

    Parameters
    ----------
    value_cost : DataFrame, as returned by `value_cost`
        margin, cost, net_value, margin_line, cost_line : float64
        center : str, what stands at the two lines

    See Also
    --------
    crmlab.pyramid.measure.value_cost : makes the frame.
    """
    columns = ("cost", "margin", "net_value", "cost_line", "margin_line")
    value_cost = drawable(value_cost, *columns, "center")

    ax = plt.gca() if ax is None else ax
    cost, margin, net, *lines = (value_cost[column].to_numpy("float64") for column in columns)
    size = {"s": 18, "alpha": 0.6} if len(cost) <= 3_000 else {"s": 6, "alpha": 0.3}
    for part, marker, colour, words in (
        (net >= 0, "o", _GAIN, _("brings money")),
        (net < 0, "x", _LOSS, _("costs money")),
    ):
        label = f"{words} ({part.sum():,})"
        dots = ax.scatter(
            cost[part], margin[part], marker=marker, color=colour, label=label, **size
        )
        dots.set_linewidth(1 if marker == "x" else 0)
    ax.set_xscale("symlog", linthresh=1)
    ax.set_yscale("symlog", linthresh=1)
    ends = np.array([max(0.0, min(cost.min(), margin.min())), max(cost.max(), margin.max())])
    ax.plot(ends, ends, color=PALETTE[6], linestyle="--", label=_("break-even: margin = cost"))
    center = value_cost["center"].iloc[0]
    label = _("{center} cost, {center} margin").format(center=_(center))
    ax.axvline(lines[0][0], color="grey", linewidth=1, label=label)
    ax.axhline(lines[1][0], color="grey", linewidth=1)
    low, high = 0.6 * max(cost.min(), 1.0), 1.6 * max(cost.max(), 1.0)
    ax.set_xticks([tick for tick in _TICKS if low <= tick <= high])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlim(low, high)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.set(xlabel=_("Cost to serve, keep and win (money a year, log scale above 1)"))
    ax.set(ylabel=_("Margin (money a year, log scale above 1)"))
    ax.legend(loc="lower right")
    return dress(ax)
