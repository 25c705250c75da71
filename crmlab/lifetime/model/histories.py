"""Different buying histories, each once: checks, and codes into the few values they take."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_numbers, require_values
from crmlab._groups import bincount
from crmlab.errors import BadRowsError, EmptyError

COLUMNS = ("repeats", "age_at_last", "age")
_SPARE = 8  # a table of whole numbers may have this many places per row


@dataclass(frozen=True)
class Histories:
    """The different rows of (repeats, age_at_last, age) in rising order.

    x, t, T    the values that occur, rising
    ix, it, iT place of each row's value among them
    weight     customers of each row
    row        the row of each customer
    """

    x: np.ndarray
    t: np.ndarray
    T: np.ndarray
    ix: np.ndarray
    it: np.ndarray
    iT: np.ndarray
    weight: np.ndarray
    row: np.ndarray

    @cached_property
    def pairs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return repeats and age of each pair that occurs, and the pair of each row."""
        pair, keys = _coded(self.ix * len(self.T) + self.iT)
        return self.x[keys // len(self.T)], self.T[keys % len(self.T)], pair


def distinct(history: pd.DataFrame) -> Histories:
    """Return the different rows of a history, or raise if one of them cannot be."""
    x, t, age = possible(history)
    (ix, xs), (it, ts), (i_age, ages) = _coded(x), _coded(t), _coded(age)
    row, keys = _coded((ix * len(ts) + it) * len(ages) + i_age)
    rest, i_age = np.divmod(keys, len(ages))
    ix, it = np.divmod(rest, len(ts))
    weight = bincount(row, minlength=len(keys)).astype("float64")
    return Histories(xs, ts, ages, ix, it, i_age, weight, row)


def possible(history: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return repeats, age at the last and age of each customer, or raise if one cannot be."""
    require_columns(history, *COLUMNS)
    if not len(history):
        raise EmptyError("there are no customers in this history.")
    found = [history[column].to_numpy() for column in COLUMNS]
    if not all(each.dtype.kind in "iuf" and np.isfinite(each).all() for each in found):
        require_values(history, *COLUMNS)
        require_numbers(history, *COLUMNS)
        found = [history[column].to_numpy("float64") for column in COLUMNS]
    x, t, age = (each.astype("float64", copy=False) for each in found)
    _require_possible(x, t, age)
    return x, t, age


def _coded(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the place of each value among the different ones, which rise."""
    if values.dtype.kind == "i" and (top := int(values.max())) < _SPARE * len(values):
        # Whole numbers of 0 or more are places of a table; nothing is hashed or sorted.
        seen = np.zeros(top + 1, dtype=bool)
        seen[values] = True
        return (np.cumsum(seen) - 1)[values], np.flatnonzero(seen)
    codes, found = pd.factorize(values)
    order = np.argsort(found)
    place = np.empty(len(found), dtype=np.intp)
    place[order] = np.arange(len(found))
    return place[codes], np.asarray(found)[order]


def _require_possible(x: np.ndarray, t: np.ndarray, age: np.ndarray) -> None:
    impossible = {
        "repeats below 0, or not whole": (x < 0) | (x != np.floor(x)),
        "a last purchase after the end (age_at_last above age)": t > age,
        "an age below 0": t < 0,
        "repeats, but the last one at age 0": (x > 0) & (t == 0),
        "no repeat, but a last purchase after the first": (x == 0) & (t > 0),
    }
    for words, wrong in impossible.items():
        if wrong.any():
            rows = np.flatnonzero(wrong)
            raise BadRowsError(
                f"{len(rows)} customer(s) have {words}: rows {rows[:10].tolist()}. "
                "Make the history with buying_history(purchases), where a repeat is another day."
            )
