"""Cohorts: customers who came in one period, followed as they age."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from crmlab._groups import bincount
from crmlab._purchases import known_purchases
from crmlab.errors import EmptyError, OutOfRangeError
from crmlab.rfm.measure.keys import numbered

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def cohort_table(
    purchases: pd.DataFrame,
    *,
    period: Literal["month", "quarter", "year"] = "month",
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Count the customers and money of each cohort at each age, as far as they are known.

    A cohort is who made a first purchase in one calendar period; at age k, k periods later, those
    are active who have a purchase then. The money of an age is the net total of the cohort's
    rows, refunds included. Ages that lie in the future have no row; an age whose period is
    not over has one, and says that it is not complete.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        Read only; row order does not matter. A purchase is a row with a positive amount.
    period : {"month", "quarter", "year"}
        Calendar periods.
    as_of : date, optional
        The day whose end is meant; the last day in the data when omitted. Later rows are left out
        with a LaterRowsWarning.
    customer, date, amount : str
        Columns, as for `crmlab.rfm.measure.rfm`.

    Returns
    -------
    DataFrame, one row per cohort and age up to `as_of`, sorted by both; an age at which nobody
    bought has its row of zeros
        cohort : datetime64[us], first day of the period
        age : int64, periods since then; 0 is the period of the first purchase
        customers : int64, size of the cohort
        active : int64, of them with a purchase at this age
        retention : float64, active / customers; 1 at age 0
        revenue : float64, money
        revenue_per_customer : float64, revenue / customers
        complete : bool, whether the period at this age is over

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `rfm`; also if `period` is none of its words.
    EmptyError
        If there is no purchase.

    See Also
    --------
    crmlab.lifetime.plot.plot_cohorts : draws this frame.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-01-05", "2024-03-09", "2024-01-20", "2024-02-11"])
    >>> purchases = pd.DataFrame({"customer_id": [*"AABC"], "date": days, "amount": 10.0})
    >>> cohort_table(purchases)[["cohort", "age", "customers", "active", "complete"]]
          cohort  age  customers  active  complete
    0 2024-01-01    0          2       2      True
    1 2024-01-01    1          2       0      True
    2 2024-01-01    2          2       1     False
    3 2024-02-01    0          1       1      True
    4 2024-02-01    1          1       0     False
    """
    if period not in _MONTHS:
        raise OutOfRangeError(f"period must be one of {[*_MONTHS]}; got {period!r}.")
    known, last_day = known_purchases(
        purchases, as_of=as_of, customer=customer, date=date, amount=amount
    )
    money = known[amount].to_numpy("float64")
    bought = money > 0
    if not bought.any():
        raise EmptyError(f"there is no purchase: no {amount} is above 0.")

    who, names = numbered(pd.Series(known[customer]))
    when = _number(known[date].to_numpy("M8[D]"), period)
    first = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(first, who[bought], when[bought])
    start, now = int(first.min()), int(_number(np.array([last_day]), period)[0])
    joined = first < np.iinfo(np.int64).max
    size = bincount(first[joined] - start, minlength=now - start + 1)

    # A refund with no purchase before it belongs to no age.
    counted = joined[who] & (when >= first[who])
    who, when, money, bought = who[counted], when[counted], money[counted], bought[counted]
    span, born = len(size), first[who] - start
    cell = born * span + (when - first[who])
    revenue = bincount(cell, money, minlength=span * span).round(6) + 0.0
    # Each customer counts once at an age, however often they came.
    once = pd.unique(who[bought] * span + (when - first[who])[bought])
    active = bincount((first[once // span] - start) * span + once % span, minlength=span * span)

    cohort, age = np.nonzero(np.arange(span)[:, None] + np.arange(span) < span)
    some = size[cohort] > 0
    cohort, age = cohort[some], age[some]
    at, n = cohort * span + age, size[cohort]
    is_over = last_day + 1 == _first_day(np.array([now + 1]), period)[0]
    return pd.DataFrame(
        {
            "cohort": _first_day(cohort + start, period).astype("M8[us]"),
            "age": age,
            "customers": n,
            "active": active[at],
            "retention": active[at] / n,
            "revenue": revenue[at],
            "revenue_per_customer": revenue[at] / n,
            "complete": (cohort + age + start < now) | is_over,
        }
    )


def _number(days: np.ndarray, period: str) -> np.ndarray:
    """Return the number of each day's period since 1970."""
    months = days.astype("M8[M]").astype(np.int64)
    return months // _MONTHS[period]


def _first_day(numbers: np.ndarray, period: str) -> np.ndarray:
    months = np.asarray(numbers, dtype=np.int64) * _MONTHS[period]
    return months.astype("M8[M]").astype("M8[D]")
