"""Pictures of a stall: its line after the bell, and whether a giant would come."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import StrMethodFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _


@drawn
def plot_line(
    queue_waits: pd.DataFrame,
    *,
    collects: str = "collects_at",
    bells: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how many customers stand at the stall, minute by minute.

    A customer stands there from coming until the order is ready.

    Parameters
    ----------
    queue_waits : DataFrame, as returned by `queue_waits`
        the column `collects`; ready_at, wait_minutes : float64, minutes
    collects : str
        Column of when the customer is there.
    bells : DataFrame, optional, as `simulate_stall` returns beside its orders
        bell_at : float64, minutes; each bell is a line

    See Also
    --------
    crmlab.social.measure.queue_waits : makes the frame.
    """
    queue_waits = drawable(queue_waits, "ready_at", "wait_minutes", collects=collects)
    rung = [] if bells is None else drawable(bells, "bell_at")["bell_at"].tolist()

    ax = plt.gca() if ax is None else ax
    comes = queue_waits[collects].to_numpy("float64")
    leaves = comes + queue_waits["wait_minutes"].to_numpy("float64")
    when = np.concatenate([comes, leaves])
    step = np.concatenate([np.ones(len(comes)), -np.ones(len(leaves))])
    order = np.lexsort([-step, when])
    x, y = when[order], step[order].cumsum()
    ax.fill_between(x, y, step="post", color=PALETTE[0], alpha=0.25, linewidth=0)
    ax.step(x, y, where="post", color=PALETTE[0])
    for at in rung:
        ax.axvline(at, color="0.4", linewidth=1, linestyle=":")
        where = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
        ax.annotate(_("bell"), (at, 1), (3, -3), va="top", color="0.3", **where)
    ax.set_xlabel(_("Minutes since the stall began"))
    ax.set_ylabel(_("Customers standing at the stall"))
    ax.set_ylim(bottom=0)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_entry_game(entry_game: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw what stall and giant earn a day by the size of the market, and from where one enters.

    Parameters
    ----------
    entry_game : DataFrame, as returned by `entry_game`
        portions, profit_alone, profit_stall, profit_giant : float64
        enters : bool

    See Also
    --------
    crmlab.social.measure.entry_game : makes the frame.
    """
    names = ("portions", "profit_alone", "profit_stall", "profit_giant", "enters")
    entry_game = drawable(entry_game, *names).sort_values("portions")

    ax = plt.gca() if ax is None else ax
    x = entry_game["portions"].to_numpy("float64")
    lines = [
        ("profit_alone", _("stall, alone"), PALETTE[0], ":"),
        ("profit_stall", _("stall, beside the giant"), PALETTE[0], "-"),
        ("profit_giant", _("giant"), PALETTE[5], "--"),
    ]
    for name, words, color, style in lines:
        ax.plot(x, entry_game[name], color=color, linestyle=style, label=words)
    enters = entry_game["enters"].to_numpy(bool)
    if enters.any():
        first = x[enters.argmax()]
        ax.axvspan(first, x.max(), color="0.92", zorder=0)
        where = {"xycoords": ("data", "axes fraction"), "va": "top", "color": "0.3"}
        words = _("the giant comes from {size:,.0f} on").format(size=first)
        right = first > (x.min() + x.max()) / 2
        ax.annotate(
            words,
            (first, 0.98),
            (-6 if right else 6, 0),
            textcoords="offset points",
            ha="right" if right else "left",
            **where,
        )
    ax.axhline(0, color="grey", linewidth=0.8)
    ax.set(xlabel=_("Portions a day that could be sold"), ylabel=_("Profit a day (CNY)"))
    ax.set_xlim(x.min(), x.max())
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_fee_curve(fee_curve: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw what a channel earns after its fee, by the extra orders, and where it begins to pay.

    Parameters
    ----------
    fee_curve : DataFrame, as returned by `fee_curve`
        orders : int64; profit_cny : float64; pays : bool

    See Also
    --------
    crmlab.social.measure.fee_curve : makes the frame.
    """
    fee_curve = drawable(fee_curve, "orders", "profit_cny", "pays").sort_values("orders")

    ax = plt.gca() if ax is None else ax
    x, y = (fee_curve[name].to_numpy("float64") for name in ("orders", "profit_cny"))
    pays = fee_curve["pays"].to_numpy(bool)
    ax.plot(x, y, color=PALETTE[0])
    for side, color in ((pays, PALETTE[2]), (~pays, PALETTE[5])):
        ax.fill_between(x, y, where=side, color=color, alpha=0.3, linewidth=0)
    ax.axhline(0, color="grey", linewidth=0.8)
    if pays.any():
        first = x[pays.argmax()]
        ax.plot([first], [y[pays.argmax()]], "D", color=PALETTE[2])
        words = _("pays from {orders:,.0f} extra orders on").format(orders=first)
        right = first > (x.min() + x.max()) / 2
        side = "right" if right else "left"
        place = (-8 if right else 8, 10 if right else -16)
        place = place if y.min() < 0 else (40, 6)  # nothing lies below: beside the line
        ax.annotate(words, (first, 0), place, textcoords="offset points", ha=side)
    else:
        words = _("does not pay with {orders:,.0f} extra orders").format(orders=x.max())
        ax.annotate(words, (0.98, 0.9), xycoords="axes fraction", ha="right")
    ax.set(xlabel=_("Extra orders a month"), ylabel=_("Profit a month after the fee (CNY)"))
    ax.set_xlim(x.min(), x.max())
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)
