"""A scorecard: logistic regression on weights of evidence, written as points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from crmlab._checks import require_at_least, require_positive, require_same_order
from crmlab._groups import repeat
from crmlab.credit.model.binning import OptimalBinner, target
from crmlab.credit.model.cuts import Trend
from crmlab.errors import OutOfRangeError


class Scorecard(ClassifierMixin, BaseEstimator):
    """Points per answer that add up to a score: the higher, the safer.

    Columns become weights of evidence (`OptimalBinner`); columns with an information value below
    `min_iv` are left out (the best one stays); a logistic regression gives each a coefficient b.
    With n columns and the chance p of being bad,
        ln(p / (1 - p)) = a + sum of b_j WoE_j
        points of a bin = (base - f ln(odds) - f a) / n - f b_j WoE_j,    f = pdo / ln 2
    So at `base` points there are `odds` goods for one bad, and every `pdo` points more double
    that.

    Parameters
    ----------
    base, odds, pdo : float above 0
        Points at which there are `odds` goods for one bad, and points to double the odds.
    min_iv : float, 0 or more
    C : float above 0
        Inverse strength of the penalty on the coefficients; `np.inf` for none.
    max_bins, min_share, trend, special, prebins
        Of the `OptimalBinner`.

    Attributes
    ----------
    binner_ : fitted OptimalBinner
    columns_ : list of int, places of the columns in use
    coef_ : array, one coefficient per column in use; intercept_ : float
    classes_ : the two values of y; the higher one is the bad

    See Also
    --------
    crmlab.credit.lending_table : where to stop lending.

    Source
    ------
    Siddiqi (2006), Credit Risk Scorecards, Wiley, ISBN 978-0-471-75451-0.

    Examples
    --------
    >>> file = pd.DataFrame({"late": [0, 0, 0, 0, 3, 3, 3, 3]})
    >>> card = Scorecard(C=np.inf).fit(file, [0, 0, 0, 1, 0, 1, 1, 1])
    >>> card.predict_proba(file)[[0, 4], 1].round(3).tolist()
    [0.25, 0.75]
    """

    def __init__(
        self,
        *,
        base: float = 600,
        odds: float = 50,
        pdo: float = 20,
        min_iv: float = 0.02,
        C: float = 1.0,
        max_bins: int = 10,
        min_share: float = 0.05,
        trend: Trend | Mapping[Any, Trend] = "auto",
        special: Sequence[Any] | Mapping[Any, Sequence[Any]] = (),
        prebins: int = 30,
    ) -> None:
        self.base = base
        self.odds = odds
        self.pdo = pdo
        self.min_iv = min_iv
        self.C = C
        self.max_bins = max_bins
        self.min_share = min_share
        self.trend = trend
        self.special = special
        self.prebins = prebins

    def fit(self, X: Any, y: Any) -> Scorecard:
        """Bin the columns of `X` and fit their coefficients; the higher value of `y` is bad.

        Raises
        ------
        OutOfRangeError
            If `base`, `odds`, `pdo` or `C` is not above 0, `min_iv` is below 0, or as
            `OptimalBinner.fit`.
        CrmlabError
            As `OptimalBinner.fit`.
        """
        for name in ("base", "odds", "pdo"):
            require_positive(name, getattr(self, name))
        if not self.min_iv >= 0 or not self.C > 0:
            raise OutOfRangeError("min_iv must be 0 or more, and C above 0.")
        require_same_order(X, y)
        y = target(y)
        check_classification_targets(y)
        kept = ("max_bins", "min_share", "trend", "special", "prebins")
        self.binner_ = OptimalBinner(**{name: getattr(self, name) for name in kept}).fit(X, y)
        for name in ("n_features_in_", "feature_names_in_"):
            if hasattr(self.binner_, name):
                setattr(self, name, getattr(self.binner_, name))
        self.classes_ = self.binner_.classes_
        worth = self.binner_.iv_.to_numpy()
        self.columns_ = np.flatnonzero((worth >= self.min_iv) | (worth == worth.max())).tolist()
        bad = (y == self.classes_[1]).astype("int64")
        woe = self._weights(X)
        # Newton's steps: a handful of columns, and an optimum that does not depend on scales.
        model = LogisticRegression(C=self.C, solver="newton-cholesky", max_iter=1_000)
        model.fit(woe, bad)
        self.coef_, self.intercept_ = model.coef_[0], float(np.ravel(model.intercept_)[0])
        self._covariance = self._inverse_information(woe)
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """Return the log odds of being bad."""
        check_is_fitted(self, "coef_")
        return self._weights(X) @ self.coef_ + self.intercept_

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the chances of being good and of being bad, side by side."""
        bad = expit(self.decision_function(X))
        return np.column_stack([1 - bad, bad])

    def predict(self, X: Any) -> np.ndarray:
        """Return the likelier of the two values of `y`."""
        bad = self.decision_function(X) > 0
        return self.classes_[bad.astype(np.intp)]

    def score_points(self, X: Any) -> pd.Series:
        """Return the points of each row, float64; a frame's rows keep their index."""
        points = self.base - self._factor * (self.decision_function(X) + np.log(self.odds))
        index = X.index if isinstance(X, pd.DataFrame) else None
        return pd.Series(points, index=index, name="points")

    def points_table(self) -> pd.DataFrame:
        """Return the card itself: the bins of the columns in use, and the points of each.

        Returns
        -------
        DataFrame, one row per column and bin
            column, bin : str
            goods, bads : int64; share, bad_rate, woe, iv : float64, as `OptimalBinner.table`
            points : float64
        """
        check_is_fitted(self, "coef_")
        table = self.binner_.table()
        names = [self.binner_.columns_[place].name for place in self.columns_]
        place = {name: row for row, name in enumerate(names)}
        table = table[table["column"].isin(place)].reset_index(drop=True)
        coefficient = self.coef_[table["column"].map(place).to_numpy("int64")]
        return table.assign(points=self._share - self._factor * coefficient * table["woe"])

    def reasons(self, X: Any, *, n: int = 3) -> pd.DataFrame:
        """Return the `n` columns that cost each row most points, against their best bin.

        Returns
        -------
        DataFrame, one row per row of `X` and reason, in that order, and the largest loss first
            row : int64, counted from 0
            rank : int64 from 1
            column : str
            points_lost : float64, 0 or more
        """
        require_at_least("n", n, 1)
        check_is_fitted(self, "coef_")
        names = np.array([self.binner_.columns_[place].name for place in self.columns_])
        got = self._share - self._factor * self.coef_ * self._weights(X)
        lost = self.points_table().groupby("column")["points"].max()[names].to_numpy() - got
        order = np.argsort(-lost, axis=1, kind="stable")[:, :n]
        rows, ranks = order.shape
        return pd.DataFrame(
            {
                "row": repeat(np.arange(rows), ranks),
                "rank": np.tile(np.arange(1, ranks + 1), rows),
                "column": names[order].ravel(),
                "points_lost": np.take_along_axis(lost, order, axis=1).ravel().clip(0),
            }
        )

    def summary(self) -> pd.DataFrame:
        """Return the regression.

        Returns
        -------
        DataFrame, one row per column in use, after the intercept
            column : str
            iv : float64
            coefficient : float64, of the weight of evidence; near -1 if the column stands alone
            standard_error : float64, from the information of the (penalised) likelihood
            as_expected : bool, False where more evidence of being good would cost points
        """
        check_is_fitted(self, "coef_")
        names = [self.binner_.columns_[place].name for place in self.columns_]
        return pd.DataFrame(
            {
                "column": ["intercept", *names],
                "iv": [np.nan, *self.binner_.iv_.to_numpy()[self.columns_]],
                "coefficient": [self.intercept_, *self.coef_],
                "standard_error": np.sqrt(np.diag(self._covariance)),
                "as_expected": [True, *(self.coef_ <= 0)],
            }
        )

    @property
    def _factor(self) -> float:
        return self.pdo / np.log(2)

    @property
    def _share(self) -> float:
        """What every column adds, whatever its bin."""
        whole = self.base - self._factor * (np.log(self.odds) + self.intercept_)
        return whole / len(self.columns_)

    def _weights(self, X: Any) -> np.ndarray:
        return np.asarray(self.binner_.transform(X))[:, self.columns_]

    def _inverse_information(self, woe: np.ndarray) -> np.ndarray:
        """Return the covariance of intercept and coefficients."""
        design = np.column_stack([np.ones(len(woe)), woe])
        chance = expit(woe @ self.coef_ + self.intercept_)
        information = design.T @ (design * (chance * (1 - chance))[:, None])
        penalty = np.full(len(self.coef_) + 1, 1 / self.C)
        penalty[0] = 0
        return np.linalg.pinv(information + np.diag(penalty))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.classifier_tags.multi_class = False
        return tags
