"""An UpSet picture: how many customers are in exactly which groups."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _
from crmlab.errors import OutOfRangeError


@drawn
def plot_overlap_sets(sets: pd.DataFrame, *, most: int = 15, ax: Axes | None = None) -> Axes:
    """Draw the largest sets as bars, and below each the groups that it is made of.

    Parameters
    ----------
    sets : DataFrame, as returned by `overlap_sets`
        a bool column for each group; customers
    most : int
        Sets shown, the largest first.

    Returns
    -------
    Axes
        Bars stand above zero, on a scale of customers; the groups below it.

    Raises
    ------
    OutOfRangeError
        If there are no groups, or none is to be shown.

    See Also
    --------
    crmlab.behaviour.measure.overlap_sets : makes the frame.

    Source
    ------
    Lex, Gehlenborg, Strobelt, Vuillemot and Pfister (2014), doi:10.1109/TVCG.2014.2346248.
    """
    sets = drawable(sets, "customers", "share")
    groups = [str(name) for name in sets if name not in ("customers", "share")]
    if not groups or most < 1:
        raise OutOfRangeError("there are no groups to show, columns of True and False.")
    shown = sets.sort_values("customers", ascending=False, kind="stable").head(most)

    ax = plt.gca() if ax is None else ax
    x, height = np.arange(len(shown)), shown["customers"].to_numpy(float)
    inside = shown[groups].to_numpy(dtype=bool)
    order = np.argsort(-inside.sum(axis=0), kind="stable")
    row = height.max() / 9  # a line of dots takes a ninth of the tallest bar
    below = -row * (np.arange(len(groups)) + 1.2)
    ax.bar(x, height, color=PALETTE[0], width=0.6)
    for place, one in enumerate(height):
        ax.text(place, one, f"{one:,.0f}", ha="center", va="bottom", fontsize="small")
    for place in x:
        dots = inside[place][order]
        ax.scatter(np.full(len(groups), place), below, s=26, color="#D8D8D8", zorder=2)
        ax.scatter(np.full(dots.sum(), place), below[dots], s=30, color=PALETTE[6], zorder=3)
        if dots.sum() > 1:
            ax.plot([place, place], [below[dots].min(), below[dots].max()], color=PALETTE[6])
    for line in below[::2]:
        ax.axhspan(line - row / 2, line + row / 2, color="#F2F2F2", zorder=0)
    ax.axhline(0, color=PALETTE[6], linewidth=0.8)
    ticks = [tick for tick in ax.get_yticks() if 0 < tick <= height.max()][1::2]
    ax.set_yticks(
        [*below, *ticks],
        [_(groups[place]) for place in order] + [f"{tick:,.0f}" for tick in ticks],
    )
    ax.set_xticks([])
    ax.set(ylim=(below.min() - row, 1.12 * height.max()), xlim=(-0.7, len(shown) - 0.3))
    ax.set(ylabel=_("Customers in exactly these groups"))
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    return dress(ax)
