"""Who stops following, when and why, and what comes first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
)
from crmlab._groups import bincount
from crmlab._purchases import house_purchases
from crmlab.errors import BadRowsError, EmptyError
from crmlab.lifetime.measure import cumulative_incidence
from crmlab.social.measure.known import (
    acts_of,
    bought_by,
    known_fans,
    last_day,
)
from crmlab.social.measure.waiting import first_after


def following_time(fans: pd.DataFrame, *, as_of: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """Return how many days each fan has followed, those who still do counted until the last day.

    Parameters
    ----------
    fans : DataFrame, one row per fan: fan_id, followed_on, unfollowed_on (missing: still there)
    as_of : date, default the last day in the data

    Returns
    -------
    DataFrame, one row per fan who followed by `as_of`: the columns of `fans`, and
        duration : int64, days
        ended : bool, whether the fan has left

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        If a column or value is missing, a fan stands twice, or left before following.

    See Also
    --------
    crmlab.lifetime.measure.kaplan_meier : reads this frame, with `by="motive"`.

    Examples
    --------
    >>> fans = pd.DataFrame({"fan_id": [1, 2], "followed_on": pd.to_datetime(["2024-01-01"] * 2),
    ...     "unfollowed_on": pd.to_datetime(["2024-01-08", None])})
    >>> following_time(fans, as_of="2024-01-31")[["fan_id", "duration", "ended"]]
       fan_id  duration  ended
    0       1         7   True
    1       2        30  False
    """
    require_columns(fans, "unfollowed_on")
    known = known_fans(fans)
    end = last_day(as_of, known)
    there = np.flatnonzero(known.followed <= end)
    found = fans.iloc[there].reset_index(drop=True)
    until = np.minimum(known.left, end) - known.followed
    return found.assign(duration=until[there], ended=(known.left <= end)[there])


def unfollow_reasons(
    fans: pd.DataFrame,
    *,
    within_days: int = 365,
    no_answer: str = "no answer",
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return why fans leave within so many days: as those say who have left, and corrected.

    Who has left by now left early, so reasons to leave early stand too often among them. The
    *incidence* is the share of all fans who leave for a reason within the days, with the time of
    those who still follow counted (Aalen and Johansen). Those who gave no answer are taken to have
    left for the reasons of the others.

    Parameters
    ----------
    fans : DataFrame: fan_id, followed_on; unfollowed_on and unfollow_reason, missing while a fan
        stays
    within_days : int, at least 1
    no_answer : str
        The word for who was asked and did not say.
    as_of : date, default the last day in the data

    Returns
    -------
    DataFrame, one row per reason, most frequent first, and `no_answer` last
        reason : str
        left : int64, so far
        raw_share : float64, of those who left and said why; NaN for `no_answer`
        incidence, low, high : float64, of all fans, within the days, with a 95 % interval
        share : float64, incidence over that of all who say why; NaN for `no_answer`

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        As `following_time`; also if somebody left without a word for why, or nobody left.

    See Also
    --------
    crmlab.lifetime.measure.cumulative_incidence : its curves.

    Examples
    --------
    >>> fans = pd.DataFrame({"fan_id": [1, 2, 3], "followed_on": pd.to_datetime(["2024-01-01"] * 3),
    ...     "unfollowed_on": pd.to_datetime(["2024-01-08", "2024-02-08", None]),
    ...     "unfollow_reason": ["offer over", "moved away", None]})
    >>> unfollow_reasons(fans)[["reason", "raw_share", "share"]].round(2)
           reason  raw_share  share
    0  moved away        0.5    0.5
    1  offer over        0.5    0.5
    """
    require_at_least("within_days", within_days, 1)
    require_columns(fans, "unfollow_reason")
    times = following_time(fans, as_of=as_of)
    silent = np.flatnonzero(times["ended"] & times["unfollow_reason"].isna())
    if silent.size:
        raise BadRowsError(
            f"{silent.size} fan(s) left and have no unfollow_reason: "
            f"{times['fan_id'].iloc[silent[:10]].tolist()}. Write {no_answer!r} where nobody "
            "said why."
        )
    reason = times["unfollow_reason"].astype("str").where(times["ended"].to_numpy())
    if not times["ended"].any():
        raise EmptyError("nobody has left by then, so there are no reasons yet.")
    curves = cumulative_incidence(times.assign(reason=reason))
    by_then = curves[curves["time"] <= within_days].groupby("reason").last()
    table = by_then[["incidence", "low", "high"]].reset_index()
    table.insert(1, "left", reason.value_counts().reindex(table["reason"]).to_numpy("int64"))
    said = (table["reason"] != no_answer).to_numpy()
    raw = table["left"].where(said) / max(table["left"][said].sum(), 1)
    table.insert(2, "raw_share", raw)
    table["share"] = table["incidence"].where(said) / table["incidence"][said].sum()
    order = np.lexsort([table["reason"], -table["incidence"], ~said])
    return table.iloc[order].reset_index(drop=True)


