"""What satisfies, with intervals."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _


@drawn
def plot_satisfaction_drivers(
    satisfaction_drivers: pd.DataFrame, *, ax: Axes | None = None
) -> Axes:
    """Bars of the drivers' weights with their 95 % intervals, heaviest on top.

    Parameters
    ----------
    satisfaction_drivers : DataFrame, as returned by `satisfaction_drivers`
        driver : str
        weight, low, high, correlation : float64
        truth : float64, optional; drawn as crosses

    See Also
    --------
    crmlab.loyalty.measure.satisfaction_drivers : makes the frame.
    """
    satisfaction_drivers = drawable(
        satisfaction_drivers, "driver", "weight", "low", "high", "correlation"
    )

    ax = plt.gca() if ax is None else ax
    table = satisfaction_drivers
    place, weight = -np.arange(len(table)), table["weight"].to_numpy("float64")
    reach = np.array([weight - table["low"], table["high"] - weight])
    ax.barh(
        place,
        weight,
        xerr=reach,
        height=0.6,
        color=PALETTE[4],
        edgecolor=PALETTE[0],
        capsize=4,
        label=_("weight, 95 % interval"),
    )
    style = {"linestyle": "", "markersize": 8, "zorder": 3}
    ax.plot(
        table["correlation"],
        place,
        marker="D",
        color=PALETTE[6],
        markerfacecolor="white",
        label=_("correlation with the whole"),
        **style,
    )
    if "truth" in table:
        cross = {**style, "marker": "x", "color": PALETTE[5], "markeredgewidth": 2}
        ax.plot(table["truth"], place, label=_("truth"), **cross)
    ax.axvline(0, color="grey", linewidth=1)
    ax.set_yticks(place, [_(driver) for driver in table["driver"].astype("str")])
    ax.set(xlabel=_("Weight (points of the whole for a point of the driver), or correlation"))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.12), ncols=3, frameon=False)
    return dress(ax)
