"""Who may become a lasting customer: a score of six principles, and whether it foretells it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from scipy.stats import rankdata

from crmlab._checks import require_columns, require_numbers, require_values
from crmlab._intervals import area_interval, wilson
from crmlab.errors import BadRowsError, OutOfRangeError


@dataclass(frozen=True)
class Foretelling:
    """How well a score tells those it should find from the others.

    auc : float in [0, 1], chance that one of the former scores above one of the latter, a tie
        counting half; 0.5 says nothing
    standard_error, low, high : float, with the 95 % interval, which stays in [0, 1]
    found, others : int, how many there were of each
    """

    auc: float
    standard_error: float
    low: float
    high: float
    found: int
    others: int


def prospect_reasons() -> pd.DataFrame:
    """Return the 4 reasons to look for potential customers: key, reason, reason_zh (str).

    Examples
    --------
    >>> prospect_reasons()["key"].tolist()
    ['links', 'focus', 'opportunity', 'satisfaction']
    """
    rows = [{"key": key, **said} for key, said in _said()["reasons"].items()]
    return pd.DataFrame(rows).astype("str")


def prospect_principles() -> pd.DataFrame:
    """Return the 6 principles by which potential customers are judged, and what shows each.

    Returns
    -------
    DataFrame, one row per principle; change it, and hand it to `score_prospects`
        key, principle, principle_zh, question, field : str
        at_least, at_most : float64, the limit of the field; one of the two is NaN

    Source
    ------
    The principles are those of the course's chapter on identification. The fields and limits are
    this kit's, since a principle says nothing about numbers.

    Examples
    --------
    >>> prospect_principles()[["key", "field", "at_least"]].head(2)
              key           field  at_least
    0  own person     needs_known       2.0
    1   long view  planning_years       3.0
    """
    rows = [
        {"key": key, "at_least": np.nan, "at_most": np.nan, **said}
        for key, said in _said()["principles"].items()
    ]
    words = ["key", "principle", "principle_zh", "question", "field"]
    table = pd.DataFrame(rows)[[*words, "at_least", "at_most"]]
    return table.astype(dict.fromkeys(words, "str") | {"at_least": float, "at_most": float})


def score_prospects(
    prospects: pd.DataFrame, *, principles: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Count the principles that each prospect meets, and say which.

    What is not known of a prospect (a missing value) does not meet its principle, and is counted
    apart: a low score of one of whom little is known is no verdict.

    Parameters
    ----------
    prospects : DataFrame, one row per prospect
        prospect_id, and the field of each principle (numbers)
    principles : DataFrame, optional
        As `prospect_principles()`, which is taken when omitted.

    Returns
    -------
    DataFrame, one row per prospect, as in `prospects`
        prospect_id
        one column per principle, named by its key : bool, whether it is met
        score : int64, 0 to the number of principles
        unknown : int64, principles of which nothing is known
        met : str, the keys of the principles met, joined by ", "

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a prospect has no number or stands twice.
    OutOfRangeError
        If a field holds no numbers, or a principle has no limit or two.

    See Also
    --------
    foretelling, lasting_by_score : whether the score is worth anything.

    Examples
    --------
    >>> one = pd.DataFrame({"prospect_id": [1], "needs_known": [3], "planning_years": [5],
    ...     "improvements_asked": [0], "parts_to_play": [1], "category_spend_cny": [None],
    ...     "warnings": [0]}).astype({"category_spend_cny": "float64"})
    >>> score_prospects(one)[["score", "unknown", "met"]]
       score  unknown                                           met
    0      4        1  own person, long view, part to play, caution
    """
    rules = prospect_principles() if principles is None else principles
    require_columns(rules, "key", "field", "at_least", "at_most")
    if (rules["at_least"].isna() == rules["at_most"].isna()).any():
        raise OutOfRangeError("every principle needs one limit, at_least or at_most, not both.")
    fields = rules["field"].tolist()
    require_columns(prospects, "prospect_id", *fields)
    require_values(prospects, "prospect_id")
    for field in fields:  # what is missing is no number, and allowed
        require_numbers(prospects[[field]].dropna(), field)
    if twice := prospects.loc[prospects["prospect_id"].duplicated(), "prospect_id"].tolist():
        raise BadRowsError(f"{twice[:10]} stand more than once in prospects; keep one row of each.")

    values = prospects[fields].to_numpy("float64")
    least, most = (rules[side].to_numpy("float64") for side in ("at_least", "at_most"))
    met = (values >= least) | (values <= most)
    keys = rules["key"].tolist()
    named = [", ".join(np.array(keys)[row].tolist()) for row in met]
    table = prospects[["prospect_id"]].reset_index(drop=True)
    table[keys] = met
    table["score"] = met.sum(axis=1)
    table["unknown"] = np.isnan(values).sum(axis=1)
    return table.assign(met=pd.Series(named, dtype="str"))


