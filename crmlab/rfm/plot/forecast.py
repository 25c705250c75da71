"""Pictures of how well a score forecasts the response."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _, heading

_MARKERS = "osD^vPX"


@drawn
def plot_deciles(deciles: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Response rate of each tenth of the customers, beside what a draw at random would give.

    Parameters
    ----------
    deciles : DataFrame, as returned by `decile_table` for one score
        decile : int64
        response_rate, low, high, base_rate, random_low, random_high : float64 in [0, 1]

    See Also
    --------
    crmlab.rfm.measure.decile_table : makes the frame.
    """
    rates = ["response_rate", "low", "high", "base_rate", "random_low", "random_high"]
    deciles = drawable(deciles, "decile", *rates)

    ax = plt.gca() if ax is None else ax
    decile, rate, low, high, base, luck_low, luck_high = (
        deciles[column].to_numpy() for column in ["decile", *rates]
    )
    ax.fill_between(
        np.r_[decile[0] - 0.6, decile, decile[-1] + 0.6],
        np.r_[luck_low[0], luck_low, luck_low[-1]],
        np.r_[luck_high[0], luck_high, luck_high[-1]],
        color="0.6",
        alpha=0.45,
        lw=0,
        label=_("drawn at random, 95%"),
    )
    ax.axhline(
        base[0],
        color="0.3",
        ls="--",
        lw=1,
        label=_("all customers, {rate:.1%}").format(rate=base[0]),
    )
    ax.bar(decile, rate, 0.7, color=PALETTE[0], zorder=2)
    ax.errorbar(decile, rate, [rate - low, high - rate], fmt="none", ecolor=PALETTE[6], capsize=3)
    for place, share, top in zip(decile, rate, high, strict=True):
        offset = {"xytext": (0, 4), "textcoords": "offset points", "ha": "center"}
        ax.annotate(f"{share:.0%}", (place, top), **offset)
    ax.set_xticks(decile)
    ax.set_xlim(decile[0] - 0.6, decile[-1] + 0.6)
    ax.set_ylim(0, 1.1 * max(high.max(), luck_high.max()))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(
        xlabel=_("Group by score (1: highest)"), ylabel=_("Response rate (%), with 95% interval")
    )
    ax.legend(frameon=False, loc="upper right")
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_gains(deciles: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of the responders reached against the share of customers contacted, per score.

    Parameters
    ----------
    deciles : DataFrame, as returned by `decile_table`; several scores may be concatenated
        score : str
        share_contacted, share_reached : float64 in [0, 1]

    See Also
    --------
    crmlab.rfm.measure.decile_table : makes the frame.
    """
    deciles = drawable(deciles, "score", "share_contacted", "share_reached")

    ax = plt.gca() if ax is None else ax
    for place, (score, rows) in enumerate(deciles.groupby("score", sort=False)):
        ax.plot(
            [0, *rows["share_contacted"]],
            [0, *rows["share_reached"]],
            color=PALETTE[place % len(PALETTE)],
            marker=_MARKERS[place % len(_MARKERS)],
            ms=5,
            label=heading(str(score)),
        )
    ax.plot([0, 1], [0, 1], color="0.3", ls="--", lw=1, label=_("drawn at random"))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(
        xlim=(0, 1),
        ylim=(0, 1.02),
        xlabel=_("Customers contacted, best first (%)"),
        ylabel=_("Responders reached (%)"),
    )
    ax.grid(color="0.9")
    ax.legend(frameon=False, loc="lower right")
    return dress(ax)


@drawn
def plot_cutoff(cutoffs: pd.DataFrame, *, share_contacted: float, ax: Axes | None = None) -> Axes:
    """Profit against the share of customers contacted, with one place to stop marked.

    Parameters
    ----------
    cutoffs : DataFrame, as returned by `cutoff_table`
        share_contacted : float64 in [0, 1]
        contacted : int64
        responders, profit : float64
    share_contacted : float in [0, 1]
        The place to stop; the nearest row is marked.

    See Also
    --------
    crmlab.rfm.measure.cutoff_table : makes the frame.
    """
    cutoffs = drawable(cutoffs, "share_contacted", "contacted", "responders", "profit")

    ax = plt.gca() if ax is None else ax
    share, profit = cutoffs["share_contacted"].to_numpy(), cutoffs["profit"].to_numpy()
    here, best = np.abs(share - share_contacted).argmin(), profit.argmax()
    ax.axhline(0, color="0.3", lw=1)
    ax.fill_between(share[: here + 1], profit[: here + 1], color=PALETTE[4], alpha=0.35, lw=0)
    ax.plot(share, profit, color=PALETTE[0])
    ax.plot(
        share[best],
        profit[best],
        "D",
        color=PALETTE[2],
        ms=8,
        label=_("best stop: {share:.0%} contacted, profit {profit:,.0f}").format(
            share=share[best], profit=profit[best]
        ),
    )
    row = cutoffs.iloc[here]
    ax.plot(
        share[here],
        profit[here],
        "o",
        color=PALETTE[5],
        ms=10,
        mec=PALETTE[6],
        label=_(
            "chosen: {contacted:,.0f} contacted, {responders:,.0f} respond, profit {profit:,.0f}"
        ).format(**row[["contacted", "responders", "profit"]]),
    )
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.yaxis.set_major_formatter("{x:,.0f}")
    low, high = min(0.0, profit.min()), profit.max()
    room = 0.05 * (high - low or 1)
    ax.set_ylim(low - room, high + 4 * room)
    ax.set(xlabel=_("Customers contacted, best first (%)"), ylabel=_("Profit (money)"), xlim=(0, 1))
    ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, 1.18))
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)
