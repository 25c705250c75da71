"""Maximum likelihood of positive parameters: found on the log scale, with standard errors."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from statistics import NormalDist
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from scipy.optimize import OptimizeResult, minimize

from crmlab._checks import require_positive
from crmlab.errors import CrmlabError, OutOfRangeError, WeakFitWarning

Z = NormalDist().inv_cdf(0.975)
_FLAT = 1e-8  # largest slope at a top, per row
_LIMIT = 8.0  # of the logarithms: beyond it a law is the same at every parameter

# Of the logarithms of the parameters: minus the log-likelihood per row, and its gradient.
Loss = Callable[[np.ndarray], tuple[float, np.ndarray]]


class Estimates:
    """Parameters that maximise a likelihood of `n` rows, and how sure they are.

    names, logs : the parameters, by their logarithms
    log_likelihood : at its maximum
    weak : names of the parameters that ran to the end of their range
    """

    def __init__(
        self,
        loss: Loss,
        *,
        names: tuple[str, ...],
        n: float,
        usual: Sequence[float] | None = None,
        near: Estimates | None = None,
        shift: np.ndarray | None = None,
        constant: float = 0.0,
    ) -> None:
        """Find the maximum; `shift` and `constant` undo a scaling of log parameters and loss.

        The search begins at `near`, estimates of nearly the same rows, where there are; else at
        `usual` logarithms of the scaled parameters, or at 0.
        """
        k = len(names)
        self._loss, self._n = loss, n
        self._shift = np.zeros(k) if shift is None else shift
        first = np.zeros(k) if usual is None else np.array(usual, dtype="float64")
        if near is not None:
            first = np.clip(near.logs - self._shift, -_LIMIT, _LIMIT)
        found = None if near is None else _by_curvature(loss, first, near.covariance * near._n)
        if found is None:
            found = _by_search(loss, first)
        self._at = found.x
        self.names = names
        self.logs = found.x + self._shift
        self.log_likelihood = float(-found.fun * n + constant)
        self.weak = [name for name, x in zip(names, found.x, strict=True) if abs(x) > _LIMIT - 0.1]

    @cached_property
    def covariance(self) -> np.ndarray:
        """Covariance of the logarithms of the parameters, from the curvature of the likelihood."""
        step = 1e-4
        k = len(self._at)
        bent = np.empty((k, k))
        for i in range(k):
            move = np.zeros(k)
            move[i] = step
            bent[i] = (self._loss(self._at + move)[1] - self._loss(self._at - move)[1]) / (2 * step)
        bent = self._n * (bent + bent.T) / 2
        try:
            found = np.linalg.inv(bent)
        except np.linalg.LinAlgError:
            return np.full((k, k), np.nan)
        return found if (np.linalg.eigvalsh(bent) > 0).all() else np.full((k, k), np.nan)

    def summary(self) -> pd.DataFrame:
        """Return a row per parameter, with its standard error and 95% interval."""
        error, found = np.sqrt(np.diag(self.covariance)), np.exp(self.logs)
        return pd.DataFrame(
            {
                "parameter": [*self.names],
                "estimate": found,
                "standard_error": found * error,
                "low": found * np.exp(-Z * error),
                "high": found * np.exp(Z * error),
            }
        )

    def warn_if_weak(self, model: str) -> None:
        """Warn if the data leave a parameter open."""
        if self.weak:
            words = (
                f"{model}: the data leave {', '.join(self.weak)} open (estimate at the end of its "
                "range). Sums and means may still be right; the parameters and their intervals "
                "are not to be read. More customers, or a longer time, would tell."
            )
            warnings.warn(words, WeakFitWarning, stacklevel=3)


def _by_search(loss: Loss, first: np.ndarray) -> OptimizeResult:
    """Return the minimum within the limits, from anywhere."""
    options = {"maxiter": 1000, "ftol": 1e-15, "gtol": _FLAT}
    bounds = [(-_LIMIT, _LIMIT)] * len(first)
    return minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds, options=options)


def _by_curvature(loss: Loss, at: np.ndarray, inverse: np.ndarray) -> OptimizeResult | None:
    """Return the minimum by BFGS from an inverse curvature that fits, or None if not nearby."""
    value, slope = loss(at)
    for _ in range(25):
        if np.abs(slope).max() < _FLAT:
            return OptimizeResult(x=at, fun=value)
        step = -inverse @ slope
        if not np.abs(at + step).max() < _LIMIT:
            return None
        before, (value, slope) = slope, loss(at + step)
        bend = slope - before
        if step @ bend <= 0:
            return None
        aside = np.eye(len(at)) - np.outer(step, bend) / (step @ bend)
        inverse = aside @ inverse @ aside.T + np.outer(step, step) / (step @ bend)
        at = at + step
    return None


class Known(Estimates):
    """Parameters that were not estimated: nothing is in doubt."""

    def __init__(self, names: tuple[str, ...], values: Mapping[str, float]) -> None:
        if {*values} != {*names}:
            raise OutOfRangeError(f"the parameters are {[*names]}; got {[*values]}.")
        for name in names:
            require_positive(name, values[name])
        self.names, self.weak, self._n = names, [], 0.0
        self.logs = np.log([float(values[name]) for name in names])
        self.log_likelihood = float("nan")

    @cached_property
    def covariance(self) -> np.ndarray:
        """Zeros."""
        return np.zeros((len(self.names), len(self.names)))


class Fitted:
    """What every fitted model of this room offers."""

    estimates_: Estimates
    names: ClassVar[tuple[str, ...]]

    @classmethod
    def known(cls, **parameters: float) -> Self:
        """Return a model whose parameters are given, not fitted: a published table, or the truth.

        Raises
        ------
        OutOfRangeError
            If they are not the parameters of this model, each above 0.
        """
        model = cls()
        model.estimates_ = Known(cls.names, parameters)
        return model

    def summary(self) -> pd.DataFrame:
        """Return the parameters with standard errors.

        Returns
        -------
        DataFrame, one row per parameter
            parameter : str
            estimate, standard_error : float64; the error by the delta method
            low, high : float64, 95% interval, on the log scale; missing where the likelihood
                has no clear top
        """
        self.require_fitted()
        return self.estimates_.summary()

    @property
    def parameters_(self) -> np.ndarray:
        """The estimates, in the order of `summary`."""
        self.require_fitted()
        return np.exp(self.estimates_.logs)

    @property
    def log_likelihood_(self) -> float:
        """The log-likelihood at its maximum."""
        self.require_fitted()
        return self.estimates_.log_likelihood

    def require_fitted(self) -> None:
        """Raise unless `fit` was called."""
        if not hasattr(self, "estimates_"):
            raise CrmlabError(f"{type(self).__name__} is not fitted yet; call fit(…) first.")
