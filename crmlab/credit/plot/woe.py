"""Picture of the bins of one column."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crmlab._theme import PALETTE, drawable, drawn, dress, percent
from crmlab._words import _, heading
from crmlab.errors import EmptyError


@drawn
def plot_woe(bins: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Bars of the weight of evidence of one column's bins, with share and bad rate of each.

    Parameters
    ----------
    bins : DataFrame, rows of one column, returned by `OptimalBinner.table`
        column, bin : str; share, bad_rate, woe : float64
        Bins without rows are left out.

    Raises
    ------
    EmptyError
        If no bin has rows.
    """
    bins = drawable(bins, "column", "bin", "share", "bad_rate", "woe")
    rows = bins[bins["share"] > 0][::-1]
    if rows.empty:
        raise EmptyError("no bin has rows; at least one is needed.")

    ax = plt.gca() if ax is None else ax
    place, safe = np.arange(len(rows)), (rows["woe"] >= 0).to_numpy()
    colours = np.where(safe, PALETTE[0], PALETTE[1])
    hatches = ["" if is_safe else "//" for is_safe in safe]
    bars = ax.barh(place, rows["woe"], 0.7, color=colours, hatch=hatches, edgecolor="white")
    part = _("{share} of all, {rate} bad")
    words = [
        part.format(share=percent(share), rate=percent(rate))
        for share, rate in zip(rows["share"], rows["bad_rate"], strict=True)
    ]
    ax.bar_label(bars, labels=words, padding=4)
    ax.axvline(0, color=PALETTE[6], linewidth=0.8)
    names = [name if len(name) <= 32 else f"{name[:30]}…" for name in map(_bin, rows["bin"])]
    ax.set_yticks(place, names)
    ax.margins(x=0.45)
    ax.set(
        xlabel=_("Weight of evidence (right: safer; hatched: riskier than the mean)"),
        ylabel=heading(str(rows["column"].iloc[0])),
    )
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


def _bin(name: str) -> str:
    """Return the name of a bin in the reader's language; values stay as they are."""
    for bounds, words in (
        (r"up to (\S+)", _("up to {0}")),
        (r"(\S+) to (\S+)", _("{0} to {1}")),
        (r"above (\S+)", _("above {0}")),
        ("missing", _("missing")),
    ):
        if found := re.fullmatch(bounds, name):
            return words.format(*found.groups())
    return name
