"""What an anonymous table promises, asked of each class of people alike."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_columns
from crmlab._groups import bincount
from crmlab.errors import OutOfRangeError
from crmlab.privacy.measure.anonymity import k_anonymity
from crmlab.privacy.measure.classes import distance, distinct, sensitive_codes
from crmlab.privacy.measure.loss import information_loss


@dataclass(frozen=True)
class Promise:
    """At least k people alike, at least l sensitive values among them, at most t from all.

    k : int, at least 2
    l : float, at least 1; 1 asks nothing
    t : float in (0, 1]; 1 asks nothing
    ordered : bool, whether the sensitive values have an order
    """

    k: int
    l: float = 1  # noqa: E741  (the name it has in the field)
    t: float = 1
    ordered: bool = False

    def checked(self, people: pd.DataFrame, sensitive: str | None) -> tuple[np.ndarray, int]:
        """Return each row's sensitive value as a number, and how many, after looking at all.

        Raises OutOfRangeError if the promise is none, needs a sensitive column that is not
        named, or cannot even be kept by one class of everybody.
        """
        require_at_least("k", self.k, 2)
        numbers = isinstance(self.l, Real) and isinstance(self.t, Real)
        if not numbers or self.l < 1 or not 0 < self.t <= 1:
            raise OutOfRangeError(
                f"l must be 1 or more and t lie in (0, 1]; got l={self.l!r} and t={self.t!r}."
            )
        if sensitive is None and (self.l > 1 or self.t < 1):
            raise OutOfRangeError("l and t are about a sensitive column; name it: sensitive=…")
        if len(people) < self.k:
            raise OutOfRangeError(f"{len(people)} people cannot all look like {self.k}.")
        if sensitive is None:
            return np.zeros(len(people), dtype=np.int64), 1
        values, m = sensitive_codes(people, sensitive)
        if self.l > m:
            raise OutOfRangeError(f"{sensitive} has {m} different values; l cannot be {self.l}.")
        return values, m

    def kept(self, classes: np.ndarray, values: np.ndarray, m: int) -> np.ndarray:
        """Return for each class 0, 1, … whether it has k people and l values."""
        good = bincount(classes) >= self.k
        if self.l > 1:
            good &= distinct(classes, values, m, kind="distinct") >= self.l
        return good

    def close(
        self, classes: np.ndarray, values: np.ndarray, m: int, whole: np.ndarray | None = None
    ) -> np.ndarray:
        """Return for each class 0, 1, … whether it is within t of the shares `whole`, or of all."""
        if self.t >= 1:
            return np.ones(classes.max() + 1, dtype=bool)
        # A hair above, for sums that come out at t itself.
        away = distance(classes, values, m, ordered=self.ordered, whole=whole)
        return away <= self.t + 1e-12


def require_fitted(fitted: pd.DataFrame | None, people: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the rows that a model was fitted to; raise unless there are, and are `people`."""
    if fitted is None:
        raise OutOfRangeError("fit the model first: model.fit(people)")
    if people is not None:
        require_columns(people, *fitted.columns)
        if not people[fitted.columns].equals(fitted):
            raise OutOfRangeError(
                "the promise holds for the rows of fit only; fit a model to these rows first."
            )
    return fitted


def summary(people: pd.DataFrame, released: pd.DataFrame) -> pd.DataFrame:
    """Return what a released table keeps and loses, one row per figure: what, value (float64)."""
    columns = [*people.columns]
    found = vars(k_anonymity(released, quasi=columns))
    lost = vars(information_loss(people, released, quasi=columns))
    figures = [(what.replace("_", " "), float(value)) for what, value in (found | lost).items()]
    return pd.DataFrame(figures, columns=["what", "value"]).astype({"what": "str"})
