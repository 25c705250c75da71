"""Answers counted by cell, and the margins of a population beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmlab._groups import bincount
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError, WrongTypeError

_SMALL = 1 << 12


def shares_of(margins: Mapping[Any, Mapping[Any, float]]) -> list[np.ndarray]:
    """Return the shares of each margin, or raise OutOfRangeError if they cannot be shares."""
    if not margins:
        raise EmptyError("there is no margin to rake to. Name one: {'age': {'old': .3, …}}")
    found, totals = [], {}
    for name, groups in margins.items():
        if not groups:
            raise EmptyError(f"the margin {name!r} has no groups. Give each its share.")
        try:
            shares = np.array([*groups.values()], dtype="float64")
        except (TypeError, ValueError) as error:
            raise WrongTypeError(f"the margin {name!r} must hold numbers: {groups}.") from error
        wrong = [group for group, share in groups.items() if not 0 <= share < np.inf]
        if wrong or not shares.sum():
            raise OutOfRangeError(
                f"the margin {name!r} needs shares of 0 or more, and not only 0; look at "
                f"{wrong or [*groups]}."
            )
        totals[name] = shares.sum()
        found.append(shares / shares.sum())
    first, *_ = totals.values()
    if max(abs(total - first) for total in totals.values()) > 1e-6 * first:
        said = ", ".join(f"{name!r} {total:,.6g}" for name, total in totals.items())
        raise OutOfRangeError(
            f"the margins are of different populations: they add up to {said}. Let each add up to "
            "1, or all to the same count."
        )
    if first < 2 and abs(first - 1) > 1e-6:
        raise OutOfRangeError(
            f"the shares add up to {first:.4g}, not to 1. A group may be missing; shares are 0.3, "
            "not 30."
        )
    return found


class Cells:
    """Which combinations of values occur, and in which of them each answer stands.

    key : intp, one per answer; size : keys lie below it
    there : the keys that occur; count : answers, and values : frame, one row per key that occurs
    """

    def __init__(self, answers: pd.DataFrame, columns: Sequence[Any]) -> None:
        self.size, below, parts = 1, 0, []
        self.key = np.zeros(len(answers), dtype=np.intp)
        for column in columns:
            codes, low, values = _coded(answers[column])
            if self.size * len(values) > 1 << 48:
                raise OutOfRangeError(
                    f"{column} has {len(values):,} values; that many cells cannot be weighted. "
                    "Put values into groups first."
                )
            if parts:
                self.key *= len(values)
                self.key += codes.astype(np.intp, copy=False)
            else:
                self.key = codes.astype(np.intp)
            below = below * len(values) + low
            self.size *= len(values)
            parts.append(values)
        self.key -= below
        occurring = None
        if self.size > 4 * len(answers) + _SMALL:
            occurring, self.key = np.unique(self.key, return_inverse=True)
            self.size = len(occurring)
        count = bincount(self.key, minlength=self.size)
        self.there = np.flatnonzero(count)
        self.count = count[self.there].astype("float64")
        occurring = self.there if occurring is None else occurring
        places = np.unravel_index(occurring, [len(values) for values in parts])
        self.values = pd.DataFrame(
            {name: v.take(at) for name, v, at in zip(columns, parts, places, strict=True)}
        )

    def total(self, weights: np.ndarray | None) -> np.ndarray:
        """Return the sum of the weights, or the number, of the answers in each cell."""
        if weights is None:
            return self.count
        return bincount(self.key, weights, minlength=self.size)[self.there]

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Return for each answer the value of its cell."""
        full = np.zeros(self.size)
        full[self.there] = values
        return full[self.key]

    def groups(
        self, columns: tuple[Any, ...], margin: Mapping[Any, float], name: Any
    ) -> np.ndarray:
        """Return the place in `margin` of the group of each cell; each must have one."""
        index = _index(margin, columns, name)
        seen = self.values[[*columns]]
        own = pd.MultiIndex.from_frame(seen) if len(columns) > 1 else pd.Index(seen.iloc[:, 0])
        codes = index.get_indexer(own)
        if (codes < 0).any():
            rows = np.flatnonzero(self.spread((codes < 0).astype("float64")))
            strange = [" ".join(map(str, one)) for one in seen[codes < 0].head(5).to_numpy()]
            raise BadRowsError(
                f"{rows.size} row(s) have a {' x '.join(map(str, columns))} that stands in no "
                f"margin: {rows[:10].tolist()}, such as {strange}. The margin knows "
                f"{[*map(str, margin)][:20]}. Mend these answers, or set them aside and say so: "
                "unknown codes are not answers."
            )
        count = bincount(codes, minlength=len(margin))
        empty = [
            group
            for group, many in zip(margin, count.tolist(), strict=True)
            if not many and margin[group] > 0
        ]
        if empty:
            raise OutOfRangeError(
                f"nobody who answered is {empty} by {name!r}, but the population has them; no "
                "weight can stand for them. Put the group together with a neighbour, in margin and "
                "answers."
            )
        return codes


def _index(margin: Mapping[Any, float], columns: tuple[Any, ...], name: Any) -> pd.Index:
    if len(columns) == 1:
        return pd.Index([*margin])
    wrong = [one for one in margin if not isinstance(one, tuple) or len(one) != len(columns)]
    if wrong:
        raise OutOfRangeError(
            f"the margin {name!r} is of {len(columns)} columns, so each group is a tuple of as many"
            f" values; got {wrong[:3]}."
        )
    return pd.MultiIndex.from_tuples([*margin])


def _coded(column: pd.Series) -> tuple[np.ndarray, int, pd.Index]:
    """Return a column as whole numbers, the lowest of them, and what each from there on means."""
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype) and not column.isna().any():
        return column.cat.codes.to_numpy(), 0, pd.Index(column.cat.categories)
    if isinstance(kind, np.dtype) and kind.kind in "iu" and len(column):
        whole = column.to_numpy()
        low, high = int(whole.min()), int(whole.max())
        if high - low < _SMALL:
            values = pd.Index(np.arange(low, high + 1))
            return (whole, low, values) if abs(low) < _SMALL else (whole - low, 0, values)
    codes, values = pd.factorize(column, use_na_sentinel=False)
    return codes, 0, pd.Index(values)
