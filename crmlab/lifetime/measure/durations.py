"""Durations that may be unfinished: checks, and how many were at risk and ended at each time."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_numbers, require_truths, require_values
from crmlab._groups import bincount
from crmlab.errors import BadRowsError, EmptyError
from crmlab.rfm.measure.keys import numbered

Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Counts:
    """What happened at each time at which something did; the arrays are groups by times.

    names    the groups, sorted
    times    float64, rising, from 0
    ends     ends that count, at each time
    leaves   rows that leave at each time, by an end or unfinished
    at_risk  rows that were still there just before
    """

    names: pd.Index
    times: np.ndarray
    ends: np.ndarray
    leaves: np.ndarray
    at_risk: np.ndarray


def counted(
    durations: pd.DataFrame, *, duration: str, ended: str, entry: str | None, by: str | None
) -> Counts:
    """Return how many ended and were at risk at each time, by group; refuse impossible rows."""
    named = {"duration": duration, "ended": ended}
    named |= {"entry": entry} if entry else {}
    named |= {"by": by} if by else {}
    require_columns(durations, **named)
    require_values(durations, *named.values())
    if not len(durations):
        raise EmptyError("there are no durations; one row per customer is needed.")
    times_given = [duration, *([entry] if entry else [])]
    # What whole numbers and truths are is known from their kind, without a look at each.
    require_numbers(durations, *(name for name in times_given if not _whole(durations[name])))
    if durations[ended].dtype != bool:
        require_truths(durations, ended)
    left = _numbers(durations[duration])
    came = _numbers(durations[entry]) if entry else None
    require_order(left, came, duration, entry)

    times, place, first = _placed(left, came)
    k = len(times)
    group, names = _groups(durations, by)
    shape, size = (len(names), k), len(names) * k
    # In place: at a million rows each further array costs as much as the counting.
    cell = 2 * place if group is None else group * k
    if group is not None:
        cell += place
        cell *= 2
    cell += durations[ended].to_numpy(bool)
    both = bincount(cell, minlength=2 * size).reshape(*shape, 2)
    leaves, ends = both.sum(axis=2), both[:, :, 1]
    at_risk = leaves[:, ::-1].cumsum(axis=1)[:, ::-1]
    if first is not None:
        joins = first if group is None else group * (k + 1) + first
        # Who enters at or after a time is not yet at risk at it.
        entered = bincount(joins, minlength=len(names) * (k + 1)).reshape(len(names), k + 1)
        at_risk = at_risk - entered[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    return Counts(names, times, ends, leaves, at_risk)


def _whole(column: pd.Series) -> bool:
    return isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu"


def _numbers(column: pd.Series) -> np.ndarray:
    return column.to_numpy() if _whole(column) else column.to_numpy("float64")


def require_order(
    left: np.ndarray, came: np.ndarray | None, duration: str, entry: str | None
) -> None:
    """Raise BadRowsError for durations below 0, or that end before they were first watched."""
    if left.min() < 0:
        wrong = np.flatnonzero(left < 0)
        raise BadRowsError(
            f"{wrong.size} row(s) have a {duration} below 0: {wrong[:10].tolist()}. "
            "Something that ended before it began is a fault in the dates; mend or drop the rows."
        )
    if came is None:
        return
    wrong = np.flatnonzero((came >= left) | (came < 0))
    if wrong.size:
        raise BadRowsError(
            f"{wrong.size} row(s) enter at or after their end, or before 0: {wrong[:10].tolist()}. "
            f"Who was watched for no time says nothing: drop rows with {entry} >= {duration}."
        )


def _placed(
    left: np.ndarray, came: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return the times, the place of each end among them, and the first time after each entry.

    The place of an entry is one more than the index of the last time at or before it.
    """
    span = left.max()
    if np.issubdtype(left.dtype, np.integer) and span <= 10 * len(left) + 1000:
        # Whole days are their own places: counted, not sorted.
        times, place = np.arange(int(span) + 1, dtype="float64"), left.astype(np.intp, copy=False)
    else:
        codes, found = pd.factorize(np.asarray(left, dtype="float64"))
        times = np.unique(np.append(found, 0.0))
        place = np.searchsorted(times, found)[codes]
    if came is None:
        return times, place, None
    return times, place, np.searchsorted(times, came, side="right")


def _groups(durations: pd.DataFrame, by: str | None) -> tuple[np.ndarray | None, pd.Index]:
    """Return the group of each row, and the groups' names, sorted."""
    if by is None:
        return None, pd.Index(["all"])
    values = durations[by]
    if _whole(values):
        return numbered(values)
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    group, names = pd.factorize(values, sort=True)
    return group.astype(np.intp), pd.Index(names)
