"""What is still owed in points: a run-off triangle, and what is never redeemed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_positive,
    require_real,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab._purchases import as_frame, plain_values
from crmlab.errors import BadRowsError, OutOfRangeError


def points_triangle(
    ledger: pd.DataFrame,
    *,
    earned: str = "earned_month",
    redeemed: str = "redeemed_month",
    points: str = "points",
    month: int | None = None,
) -> pd.DataFrame:
    """Run-off triangle (流量三角形): of the points of each month, the share redeemed by each age.

    Parameters
    ----------
    ledger : DataFrame, one row per month earned and month redeemed
        `earned`, `redeemed` : whole numbers of months; `redeemed` is -1 where not redeemed yet;
        `points` : number of 0 or more
    earned, redeemed, points : str
    month : int, optional
        The last month that is known whole; the last one in the data by default. Later rows are
        not redeemed yet.

    Returns
    -------
    DataFrame, one row per month earned and age that is known: the month itself is age 0
        earned_month, age_months : int64
        earned : float64, points of that month
        share : float64, of them redeemed up to that age

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or a value is missing, holds no numbers, points are below 0, or points are
        redeemed before they were earned.
    OutOfRangeError
        If there are no rows, or `month` lies before all of them.

    Examples
    --------
    >>> ledger = pd.DataFrame({"earned_month": [0, 0, 0, 1], "redeemed_month": [0, 1, -1, -1],
    ...                        "points": [100, 200, 700, 500]})
    >>> points_triangle(ledger)["share"].round(2).tolist()
    [0.1, 0.3, 0.0]
    """
    if month is not None:
        require_real(month=month)
    since, when, many, last = _ledger(ledger, earned, redeemed, points, month)
    first = int(since.min())
    months = last - first + 1
    age = np.where((when < 0) | (when > last), months, when - since)
    cell = (since - first) * (months + 1) + age
    table = bincount(cell, many, months * (months + 1)).reshape(months, months + 1)
    total = table.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = table[:, :-1].cumsum(axis=1) / total[:, None]
    row, column = np.nonzero(np.arange(months)[:, None] + np.arange(months) < months)
    known = total[row] > 0
    row, column = row[known], column[known]
    return pd.DataFrame(
        {
            "earned_month": row + first,
            "age_months": column,
            "earned": total[row],
            "share": share[row, column],
        }
    )


def points_liability(
    ledger: pd.DataFrame,
    *,
    expiry: int,
    point_cny: float = 0.02,
    earned: str = "earned_month",
    redeemed: str = "redeemed_month",
    points: str = "points",
    month: int | None = None,
) -> pd.DataFrame:
    """Points still to be redeemed, and their cost, by month earned (积分负债).

    At each age, the share redeemed of what was still open at its beginning is taken over all
    months that have reached it (as the life tables of chapter 10); what those shares leave open
    at `expiry` is *breakage*. A young programme knows no late ages: then it says so by refusing.

    Parameters
    ----------
    ledger, earned, redeemed, points, month
        As in `points_triangle`.
    expiry : int, at least 1
        Months after which points are lost, the month they were earned counted.
    point_cny : float above 0
        What a redeemed point costs.

    Returns
    -------
    DataFrame, one row per month earned, oldest first
        earned_month, age_months : int64
        earned, redeemed : float64, points
        still_open : float64, points neither redeemed nor lost
        expected : float64, points of those that are expected to be redeemed yet
        breakage : float64, share of the points earned that is expected never to be redeemed
        liability_cny : float64, expected times `point_cny`
        face_cny : float64, still_open times `point_cny`: what a firm without breakage would owe

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError
        As `points_triangle`; also if no month has reached the age of `expiry`.

    Source
    ------
    Chain ladder: Mack (1993), doi:10.2143/AST.23.2.2005092; as a life table: Kaplan and Meier
    (1958), doi:10.1080/01621459.1958.10501452.

    Examples
    --------
    >>> ledger = pd.DataFrame({"earned_month": [0, 0, 0, 1, 1], "redeemed_month": [0, 1, -1, 1, -1],
    ...                        "points": [100, 450, 450, 100, 900]})
    >>> points_liability(ledger, expiry=2)[["expected", "breakage"]].round(2)
       expected  breakage
    0       0.0      0.45
    1     450.0      0.45
    """
    if month is not None:
        require_real(month=month)
    require_at_least("expiry", expiry, 1)
    require_positive("point_cny", point_cny)
    since, when, many, last = _ledger(ledger, earned, redeemed, points, month)
    months = last - since.min() + 1
    if months < expiry:
        raise OutOfRangeError(
            f"the ledger has {months} months, so nobody knows what is redeemed at an age of "
            f"{expiry - 1}. Wait, or take the shares of another programme and say so."
        )
    taken = (when >= 0) & (when <= last)
    age = np.where(taken, when - since, expiry)
    own = last - since  # age of each row's month by now
    ages = np.arange(expiry)
    redeemed_at = bincount(age[age < expiry], many[age < expiry], expiry)
    # Open at the beginning of an age, among months whose age is known whole.
    at_risk = np.array([many[(own >= a) & (age >= a)].sum() for a in ages])
    hazard = np.divide(redeemed_at, at_risk, out=np.zeros(expiry), where=at_risk > 0)
    left = np.append(1.0, np.cumprod(1 - hazard))  # open at the beginning of each age
    rows = []
    for start in np.unique(since):
        mine = since == start
        total, used, now = many[mine].sum(), many[mine & taken].sum(), int(last - start)
        still = total - used if now < expiry - 1 else 0.0
        chance = 1 - left[-1] / left[now + 1] if still and left[now + 1] > 0 else 0.0
        expected = still * chance
        breakage = (total - used - expected) / total if total else np.nan
        rows.append((start, now, total, used, still, expected, breakage))
    names = ["earned_month", "age_months", "earned", "redeemed", "still_open", "expected"]
    table = pd.DataFrame(rows, columns=[*names, "breakage"])
    table = table.astype(dict.fromkeys(names[2:], "float64") | dict.fromkeys(names[:2], "int64"))
    return table.assign(
        liability_cny=table["expected"] * point_cny, face_cny=table["still_open"] * point_cny
    )


def _ledger(
    ledger: pd.DataFrame, earned: str, redeemed: str, points: str, month: int | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Return month earned, month redeemed, points, and the last month, after every guard."""
    frame = as_frame(ledger)
    require_columns(frame, earned=earned, redeemed=redeemed, points=points)
    require_rows(frame)
    require_values(frame, earned, redeemed, points)
    frame = frame[[earned, redeemed, points]].apply(plain_values)
    require_numbers(frame, earned, redeemed, points)
    since, when = (frame[name].to_numpy("int64") for name in (earned, redeemed))
    many = frame[points].to_numpy("float64")
    for wrong, words in (
        (many < 0, f"{points} below 0"),
        ((when >= 0) & (when < since), f"{redeemed} before {earned}"),
    ):
        rows = np.flatnonzero(wrong)
        if rows.size:
            raise BadRowsError(f"{rows.size} row(s) have {words}: {rows[:10].tolist()}.")
    last = int(max(since.max(), when.max())) if month is None else month
    kept = since <= last
    if not kept.any():
        raise OutOfRangeError(f"month {month} lies before the first month, {since.min()}.")
    return since[kept], when[kept], many[kept], last
