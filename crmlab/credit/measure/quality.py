"""How good a score is: who is told from whom, whether chances are true, whether people moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import chi2, norm, rankdata

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import wilson
from crmlab.errors import OutOfRangeError, WrongTypeError

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
    value, is_bad = _both(loans, score, bad)
    good, worse = value[~is_bad], value[is_bad]
    m, n = len(good), len(worse)
    rank = rankdata(value)
    # A good's share of bads below it, a bad's share of goods above it.
    of_good = (rank[~is_bad] - rankdata(good)) / n
    of_bad = 1 - (rank[is_bad] - rankdata(worse)) / m
    area = of_good.mean()
    parts = ((part.var(ddof=1) if len(part) > 1 else 0.25, len(part)) for part in (of_good, of_bad))
    error = sum(variance / size for variance, size in parts) ** 0.5
    low, high = _around(area, error, m, n)
    curve = roc_table(loans, score=score, bad=bad)
    gap = float((curve["bads_caught"] - curve["goods_refused"]).abs().max())
    return AUC(float(area), low, high, float(2 * area - 1), gap, m, n)


def _around(area: float, error: float, goods: int, bads: int) -> tuple[float, float]:
    """Return the interval of an area, also where every pair is told apart."""
    if 0 < area < 1 and error > 0:
        half = _Z95 * error / (area * (1 - area))
        return float(expit(logit(area) - half)), float(expit(logit(area) + half))
    # Nothing went wrong in the smaller group: the rule of three.
    most = min(3 / min(goods, bads), 1)
    return (1 - most, 1.0) if area > 0.5 else (0.0, most) if area < 0.5 else (0.0, 1.0)


def roc_table(loans: pd.DataFrame, *, score: str = "points", bad: str = "defaults") -> pd.DataFrame:
    """Return the ROC curve: for each cut-off, the bads that it catches and the goods it refuses.

    Returns
    -------
    DataFrame, one row per different score, the lowest first, after a row that refuses nobody
        refused_up_to : float64, the highest score that is refused; minus infinity for nobody
        bads_caught, goods_refused : float64, shares of all bads and of all goods

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `auc`.
    """
    value, is_bad = _both(loans, score, bad)
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

    Returns
    -------
    DataFrame, one row per band: low, high, share_of_goods, share_of_bads : float64

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `auc`.
    """
    require_at_least("bands", bands, 1)
    value, is_bad = _both(loans, score, bad)
    edges = np.histogram_bin_edges(value, bands)
    shares = [np.histogram(one, edges)[0] / len(one) for one in (value[~is_bad], value[is_bad])]
    columns = {"low": edges[:-1], "high": edges[1:]}
    return pd.DataFrame(columns | {"share_of_goods": shares[0], "share_of_bads": shares[1]})


def calibration_table(
    loans: pd.DataFrame, *, chance: str = "chance", bad: str = "defaults", groups: int = 10
) -> pd.DataFrame:
    """Return what was forecast and what happened, in groups of rising chance.

    Parameters
    ----------
    loans : DataFrame with a chance of default in [0, 1] and the bad column
    chance, bad : str
    groups : int, 1 or more
        Groups of about equal size; equal chances stay together.

    Returns
    -------
    DataFrame, one row per group
        loans : int64
        forecast, happened : float64, mean chance and default rate
        low, high : float64, the 95 % interval of the rate (Wilson)

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If a column or a value is missing, or a chance lies outside [0, 1].
    """
    require_at_least("groups", groups, 1)
    p, is_bad = _chances(loans, chance, bad)
    place = np.minimum(((rankdata(p) - 0.5) / len(p) * groups).astype("int64"), groups - 1)
    table = pd.DataFrame({"forecast": p, "happened": is_bad, "loans": 1}).groupby(place)
    found = table.agg({"loans": "size", "forecast": "mean", "happened": "sum"})
    found = found.reset_index(drop=True)
    low, high = wilson(found["happened"].to_numpy("float64"), found["loans"].to_numpy("float64"))
    rate = found["happened"] / found["loans"]
    return found.assign(loans=found["loans"].astype("int64"), happened=rate, low=low, high=high)


@dataclass(frozen=True)
class Calibration:
    """Whether chances are true: Brier score, and the line that would set them right."""

    brier: float
    slope: float
    slope_error: float
    intercept: float
    intercept_error: float
    forecast: float
    happened: float


def calibration(
    loans: pd.DataFrame, *, chance: str = "chance", bad: str = "defaults"
) -> Calibration:
    """Return the Brier score and the regression of what happened on the log odds of the chance.

    logit P(bad) = intercept + slope logit(chance). True chances have intercept 0 and slope 1; a
    slope below 1 says that chances are too extreme, as after overfitting.

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `calibration_table`; also if nobody or everybody is bad.

    Source
    ------
    Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2; Cox (1958), Biometrika 45,
    562-565, doi:10.1093/biomet/45.3-4.562.
    """
    p, is_bad = _chances(loans, chance, bad)
    if is_bad.all() or not is_bad.any():
        raise OutOfRangeError("calibration needs goods and bads; there is only one of them.")
    design = np.column_stack([np.ones(len(p)), logit(p.clip(1e-9, 1 - 1e-9))])
    beta, information = np.array([0.0, 1.0]), np.eye(2)
    for _ in range(50):
        fitted = expit(design @ beta)
        information = design.T @ (design * (fitted * (1 - fitted))[:, None])
        step = np.linalg.pinv(information) @ (design.T @ (is_bad - fitted))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    error = np.sqrt(np.diag(np.linalg.pinv(information)))
    brier = float(((p - is_bad) ** 2).mean())
    facts = (brier, beta[1], error[1], beta[0], error[0], p.mean(), is_bad.mean())
    return Calibration(*(float(fact) for fact in facts))


