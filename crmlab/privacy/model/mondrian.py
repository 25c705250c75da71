"""Mondrian: people cut into boxes, each as small as the promise allows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._checks import require_values
from crmlab._groups import bincount
from crmlab.errors import OutOfRangeError
from crmlab.privacy.hierarchy import ANY
from crmlab.privacy.measure.classes import columns_of, headcount
from crmlab.privacy.model.promise import Promise, require_fitted, summary


class Mondrian:
    """Cuts a table into boxes of people, each told by the range of what is in it.

    Starts with one box of everybody and cuts every box in two, again and again, in the column that
    is widest in it, where the halves come out most equal and both keep the promise; if no cut does
    in that column, the next widest is tried. Nobody is left out, and dense places get small boxes.
    Columns of words are cut in their alphabetical order, which suits postcodes.

    Parameters
    ----------
    quasi : sequence of str, the quasi-identifiers
    k : int, at least 2
    l, t, ordered : as in `l_diversity` and `t_closeness`; need `sensitive`
    sensitive : str, optional

    Attributes
    ----------
    box_ : Series of int64, number of each row's box, indexed as the fitted people
    boxes_ : DataFrame, one row per box: people (int64) and, for each column, what is told (str)

    Source
    ------
    LeFevre, K., DeWitt, D. J. and Ramakrishnan, R. (2006). Mondrian multidimensional k-anonymity.
    ICDE, 25. doi:10.1109/ICDE.2006.101

    Examples
    --------
    >>> people = pd.DataFrame({"born": [1981, 1984, 1988, 1989], "sex": ["F", "F", "M", "M"]})
    >>> Mondrian(["born", "sex"], k=2).fit(people).boxes_
       people          born sex
    0       2  1981 to 1984   F
    1       2  1988 to 1989   M
    """

    def __init__(
        self,
        quasi: Sequence[str],
        *,
        k: int,
        l: float = 1,  # noqa: E741
        t: float = 1,
        ordered: bool = False,
        sensitive: str | None = None,
    ) -> None:
        self.quasi, self.sensitive = quasi, sensitive
        self.promise = Promise(k, l, t, ordered)
        self._people: pd.DataFrame | None = None

    def fit(self, people: pd.DataFrame) -> Mondrian:
        """Find the boxes of `people`, one row per person; return self.

        Raises MissingColumnsError if a column is missing, BadRowsError if a row has no value in
        one, OutOfRangeError for a promise that is none, or for values that have no order.
        """
        columns = columns_of(people, self.quasi)
        headcount(people, None)
        require_values(people, *columns)
        _require_order(people, columns)
        secret, m = self.promise.checked(people, self.sensitive)
        whole = bincount(secret, minlength=m) / len(secret)
        ranks = [pd.factorize(people[column], sort=True) for column in columns]
        scaled = [(codes, _place(values)) for codes, values in ranks]
        box = np.zeros(len(people), dtype=np.int64)
        active, boxes = np.arange(len(people)), 1
        while active.size:
            owner, here = np.unique(box[active], return_inverse=True)
            part = [(codes[active], place) for codes, place in scaled]
            upper, cut = self._best_halves(here, part, secret[active], whole)
            new = boxes - 1 + np.cumsum(cut)
            box[active] = np.where(upper & cut[here], new[here], owner[here])
            boxes += int(cut.sum())
            active = active[cut[here]]
        box = _in_order(box, [codes for codes, _ in ranks])
        told = {column: _told(people[column], box) for column in columns}
        self.box_ = pd.Series(box, people.index, name="box")
        self.boxes_ = pd.DataFrame({"people": bincount(box)} | told)
        self._people = people[columns].copy()
        return self

    def transform(self, people: pd.DataFrame) -> pd.DataFrame:
        """Return `people` with their quasi-identifiers told as the range of their box.

        Raises OutOfRangeError before `fit`, or if `people` are not those of `fit`: the promise is
        about them only.
        """
        columns = require_fitted(self._people, people).columns
        rows = self.boxes_[columns].reindex(self.box_.to_numpy())
        return people.assign(**{column: rows[column].array for column in columns})

    def summary(self) -> pd.DataFrame:
        """Return what the table keeps and loses, one row each: what (str), value (float64)."""
        people = require_fitted(self._people)
        return summary(people, self.transform(people))

    def _keep(self, halves: np.ndarray, secret: np.ndarray, whole: np.ndarray) -> np.ndarray:
        """Return for each box whether both halves are there and keep the promise."""
        there, classes = np.unique(halves, return_inverse=True)
        good = self.promise.kept(classes, secret, len(whole))
        good &= self.promise.close(classes, secret, len(whole), whole)
        both = np.zeros(halves.max() // 2 * 2 + 2, dtype=bool)
        both[there] = good
        return both[::2] & both[1::2]

    def _best_halves(
        self,
        box: np.ndarray,
        columns: Sequence[tuple[np.ndarray, np.ndarray]],
        secret: np.ndarray,
        whole: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return which rows go to the upper half of their box, and which boxes can be cut."""
        widths, uppers = [], []
        for code, place in columns:
            width, upper = _halves(box, code, place)
            allowed = self._keep(2 * box + upper, secret, whole)
            widths.append(np.where(allowed, width, 0))
            uppers.append(upper)
        best = np.argmax(widths, axis=0)
        return np.array(uppers)[best[box], np.arange(len(box))], np.max(widths, axis=0) > 0


