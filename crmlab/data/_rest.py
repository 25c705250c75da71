"""The columns nobody asked for: they tell equal rows from others, and rows of totals."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from pandas.util import hash_array

from crmlab._cells import is_text, simple, words
from crmlab.data._totals import Marked, joined, marked


class Rest:
    """What is kept of columns nobody asked for, block by block of rows."""

    def __init__(self) -> None:
        self._digests: list[np.ndarray] = []
        self._totals: list[Marked] = []
        self._length = 0

    def add(self, columns: Iterable[pa.ChunkedArray], length: int) -> None:
        """Take in the next `length` rows, column by column."""
        self._digests.append(mixed(map(self._seen, columns), length))
        self._length += length

    def _seen(self, column: pa.ChunkedArray) -> np.ndarray:
        """Return a uint64 per cell, equal for equal cells; note the words for totals."""
        column = simple(column)
        if not is_text(column):
            return _digest(column)
        text = words(column)
        self._totals.append(marked(text.distinct, text.codes, first=self._length))
        return text.spread(hashed(text.distinct.to_numpy(zero_copy_only=False)), 0)

    def digests(self) -> np.ndarray | None:
        """Return a uint64 per row."""
        return np.concatenate(self._digests) if self._digests else None

    def totals(self) -> Marked:
        """Return the rows in which a word for a total stands."""
        return joined(self._totals)


def _digest(column: pa.ChunkedArray) -> np.ndarray:
    """Return a uint64 per cell of numbers or times, equal for equal cells."""
    values = column.cast(pa.float64(), safe=False) if _is_number(column) else _micros(column)
    return hashed(values.to_numpy())


def _is_number(column: pa.ChunkedArray) -> bool:
    return pa.types.is_integer(column.type) or pa.types.is_floating(column.type)


def _micros(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return times as numbers."""
    return (
        column.cast(pa.timestamp("us"), safe=False).cast(pa.int64()).cast(pa.float64(), safe=False)
    )


def hashed(values: np.ndarray) -> np.ndarray:
    """Return a uint64 per value."""
    return hash_array(values, categorize=False)  # pyright: ignore[reportCallIssue]


def mixed(digests: Iterable[np.ndarray], length: int) -> np.ndarray:
    """Return one uint64 per row out of the digests of its cells."""
    total = np.zeros(length, dtype=np.uint64)
    for cells in digests:
        total *= np.uint64(0x9E3779B97F4A7C15)  # any odd number spreads the bits
        total ^= cells
        total ^= total >> np.uint64(29)
    return total
