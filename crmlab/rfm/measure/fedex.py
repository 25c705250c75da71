"""Recency, frequency and money as a parcel service reads them, half-year by half-year."""

from __future__ import annotations

from numbers import Real
from typing import Literal

import numpy as np
import pandas as pd

from crmlab._checks import months_before, require_at_least, require_kind
from crmlab._purchases import known_purchases, plain_ids
from crmlab.errors import OutOfRangeError
from crmlab.rfm.measure.scores import by_rank

# Lowest frequency of each band, the next band's floor, the voucher in dollars.
_BANDS = (("low", 1, 20.0), ("normal", 4, 25.0), ("high", 8, 30.0), ("very high", 11, np.nan))


def fedex_rfm(
    shipments: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    periods: int = 4,
    recency_code: Literal["calendar", "rank"] = "calendar",
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Recency, frequency and money of each shipper in each of the last half-years.

    Half-years are six calendar months; the last one ends with `as_of`, so that 30 June and
    31 December give the halves of the calendar year. A customer has a row for every
    half-year, also for one without shipments. Frequency counts shipments of a positive amount;
    money adds up all amounts.

    Parameters
    ----------
    shipments : DataFrame, one row per shipment
        Read only; row order does not matter.
    as_of : date, optional
        Last day that is known; the last day in the data when omitted. Later rows are left out
        with a LaterRowsWarning.
    periods : int
        How many half-years to look back. Earlier shipments are not used.
    recency_code : {"calendar", "rank"}
        The course codes a last shipment in the first quarter of the half-year 1, in the second
        2. "calendar" keeps that: 2 is newer, 0 means none. Read as a rank, 1 is best: "rank"
        codes the second quarter 1, the first 2, none 3.
    customer, date, amount : str
        Columns holding the customer key, the date (datetime64) and the amount.

    Returns
    -------
    DataFrame, one row per customer and half-year, sorted by both
        customer_id : as in `shipments`
        period : int64, 1 for the oldest half-year to `periods` for the newest
        last_shipment : datetime64[us], in that half-year; missing if there was none
        recency : int64, as `recency_code` says
        frequency : int64
        monetary : float64
        score : int64, 3 to 15: the recency, frequency and money of all rows scored 1 to 5 as in
            `rfm_scores` and added up

    Raises
    ------
    MissingColumnsError
        If `shipments` lacks one of the three columns.
    BadRowsError
        If a row has no customer, date or amount.
    OutOfRangeError
        If no shipment lies in these half-years, `periods` is below 1, or `recency_code` is
        neither of its two words.

    See Also
    --------
    trajectory_group : who revives, grows, fades.
    growth_target : what to ask of a frequency.

    Examples
    --------
    >>> shipments = pd.DataFrame({
    ...     "customer_id": ["A", "B"],
    ...     "date": pd.to_datetime(["2024-03-31", "2024-06-30"]),
    ...     "amount": [90.0, 60.0],
    ... })
    >>> fedex_rfm(shipments, periods=1)[["customer_id", "recency", "frequency", "monetary"]]
      customer_id  recency  frequency  monetary
    0           A        1          1      90.0
    1           B        2          1      60.0
    """
    require_at_least("periods", periods, 1)
    if recency_code not in ("calendar", "rank"):
        raise OutOfRangeError(f"recency_code must be 'calendar' or 'rank'; got {recency_code!r}.")
    known, last_day = known_purchases(
        shipments, as_of=as_of, customer=customer, date=date, amount=amount
    )

    edges = _quarter_edges(last_day, 2 * periods)
    when, money = known[date].to_numpy("M8[us]"), known[amount].to_numpy("float64")
    quarter, shipped = np.searchsorted(edges, when, side="right") - 1, money > 0
    rows = pd.DataFrame(
        {
            "customer_id": plain_ids(known[customer]).array,
            "period": quarter // 2 + 1,
            "last_shipment": np.where(shipped, when, np.datetime64("NaT")),
            "recency": np.where(shipped, quarter % 2 + 1, 0),
            "frequency": shipped,
            "monetary": money,
        }
    )
    rows = rows.loc[quarter >= 0]
    if rows.empty:
        raise OutOfRangeError(f"there are no shipments from {edges[0]} to {last_day}.")
    return _scored(_table(rows, periods), recency_code)


def _quarter_edges(last_day: np.datetime64, quarters: int) -> np.ndarray:
    """Return the first day of each of the last `quarters` spans of three months to `last_day`."""
    starts = [months_before(last_day, 3 * back) + 1 for back in range(quarters, 0, -1)]
    return np.array(starts, dtype="M8[D]")


def _table(rows: pd.DataFrame, periods: int) -> pd.DataFrame:
    """Return a row for every customer and period, zeros where nothing was shipped."""
    how = {"last_shipment": "max", "recency": "max", "frequency": "sum", "monetary": "sum"}
    table = rows.groupby(["customer_id", "period"]).agg(how)
    every = [table.index.unique("customer_id"), np.arange(1, periods + 1)]
    table = table.reindex(pd.MultiIndex.from_product(every, names=["customer_id", "period"]))
    table = table.fillna({"recency": 0, "frequency": 0, "monetary": 0.0})
    # Rounded to a millionth, so that equal totals are equal whatever the order of the rows.
    table = table.astype({"recency": "int64", "frequency": "int64"}).round({"monetary": 6})
    return table.reset_index()


def _scored(table: pd.DataFrame, recency_code: str) -> pd.DataFrame:
    """Return `table` with its score, and with recency in the code that was asked for."""
    scores = [by_rank(table[name].to_numpy(), 5) for name in ("recency", "frequency", "monetary")]
    recency = table["recency"] if recency_code == "calendar" else 3 - table["recency"]
    return table.assign(recency=recency, score=sum(scores))


def growth_target(frequency: int | pd.Series) -> pd.DataFrame:
    """Growth that lifts a shipper to the next band of frequency, and the voucher for it.

    The bands are 1-3 (low), 4-7 (normal), 8-10 (high) and 11 or more (very high) shipments in
    a half-year. The target is the step to the first frequency of the next band: from 1 to 4 is
    300%, from 7 to 8 is 14.3%, which the course prints as 15%. Very high frequencies have no
    target and no voucher; whether a letter of thanks pays is for an experiment to say.

    Parameters
    ----------
    frequency : int or Series of int
        Shipments in a half-year, 1 or more. Who shipped nothing is in no band.

    Returns
    -------
    DataFrame, one row per frequency, with the index of the Series
        frequency : int64
        band : str, "low", "normal", "high" or "very high"
        next_frequency : float64, first frequency of the next band; missing for very high
        growth : float64, next_frequency / frequency - 1; missing for very high
        voucher_usd : float64; missing for very high

    Raises
    ------
    WrongTypeError
        If `frequency` is neither a number nor a Series.
    OutOfRangeError
        If a frequency is not a whole number of 1 or more.

    See Also
    --------
    fedex_rfm : counts the shipments.
    promotion_roi : whether a voucher or a letter pays.

    Examples
    --------
    >>> growth_target(pd.Series([1, 7, 11]))
       frequency       band  next_frequency    growth  voucher_usd
    0          1        low             4.0  3.000000         20.0
    1          7     normal             8.0  0.142857         25.0
    2         11  very high             NaN       NaN          NaN
    """
    require_kind("frequency", frequency, (Real, pd.Series), "a number or a Series of numbers")
    given = pd.Series(frequency)
    numbers = np.asarray(pd.to_numeric(given, errors="coerce"), dtype="float64")
    bad = ~((numbers >= 1) & (numbers == np.floor(numbers)) & np.isfinite(numbers))
    if bad.any():
        raise OutOfRangeError(
            f"frequency must be whole numbers of 1 or more; {bad.sum()} of {bad.size} are not, "
            f"such as {given.to_list()[bad.argmax()]!r}. Leave out who shipped nothing: "
            f"table[table['frequency'] > 0]"
        )

    names, floors, vouchers = (np.array(column) for column in zip(*_BANDS, strict=True))
    band = np.searchsorted(floors, numbers, side="right") - 1
    following = np.append(floors[1:], np.nan)[band]
    return pd.DataFrame(
        {
            "frequency": numbers.astype("int64"),
            "band": names[band],
            "next_frequency": following,
            "growth": following / numbers - 1,
            "voucher_usd": vouchers[band],
        },
        index=given.index,
    )
