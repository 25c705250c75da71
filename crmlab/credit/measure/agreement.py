"""Whether raters agree, and what it costs that they do not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_once,
    require_real,
    require_same_order,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab.credit.lines import with_truth
from crmlab.credit.measure.money import lending_table
from crmlab.errors import EmptyError, OutOfRangeError, UnknownNameError, WrongTypeError


@dataclass(frozen=True)
class Kappa:
    """Agreement of two raters beyond chance, with its 95 % interval."""

    kappa: float
    low: float
    high: float
    agree: float


def weighted_kappa(
    first: pd.Series,
    second: pd.Series,
    *,
    weights: Literal["none", "linear", "quadratic"] = "quadratic",
) -> Kappa:
    """Return Cohen's kappa: how much two raters agree beyond what chance gives, 1 at most.

    A disagreement of d grades weighs 1, |d| or d^2. The standard error is that of Fleiss, Cohen
    and Everitt, for large files.

    Parameters
    ----------
    first, second : Series of whole numbers, one grade per firm, in the same order
    weights : "none", "linear" or "quadratic"

    Returns
    -------
    Kappa
        kappa, low, high : float; agree : float, share of firms with the same grade

    Raises
    ------
    OutOfRangeError
        If the two are no Series of numbers, have different lengths or values missing, or each gives
        one same grade.
    BadRowsError
        If the two have the same index in another order.
    UnknownNameError
        If `weights` is none of the three words.

    Source
    ------
    Cohen (1968), Psychological Bulletin 70, 213-220, doi:10.1037/h0026256; Fleiss, Cohen and
    Everitt (1969), Psychological Bulletin 72, 323-327, doi:10.1037/h0028106.

    Examples
    --------
    >>> weighted_kappa(pd.Series([1, 2, 3, 3]), pd.Series([1, 2, 3, 2])).kappa.__round__(3)
    0.8
    """
    if weights not in ("none", "linear", "quadratic"):
        raise UnknownNameError.among("weighting", weights, ["none", "linear", "quadratic"])
    for name, one in (("first", first), ("second", second)):
        if not isinstance(one, pd.Series):
            raise WrongTypeError(f"{name} must be a Series; got {type(one).__name__}.")
    require_same_order(first, second)
    if len(first) != len(second) or first.isna().any() or second.isna().any():
        raise OutOfRangeError("both raters must grade the same firms, with none missing.")
    try:
        both = np.concatenate([one.astype("float64") for one in (first, second)])
    except (TypeError, ValueError) as error:
        raise WrongTypeError("grades must be numbers, whose distance counts.") from error
    grades, code = np.unique(both, return_inverse=True)
    if len(grades) < 2:
        raise OutOfRangeError("kappa needs at least two different grades.")
    a, b, k = code[: len(first)], code[len(first) :], len(grades)
    p = bincount(a * k + b, minlength=k * k).reshape(k, k) / len(a)
    gap = np.abs(grades[:, None] - grades[None, :]).astype("float64")
    loss = {"none": (gap > 0).astype("float64"), "linear": gap, "quadratic": gap**2}[weights]
    agreement = 1 - loss / loss.max()
    row, column = p.sum(axis=1), p.sum(axis=0)
    observed, expected = (p * agreement).sum(), row @ agreement @ column
    if expected > 1 - 1e-12:
        raise OutOfRangeError("both raters give one same grade to all; kappa is not defined.")
    kappa = (observed - expected) / (1 - expected)
    mean = (agreement @ column)[:, None] + (row @ agreement)[None, :]
    spread = (p * (agreement - mean * (1 - kappa)) ** 2).sum()
    variance = (spread - (kappa - expected * (1 - kappa)) ** 2) / len(a) / (1 - expected) ** 2
    half = 1.959964 * np.sqrt(max(variance, 0))
    same = float(np.trace(p))
    return Kappa(float(kappa), float(kappa - half), float(min(kappa + half, 1)), same)


def rater_agreement(grades: pd.DataFrame) -> pd.DataFrame:
    """Return the quadratic kappa of every pair of raters.

    Parameters
    ----------
    grades : DataFrame: organisation_id, and one column of grades per rater

    Returns
    -------
    DataFrame, one row per pair: first, second : str; kappa, low, high, agree : float64,
        with 95 % intervals

    Raises
    ------
    EmptyError
        If there are fewer than two raters.
    OutOfRangeError
        As `weighted_kappa`.

    Examples
    --------
    >>> grades = pd.DataFrame(
    ...     {"organisation_id": [1, 2, 3, 4], "Li": [9, 8, 3, 2], "Wang": [9, 7, 4, 2]})
    >>> rater_agreement(grades)[["first", "second", "kappa"]].round(2)
      first second  kappa
    0    Li   Wang   0.97
    """
    raters = _raters(grades)
    rows = []
    for one, other in combinations(raters, 2):
        found = weighted_kappa(grades[one], grades[other])
        facts = {"kappa": found.kappa, "low": found.low, "high": found.high, "agree": found.agree}
        rows.append({"first": one, "second": other, **facts})
    return pd.DataFrame(rows).astype({"first": "str", "second": "str"})


def cost_of_disagreement(
    grades: pd.DataFrame,
    truth: pd.DataFrame,
    *,
    share: float = 0.5,
    interest: float = 0.1,
    loss_given_default: float = 0.5,
) -> pd.DataFrame:
    """Return what lending to the best `share` earns by one rater alone, and by all together.

    A rater alone decides for each firm drawn at random, as when files are spread over desks: the
    mean over the raters. Together they decide by the mean of their grades.

    Parameters
    ----------
    grades : DataFrame: organisation_id, and one column of grades per rater
    truth : DataFrame: organisation_id, and defaults, True or 1
    share : float in (0, 1]
    interest, loss_given_default : float, as for `lending_table`

    Returns
    -------
    DataFrame, one row per rater, then "mean of one" and "all together"
        who : str; default_rate : float64; profit : float64 per firm, loans of 1

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError, EmptyError
        If a column, a value or a second rater is missing, `share` lies outside (0, 1], a firm
        stands twice, or no firm is in both; or as `lending_table`.

    Examples
    --------
    >>> grades = pd.DataFrame(
    ...     {"organisation_id": [1, 2, 3, 4], "Li": [9, 8, 3, 2], "Wang": [9, 2, 8, 3]})
    >>> truth = pd.DataFrame({"organisation_id": [1, 2, 3, 4], "defaults": [0, 0, 1, 1]})
    >>> cost_of_disagreement(grades, truth)
                who  default_rate  profit
    0            Li          0.00   0.050
    1          Wang          0.50  -0.100
    2   mean of one          0.25  -0.025
    3  all together          0.50  -0.100
    """
    require_real(share=share)
    raters = _raters(grades)
    if not 0 < share <= 1:
        raise OutOfRangeError(f"share must lie in (0, 1]; got {share!r}.")
    require_once(grades, "organisation_id", "grades")
    both = with_truth(grades, truth, "defaults")
    require_truths(both, "defaults")
    both["all together"] = both[raters].mean(axis=1)
    rows = []
    for who in [*raters, "all together"]:
        rate, profit = _earned(both, who, share, interest, loss_given_default)
        rows.append({"who": who, "default_rate": rate, "profit": profit})
    table = pd.DataFrame(rows)
    mean = table.iloc[:-1][["default_rate", "profit"]].mean()
    alone = pd.DataFrame([{"who": "mean of one", **mean}])
    return pd.concat([table.iloc[:-1], alone, table.iloc[-1:]], ignore_index=True)


def _earned(
    both: pd.DataFrame, who: str, share: float, interest: float, loss: float
) -> tuple[float, float]:
    """Return default rate and profit at a share between two cut-offs, equal grades in part."""
    table = lending_table(both, interest=interest, loss_given_default=loss, score=who)
    at = table["share_approved"]
    bads = table["default_rate"].fillna(0) * table["approved"]
    bad = np.interp(share, at, bads)
    profit = np.interp(share, at, table["profit"])
    return float(bad / (share * len(both))), float(profit / len(both))


def _raters(grades: pd.DataFrame) -> list[str]:
    require_columns(grades, "organisation_id")
    raters = [name for name in grades.columns if name != "organisation_id"]
    if len(raters) < 2 or grades.empty:
        raise EmptyError("at least two raters and one firm are needed.")
    require_values(grades, *raters)
    require_numbers(grades, *raters)
    return raters
