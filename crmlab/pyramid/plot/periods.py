"""The pyramid over longer and shorter periods."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _

_MARKERS = "osD^vPX"


@drawn
def plot_pyramid_by_period(pyramid_by_period: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of spend of each tier against the length of the period.

    Parameters
    ----------
    pyramid_by_period : DataFrame, as returned by `pyramid_by_period`
        months : int64
        tier : str
        customers : int64
        share_of_spend : float64

    See Also
    --------
    crmlab.pyramid.measure.pyramid_by_period : makes the frame.
    """
    pyramid_by_period = drawable(pyramid_by_period, "months", "tier", "customers", "share_of_spend")

    ax = plt.gca() if ax is None else ax
    for number, tier in enumerate(pyramid_by_period["tier"].unique()):
        part = pyramid_by_period[pyramid_by_period["tier"] == tier]
        share = part["share_of_spend"].where(part["customers"] > 0)  # nobody is not "nothing"
        (line,) = ax.plot(part["months"], share, linewidth=2, label=_(tier))
        line.set(color=PALETTE[number % 7], marker=_MARKERS[number % 7])
        end = part.iloc[-1]
        ax.annotate(
            _(tier),
            (end["months"], end["share_of_spend"]),
            (9, 0),
            textcoords="offset points",
            va="center",
        )
    months = sorted(pyramid_by_period["months"].unique())
    ax.set_xticks(months, [str(month) for month in months])
    ax.set_xlim(0, 1.2 * months[-1])
    ax.set_ylim(bottom=min(0.0, pyramid_by_period["share_of_spend"].min()))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Length of the period (months, all ending on the same day)"))
    ax.set(ylabel=_("Share of spend"))
    return dress(ax)
