"""What winning and keeping cost and bring, and what being brought by a friend does."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _

_GROUPS = {"new": N_("strangers"), "existing": N_("customers")}
_WAYS = {
    "raw": N_("raw: referred against alone"),
    "adjusted": N_("adjusted for the first basket"),
    "at random": N_("at random"),
}


@drawn
def plot_contact_yield(contact_yield: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw, per group, what a sale costs as a bar, and what a contact adds as a point.

    Parameters
    ----------
    contact_yield : DataFrame, as returned by `contact_yield`
        group : str
        cost_per_sale, adds, adds_low, adds_high : float64

    Returns
    -------
    Axes
        The Axes of the bars; the points have their own axis, on the right, with the same zero.

    See Also
    --------
    crmlab.customers.measure.contact_yield : makes the frame.
    """
    columns = ("group", "cost_per_sale", "adds", "adds_low", "adds_high")
    contact_yield = drawable(contact_yield, *columns)

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(contact_yield))
    cost, adds, low, high = (contact_yield[name].to_numpy("float64") for name in columns[1:])
    ax.bar(
        place - 0.18, cost, 0.34, color=PALETTE[4], edgecolor=PALETTE[0], label=_("cost of a sale")
    )
    for x, value in zip(place, cost, strict=True):
        ax.annotate(
            f"{value:,.0f}", (x - 0.18, value), (0, 3), textcoords="offset points", ha="center"
        )
    other = ax.twinx()
    reach = np.array([adds - low, high - adds]).clip(min=0)
    style = {"linestyle": "", "marker": "D", "color": PALETTE[5], "capsize": 4}
    other.errorbar(place + 0.18, adds, yerr=reach, label=_("what a contact adds"), **style)
    for x, value in zip(place, adds, strict=True):
        if np.isfinite(value):
            there = (x + 0.18, value)
            other.annotate(f"{value:+,.1f}", there, (10, -4), textcoords="offset points")
    ax.axhline(0, color="grey", linewidth=0.8)
    far = 1.5 * np.nanmax(np.abs(np.r_[low, high, 1.0]))
    top = 1.25 * np.nanmax(np.r_[cost, 1.0])
    ax.set(ylim=(-top, top), ylabel=_("Cost per sale (CNY, bars)"))
    ax.set_yticks([tick for tick in ax.get_yticks() if 0 <= tick <= top])
    other.set(ylim=(-far, far), ylabel=_("Margin added less cost, per contact (CNY, points)"))
    names = contact_yield["group"].astype("str")
    ax.set_xticks(place, [_(_GROUPS[one]) if one in _GROUPS else one for one in names])
    ax.set(xlabel=_("Who was contacted"), xlim=(-0.6, len(place) - 0.4))
    both = [one.get_legend_handles_labels() for one in (ax, other)]
    where = {"frameon": False, "loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": 2}
    ax.legend(both[0][0] + both[1][0], both[0][1] + both[1][1], **where)
    return dress(ax)


@drawn
def plot_budget_curve(budget_curve: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Line of the profit by the share of the budget that goes into keeping, the best share marked.

    Parameters
    ----------
    budget_curve : DataFrame, as returned by `budget_curve`
        share_keeping, won, kept, profit : float64
        is_best : bool

    See Also
    --------
    crmlab.customers.measure.budget_curve : makes the frame.
    """
    columns = ("share_keeping", "won", "kept", "profit", "is_best")
    budget_curve = drawable(budget_curve, *columns)

    ax = plt.gca() if ax is None else ax
    table = budget_curve.sort_values("share_keeping")
    ax.plot(table["share_keeping"], table["profit"], color=PALETTE[0])
    best = table.iloc[int(table["profit"].to_numpy("float64").argmax())]
    share, profit, won, kept = (
        float(best[name]) for name in ("share_keeping", "profit", "won", "kept")
    )
    ax.plot([share], [profit], marker="o", markersize=9, color=PALETTE[5])
    words = _("best: {share:.0%} on keeping\n{won:,.0f} won, {kept:,.0f} kept")
    on_left = share > 0.5
    ax.annotate(
        words.format(share=share, won=won, kept=kept),
        (share, profit),
        (-10 if on_left else 10, -34),
        textcoords="offset points",
        ha="right" if on_left else "left",
        va="top",
    )
    ax.set(
        xlabel=_("Share of the budget for keeping"),
        ylabel=_("Value won and kept, less budget (money)"),
    )
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.margins(y=0.15)
    return dress(ax)


@drawn
def plot_brought(brought_by_generation: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Bars of customers brought per customer, by generation, with 95 % intervals and numbers.

    Parameters
    ----------
    brought_by_generation : DataFrame, as returned by `brought_by_generation`
        generation, customers : int64
        brought_per_customer, low, high : float64

    See Also
    --------
    crmlab.customers.measure.brought_by_generation : makes the frame.
    """
    columns = ("generation", "customers", "brought_per_customer", "low", "high")
    table = drawable(brought_by_generation, *columns)

    ax = plt.gca() if ax is None else ax
    mean, low, high = (table[name].to_numpy("float64") for name in columns[2:])
    reach = np.array([mean - low, high - mean]).clip(min=0)
    look = {"color": PALETTE[4], "edgecolor": PALETTE[0], "capsize": 4}
    ax.bar(table["generation"], mean, 0.7, yerr=reach, **look)
    tops = np.nan_to_num(np.fmax(high, mean))
    for x, top, n in zip(table["generation"], tops, table["customers"], strict=True):
        words = f"n = {n:,}"
        ax.annotate(words, (x, top), (0, 3), textcoords="offset points", ha="center", fontsize=9)
    ax.set(xlabel=_("Generation (0: brought by nobody)"), ylabel=_("Brought per customer"))
    ax.set(ylim=(0, 1.15 * max(tops.max(), 0.05)))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return dress(ax)


@drawn
def plot_referral_effect(
    referral_effect: pd.DataFrame, *, truth: float | None = None, ax: Axes | None = None
) -> Axes:
    """Points of the effect of being told by a friend, by way of comparing, with 95 % intervals.

    Parameters
    ----------
    referral_effect : DataFrame, as returned by `referral_effect`
        way : str
        effect, low, high : float64, in the log of what was spent
    truth : float, optional
        Draws a line there.

    See Also
    --------
    crmlab.customers.measure.referral_effect : makes the frame.
    """
    table = drawable(referral_effect, "way", "effect", "low", "high")

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(table))[::-1]
    effect, low, high = (table[name].to_numpy("float64") for name in ("effect", "low", "high"))
    reach = np.array([effect - low, high - effect]).clip(min=0)
    style = {"linestyle": "", "marker": "o", "color": PALETTE[0], "capsize": 4}
    ax.errorbar(effect, place, xerr=reach, **style)
    for x, y in zip(effect, place, strict=True):
        if np.isfinite(x):
            ax.annotate(
                f"{np.expm1(x):+.0%}", (x, y), (0, 8), textcoords="offset points", ha="center"
            )
    ax.axvline(0, color="grey", linewidth=0.8)
    if truth is not None:
        words = _("truth: {more:+.0%}").format(more=np.expm1(truth))
        ax.axvline(truth, color=PALETTE[5], linestyle="--", label=words)
        ax.legend(frameon=False, loc="lower right")
    ways = table["way"].astype("str")
    ax.set_yticks(place, [_(_WAYS[one]) if one in _WAYS else one for one in ways])
    ax.set(ylim=(-0.7, len(place) - 0.3), xlabel=_("Effect on spend (difference of logarithms)"))
    return dress(ax)
