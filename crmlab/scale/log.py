"""A table of purchases, read as a log of customers, days and cents that the blocks run on."""

from __future__ import annotations

import warnings
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import day_of, months_before, require_at_least
from crmlab.errors import LaterRowsWarning, OutOfRangeError
from crmlab.scale.blocks import blocks, composed
from crmlab.scale.check import check
from crmlab.scale.engines import engine_of

EPOCH = np.datetime64("1970-01-01", "D")
_DTYPES: dict[str, Any] = {"int": "int64", "float": "float64", "bool": "bool", "str": "str"}
# What stands for a block when frequency counts purchases, or days with a purchase.
_COUNTS = {"purchases": {}, "days": {"visits": "visits_by_day"}}


class PurchaseLog:
    """Purchases in an engine: checked once, and asked for frames of blocks."""

    def __init__(
        self,
        engine: Any,
        table: str,
        *,
        customer: str = "customer_id",
        date: str = "date",
        amount: str = "amount",
    ):
        self.engine = engine = engine_of(engine)
        source = engine.quoted(table)
        name = engine.quoted(customer)
        one = engine.fetch(
            f"select {name} as customer_id from {source} where {name} is not null limit 1"
        )
        self._words = len(one) > 0 and not isinstance(one["customer_id"].iloc[0], Number)
        columns = {"customer": customer, "date": date, "amount": amount}
        found = check(engine, source, text=self._words, **columns)
        self._log = engine.log(source, **columns, text=self._words)
        self._first_day, self._last_day = int(found["first_day"]), int(found["last_day"])

    def _count(self, condition: str) -> pd.Series:
        """Return rows n, first_day, last_day, and how many rows `hold` the condition."""
        return self.engine.fetch(
            f"with log as ({self._log}) select count(*) as n, min(day) as first_day, "
            f"max(day) as last_day, "
            f"coalesce(sum(case when {condition} then 1 else 0 end), 0) as hold from log"
        ).iloc[0]

    def _day(self, name: str, value: str) -> int:
        """Return the day number of a date, or raise if no row is as early."""
        day = int((day_of(name, value) - EPOCH).astype("int64"))
        if day < self._first_day:
            first = EPOCH + self._first_day
            raise OutOfRangeError(f"{name} {EPOCH + day} lies before the first row, {first}.")
        return day

    def _until(self, as_of: str | None) -> int:
        """Return the day number of `as_of`, by default the last day; warn of rows after it."""
        if as_of is None:
            return self._last_day
        day = self._day("as_of", as_of)
        if left_out := int(self._count(f"day > {day}")["hold"]):
            words = f"{left_out} row(s) after {EPOCH + day} are left out."
            warnings.warn(words, LaterRowsWarning, stacklevel=3)
        return day

    def _start(self, day: int, months: int) -> int:
        """Return the day number that lies `months` calendar months before another."""
        require_at_least("months", months, 1)
        return int((months_before(EPOCH + day, months) - EPOCH).astype("int64"))

    def _query(
        self, name: str, *, count: str = "purchases", given: dict | None = None, **numbers: int
    ) -> str:
        """Return the query of a block; `count` says what frequency counts."""
        if count not in _COUNTS:
            raise OutOfRangeError(f"count must be 'purchases' or 'days'; got {count!r}.")
        tables = {"log": self._log, **(given or {})}
        return composed(name, given=tables, numbers=numbers, instead=_COUNTS[count])

    def _frame(self, name: str, **asked: Any) -> pd.DataFrame:
        """Return what `_query` asks for, with the dtypes of the pandas form."""
        found = self.engine.fetch(self._query(name, **asked))
        kinds = {**blocks()[name].returns}
        if "customer_id" in kinds:
            kinds["customer_id"] = "str" if self._words else "int"
        return pd.DataFrame({column: _typed(found[column], kind) for column, kind in kinds.items()})


def _typed(column: pd.Series, kind: str) -> pd.Series:
    """Return a column as the pandas form has it."""
    if kind == "date":
        return pd.Series((EPOCH + column.to_numpy("int64")).astype("M8[us]"))
    return column.astype(_DTYPES[kind])
