"""Gamma-gamma: what a customer spends on a purchase, if spend does not go with frequency."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pandas as pd
from scipy.special import gammaln, psi
from scipy.stats import rankdata

from crmlab._checks import require_columns, require_numbers
from crmlab._groups import bincount
from crmlab.errors import OutOfRangeError
from crmlab.lifetime.model.btyd import LEAST_CUSTOMERS
from crmlab.lifetime.model.histories import possible
from crmlab.lifetime.model.likelihood import Estimates, Fitted, Loss


class GammaGamma(Fitted):
    """Mean spend per purchase of each customer, nearer to the mean of all the less is known.

    Model
    -----
    A purchase is Gamma(p, nu), mean p / nu; nu ~ Gamma(q, v). After x repeats of mean m,
        E[mean spend] = p (v + x m) / (p x + q - 1)
    which goes from the mean of all, p v / (q-1), to m as x grows. Spend and frequency are taken
    to be independent across customers, and `fit` refuses where they are not.

    Parameters
    ----------
    most_correlation : float
        How far the rank correlation of repeats and mean spend may lie from 0.

    Attributes
    ----------
    correlation_ : float, that rank correlation among the customers fitted
    left_out_ : int, customers with repeats whose mean spend is not above 0

    Source
    ------
    Fader, Hardie and Lee (2005), doi:10.1509/jmkr.2005.42.4.415; Fader and Hardie (2013), The
    gamma-gamma model of monetary value, brucehardie.com/notes/025.

    Examples
    --------
    >>> from crmlab.lifetime import buying_history, simulate_purchases
    >>> history = buying_history(simulate_purchases(1000, seed=1).data)
    >>> GammaGamma().fit(history).summary()[["parameter", "estimate"]].round(2)
      parameter  estimate
    0         p      5.50
    1         q      4.10
    2         v     19.07
    """

    names: ClassVar = ("p", "q", "v")

    def __init__(self, *, most_correlation: float = 0.3) -> None:
        self.most_correlation = most_correlation

    def fit(self, history: pd.DataFrame) -> GammaGamma:
        """Find the parameters of highest likelihood, and return self.

        Parameters
        ----------
        history : DataFrame, as `buying_history` returns it
            repeats, mean_repeat; customers without a repeat, or whose repeats were all refunded,
            say nothing and are left out

        Raises
        ------
        MissingColumnsError, BadRowsError
            As `BGNBD.fit`.
        OutOfRangeError
            If fewer than 10 customers bought again, or spend goes with frequency.

        Warns
        -----
        WeakFitWarning
            If the data leave a parameter open.
        """
        x, m = spends(history)
        bought = x > 0
        kept = bought & (m > 0)
        self.left_out_ = int((bought & ~kept).sum())
        if kept.sum() < LEAST_CUSTOMERS:
            raise OutOfRangeError(
                f"only {kept.sum()} customer(s) have repeats with money; a law of spend takes "
                f"{LEAST_CUSTOMERS} or more."
            )
        self.correlation_ = _rank_correlation(x[kept], m[kept])
        if abs(self.correlation_) > self.most_correlation:
            raise OutOfRangeError(
                f"spend goes with frequency: their rank correlation is {self.correlation_:.2f}, "
                f"and beyond {self.most_correlation:g} values made of both are wrong. Fit groups "
                "of like frequency apart, or raise most_correlation and say so."
            )
        self.estimates_ = self.estimate(x[kept], m[kept], np.ones(int(kept.sum())))
        self.estimates_.warn_if_weak(type(self).__name__)
        return self

    def predict(self, history: pd.DataFrame) -> pd.Series:
        """Return the expected spend per purchase of each customer, with the index of `history`.

        Raises
        ------
        OutOfRangeError
            If the fitted law has no mean (q is 1 or less), so that no customer without a repeat
            has one.
        """
        self.require_fitted()
        x, m = spends(history)
        expected = self.expected(x, m, self.parameters_)
        return pd.Series(expected, index=history.index, name="expected_ticket")

    def expected(self, x: np.ndarray, m: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return the mean spend given x repeats of mean m."""
        p, q, v = values
        if q <= 1:
            raise OutOfRangeError(
                f"q is {q:.2f}: spend is so unequal that the fitted law has no mean. Fit without "
                "the few largest customers, and value them by hand."
            )
        return p * (v + x * m) / (p * x + q - 1)

    def estimate(
        self, x: np.ndarray, m: np.ndarray, weight: np.ndarray, near: Estimates | None = None
    ) -> Estimates:
        """Return the estimates for customers of whom there are so many."""
        scale = float((weight * m).sum() / weight.sum())
        n = float(weight.sum())
        return Estimates(
            _loss(x, m / scale, weight),
            names=self.names,
            n=n,
            near=near,
            shift=np.array([0, 0, np.log(scale)]),
            constant=-n * float(np.log(scale)),
        )


def spends(history: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return repeats and mean spend of each customer, 0 where there is no repeat."""
    require_columns(history, "repeats", "mean_repeat")
    x, _, _ = possible(history)
    again = x > 0
    require_numbers(history.loc[again, ["mean_repeat"]], "mean_repeat")
    m = np.zeros(len(x))
    m[again] = history["mean_repeat"].to_numpy("float64")[again]
    return x, m


def _rank_correlation(x: np.ndarray, m: np.ndarray) -> float:
    """Return Spearman's correlation; 0 where all are equal."""
    one, other = rankdata(x), rankdata(m)
    one, other = one - one.mean(), other - other.mean()
    size = np.sqrt((one**2).sum() * (other**2).sum())
    return float((one * other).sum() / size) if size > 0 else 0.0


def _loss(x: np.ndarray, m: np.ndarray, w: np.ndarray) -> Loss:
    """Return minus the log-likelihood per customer, and its gradient, of log parameters."""
    n = w.sum()
    levels, place = np.unique(x, return_inverse=True)
    by_x = bincount(place, w)
    logs_m, logs_x = (w * np.log(m)).sum(), (by_x * levels * np.log(levels)).sum()
    x_logs_m, total = (w * x * np.log(m)).sum(), x * m

    def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
        p, q, v = np.exp(logs)
        px = p * levels
        spread, count = np.log(v + total), px[place] + q
        ll = (by_x * (gammaln(px + q) - gammaln(px))).sum() + n * (q * logs[2] - gammaln(q))
        ll += p * (x_logs_m + logs_x) - logs_m - (w * count * spread).sum()
        both = psi(px + q)
        d_p = (by_x * levels * (both - psi(px))).sum() + x_logs_m + logs_x - (w * x * spread).sum()
        d_q = (by_x * both).sum() + n * (logs[2] - psi(q)) - (w * spread).sum()
        d_v = n * q / v - (w * count / (v + total)).sum()
        return -ll / n, -np.array([d_p * p, d_q * q, d_v * v]) / n

    return loss
