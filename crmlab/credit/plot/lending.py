"""Picture of what lending earns."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress, percent
from crmlab._words import _


@drawn
def plot_lending(
    table: pd.DataFrame, *, share_approved: float | None = None, ax: Axes | None = None
) -> Axes:
    """Curve of the profit against the share approved, with the best stop and one of your own.

    Parameters
    ----------
    table : DataFrame, as returned by `lending_table`
        share_approved, default_rate, profit : float64; best : bool
    share_approved : float in [0, 1], optional
        A stop to mark beside the best one.
    """
    table = drawable(table, "share_approved", "default_rate", "profit", "best")

    ax = plt.gca() if ax is None else ax
    ax.plot(table["share_approved"], table["profit"], color=PALETTE[0])
    ax.axhline(0, color=PALETTE[6], linewidth=0.8)
    stops = [(_("★ best"), table[table["best"]].iloc[0], "*", PALETTE[1])]
    if share_approved is not None:
        near = (table["share_approved"] - share_approved).abs().idxmin()
        stops.append((_("yours"), table.loc[near], "o", PALETTE[2]))
    for name, row, marker, colour in stops:
        words = _("{name}: lend to {share}, {rate} default, earn {profit:,.0f}")
        if pd.isna(row["default_rate"]):
            words = _("{name}: lend to {share}, earn {profit:,.0f}")
        label = words.format(
            name=name,
            share=percent(row["share_approved"]),
            rate=percent(row["default_rate"]),
            profit=row["profit"],
        )
        ax.plot(
            row["share_approved"], row["profit"], marker, color=colour, markersize=12, label=label
        )
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(
        xlabel=_("Share approved, safest first (%)"), ylabel=_("Profit (in units of the amount)")
    )
    # Above the picture: inside it some curve or the line of no profit would run through it.
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1))
    ax.margins(y=0.05)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)