def stability(before: pd.Series, after: pd.Series, *, bins: int = 10) -> pd.DataFrame:
    """Return the population stability index (PSI) of a column, and what chance alone would give.

    PSI = sum of (b - a) ln(b / a) over the bins, a and b the shares before and after; 0.5 is
    added to the counts of a bin that one side lacks. Nothing having changed, PSI is about
    (1 / n + 1 / m) times a chi-square with one degree less than there are bins: the rule of thumb
    of 0.1 is far too high for large files and too low for small ones.

    Parameters
    ----------
    before, after : Series of numbers or words; missing values are a bin of their own
    bins : int, 2 or more
        Quantiles of `before`, for numbers.

    Returns
    -------
    DataFrame, one row
        psi : float64
        expected, limit : float64, mean and 95 % quantile of PSI if nothing has changed
        p_value : float64
        bins : int64

    Raises
    ------
    WrongTypeError
        If one of the two is no Series.
    OutOfRangeError
        If one of the two is empty, or `bins` is below 2.

    Source
    ------
    Yurdakul and Naranjo (2020), Journal of Risk Model Validation 14(4), 89-100,
    doi:10.21314/JRMV.2020.227.

    Examples
    --------
    >>> half = pd.Series(["a"] * 50 + ["b"] * 50)
    >>> stability(half, pd.Series(["a"] * 60 + ["b"] * 40))["psi"].round(4).item()
    0.0405
    """
    require_at_least("bins", bins, 2)
    for name, one in (("before", before), ("after", after)):
        if not isinstance(one, pd.Series):
            raise WrongTypeError(f"{name} must be a Series; got {type(one).__name__}.")
        if one.empty:
            raise OutOfRangeError(f"{name} is empty; at least one value is needed.")
    a, b = _counts(before, after, bins)
    n, m, k = a.sum(), b.sum(), len(a)
    lacking = (a == 0) | (b == 0)
    share_a, share_b = (a + 0.5 * lacking) / n, (b + 0.5 * lacking) / m
    psi = float(((share_b - share_a) * np.log(share_b / share_a)).sum())
    scale = 1 / n + 1 / m
    limit = scale * chi2.ppf(0.95, k - 1) if k > 1 else 0.0
    p_value = chi2.sf(psi / scale, k - 1) if k > 1 else 1.0
    facts = {"psi": psi, "expected": scale * (k - 1), "limit": limit, "p_value": p_value, "bins": k}
    return pd.DataFrame([facts])


def _counts(before: pd.Series, after: pd.Series, bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how many of each lie in each bin that has any."""
    both = pd.concat([before, after], ignore_index=True)
    if pd.api.types.is_numeric_dtype(both) and not pd.api.types.is_bool_dtype(both):
        number = before.dropna().to_numpy("float64")
        at = np.arange(1, bins) / bins
        cuts = np.unique(np.quantile(number, at, method="inverted_cdf")) if len(number) else []
        code = np.searchsorted(cuts, both.to_numpy("float64", na_value=np.nan), side="left")
        code = np.where(both.isna(), len(cuts) + 1, code)
    else:
        code = pd.factorize(both, use_na_sentinel=False)[0]
    size = code.max() + 1
    a = bincount(code[: len(before)], minlength=size)
    b = bincount(code[len(before) :], minlength=size)
    return a[a + b > 0], b[a + b > 0]


def _both(loans: pd.DataFrame, score: str, bad: str) -> tuple[np.ndarray, np.ndarray]:
    """Return scores, and which of them are bad."""
    require_columns(loans, score=score, bad=bad)
    require_values(loans, score, bad)
    require_numbers(loans, score)
    require_truths(loans, bad)
    is_bad = loans[bad].to_numpy("bool")
    if is_bad.all() or not is_bad.any():
        raise OutOfRangeError("a score is judged by goods and bads; there is only one of them.")
    return loans[score].to_numpy("float64"), is_bad


def _chances(loans: pd.DataFrame, chance: str, bad: str) -> tuple[np.ndarray, np.ndarray]:
    require_columns(loans, chance=chance, bad=bad)
    require_values(loans, chance, bad)
    require_numbers(loans, chance)
    require_truths(loans, bad)
    p = loans[chance].to_numpy("float64")
    if not len(p) or not ((p >= 0) & (p <= 1)).all():
        raise OutOfRangeError(f"{chance} must hold chances in [0, 1], and at least one.")
    return p, loans[bad].to_numpy("float64")
