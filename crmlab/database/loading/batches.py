"""Rows on their way into a database: Arrow batches whose columns have the types of their table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from pyarrow import types

from crmlab.errors import (
    AmbiguousError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
    UnreadableFileError,
)

from .refusal import misfit

pc: Any = import_module("pyarrow.compute")  # made when it loads: no type checker knows it
ROWS = 100_000  # that are on their way at once


def _is_number(kind: pa.DataType) -> bool:
    return types.is_integer(kind) or types.is_floating(kind)


def _is_text(kind: pa.DataType) -> bool:
    return types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)


def _is_time(kind: pa.DataType) -> bool:
    return types.is_date(kind) or (types.is_timestamp(kind) and kind.tz is None)


# For each type of a field: what it is called, how it travels, and what it may be made from.
KINDS: dict[type, tuple[str, pa.DataType, Callable[[pa.DataType], bool]]] = {
    int: ("integer", pa.int64(), _is_number),
    float: ("number", pa.float64(), _is_number),
    str: ("string", pa.large_string(), _is_text),
    bool: ("boolean", pa.bool_(), types.is_boolean),
    dt.date: ("date", pa.date32(), _is_time),
    dt.datetime: ("datetime", pa.timestamp("us"), _is_time),
}


@dataclass(frozen=True)
class Source:
    """Rows for a table, which can be read again and again.

    Attributes
    ----------
    table : where they go
    rows : int, how many there are
    fields : list of str, the columns they have, in the order of the table
    read : callable, fields -> iterator of columns by field, `ROWS` rows at a time
    """

    table: sa.Table
    rows: int
    fields: list[str]
    read: Callable[[Sequence[str]], Iterator[Mapping[str, Any]]]

    def batches(self, fields: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the rows piece by piece, all fields or some, in the types of the table.

        Raises BadRowsError where a column holds what its field cannot.
        """
        first, names = 0, self.fields if fields is None else [*fields]
        for columns in self.read(names):
            arrays = [typed(columns[name], self.table.c[name], first=first) for name in names]
            yield pa.RecordBatch.from_arrays(arrays, names=names)
            first += len(arrays[0])


