"""Recency, frequency and monetary value per customer, and scores made of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_values,
)
from crmlab._groups import bincount, money_of
from crmlab._purchases import known_purchases
from crmlab._words import N_, _
from crmlab.errors import OutOfRangeError, UninformativeScoreWarning
from crmlab.rfm.measure.keys import numbered
from crmlab.rfm.measure.log import day_numbers, distinct_days, first_and_last, side_by_side

DIMENSIONS = {
    N_("recency"): "days_since_last",
    N_("frequency"): "frequency",
    N_("monetary"): "monetary",
}

Method = Literal["rank"] | Callable[[np.ndarray, int], np.ndarray]
Combine = Literal["digits"] | Mapping[str, float] | Callable[[pd.DataFrame], pd.Series]


def rfm(
    purchases: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    count: Literal["purchases", "days"] = "purchases",
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Recency, frequency and monetary value of each customer, as known at the end of a day.

    A purchase is a row with a positive amount. Refunds and free items lower or leave the money
    and are no purchases. A customer who has nothing else keeps a row: frequency 0, no ticket,
    and days that count from these rows. Money is rounded to a millionth, so that equal totals
    are equal whatever the order of the rows.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        Read only; row order does not matter.
    as_of : date, optional
        The day whose end is meant; the last day in the data when omitted.
    count : "purchases" or "days"
        What frequency counts: purchases, or distinct days with a purchase.
    customer, date, amount : str
        Columns holding the customer key (whole numbers, text or categories), the date of
        purchase (datetime64) and the net amount in one currency.

    Returns
    -------
    DataFrame, one row per customer, sorted by customer_id
        customer_id : int64 or str
        days_since_last : int64, days from the last purchase to `as_of`; 0 on the day itself
        frequency : int64, number of purchases, or of purchase days
        monetary : float64, net total
        ticket : float64, monetary / frequency; missing where frequency is 0
        tenure_days : int64, days from the first purchase to `as_of`

    Raises
    ------
    MissingColumnsError
        If `purchases` lacks the customer, date or amount column.
    BadRowsError
        If a row has no customer, no date or no amount.
    OutOfRangeError
        If there are no rows, `as_of` lies before all of them, an amount is infinite, a column
        holds the wrong kind of values, or `count` is neither word.

    Warns
    -----
    LaterRowsWarning
        If rows after `as_of` are left out.

    See Also
    --------
    rfm_scores : turns this frame into scores from 1 to 5.

    Source
    ------
    Hughes (1994), Strategic Database Marketing, Probus, ISBN 978-1-55738-551-3.

    Examples
    --------
    >>> purchases = pd.DataFrame({
    ...     "customer_id": [7, 7, 9],
    ...     "date": pd.to_datetime(["2024-01-01", "2024-01-11", "2024-01-21"]),
    ...     "amount": [10.0, 20.0, 50.0],
    ... })
    >>> rfm(purchases)
       customer_id  days_since_last  frequency  monetary  ticket  tenure_days
    0            7               10          2      30.0    15.0           20
    1            9                0          1      50.0    50.0            0
    """
    if count not in ("purchases", "days"):
        raise OutOfRangeError(f"count must be 'purchases' or 'days'; got {count!r}.")
    columns = {"customer": customer, "date": date, "amount": amount}
    known, last_day = known_purchases(purchases, as_of=as_of, **columns)

    who, customers = numbered(pd.Series(known[customer]))
    day = day_numbers(known[date].to_numpy("datetime64[us]"))
    money = known[amount].to_numpy("float64")
    n = len(customers)
    first, last, frequency, monetary = _totals(who, day, money, n, count == "days")

    today = int(last_day.astype("int64"))
    ticket = np.divide(monetary, frequency, out=np.full(n, np.nan), where=frequency > 0)
    return pd.DataFrame(
        {
            "customer_id": customers,
            "days_since_last": today - last.astype("int64"),
            "frequency": frequency.astype("int64"),
            "monetary": monetary,
            "ticket": ticket,
            "tenure_days": today - first.astype("int64"),
        }
    )


