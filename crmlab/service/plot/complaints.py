"""What complaints do."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _

_ARROW = 0.05
_ASKED_OF = {"purchases": N_("per purchase"), "customers": N_("per customer")}
# So far above or below their line stand those who did not complain, and those who did.
_APART = 0.06


@drawn
def plot_complaint_to_churn(complaint_to_churn: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share who come back after a complaint and without, asked of purchases and of customers.

    Parameters
    ----------
    complaint_to_churn : DataFrame, as returned by `complaint_to_churn`
        asked_of : str
        back_complained, back_others, ratio, low, high : float64

    See Also
    --------
    crmlab.service.measure.complaint_to_churn : makes the frame.
    """
    columns = ("asked_of", "back_complained", "back_others", "ratio", "low", "high")
    complaint_to_churn = drawable(complaint_to_churn, *columns)

    ax = plt.gca() if ax is None else ax
    numbers = complaint_to_churn[[*columns[1:]]].to_numpy("float64")
    for place, (sore, others, ratio, low, high) in enumerate(numbers):
        ends = others, sore
        if abs(sore - others) > _ARROW:
            arrow = {"arrowstyle": "-|>", "color": "0.4", "shrinkA": 7, "shrinkB": 7}
            ax.annotate("", (sore, -place - _APART), (others, -place + _APART), arrowprops=arrow)
        for end, way, marker, colour, label in (
            (ends[0], 1, "o", PALETTE[0], _("no complaint")),
            (ends[1], -1, "s", PALETTE[5], _("complained")),
        ):
            y, words = -place + way * _APART, None if place else label
            ax.plot(end, y, marker, color=colour, markersize=10, label=words)
        words, middle = _("{ratio:.2f} times ({low:.2f} to {high:.2f})"), sum(ends) / 2
        words = words.format(ratio=ratio, low=low, high=high)
        ax.annotate(words, (middle, -place), (0, 16), textcoords="offset points", ha="center")
    names = complaint_to_churn["asked_of"].astype("str").tolist()
    ax.set_yticks(-np.arange(len(names)), [_(_ASKED_OF.get(name, name)) for name in names])
    ax.set(xlim=(0, 1), ylim=(-len(names) + 0.4, 0.6))
    ax.set(xlabel=_("Came back within the horizon (share)"))
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.legend(loc="lower left", frameon=False)
    return dress(ax)
