"""Intervals for shares."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

Z = NormalDist().inv_cdf(0.975)  # half a 95% interval, in standard errors


def wilson(count: ArrayLike, n: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's 95% interval of the shares `count` / `n`; a count may be a fraction.

    Source: Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    n = np.asarray(n, dtype="float64")
    share = np.asarray(count, dtype="float64") / n
    middle = share + Z**2 / (2 * n)
    reach = Z * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    scale = 1 + Z**2 / n
    return np.maximum((middle - reach) / scale, 0), np.minimum((middle + reach) / scale, 1)
