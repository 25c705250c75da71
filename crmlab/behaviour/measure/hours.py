"""When a group buys: every month and hour against the base."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import require_truths, require_values
from crmlab._purchases import known_purchases
from crmlab.behaviour.measure.indices import group_index
from crmlab.errors import BadRowsError


def buying_hours(
    purchases: Any,
    *,
    group: str = "in_group",
    customer: str = "customer_id",
    date: str = "date",
) -> pd.DataFrame:
    """Purchases of a group by month and hour, as an index against all purchases.

    The `share` says when the group buys most, the index when it buys more than others do. The
    highest index of some two hundred is mostly luck: rank by `shrunk`, and believe what `q_value`
    supports.

    Parameters
    ----------
    purchases : DataFrame, or any table that speaks Arrow, one row per purchase of the base
        `customer`, `date` with its hour, and `group` (True or False)
    group, customer, date : str

    Returns
    -------
    DataFrame, one row per month and hour in which anybody bought
        month, hour : int64
        purchases : int64, of the group
        share, base_share, index, shrunk, low, high, p_value, q_value : float64, as `group_index`

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, no date has an hour, or the group is empty or all.
    OutOfRangeError
        If `group` holds no truth values, or `date` no dates.

    Examples
    --------
    >>> from crmlab.behaviour.simulate import simulate_base
    >>> base = simulate_base(4_000, seed=1)
    >>> rows = base.purchases.merge(base.customers[["customer_id", "in_group"]])
    >>> buying_hours(rows).nlargest(1, "share")[["month", "hour"]].to_numpy().tolist()
    [[11, 21]]
    """
    log, _ = known_purchases(purchases, group, customer=customer, date=date)
    require_values(log, group)
    require_truths(log, group)
    time = log[date].dt
    if not time.hour.any():
        raise BadRowsError(f"no {date} has an hour in it; months alone are told by group_index.")
    slot = time.month * 24 + time.hour
    rows = pd.DataFrame(
        {
            "slot": slot.to_numpy(),
            "inside": log[group].to_numpy(dtype=bool),
            "buyer": pd.factorize(log[customer])[0],
        }
    )
    found = group_index(rows, attributes="slot", group="inside", customer="buyer")
    slot = found["value"].to_numpy(dtype=object).astype(np.int64)
    table = found.drop(columns=["attribute", "value"]).rename(columns={"rows": "purchases"})
    table.insert(0, "month", slot // 24)
    table.insert(1, "hour", slot % 24)
    return table
