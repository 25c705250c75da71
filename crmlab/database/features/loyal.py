"""Who is loyal, by thresholds that are said."""

from __future__ import annotations

from datetime import date, timedelta
from numbers import Real

import pandas as pd
import sqlalchemy as sa

from crmlab._checks import require_at_least
from crmlab.database.query.person import day_asked
from crmlab.database.query.reading import run_query
from crmlab.database.schema import metadata
from crmlab.errors import OutOfRangeError

_T = metadata.tables


def loyal_customers(
    engine: sa.Engine,
    *,
    loyalty: float = 0.5,
    tenure_days: int = 365,
    repeats: int = 3,
    active_days: int = 180,
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Who is loyal, and by which thresholds: all four must be met.

    Parameters
    ----------
    engine : Engine, from `open_database`
    loyalty : float in [0, 1], the least loyalty index (our share of the customer's spending)
    tenure_days : int, the least days since the first purchase
    repeats : int, the least days with a purchase after the first one
    active_days : int, the most days since the last purchase
    as_of : date, by default the day of the last purchase there is; later purchases do not count

    Returns
    -------
    DataFrame, one row per loyal customer, the most loyal first, then by customer_id
        customer_id : int64
        name : str
        loyalty_index : float64
        repeats : int64
        spend_cny : float64, less refunds
        first_on, last_on : datetime64[us], days of the first and last purchase
        tenure_days, days_since_last : int64

    Raises
    ------
    OutOfRangeError
        If `loyalty` lies outside [0, 1], `tenure_days`, `repeats` or `active_days` is below 0, or
        `as_of` is no date.
    """
    if not isinstance(loyalty, Real) or not 0 <= loyalty <= 1:
        raise OutOfRangeError(f"loyalty is a share and must lie in [0, 1]; got {loyalty!r}.")
    for name, days in (("tenure_days", tenure_days), ("active_days", active_days)):
        require_at_least(name, days, 0)
    require_at_least("repeats", repeats, 0)
    day = day_asked(engine, as_of)

    people, bought = _T["people"].c, _T["purchases"].c
    on = sa.case((bought.amount > 0, bought.date))  # a refund is no purchase
    first, last = sa.func.min(on), sa.func.max(on)
    again = sa.func.count(sa.distinct(on)) - 1
    query = (
        sa.select(
            people.customer_id,
            people.name,
            people.loyalty_index,
            again.label("repeats"),
            sa.func.sum(bought.amount).label("spend_cny"),
            first.label("first_on"),
            last.label("last_on"),
        )
        .join_from(_T["people"], _T["purchases"])
        .where(bought.date <= day.date(), people.loyalty_index >= float(loyalty))
        .group_by(people.customer_id, people.name, people.loyalty_index)
        .having(
            again >= int(repeats),
            first <= _days_before(day, tenure_days),
            last >= _days_before(day, active_days),
        )
        .order_by(people.loyalty_index.desc(), people.customer_id)
    )
    found = run_query(engine, query, max_rows=None)
    return found.assign(
        tenure_days=(day - found["first_on"]).dt.days.astype("int64"),
        days_since_last=(day - found["last_on"]).dt.days.astype("int64"),
    )


def _days_before(day: pd.Timestamp, days: int) -> date:
    """Return the day so many days earlier, or the first one there is."""
    try:
        return day.date() - timedelta(days=int(days))
    except OverflowError:
        return date.min
