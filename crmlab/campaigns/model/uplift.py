"""Models of what a contact adds to a customer's chance to buy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

from crmlab._checks import (
    names_of,
    require_columns,
    require_numbers,
    require_one_of,
    require_rows,
    require_values,
)
from crmlab._purchases import as_frame, plain_values
from crmlab.campaigns.trial import arms_of
from crmlab.errors import OutOfRangeError

METHODS = ("two models", "transformed outcome", "tree", "forest")


class UpliftModel(BaseEstimator):
    """What a contact adds to a customer's chance to buy (增量模型), learned from a random trial.

    Three ways, and two models for the last:

    two models            a logistic regression among the treated, and one in the control group;
                          uplift is the difference of their chances
    transformed outcome   a linear regression of z = y * w / p - y * (1 - w) / (1 - p), with w
                          whether treated and p the share who were: the mean of z is the uplift
    tree, forest          regression trees of z, with at least `least` customers in a leaf

    Parameters
    ----------
    method : "two models", "transformed outcome", "tree" or "forest"
    least : int
        Customers in a leaf of a tree.
    seed : int

    Attributes
    ----------
    features_ : list of str
    share_ : float, of the customers who were treated
    fitted_ : list of scikit-learn estimators

    See Also
    --------
    crmlab.campaigns.measure.uplift_curve : judge it by customers it has not seen.

    Source
    ------
    Transformed outcome: Athey and Imbens (2016), doi:10.1073/pnas.1510489113. Two models and more:
    Gutierrez and Gérardy (2017), Causal inference and uplift modelling: a review of the
    literature, Proceedings of Machine Learning Research 67, 1-13.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> trial = pd.DataFrame({"visits": rng.poisson(3, 4_000), "treated": rng.random(4_000) < 0.5})
    >>> trial["bought"] = rng.random(4_000) < 0.2 + 0.1 * trial["treated"] * (trial["visits"] > 3)
    >>> model = UpliftModel().fit(trial, ["visits"])
    >>> few, many = model.predict(pd.DataFrame({"visits": [0, 9]}))
    >>> bool(few < many)
    True
    """

    def __init__(self, method: str = "two models", *, least: int = 200, seed: int = 0) -> None:
        self.method, self.least, self.seed = method, least, seed

    def fit(
        self,
        trial: pd.DataFrame,
        features: Sequence[str],
        *,
        outcome: str = "bought",
        treated: str = "treated",
        customer: str = "customer_id",
    ) -> UpliftModel:
        """Learn from a trial whose groups were drawn at random.

        Raises
        ------
        MissingColumnsError, BadRowsError, WrongTypeError
            If a column or a value is missing or holds no numbers, or a customer stands twice.
        OutOfRangeError
            If everybody or nobody was treated, a group has buyers only or none, `method` is
            unknown, or an outcome is neither 0 nor 1.
        """
        require_one_of("method", self.method, METHODS)
        names = names_of("features", features)
        frame, arm, y = arms_of(trial, *names, treated=treated, outcome=outcome, customer=customer)
        if not np.isin(y, [0, 1]).all():
            raise OutOfRangeError(f"{outcome} must hold True and False, or 1 and 0.")
        for side, where in (("treated", arm), ("control", ~arm)):
            if y[where].min() == y[where].max():
                raise OutOfRangeError(
                    f"all of the {side} group have {outcome}={bool(y[where][0])}, so there is "
                    "nothing to learn from. Wait for more answers."
                )
        x = frame[names].to_numpy("float64")
        share = float(arm.mean())
        if self.method == "two models":
            self.fitted_: list[Any] = [
                make_pipeline(StandardScaler(), LogisticRegression()).fit(x[part], y[part])
                for part in (arm, ~arm)
            ]
        else:
            z = y * np.where(arm, 1 / share, -1 / (1 - share))
            self.fitted_ = [self._regression().fit(x, z)]
        self.features_, self.share_ = names, share
        return self

    def predict(self, customers: pd.DataFrame) -> np.ndarray:
        """Return what a contact would add to the chance of each customer, in the rows' order.

        Raises
        ------
        MissingColumnsError, BadRowsError, WrongTypeError
            If a feature or a value is missing, or holds no numbers.
        OutOfRangeError
            If nothing is learned yet.
        """
        x = self._features_of(customers)
        if self.method == "two models":
            treated, control = (model.predict_proba(x)[:, 1] for model in self.fitted_)
            return treated - control
        return self.fitted_[0].predict(x)

    def predict_chance(self, customers: pd.DataFrame) -> np.ndarray:
        """Return the chance to buy when treated: what a model of answers would rank by.

        Raises
        ------
        MissingColumnsError, BadRowsError, WrongTypeError
            As `predict`.
        OutOfRangeError
            If nothing is learned yet, or the method is not "two models".
        """
        x = self._features_of(customers)
        if self.method != "two models":
            raise OutOfRangeError(f"{self.method!r} knows no chances; use method='two models'.")
        return self.fitted_[0].predict_proba(x)[:, 1]

    def _regression(self) -> Any:
        """Return the regression of the transformed outcome."""
        if self.method == "tree":
            return DecisionTreeRegressor(
                max_leaf_nodes=8, min_samples_leaf=self.least, random_state=self.seed
            )
        if self.method == "forest":
            return RandomForestRegressor(
                60, min_samples_leaf=self.least, max_samples=0.5, random_state=self.seed
            )
        return make_pipeline(StandardScaler(), LinearRegression())

    def _features_of(self, customers: pd.DataFrame) -> np.ndarray:
        """Return the features of customers as numbers."""
        if not hasattr(self, "fitted_"):
            raise OutOfRangeError("nothing is learned yet; call fit(trial, features) first.")
        frame = as_frame(customers)
        require_columns(frame, *self.features_)
        require_rows(frame)
        require_values(frame, *self.features_)
        frame = frame[self.features_].apply(plain_values)
        require_numbers(frame, *self.features_)
        return frame.to_numpy("float64")
