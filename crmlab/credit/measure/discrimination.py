"""How well a score tells goods from bads: area, curve, lift, bands, and several side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import area_interval, ratio
from crmlab.errors import OutOfRangeError

_Z95 = norm.ppf(0.975)


@dataclass(frozen=True)
class AUC:
    """Area under the ROC curve, with its 95 % interval, Gini and Kolmogorov-Smirnov."""

    auc: float
    low: float
    high: float
    gini: float
    ks: float
    goods: int
    bads: int


def auc(loans: pd.DataFrame, *, score: str = "points", bad: str = "defaults") -> AUC:
    """Return the chance that a good has a higher score than a bad, ties half, and its interval.

    The standard error is DeLong's: the variances of each bad's and each good's share of the pairs
    it wins. The interval is symmetric in the log odds of the area, so it stays within 0 and 1.

    Parameters
    ----------
    loans : DataFrame with a score, higher is safer, and the bad column, True or 1 for a default
    score, bad : str

    Returns
    -------
    AUC
        auc, low, high : float; gini = 2 auc - 1; ks : float, the largest distance of the two
        distributions; goods, bads : int

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are no goods or no bads.

    Source
    ------
    DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44(3), 837-845, doi:10.2307/2531595.

    Examples
    --------
    >>> loans = pd.DataFrame({"points": [4, 3, 2, 1], "defaults": [0, 0, 1, 0]})
    >>> round(auc(loans).auc, 3), round(auc(loans).ks, 3)
    (0.667, 0.667)
    """
    value, is_bad = goods_and_bads(loans, score, bad)
    good, worse = value[~is_bad], value[is_bad]
    m, n = len(good), len(worse)
    rank = rankdata(value)
    # A good's share of bads below it, a bad's share of goods above it.
    of_good = (rank[~is_bad] - rankdata(good)) / n
    of_bad = 1 - (rank[is_bad] - rankdata(worse)) / m
    area = of_good.mean()
    parts = ((part.var(ddof=1) if len(part) > 1 else 0.25, len(part)) for part in (of_good, of_bad))
    error = sum(variance / size for variance, size in parts) ** 0.5
    low, high = area_interval(area, error, m, n)
    curve = roc_table(loans, score=score, bad=bad)
    gap = float((curve["bads_caught"] - curve["goods_refused"]).abs().max())
    return AUC(float(area), low, high, float(2 * area - 1), gap, m, n)


def roc_table(loans: pd.DataFrame, *, score: str = "points", bad: str = "defaults") -> pd.DataFrame:
    """Return the ROC curve: for each cut-off, the bads that it catches and the goods it refuses.

    Parameters
    ----------
    loans : DataFrame, one row per loan
    score : str, the column with the score; more is safer
    bad : str, the column that is True for a loan that was not paid back

    Returns
    -------
    DataFrame, one row per different score, the lowest first, after a row that refuses nobody
        refused_up_to : float64, the highest score that is refused; minus infinity for nobody
        bads_caught, goods_refused : float64, shares of all bads and of all goods

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `auc`.

    Examples
    --------
    >>> loans = pd.DataFrame({"points": [4, 3, 2, 1], "defaults": [0, 0, 1, 0]})
    >>> roc_table(loans).round(2)
       refused_up_to  bads_caught  goods_refused
    0           -inf          0.0           0.00
    1            1.0          0.0           0.33
    2            2.0          1.0           0.33
    3            3.0          1.0           0.67
    4            4.0          1.0           1.00
    """
    value, is_bad = goods_and_bads(loans, score, bad)
    edge, place = np.unique(value, return_inverse=True)
    bads = bincount(place, is_bad).cumsum() / is_bad.sum()
    goods = bincount(place, ~is_bad).cumsum() / (~is_bad).sum()
    return pd.DataFrame(
        {
            "refused_up_to": np.append(-np.inf, edge),
            "bads_caught": np.append(0.0, bads),
            "goods_refused": np.append(0.0, goods),
        }
    )


def score_distribution(
    loans: pd.DataFrame, *, score: str = "points", bad: str = "defaults", bands: int = 25
) -> pd.DataFrame:
    """Return the shares of the goods and of the bads in bands of the score, all equally wide.

    Parameters
    ----------
    loans : DataFrame, one row per loan
    score : str, the column with the score; more is safer
    bad : str, the column that is True for a loan that was not paid back
    bands : int, at least 1

    Returns
    -------
    DataFrame, one row per band: low, high, share_of_goods, share_of_bads : float64

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `auc`; also if `bands` is below 1.

    Examples
    --------
    >>> loans = pd.DataFrame({"points": [4, 3, 2, 1], "defaults": [0, 0, 1, 0]})
    >>> score_distribution(loans, bands=2).round(2)
       low  high  share_of_goods  share_of_bads
    0  1.0   2.5            0.33            1.0
    1  2.5   4.0            0.67            0.0
    """
    require_at_least("bands", bands, 1)
    value, is_bad = goods_and_bads(loans, score, bad)
    edges = np.histogram_bin_edges(value, bands)
    shares = [np.histogram(one, edges)[0] / len(one) for one in (value[~is_bad], value[is_bad])]
    columns = {"low": edges[:-1], "high": edges[1:]}
    return pd.DataFrame(columns | {"share_of_goods": shares[0], "share_of_bads": shares[1]})


def lift_table(
    loans: pd.DataFrame, *, score: str = "points", bad: str = "defaults", groups: int = 10
) -> pd.DataFrame:
    """Return how much more often each group of the score defaults than all, the riskiest first.

    Parameters
    ----------
    loans : DataFrame with a score, higher is safer, and the bad column, True or 1 for a default
    score, bad : str
    groups : int, 1 or more
        Groups of about equal size; equal scores stay together.

    Returns
    -------
    DataFrame, one row per group
        loans, bads : int64
        default_rate : float64
        lift : float64, default rate over that of all; at random it would be 1
        low, high : float64, the 95 % interval of the lift, from that of the rate of the group over
            the rate of the others
        share_of_loans, share_of_bads : float64, up to and with this group

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `auc`; also if `groups` is below 1.

    Examples
    --------
    >>> loans = pd.DataFrame({"points": [4, 3, 2, 1], "defaults": [0, 0, 1, 1]})
    >>> lift_table(loans, groups=2)[["loans", "bads", "lift", "share_of_bads"]]
       loans  bads  lift  share_of_bads
    0      2     2   2.0            1.0
    1      2     0   0.0            1.0
    """
    require_at_least("groups", groups, 1)
    value, is_bad = goods_and_bads(loans, score, bad)
    place = equal_groups(value, groups)
    count, bads = bincount(place), bincount(place, is_bad)
    count, bads = count[count > 0], bads[count > 0]
    all_ = is_bad.mean()
    low, high = _lift_interval(bads, count)
    return pd.DataFrame(
        {
            "loans": count.astype("int64"),
            "bads": bads.astype("int64"),
            "default_rate": bads / count,
            "lift": bads / count / all_,
            "low": low,
            "high": high,
            "share_of_loans": count.cumsum() / count.sum(),
            "share_of_bads": bads.cumsum() / bads.sum(),
        }
    )


def equal_groups(values: np.ndarray, groups: int) -> np.ndarray:
    """Return the group of each value, the lowest is 0; equally large, equal values together."""
    middle = (rankdata(values) - 0.5) / len(values)
    return np.minimum((middle * groups).astype(np.intp), groups - 1)


def goods_and_bads(loans: pd.DataFrame, score: str, bad: str) -> tuple[np.ndarray, np.ndarray]:
    """Return scores, and which of them are bad."""
    require_columns(loans, score=score, bad=bad)
    require_values(loans, score, bad)
    require_numbers(loans, score)
    require_truths(loans, bad)
    is_bad = loans[bad].to_numpy("bool")
    if is_bad.all() or not is_bad.any():
        raise OutOfRangeError("a score is judged by goods and bads; there is only one of them.")
    return loans[score].to_numpy("float64"), is_bad


def _lift_interval(bads: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the lift, which grows with the group's rate over that of the others."""
    part, others = count / count.sum(), np.maximum(count.sum() - count, 1)
    ends = ratio(bads, count, bads.sum() - bads, others)
    with np.errstate(divide="ignore"):
        low, high = (1 / (part + (1 - part) / end) for end in ends)
    return low, high
