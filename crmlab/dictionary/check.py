"""A fast check of tables against the dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import require_columns
from crmlab.dictionary.fields import schemas
from crmlab.errors import OutOfRangeError, UnknownNameError

# The kinds of dtype that a type of the dictionary may have.
KINDS = {"integer": "i", "number": "fi", "string": "OTU", "boolean": "b"}
KINDS |= {"date": "M", "datetime": "M"}
SHOWN = 5  # rows that are shown for each rule of a field


def faults(
    tables: Mapping[str, pd.DataFrame], schema_of: Mapping[str, dict[str, Any]] | None = None
) -> pd.DataFrame:
    """Every breach of the dictionary in `tables`, which are checked against each other too.

    Parameters
    ----------
    tables : frames by name; a key of a table that is not among them is not followed
    schema_of : Frictionless Table Schemas by name, Hehua's own when omitted

    Returns
    -------
    DataFrame, one row per fault, of each field and rule the first 5 rows; empty when all is well
        table, field : str
        row : int64, counted from 0; -1 for the whole column
        value : str, what is there
        rule : str, what is asked
        rows : int64, how many rows break this rule

    Raises
    ------
    UnknownNameError
        If a table has no schema.

    Examples
    --------
    >>> tariffs = pd.DataFrame({"channel": ["chat", "chat"], "cost_cny": [8.0, -1.0]})
    >>> faults({"tariffs": tariffs})[["field", "row", "value", "rule"]]
          field  row value               rule
    0  cost_cny    1  -1.0          minimum 0
    1   channel    1  chat  unique in tariffs
    """
    known = schemas() if schema_of is None else schema_of
    if not isinstance(tables, Mapping):
        raise OutOfRangeError(
            "tables must be frames by name, such as {'people': frame}; "
            f"got {type(tables).__name__}."
        )
    found = []
    for name, frame in tables.items():
        if name not in known:
            raise UnknownNameError.among("table", name, known)
        fields = {field["name"] for field in known[name]["fields"]}
        require_columns(frame, *fields & {*getattr(frame, "columns", ())})
        for field, bad, rule in _broken(name, frame, known[name], tables):
            rows = np.flatnonzero(bad) if bad is not None else np.array([-1])
            for row in rows[:SHOWN].tolist():
                value = "" if row < 0 else _shown(frame, field, row)
                found.append((name, field, row, value, rule, len(rows)))
    columns = ["table", "field", "row", "value", "rule", "rows"]
    texts = {"table": "str", "field": "str", "value": "str", "rule": "str"}
    return pd.DataFrame(found, columns=columns).astype({**texts, "row": "int64", "rows": "int64"})


def _broken(
    name: str, frame: pd.DataFrame, schema: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]
) -> Iterator[tuple[str, np.ndarray | None, str]]:
    """Yield field, rows that break a rule (None: the column itself), and the rule."""
    wanted = [field["name"] for field in schema["fields"]]
    for extra in [column for column in frame.columns if column not in wanted]:
        yield str(extra), None, "a column of the dictionary"
    for field in schema["fields"]:
        if field["name"] not in frame:
            yield field["name"], None, "a column that is there"
        elif not _fits(frame[field["name"]], field["type"]):
            yield field["name"], None, f"type {field['type']}, not {frame[field['name']].dtype}"
        else:
            for bad, rule in _values(frame[field["name"]], field):
                yield field["name"], bad, rule
    key = schema.get("primaryKey", [])
    if key and {*key} <= {*frame.columns}:
        yield key[0], frame.duplicated(key).to_numpy(), f"unique in {name}" + _with(key)
    for foreign in schema.get("foreignKeys", []):
        (field,), parent = foreign["fields"], foreign["reference"]["resource"]
        (column,) = foreign["reference"]["fields"]
        if field in frame and column in tables.get(parent, ()):
            orphan = ~frame[field].isin(tables[parent][column]) & frame[field].notna()
            yield field, orphan.to_numpy(), f"one of {parent}.{column}"


def _fits(column: pd.Series, kind: str) -> bool:
    """Return whether a column has a dtype for a type of the dictionary; objects must be texts."""
    dtype: Any = column.dtype
    if dtype.kind not in KINDS[kind] or getattr(getattr(dtype, "pyarrow_dtype", dtype), "tz", None):
        return False
    values = getattr(dtype, "categories", column)
    if values.dtype != object:
        return values.dtype.kind in KINDS[kind]
    return pd.api.types.infer_dtype(values, skipna=True) in ("string", "empty")


def _with(key: list[str]) -> str:
    """Return the other columns of a key in words."""
    return f" together with {', '.join(key[1:])}" if key[1:] else ""


def _values(column: pd.Series, field: Mapping[str, Any]) -> Iterator[tuple[np.ndarray, str]]:
    """Yield the rows of a column that break a constraint of its field, and which."""
    missing = column.isna().to_numpy()
    asked = field["constraints"]
    if asked.get("required"):
        yield missing, "required"
    there = ~missing
    if field["type"] == "date":
        hours = (column != column.dt.normalize()).fillna(False).to_numpy(dtype=bool)
        yield there & hours, "a day without an hour"
    for rule, sign in (("minimum", 1), ("maximum", -1)):
        if rule in asked:
            limit = pd.Timestamp(asked[rule]) if field["type"] == "date" else asked[rule]
            beyond = column < limit if sign > 0 else column > limit
            yield there & beyond.fillna(False).to_numpy(dtype=bool), f"{rule} {asked[rule]}"
    if "enum" in asked:
        yield there & ~column.isin(asked["enum"]).to_numpy(), f"one of {', '.join(asked['enum'])}"
    if "pattern" in asked:
        # As text of pandas' own: of Arrow's, pandas before 3.1 cannot ask with a flag.
        fits = column.astype("str").str.fullmatch(asked["pattern"], flags=re.ASCII).fillna(False)
        yield there & ~fits.to_numpy(dtype=bool), f"like {asked['pattern']}"


def _shown(frame: pd.DataFrame, field: str, row: int) -> str:
    """Return a value as a message shows it."""
    value = frame[field].iloc[row]
    return "" if pd.isna(value) else str(value)
