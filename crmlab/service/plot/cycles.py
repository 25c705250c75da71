"""The purchase-cycle calendar of a household."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crmlab._theme import PALETTE, dated, drawable, drawn, dress
from crmlab._words import _


@drawn
def plot_cycles(
    purchases: pd.DataFrame,
    cycles: pd.DataFrame,
    *,
    date: str = "date",
    category: str = "category",
    ax: Axes | None = None,
) -> Axes:
    """Draw when a household bought each category, and when it will need it again.

    Parameters
    ----------
    purchases : DataFrame, the purchases of one household: `date`, `category`
    cycles : DataFrame, as returned by `purchase_cycles`, the rows of that household
        `category`, last, age_days, mean_gap_days, next_on, due
    date, category : str

    See Also
    --------
    crmlab.service.measure.purchase_cycles : makes the second frame.
    """
    purchases = drawable(purchases, date=date, category=category)
    columns = ("last", "age_days", "mean_gap_days", "next_on", "due")
    cycles = drawable(cycles, *columns, category=category).sort_values(["due", category])

    ax = plt.gca() if ax is None else ax
    names = cycles[category].astype("str").tolist()
    row = dict(zip(names, range(len(names)), strict=True))
    at = purchases[category].astype("str").map(row)
    ax.plot(purchases[date], at, "o", color=PALETTE[0], markersize=5, label=_("bought"))
    today = (cycles["last"] + pd.to_timedelta(cycles["age_days"], unit="D")).max()
    ax.axvline(today, color="0.5", linestyle=":", label=_("today"))
    ax.axvspan(today, today + pd.Timedelta(days=7), color=PALETTE[4], alpha=0.25,
               label=_("the week of the list"), linewidth=0)  # fmt: skip
    # What is overdue is needed now.
    needed = cycles["next_on"].where(cycles["next_on"] > today, today)
    ax.plot(needed, np.arange(len(names)), "D", color=PALETTE[5], markerfacecolor="white",
            markersize=7, label=_("needed again"))  # fmt: skip
    last = max(needed.max(), today + pd.Timedelta(days=7))
    room = 0.16 * (last - purchases[date].min())
    for place, due in enumerate(cycles["due"]):
        ax.annotate(f"{due:.0%}", (last + room * 0.75, place), ha="center", va="center")
    ax.set_xlim(purchases[date].min() - pd.Timedelta(days=2), last + room)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(-0.6, len(names) + 0.9)
    dated(ax.xaxis)
    ax.set_xlabel(_("Day (right: chance to be needed within the week)"))
    ax.legend(frameon=False, loc="upper left", ncols=4, columnspacing=1)
    return dress(ax)
