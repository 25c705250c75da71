"""Whether chances of default are true: what was forecast beside what happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_truths,
    require_values,
)
from crmlab._intervals import wilson
from crmlab.credit.measure.discrimination import equal_groups
from crmlab.errors import OutOfRangeError


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

    Examples
    --------
    >>> loans = pd.DataFrame({"chance": [0.1, 0.1, 0.4, 0.4], "defaults": [0, 0, 0, 1]})
    >>> calibration_table(loans, groups=2)[["loans", "forecast", "happened"]]
       loans  forecast  happened
    0      2       0.1       0.0
    1      2       0.4       0.5
    """
    require_at_least("groups", groups, 1)
    p, is_bad = chances_of(loans, chance, bad)
    table = pd.DataFrame({"forecast": p, "happened": is_bad, "loans": 1})
    table = table.groupby(equal_groups(p, groups))
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
    slope below 1 says that chances are too extreme, as after overfitting. The line is missing where
    there is none: where all chances are alike, or foresee every end without error.

    Parameters
    ----------
    loans : DataFrame, one row per loan
    chance : str, the column with the forecast chance of default, in [0, 1]
    bad : str, the column that is True for a loan that was not paid back

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `calibration_table`; also if nobody or everybody is bad.

    Source
    ------
    Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2; Cox (1958), Biometrika 45,
    562-565, doi:10.1093/biomet/45.3-4.562.

    Examples
    --------
    >>> loans = pd.DataFrame(
    ...     {"chance": [0.2] * 5 + [0.5] * 4, "defaults": [1, 0, 0, 0, 0, 1, 1, 1, 0]})
    >>> found = calibration(loans)
    >>> round(found.brier, 3), round(found.slope, 2), round(found.intercept, 2)
    (0.2, 1.79, 1.1)
    """
    p, is_bad = chances_of(loans, chance, bad)
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
    if not has_line(p, is_bad == 1):
        beta = error = np.full(2, np.nan)
    brier = float(((p - is_bad) ** 2).mean())
    facts = (brier, beta[1], error[1], beta[0], error[0], p.mean(), is_bad.mean())
    return Calibration(*(float(fact) for fact in facts))


def has_line(p: np.ndarray, is_bad: np.ndarray) -> bool:
    """Return whether a line leads from chances to ends: not if one cut parts goods from bads."""
    good, bad = p[~is_bad], p[is_bad]
    return bool(good.max() > bad.min() and bad.max() > good.min())


def chances_of(loans: pd.DataFrame, chance: str, bad: str) -> tuple[np.ndarray, np.ndarray]:
    """Return chances of default, and what happened as 1 and 0."""
    require_columns(loans, chance=chance, bad=bad)
    require_values(loans, chance, bad)
    require_numbers(loans, chance)
    require_truths(loans, bad)
    p = loans[chance].to_numpy("float64")
    if not len(p) or not ((p >= 0) & (p <= 1)).all():
        raise OutOfRangeError(f"{chance} must hold chances in [0, 1], and at least one.")
    return p, loans[bad].to_numpy("float64")
