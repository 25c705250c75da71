"""Weights that bring answers to known margins, and a variance that knows of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_kind,
    require_numbers,
    require_positive,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab._purchases import plain_values
from crmlab.collection.estimate import Estimate
from crmlab.collection.model.cells import Cells, shares_of
from crmlab.errors import BadRowsError, CrmlabError, OutOfRangeError, WrongTypeError

Margins = Mapping[Any, Mapping[Any, float]]
_ROUNDS, _CLOSE = 500, 1e-10


class Raking:
    """Weights with which answers have the margins that the population is known to have.

    Each round multiplies the weights of every group of one margin until the group has its share,
    then those of the next margin, until all margins hold at once. Post-stratification (事后分层)
    is one margin of several columns together: {("age_band", "city"): {("55+", "Wuhan"): .15, …}}.
    Answers are first counted by cell, so a million of them take about as long as their cells.

    Parameters
    ----------
    margins : dict from a column, or a tuple of columns, to a dict from value to share
        Shares add up to 1; or counts, which add up to the same number in every margin.
    weight : str, optional
        Column of design weights (what each answer stood for before); they are kept and adjusted.
    largest : float above 1, optional
        No weight is more than `largest` times the mean one: what is above is cut, and the rest
        raked again, in turns, until the margins hold with such weights.

    Attributes
    ----------
    weights_ : Series of float64, one per row, mean 1, index of the answers
    rounds_ : int
    trimmed_ : int, rows whose weight was cut

    Source
    ------
    Deming and Stephan (1940), doi:10.1214/aoms/1177731829. Variance: Deville, Särndal and Sautory
    (1993), doi:10.1080/01621459.1993.10476369. Design effect of weights: Kish (1965), Survey
    Sampling.

    See Also
    --------
    crmlab.collection.simulate.simulate_survey : answers whose true mean is known.

    Examples
    --------
    >>> answers = pd.DataFrame({"age": ["old"] * 3 + ["young"], "says": [8.0, 8.0, 8.0, 4.0]})
    >>> raked = Raking({"age": {"old": 0.5, "young": 0.5}}).fit(answers)
    >>> raked.weights_.round(2).tolist()
    [0.67, 0.67, 0.67, 2.0]
    >>> raked.mean(answers["says"]).value
    6.0
    """

    weights_: pd.Series

    def __init__(
        self, margins: Margins, *, weight: str | None = None, largest: float | None = None
    ) -> None:
        require_kind(
            "margins", margins, Mapping, "a dict such as {'age': {'old': .3, 'young': .7}}"
        )
        if largest is not None:
            require_positive("largest", largest)
            if largest <= 1:
                raise OutOfRangeError(f"largest must be above 1, the mean weight; got {largest!r}.")
        self.margins = {key: dict(shares) for key, shares in margins.items()}
        self.weight, self.largest = weight, largest
        self.shares_ = shares_of(self.margins)

    def fit(self, answers: pd.DataFrame) -> Raking:
        """Find the weights.

        Parameters
        ----------
        answers : DataFrame, one row per answer: every column of the margins, and the weight

        Raises
        ------
        MissingColumnsError
            If a column is missing.
        BadRowsError
            If a row has a value that stands in no margin, or no value, or a weight below 0.
        OutOfRangeError
            If a group of the population has no answers, or the margins cannot all hold at once.
        """
        columns = [*dict.fromkeys(part for key in self.margins for part in _columns(key))]
        require_columns(answers, *columns, **({"weight": self.weight} if self.weight else {}))
        require_rows(answers)
        base = self._design(answers)
        cells = Cells(answers, columns)
        groups = [cells.groups(_columns(key), self.margins[key], key) for key in self.margins]
        before = cells.total(base)
        factor, self.rounds_ = _rake(groups, before, self.shares_, [*self.margins])
        self.trimmed_ = 0
        if self.largest is None:
            weights = cells.spread(factor * (len(answers) / (before * factor).sum()))
            weights = weights if base is None else weights * base
        else:
            ones = np.ones(len(answers)) if base is None else base
            weights = self._trimmed(ones * cells.spread(factor), groups, cells)
        self.weights_ = pd.Series(weights, index=answers.index, copy=False)
        self._cells, self._groups = cells, groups
        self._base, self._before = base, before
        return self

    def _design(self, answers: pd.DataFrame) -> np.ndarray | None:
        """Return the design weights, None where each answer stands for as many."""
        if self.weight is None:
            return None
        require_values(answers, self.weight)
        require_numbers(answers, self.weight)
        base = answers[self.weight].to_numpy("float64")
        rows = np.flatnonzero(base < 0)
        if rows.size or not base.sum():
            raise BadRowsError(
                f"{rows.size} row(s) have a {self.weight} below 0: {rows[:10].tolist()}; a weight "
                "says for how many an answer stands. Set these rows aside first."
                if rows.size
                else f"every {self.weight} is 0, so nobody counts. Name another column."
            )
        return base

    def _trimmed(self, weights: np.ndarray, groups: list[np.ndarray], cells: Cells) -> np.ndarray:
        """Return weights cut at `largest` times their mean, and raked again until both hold."""
        cut = np.zeros(len(weights), dtype=bool)
        for _ in range(_ROUNDS):
            weights = weights / weights.mean()
            over = weights > (self.largest or np.inf) * (1 + 1e-9)
            if not over.any():
                self.trimmed_ = int(cut.sum())
                return weights
            cut |= over
            weights = np.minimum(weights, self.largest)
            factor, _rounds = _rake(groups, cells.total(weights), self.shares_, [*self.margins])
            weights = weights * cells.spread(factor)
        raise OutOfRangeError(
            f"no weights up to {self.largest} times the mean meet these margins. Allow larger ones "
            "with largest=, or put small groups together."
        )

    def mean(self, values: pd.Series, *, rows: pd.Series | None = None) -> Estimate:
        """Return the weighted mean of `values`, with a variance that knows of the raking.

        What the margins already explain no longer varies from sample to sample, so the variance is
        that of the residuals of a weighted regression on all groups of the margins (linearised).

        Parameters
        ----------
        values : Series of numbers, one per row that was fitted, in the same order
        rows : Series of bool, optional
            The mean of these rows only (a domain, such as one city).

        Raises
        ------
        OutOfRangeError
            If there are not as many values as answers, they stand in another order, or no rows are
            left.
        BadRowsError
            If a value is missing.
        """
        self._ready()
        self._require_order(values, rows)
        if isinstance(values, pd.DataFrame):
            raise WrongTypeError("values must be one column, such as frame['answer']; got a frame.")
        frame = pd.DataFrame({"values": plain_values(pd.Series(values))})
        if len(frame) != len(self.weights_):
            raise OutOfRangeError(
                f"{len(self.weights_)} answers were weighted; got {len(frame)} values. Hand over "
                "the column of the frame that was fitted."
            )
        require_values(frame, "values")
        require_numbers(frame, "values")
        y = frame["values"].to_numpy("float64")
        inside = np.ones(len(y)) if rows is None else np.asarray(rows, dtype="float64")
        w = self.weights_.to_numpy() * inside
        if len(inside) != len(y) or not w.sum():
            raise OutOfRangeError("rows must hold True or False for every answer, and some True.")
        mean = float((w * y).sum() / w.sum())
        score = inside * (y - mean) / w.sum()
        own = self.weights_.to_numpy()
        total = self._cells.total(score if self._base is None else self._base * score)
        slope = _fitted(total, self._before, self._groups)
        residual = score - self._cells.spread(slope)
        n = len(y)
        parts = own * residual
        variance = n / max(n - 1, 1) * float(((parts - parts.mean()) ** 2).sum())
        many = int(inside.sum())
        plain = float((w * (y - mean) ** 2).sum() / w.sum()) / many
        error = float(np.sqrt(variance))
        effect = variance / plain if plain else 1.0
        return Estimate(mean, error, mean - Z * error, mean + Z * error, many, effect)

    def _require_order(self, *columns: object) -> None:
        """Raise if a Series has the labels of the answers in another order than these."""
        own = self.weights_.index
        for column in columns:
            if not isinstance(column, pd.Series) or column.index.equals(own):
                continue
            if len(column) == len(own) and own.is_unique and not own.difference(column.index).size:
                raise OutOfRangeError(
                    "the values stand in another order than the answers that were weighted. Sort "
                    "them alike: values.loc[raking.weights_.index]"
                )

    def summary(self) -> pd.DataFrame:
        """Return per group of each margin its share before, after and wanted, and its weights.

        margin, group : str; answers : int64; before, after, wanted : float64, shares;
        mean_weight : float64
        """
        self._ready()
        after = self._cells.total(self.weights_.to_numpy())
        count = self._cells.total(None)
        frames = []
        for key, group, wanted in zip(self.margins, self._groups, self.shares_, strict=True):
            many, base, total = (
                bincount(group, part, minlength=len(wanted))
                for part in (count, self._before, after)
            )
            frames.append(
                pd.DataFrame(
                    {
                        "margin": " x ".join(map(str, _columns(key))),
                        "group": [_said(group) for group in self.margins[key]],
                        "answers": many.astype("int64"),
                        "before": base / base.sum(),
                        "after": total / total.sum(),
                        "wanted": wanted,
                        "mean_weight": total / np.maximum(many, 1),
                    }
                )
            )
        return pd.concat(frames, ignore_index=True).astype({"margin": "str", "group": "str"})

    @property
    def design_effect(self) -> float:
        """Return how many times the weights alone raise the variance: 1 + their squared spread."""
        self._ready()
        w = self.weights_.to_numpy()
        return float(len(w) * (w**2).sum() / w.sum() ** 2)

    @property
    def effective_answers(self) -> float:
        """Return how many equal answers are worth as much (Kish)."""
        return len(self.weights_) / self.design_effect

    def _ready(self) -> None:
        if not hasattr(self, "weights_"):
            raise CrmlabError("there are no weights yet; call fit(answers) first.")


def _columns(key: Hashable) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)


def _said(group: object) -> str:
    return ", ".join(map(str, group)) if isinstance(group, tuple) else str(group)


def _rake(
    groups: list[np.ndarray], mass: np.ndarray, shares: list[np.ndarray], names: list[Any]
) -> tuple[np.ndarray, int]:
    """Return the factor of each cell, and the rounds taken."""
    target = [share * mass.sum() for share in shares]
    factor = np.ones(len(mass))
    gap = np.inf
    for number in range(1, _ROUNDS + 1):
        worst = 0.0
        for group, wanted in zip(groups, target, strict=True):
            now = bincount(group, mass * factor, minlength=len(wanted))
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = np.where(wanted > 0, wanted / now, 0.0)
            ratio = np.where(now > 0, ratio, 1.0)
            factor *= ratio[group]
            worst = max(worst, float(np.abs(now - wanted).max()) / mass.sum())
        if worst < _CLOSE:
            return factor, number
        gap = worst
    off = max(
        (float(np.abs(bincount(group, mass * factor, minlength=len(w)) - w).max()), _said(name))
        for group, w, name in zip(groups, target, names, strict=True)
    )
    raise OutOfRangeError(
        f"these margins cannot all hold with these answers: after {_ROUNDS} rounds {off[1]!r} is "
        f"still off by {max(gap, off[0] / mass.sum()):.1%}. Some combination of groups has no "
        "answers that could be weighted up; put small groups together, or leave out a margin."
    )


def _fitted(total: np.ndarray, weight: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """Return the fit of each cell: a weighted regression on the groups of all margins.

    `total` is the sum of weight times value in each cell, which is all that the fit needs.
    """
    x = np.concatenate([np.eye(int(group.max()) + 1)[group] for group in groups], axis=1)
    slope = np.linalg.lstsq((x.T * weight) @ x, x.T @ total, rcond=1e-12)[0]
    return x @ slope
