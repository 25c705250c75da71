"""Lives of single customers, a line each."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from crmlab._checks import day_of
from crmlab._theme import PALETTE, dated, drawable, drawn, dress
from crmlab._words import _
from crmlab.errors import OutOfRangeError

_MOST = 40


@drawn
def plot_timelines(
    purchases: pd.DataFrame, *, as_of: str | pd.Timestamp | None = None, ax: Axes | None = None
) -> Axes:
    """Purchases of a few customers on their lines of time: the larger the dot, the larger the sum.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase of at most 40 customers
        customer_id : int64 or str
        date : datetime64
        amount : float64; a refund, or nothing, is a cross, which the axis label then explains
    as_of : date, optional
        Where the lines end; the last day in the data when omitted.

    Raises
    ------
    OutOfRangeError
        If there are more than 40 customers, or none, or `as_of` is no date.

    See Also
    --------
    crmlab.rfm.measure.rfm : the same lives as numbers.
    """
    purchases = drawable(purchases, "customer_id", "date", "amount")
    customers = sorted(purchases["customer_id"].unique())
    if len(customers) > _MOST:
        raise OutOfRangeError(
            f"{len(customers)} customers do not fit; give 1 to {_MOST}: "
            "purchases[purchases['customer_id'].isin([…])]"
        )
    end = float(date2num(purchases["date"].max() if as_of is None else day_of("as_of", as_of)))

    ax = plt.gca() if ax is None else ax
    largest = purchases["amount"].abs().max() or 1
    for place, customer in enumerate(customers):
        own = purchases[purchases["customer_id"] == customer]
        ax.hlines(place, date2num(own["date"].min()), end, color="0.75", lw=2, zorder=1)
        area = _area(own["amount"].abs() / largest)
        kept = (own["amount"] > 0).to_numpy()
        ax.scatter(
            own["date"][kept],
            np.full(kept.sum(), place),
            area[kept],
            color=PALETTE[0],
            alpha=0.75,
            edgecolor="white",
            zorder=2,
        )
        ax.scatter(
            own["date"][~kept],
            np.full((~kept).sum(), place),
            60,
            color=PALETTE[5],
            marker="x",
            lw=2,
            zorder=3,
        )
    _name_sizes(ax, largest)
    ax.axvline(end, color="0.3", ls="--", lw=1)
    ax.set_yticks(range(len(customers)), [str(customer) for customer in customers])
    ax.set_ylim(len(customers) - 0.4, -0.6)
    dated(ax.xaxis)
    marks = _("dashed: the day we ask")
    if (purchases["amount"] <= 0).any():
        marks += _("; ×: money back")
    ax.set(xlabel=_("Date of purchase ({marks})").format(marks=marks), ylabel=_("Customer"))
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


def _area(share: Any) -> Any:
    """Return the area of a dot whose amount is this share of the largest."""
    return 30 + 270 * share


def _name_sizes(ax: Axes, largest: float) -> None:
    """Say by two dots beside the picture which amounts the sizes stand for."""
    for share in (0.25, 1.0):
        amount = float(f"{share * largest:.1e}")
        dot = {"s": _area(amount / largest), "color": PALETTE[0], "alpha": 0.75}
        ax.scatter([], [], label=f"{amount:,.0f}", edgecolor="white", **dot)
    ax.legend(
        title=_("Amount"), loc="upper left", bbox_to_anchor=(1, 1), frameon=False, labelspacing=1
    )
