"""Three expert schemes, 5C, 5P and 6A, whose verdicts say why."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_real,
    require_truths,
    require_values,
)
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError

FIVE_C = ("character", "capacity", "capital", "collateral", "conditions")
EQUAL: dict[str, float] = dict.fromkeys(FIVE_C, 0.2)
SIX_A = ("economic", "technical", "managerial", "organisational", "commercial", "financial")
# What a borrower must have at all (5P, personal), and what is said where it is not so.
GATES = {
    "licensed": "no registered legal person with a licence",
    "marketable_product": "no marketable product",
    "profitable": "no profit",
    "basic_account": "no basic bank account",
    "pledge_or_guarantor": "nothing to pledge and no guarantor",
}
CAUTION = {"production": 1, "debt or tax": 2, "equity or losses": 3}
_CAUTION_WORDS = {
    1: "production: test that the project pays",
    2: "debt or tax: check strictly that it is in order",
    3: "replaces equity or covers losses: most caution",
}


def five_c(
    files: pd.DataFrame, *, weights: Mapping[str, float] = EQUAL, accept: float = 6.0
) -> pd.DataFrame:
    """Return the 5C score of each file: character, capacity, capital, collateral, conditions.

    The score is the weighted mean of the five grades. The course gives no weights; equal ones
    are the default.

    Parameters
    ----------
    files : DataFrame, one row per borrower: organisation_id, and the five C's graded 0 to 10
    weights : mapping of each C to a weight of 0 or more; they add up to 1
    accept : float
        Least score to be trusted.

    Returns
    -------
    DataFrame, one row per borrower, in their order
        organisation_id : as given
        score : float64, 0 to 10
        accepted : bool
        strongest, weakest : str, the C's that add most above, and most below, the middle grade 5
        verdict : str, in words

    Raises
    ------
    MissingColumnsError
        If a C is missing.
    UnknownNameError
        If the weights name something else.
    OutOfRangeError
        If the weights do not add up to 1 or one is negative, or a grade lies outside 0 to 10.
    BadRowsError
        If a grade is missing.

    Examples
    --------
    >>> file = pd.DataFrame({"organisation_id": [1], "character": [9], "capacity": [8],
    ...     "capital": [6], "collateral": [2], "conditions": [5]})
    >>> five_c(file)["verdict"].item()
    'trusted: 6.0 of 10; most for it character (9), most against it collateral (2)'
    """
    require_real(accept=accept)
    require_columns(files, "organisation_id", *FIVE_C)
    share = require_weights(weights)
    require_values(files, *FIVE_C)
    grades = _graded(files, FIVE_C)
    score = (grades @ share).round(9)
    pull = (grades - 5) * share
    best, worst = pull.argmax(axis=1), pull.argmin(axis=1)
    names, row = np.array(FIVE_C), np.arange(len(files))
    verdict = [
        f"{'trusted' if total >= accept else 'refused'}: {total:.1f} of 10; most for it "
        f"{names[up]} ({grades[at, up]:g}), most against it {names[down]} ({grades[at, down]:g})"
        for at, total, up, down in zip(row, score, best, worst, strict=True)
    ]
    return pd.DataFrame(
        {
            "organisation_id": files["organisation_id"].to_numpy(),
            "score": score,
            "accepted": score >= accept,
            "strongest": pd.Series(names[best], dtype="str"),
            "weakest": pd.Series(names[worst], dtype="str"),
            "verdict": pd.Series(verdict, dtype="str"),
        }
    )


def require_weights(weights: Mapping[str, float]) -> np.ndarray:
    """Return the five weights in the order of the C's, or refuse them."""
    for name in weights:
        if name not in FIVE_C:
            raise UnknownNameError.among("C", name, FIVE_C)
    share = np.array([weights.get(name, 0.0) for name in FIVE_C], dtype="float64")
    if not np.isfinite(share).all() or (share < 0).any() or abs(share.sum() - 1) > 1e-9:
        raise OutOfRangeError(
            f"the weights of the five C's must be 0 or more and add up to 1; they add up to "
            f"{share.sum():g}. Divide each by that sum."
        )
    return share


