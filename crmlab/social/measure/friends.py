"""How many friends a fan brings in the end, and how those behave."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_columns
from crmlab._groups import bincount, repeat
from crmlab._intervals import Z
from crmlab._purchases import house_purchases
from crmlab.errors import BadRowsError
from crmlab.social.measure.fans import bringers_of, ratio_of_sums
from crmlab.social.measure.known import acts_of, bought_by, known_fans, last_day


def referral_k(
    fans: pd.DataFrame,
    *,
    by: str = "referral_reason",
    within_days: int = 180,
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return how many friends a fan brings within some days, by reason; raw, and corrected.

    *Raw* counts the friends who have come and divides by all fans: too low, since fans who followed
    lately have not had their time. *Corrected* adds up, over the ages 0, 1, … of a fan's following,
    the friends brought at that age over the fans who have been watched to that age (the mean
    cumulative function). Leaving does not end the watching: who left can still bring a friend.

    Parameters
    ----------
    fans : DataFrame, one row per fan, those brought among them
        fan_id, followed_on; referred_by, missing for who came alone; the column `by`, why
    by : str
        Column of the reason; missing for who came alone.
    within_days : int, at least 1
    as_of : date, default the last day in the data

    Returns
    -------
    DataFrame, one row per reason, and a last row "all"
        the column `by`
        brought : int64, within the days, by now
        raw : float64, brought over fans
        k, low, high : float64, corrected, with a 95 % interval by the spread between fans

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        As `fan_funnel`; also if a friend came before who brought them.

    Source
    ------
    Nelson (1988), Graphical analysis of system repair data, Journal of Quality Technology 20(1),
    24-35; the variance: Lawless and Nadeau (1995), doi:10.1080/00401706.1995.10484300.

    Examples
    --------
    Fan 1 brought one after 4 days. Fan 4 has followed for too short a time to say.

    >>> fans = pd.DataFrame({"fan_id": [1, 2, 3, 4], "referred_by": [None, 1, None, None],
    ...     "followed_on": pd.to_datetime(["2024-01-01", "2024-01-05", "2024-01-01", "2024-01-30"]),
    ...     "referral_reason": [None, "content", None, None]})
    >>> referral_k(fans, within_days=20)[["referral_reason", "raw", "k"]].round(2)
      referral_reason   raw     k
    0         content  0.25  0.33
    1             all  0.25  0.33
    """
    require_at_least("within_days", within_days, 1)
    require_columns(fans, "referred_by", by=by)
    known = known_fans(fans)
    end = last_day(as_of, known)
    there = known.followed <= end
    came = np.flatnonzero(fans["referred_by"].notna().to_numpy() & there)
    bringer = bringers_of(known, fans, there)
    age = known.followed[came] - known.followed[bringer]
    _require_later(known.ids, came, age)
    inside = age <= within_days
    came, bringer, age = came[inside], bringer[inside], age[inside]
    watched = np.minimum(end - known.followed, within_days)[there]
    # At each age, how many fans have been watched so far.
    at_risk = bincount(watched, minlength=within_days + 1)[::-1].cumsum()[::-1]
    place = np.cumsum(there) - 1  # of each fan among those there
    why = fans[by].iloc[came]
    reasons = [*sorted(why.dropna().unique(), key=str), None]
    rows = []
    for reason in reasons:
        mine = np.ones(len(came), bool) if reason is None else (why == reason).to_numpy(bool)
        k, error = _mean_cumulative(place[bringer[mine]], age[mine], watched, at_risk)
        name = "all" if reason is None else str(reason)
        row = {by: name, "brought": int(mine.sum()), "raw": mine.sum() / len(watched), "k": k}
        rows.append(row | {"low": max(k - Z * error, 0.0), "high": k + Z * error})
    return pd.DataFrame(rows).astype({by: "str", "brought": "int64"})