def _halves(box: np.ndarray, code: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how wide each box is in one column, and which rows lie in its upper half.

    Equal values stay together: the cut goes before or after the value in the middle, whichever
    leaves the smaller half larger.
    """
    order = np.lexsort((code, box))
    b, c = box[order], code[order]
    start = np.flatnonzero(np.r_[True, b[1:] != b[:-1]])
    end = np.r_[start[1:], len(b)]
    middle = c[(start + end) // 2]
    key, wanted = b * len(place) + c, b[start] * len(place) + middle
    before, after = (np.searchsorted(key, wanted, side=side) for side in ("left", "right"))
    lower = np.minimum(before - start, end - before) >= np.minimum(after - start, end - after)
    first_above = np.where(lower, middle, middle + 1)
    return place[c[end - 1]] - place[c[start]], code >= first_above[box]


def _place(values: pd.Index | np.ndarray) -> np.ndarray:
    """Return where each different value stands between the least, 0, and the greatest, 1."""
    exact = values.dtype.kind in "iufM"
    at = np.asarray(values).astype("float64") if exact else np.arange(len(values), dtype=float)
    return (at - at[0]) / ((at[-1] - at[0]) or 1)


def _in_order(box: np.ndarray, codes: list[np.ndarray]) -> np.ndarray:
    """Return the boxes numbered by the least values in them, column by column."""
    least = pd.DataFrame(dict(enumerate(codes))).groupby(box).min()
    return np.argsort(np.lexsort(least.to_numpy().T[::-1]))[box]


def _told(values: pd.Series, box: np.ndarray) -> pd.Series:
    """Return the words of each box: one value, a range, or "*" for all there are."""
    groups = values.groupby(box)
    low, high = groups.min(), groups.max()
    first, last = (_words(ends) for ends in (low, high))
    told = first.where(low == high, first + " to " + last)
    return told.mask((low == values.min()) & (high == values.max()) & (low < high), ANY)


def _require_order(people: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise OutOfRangeError if the values of a column cannot be put in an order."""
    for column in columns:
        try:
            people[column].min()
        except TypeError as error:
            raise OutOfRangeError(
                f"{column} must hold values that have an order; got {people[column].dtype}. "
                f"Convert it first: frame[{column!r}].astype('str'), or .cat.as_ordered()"
            ) from error


def _words(values: pd.Series) -> pd.Series:
    """Return values as text, dates as their day."""
    return (values.dt.strftime("%Y-%m-%d") if values.dtype.kind == "M" else values).astype("str")
