"""A column as it came: typed, or as words of which only the distinct ones are parsed."""

# pyarrow.compute makes its functions on import, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# "(blank)" and "(空白)" are what a pivot table of Excel calls a cell with nothing in it.
_NOTHING = "- nan null \\n none n/a #n/a na nat <na> 无 空 (blank) (空白) （空白）"
_EMPTY = pa.array(["", *_NOTHING.split()])


@dataclass(frozen=True)
class Words:
    """Text cells: the distinct ones, trimmed, and for each row which one it is (-1: nothing)."""

    distinct: pa.StringArray
    codes: np.ndarray

    def written(self, rows: np.ndarray) -> list[str]:
        """Return what stands in `rows`."""
        texts = self.distinct.take(pa.array(self.codes[rows].clip(min=0))).to_pylist()
        return [
            text if code >= 0 else "" for text, code in zip(texts, self.codes[rows], strict=True)
        ]

    def used(self, codes: np.ndarray) -> Words:
        """Return the words of other `codes`, without those that no row has any more."""
        there = np.unique(codes[codes >= 0])
        again = np.full(len(self.distinct) + 1, -1)
        again[there] = np.arange(len(there))
        return Words(self.distinct.take(pa.array(there)), again[codes])

    def half_width(self) -> tuple[Words, pa.StringArray]:
        """Return the words with full-width letters and digits as plain ones; which changed."""
        plain = pc.utf8_normalize(self.distinct, "NFKC")
        changed = self.distinct.filter(pc.not_equal(plain, self.distinct))
        if not len(changed):
            return self, changed
        encoded = plain.dictionary_encode()
        again = np.append(_codes(encoded.indices), np.int32(-1))
        return Words(encoded.dictionary, again[self.codes]), changed

    def spread(self, values: np.ndarray, nothing: Any) -> np.ndarray:
        """Return for each row the value of its word."""
        # A code of -1 picks the last value.
        return np.append(values, np.array([nothing], dtype=values.dtype))[self.codes]


@dataclass(frozen=True)
class Parsed:
    """A column as values, and the rows whose cells hold nothing or cannot be read."""

    cells: np.ndarray
    empty: np.ndarray
    unreadable: np.ndarray
    written: list[str]


def is_text(column: pa.ChunkedArray) -> bool:
    """Return whether `column` holds words."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def words(column: pa.ChunkedArray) -> Words:
    """Return the text of `column`, its distinct words trimmed of blanks at their ends."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries()
    if not column.num_chunks:
        return Words(pa.array([], pa.string()), np.empty(0, dtype=np.int32))
    codes = np.concatenate([_codes(chunk.indices) for chunk in column.chunks])
    written = column.chunk(0).dictionary.cast(pa.string())
    trimmed = pc.utf8_trim_whitespace(written)
    nothing = pc.is_in(pc.utf8_lower(trimmed), value_set=_EMPTY)
    encoded = pc.if_else(nothing, pa.scalar(None, pa.string()), trimmed).dictionary_encode()
    again = np.append(_codes(encoded.indices), np.int32(-1))
    return Words(encoded.dictionary, again[codes])


def _codes(indices: pa.Array) -> np.ndarray:
    """Return `indices` with -1 for nothing."""
    return pc.fill_null(indices.cast(pa.int32()), -1).to_numpy(zero_copy_only=False)


def own(column: pa.ChunkedArray) -> np.ndarray:
    """Return the values of `column` in memory that nobody else looks at."""
    values = column.to_numpy()
    return values if values.flags.writeable else values.copy()


def arrow_of(cells: Any) -> pa.ChunkedArray:
    """Return a pandas Series or a list of cells as Arrow; cells of mixed kinds become text."""
    try:
        column = pa.array(cells, from_pandas=True)
        if _loses_meaning(column.type, cells):
            raise TypeError
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        column = pa.array([_text(cell) for cell in cells], pa.string())
    column = pa.chunked_array([column]) if isinstance(column, pa.Array) else column
    return simple(column)


def _loses_meaning(kind: pa.DataType, cells: Any) -> bool:
    """Return whether Arrow has made numbers of periods, or one zone of several."""
    if isinstance(kind, pa.BaseExtensionType):
        return True
    zoned = pa.types.is_timestamp(kind) and kind.tz
    return bool(zoned) and str(getattr(cells, "dtype", "object")) == "object"


def simple(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return `column` as numbers, times or text: every other type as the text it would print."""
    kind = column.type
    if pa.types.is_dictionary(kind) and not is_text(column):
        return simple(column.cast(kind.value_type))
    if is_text(column) or pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return column
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return column
    if pa.types.is_null(kind):
        return column.cast(pa.string())
    return pa.chunked_array([pa.array([_text(cell) for cell in column.to_pylist()], pa.string())])


def _text(cell: Any) -> str | None:
    """Return one cell as the text a file would hold: 12345.0 as '12345', a time in ISO form."""
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float | np.floating) and float(cell).is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return str(cell)