def _totals(
    who: np.ndarray, day: np.ndarray, money: np.ndarray, n: int, count_days: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return first day, last day and number of each customer's purchases, and the money.

    Customers without a purchase have number 0, and the days of their other rows.
    """
    dated = paid = who, day
    bought = money > 0
    if not bought.all():
        buyers = bincount(who[bought], minlength=n) > 0
        meant = bought | ~buyers[who]
        dated, paid = (who[meant], day[meant]), (who[bought], day[bought])
    (first, last), count, total = side_by_side(
        len(who),
        partial(first_and_last, *dated, n),
        partial(distinct_days, *paid, n) if count_days else partial(bincount, paid[0], None, n),
        partial(money_of, who, money, n),
    )
    return first, last, count, total


def rfm_scores(
    table: pd.DataFrame,
    *,
    bins: int = 5,
    method: Method = "rank",
    combine: Combine = "digits",
) -> pd.DataFrame:
    """Scores from 1 to `bins` for recency, frequency and money, and one score made of them.

    Higher is better: the most recent buyers have the highest recency score. Equal customers
    get equal scores, whatever the order of the rows: with `low` and `high` the first and the
    last rank of a tie among n customers, the score is 1 + bins * (low + high - 1) // (2 * n).
    So the middle rank decides: a base that is all alike gets the middle score, and the values
    in reverse give the scores in reverse.

    Parameters
    ----------
    table : DataFrame, as returned by `rfm`
        days_since_last, frequency : int64
        monetary : float64
        Other columns are kept.
    bins : int, 2 or more
        Highest score.
    method : "rank" or callable
        How values become scores. A callable gets an array in which more is better (recency as
        minus the days) and `bins`, and returns whole numbers from 1 to `bins`.
    combine : "digits", mapping or callable
        "digits" writes the three scores side by side, such as 543. A mapping gives the weights
        of recency, frequency and monetary; only their proportions matter, and the mean is
        rounded to nine digits, so that equal scores are equal. A callable gets a frame with
        the columns recency, frequency, monetary and returns a Series.

    Returns
    -------
    DataFrame, the rows of `table` with four more columns
        recency_score, frequency_score, monetary_score : int64 in 1..bins
        rfm_score : int64 for digits, else float64

    Raises
    ------
    MissingColumnsError
        If `table` lacks one of the three columns.
    BadRowsError
        If one of the three has a missing value.
    OutOfRangeError
        If `bins` is below 2, or above 9 with digits, or what the callables return or the
        weights hold cannot be used.

    Warns
    -----
    UninformativeScoreWarning
        If more than half of the customers share one value of a dimension, whose score then
        tells little or nothing.

    See Also
    --------
    crmlab.rfm.measure.rfm : makes the frame.
    crmlab.rfm.measure.rfm_segments : names groups of scores.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"days_since_last": [3, 90], "frequency": [1, 2], "monetary": [40.0, 10.0]})
    >>> rfm_scores(table, bins=2)[["recency_score", "frequency_score", "monetary_score"]]
       recency_score  frequency_score  monetary_score
    0              2                1               2
    1              1                2               1
    """
    require_columns(table, *DIMENSIONS.values())
    require_values(table, *DIMENSIONS.values())
    require_numbers(table, *DIMENSIONS.values())
    require_at_least("bins", bins, 2)
    if method != "rank" and not callable(method):
        raise OutOfRangeError(f"method must be 'rank' or a function; got {method!r}.")

    if told := uninformative(table):
        warnings.warn(" ".join(told), UninformativeScoreWarning, stacklevel=2)
    sign = {"recency": -1, "frequency": 1, "monetary": 1}
    make = method if callable(method) else by_rank
    scores = {
        name: _checked(make(sign[name] * table[column].to_numpy(), bins), bins, name, len(table))
        for name, column in DIMENSIONS.items()
    }
    parts = pd.DataFrame(scores, index=table.index)
    return table.assign(
        **{f"{name}_score": parts[name] for name in DIMENSIONS},
        rfm_score=_combined(parts, combine, bins),
    )


def by_rank(values: np.ndarray, bins: int) -> np.ndarray:
    """Return 1 + bins * (low + high - 1) // (2 n): first and last rank of ties among n values.

    Score k + 1 begins with the value at rank ceil(n k / bins), or with the one that follows:
    these few values, and how many lie below and up to each, are all that must be known.
    """
    n = values.size
    if not n:
        return np.ones(0, dtype=np.int64)
    least = -(-2 * n * np.arange(1, bins) // bins)  # of low + high - 1, for the scores from 2 on
    places = -(-least // 2) - 1
    begins = np.partition(values, places)[places]
    below_and_up_to = [(values < value).sum() + (values <= value).sum() for value in begins]
    included = below_and_up_to >= least
    return (
        1
        + np.searchsorted(begins[included], values, side="right")
        + np.searchsorted(begins[~included], values, side="left")
    )


def uninformative(table: pd.DataFrame) -> list[str]:
    """Return a sentence for each dimension of which more than half of the customers are alike."""
    told, n = [], len(table)
    for name, column in DIMENSIONS.items() if n else ():
        values = table[column].to_numpy()
        middle = np.partition(values, n // 2)[n // 2]  # no other value can be that of most
        alike = int((values == middle).sum())
        if 2 * alike > n:
            told.append(
                _(
                    "The {name} score tells little: {column} is {middle:g} for {alike} of "
                    "{n} customers, who share one score."
                ).format(name=name, column=column, middle=middle, alike=alike, n=n)
            )
    return told


def _checked(scores: object, bins: int, name: str, n: int) -> np.ndarray:
    """Return what a method made as int64, or raise if they are no scores from 1 to `bins`."""
    made = np.asarray(scores)
    if made.shape != (n,) or not np.isin(made, np.arange(1, bins + 1)).all():
        raise OutOfRangeError(
            f"method must return a whole number from 1 to {bins} for each of the {n} customers; "
            f"for {name} it returned {made!r}."
        )
    return made.astype("int64")


def _combined(parts: pd.DataFrame, combine: Combine, bins: int) -> pd.Series:
    """Return one score made of the three in `parts`."""
    if isinstance(combine, str) and combine == "digits":
        if bins > 9:
            raise OutOfRangeError(f"digits hold scores up to 9; with bins={bins} give weights.")
        return pd.Series(parts.to_numpy() @ [100, 10, 1], index=parts.index)
    if isinstance(combine, Mapping):
        weights = pd.Series(combine, dtype="float64")
        if {*weights.index} != {*DIMENSIONS} or not (weights >= 0).all() or not weights.sum() > 0:
            raise OutOfRangeError(
                f"combine must give {[*DIMENSIONS]} weights of 0 or more, not all 0; "
                f"got {dict(combine)!r}."
            )
        return (parts * weights / weights.sum()).sum(axis=1).round(9)
    if not callable(combine):
        raise OutOfRangeError(
            f"combine must be 'digits', weights such as {{'recency': 2, 'frequency': 1, "
            f"'monetary': 1}}, or a function; got {combine!r}."
        )
    made = np.asarray(combine(parts), dtype="float64")
    if made.shape != (len(parts),):
        raise OutOfRangeError(f"combine must return one score per customer; got {made.shape}.")
    return pd.Series(made, index=parts.index)
