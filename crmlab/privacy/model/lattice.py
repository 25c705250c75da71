"""Full-domain generalisation: each column told at one step of its ladder, alike in all rows."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from numbers import Real

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_kind, require_values
from crmlab._groups import bincount
from crmlab.errors import OutOfRangeError
from crmlab.privacy.hierarchy import Hierarchy
from crmlab.privacy.measure.classes import columns_of, headcount
from crmlab.privacy.model.promise import Promise, require_fitted, summary


class FullDomain:
    """Tells each column as coarsely as a table needs to keep its promise, and no coarser.

    All combinations of steps form a lattice. Where one keeps the promise, all that are coarser in
    every column keep it too, so the search goes from fine to coarse and looks past those; of the
    combinations left it takes the one that loses least. Rows whose class still breaks the promise
    are left out, if they are few enough.

    Parameters
    ----------
    hierarchies : mapping of each quasi-identifier to its ladder, see `crmlab.privacy.hierarchy`
    k : int, at least 2
    l, t, ordered : as in `l_diversity` and `t_closeness`; need `sensitive`
    sensitive : str, optional
    max_suppressed : float in [0, 1), share of the rows that may be left out

    Attributes
    ----------
    steps_ : dict of each column to the number of its step
    suppressed_ : int, rows left out
    nodes_ : DataFrame, one row per combination looked at: a column of int64 per quasi-identifier,
        suppressed (int64), certainty (float64, share of what can be told that is lost, suppressed
        rows as lost wholly), safe (bool)

    Source
    ------
    Samarati, P. (2001). Protecting respondents' identities in microdata release. IEEE TKDE 13(6),
    1010-1027. doi:10.1109/69.971193. LeFevre, K., DeWitt, D. J. and Ramakrishnan, R. (2005).
    Incognito. SIGMOD, 49-60. doi:10.1145/1066157.1066164

    Examples
    --------
    >>> from crmlab.privacy.hierarchy import numbers, whole
    >>> people = pd.DataFrame({"born": [1981, 1984, 1988, 1989], "sex": ["F", "F", "M", "M"]})
    >>> model = FullDomain({"born": numbers(widths=[5, 10]), "sex": whole()}, k=2).fit(people)
    >>> model.transform(people)["born"].tolist()
    ['1980-1984', '1980-1984', '1985-1989', '1985-1989']
    """

    def __init__(
        self,
        hierarchies: Mapping[str, Hierarchy],
        *,
        k: int,
        l: float = 1,  # noqa: E741
        t: float = 1,
        ordered: bool = False,
        sensitive: str | None = None,
        max_suppressed: float = 0.0,
    ) -> None:
        require_ladders(hierarchies)
        self.hierarchies, self.sensitive = hierarchies, sensitive
        self.promise, self.max_suppressed = Promise(k, l, t, ordered), max_suppressed
        self._people: pd.DataFrame | None = None

    def fit(self, people: pd.DataFrame) -> FullDomain:
        """Find the steps for `people`, one row per person; return self.

        Raises MissingColumnsError if a column is missing, BadRowsError if a row has no value in
        one, OutOfRangeError for a promise that is none.
        """
        columns = columns_of(people, [*self.hierarchies])
        headcount(people, None)
        require_values(people, *columns)
        values, m = self.promise.checked(people, self.sensitive)
        if not isinstance(self.max_suppressed, Real) or not 0 <= self.max_suppressed < 1:
            share = self.max_suppressed
            raise OutOfRangeError(f"max_suppressed must lie in [0, 1); got {share!r}.")
        ladders = [_Ladder(people[column], self.hierarchies[column]) for column in columns]
        nodes = sorted(product(*(range(len(ladder)) for ladder in ladders)), key=sum)
        whole: list[tuple[int, ...]] = []  # safe with every row: what is coarser loses more
        looked_at = []
        for node in nodes:
            if any(all(a <= b for a, b in zip(fine, node, strict=True)) for fine in whole):
                continue
            told = [*zip(ladders, node, strict=True)]
            kept = self._kept(_joined([ladder.classes(step) for ladder, step in told]), values, m)
            missing, safe = int((~kept).sum()), bool(kept.any())
            lost = np.mean([ladder.lost(step, kept) for ladder, step in told])
            if safe and not missing:
                whole.append(node)
            looked_at.append((*node, missing, lost, safe))
        self.nodes_ = pd.DataFrame(looked_at, columns=[*columns, "suppressed", "certainty", "safe"])
        # Nothing told at all is one class of everybody, which keeps any promise that can be kept.
        best = self.nodes_[self.nodes_["safe"]].sort_values("certainty", kind="stable").iloc[0]
        self.steps_ = {column: int(best[column]) for column in columns}
        self.suppressed_ = int(best["suppressed"])
        told = [ladders[place].classes(step) for place, step in enumerate(self.steps_.values())]
        self._kept_rows = self._kept(_joined(told), values, m)
        self._people = people[columns].copy()
        return self

    def transform(self, people: pd.DataFrame) -> pd.DataFrame:
        """Return the fitted rows of `people` with their quasi-identifiers told at their steps.

        Rows left out are missing; the index tells which. Raises OutOfRangeError before `fit`, or if
        `people` are not those of `fit`: the promise is about them only.
        """
        require_columns(people, *self.hierarchies)
        require_fitted(self._people, people)
        told = {
            column: hierarchy(people[column], self.steps_[column])
            for column, hierarchy in self.hierarchies.items()
        }
        return people.assign(**told).loc[self._kept_rows, :]

    def summary(self) -> pd.DataFrame:
        """Return what the table keeps and loses, one row each: what (str), value (float64)."""
        people = require_fitted(self._people)
        return summary(people, self.transform(people))

    def _kept(self, classes: np.ndarray, values: np.ndarray, m: int) -> np.ndarray:
        """Return which rows may stay, none at all where the promise is broken."""
        nobody = np.zeros(len(classes), dtype=bool)
        kept = self.promise.kept(classes, values, m)[classes]
        if (~kept).sum() > self.max_suppressed * len(classes) or not kept.any():
            return nobody
        left = pd.factorize(classes[kept])[0]
        return kept if self.promise.close(left, values[kept], m).all() else nobody


def require_ladders(hierarchies: Mapping[str, Hierarchy]) -> None:
    """Raise OutOfRangeError unless `hierarchies` have a ladder for each column they name."""
    words = "a dict of columns and their ladders, such as {'sex': whole()}"
    require_kind("hierarchies", hierarchies, Mapping, words)
    for column, ladder in hierarchies.items():
        require_kind(f"the ladder of {column}", ladder, Hierarchy, "a Hierarchy, such as whole()")


class _Ladder:
    """A column and how coarsely its values can be told."""

    def __init__(self, values: pd.Series, hierarchy: Hierarchy) -> None:
        self._rows, different = pd.factorize(values, sort=True)
        self._different = pd.Series(different, name=values.name)
        self._classes = [
            pd.factorize(hierarchy(self._different, step))[0]
            for step in range(len(hierarchy.steps))
        ]
        self._whole = _spread(self._different, np.zeros(len(different), dtype=np.int64)).max()

    def __len__(self) -> int:
        return len(self._classes)

    def classes(self, step: int) -> np.ndarray:
        """Return the class of each row at a step."""
        return self._classes[step][self._rows]

    def lost(self, step: int, kept: np.ndarray) -> float:
        """Return the mean width of what is told of the `kept` rows, others lost whole, 0 to 1."""
        people = bincount(self._rows[kept], minlength=len(self._different))
        there = people > 0
        spread = _spread(self._different[there], self._classes[step][there])
        width = spread @ people[there] / self._whole if self._whole else 0.0
        return float(width + (~kept).sum()) / len(kept)


def _spread(different: pd.Series, codes: np.ndarray) -> np.ndarray:
    """Return how far apart the values told like each different one lie, as `information_loss`."""
    groups = different.groupby(codes)
    if different.dtype.kind in "iufM":
        spread = groups.transform("max") - groups.transform("min")
    else:
        spread = groups.transform("size") - 1
    return spread.to_numpy("float64")


def _joined(codes: list[np.ndarray]) -> np.ndarray:
    """Return one class per row from its classes in each column."""
    joined = codes[0]
    for one in codes[1:]:
        joined = pd.factorize(joined * (one.max() + 1) + one)[0]
    return joined
