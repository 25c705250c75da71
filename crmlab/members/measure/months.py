"""A purchase log as customers and months, counted back from the last day: what card counts need."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import (
    months_before,
)
from crmlab._purchases import known_purchases
from crmlab.rfm.measure.keys import numbered
from crmlab.rfm.measure.log import day_numbers

NEVER = -(2**14)


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
        """Return the latest month with a purchase up to each month, months by customers."""
        bought = np.zeros((len(self.ends), len(self.customers)), dtype=bool)
        paid = self.amount > 0
        rows = slice(None) if paid.all() else paid
        # Month by month each row of the table stays in the processor's cache.
        bought.ravel()[self.month[rows] * len(self.customers) + self.who[rows]] = True
        last = np.full(bought.shape, NEVER, dtype=np.int16)
        for month, who in enumerate(bought):
            if month:
                last[month] = last[month - 1]
            last[month][who] = month
        return last


def month_ends(day: np.datetime64, first: np.datetime64) -> np.ndarray:
    """Return the last day of every month from the one that holds `first` to the one up to `day`."""
    ends = [day]
    while (end := months_before(day, len(ends))) >= first:
        ends.append(end)
    return np.array(ends[::-1])


def by_month(
    purchases: pd.DataFrame,
    as_of: str | pd.Timestamp | None,
    *,
    customer: str,
    date: str,
    amount: str,
) -> Months:
    """Return the purchases up to the end of `as_of` by customer and month."""
    rows, day = known_purchases(purchases, as_of=as_of, customer=customer, date=date, amount=amount)

    who, customers = numbered(rows[customer])
    days = day_numbers(rows[date].to_numpy("M8[us]"))
    first = int(days.min())
    ends = month_ends(day, np.datetime64(first, "D"))
    # Of each day, its month: few days and many rows.
    steps = ends.astype("int64") - first
    month = np.searchsorted(steps, np.arange(int(steps[-1]) + 1)).astype(np.intp)
    return Months(ends, customers, who, month[days - first], rows[amount].to_numpy("float64"))
