"""A purchase log by customer and day: the steps that must be fast."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from scipy.sparse import csr_array

_MICROSECONDS = 86_400_000_000  # of a day
_LATEST = np.iinfo(np.int32).max
_MANY = 4_000_000  # rows from which two threads were seen to save time and not to cost any


def side_by_side(rows: int, *steps: Callable[[], Any]) -> list[Any]:
    """Return what each of the steps returns, which share two threads if there are many rows.

    numpy and scipy let go of the interpreter while they work. A browser has no threads.
    """
    if rows < _MANY or sys.platform == "emscripten":
        return [step() for step in steps]
    with ThreadPoolExecutor(2) as threads:
        return [begun.result() for begun in [threads.submit(step) for step in steps]]


def day_numbers(stamps: np.ndarray) -> np.ndarray:
    """Return the days since 1970-01-01 of datetime64[us] `stamps` as int32."""
    days = np.empty(len(stamps), dtype=np.int32)
    # Into the smaller array block by block: no large one in between.
    return np.floor_divide(stamps.view("int64"), _MICROSECONDS, out=days, casting="unsafe")


def first_and_last(who: np.ndarray, day: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the last day of each of `n` customers, who all have a row."""
    first, last = np.full(n, _LATEST, dtype=np.int32), np.full(n, -_LATEST, dtype=np.int32)
    np.minimum.at(first, who, day)
    np.maximum.at(last, who, day)
    return first, last


def distinct_days(who: np.ndarray, day: np.ndarray, n: int) -> np.ndarray:
    """Return how many different days each of `n` customers has.

    The rows are brought together day by day. Within a day, adding one to each customer who
    appears counts a customer once, however often the customer appears.
    """
    counts = np.zeros(n, dtype=np.int64)
    if not who.size:
        return counts
    day = day - day.min()
    rows, days = len(who), int(day.max()) + 1
    # A matrix with one entry per row: turning it to columns is a counting sort by day.
    by_day = csr_array((who, day, np.arange(rows + 1)), shape=(rows, days)).tocsc()
    for present in np.split(np.asarray(by_day.data, dtype=np.int64), by_day.indptr[1:-1]):
        counts[present] += 1
    return counts
