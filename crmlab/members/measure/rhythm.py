"""Repurchase month by month, and how much later the gaps that are still open will end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab.errors import EmptyError
from crmlab.members.measure.gaps import repurchase_gaps


def repurchase_by_month(
    purchases: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Repurchase frequency and mean repurchase days of each calendar month.

    Parameters and errors are those of `repurchase`.

    Returns
    -------
    DataFrame, one row per calendar month from the first purchase to `as_of`
        month : datetime64[us], its first day
        members : int64, who had bought before the month ended
        returns : int64, days with a purchase after an earlier one
        returns_per_member : float64
        mean_gap_days : float64, of the gaps that ended in the month; NaN without one. In a young
            club it grows by itself: long gaps have not had the time to end

    See Also
    --------
    crmlab.members.plot.plot_repurchase_by_month : draws this frame.

    Examples
    --------
    >>> dates = pd.to_datetime(["2024-01-01", "2024-01-11", "2024-02-10"])
    >>> purchases = pd.DataFrame({"customer_id": 7, "date": dates, "amount": 5.0})
    >>> repurchase_by_month(purchases)[["month", "returns", "mean_gap_days"]]
           month  returns  mean_gap_days
    0 2024-01-01        1           10.0
    1 2024-02-01        1           30.0
    """
    columns = {"customer": customer, "date": date, "amount": amount}
    gaps = repurchase_gaps(purchases, as_of=as_of, **columns)
    if not len(gaps):
        raise EmptyError("nobody bought anything, so nobody can return.")
    opened = gaps["date"].to_numpy("M8[D]")
    ended = opened + gaps["gap_days"].to_numpy()
    first = opened.min().astype("M8[M]")
    months = np.arange(first, ended.max().astype("M8[M]") + 1)

    returned = gaps["returned"].to_numpy()
    place = (ended[returned].astype("M8[M]") - first).astype(np.intp)
    joined = opened[~gaps["customer_id"].duplicated().to_numpy()]
    came = np.bincount((joined.astype("M8[M]") - first).astype(np.intp), minlength=len(months))
    returns = np.bincount(place, minlength=len(months))
    days = np.bincount(place, gaps["gap_days"].to_numpy()[returned], minlength=len(months))
    members = came.cumsum()
    return pd.DataFrame(
        {
            "month": months.astype("M8[us]"),
            "members": members.astype("int64"),
            "returns": returns.astype("int64"),
            "returns_per_member": returns / members,
            "mean_gap_days": days / np.where(returns > 0, returns, np.nan),
        }
    )
