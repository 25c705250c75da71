"""The rows of an answer as a DataFrame, alike whichever engine they come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pandas as pd
import sqlalchemy as sa

# Which dtype a column of each type has.
DTYPES = {"BIGINT": "int64", "INTEGER": "int64", "DOUBLE": "float64", "TEXT": "str"}
DTYPES |= {"BOOLEAN": "bool", "DATE": "datetime64[us]", "DATETIME": "datetime64[us]"}
_ISO = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d+)?)?")


def kinds_of(tables: Iterable[sa.Table]) -> dict[str, str]:
    """Return the type of each column name of some tables; text where they do not agree."""
    found: dict[str, str] = {}
    for column in (column for table in tables for column in table.columns):
        kind = str(column.type)
        found[column.name] = kind if found.get(column.name, kind) == kind else "TEXT"
    return found


def framed(
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    kinds: Mapping[str, str],
    *,
    days_as_text: bool = False,
) -> pd.DataFrame:
    """Return rows as a frame; `kinds` has the types that are known, by column.

    With `days_as_text`, a column of unknown type whose texts are all written like days is one of
    days.
    """
    columns = [*zip(*rows, strict=True)] or [()] * len(names)
    made = [
        _column([*values], kinds.get(name), days_as_text)
        for name, values in zip(names, columns, strict=True)
    ]
    # Two columns of an answer may have the same name.
    frame = pd.concat(made, axis=1) if made else pd.DataFrame()
    return frame.set_axis([*names], axis=1)


def _column(values: list[Any], kind: str | None, days_as_text: bool) -> pd.Series:
    """Return the values of a column in the plainest dtype that holds them."""
    there = [value for value in values if value is not None]
    types = {type(value) for value in there}
    if not there:
        dtype = DTYPES.get(kind or "", "object")
        # A whole number or a truth value cannot be missing.
        dtype = "float64" if values and dtype in ("int64", "bool") else dtype
        return pd.Series(values, dtype="object").astype(cast("Any", dtype))
    if types == {Decimal}:  # PostgreSQL's sums and means of whole numbers
        whole = all(value.as_tuple().exponent == 0 for value in there)
        number = int if whole else float
        return pd.Series([value if value is None else number(value) for value in values])
    if kind == "BOOLEAN" and types == {int} and {*there} <= {0, 1}:
        return pd.Series([value if value is None else bool(value) for value in values])
    like_days = kind in ("DATE", "DATETIME") or (days_as_text and kind is None)
    if types == {str} and like_days and all(_ISO.fullmatch(value) for value in there):
        return pd.Series(pd.to_datetime(values, format="ISO8601")).astype("datetime64[us]")
    if all(issubclass(one, date) for one in types):
        return pd.Series(pd.to_datetime(values)).astype("datetime64[us]")
    return pd.Series(values)