def friend_behaviour(
    fans: pd.DataFrame,
    interactions: pd.DataFrame,
    purchases: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Return interactions and spend a week of fans who were brought, beside those who came alone.

    Both per week watched since following, since those brought have come later; interactions per
    week of following.

    Parameters
    ----------
    fans : DataFrame: fan_id, followed_on, referred_by; customer_id and unfollowed_on, optional
    interactions : DataFrame: fan_id, on_day
    purchases : DataFrame: customer_id, date, amount
    as_of : date, default the last day in the data
    customer, date, amount : str
        Names of the columns of `purchases`.

    Returns
    -------
    DataFrame, two rows for each of the three
        what : str, "interactions", "purchases", "spend"
        came : str, "alone", "brought"
        fans : int64
        per_week, low, high : float64, with a 95 % interval as that of `interaction_rates`, by the
            spread between fans who came alone, and between families of those brought; missing of
            fewer than two, or where nothing was done

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        As `fan_funnel`; also if somebody came before who brought them, or fans bring each other in
        a circle.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-01-01", "2024-01-01", "2024-01-14"])
    >>> fans = pd.DataFrame({"fan_id": [1, 2], "followed_on": day[:2], "referred_by": [None, 1]})
    >>> interactions = pd.DataFrame({"fan_id": [1, 1], "on_day": day[:2]})
    >>> purchases = pd.DataFrame({"customer_id": [2], "date": day[2:], "amount": [28.0]})
    >>> friend_behaviour(fans, interactions, purchases).tail(2)[["what", "came", "per_week"]]
        what     came  per_week
    4  spend    alone       0.0
    5  spend  brought      14.0
    """
    require_columns(fans, "referred_by")
    purchases = house_purchases(purchases, customer=customer, date=date, amount=amount)
    known = known_fans(fans)
    actor, acted = acts_of(known, interactions)
    place, buyer, bought = bought_by(known, purchases)
    end = last_day(as_of, known, acted, bought)
    there = known.followed <= end
    n, brought = len(known.ids), fans["referred_by"].notna().to_numpy("int64")
    # Families are alike, so those brought are counted by who began theirs.
    came, bringer = np.flatnonzero(brought & there), bringers_of(known, fans, there)
    _require_later(known.ids, came, known.followed[came] - known.followed[bringer])
    family = _family(known.ids, came, bringer)
    family += n * brought
    side = repeat(np.arange(2), [n, n])
    since = (bought >= known.followed[buyer]) & (bought <= end)
    paid = purchases["amount"].to_numpy("float64")[place]
    followed = np.clip(np.minimum(known.left, end + 1) - known.followed, 0, None) / 7
    watched = np.clip(end + 1 - known.followed, 0, None) / 7
    acts = bincount(actor[acted <= end], minlength=n)
    count = bincount(buyer[since], minlength=n)
    spend = bincount(buyer[since], paid[since], n)
    here = {"came": ["alone", "brought"], "fans": bincount(brought[there], minlength=2)}
    tables = []
    did = {"interactions": (acts, followed), "purchases": (count, watched)}
    for what, (each, weeks) in (did | {"spend": (spend, watched)}).items():
        total, time = (bincount(family[there], part[there], 2 * n) for part in (each, weeks))
        rate, reach = ratio_of_sums(total, time, side, 2)
        one = pd.DataFrame({"what": [what] * 2} | here)
        tables.append(one.assign(per_week=rate, low=rate / reach, high=rate * reach))
    return pd.concat(tables, ignore_index=True).astype({"what": "str", "came": "str"})


def _family(ids: pd.Index, brought: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Return for each fan the row of who began the chain that brought them; refuse circles."""
    began = np.arange(len(ids))
    began[brought] = by
    for _ in range(len(ids).bit_length()):  # each round goes twice as far up
        began = began[began]
    round_about = brought[np.isin(began[brought], brought)]
    if round_about.size:
        raise BadRowsError(
            f"{round_about.size} row(s) bring each other in a circle: {round_about[:10].tolist()} "
            f"(fans {ids[round_about[:10]].tolist()}). Clear referred_by of who came first."
        )
    return began


def _mean_cumulative(
    who: np.ndarray, age: np.ndarray, watched: np.ndarray, at_risk: np.ndarray
) -> tuple[float, float]:
    """Return the mean number of events per fan over the ages, and its standard error."""
    count = bincount(age, minlength=len(at_risk))
    here = np.maximum(at_risk, 1)
    step = count / here
    each = bincount(who, 1 / here[age], len(watched)) - (step / here).cumsum()[watched]
    return float(step.sum()), float(np.sqrt((each**2).sum()))


def _require_later(ids: pd.Index, came: np.ndarray, age: np.ndarray) -> None:
    """Raise BadRowsError if somebody came before who brought them."""
    early = came[age < 0]
    if early.size:
        raise BadRowsError(
            f"{early.size} row(s) followed before the fan who brought them: {early[:10].tolist()} "
            f"(fans {ids[early[:10]].tolist()}). Clear referred_by in these rows, or mend the days."
        )
