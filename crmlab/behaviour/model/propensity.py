"""The chance that a customer buys, and what a sale brings, by four kinds of scikit-learn models."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import GammaRegressor, LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.validation import check_is_fitted

from crmlab._checks import require_one_of, require_rows
from crmlab.behaviour.model.columns import Design, outcome_of
from crmlab.errors import OutOfRangeError

KINDS = ("logistic", "tree", "boosting", "network")


class PropensityModel(BaseEstimator):
    """The chance to buy, learned from who did.

    Parameters
    ----------
    kind : "logistic", "tree", "boosting" or "network"
        Logistic regression on the columns and the logarithms of those that are above 0; a
        classification tree with leaves of 100; gradient boosting of small trees; a neural network
        with one layer of eight.
    calibrate : bool
        Learn on folds how the model's chances must be stretched to be true (Platt's line).
    seed : int

    Attributes
    ----------
    model_ : the scikit-learn model

    Source
    ------
    Platt (1999), Probabilistic outputs for support vector machines, in Advances in Large Margin
    Classifiers, 61-74; Niculescu-Mizil and Caruana (2005), doi:10.1145/1102351.1102430.

    Examples
    --------
    >>> from crmlab.behaviour.simulate import simulate_prospects
    >>> data, truth = simulate_prospects(4_000, seed=1)
    >>> asked = data[["visits", "days_since_last", "channel"]]
    >>> model = PropensityModel("logistic").fit(asked, data["buys"])
    >>> bool(np.corrcoef(model.predict(asked), truth["chance"])[0, 1] > 0.9)
    True
    """

    def __init__(self, kind: str = "logistic", *, calibrate: bool = True, seed: int = 0) -> None:
        self.kind = kind
        self.calibrate = calibrate
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: Any) -> PropensityModel:
        """Learn from the columns of `X`, numbers or words, and `y`, True or False.

        Raises
        ------
        MissingColumnsError, BadRowsError
            If a value is missing.
        OutOfRangeError
            If `y` is no column of truth values beside `X`, is constant or has fewer than 5 of
            either, or there is no such kind.
        """
        require_one_of("kind", self.kind, KINDS)
        self.design_ = Design(X)
        numbers, happened = self.design_.numbers(X), outcome_of(y, X)
        fewest = int(min(happened.sum(), len(happened) - happened.sum()))
        if fewest < 5:
            raise OutOfRangeError(f"only {fewest} rows are of one kind; at least 5 are needed.")
        self.least_ = numbers.min(axis=0)
        model: Any = _model(self.kind, self.seed)
        if self.calibrate:
            folds = StratifiedKFold(5, shuffle=True, random_state=self.seed)
            once: Any = False  # one model, on all rows; the stubs want a text
            model = CalibratedClassifierCV(model, method="sigmoid", cv=folds, ensemble=once)
        with warnings.catch_warnings():
            # A network that is stopped early is what is wanted.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.model_ = model.fit(self._seen(numbers), happened)
        return self

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Return the chance of each row of the frame `X`; EmptyError where there is none."""
        check_is_fitted(self, "model_")
        numbers = self.design_.numbers(X)
        require_rows(X)
        return self.model_.predict_proba(self._seen(numbers))[:, 1]

    def _seen(self, numbers: np.ndarray) -> np.ndarray:
        """Return what the model sees: logarithms too, where a straight line needs them."""
        if self.kind in ("tree", "boosting"):
            return numbers
        return np.column_stack([numbers, _logarithms(numbers, self.least_)])


def _logarithms(numbers: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Return those of the columns above 0; what is less than was ever seen counts as the least."""
    return np.log(np.maximum(numbers, least)[:, least > 0])


def _model(kind: str, seed: int) -> Any:
    if kind == "logistic":
        return make_pipeline(StandardScaler(), LogisticRegression(C=10.0, max_iter=1_000))
    if kind == "tree":
        return DecisionTreeClassifier(max_leaf_nodes=24, min_samples_leaf=100, random_state=seed)
    if kind == "boosting":
        return HistGradientBoostingClassifier(
            max_iter=120,
            learning_rate=0.06,
            max_leaf_nodes=8,
            min_samples_leaf=80,
            random_state=seed,
        )
    network = MLPClassifier((8,), solver="lbfgs", alpha=1.0, max_iter=300, random_state=seed)
    return make_pipeline(StandardScaler(), network)


class ValueModel(BaseEstimator):
    """What a sale brings, learned from those who bought: a gamma regression on logarithms.

    The mean is the exponential of a line in the columns and the logarithms of those above 0.

    Attributes
    ----------
    model_ : the scikit-learn model

    Examples
    --------
    >>> from crmlab.behaviour.simulate import simulate_prospects
    >>> data, truth = simulate_prospects(4_000, seed=1)
    >>> sold = data[data["buys"]]
    >>> model = ValueModel().fit(sold[["visits", "income_cny"]], sold["margin_cny"])
    >>> found = model.predict(data[["visits", "income_cny"]])
    >>> bool(np.corrcoef(np.log(found), np.log(truth["value_cny"]))[0, 1] > 0.95)
    True
    """

    def fit(self, X: pd.DataFrame, y: Any) -> ValueModel:
        """Learn from the columns of `X` of sales, and `y`, what each brought, above 0.

        Raises
        ------
        MissingColumnsError, BadRowsError
            If a value is missing.
        OutOfRangeError
            If a sale brought nothing: leave those who did not buy out.
        """
        self.design_ = Design(X)
        numbers = self.design_.numbers(X)
        money = np.asarray(y, dtype="float64")
        if money.shape != (len(X),) or not (money > 0).all() or not np.isfinite(money).all():
            raise OutOfRangeError(
                "what a sale brings must be above 0, one value for each row; leave those who did "
                "not buy out: frame[frame['buys']]"
            )
        self.least_ = numbers.min(axis=0)
        self.model_ = make_pipeline(StandardScaler(), GammaRegressor(alpha=1e-4, max_iter=1_000))
        self.model_.fit(self._seen(numbers), money)
        return self

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Return what a sale to each row of `X` would bring; EmptyError where there is none."""
        check_is_fitted(self, "model_")
        numbers = self.design_.numbers(X)
        require_rows(X)
        return self.model_.predict(self._seen(numbers))

    def _seen(self, numbers: np.ndarray) -> np.ndarray:
        return np.column_stack([_logarithms(numbers, self.least_), numbers[:, self.least_ <= 0]])
