"""A tornado: which weight moves the ranking most."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _, heading


@drawn
def plot_rank_stability(stability: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Tornado of the places customers move: left for less weight, right for more.

    The criterion that matters most stands on top. A star marks a change that gives the first
    place to somebody else.

    Parameters
    ----------
    stability : DataFrame, as returned by `rank_stability`
        criterion : str
        direction : str, "less" or "more"
        weight : float64, share after the change
        mean_move : float64, in places
        same_leaders : bool

    See Also
    --------
    crmlab.rfm.measure.rank_stability : makes the frame.
    """
    stability = drawable(stability, "criterion", "direction", "weight", "mean_move", "same_leaders")

    ax = plt.gca() if ax is None else ax
    moves = stability.pivot(index="criterion", columns="direction", values="mean_move")
    names = [str(name) for name in moves.index[np.argsort(moves.max(axis=1), kind="stable")]]
    sides = (
        ("less", _("less weight"), -1, PALETTE[1], "//"),
        ("more", _("more weight"), 1, PALETTE[0], ""),
    )
    for direction, label, sign, colour, hatch in sides:
        rows = stability[stability["direction"] == direction].set_index("criterion").loc[names]
        bars = ax.barh(
            [heading(name).replace("_", " ") for name in names],
            sign * rows["mean_move"].to_numpy(),
            color=colour,
            edgecolor="white",
            hatch=hatch,
            label=label,
        )
        stars = np.where(rows["same_leaders"], "", " ★")
        ends = [f"{weight:.0%}{star}" for weight, star in zip(rows["weight"], stars, strict=True)]
        ax.bar_label(bars, ends, padding=4)
    reach = 1.25 * float(stability["mean_move"].to_numpy().max()) or 1.0
    ax.set_xlim(-reach, reach)
    ax.axvline(0, color=PALETTE[6], lw=1)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda places, place: f"{abs(places):g}"))
    moves = _("Mean move (places in the ranking)")
    if not stability["same_leaders"].all():
        moves = _("Mean move (places in the ranking); ★ another customer comes first")
    ax.set(
        xlabel=moves,
        ylabel=_("Criterion, its new weight beside the bar"),
    )
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncol=2)
    return dress(ax)
