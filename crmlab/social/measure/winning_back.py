"""Whether those who left come back, and whether it was us."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_key,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._intervals import difference, wilson
from crmlab.errors import BadRowsError, EmptyError
from crmlab.social.measure.known import (
    NEVER,
    days_of,
    known_fans,
    last_day,
)


def win_back_effect(
    lapsed: pd.DataFrame, *, within_days: int = 74, as_of: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Return which share of those who left came back, contacted or left alone, and the gap.

    Only the difference to fans left alone *at random* is the contact's doing: some come back
    anyway.

    Parameters
    ----------
    lapsed : DataFrame, one row per fan who left
        fan_id; unfollowed_on; contacted : bool, at random; returned_on, missing for who did not
    within_days : int, at least 1
        Days since leaving in which a return counts; who was watched for fewer is left out.
    as_of : date, default the last day in the data

    Returns
    -------
    DataFrame, three rows
        group : str, "contacted", "left alone", "difference"
        fans, returned : int64; of the difference, in all
        share, low, high : float64, with a 95 % interval (Wilson; of the difference Newcombe)

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError
        If a column or value is missing, a fan stands twice, or returned before leaving.
    EmptyError
        If a group has nobody who was watched for so long.

    Source
    ------
    Newcombe (1998), Interval estimation for the difference between independent proportions,
    Statistics in Medicine 17(8), 873-890, method 10.

    Examples
    --------
    >>> lapsed = pd.DataFrame({"fan_id": range(8), "contacted": [True] * 4 + [False] * 4,
    ...     "unfollowed_on": pd.Timestamp("2024-01-01"),
    ...     "returned_on": pd.to_datetime(["2024-01-20"] * 2 + [None] * 5 + ["2024-01-09"])})
    >>> win_back_effect(lapsed, as_of="2024-12-31")[["group", "share"]]
            group  share
    0   contacted   0.50
    1  left alone   0.25
    2  difference   0.25
    """
    require_at_least("within_days", within_days, 1)
    require_columns(lapsed, "fan_id", "unfollowed_on", "contacted", "returned_on")
    require_rows(lapsed)
    require_key(lapsed, "fan_id")
    require_values(lapsed, "unfollowed_on", "contacted")
    require_truths(lapsed, "contacted")
    left, back = days_of(lapsed, "unfollowed_on"), days_of(lapsed, "returned_on")
    early = np.flatnonzero(back < left)
    if early.size:
        raise BadRowsError(
            f"{early.size} row(s) have returned_on before unfollowed_on: {early[:10].tolist()}. "
            "Mend the days, or clear returned_on in these rows."
        )
    ids = lapsed[["fan_id"]].assign(followed_on=lapsed["unfollowed_on"])
    end = last_day(as_of, known_fans(ids), back[back < NEVER])
    watched = left + within_days <= end
    told = lapsed["contacted"].to_numpy(bool)
    came = back - left <= within_days
    sides = [watched & told, watched & ~told]
    n = np.array([side.sum() for side in sides])
    found = np.array([(side & came).sum() for side in sides])
    if not n.all():
        raise EmptyError(
            f"{n[0]} of those contacted and {n[1]} of those left alone were watched for "
            f"{within_days} days; both groups are needed. Leave some alone at random, or wait."
        )
    share = found / n
    low, high = wilson(found, n)
    down, up = difference(found[0], n[0], found[1], n[1])
    return pd.DataFrame(
        {
            "group": pd.Series(["contacted", "left alone", "difference"], dtype="str"),
            "fans": [*n, n.sum()],
            "returned": [*found, found.sum()],
            "share": [*share, share[0] - share[1]],
            "low": [*low, down],
            "high": [*high, up],
        }
    ).astype({"fans": "int64", "returned": "int64"})
