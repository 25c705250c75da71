"""Who looks alike: rows with the same values, as numbers, quickly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._checks import (
    names_of,
    require_at_least,
    require_columns,
    require_numbers,
    require_single,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import BadRowsError


def columns_of(frame: pd.DataFrame, quasi: Sequence[str] | str) -> list[str]:
    """Return the quasi-identifiers as a list, after looking that `frame` has them and rows."""
    columns = names_of("quasi", quasi)
    require_at_least("the number of quasi-identifiers", len(columns), 1)
    require_columns(frame, *columns)
    require_at_least("the number of rows", len(frame), 1)
    require_single(frame, *columns)
    return columns


def headcount(frame: pd.DataFrame, person: str | None) -> int:
    """Return how many people `frame` is about, after looking whether its rows are people.

    Without `person` each row is one; a column customer_id that names one twice says otherwise,
    and is a BadRowsError.
    """
    if person is not None:
        require_columns(frame, person=person)
        require_values(frame, person)
        require_single(frame, person)
        return frame[person].nunique()
    if "customer_id" in frame and frame["customer_id"].duplicated().any():
        twice = frame["customer_id"][frame["customer_id"].duplicated()].unique()
        raise BadRowsError(
            f"{len(frame):,} rows are of {frame['customer_id'].nunique():,} customers, so rows are "
            f"not people: {twice[:5].tolist()} stand more than once in customer_id. Count people "
            "with person='customer_id', or keep one row of each."
        )
    return len(frame)


def sensitive_codes(frame: pd.DataFrame, sensitive: str) -> tuple[np.ndarray, int]:
    """Return each row's sensitive value as a number, in the order of the values, and how many."""
    require_columns(frame, sensitive)
    require_values(frame, sensitive)
    require_single(frame, sensitive)
    codes, values = pd.factorize(frame[sensitive], sort=True)
    return codes, len(values)


def pairs(classes: np.ndarray, values: np.ndarray, m: int) -> tuple[np.ndarray, ...]:
    """Return class, value and headcount of each pair that occurs, sorted by both."""
    key, people = np.unique(classes.astype(np.int64) * m + values, return_counts=True)
    return key // m, key % m, people


def distinct(classes: np.ndarray, values: np.ndarray, m: int, *, kind: str) -> np.ndarray:
    """Return the l of each class: its distinct values, or the exponential of their entropy."""
    owner, _, people = pairs(classes, values, m)
    if kind == "distinct":
        return bincount(owner).astype("float64")
    share = people / bincount(classes)[owner]
    return np.exp(-bincount(owner, share * np.log(share)))


def distance(
    classes: np.ndarray,
    values: np.ndarray,
    m: int,
    *,
    ordered: bool,
    whole: np.ndarray | None = None,
) -> np.ndarray:
    """Return how far the values of each class lie from the shares `whole`, in 0 to 1.

    Those are by default the shares of the values among all rows.
    """
    whole = bincount(values, minlength=m) / len(values) if whole is None else whole
    owner, value, people = pairs(classes, values, m)
    share = people / bincount(classes)[owner]
    if not ordered:  # sum |p - q| / 2; the values that a class lacks add what it does not show
        return (bincount(owner, abs(share - whole[value]) - whole[value]) + 1) / 2
    return _earth_movers(owner, value, share, whole) if m > 1 else np.zeros(classes.max() + 1)


def _earth_movers(
    owner: np.ndarray, value: np.ndarray, share: np.ndarray, whole: np.ndarray
) -> np.ndarray:
    """Return the mean of |F(class) - F(all)| over the steps between neighbouring values.

    F(class) is flat from one of its values to the next, F(all) never falls: so each stretch has
    one point where the sign turns, and its sum follows from running sums of F(all).
    """
    m, below = len(whole), np.cumsum(whole)[:-1]
    running = np.r_[0, np.cumsum(below)]
    first = np.r_[True, owner[1:] != owner[:-1]]
    total = np.cumsum(share)
    level = total - (total - share)[first][np.cumsum(first) - 1]
    end = np.r_[value[1:], m - 1]
    end[np.r_[first[1:], True]] = m - 1  # after its last value a class stays at 1
    turn = np.clip(np.searchsorted(below, level), value, end)
    above = level * (turn - value) - (running[turn] - running[value])
    under = running[end] - running[turn] - level * (end - turn)
    start = running[value] * first  # before its first value a class is at 0
    return bincount(owner, above + under + start) / (m - 1)


def require_countable(frame: pd.DataFrame, *columns: str) -> None:
    """Raise OutOfRangeError if a column holds neither numbers nor True and False."""
    numeric = pd.api.types.is_numeric_dtype
    require_numbers(frame, *(column for column in columns if not numeric(frame[column])))
