"""Stages of a customer's life, found: by rules that see purchases, and nothing of what follows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_key,
    require_numbers,
    require_real,
    require_rows,
    require_values,
)
from crmlab._groups import bincount, repeat
from crmlab._purchases import known_purchases, plain_ids
from crmlab.customers.measure.stages import whole_months
from crmlab.errors import BadRowsError, OutOfRangeError

_ROWS = ("customer_id", "month")


def monthly_history(
    purchases: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Purchases and spend of each customer in each month since their first, also where none is.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase or refund
        `customer`, `date`, `amount`; a purchase has an amount above 0
    as_of : date, optional
        The last day of `purchases` when omitted. Its month counts as far as it goes.
    customer, date, amount : str

    Returns
    -------
    DataFrame, one row per customer who bought and calendar month, by both
        customer_id
        month : int64, 1 is the month in which the file begins
        purchases : int64
        spend : float64, money, refunds taken off

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError
        If `purchases` lacks a column or a value, holds no dates or numbers, or nobody bought.

    See Also
    --------
    life_stages : stages of these rows.

    Examples
    --------
    >>> bought = pd.DataFrame({"customer_id": [1, 1], "amount": [10.0, 20.0],
    ...                        "date": pd.to_datetime(["2024-01-05", "2024-03-01"])})
    >>> monthly_history(bought)["purchases"].tolist()
    [1, 0, 1]
    """
    log, day = known_purchases(purchases, as_of=as_of, customer=customer, date=date, amount=amount)
    month = log[date].to_numpy("M8[us]").astype("M8[M]").astype("int64")
    month = month - month.min() + 1
    last = int(day.astype("M8[M]").astype("int64")) - int(
        log[date].min().to_numpy().astype("M8[M]").astype("int64")
    )
    who, people = pd.factorize(plain_ids(log[customer]), sort=True)
    money = log[amount].to_numpy("float64")
    paid = money > 0
    first = np.full(len(people), last + 2)
    np.minimum.at(first, who[paid], month[paid])
    if not paid.any():
        raise OutOfRangeError("nobody bought: no amount is above 0.")
    count = last + 1 - first + 1
    start = np.cumsum(count) - count
    # A refund before the first purchase belongs to something that the file does not hold.
    known = month >= first[who]
    row = (start[who] + month - first[who])[known]
    total = int(count.sum())
    return pd.DataFrame(
        {
            "customer_id": repeat(np.asarray(people), count),
            "month": repeat(first - start, count) + np.arange(total),
            "purchases": bincount(row, paid[known], total).astype("int64"),
            "spend": bincount(row, money[known], total),
        }
    )


def life_stages(
    history: pd.DataFrame, *, window: int = 3, rise: float = 0.5, fall: float = 0.25, quit: int = 4
) -> pd.DataFrame:
    """Stage of each customer at the end of each month, by rules that look back only.

    Purchases of the last `window` months are compared with those of the window before. In this
    order, so that every month has exactly one stage:

        termination  終止期  no purchase for `quit` months
        acquisition  获取期  one purchase so far, or none
        growth       成长期  at least 1 + `rise` times the purchases of the window before
        decline      衰退期  at most 1 - `fall` times those
        maturity     成熟期  anything else

    Parameters
    ----------
    history : DataFrame, one row per customer and month, no month left out
        customer_id; month : whole numbers; purchases : int, 0 or more
    window, quit : int, months, at least 1
    rise, fall : float above 0; fall at most 1

    Returns
    -------
    DataFrame, one row per row of `history`, by customer_id and month
        customer_id, month : as given
        stage : str

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or value is missing or no number, a month is not whole or stands twice, or one
        is left out.
    OutOfRangeError
        If `window` or `quit` is below 1, `rise` is not above 0, or `fall` lies outside (0, 1].

    See Also
    --------
    monthly_history : makes the frame of a file of purchases.
    stage_confusion : what the rules mistake, where the truth is known.

    Examples
    --------
    >>> history = pd.DataFrame({"customer_id": 1, "month": range(1, 9),
    ...                         "purchases": [1, 1, 3, 3, 3, 1, 0, 0]})
    >>> life_stages(history)["stage"].tolist()[3:]
    ['growth', 'growth', 'maturity', 'decline', 'decline']
    """
    require_real(rise=rise, fall=fall)
    require_at_least("window", window, 1)
    require_at_least("quit", quit, 1)
    if not 0 < rise < np.inf or not 0 < fall <= 1:
        raise OutOfRangeError(f"rise must be above 0 and fall in (0, 1]; got {rise!r}, {fall!r}.")
    rows = _panel(history, "purchases")
    bought = rows["purchases"].to_numpy("float64")
    if (bought < 0).any():
        raise BadRowsError(f"{int((bought < 0).sum())} row(s) have purchases below 0.")

    begins = np.r_[True, rows["customer_id"].to_numpy()[1:] != rows["customer_id"].to_numpy()[:-1]]
    place = np.arange(len(rows))
    first = np.maximum.accumulate(np.where(begins, place, 0))
    total = np.r_[0.0, np.cumsum(bought)]  # of all rows before each

    def since(months: int) -> np.ndarray:
        return total[place + 1] - total[np.maximum(place + 1 - months, first)]

    so_far = total[place + 1] - total[first]
    recent = since(window)
    earlier = since(2 * window) - recent
    silent = (since(quit) == 0) & (place - first + 1 >= quit)
    which = [
        silent,
        so_far <= 1,
        (recent >= (1 + rise) * earlier) & (recent > 0),
        recent <= (1 - fall) * earlier,
    ]
    names = ["termination", "acquisition", "growth", "decline"]
    stage = pd.Series(np.select(which, names, "maturity"), dtype="str")
    return rows[[*_ROWS]].assign(stage=stage)


def _panel(history: pd.DataFrame, *numbers: str) -> pd.DataFrame:
    """Return rows by customer and month, once no month of a customer is left out."""
    require_columns(history, *numbers)
    require_key(history, *_ROWS)
    require_rows(history)
    require_values(history, *numbers)
    require_numbers(history, *numbers)
    whole_months(history)
    rows = history.sort_values([*_ROWS], ignore_index=True)
    who, month = rows["customer_id"].to_numpy(), whole_months(rows)
    gap = np.flatnonzero((who[1:] == who[:-1]) & (month[1:] != month[:-1] + 1))
    if gap.size:
        raise BadRowsError(
            f"{len(gap)} customer(s) or more lack a month between two others, such as "
            f"{who[gap[0]]} after month {month[gap[0]]}; a month without purchases is a row with "
            "0: see monthly_history."
        )
    return rows
