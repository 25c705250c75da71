"""Intervals for shares, their differences and ratios, and areas under a curve."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

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


def difference(
    count: ArrayLike, n: ArrayLike, other_count: ArrayLike, other_n: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95% interval of a share less another, of other rows; a count may be a fraction.

    Source: Newcombe (1998), Statistics in Medicine 17(8), 873-890, method 10: the distances of
    both shares to the ends of Wilson's intervals add up as those of independent numbers do.
    """
    share, other = (np.asarray(a, float) / np.asarray(b, float)
                    for a, b in ((count, n), (other_count, other_n)))  # fmt: skip
    (low, high), (least, most) = wilson(count, n), wilson(other_count, other_n)
    gap = share - other
    return gap - np.hypot(share - low, most - other), gap + np.hypot(high - share, other - least)


def ratio(
    count: ArrayLike, n: ArrayLike, other_count: ArrayLike, other_n: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95% interval of a share over another, of other rows; infinite at 0 below.

    Source: MOVER-R of Wilson's intervals, Donner and Zou (2012), doi:10.1177/0962280210383082.
    """
    share, below = np.divide(count, n), np.divide(other_count, other_n)
    (low, high), (least, most) = wilson(count, n), wilson(other_count, other_n)
    both = share * below

    def parts(edge: np.ndarray, limit: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        above, under = edge * (2 * share - edge), limit * (2 * below - limit)
        return above, under, both + np.sqrt(np.maximum(both**2 - above * under, 0))

    above, _, reach = parts(low, most)
    _, under, beyond = parts(high, least)
    return (
        np.divide(np.maximum(above, 0), reach, out=np.zeros_like(both), where=reach > 0),
        np.divide(beyond, under, out=np.full_like(both, np.inf), where=under > 0),
    )


def area_interval(area: float, error: float, one: int, other: int) -> tuple[float, float]:
    """Return the 95% interval of an area under the ROC curve between groups of `one` and `other`.

    It is normal for the log odds of the area; where every pair is told apart, or none, nothing went
    wrong in the smaller group, and its end is that of the rule of three.
    """
    if 0 < area < 1 and error > 0:
        half = Z * error / (area * (1 - area))
        return float(expit(logit(area) - half)), float(expit(logit(area) + half))
    most = min(3 / min(one, other), 1.0)
    return (1 - most, 1.0) if area > 0.5 else (0.0, most) if area < 0.5 else (0.0, 1.0)
