"""What a buy-till-you-die model needs to know of each customer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._groups import bincount
from crmlab._purchases import known_purchases
from crmlab.errors import EmptyError
from crmlab.rfm.measure import rfm
from crmlab.rfm.measure.keys import numbered


def buying_history(
    purchases: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Repeat purchases, age at the last one and age now of each customer, in weeks.

    A purchase is a day with a positive amount; several on one day are one. Who never had one, but
    only refunds or free items, is left out. Ages count from the first purchase.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
    as_of : date, optional
    customer, date, amount : str
        As for `crmlab.rfm.measure.rfm`, which also warns of rows after `as_of`.

    Returns
    -------
    DataFrame, one row per customer, sorted by customer_id
        customer_id : as in `purchases`
        repeats : int64, days with a purchase after the first one
        age_at_last : float64, weeks from the first purchase to the last; 0 without a repeat
        age : float64, weeks from the first purchase to `as_of`
        mean_repeat : float64, money per repeat: the net total after the day of the first
            purchase over `repeats`, refunds taken off; missing without a repeat

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `rfm`.
    EmptyError
        If nobody has a purchase.

    See Also
    --------
    crmlab.lifetime.model.BGNBD : a model that is fitted to this frame.

    Source
    ------
    The summary (x, t_x, T) of Fader, Hardie and Lee (2005), doi:10.1287/mksc.1040.0098.

    Examples
    --------
    >>> days = ["2024-01-01", "2024-01-15", "2024-01-29", "2024-01-08"]
    >>> purchases = pd.DataFrame(
    ...     {"customer_id": [*"AAAB"], "date": pd.to_datetime(days), "amount": [9.0, 4, 6, 9]})
    >>> buying_history(purchases)
      customer_id  repeats  age_at_last  age  mean_repeat
    0           A        2          4.0  4.0          5.0
    1           B        0          0.0  3.0          NaN
    """
    names = {"customer": customer, "date": date, "amount": amount}
    known, last = known_purchases(purchases, as_of=as_of, **names)
    table = rfm(known, as_of=pd.Timestamp(last), count="days", **names)
    bought = table["frequency"].to_numpy() > 0
    if not bought.any():
        raise EmptyError(f"nobody has a purchase: no {amount} is above 0.")
    age = table["tenure_days"].to_numpy()
    silent = table["days_since_last"].to_numpy()
    repeats = table["frequency"].to_numpy() - 1

    who, _ = numbered(pd.Series(known[customer]))
    first = last.astype("M8[D]").astype(np.int64) - age
    later = known[date].to_numpy("M8[D]").astype(np.int64) > first[who]
    money = np.where(later, known[amount].to_numpy("float64"), 0.0)
    after = bincount(who, money, minlength=len(table)).round(6) + 0.0
    mean = np.divide(after, repeats, out=np.full(len(table), np.nan), where=repeats > 0)
    columns = {
        "customer_id": table["customer_id"],
        "repeats": repeats,
        "age_at_last": np.where(repeats > 0, age - silent, 0) / 7,
        "age": age / 7,
        "mean_repeat": mean,
    }
    return pd.DataFrame(columns).loc[bought].reset_index(drop=True)
