"""Which columns determine which, where the data contradict that, and what a repair can know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_columns, require_real
from crmlab._groups import bincount, class_codes
from crmlab.errors import AmbiguousError, MissingColumnsError, OutOfRangeError

PLUS = " + "
Rule = tuple[tuple[str, ...], str]
# What the functions take: a frame of `dependencies`, or {"order_id": ["date", "customer"], …};
# a determinant of several columns is a tuple of them, or "order_id + product".
Rules = pd.DataFrame | Mapping[Any, str | Sequence[str]]


def dependencies(
    frame: pd.DataFrame,
    *,
    columns: Sequence[str] | None = None,
    most_columns: int = 2,
    max_error: float = 0.05,
    min_tested: int = 1,
) -> pd.DataFrame:
    """Functional dependencies (函数依赖) X -> A that hold in the data, exactly or nearly.

    X determines A when rows that agree in X agree in A. The error g3 is the smallest share of rows
    that would have to go (or to be changed) for that. A missing value is a value of its own. Data
    can refute a dependency; whether it is a rule or an accident only its meaning can tell, so each
    row says how often it was put to the test. Where X determines A, no larger X is listed for A.

    Parameters
    ----------
    frame : DataFrame, any; row order does not matter
    columns : columns to look at, all of them when omitted
    most_columns : int, 1 or more
        Columns that X may have.
    max_error : float in [0, 1)
        Largest g3 that is listed; 0 lists what holds without exception.
    min_tested : int, 0 or more
        Least number of tests. With 0, keys determine everything, which no row can contradict.

    Returns
    -------
    DataFrame, by the number of columns of X, then as the columns stand in `frame`
        determinant : str, X, its columns joined by " + "
        dependent : str, A
        error : float64, g3 in [0, max_error]
        rows : int64, error times the rows of `frame`
        tested : int64, rows beyond the first of each value of X: they could have contradicted

    Raises
    ------
    MissingColumnsError
        If `frame` lacks one of `columns`.
    OutOfRangeError
        If there are no rows, `most_columns` is below 1, `max_error` lies outside [0, 1), or
        `min_tested` is below 0.
    AmbiguousError
        If the name of a column holds " + ".

    See Also
    --------
    anomalies : the rows that contradict.
    crmlab.database.measure.normal_form : what the dependencies mean for the design.

    Source
    ------
    Kivinen, J. and Mannila, H. (1995). Approximate inference of functional dependencies from
    relations. Theoretical Computer Science 149(1), 129-149. doi:10.1016/0304-3975(95)00028-U

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "product": ["soap", "soap", "soap", "cream"],
    ...     "category": ["household", "household", "house-hold", "skin care"],
    ... })
    >>> dependencies(orders, max_error=0.25)
      determinant dependent  error  rows  tested
    0     product  category   0.25     1       2
    1    category   product   0.00     0       1
    """
    require_real(max_error=max_error)
    require_columns(frame)
    names = [*frame.columns] if columns is None else [*columns]
    require_columns(frame, *names)
    _require_plain(names)
    for name, value, least in (
        ("the number of rows", len(frame), 1),
        ("min_tested", min_tested, 0),
    ):
        require_at_least(name, value, least)
    require_at_least("most_columns", most_columns, 1)
    if not 0 <= max_error < 1:
        raise OutOfRangeError(f"max_error must be a share in [0, 1); got {max_error!r}.")

    codes = pd.DataFrame({name: class_codes(frame, [name]) for name in names})
    known: set[tuple[frozenset[str], str]] = set()
    found = []
    for size in range(1, most_columns + 1):
        for left in combinations(names, size):
            group = class_codes(codes, left)
            tested = len(frame) - int(group.max()) - 1
            smaller = [frozenset(some) for k in range(1, size) for some in combinations(left, k)]
            for name in names if tested >= min_tested else ():
                if name in left or any((some, name) in known for some in smaller):
                    continue
                rows = len(frame) - _largest(group, codes[name].to_numpy())
                if rows <= max_error * len(frame):
                    known.add((frozenset(left), name))
                    found.append((PLUS.join(left), name, rows / len(frame), rows, tested))
    kinds = {"determinant": "str", "dependent": "str", "error": "float64"}
    kinds |= {"rows": "int64", "tested": "int64"}
    return pd.DataFrame(found, columns=[*kinds]).astype(kinds)


def anomalies(frame: pd.DataFrame, dependencies: Rules) -> pd.DataFrame:
    """Every row of a contradiction: one X, several A, though X should determine A.

    Such is an update anomaly: a fact stands on many rows, and was changed on some of them only.

    Parameters
    ----------
    frame : DataFrame, any
    dependencies : as `dependencies` returns them, or {determinant: dependents}

    Returns
    -------
    DataFrame, by dependency, then by the value of X as it first stands in `frame`, then by row
        determinant, dependent : str
        value : str, of the determinant
        row : int64, row of `frame`, from 0
        written : str, what the row says of the dependent; missing where it says nothing
        rows : int64, how many rows of this value say the same
        of : int64, rows of this value

    Raises
    ------
    MissingColumnsError
        If `frame` lacks a column that a dependency names.

    See Also
    --------
    mended : lets the majority decide.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer": ["Li", "Li", "Wu", "Li"],
    ...     "address": ["1 Zixu Road", "1 Zixu Road", "9 Wuyou Street", "5 Zixu Road"],
    ... })
    >>> anomalies(orders, {"customer": "address"}).drop(columns=["determinant", "dependent"])
      value  row      written  rows  of
    0    Li    0  1 Zixu Road     2   3
    1    Li    1  1 Zixu Road     2   3
    2    Li    3  5 Zixu Road     1   3
    """
    kinds = {"determinant": "str", "dependent": "str", "value": "str", "row": "int64"}
    kinds |= {"written": "str", "rows": "int64", "of": "int64"}
    found = [pd.DataFrame(columns=[*kinds])]
    for left, name in rules_of(frame, dependencies):
        group, value = class_codes(frame, left), class_codes(frame, [name])
        both = class_codes(pd.DataFrame({"group": group, "value": value}), ["group", "value"])
        of, rows = bincount(group)[group], bincount(both)[both]
        row = np.flatnonzero(rows < of)
        row = row[np.argsort(group[row], kind="stable")]
        shown = {
            "determinant": PLUS.join(left),
            "dependent": name,
            "value": texts(frame, left, row),
        }
        shown |= {"row": row, "written": frame[name].iloc[row].astype("str").to_numpy()}
        found.append(pd.DataFrame({**shown, "rows": rows[row], "of": of[row]}))
    return pd.concat(found, ignore_index=True).astype(kinds)


def rules_of(frame: pd.DataFrame, dependencies: Rules) -> list[Rule]:
    """Return the dependencies as (columns of X, A), each once, after looking that `frame` has them.

    A dependent that is part of its own determinant says nothing and is left out.
    """
    require_columns(frame)
    if isinstance(dependencies, pd.DataFrame):
        require_columns(dependencies, "determinant", "dependent")
        pairs = dependencies[["determinant", "dependent"]].itertuples(index=False, name=None)
    else:
        pairs = _pairs(dependencies)
    rules = [
        (left, name) for left, name in ((_columns(x), a) for x, a in pairs) if name not in left
    ]
    named = dict.fromkeys(name for left, right in rules for name in (*left, right))
    if missing := [name for name in named if name not in frame]:
        raise MissingColumnsError(
            f"the dependencies name {missing}; the frame has {[*map(str, frame.columns)]}. Leave "
            "out the dependencies of what the frame does not hold."
        )
    require_columns(frame, *named)
    _require_plain([*named])
    return [*dict.fromkeys(rules)]


def _pairs(mapping: Mapping[Any, str | Sequence[str]]) -> Iterator[tuple]:
    """Yield determinant and dependent of each entry of {determinant: dependents}."""
    if not isinstance(mapping, Mapping):
        raise OutOfRangeError(
            "dependencies are a frame with determinant and dependent, or {determinant: dependents};"
            f" got {type(mapping).__name__}."
        )
    for left, right in mapping.items():
        if not isinstance(right, Iterable):
            raise OutOfRangeError(f"{left!r} determines names of columns; got {right!r}.")
        yield from ((left, name) for name in ([right] if isinstance(right, str) else right))


def _columns(determinant: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of a determinant, which is text or a tuple."""
    if not isinstance(determinant, (str, tuple)):
        raise OutOfRangeError(
            f"a determinant is the name of a column, or a tuple of names; got {determinant!r}."
        )
    named = determinant.split(PLUS) if isinstance(determinant, str) else determinant
    return tuple(dict.fromkeys(named))


def _require_plain(names: Sequence[str]) -> None:
    """Raise AmbiguousError if a name holds the sign that joins the columns of a determinant."""
    if odd := [name for name in names if PLUS in str(name)]:
        raise AmbiguousError(
            f"{odd} hold {PLUS!r}, which joins the columns of a determinant. Rename them first: "
            "frame.rename(columns=…)"
        )


def _largest(group: np.ndarray, value: np.ndarray) -> int:
    """Return how many rows agree with the most frequent value of their group."""
    both, rows = np.unique(group.astype(np.int64) * (value.max() + 1) + value, return_counts=True)
    owner = both // (value.max() + 1)
    return int(np.maximum.reduceat(rows, np.flatnonzero(np.diff(owner, prepend=-1))).sum())


def texts(frame: pd.DataFrame, columns: Sequence[str], rows: np.ndarray) -> np.ndarray:
    """Return what `rows` say in `columns`, as text, joined by " + "."""
    said = [frame[name].iloc[rows].astype("str").fillna("") for name in columns]
    return np.array([PLUS.join(parts) for parts in zip(*said, strict=True)], dtype=object)
