"""Shifted beta-geometric: contracts that are renewed or not, by customers who are not alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy.special import betaln, hyp2f1, psi

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_rate,
    require_values,
)
from crmlab._words import N_
from crmlab.errors import BadRowsError, OutOfRangeError
from crmlab.lifetime.model.likelihood import Estimates, Fitted, Loss, Z


class ShiftedBetaGeometric(Fitted):
    """Contracts renewed period by period, each customer with an own, constant chance to leave.

    Model
    -----
    chance ~ Beta(alpha, beta); a customer leaves at the end of each period with it. Then
        S(t) = B(alpha, beta+t) / B(alpha, beta),  retention(t) = (beta+t-1) / (alpha+beta+t-1)
    The retention of the cohort rises with t though nobody's chance changes: those who were most
    likely to leave have left.

    See Also
    --------
    naive_projections : regression lines through the same numbers.
    crmlab.lifetime.simulate.simulate_contracts : customers with chances of their own.

    Source
    ------
    Fader and Hardie (2007), doi:10.1002/dir.20074; residual lifetime: Fader and Hardie (2010),
    doi:10.1287/mksc.1080.0482.

    Examples
    --------
    >>> survivors = pd.DataFrame({"period": range(8),
    ...     "customers": [1000, 869, 743, 653, 593, 551, 517, 491]})
    >>> model = ShiftedBetaGeometric().fit(survivors)
    >>> model.summary()[["parameter", "estimate"]].round(3)
      parameter  estimate
    0     alpha     0.668
    1      beta     3.806
    """

    names: ClassVar = ("alpha", "beta")

    def fit(self, survivors: pd.DataFrame) -> ShiftedBetaGeometric:
        """Find the parameters of highest likelihood, and return self.

        Parameters
        ----------
        survivors : DataFrame, one row per period
            period : whole numbers, 0, 1, 2, … without a gap
            customers : how many of the cohort are still there; numbers, not percent, since how
                sure the fit is depends on them

        Raises
        ------
        MissingColumnsError
            If a column is missing.
        BadRowsError
            If a period is missing or twice there, or customers come back.
        OutOfRangeError
            If there are fewer than three periods, nobody left, or customers are shares.

        Warns
        -----
        WeakFitWarning
            If the data leave a parameter open: customers who all seem alike.
        """
        there = _cohort(survivors)
        if there[0] <= 1:
            raise OutOfRangeError(
                f"customers begin at {there[0]:g}, as shares do; how sure the fit is depends on "
                "how many they were. Multiply by the size of the cohort."
            )
        self.estimates_ = Estimates(_loss(there), names=self.names, n=float(there[0]))
        self.estimates_.warn_if_weak(type(self).__name__)
        return self

    def predict(self, periods: Iterable[int]) -> pd.DataFrame:
        """Share still there, and retention, at the end of each period.

        Returns
        -------
        DataFrame, one row per period asked for
            period : int64
            survival, low, high : float64 in [0, 1]; 95% interval by the delta method on the
                scale of log(-log survival), missing at period 0
            retention : float64, of those there a period before; missing at period 0
        """
        self.require_fitted()
        t = _whole(periods)
        require_at_least("every period", int(t.min(initial=0)), 0)
        logs = self.estimates_.logs
        cumulative = -_log_survival(logs, t)
        slope = _slope(logs, t) * np.exp(logs)[:, None]
        spread = np.sqrt(np.einsum("it,ij,jt->t", slope, self.estimates_.covariance, slope))
        some = t > 0
        reach = np.exp(Z * np.divide(spread, cumulative, out=np.zeros(len(t)), where=some))
        alpha, beta = np.exp(logs)
        return pd.DataFrame(
            {
                "period": t,
                "survival": np.exp(-cumulative),
                "low": np.where(some, np.exp(-cumulative * reach), np.nan),
                "high": np.where(some, np.exp(-cumulative / reach), np.nan),
                "retention": np.where(some, (beta + t - 1) / (alpha + beta + t - 1), np.nan),
            }
        )

    def residual_lifetime(self, period: int, *, discount: float) -> float:
        """Discounted expected residual lifetime (DERL) of one who has renewed `period` times.

        Periods still to be paid, the next one first, at a `discount` in (0, 1) per period. Times
        the margin of a period it is the customer's residual value just before a renewal is due.
        """
        self.require_fitted()
        require_at_least("period", period, 1)
        require_rate("discount", discount)
        alpha, beta = self.parameters_
        stays = (beta + period - 1) / (alpha + beta + period - 1)
        return float(stays * hyp2f1(1, beta + period, alpha + beta + period, 1 / (1 + discount)))


def naive_projections(survivors: pd.DataFrame, *, periods: Iterable[int]) -> pd.DataFrame:
    """Continue a survival curve by three regression lines, as is often done in a spreadsheet.

    Least squares of the share still there on the period: a line, a parabola, and an exponential
    (a line through its logarithm).

    Parameters
    ----------
    survivors : DataFrame, as for `ShiftedBetaGeometric.fit`
    periods : whole numbers

    Returns
    -------
    DataFrame, one row per curve and period
        curve : "linear", "quadratic" or "exponential"
        period : int64
        survival : float64; nothing keeps it between 0 and 1, or from rising

    Source
    ------
    The comparison of Fader and Hardie (2007), doi:10.1002/dir.20074.

    Examples
    --------
    >>> survivors = pd.DataFrame({"period": [0, 1, 2], "customers": [100, 50, 25]})
    >>> naive_projections(survivors, periods=[3]).round(3)
             curve  period  survival
    0       linear       3    -0.167
    1    quadratic       3     0.250
    2  exponential       3     0.125
    """
    there = _cohort(survivors)
    share, seen, t = there / there[0], np.arange(len(there)), _whole(periods)
    curves = {
        N_("linear"): np.polyval(np.polyfit(seen, share, 1), t),
        N_("quadratic"): np.polyval(np.polyfit(seen, share, 2), t),
        N_("exponential"): np.exp(np.polyval(np.polyfit(seen, np.log(share), 1), t)),
    }
    frames = [
        pd.DataFrame({"curve": name, "period": t, "survival": values})
        for name, values in curves.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _whole(periods: Iterable[int]) -> np.ndarray:
    """Return the periods as whole numbers, or raise if one lies between two."""
    given = np.array([*periods], dtype="float64")
    if (given % 1 != 0).any():
        raise OutOfRangeError(
            f"periods are whole numbers; got {given[given % 1 != 0][:5].tolist()}."
        )
    return given.astype(np.int64)


def _cohort(survivors: pd.DataFrame) -> np.ndarray:
    """Return how many are there at each period from 0, or raise."""
    require_columns(survivors, "period", "customers")
    require_values(survivors, "period", "customers")
    require_numbers(survivors, "period", "customers")
    table = survivors.sort_values("period")
    period, there = table["period"].to_numpy("float64"), table["customers"].to_numpy("float64")
    if not np.array_equal(period, np.arange(len(period))):
        raise BadRowsError(
            f"periods must be 0, 1, 2, … each once; got {table['period'].tolist()[:12]}."
        )
    back = np.flatnonzero(np.diff(there) > 0) + 1
    if back.size or there.min(initial=0) < 0:
        raise BadRowsError(
            f"customers of a cohort cannot become more; they do at period(s) {back.tolist()}. "
            "Who comes back is a case for buying_history and BGNBD, not for a contract."
        )
    require_at_least("the number of periods", len(there), 3)
    if not there[-1] > 0:
        raise OutOfRangeError("nobody is left at the last period; end the table before it.")
    if there[0] == there[-1]:
        raise OutOfRangeError("nobody left in these periods, so there is no chance to learn.")
    return there


def _loss(there: np.ndarray) -> Loss:
    """Return minus the log-likelihood per customer, and its gradient, of log parameters."""
    lost, t, n = -np.diff(there), np.arange(1, len(there)), len(there) - 1

    def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
        a, b = np.exp(logs)
        ll = (lost * betaln(a + 1, b + t - 1)).sum() + there[-1] * betaln(a, b + n)
        ll -= there[0] * betaln(a, b)
        whole = psi(a + b + t)
        d_a = (lost * (psi(a + 1) - whole)).sum() + there[-1] * (psi(a) - psi(a + b + n))
        d_b = (lost * (psi(b + t - 1) - whole)).sum() + there[-1] * (psi(b + n) - psi(a + b + n))
        d_a -= there[0] * (psi(a) - psi(a + b))
        d_b -= there[0] * (psi(b) - psi(a + b))
        return -ll / there[0], -np.array([d_a * a, d_b * b]) / there[0]

    return loss


def _log_survival(logs: np.ndarray, t: np.ndarray) -> np.ndarray:
    a, b = np.exp(logs)
    return betaln(a, b + t) - betaln(a, b)


def _slope(logs: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Return the derivatives of log survival by alpha and beta, two rows."""
    a, b = np.exp(logs)
    by_a = psi(a + b) - psi(a + b + t)
    return np.array([by_a, psi(b + t) - psi(b) + by_a])
