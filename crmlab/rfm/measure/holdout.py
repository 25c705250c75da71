"""What was known at a day, and what the customers did afterwards."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from crmlab._checks import day_of
from crmlab._purchases import known_purchases
from crmlab.errors import OutOfRangeError
from crmlab.rfm.measure.scores import rfm


def holdout_response(
    purchases: pd.DataFrame,
    *,
    split: str | pd.Timestamp,
    until: str | pd.Timestamp | None = None,
    count: Literal["purchases", "days"] = "purchases",
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """RFM as known at the end of a day, beside what each customer bought afterwards.

    Scores made of the left side can be judged by the right side, which they never saw.
    Customers whose first row comes later were unknown at the split and have no row.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        Read only; row order does not matter.
    split : date
        Last day that counts as known.
    until : date, optional
        Last day of the time judged; the last day in the data when omitted.
    count : "purchases" or "days"
        What frequency counts, as in `rfm`.
    customer, date, amount : str
        Columns as in `rfm`.

    Returns
    -------
    DataFrame, one row per customer known at the split, sorted by customer_id
        the columns of `rfm` with `as_of` the split
        holdout_purchases : int64, rows with a positive amount after the split
        holdout_spend : float64, net total after the split
        responded : int64, 1 if there was such a purchase, else 0

    Raises
    ------
    MissingColumnsError, BadRowsError
        As `rfm`.
    OutOfRangeError
        As `rfm`; also if nothing lies before the split or nothing after it.

    Warns
    -----
    LaterRowsWarning
        If rows after `until` are left out.

    See Also
    --------
    crmlab.rfm.measure.decile_table : judges a score by the response.

    Examples
    --------
    >>> purchases = pd.DataFrame({
    ...     "customer_id": [7, 9, 7, 8],
    ...     "date": pd.to_datetime(["2024-01-01", "2024-01-11", "2024-02-01", "2024-02-02"]),
    ...     "amount": [10.0, 20.0, 50.0, 5.0],
    ... })
    >>> table = holdout_response(purchases, split="2024-01-31")
    >>> table[["customer_id", "days_since_last", "holdout_spend", "responded"]]
       customer_id  days_since_last  holdout_spend  responded
    0            7               30           50.0          1
    1            9               20            0.0          0
    """
    columns = {"customer": customer, "date": date, "amount": amount}
    known, last_day = known_purchases(purchases, as_of=until, **columns)
    day = day_of("split", split)
    before = known[date] < day + 1
    if not before.any() or last_day <= day:
        raise OutOfRangeError(
            f"split must leave days on both sides; got {split!r} for rows from "
            f"{known[date].min():%Y-%m-%d} to {last_day}."
        )

    table = rfm(
        known[before],
        as_of=pd.Timestamp(day),
        count=count,
        **columns,
    )
    later = known[~before]
    groups = later.groupby(customer, observed=True)[amount]
    spend = groups.sum().reindex(table["customer_id"], fill_value=0.0)
    bought = later[later[amount] > 0].groupby(customer, observed=True).size()
    number = bought.reindex(table["customer_id"], fill_value=0).to_numpy("int64")
    return table.assign(
        holdout_purchases=number,
        holdout_spend=spend.to_numpy("float64").round(6),
        responded=(number > 0).astype("int64"),
    )
