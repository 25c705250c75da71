"""When a list of fans is too long for the head, and what two offers of the course cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crmlab._checks import (
    numbers_of,
    require_at_least,
    require_columns,
    require_numbers,
    require_positive,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError
from crmlab.social.measure.known import known_fans, last_day


@dataclass(frozen=True)
class DatabaseTrigger:
    """What `database_trigger` returns.

    is_due : whether there are more fans than the threshold
    following : fans who follow on the day
    ever : fans who ever followed, those who left among them
    due_on : first day on which more than the threshold followed, NaT if none
    ever_due_on : first day by which more had ever followed: what a count of joins would say
    """

    is_due: bool
    following: int
    ever: int
    due_on: pd.Timestamp
    ever_due_on: pd.Timestamp


def database_trigger(
    fans: pd.DataFrame, *, threshold: int = 1_000, as_of: str | pd.Timestamp | None = None
) -> DatabaseTrigger:
    """Return whether more fans follow than one head can know, and since when.

    Up to the threshold a person can know the fans; above it they belong into a database. Who left
    is no fan: an account that counts joins moves too early.

    Parameters
    ----------
    fans : DataFrame, one row per fan: fan_id, followed_on; unfollowed_on, missing while they stay
    threshold : int, at least 1
    as_of : date, default the last day in the data

    Returns
    -------
    DatabaseTrigger

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        If a column or value is missing, a fan stands twice, or left before following.

    Examples
    --------
    >>> fans = pd.DataFrame({"fan_id": range(1_001), "followed_on": pd.Timestamp("2024-01-01")})
    >>> database_trigger(fans).is_due, database_trigger(fans.head(1_000)).is_due
    (True, False)
    """
    require_at_least("threshold", threshold, 1)
    known = known_fans(fans)
    end = last_day(as_of, known)
    first = int(known.followed.min())
    span = max(end - first, 0) + 1
    came = known.followed[known.followed <= end] - first
    gone = known.left[known.left <= end] - first
    ever = bincount(came, minlength=span).cumsum()
    following = ever - bincount(gone, minlength=span).cumsum()
    due, ever_due = (_first_day(count > threshold, first) for count in (following, ever))
    return DatabaseTrigger(
        bool(following[-1] > threshold), int(following[-1]), int(ever[-1]), due, ever_due
    )


def share_paid(hour: ArrayLike) -> np.ndarray:
    """Return which share of the bill a guest pays who arrives in this hour: the hour sets it.

    2:00 and 14:00 pay 20 %, 10:00 to 12:00 and 22:00 to 0:00 the full price: the clock of the
    course's restaurant has twelve hours, and no price is above the full one.

    Parameters
    ----------
    hour : whole number or array of them, from 0 to 24

    Returns
    -------
    ndarray of float64, in [0.1, 1]

    Raises
    ------
    OutOfRangeError
        If an hour is none of a clock of 24 hours.

    Examples
    --------
    >>> share_paid([2, 14, 10, 12, 13]).tolist()
    [0.2, 0.2, 1.0, 1.0, 0.1]
    """
    hours = numbers_of("hour", hour)
    if not ((hours >= 0) & (hours <= 24) & (hours == np.floor(hours))).all():
        raise OutOfRangeError(f"hours must be whole numbers from 0 to 24; got {hour!r:.60}.")
    return np.minimum((hours - 1) % 12 + 1, 10) / 10


def arrival_offer(guests: pd.DataFrame) -> pd.DataFrame:
    """Return what an offer by the hour brings per guest: told at random, beside not told.

    Parameters
    ----------
    guests : DataFrame, one row per guest who might come
        told : bool, at random
        came : bool
        hour : whole number from 0 to 24, missing for who did not come
        bill_cny : float64, full price; 0 for who did not come

    Returns
    -------
    DataFrame, three rows
        group : str, "told", "not told", "difference"
        guests : int64
        came : float64, share
        share_paid : float64, of the bills of those who came
        bill_cny, paid_cny : float64, per guest, of all
        low, high : float64, 95 % interval of paid_cny

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError, EmptyError
        If a column or value is missing, an hour is none, or a group is empty.

    Examples
    --------
    >>> guests = pd.DataFrame({"told": [True, True, False, False],
    ...     "came": [True, True, True, False], "hour": [2, 12, 12, None],
    ...     "bill_cny": [100.0, 50.0, 50.0, 0.0]})
    >>> arrival_offer(guests)[["group", "came", "paid_cny"]]
            group  came  paid_cny
    0        told   1.0      35.0
    1    not told   0.5      25.0
    2  difference   0.5      10.0
    """
    require_columns(guests, "told", "came", "hour", "bill_cny")
    require_rows(guests)
    require_values(guests, "told", "came", "bill_cny")
    require_truths(guests, "told", "came")
    require_numbers(guests, "bill_cny")
    told, came = (guests[name].to_numpy(bool) for name in ("told", "came"))
    hour = guests["hour"].astype("float64").to_numpy("float64", na_value=np.nan)
    lost = np.flatnonzero(came & np.isnan(hour))
    if lost.size:
        raise BadRowsError(f"{lost.size} guest(s) came at no hour: row(s) {lost[:10].tolist()}.")
    if not told.any() or told.all():
        raise EmptyError("some guests must be told and some not, at random, to be compared.")
    bill = np.where(came, guests["bill_cny"].to_numpy("float64"), 0.0)
    paid = np.where(told & came, bill * share_paid(np.where(came, hour, 12)), bill)
    rows, spread = [], []
    for name, side in (("told", told), ("not told", ~told)):
        n, whole = int(side.sum()), bill[side].sum()
        error = paid[side].std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
        mean = paid[side].mean()
        row = {"group": name, "guests": n, "came": came[side].mean()}
        row["share_paid"] = paid[side].sum() / whole if whole else np.nan
        row |= {"bill_cny": bill[side].mean(), "paid_cny": mean}
        rows.append(row | {"low": mean - Z * error, "high": mean + Z * error})
        spread.append(error)
    gap = {
        name: rows[0][name] - rows[1][name]
        for name in ("came", "share_paid", "bill_cny", "paid_cny")
    }
    reach = Z * float(np.hypot(*spread))
    ends = {"low": gap["paid_cny"] - reach, "high": gap["paid_cny"] + reach}
    rows.append({"group": "difference", "guests": len(guests)} | gap | ends)
    return pd.DataFrame(rows).astype({"group": "str", "guests": "int64"})


def repost_cost(
    posts: pd.DataFrame, *, flower_cny: float = 5.0, cap: int | None = None
) -> pd.DataFrame:
    """Return what "a flower for each repost" costs: as many flowers as reposts, up to a cap.

    Parameters
    ----------
    posts : DataFrame, one row per post: reposts, whole numbers of 0 or more
    flower_cny : float, above 0
    cap : int, at least 1, optional
        Most flowers of one post, if it was announced.

    Returns
    -------
    DataFrame, one row: posts, flowers : int64; mean_cny, median_cny, worst_of_100_cny, most_cny :
        float64, of a post; the third is exceeded by one post in a hundred

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError, EmptyError
        If reposts are missing or no whole numbers of 0 or more, `flower_cny` is not above 0, or
        `cap` is below 1.

    Examples
    --------
    >>> repost_cost(pd.DataFrame({"reposts": [3, 0, 27]}), flower_cny=2)[["flowers", "mean_cny"]]
       flowers  mean_cny
    0       30      20.0
    """
    require_columns(posts, "reposts")
    require_rows(posts)
    require_values(posts, "reposts")
    require_numbers(posts, "reposts")
    require_positive("flower_cny", flower_cny)
    reposts = posts["reposts"].to_numpy("float64")
    rows = np.flatnonzero((reposts < 0) | (reposts != np.floor(reposts)))
    if rows.size:
        raise OutOfRangeError(
            f"reposts must be whole numbers of 0 or more; row(s) {rows[:10].tolist()}."
        )
    if cap is not None:
        require_at_least("cap", cap, 1)
        reposts = np.minimum(reposts, cap)
    cost = reposts * flower_cny
    return pd.DataFrame(
        {
            "posts": [len(cost)],
            "flowers": [int(reposts.sum())],
            "mean_cny": cost.mean(),
            "median_cny": float(np.median(cost)),
            "worst_of_100_cny": float(np.quantile(cost, 0.99, method="higher")),
            "most_cny": cost.max(),
        }
    )


def _first_day(reached: np.ndarray, first: int) -> pd.Timestamp:
    """Return the day of the first True, NaT if there is none."""
    day = first + int(reached.argmax())
    return pd.Timestamp(np.datetime64(day if reached.any() else "NaT", "D"))