def foretelling(scored: pd.DataFrame, *, score: str = "score", outcome: str) -> Foretelling:
    """Return how well a score foretells an outcome that came later: the area under the ROC curve.

    Parameters
    ----------
    scored : DataFrame, one row per case: the score (numbers), and the outcome (bool, or 0 and 1)
    score, outcome : str
        Names of the columns.

    Returns
    -------
    Foretelling

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column is not there, or a row has no value.
    OutOfRangeError
        If the outcome is neither 0 nor 1, or there are not 2 of each.

    Source
    ------
    DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Biometrics 44(3), 837-845.
    doi:10.2307/2531595. By ranks: Sun and Xu (2014), doi:10.1109/LSP.2014.2337313. The interval
    is normal for the log odds of the area, so that it stays within 0 and 1; where every pair is
    told apart it ends where the rule of three does.

    Examples
    --------
    >>> cases = pd.DataFrame({"score": [6, 4, 4, 3, 1], "stayed": [1, 1, 0, 1, 0]})
    >>> round(foretelling(cases, outcome="stayed").auc, 3)
    0.75
    """
    require_columns(scored, score=score, outcome=outcome)
    require_values(scored, score, outcome)
    require_numbers(scored, score)
    if not scored[outcome].isin([0, 1]).all():
        raise OutOfRangeError(f"{outcome} must be 0 or 1 (or False or True) for every case.")
    is_found = scored[outcome].to_numpy(dtype=bool)
    values = scored[score].to_numpy("float64")
    n = int(is_found.sum()), int((~is_found).sum())
    if min(n) < 2:
        raise OutOfRangeError(
            f"{n[0]} case(s) with the outcome and {n[1]} without; at least 2 of each are needed."
        )

    # Sorted, so that sums do not depend on the order of the rows to the last bit.
    ours, theirs = np.sort(values[is_found]), np.sort(values[~is_found])
    rank = rankdata(np.concatenate([ours, theirs]))
    # Share of the others below each found one, and of the found ones above each other.
    above = (rank[: n[0]] - rankdata(ours)) / n[1]
    below = 1 - (rank[n[0] :] - rankdata(theirs)) / n[0]
    auc = float(above.mean())
    error = float(np.sqrt(above.var(ddof=1) / n[0] + below.var(ddof=1) / n[1]))
    low, high = area_interval(auc, error, *n)
    return Foretelling(auc, error, low, high, *n)


def lasting_by_score(scored: pd.DataFrame, *, score: str = "score", outcome: str) -> pd.DataFrame:
    """Return the share of each score with the outcome, such as who became a lasting customer.

    Parameters
    ----------
    scored : DataFrame, one row per case: the score, and the outcome (bool, or 0 and 1)
    score, outcome : str
        Names of the columns.

    Returns
    -------
    DataFrame, one row per score that occurs, from low to high
        score : as there
        prospects, lasting : int64
        share_lasting, low, high : float64 in [0, 1], with Wilson's 95 % interval

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If a column is not there, a row has no value, or an outcome is neither 0 nor 1.

    See Also
    --------
    crmlab.customers.plot.plot_lasting_by_score : draws this frame.

    Source
    ------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> cases = pd.DataFrame({"score": [6, 4, 4, 3, 1], "stayed": [1, 1, 0, 1, 0]})
    >>> lasting_by_score(cases, outcome="stayed")["share_lasting"].tolist()
    [0.0, 1.0, 0.5, 1.0]
    """
    require_columns(scored, score=score, outcome=outcome)
    require_values(scored, score, outcome)
    if not scored[outcome].isin([0, 1]).all():
        raise OutOfRangeError(f"{outcome} must be 0 or 1 (or False or True) for every case.")
    group = scored[outcome].astype("int64").groupby(scored[score])
    table = pd.DataFrame({"prospects": group.size(), "lasting": group.sum()})
    low, high = wilson(table["lasting"], table["prospects"])
    table = table.assign(share_lasting=table["lasting"] / table["prospects"], low=low, high=high)
    return table.rename_axis("score").reset_index()


@cache
def _said() -> dict[str, dict[str, dict[str, Any]]]:
    """Return what the file of reasons and principles says."""
    path = Path(__file__).parents[1] / "prospects.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))
