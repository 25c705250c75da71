"""How many are won or kept for how much: falling returns, fitted to a test."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import xlogy

from crmlab._checks import require_columns, require_numbers, require_values
from crmlab._intervals import Z
from crmlab.customers.measure import Returns
from crmlab.errors import BadRowsError, CrmlabError, OutOfRangeError, WeakFitWarning

_MOST_BENT = 50.0  # steepness times the smallest spend: there the curve is flat everywhere


class SpendingResponse:
    """Chance of success = ceiling * (1 - exp(-steepness * spend)), by maximum likelihood.

    Fitted to a test in which the spend on a person was set at random: left to salespeople, more is
    spent where success is likely anyway, and the curve would be theirs.

    Attributes
    ----------
    returns_ : Returns
        ceiling and steepness, as `best_budget` takes them.
    covariance_ : ndarray, of the logit of the ceiling and the logarithm of the steepness
    log_likelihood_ : float

    Source
    ------
    The curve is that of Blattberg and Deighton (1996), Harvard Business Review 74(4), 136-144, who
    ask managers for it.

    Examples
    --------
    >>> test = pd.DataFrame({"spend": [10.0, 40.0], "people": [100, 100], "successes": [20, 38]})
    >>> SpendingResponse().fit(test).predict([20.0]).round(2).tolist()
    [0.3]
    """

    returns_: Returns
    covariance_: np.ndarray
    log_likelihood_: float

    def fit(self, test: pd.DataFrame) -> SpendingResponse:
        """Fit to the outcome of a test.

        Parameters
        ----------
        test : DataFrame, one row per level of spend
            spend : float, money on each person, 0 or more
            people, successes : int

        Returns
        -------
        SpendingResponse, itself

        Raises
        ------
        MissingColumnsError, BadRowsError, WrongTypeError
            If a column or value is missing or no number, or more succeeded than there were, or
            somebody at a spend of 0.
        OutOfRangeError
            If there are fewer than two levels of spend above 0, or nobody succeeded.
        """
        require_columns(test, "spend", "people", "successes")
        require_values(test, "spend", "people", "successes")
        require_numbers(test, "spend", "people", "successes")
        spend, people, won = (
            test[name].to_numpy("float64") for name in ("spend", "people", "successes")
        )
        bad = (spend < 0) | (won < 0) | (won > people) | ((spend == 0) & (won > 0))
        if bad.any():
            raise BadRowsError(
                f"row(s) {np.flatnonzero(bad)[:10].tolist()} have more successes than people, a "
                "number below 0, or successes where nothing was spent. Take off first who comes "
                "without any spend."
            )
        levels = len(np.unique(spend[(spend > 0) & (people > 0)]))
        if levels < 2 or not won.sum():
            raise OutOfRangeError(
                f"{levels} level(s) of spend above 0 and {won.sum():.0f} success(es): it takes two "
                "levels and one success to see returns fall."
            )
        return self._fit(spend, people, won)

    def _fit(self, spend: np.ndarray, people: np.ndarray, won: np.ndarray) -> SpendingResponse:
        def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
            chance = np.clip(_chance(at, spend), 1e-300, 1 - 1e-15)
            likely = xlogy(won, chance) + xlogy(people - won, 1 - chance)
            miss = np.where(spend > 0, (won - people * chance) / (chance * (1 - chance)), 0.0)
            return -float(likely.sum()), -_slope(at, spend) @ miss

        best = min(max(1.2 * (won / np.maximum(people, 1)).max(), 1e-6), 0.99)
        middle = float(np.median(spend[spend > 0]))
        start = [np.log(best / (1 - best)), -np.log(middle)]
        least = spend[spend > 0].min()
        bounds = [(-15.0, 15.0), (-np.log(middle) - 12, np.log(_MOST_BENT / least))]
        found = minimize(
            loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-14}
        )
        at = found.x
        self.returns_ = Returns(float(1 / (1 + np.exp(-at[0]))), float(np.exp(at[1])))
        self.log_likelihood_ = -float(found.fun)
        information = _information(at, spend, people)
        weak = any(
            min(one - low, high - one) < 1e-6 for one, (low, high) in zip(at, bounds, strict=True)
        )
        if weak or np.linalg.cond(information) > 1e12:
            warnings.warn(
                "the test leaves the ceiling or the steepness open: at all levels the success is "
                "in proportion to the spend, or the same. Test smaller and larger spends.",
                WeakFitWarning,
                stacklevel=3,
            )
        self.covariance_ = np.linalg.pinv(information)
        return self

    def predict(self, spend: np.ndarray | list[float]) -> np.ndarray:
        """Return the chance of success at each spend."""
        return self._fitted().rate(np.asarray(spend, dtype="float64"))

    def summary(self) -> pd.DataFrame:
        """Return ceiling and steepness with 95 % intervals.

        Returns
        -------
        DataFrame, one row per parameter
            parameter : str
            estimate, low, high : float64; the intervals are symmetric in logit and logarithm
        """
        found = self._fitted()
        error = np.sqrt(np.diag(self.covariance_))
        at = np.array([np.log(found.ceiling / (1 - found.ceiling)), np.log(found.steepness)])
        low, high = at - Z * error, at + Z * error
        table = {
            "parameter": ["ceiling", "steepness"],
            "estimate": [found.ceiling, found.steepness],
        }
        for name, end in (("low", low), ("high", high)):
            table[name] = [1 / (1 + np.exp(-end[0])), np.exp(end[1])]
        return pd.DataFrame(table).astype({"parameter": "str"})

    def _fitted(self) -> Returns:
        if not hasattr(self, "returns_"):
            raise CrmlabError("the model is not fitted yet; call fit(test) first.")
        return self.returns_


def _chance(at: np.ndarray, spend: np.ndarray) -> np.ndarray:
    """Return the chance of success at each spend, of logit ceiling and log steepness."""
    return -np.expm1(-np.exp(at[1]) * spend) / (1 + np.exp(-at[0]))


def _slope(at: np.ndarray, spend: np.ndarray) -> np.ndarray:
    """Return how the chance changes with each of the two, a row for each."""
    ceiling, steepness = 1 / (1 + np.exp(-at[0])), np.exp(at[1])
    by_steepness = ceiling * np.exp(-steepness * spend) * steepness * spend
    return np.stack([_chance(at, spend) * (1 - ceiling), by_steepness])


def _information(at: np.ndarray, spend: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Return Fisher's expected information on both parameters."""
    chance, slope = _chance(at, spend), _slope(at, spend)
    spread = np.maximum(chance * (1 - chance), 1e-300)
    weight = np.where(spend > 0, people / spread, 0.0)
    return (slope * weight) @ slope.T
