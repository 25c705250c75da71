"""What a ranking of groups is worth: how much of it is luck, and what is left."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import ndtr

from crmlab._checks import require_columns, require_numbers, require_values
from crmlab._intervals import Z
from crmlab.errors import OutOfRangeError

LEAST = 4


def shrunken(
    groups: pd.DataFrame, *, estimate: str = "nps", standard_error: str = "standard_error"
) -> pd.DataFrame:
    """Estimates of groups drawn towards their common mean, by as much as they owe to luck.

    Groups differ in truth by a standard deviation `between`, and estimates miss the truth by their
    standard errors. Where the second is large and the first small, the best answer for a group lies
    near the mean of all (经验贝叶斯收缩). Whether that is so is learned from the groups themselves.

    Parameters
    ----------
    groups : DataFrame, one row per group, such as `net_promoter` returns with `by`
        `estimate` : float
        `standard_error` : float above 0
    estimate, standard_error : str

    Returns
    -------
    DataFrame, the rows given, in their order, with every column given and
        between : float64, standard deviation of the groups' truths, the same in each row
        reliability : float64 in [0, 1], share of an estimate that is kept
        shrunk, shrunk_low, shrunk_high : float64, with a 95 % interval (on average over groups)
        rank : int64, 1 for the highest estimate, ties get their lowest rank
        expected_rank : float64, the mean rank in truth; near the middle where luck rules

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are fewer than 4 groups, or a standard error is not above 0.

    Source
    ------
    Efron and Morris (1975), doi:10.1080/01621459.1975.10479864. Interval: Morris (1983),
    doi:10.1080/01621459.1983.10477920; `between` by Paule and Mandel (1982),
    doi:10.6028/jres.087.022; expected ranks: Laird and Louis (1989), doi:10.3102/10769986014001029.

    Examples
    --------
    >>> shops = pd.DataFrame({"nps": [10.0, 20, 30, 40, 80], "standard_error": 15.0})
    >>> shrunken(shops)[["nps", "shrunk", "expected_rank"]].round(1)
        nps  shrunk  expected_rank
    0  10.0    14.0            4.4
    1  20.0    22.5            3.8
    2  30.0    30.9            3.2
    3  40.0    39.4            2.6
    4  80.0    73.2            1.1
    """
    require_columns(groups, estimate=estimate, standard_error=standard_error)
    require_values(groups, estimate, standard_error)
    require_numbers(groups, estimate, standard_error)
    k = len(groups)
    if k < LEAST:
        raise OutOfRangeError(f"{k} group(s) cannot tell luck from truth; at least 4 are needed.")
    y = groups[estimate].to_numpy("float64")
    v = groups[standard_error].to_numpy("float64") ** 2
    if (v <= 0).any():
        rows = np.flatnonzero(v <= 0).tolist()
        raise OutOfRangeError(f"{standard_error} must be above 0; it is not in row(s) {rows[:10]}.")

    between = _between(y, v)
    weight = 1 / (v + between)
    middle = (weight @ y) / weight.sum()
    luck = (k - 3) / (k - 1) * v * weight
    shrunk = y - luck * (y - middle)
    doubt = 2 / (k - 3) * luck**2 * (v.mean() + between) * weight
    variance = v * (1 - (k - 1) / k * luck) + doubt * (y - middle) ** 2
    reach = Z * np.sqrt(variance)
    apart = np.sqrt(variance[:, None] + variance[None, :])
    above = ndtr((shrunk[None, :] - shrunk[:, None]) / apart)
    return groups.assign(
        between=np.sqrt(between),
        reliability=1 - luck,
        shrunk=shrunk,
        shrunk_low=shrunk - reach,
        shrunk_high=shrunk + reach,
        rank=pd.Series(y).rank(method="min", ascending=False).to_numpy("int64"),
        # A group lies above itself with a chance of one half.
        expected_rank=0.5 + above.sum(axis=1),
    )


def _between(y: np.ndarray, v: np.ndarray) -> float:
    """Return the variance of the truths at which the estimates scatter as they do."""

    def excess(between: float) -> float:
        weight = 1 / (v + between)
        middle = (weight @ y) / weight.sum()
        return float(weight @ (y - middle) ** 2) - (len(y) - 1)

    if excess(0.0) <= 0:
        return 0.0
    top = float(((y - y.mean()) ** 2).sum()) + 1.0
    return brentq(excess, 0.0, top)  # pyright: ignore[reportReturnType]