def five_p(
    files: pd.DataFrame,
    *,
    gates: bool = True,
    least_coverage: float = 0.2,
    least_current_ratio: float = 1.0,
) -> pd.DataFrame:
    """Return the 5P verdict of each file: personal, purpose, payment, protection, perspective.

    Personal: five hard gates; who fails one is rejected, whatever else the file says. Purpose:
    caution rises from production (1) over debt or tax (2) to equity or losses (3). Payment: cash
    from operations covers at least `least_coverage` of the current liabilities, or else assets
    can be realised (current ratio). Protection and perspective: collateral and conditions, the
    grades that stand for them, must reach the sum of caution and 2.

    Parameters
    ----------
    files : DataFrame, one row per borrower
        organisation_id; licensed, marketable_product, profitable, basic_account,
        pledge_or_guarantor : bool; purpose : str; cash_coverage, current_ratio : float;
        collateral, conditions : grades 0 to 10
    gates : bool
        Whether a failed gate rejects.
    least_coverage, least_current_ratio : float

    Returns
    -------
    DataFrame, one row per borrower, in their order
        organisation_id : as given
        failed : str, the gates that are failed, by "; "; empty if none
        caution : int64, 1 to 3
        payment, protection, perspective : bool, whether they are met
        verdict : str, "reject", "accept", or "refer" to a person
        reasons : str, in words

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If a column or a value is missing or of the wrong kind.
    UnknownNameError
        If a purpose is none of the three.

    See Also
    --------
    crmlab.credit.five_p_items : every item of the five P's, and what nobody has looked at.

    Examples
    --------
    >>> files = pd.DataFrame(
    ...     {"organisation_id": [1, 2], "licensed": [True, False], "marketable_product": True,
    ...      "profitable": True, "basic_account": True, "pledge_or_guarantor": True,
    ...      "purpose": "production", "cash_coverage": 0.3, "current_ratio": 1.5, "collateral": 6,
    ...      "conditions": 5})
    >>> five_p(files)[["failed", "verdict"]]
                                          failed verdict
    0                                             accept
    1  no registered legal person with a licence  reject
    """
    require_real(least_coverage=least_coverage, least_current_ratio=least_current_ratio)
    require_columns(files, "organisation_id", "purpose", "cash_coverage", "current_ratio")
    require_columns(files, *GATES, "collateral", "conditions")
    need = [*GATES, "purpose", "cash_coverage", "current_ratio", "collateral", "conditions"]
    require_values(files, *need)
    require_truths(files, *GATES)
    require_numbers(files, "cash_coverage", "current_ratio")
    require_purposes(files)
    caution = files["purpose"].map(CAUTION).to_numpy("int64")
    covered = (files["cash_coverage"] >= least_coverage).to_numpy()
    liquid = (files["current_ratio"] >= least_current_ratio).to_numpy()
    grades = _graded(files, ("collateral", "conditions"))
    met = grades >= caution[:, None] + 2
    failed = [
        [words for gate, words in GATES.items() if not ok[gate]]
        for ok in files[[*GATES]].astype("bool").to_dict("records")
    ]
    table = pd.DataFrame(
        {
            "organisation_id": files["organisation_id"].to_numpy(),
            "failed": pd.Series(["; ".join(words) for words in failed], dtype="str"),
            "caution": caution,
            "payment": covered | liquid,
            "protection": met[:, 0],
            "perspective": met[:, 1],
        }
    )
    rejected = gates & (table["failed"] != "")
    # Where caution is highest, money must come from the business itself.
    fine = table[["payment", "protection", "perspective"]].all(axis=1) & (covered | (caution < 3))
    verdict = np.select([rejected, fine], ["reject", "accept"], "refer")
    rows = zip(table.to_dict("records"), covered, strict=True)
    reasons = [_why(row, bool(gates), bool(has)) for row, has in rows]
    return table.assign(
        verdict=pd.Series(verdict, dtype="str"), reasons=pd.Series(reasons, dtype="str")
    )


def require_purposes(files: pd.DataFrame) -> None:
    """Raise UnknownNameError unless each purpose is one of the three."""
    for purpose in files["purpose"].unique():
        if purpose not in CAUTION:
            raise UnknownNameError.among("purpose", purpose, CAUTION)


def _why(row: dict, gates: bool, covered: bool) -> str:
    """Return the reasons of a verdict in words."""
    words = [row["failed"] + ("" if gates else " (gates are off)")] if row["failed"] else []
    words.append(_CAUTION_WORDS[row["caution"]])
    if not row["payment"]:
        words.append("neither cash nor assets to pay from")
    elif not covered:
        words.append("pays from assets, not from cash")
    words += [f"weak {name}" for name in ("protection", "perspective") if not row[name]]
    return "; ".join(words)


def six_a(files: pd.DataFrame, *, accept: float = 6.0) -> pd.DataFrame:
    """Return the 6A score of each file, and the aspects that nobody has looked at.

    Parameters
    ----------
    files : DataFrame, one row per borrower
        organisation_id, and economic, technical, managerial, organisational, commercial,
        financial : grades 0 to 10, missing where an aspect was not examined
    accept : float
        Least score that the verdict accepts.

    Returns
    -------
    DataFrame, one row per borrower, in their order
        organisation_id : as given
        score : float64, mean of the aspects that are there; missing if none is
        missing : str, the aspects that are not, by ", "; empty if none
        verdict : str, "accept", "reject", or "incomplete" where an aspect is missing

    Raises
    ------
    MissingColumnsError
        If an aspect has no column.
    OutOfRangeError
        If a grade lies outside 0 to 10.

    Examples
    --------
    >>> file = pd.DataFrame({"organisation_id": [1], **{name: [7.0] for name in SIX_A}})
    >>> six_a(file.assign(financial=float("nan")))
       organisation_id  score    missing     verdict
    0                1    7.0  financial  incomplete
    """
    require_real(accept=accept)
    require_columns(files, "organisation_id", *SIX_A)
    grades = _graded(files, SIX_A)
    there = ~np.isnan(grades)
    count = there.sum(axis=1)
    total, none = np.nansum(grades, axis=1), np.full(len(files), np.nan)
    score = np.divide(total, count, none, where=count > 0)
    names = np.array(SIX_A)
    missing = [", ".join(names[~row]) for row in there]
    verdict = np.select([count < len(SIX_A), score >= accept], ["incomplete", "accept"], "reject")
    return pd.DataFrame(
        {
            "organisation_id": files["organisation_id"].to_numpy(),
            "score": score,
            "missing": pd.Series(missing, dtype="str"),
            "verdict": pd.Series(verdict, dtype="str"),
        }
    )


def _graded(files: pd.DataFrame, names: tuple[str, ...]) -> np.ndarray:
    """Return grades as numbers, missing ones as such, or refuse those outside 0 to 10."""
    try:
        grades = files[[*names]].to_numpy("float64", na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise OutOfRangeError(f"{[*names]} must hold grades, numbers from 0 to 10.") from error
    wrong = np.flatnonzero(((grades < 0) | (grades > 10)).any(axis=1))
    if wrong.size:
        raise BadRowsError(
            f"{wrong.size} row(s) have grades outside 0 to 10: {wrong.tolist()[:10]}. "
            f"Grades are read from {[*names]}."
        )
    return grades
