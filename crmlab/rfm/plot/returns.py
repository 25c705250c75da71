"""The chance to return, drawn against the weeks away."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _

DECK = ((12, 0.10), (24, 0.05))  # weeks away, chance to return
_RULE = 1.2


@drawn
def plot_return_probability(
    returns: pd.DataFrame, *, deck: bool = True, ax: Axes | None = None
) -> Axes:
    """Curve of the chance to return against the weeks away, with its 95% band.

    Parameters
    ----------
    returns : DataFrame, as returned by `return_probability`
        weeks : float64
        return_probability, low, high : float64 in [0, 1]
    deck : bool
        Mark the two points of the course, 10% after 12 weeks and 5% after 24, and between
        them the rule 1.2 / weeks that both keep.

    See Also
    --------
    crmlab.rfm.measure.return_probability : makes the frame.
    """
    returns = drawable(returns, "weeks", "return_probability", "low", "high")

    ax = plt.gca() if ax is None else ax
    rows = returns.sort_values("weeks")
    weeks, blue, orange = rows["weeks"].to_numpy(), PALETTE[0], PALETTE[5]
    ax.fill_between(weeks, rows["low"], rows["high"], color=blue, alpha=0.2, lw=0)
    ax.plot(
        weeks,
        rows["return_probability"],
        color=blue,
        marker="o",
        ms=3,
        label=_("measured, with 95% interval"),
    )
    ax.set_xlim(0, weeks.max() * 1.03)
    ax.set_ylim(0, 1.02)
    if deck:
        # The course says nothing about less than 12 weeks or more than 24.
        grid = np.linspace(DECK[0][0], DECK[-1][0], 100)
        ax.plot(grid, _RULE / grid, color=orange, ls="--", label=_("the course: 1.2 / weeks"))
        for week, chance in DECK:
            ax.plot(week, chance, "D", color=orange, ms=8, mec=PALETTE[6], zorder=3)
            ax.annotate(
                _("{n} weeks: {chance:.0%}").format(n=week, chance=chance),
                (week, chance),
                xytext=(10, 18),
                textcoords="offset points",
                arrowprops={"arrowstyle": "-", "color": "0.4"},
            )
        ax.legend(frameon=False, loc="upper right")
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Time since the last visit (weeks)"), ylabel=_("Chance to return (%)"))
    return dress(ax)