def of_frame(table: sa.Table, frame: pd.DataFrame, *, needs: Sequence[str] | None = None) -> Source:
    """Return the rows of a frame; it must have the columns `needs`, or else all of the table."""
    if not isinstance(frame, pd.DataFrame):
        raise OutOfRangeError(f"{table.name} must be a DataFrame; got {type(frame).__name__}.")
    require_fields(table, frame.columns.tolist(), needs=needs)

    def read(fields: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        for first in range(0, len(frame), ROWS):
            yield {name: frame[name].iloc[first : first + ROWS] for name in fields}

    fields = [column.name for column in table.c if column.name in frame]
    return Source(table, len(frame), fields, read)


def of_parts(table: sa.Table, paths: Sequence[Path]) -> Source:
    """Return the rows of Parquet files; each must have all columns of the table."""
    try:
        parts = [pq.ParquetFile(path).metadata for path in paths]
        names = [part.schema.to_arrow_schema().names for part in parts]
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(f"a part of {table.name} is no Parquet: {error}") from error
    for fields in names:
        require_fields(table, fields)

    def read(fields: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        for path in paths:
            with pq.ParquetFile(path) as file:
                batches = file.iter_batches(ROWS, columns=[*fields])
                while (batch := _next(batches, table, path)) is not None:
                    yield {name: batch.column(name) for name in fields}

    return Source(table, sum(part.num_rows for part in parts), [*table.c.keys()], read)


def _next(batches: Iterator[pa.RecordBatch], table: sa.Table, path: Path) -> pa.RecordBatch | None:
    """Return the next rows of a file, None after the last, or say that it is damaged."""
    try:
        return next(batches, None)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(
            f"{path.name} of {table.name} is damaged, and the database is left as it was: {error}. "
            "Write it again into a new folder: crmlab company"
        ) from error


def require_fields(
    table: sa.Table, present: Sequence[object], *, needs: Sequence[str] | None = None
) -> None:
    """Raise unless the columns `present` are of the table, each once, with all it needs."""
    for name in present:
        if name not in table.c.keys():  # noqa: SIM118 - a name may be no text
            raise UnknownNameError.among(f"column of {table.name}", name, table.c.keys())
    if len({*present}) < len(present):
        twice = sorted({str(name) for name in present if [*present].count(name) > 1})
        raise AmbiguousError(f"{table.name} has more than one column called {twice}; keep one.")
    if missing := [name for name in (needs or table.c.keys()) if name not in present]:
        raise MissingColumnsError(
            f"{table.name} lacks {missing}; it has {[*map(str, present)]}. Add them, empty where "
            "nothing is known: frame.assign(name=None)"
        )


def typed(values: Any, column: sa.Column[Any], *, first: int = 0) -> pa.Array:
    """Return a column in the type of its field; raise BadRowsError if it holds what does not fit.

    Whatever pandas calls missing is null. Numbers may be whole numbers that came as floats, days
    may be times at midnight; nothing is rounded and nothing is parsed.
    """
    name, wanted, fits = KINDS[column.type.python_type]
    where = (column.table.name, column.name)
    try:
        odd, array = _odd_one(values, fits), _array(values)
    except (pa.ArrowException, UnicodeError, OverflowError):
        odd, array = _odd_one(values, fits, every=True), pa.nulls(0)
    if odd is not None:
        raise misfit(*where, f"type {name}", row=first + odd, value=values.iloc[odd])
    if len(array) < len(values):
        raise misfit(*where, f"type {name}, not {values.dtype}")
    if array.null_count == len(array):
        return pa.nulls(len(array), wanted)
    if not fits(array.type):
        raise misfit(*where, f"type {name}, not {array.type}")
    for bad, rule in _misfits(array, name, wanted):
        if pc.any(bad).as_py():
            row = bad.index(True).as_py()
            shown = array[row].cast(pa.string()).as_py()  # Python has no day after 9999
            raise misfit(*where, rule, row=first + row, value=shown, rows=pc.sum(bad).as_py())
    return array.cast(wanted)


def _array(values: Any) -> pa.Array:
    """Return a column as Arrow keeps it, with null for all that is missing."""
    array = values if isinstance(values, pa.Array) else pa.array(values, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if types.is_floating(array.type):
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    return array


def _odd_one(
    values: Any, fits: Callable[[pa.DataType], bool], *, every: bool = False
) -> int | None:
    """Return the first Python object that is of no type that fits, or of another than the first.

    Arrow would make 1.0 of True among fractions, and a day of a time among days. The first object
    of each type is looked at, or every one.
    """
    if not isinstance(values, pd.Series) or values.dtype != object:
        return None
    rows = {row if every else type(value): row for row, value in [*enumerate(values)][::-1]}
    found = None
    for row in sorted(rows.values()):
        try:
            one = pa.array([values.iloc[row]], from_pandas=True)
        except (pa.ArrowException, UnicodeError, OverflowError):
            return row
        if one.null_count:
            continue
        kind = "number" if _is_number(one.type) else str(one.type)
        found = found or kind
        if not fits(one.type) or kind != found:
            return row
    return None


def _misfits(array: pa.Array, name: str, wanted: pa.DataType) -> Iterator[tuple[pa.Array, str]]:
    """Yield which values would be changed by the type of their field, and the rule they break."""
    if name in ("integer", "number") and array.type != wanted:
        least, most = (-(2.0**63), 2.0**63) if name == "integer" else (-(2.0**53), 2.0**53)
        number = array.cast(pa.float64(), safe=False)
        inside = pc.and_(pc.greater_equal(number, least), pc.less(number, most))
        yield pc.invert(pc.and_(inside, pc.equal(pc.floor(number), number))), f"type {name}"
    elif name == "string":  # PostgreSQL has no such letter
        yield pc.match_substring(array, "\0"), "text without the character \\0"
    elif name in ("date", "datetime"):
        year = pc.year(array)
        outside = pc.or_(pc.less(year, 1), pc.greater(year, 9999))
        yield outside, "a year from 1 to 9999"
        back = array.cast(wanted, safe=False).cast(array.type, safe=False)
        rule = "a day without an hour" if name == "date" else "a time in microseconds"
        yield pc.not_equal(back, array), rule
