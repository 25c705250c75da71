"""How good a score is, every number with an interval drawn from the loans themselves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from crmlab._checks import Seed, require_at_least, stream_of
from crmlab._groups import bincount
from crmlab.credit.measure.calibration import chances_of, has_line
from crmlab.credit.measure.discrimination import goods_and_bads

_BLOCK = 4_000_000  # weights that are held at once
_STEPS = 3  # of Newton from the line of all loans to that of a draw: a fourth changes nothing


def score_quality(
    loans: pd.DataFrame,
    *,
    score: str = "points",
    bad: str = "defaults",
    chance: str | None = None,
    draws: int = 1_000,
    seed: Seed,
) -> pd.DataFrame:
    """Return the usual measures of a score, each with its 95 % bootstrap interval.

    The loans are drawn `draws` times with replacement, and everything is measured anew on each
    draw; the interval holds the middle 95 % of these values. What is random is which loans are in
    the file: that a score was fitted on other loans by chance is not in it. Kolmogorov-Smirnov has
    no such interval. The largest of many distances is too large by chance already, and in a draw
    of the file by as much again.

    Parameters
    ----------
    loans : DataFrame with a score, higher is safer, and the bad column, True or 1 for a default
    score, bad : str
    chance : str, optional
        Column with the forecast chance of default, for the last three measures.
    draws : int, 100 or more
    seed : int, SeedSequence or Generator
        Same seed, same interval.

    Returns
    -------
    DataFrame, one row per measure
        measure : str, one of
            auc, gini, as `auc`
            lift_of_worst_tenth, default rate of the tenth with the lowest scores over that of all,
                equal scores counting in part
            brier, calibration_slope, calibration_intercept, as `calibration`, where a chance is
        value, low, high : float64

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `auc` and `calibration`, or if `draws` is below 100.

    See Also
    --------
    crmlab.credit.auc : the same area with DeLong's interval, which needs no draws.

    Source
    ------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, Chapman and Hall, chapter 13,
    ISBN 978-0-412-04231-7.

    Examples
    --------
    >>> loans = pd.DataFrame({"points": range(40), "defaults": [1, 0, 1, 1, 0, 0, 0, 0] * 5})
    >>> score_quality(loans, seed=1).round(2)
                   measure  value   low  high
    0                  auc   0.57  0.37  0.76
    1                 gini   0.15 -0.26  0.53
    2  lift_of_worst_tenth   2.00  0.00  3.08
    """
    require_at_least("draws", draws, 100)
    value, is_bad = goods_and_bads(loans, score, bad)
    p = None if chance is None else chances_of(loans, chance, bad)[0]
    rng, n = stream_of(seed, "score_quality"), len(value)
    found = _measured(np.ones((1, n)), value, is_bad, p)
    line = {name: one[0] for name, one in found.items()}
    block = max(1, _BLOCK // n)
    drawn = []
    for first in range(0, draws, block):
        weights = _drawn(rng, n, min(block, draws - first))
        # A draw of goods only, or of bads only, says nothing.
        some = weights[:, is_bad].any(axis=1) & weights[:, ~is_bad].any(axis=1)
        drawn.append(_measured(weights[some].astype("float64"), value, is_bad, p, line))
    rows = []
    for name, one in found.items():
        values = np.concatenate([part[name] for part in drawn])
        low, high = np.quantile(values, [0.025, 0.975], method="weibull")
        facts = (float(one[0]), float(low), float(high))
        if p is not None and name.startswith("calibration") and not has_line(p, is_bad):
            facts = (np.nan, np.nan, np.nan)
        rows.append((name, *facts))
    return pd.DataFrame(rows, columns=["measure", "value", "low", "high"]).astype(
        {"measure": "str"}
    )


def _drawn(rng: np.random.Generator, n: int, draws: int) -> np.ndarray:
    """Return how often each of n loans is drawn, n times with replacement, one row per draw."""
    drawn = rng.integers(n, size=(draws, n)) + n * np.arange(draws)[:, None]
    return bincount(drawn.ravel(), minlength=draws * n).reshape(draws, n)


def _measured(
    weights: np.ndarray,
    value: np.ndarray,
    is_bad: np.ndarray,
    p: np.ndarray | None,
    line: Mapping[str, float] = {},
) -> dict[str, np.ndarray]:
    """Return each measure on each row of weights, how often each loan counts."""
    order = np.argsort(value, kind="stable")
    start = np.flatnonzero(np.diff(value[order], prepend=-np.inf))
    by_score = [
        np.add.reduceat(weights[:, order] * kind[order], start, axis=1)
        for kind in (is_bad, ~is_bad)
    ]
    bads, goods = (one / one.sum(axis=1, keepdims=True) for one in by_score)
    area = (goods * (bads.cumsum(axis=1) - bads / 2)).sum(axis=1)
    found = {"auc": area, "gini": 2 * area - 1}
    found["lift_of_worst_tenth"] = _worst_tenth(*by_score)
    if p is not None:
        found["brier"] = weights @ (p - is_bad) ** 2 / weights.sum(axis=1)
        found |= _lines(weights, p, is_bad, line)
    return found


def _worst_tenth(bads: np.ndarray, goods: np.ndarray) -> np.ndarray:
    """Return the lift of the tenth with the lowest scores; of equal scores a part counts."""
    loans = bads + goods
    all_ = loans.sum(axis=1, keepdims=True)
    left = 0.1 * all_ - (loans.cumsum(axis=1) - loans)
    part = np.divide(left, loans, np.zeros_like(loans), where=loans > 0).clip(0, 1)
    return (bads * part).sum(axis=1) / bads.sum(axis=1) / 0.1


def _lines(
    weights: np.ndarray, p: np.ndarray, is_bad: np.ndarray, line: Mapping[str, float]
) -> dict[str, np.ndarray]:
    """Return slope and intercept of what happened on the log odds of the chance, draw by draw."""
    x = logit(p.clip(1e-9, 1 - 1e-9))
    intercept = np.full((len(weights), 1), line.get("calibration_intercept", 0.0))
    slope = np.full((len(weights), 1), line.get("calibration_slope", 1.0))
    for _ in range(_STEPS if line else 50):
        fitted = expit(intercept + slope * x)
        gap, spread = weights * (is_bad - fitted), weights * fitted * (1 - fitted)
        a, b, c = (spread @ (x**power) for power in (0, 1, 2))
        up, along = gap.sum(axis=1), gap @ x
        whole = a * c - b * b
        whole = np.where(whole > 0, whole, np.inf)  # chances that are all alike have no line
        intercept += ((c * up - b * along) / whole)[:, None]
        slope += ((a * along - b * up) / whole)[:, None]
    return {"calibration_slope": slope[:, 0], "calibration_intercept": intercept[:, 0]}
