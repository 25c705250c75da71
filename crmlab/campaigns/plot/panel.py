"""Pictures without a control group: an event study, and what happened to a chain."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress, percent
from crmlab._words import N_, _

_QUANTITIES = {
    "sales": N_("sales of the chain"),
    "sites": N_("sites"),
    "sales per site": N_("sales per site"),
    "same sites": N_("same sites"),
    "mix": N_("who is left (mix)"),
    "others": N_("other stations"),
}


@drawn
def plot_event_study(
    study: pd.DataFrame, *, truth: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw treated less others week by week, before and after a programme began.

    Parameters
    ----------
    study : DataFrame, as returned by `event_study`
        week, effect, low, high
    truth : float, optional
        A line at the true effect after week 0.

    See Also
    --------
    crmlab.campaigns.measure.event_study : makes the frame.
    """
    table = drawable(study, "week", "effect", "low", "high").sort_values("week")

    ax = plt.gca() if ax is None else ax
    ax.axhline(0, color="grey", linewidth=0.8)
    ax.axvline(-0.5, color="grey", linestyle=":", linewidth=1)
    reach = [table["effect"] - table["low"], table["high"] - table["effect"]]
    ax.errorbar(
        table["week"], table["effect"], yerr=reach, fmt="o", markersize=4, color=PALETTE[0],
        capsize=2, label=_("chain less others, 95% interval"),
    )  # fmt: skip
    if truth is not None:
        last = table["week"].max()
        ax.plot([0, last], [truth] * 2, "--", color=PALETTE[5], label=_("truth"))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Week (0: the programme begins)"), ylabel=_("Sales against before"))
    ax.legend(frameon=False, loc="upper left")
    return dress(ax)


@drawn
def plot_site_change(change: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw what changed in a chain: in all, per site, at the same sites, and by who is left.

    Parameters
    ----------
    change : DataFrame, as returned by `site_change`
        quantity, change

    See Also
    --------
    crmlab.campaigns.measure.site_change : makes the frame.
    """
    table = drawable(change, "quantity", "change")
    table = table[table["quantity"].isin([*_QUANTITIES])]

    ax = plt.gca() if ax is None else ax
    at = -np.arange(len(table), dtype=float)
    values = table["change"].to_numpy(float)
    colours = [PALETTE[0] if one >= 0 else PALETTE[5] for one in values]
    ax.barh(at, values, color=colours, height=0.6)
    ax.axvline(0, color="grey", linewidth=0.8)
    for place, value in zip(at, values, strict=True):
        side = "left" if value >= 0 else "right"
        sign = "+" if value >= 0.005 else "−" if value <= -0.005 else ""
        words = f" {sign}{percent(abs(value)) if abs(value) >= 0.005 else '0%'} "
        ax.text(value, place, words, va="center", ha=side)
    ax.set_yticks(at, [_(_QUANTITIES[name]) for name in table["quantity"].astype("str")])
    least, most = min(values.min(), 0), max(values.max(), 0)
    room = 0.2 * max(most - least, 0.01)
    ax.set_xlim(least - room, most + room)
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set_xlabel(_("Change against before"))
    return dress(ax)
