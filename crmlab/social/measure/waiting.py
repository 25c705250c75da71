"""How long from following to the next purchase, when many have not bought again yet."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._purchases import house_purchases
from crmlab.lifetime.measure import kaplan_meier, survival_quantiles
from crmlab.social.measure.known import NEVER, bought_by, known_fans, last_day


def follow_to_purchase(
    fans: pd.DataFrame,
    purchases: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
) -> pd.DataFrame:
    """Return the days from following to the next purchase, open ones counted until the last day.

    The purchase on the day of following may be what made the fan follow, and is not the next one.
    Who leaves the account can still buy, and is watched on.

    Parameters
    ----------
    fans : DataFrame, one row per fan: fan_id, followed_on; customer_id, optional
    purchases : DataFrame: customer_id, date
    as_of : date, default the last day in the data
    customer, date : str
        Names of the columns of `purchases`.

    Returns
    -------
    DataFrame, one row per fan who followed by `as_of`: the columns of `fans`, and
        duration : int64, days
        ended : bool, whether a purchase came

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        As `fan_window`.

    See Also
    --------
    crmlab.lifetime.measure.kaplan_meier, crmlab.lifetime.measure.log_rank : read this frame.
    days_to_purchase : its medians.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-01-01", "2024-01-05", "2024-01-31"])
    >>> fans = pd.DataFrame({"fan_id": [1, 2], "followed_on": day[:2]})
    >>> purchases = pd.DataFrame({"customer_id": [1, 1], "date": day[[0, 2]]})
    >>> follow_to_purchase(fans, purchases)[["fan_id", "duration", "ended"]]
       fan_id  duration  ended
    0       1        30   True
    1       2        26  False
    """
    purchases = house_purchases(purchases, customer=customer, date=date)
    known = known_fans(fans)
    _, buyer, bought = bought_by(known, purchases)
    end = last_day(as_of, known, bought)
    next_one = first_after(known.followed, buyer, bought)
    there = np.flatnonzero(known.followed <= end)
    found = fans.iloc[there].reset_index(drop=True)
    until = np.minimum(next_one, end) - known.followed
    return found.assign(duration=until[there], ended=(next_one <= end)[there])


def days_to_purchase(
    fans: pd.DataFrame,
    purchases: pd.DataFrame,
    *,
    by: str | None = None,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
) -> pd.DataFrame:
    """Return the median days from following to the next purchase, of all fans or by an attribute.

    Beside it stands the median of those who have bought already, which is too short: the slow ones
    are missing from it.

    Parameters
    ----------
    fans, purchases, as_of, customer, date : as in `follow_to_purchase`
    by : str, optional
        An attribute of the fans, such as "motive".

    Returns
    -------
    DataFrame, one row per group
        the column `by` : only where it is given
        fans, bought : int64
        of_buyers : float64, median days of those who bought; NaN without any
        median, low, high : float64, by Kaplan and Meier, with its 95 % interval; NaN where the
            data end before

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        As `fan_window`.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-01-01"] * 3)
    >>> fans = pd.DataFrame({"fan_id": [1, 2, 3], "followed_on": day})
    >>> purchases = pd.DataFrame({"customer_id": [1, 2, 9],
    ...     "date": pd.to_datetime(["2024-01-03", "2024-01-09", "2024-02-01"])})
    >>> days_to_purchase(fans, purchases)[["of_buyers", "median"]].values.tolist()
    [[5.0, 8.0]]
    """
    also = () if by is None else (by,)
    known_fans(fans, *also)
    waits = follow_to_purchase(fans, purchases, as_of=as_of, customer=customer, date=date)
    median = survival_quantiles(kaplan_meier(waits, by=by))
    group = waits[by] if by else pd.Series("all", index=waits.index)
    counts = waits.groupby(group, sort=True)["ended"].agg(["size", "sum"]).astype("int64")
    over = waits["duration"].where(waits["ended"]).groupby(group, sort=True).median()
    table = {by: median[by]} if by else {}
    return pd.DataFrame(
        table
        | {
            "fans": counts["size"].to_numpy(),
            "bought": counts["sum"].to_numpy(),
            "of_buyers": over.to_numpy("float64"),
            "median": median["time"],
            "low": median["low"],
            "high": median["high"],
        }
    )


def first_after(followed: np.ndarray, who: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return the first day after following on which each one did something; never: a far day."""
    first = np.full(len(followed), NEVER)
    later = day > followed[who]
    np.minimum.at(first, who[later], day[later])
    return first
