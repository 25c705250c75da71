"""A ranking of groups, before and after luck is taken out."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crmlab._checks import require_columns, require_rows
from crmlab._theme import PALETTE, drawn, dress
from crmlab._words import _


@drawn
def plot_ranking(shrunken: pd.DataFrame, *, group: str = "branch", ax: Axes | None = None) -> Axes:
    """Draw groups by their scores with intervals, and what is left of them after shrinking.

    Parameters
    ----------
    shrunken : DataFrame, as returned by `shrunken` from `net_promoter`
        `group`; nps, low, high, shrunk, shrunk_low, shrunk_high : float64, points
        truth : float64, optional; drawn as crosses
    group : str
        Column of the groups' names.

    Returns
    -------
    Axes
        Highest score on top.

    See Also
    --------
    crmlab.loyalty.measure.shrunken : makes the frame.
    """
    columns = ("nps", "low", "high", "shrunk", "shrunk_low", "shrunk_high")
    require_columns(shrunken, *columns, group=group)
    require_rows(shrunken)

    ax = plt.gca() if ax is None else ax
    table = shrunken.sort_values("nps", ascending=False, kind="stable")
    place = -np.arange(len(table), dtype="float64")
    for names, shift, style in (
        (
            ("nps", "low", "high"),
            0.15,
            {"color": PALETTE[4], "marker": "o", "label": _("as asked")},
        ),
        (
            ("shrunk", "shrunk_low", "shrunk_high"),
            -0.15,
            {"color": PALETTE[0], "marker": "s", "label": _("shrunken")},
        ),
    ):
        middle, low, high = (table[name].to_numpy("float64") for name in names)
        # An interval of few answers need not hold the score as asked.
        reach = np.maximum([middle - low, high - middle], 0)
        ax.errorbar(middle, place + shift, xerr=reach, linestyle="", markersize=5, **style)
    if "truth" in table:
        cross = {"marker": "x", "color": PALETTE[5], "markeredgewidth": 2, "markersize": 7}
        ax.plot(table["truth"], place, linestyle="", zorder=4, label=_("truth"), **cross)
    ax.set_yticks(place, table[group].astype("str").tolist())
    ax.set(xlabel=_("Net promoter score (points), 95 % intervals"))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.1), ncols=3, frameon=False)
    return dress(ax)
