"""Circles of consumers, customers and clients, and the flow of customers."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from matplotlib.ticker import StrMethodFormatter

from crmlab._theme import PALETTE, dated, drawable, drawn, dress
from crmlab._words import _, pgettext

# Circle: its centre and radius where all three cross, and where consumers lie in customers.
_CIRCLES = {
    "consumer": ((-0.62, 0.36), 1.0, (-0.42, 0.25), 0.62),
    "customer": ((0.62, 0.36), 1.0, (0.0, 0.1), 1.25),
    "client": ((0.0, -0.72), 1.0, (0.75, -0.75), 0.95),
}
# Region (consumer, customer, client): where its number stands in the two layouts.
_CROSSED = {
    (True, False, False): (-1.12, 0.62), (False, True, False): (1.12, 0.62),
    (False, False, True): (0.0, -1.28), (True, True, False): (0.0, 0.72),
    (True, False, True): (-0.66, -0.38), (False, True, True): (0.66, -0.38),
    (True, True, True): (0.0, 0.0), (False, False, False): (-1.45, -1.35),
}  # fmt: skip
_NESTED = {
    (True, True, False): (-0.62, 0.42), (False, True, False): (0.55, 0.85),
    (False, False, True): (1.1, -1.25), (True, True, True): (-0.03, -0.07),
    (False, True, True): (0.62, -0.45), (False, False, False): (-1.45, -1.35),
}  # fmt: skip
_NAMES = ["is_consumer", "is_customer", "is_client"]


@drawn
def plot_party_sets(
    party_sets: pd.DataFrame, *, mark: tuple[bool, bool, bool] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw an Euler diagram of consumers, customers and clients, with the parties in each region.

    Where every consumer is a customer too, the one circle lies in the other; else all three
    cross. The number outside all circles stands in the corner.

    Parameters
    ----------
    party_sets : DataFrame, as returned by `party_sets`
        is_consumer, is_customer, is_client : bool
        parties : int64
    mark : three bools, optional
        The region to mark with a ring.

    See Also
    --------
    crmlab.customers.measure.party_sets : makes the frame.
    """
    party_sets = drawable(party_sets, *_NAMES, "parties")

    ax = plt.gca() if ax is None else ax
    flags = party_sets[_NAMES].astype(bool)
    count = {tuple(map(bool, row)): 0 for row in _CROSSED}
    regions = zip(*(flags[name].tolist() for name in _NAMES), strict=True)
    for region, parties in zip(regions, party_sets["parties"], strict=True):
        count[region] += int(parties)
    nested = not (count[True, False, False] or count[True, False, True])
    wanted = mark is None or mark in _NESTED
    nested, places = (True, _NESTED) if nested and wanted else (False, _CROSSED)
    said = (
        pgettext("circle", "consumer"),
        pgettext("circle", "customer"),
        pgettext("circle", "client"),
    )
    for place, (crossed, radius, inside, smaller) in enumerate(_CIRCLES.values()):
        centre, radius = (inside, smaller) if nested else (crossed, radius)
        colour = PALETTE[(0, 2, 1)[place]]
        ax.add_patch(Circle(centre, radius, facecolor=colour, alpha=0.22, linewidth=0))
        ax.add_patch(Circle(centre, radius, fill=False, edgecolor=colour, linewidth=2))
        above = centre[1] + radius if place < 2 else centre[1] - radius
        x, y, at = (
            centre[0],
            above + (0.08 if place < 2 else -0.08),
            "bottom" if place < 2 else "top",
        )
        if nested and place == 0:
            x, y, at = centre[0] - 0.05, centre[1] + radius - 0.12, "top"
        ax.text(x, y, said[place], ha="center", va=at, color="black", fontsize=12)
    for region, (x, y) in places.items():
        ax.text(x, y, f"{count[region]:,}", ha="center", va="center", fontsize=12)
    outside = places[False, False, False]
    ax.text(outside[0], outside[1] - 0.22, _("none of them"), ha="center", va="center")
    if mark is not None:
        ring = {"fill": False, "edgecolor": PALETTE[5], "linewidth": 3}
        ax.add_patch(Circle(places[mark], 0.2, **ring))
    ax.set(xlim=(-2.0, 2.0), ylim=(-1.95, 1.65), aspect="equal")
    ax.set_axis_off()
    return dress(ax)


@drawn
def plot_customer_flow(customer_flow: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Bars of new and won-back customers above zero, lost ones below, and a line of the stock.

    Parameters
    ----------
    customer_flow : DataFrame, as returned by `customer_flow`
        to_day : datetime64
        new, won_back, lost, end : int64

    Returns
    -------
    Axes
        The Axes of the bars; the stock has its own axis, on the right.

    See Also
    --------
    crmlab.customers.measure.customer_flow : makes the frame.
    """
    customer_flow = drawable(customer_flow, "to_day", "new", "won_back", "lost", "end")

    ax = plt.gca() if ax is None else ax
    day = customer_flow["to_day"].to_numpy()
    days = np.diff(day).astype("m8[D]").astype(float) if len(day) > 1 else np.array([30.0])
    new, back, lost = (
        customer_flow[name].to_numpy("float64") for name in ("new", "won_back", "lost")
    )
    bar = {"width": 0.7 * days.min(), "edgecolor": "white", "linewidth": 0.6}
    ax.bar(day, new, color=PALETTE[2], label=_("new"), **bar)
    ax.bar(day, back, bottom=new, color=PALETTE[1], hatch="//", label=_("won back"), **bar)
    ax.bar(day, -lost, color=PALETTE[5], label=_("lost"), **bar)
    ax.axhline(0, color="grey", linewidth=0.8)
    stock = ax.twinx()
    stock.plot(day, customer_flow["end"], color=PALETTE[6], marker="o", markersize=3)
    stock.plot([], [], color=PALETTE[6], marker="o", markersize=3, label=_("customers at the end"))
    stock.set(ylim=(0, 1.15 * customer_flow["end"].max()), ylabel=_("Customers (line)"))
    tall = 1.6 * max((new + back).max(), lost.max(), 1)
    ax.set(ylim=(-tall, tall), xlabel=_("Period until"), ylabel=_("Customers in and out (bars)"))
    for one in (ax, stock):
        one.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    dated(ax.xaxis)
    handles = [*ax.get_legend_handles_labels()[0], *stock.get_legend_handles_labels()[0]]
    labels = [*ax.get_legend_handles_labels()[1], *stock.get_legend_handles_labels()[1]]
    ax.legend(
        handles, labels, frameon=False, loc="lower center", ncols=4, bbox_to_anchor=(0.5, 1.0)
    )
    return dress(ax)
