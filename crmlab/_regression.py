"""Least squares with standard errors: what models and measures of several topics share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.linalg import qr, solve_triangular
from scipy.stats import t

from crmlab._groups import bincount
from crmlab.errors import OutOfRangeError


class LeastSquares(NamedTuple):
    """Coefficients, their covariance, and the degrees of freedom of their intervals."""

    coefficients: np.ndarray
    covariance: np.ndarray
    freedom: int

    def table(self) -> pd.DataFrame:
        """Return coefficient, standard_error, low and high (95 %), a row for each column."""
        error = np.sqrt(np.diag(self.covariance))
        reach = t.ppf(0.975, self.freedom) * error
        return pd.DataFrame(
            {
                "coefficient": self.coefficients,
                "standard_error": error,
                "low": self.coefficients - reach,
                "high": self.coefficients + reach,
            }
        )


def least_squares(
    x: np.ndarray,
    y: np.ndarray,
    *,
    names: Sequence[str],
    clusters: np.ndarray | None = None,
    absorbed: int = 0,
) -> LeastSquares:
    """Return the regression of `y` on the columns of `x`, called `names`.

    Without `clusters` the errors are taken to be independent and equally spread. With them (one
    code from 0 for each row) they may be anything within a cluster: the covariance is Liang and
    Zeger's (1986, doi:10.1093/biomet/73.1.13), times clusters / (clusters - 1), on clusters - 1
    degrees of freedom. `absorbed` counts the means that were taken out of `x` and `y` before.

    Raises
    ------
    OutOfRangeError
        If a column repeats what others say, or there are not more rows than columns.
    """
    rows, columns = x.shape
    free = rows - columns - absorbed
    if free < 1:
        raise OutOfRangeError(
            f"{rows} rows cannot tell {columns + absorbed} effects apart; more rows are needed."
        )
    factors: Any = qr(x, mode="economic", pivoting=True)
    q, r, order = factors
    size = np.abs(np.diag(r))
    copies = order[size <= 1e-9 * max(size[0], 1e-300)]
    if copies.size:
        raise OutOfRangeError(
            f"{sorted(str(names[one]) for one in copies)} cannot be told apart from the others: in "
            "these data they never vary on their own. Leave them out, or gather more."
        )
    inverse = np.empty((columns, columns))
    inverse[order] = solve_triangular(r, np.eye(columns))
    coefficients = inverse @ (q.T @ y)
    residual, bread = y - x @ coefficients, inverse @ inverse.T
    if clusters is None:
        return LeastSquares(coefficients, bread * (residual @ residual) / free, free)
    groups = int(clusters.max()) + 1
    if groups < 2:
        raise OutOfRangeError("all rows belong to one customer; at least 2 customers are needed.")
    scores = x * residual[:, None]
    sums = np.stack([bincount(clusters, one, groups) for one in scores.T], axis=1)
    half = sums @ bread
    return LeastSquares(coefficients, half.T @ half * groups / (groups - 1), groups - 1)
