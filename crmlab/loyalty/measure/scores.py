"""How many would recommend us, how many are satisfied, and how sure that is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import Z, wilson
from crmlab.errors import AmbiguousError, OutOfRangeError

PROMOTER, DETRACTOR = 9, 6


def net_promoter(
    answers: pd.DataFrame,
    *,
    by: str | None = None,
    score: str = "score",
    weight: str | None = None,
    scale: int | None = None,
) -> pd.DataFrame:
    """Net promoter score (净推荐值): percent who say 9 or 10, less percent who say 0 to 6.

    The question is asked on a scale of 0 to 10. Answers that all lie at 7 or below look like a
    shorter scale, on which nobody could be a promoter, and are refused; say `scale=10` if they
    were asked for 0 to 10 all the same.

    Parameters
    ----------
    answers : DataFrame, one row per customer who answered
        `score` : whole numbers, 0 to 10
        `by`, `weight` : where named
    by : str, optional
        Column of groups; one row for all when omitted.
    score : str
    weight : str, optional
        Column of weights above 0, such as those of `response_weights`.
    scale : int, optional
        10, to say that the scale was 0 to 10 though nobody went above 7.

    Returns
    -------
    DataFrame, one row for all, or one row per group in order of its name
        `by` : as given, where it is named
        customers : int64, who answered
        promoters, passives, detractors : float64, shares
        nps : float64, points from -100 to 100
        standard_error, low, high : float64, points; the 95 % interval, whose middle lies nearer
            to 0 than the score: of very few answers that all agree, it leaves the score out

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    AmbiguousError
        If the answers look like those of a shorter scale.
    OutOfRangeError
        If an answer is no whole number from 0 to 10, a weight is not above 0, or `scale` is
        anything but 10.

    See Also
    --------
    csat : for a scale of 1 to 5.
    shrunken : what a ranking of groups is worth.

    Source
    ------
    Reichheld, F. F. (2003), The one number you need to grow, Harvard Business Review 81(12),
    46-54. The interval adds three answers, 3/4 of them promoters and 3/4 detractors (adjusted
    Wald): Rocks, B. (2016), Interval estimation for the "Net Promoter Score", The American
    Statistician 70(4), 365-372, arXiv:1601.07235. With weights the answers count as many as give
    the linearised variance.

    Examples
    --------
    >>> answers = pd.DataFrame({"score": [10] * 50 + [8] * 30 + [3] * 20})
    >>> net_promoter(answers)[["customers", "nps", "low", "high"]].round(1)
       customers   nps   low  high
    0        100  30.0  14.1  44.2
    """
    if scale not in (None, 10):
        raise OutOfRangeError(
            f"a net promoter score needs a scale of 0 to 10; got scale={scale!r}. For a scale of "
            "1 to 5 use csat."
        )
    weights = _checked(answers, score, by, weight)
    said = answers[score].to_numpy("float64")
    wrong = (said < 0) | (said > 10) | (said != np.rint(said))
    if wrong.any():
        rows = np.flatnonzero(wrong).tolist()
        raise OutOfRangeError(f"{score} must be a whole number, 0 to 10, in row(s) {rows[:10]}.")
    if scale is None and said.max() <= 7:
        raise AmbiguousError(
            f"no answer lies above {said.max():.0f}. On a scale of 1 to 5 or 1 to 7 there is no "
            "net promoter score: use csat. If the scale was 0 to 10 all the same, say scale=10."
        )

    codes, groups = _groups_of(answers, by)
    size = len(groups)
    n = bincount(codes, minlength=size)
    total = bincount(codes, weights, size)
    up, down = said >= PROMOTER, said <= DETRACTOR
    promoters = bincount(codes, weights * up, size) / total
    detractors = bincount(codes, weights * down, size) / total
    net = promoters - detractors
    # As many answers of equal weight as would be as sure.
    away = (up.astype("float64") - down - net[codes]) * weights
    variance = bincount(codes, away**2, size) / total**2
    kish = total**2 / bincount(codes, weights**2, size)
    spread = promoters + detractors - net**2
    worth = np.divide(spread, variance, out=kish, where=variance > 0)
    high = (promoters * worth + 0.75) / (worth + 3)
    low = (detractors * worth + 0.75) / (worth + 3)
    middle, error = high - low, np.sqrt((high + low - (high - low) ** 2) / (worth + 3))
    table = {
        "customers": n.astype("int64"),
        "promoters": promoters,
        "passives": bincount(codes, weights * ~(up | down), size) / total,
        "detractors": detractors,
        "nps": 100 * net,
        "standard_error": 100 * error,
        "low": 100 * np.maximum(middle - Z * error, -1),
        "high": 100 * np.minimum(middle + Z * error, 1),
    }
    return _with_groups(pd.DataFrame(table), by, groups)


def csat(
    answers: pd.DataFrame,
    *,
    by: str | None = None,
    score: str = "score",
    top: int = 2,
    scale: int = 5,
) -> pd.DataFrame:
    """Mean satisfaction (CSAT, 客户满意度), and the share of answers in the top boxes.

    Parameters
    ----------
    answers : DataFrame, one row per answer
        `score` : whole numbers, 1 to `scale`
    by : str, optional
        Column of groups; one row for all when omitted.
    score : str
    top : int
        How many of the highest answers count as satisfied.
    scale : int
        The highest answer that there is.

    Returns
    -------
    DataFrame, one row for all, or one row per group in order of its name
        `by` : as given, where it is named
        customers : int64, answers
        mean, mean_low, mean_high : float64, with its 95 % interval (Student); NaN for one answer
        top_share, top_low, top_high : float64, with Wilson's 95 % interval

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If an answer is no whole number from 1 to `scale`, or `top` is not below `scale`.

    Examples
    --------
    >>> csat(pd.DataFrame({"score": [5, 5, 4, 3, 1]}))[["mean", "top_share"]]
       mean  top_share
    0   3.6        0.6
    """
    require_at_least("top", top, 1)
    require_at_least("scale", scale, top + 1)
    _checked(answers, score, by, None)
    said = answers[score].to_numpy("float64")
    wrong = (said < 1) | (said > scale) | (said != np.rint(said))
    if wrong.any():
        rows = np.flatnonzero(wrong).tolist()
        raise OutOfRangeError(
            f"{score} must be a whole number, 1 to {scale}, in row(s) {rows[:10]}. Say scale=… if "
            "the highest answer is another."
        )

    codes, groups = _groups_of(answers, by)
    size = len(groups)
    n = bincount(codes, minlength=size)
    mean = bincount(codes, said, size) / n
    free = np.maximum(n - 1, 1)
    spread = np.sqrt(bincount(codes, (said - mean[codes]) ** 2, size) / free)
    reach = np.where(n > 1, t.ppf(0.975, free) * spread / np.sqrt(n), np.nan)
    satisfied = bincount(codes, said > scale - top, size)
    low, high = wilson(satisfied, n)
    table = {
        "customers": n.astype("int64"),
        "mean": mean,
        "mean_low": np.maximum(mean - reach, 1),
        "mean_high": np.minimum(mean + reach, scale),
        "top_share": satisfied / n,
        "top_low": low,
        "top_high": high,
    }
    return _with_groups(pd.DataFrame(table), by, groups)


def _checked(answers: pd.DataFrame, score: str, by: str | None, weight: str | None) -> np.ndarray:
    """Return the weights of answers that can be counted; ones where there are none."""
    named = {"score": score} | ({"by": by} if by else {}) | ({"weight": weight} if weight else {})
    require_columns(answers, **named)
    require_rows(answers)
    require_values(answers, *named.values())
    require_numbers(answers, score)
    if weight is None:
        return np.ones(len(answers))
    require_numbers(answers, weight)
    weights = answers[weight].to_numpy("float64")
    if (weights <= 0).any():
        rows = np.flatnonzero(weights <= 0).tolist()
        raise OutOfRangeError(f"{weight} must be above 0; it is not in row(s) {rows[:10]}.")
    return weights


def _groups_of(answers: pd.DataFrame, by: str | None) -> tuple[np.ndarray, pd.Index]:
    """Return each row's group as a number, and the groups' names in order."""
    if by is None:
        return np.zeros(len(answers), np.intp), pd.Index(["all"])
    codes, names = pd.factorize(answers[by], sort=True)
    return codes.astype(np.intp), pd.Index(names)


def _with_groups(table: pd.DataFrame, by: str | None, groups: pd.Index) -> pd.DataFrame:
    if by in table:
        raise OutOfRangeError(
            f"the result has a column {by} of its own. Rename yours first: "
            f"frame.rename(columns={{{by!r}: 'group'}})"
        )
    if by is not None:
        names = groups.astype("str") if groups.dtype == "category" else groups
        table.insert(0, by, names)
    return table
