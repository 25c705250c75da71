"""Drivers of an answer in stars: ordered logit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from crmlab._checks import names_of, require_columns, require_numbers, require_rows, require_values
from crmlab._intervals import Z
from crmlab.errors import CrmlabError, OutOfRangeError


class OrderedLogit:
    """Answers that have an order and no distance: P(stars <= k) = expit(cut_k - x b).

    The estimates are those of statsmodels, with one thread for its linear algebra. A weight is by
    how much the log odds of a higher answer rise for a point of the driver.

    Parameters
    ----------
    drivers : sequence of str
    overall : str
        Column of whole numbers; which, does not matter, only their order.

    Attributes
    ----------
    coef_ : Series of float64, by driver
    cuts_ : array of float64, one fewer than answers

    Source
    ------
    McCullagh (1980), doi:10.1111/j.2517-6161.1980.tb01109.x.

    Examples
    --------
    >>> from crmlab.loyalty import simulate_reactions
    >>> answers, truth = simulate_reactions(2_000, seed=1)
    >>> model = OrderedLogit(["staff_high", "staff_low"], overall="stars").fit(answers)
    >>> model.summary()[["driver", "weight"]].round(1)
           driver  weight
    0  staff_high     0.6
    1   staff_low    -0.8
    """

    coef_: pd.Series
    cuts_: np.ndarray

    def __init__(self, drivers: Sequence[str], *, overall: str = "stars") -> None:
        self.drivers = names_of("drivers", drivers)
        self.overall = overall

    def fit(self, answers: pd.DataFrame) -> OrderedLogit:
        """Fit by maximum likelihood.

        Parameters
        ----------
        answers : DataFrame, one row per customer: the drivers and the whole, as numbers

        Raises
        ------
        MissingColumnsError, BadRowsError
            If a column or a value is missing.
        OutOfRangeError
            If all give one answer, a driver never varies on its own, or the fit does not converge.
        """
        import statsmodels.miscmodels.ordinal_model as ordinal

        require_columns(answers, *self.drivers, overall=self.overall)
        require_rows(answers)
        require_values(answers, *self.drivers, self.overall)
        require_numbers(answers, *self.drivers, self.overall)
        x = answers[self.drivers].to_numpy("float64")
        codes, self.answers_ = pd.factorize(answers[self.overall].to_numpy("float64"), sort=True)
        if len(self.answers_) < 2:
            raise OutOfRangeError("all give one answer, so no driver can explain it.")
        if np.linalg.matrix_rank(x - x.mean(axis=0)) < x.shape[1]:
            raise OutOfRangeError(
                f"{self.drivers} cannot be told apart: some never vary on their own. Leave one out."
            )
        with threadpool_limits(1):
            model = ordinal.OrderedModel(codes, x, distr="logit")
            result = model.fit(method="bfgs", disp=False, maxiter=500)
        if not result.mle_retvals["converged"] or not np.isfinite(result.bse).all():
            raise OutOfRangeError(
                "the fit does not come to rest: some driver foresees an answer without error. Look "
                f"at the tables of {self.drivers} by {self.overall}."
            )
        count = len(self.drivers)
        self.coef_ = pd.Series(result.params[:count], index=self.drivers)
        self.errors_ = np.asarray(result.bse[:count])
        self.cuts_ = np.asarray(model.transform_threshold_params(result.params[count:])[1:-1])
        return self

    def summary(self) -> pd.DataFrame:
        """Return driver, weight, standard_error, low and high (95 %)."""
        self._ready()
        weight = self.coef_.to_numpy("float64")
        return pd.DataFrame(
            {
                "driver": pd.Series(self.drivers, dtype="str"),
                "weight": weight,
                "standard_error": self.errors_,
                "low": weight - Z * self.errors_,
                "high": weight + Z * self.errors_,
            }
        )

    def predict(self, answers: pd.DataFrame) -> pd.DataFrame:
        """Return the chance of each answer, one column per answer, with the index of `answers`."""
        self._ready()
        require_columns(answers, *self.drivers)
        require_values(answers, *self.drivers)
        require_numbers(answers, *self.drivers)
        level = answers[self.drivers].to_numpy("float64") @ self.coef_.to_numpy("float64")
        below = 1 / (1 + np.exp(level[:, None] - self.cuts_[None, :]))
        edges = np.column_stack([np.zeros(len(level)), below, np.ones(len(level))])
        return pd.DataFrame(np.diff(edges, axis=1), index=answers.index, columns=self.answers_)

    def _ready(self) -> None:
        if not hasattr(self, "coef_"):
            raise CrmlabError("the model is not fitted yet; call fit(answers) first.")