def first_after_following(
    fans: pd.DataFrame,
    purchases: pd.DataFrame,
    *,
    customer: str = "customer_id",
    date: str = "date",
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return what came first after following, a purchase or leaving, and after how many days.

    The two compete: who buys first can still leave, but not first. Of one day, the purchase counts.

    Parameters
    ----------
    fans : DataFrame: fan_id, followed_on, unfollowed_on; customer_id, optional
    purchases, as_of, customer, date : as in `follow_to_purchase`

    Returns
    -------
    DataFrame, one row per fan who followed by `as_of`: the columns of `fans`, and
        duration : int64, days
        reason : str, "purchase" or "unfollow", missing where neither came

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        As `following_time`.

    See Also
    --------
    crmlab.lifetime.measure.cumulative_incidence : reads this frame.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-01-01", "2024-01-08", "2024-01-09"])
    >>> fans = pd.DataFrame({"fan_id": [1], "followed_on": day[:1], "unfollowed_on": day[1:2]})
    >>> purchases = pd.DataFrame({"customer_id": [1], "date": day[2:]})
    >>> first_after_following(fans, purchases)[["duration", "reason"]].values.tolist()
    [[7, 'unfollow']]
    """
    require_columns(fans, "unfollowed_on")
    purchases = house_purchases(purchases, customer=customer, date=date)
    known = known_fans(fans)
    _, buyer, bought = bought_by(known, purchases)
    end = last_day(as_of, known, bought)
    buys = first_after(known.followed, buyer, bought)
    first = np.minimum(buys, known.left)
    there = np.flatnonzero(known.followed <= end)
    reason = pd.Series(np.where(buys <= known.left, "purchase", "unfollow"), dtype="str")
    reason = reason.where(first <= end)
    found = fans.iloc[there].reset_index(drop=True)
    until = np.minimum(first, end) - known.followed
    return found.assign(duration=until[there], reason=reason.iloc[there].array)


def active_fan_time(
    fans: pd.DataFrame,
    interactions: pd.DataFrame,
    *,
    times: int = 10,
    kind: str | None = None,
    landmark_days: int | None = None,
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return how long fans followed, by whether they interacted so many times: two ways to count.

    Without a landmark everybody's time begins on the day of following, and who *ever* reached the
    number is put in one group: but to reach it takes time, in which they could not have left, so
    the group stays longer whatever interacting does (*immortal time*). With a landmark only those
    still there on that day count; the groups are made of what they did *before* it, and the time
    begins on it.

    Parameters
    ----------
    fans : DataFrame: fan_id, followed_on, unfollowed_on
    interactions : DataFrame: fan_id, on_day; kind, if it is asked for
    times : int, at least 1
    kind : str, optional
        Such as "repost"; by default all kinds count.
    landmark_days : int, at least 1, optional
        Days after following.
    as_of : date, default the last day in the data

    Returns
    -------
    DataFrame, one row per fan: the columns of `fans`, and
        duration : int64, days since following, or since the landmark
        ended : bool, whether the fan has left
        group : str, "10 times or more", "fewer"

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        As `fan_window`; also if nobody was watched beyond the landmark.

    See Also
    --------
    crmlab.lifetime.measure.kaplan_meier, crmlab.lifetime.measure.log_rank : read this frame, with
        `by="group"`.

    Source
    ------
    Anderson, Cain and Gelber (1983), Analysis of survival by tumor response, Journal of Clinical
    Oncology 1(11), 710-719, doi:10.1200/JCO.1983.1.11.710.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-01-01", "2024-01-06", "2024-01-21"])
    >>> fans = pd.DataFrame({"fan_id": [1], "followed_on": day[:1], "unfollowed_on": day[2:]})
    >>> interactions = pd.DataFrame({"fan_id": [1], "on_day": day[1:2]})
    >>> active_fan_time(fans, interactions, times=1, landmark_days=10)[["duration", "group"]]
       duration            group
    0        10  1 times or more
    """
    require_at_least("times", times, 1)
    require_columns(fans, "unfollowed_on")
    known = known_fans(fans)
    also = () if kind is None else ("kind",)
    actor, acted = acts_of(known, interactions, *also)
    end = last_day(as_of, known, acted)
    counts = acted <= end
    if kind is not None:
        counts &= (interactions["kind"] == kind).to_numpy(bool)
    begin = known.followed
    if landmark_days is not None:
        require_at_least("landmark_days", landmark_days, 1)
        begin = begin + landmark_days
        counts &= acted < begin[actor]
    done = bincount(actor[counts], minlength=len(begin)) >= times
    last = np.minimum(known.left, end)
    seen = np.flatnonzero((last >= begin) & (known.left > begin) if landmark_days else begin <= end)
    if not seen.size:
        raise EmptyError(f"nobody was watched beyond {landmark_days} days. Ask for an earlier day.")
    words = np.where(done, f"{times} times or more", "fewer")
    found = fans.iloc[seen].reset_index(drop=True)
    return found.assign(
        duration=(last - begin)[seen],
        ended=(known.left <= end)[seen],
        group=pd.Series(words[seen], dtype="str"),
    )
