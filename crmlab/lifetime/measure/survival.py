"""How long customers stay when many have not left yet: survival curves and their comparison."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2

from crmlab._checks import require_columns, require_numbers, require_probability
from crmlab.errors import OutOfRangeError
from crmlab.lifetime.measure.durations import Counts, Z, counted


def kaplan_meier(
    durations: pd.DataFrame,
    *,
    duration: str = "duration",
    ended: str = "ended",
    entry: str | None = None,
    by: str | None = None,
) -> pd.DataFrame:
    """Share still there after each time, counting those who have not ended for what they say.

    Who has not ended yet (is *censored*) was there at least so long, and counts among those at
    risk until then. At each time the survival is multiplied by 1 - ends / at risk. Ends come
    before censoring of the same time.

    Parameters
    ----------
    durations : DataFrame, one row per customer (or gap, or contract)
        Read only; row order does not matter.
    duration : str
        Column of the time until the end, or until the last look: numbers of 0 or more, in any
        unit. Whole numbers are counted without sorting.
    ended : str
        Column that says whether the end was seen: True or False, 1 or 0.
    entry : str, optional
        Column of the time from which a row was watched, for customers who were already there
        (left truncation). A row is at risk only at times above its entry.
    by : str, optional
        Column of groups, each with a curve of its own.

    Returns
    -------
    DataFrame, one row per group and time at which something happened, and time 0
        the column `by` : only where it is given
        time : float64
        at_risk : int64, still there just before
        ended, censored : int64, at this time
        survival : float64 in [0, 1], share still there after this time
        standard_error : float64, by Greenwood; missing where all at risk have ended
        low, high : float64, 95% interval, on the scale of log(-log survival); missing where
            survival is 1 or 0

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    BadRowsError
        If a row has a missing value, a duration below 0, or an entry at or after its end.
    EmptyError
        If there are no rows.
    OutOfRangeError
        If durations are no finite numbers, or `ended` is neither true nor false.

    See Also
    --------
    nelson_aalen : the cumulative hazard.
    survival_quantiles : when half have gone.
    log_rank : whether two curves differ.
    crmlab.lifetime.plot.plot_survival : draws this frame.

    Source
    ------
    Kaplan and Meier (1958), doi:10.1080/01621459.1958.10501452; Greenwood (1926), Reports on
    Public Health and Medical Subjects 33; the interval: Kalbfleisch and Prentice (2002),
    doi:10.1002/9781118032985, section 1.4.

    Examples
    --------
    Four subscribers; the second was still there after two months, when we looked.

    >>> durations = pd.DataFrame({"duration": [1, 2, 3, 3], "ended": [True, False, True, True]})
    >>> kaplan_meier(durations)[["time", "at_risk", "ended", "censored", "survival"]]
       time  at_risk  ended  censored  survival
    0   0.0        4      0         0      1.00
    1   1.0        4      1         0      0.75
    2   2.0        3      0         1      0.75
    3   3.0        2      2         0      0.00
    """
    found = counted(durations, duration=duration, ended=ended, entry=entry, by=by)
    survival, variance = product_limit(found.ends, found.at_risk)
    error = survival * np.sqrt(variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(survival)
        reach = np.exp(Z * np.sqrt(variance) / np.abs(log))
        low, high = survival**reach, survival ** (1 / reach)
    inside = (survival > 0) & (survival < 1)
    columns = {
        "survival": survival,
        "standard_error": np.where(survival > 0, error, np.nan),
        "low": np.where(inside, low, np.nan),
        "high": np.where(inside, high, np.nan),
    }
    return _as_frame(found, columns, by)


def nelson_aalen(
    durations: pd.DataFrame,
    *,
    duration: str = "duration",
    ended: str = "ended",
    entry: str | None = None,
    by: str | None = None,
) -> pd.DataFrame:
    """Cumulative hazard: ends over those at risk, summed up to each time.

    Its slope is the hazard, the rate at which those still there leave: a straight line is a
    constant hazard, a curve that flattens one that falls with age.

    Parameters
    ----------
    durations : DataFrame, one row per customer
    duration, ended : str, columns of the time seen and of whether it ended then
    entry : str, optional; the column of the time from which a customer was seen
    by : str, optional; the column of the groups

    Returns
    -------
    DataFrame, one row per group and time at which something happened, and time 0
        the column `by` : only where it is given
        time : float64
        at_risk, ended, censored : int64
        hazard : float64, cumulative
        standard_error : float64, root of the sum of ends / at_risk ** 2
        low, high : float64, 95% interval on the log scale; missing where the hazard is 0

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError, OutOfRangeError
        As `kaplan_meier`.

    Source
    ------
    Nelson (1972), doi:10.1080/00401706.1972.10488991; Aalen (1978), doi:10.1214/aos/1176344247.

    Examples
    --------
    >>> durations = pd.DataFrame({"duration": [1, 2, 4, 4], "ended": [1, 0, 1, 1]})
    >>> nelson_aalen(durations)[["time", "hazard"]]
       time  hazard
    0   0.0    0.00
    1   1.0    0.25
    2   2.0    0.25
    3   4.0    1.25
    """
    found = counted(durations, duration=duration, ended=ended, entry=entry, by=by)
    here = np.maximum(found.at_risk, 1)
    hazard = (found.ends / here).cumsum(axis=1)
    error = np.sqrt((found.ends / here**2).cumsum(axis=1))
    reach = np.exp(Z * np.divide(error, hazard, out=np.zeros_like(hazard), where=hazard > 0))
    seen = hazard > 0
    columns = {
        "hazard": hazard,
        "standard_error": error,
        "low": np.where(seen, hazard / reach, np.nan),
        "high": np.where(seen, hazard * reach, np.nan),
    }
    return _as_frame(found, columns, by)


def survival_quantiles(survival: pd.DataFrame, *, share: float = 0.5) -> pd.DataFrame:
    """Time by which a share has ended, for each curve: the median for one half.

    Parameters
    ----------
    survival : DataFrame, as `kaplan_meier` returns it
    share : float in (0, 1], of those who were there at the start

    Returns
    -------
    DataFrame, one row per curve
        the group's column : where the curves have one
        share : float64
        time : float64, first time at which survival is 1 - share or less; missing where the
            data end before it
        low, high : float64, times at which the ends of the curve's 95% interval do so; missing
            where the data end before

    Raises
    ------
    MissingColumnsError
        If `survival` lacks a column.
    OutOfRangeError
        If `share` lies outside (0, 1].

    Source
    ------
    Brookmeyer and Crowley (1982), doi:10.2307/2530286, with the log-log interval.

    Examples
    --------
    >>> durations = pd.DataFrame({"duration": [1, 2, 3, 4], "ended": [1, 1, 1, 0]})
    >>> survival_quantiles(kaplan_meier(durations))["time"].item()
    2.0
    """
    require_columns(survival, "time", "survival", "low", "high")
    for name in ("time", "survival", "low", "high"):  # the interval of a first row is missing
        require_numbers(survival.dropna(subset=[name]), name)
    survival = survival.astype(dict.fromkeys(["time", "survival", "low", "high"], "float64"))
    require_probability("share", share)
    known = {"time", "at_risk", "ended", "censored", "survival", "standard_error", "low", "high"}
    by = [column for column in survival if column not in known]
    level = 1 - share + 1e-12  # a curve that reaches one half by sums of thirds has reached it

    def reached(curve: pd.DataFrame, column: str) -> float:
        # Below its first end the interval is as the curve: at 1. At its last it is at 0.
        values = curve[column].fillna(curve["survival"])
        return float(curve.loc[values <= level, "time"].min())

    curves = survival.groupby(by, sort=True) if by else [((), survival)]
    rows = [
        dict(zip(by, name, strict=True))
        | {"share": share, "time": reached(curve, "survival")}
        | {"low": reached(curve, "low"), "high": reached(curve, "high")}
        for name, curve in curves
    ]
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class LogRank:
    """What `log_rank` returns.

    statistic : chi-square
    degrees : of freedom, one less than groups
    p_value : float in [0, 1]
    groups : DataFrame with the group's column, customers, ended, and expected, the ends there
        would be if all groups had one hazard
    """

    statistic: float
    degrees: int
    p_value: float
    groups: pd.DataFrame


def log_rank(
    durations: pd.DataFrame,
    *,
    by: str,
    duration: str = "duration",
    ended: str = "ended",
    entry: str | None = None,
) -> LogRank:
    """Test whether groups leave at one rate: ends seen beside ends expected, at every time.

    Parameters
    ----------
    durations : DataFrame, one row per customer
    by : str, the column of the groups
    duration, ended : str, columns of the time seen and of whether it ended then
    entry : str, optional; the column of the time from which a customer was seen

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError, OutOfRangeError
        As `kaplan_meier`; also if there are fewer than two groups, or nobody ends.

    Source
    ------
    Mantel (1966), Cancer Chemotherapy Reports 50(3); Peto and Peto (1972), doi:10.2307/2344317.

    Examples
    --------
    >>> durations = pd.DataFrame(
    ...     {"duration": [1, 2, 3, 4, 5, 6], "ended": True, "card": [*"aaabbb"]})
    >>> found = log_rank(durations, by="card")
    >>> round(found.statistic, 2), found.degrees, round(found.p_value, 3)
    (5.05, 1, 0.025)
    """
    found = counted(durations, duration=duration, ended=ended, entry=entry, by=by)
    if len(found.names) < 2:
        raise OutOfRangeError(f"two groups are needed in {by}; there is {[*found.names]}.")
    ends, at_risk = found.ends.sum(axis=0), found.at_risk.sum(axis=0)
    some = ends > 0
    if not some.any():
        raise OutOfRangeError("nobody ends in these durations, so there is nothing to compare.")
    ends, at_risk, here = ends[some], at_risk[some], found.at_risk[:, some]
    share = here / at_risk
    expected = share * ends
    spread = ends * (at_risk - ends) / np.maximum(at_risk - 1, 1)
    # Covariance of the ends in two groups; the last group says nothing new.
    covariance = np.diag((share * spread).sum(axis=1)) - (share * spread) @ share.T
    surplus = (found.ends.sum(axis=1) - expected.sum(axis=1))[:-1]
    statistic = float(surplus @ np.linalg.pinv(covariance[:-1, :-1]) @ surplus)
    groups = pd.DataFrame(
        {
            by: found.names,
            "customers": found.leaves.sum(axis=1),
            "ended": found.ends.sum(axis=1),
            "expected": expected.sum(axis=1),
        }
    )
    degrees = len(found.names) - 1
    return LogRank(statistic, degrees, float(chi2.sf(statistic, degrees)), groups)


def product_limit(ends: np.ndarray, at_risk: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return survival after each time, and Greenwood's variance of its logarithm."""
    here = np.maximum(at_risk, 1)
    survival = np.cumprod(1 - ends / here, axis=1)
    left = at_risk - ends
    steps = np.divide(ends, here * left, out=np.zeros(ends.shape), where=left > 0)
    return survival, np.cumsum(steps, axis=1)


def _as_frame(found: Counts, columns: dict[str, np.ndarray], by: str | None) -> pd.DataFrame:
    """Return a row per group and time at which something happened in it, and time 0."""
    happened = found.leaves > 0
    happened[:, 0] = True
    group, time = np.nonzero(happened)
    table = {by: found.names[group]} if by else {}
    table |= {
        "time": found.times[time],
        "at_risk": found.at_risk[happened],
        "ended": found.ends[happened],
        "censored": (found.leaves - found.ends)[happened],
    }
    return pd.DataFrame(table | {name: values[happened] for name, values in columns.items()})
