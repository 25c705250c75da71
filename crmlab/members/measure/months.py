"""A purchase log as customers and months, counted back from the last day: what card counts need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import months_before
from crmlab._purchases import known_purchases
from crmlab.rfm.measure.keys import numbered
from crmlab.rfm.measure.log import day_numbers

_BLOCK = 1 << 16


class Months(NamedTuple):
    """Who bought in which month; months are counted from 0, the last ends on the last day.

    ends       datetime64[D], last day of each month
    customers  the ids, by their numbers
    who, month, amount  of each row: customer number, month, money
    """

    ends: np.ndarray
    customers: pd.Index
    who: np.ndarray
    month: np.ndarray
    amount: np.ndarray

    def last_bought(self) -> np.ndarray:
        """Return the latest month with a purchase up to each month, months by customers.

        The months of this table are counted from 1; 0 is never.
        """
        bought = np.zeros((len(self.ends), len(self.customers)), dtype=np.int8)
        paid = self.amount > 0
        rows = slice(None) if paid.all() else paid
        month, who, cells = self.month[rows], self.who[rows], bought.ravel()
        for block in _blocks(len(who)):
            cells[month[block].astype(np.intp) * len(self.customers) + who[block]] = 1
        # In the smallest numbers that hold the months: a table of bytes is the quickest.
        last = bought.astype(np.min_scalar_type(-len(self.ends) - 1), copy=False)
        for month, row in enumerate(last):
            row *= month + 1
            np.maximum(row, last[max(month - 1, 0)], out=row)
        return last


def month_ends(day: np.datetime64, first: np.datetime64) -> np.ndarray:
    """Return the last day of every month from the one that holds `first` to the one up to `day`."""
    ends = [day]
    while (end := months_before(day, len(ends))) >= first:
        ends.append(end)
    return np.array(ends[::-1])


def by_month(purchases: pd.DataFrame, as_of: str | pd.Timestamp | None, **columns: str) -> Months:
    """Return the purchases up to the end of `as_of` by customer and month."""
    rows, day = known_purchases(purchases, as_of=as_of, **columns)
    customer, date, amount = (columns[name] for name in ("customer", "date", "amount"))

    who, customers = numbered(rows[customer])
    stamps = rows[date].to_numpy("M8[us]")
    first = stamps.min().astype("M8[D]")
    ends = month_ends(day, first)
    # Of each day, its month: few days and many rows.
    steps = (ends - first).astype("int64")
    of_day = np.searchsorted(steps, np.arange(int(steps[-1]) + 1)).astype(np.int16)
    month = np.empty(len(stamps), dtype=np.int16)
    for block in _blocks(len(stamps)):
        month[block] = of_day[day_numbers(stamps[block]) - first.astype("int64")]
    return Months(ends, customers, who, month, rows[amount].to_numpy("float64"))


def _blocks(rows: int) -> Iterator[slice]:
    """Yield blocks of rows that stay in the processor's cache, so that no large array is made."""
    return (slice(row, row + _BLOCK) for row in range(0, rows, _BLOCK))
