"""What friendships tell: friends have more friends, are alike, and pass on less than it seems."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    require_alike,
    require_columns,
    require_key,
    require_numbers,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab._purchases import plain_ids
from crmlab._regression import least_squares
from crmlab.errors import BadRowsError, EmptyError


def friend_counts(friends: pd.DataFrame) -> pd.DataFrame:
    """Return how many friends each person has, and how many their friends have on average.

    Parameters
    ----------
    friends : DataFrame, one row per friendship, each written once
        one, other : ids

    Returns
    -------
    DataFrame, one row per person who has a friend, by id
        fan_id
        friends : int64
        of_friends : float64, mean number of friends of the friends
        fewer : bool, whether the friends have more friends on average

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, EmptyError
        If a column or value is missing, somebody is their own friend, or a friendship stands twice.

    See Also
    --------
    friendship_paradox : sums it up.

    Examples
    --------
    >>> friends = pd.DataFrame({"one": [1, 1, 1], "other": [2, 3, 4]})
    >>> friend_counts(friends)
       fan_id  friends  of_friends  fewer
    0       1        3         1.0  False
    1       2        1         3.0   True
    2       3        1         3.0   True
    3       4        1         3.0   True
    """
    ids, one, other = pairs_of(friends)
    n = len(ids)
    count = bincount(np.concatenate([one, other]), minlength=n)
    theirs = bincount(one, count[other].astype("float64"), n)
    theirs = theirs + bincount(other, count[one].astype("float64"), n)
    of_friends = theirs / count
    columns = {"fan_id": ids, "friends": count, "of_friends": of_friends}
    return pd.DataFrame(columns).assign(fewer=of_friends > count)


def friendship_paradox(friends: pd.DataFrame) -> pd.DataFrame:
    """Return why your friends have more friends than you: mean friends, and of a friend.

    Who has many friends is a friend of many, and counted by each of them. So a friend, drawn at
    random from all friendships, has mean + variance / mean friends, where mean and variance are
    those of people. Whom a fan names is therefore a better seed than the fan.

    Parameters
    ----------
    friends : DataFrame, one row per friendship, each written once: one, other

    Returns
    -------
    DataFrame, one row
        people : int64, who have a friend
        mean_friends : float64, of a person
        of_a_friend : float64, friends of a friend drawn at random
        share_fewer : float64, of people who have fewer than their friends have on average

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, EmptyError
        As `friend_counts`.

    Source
    ------
    Feld (1991), Why your friends have more friends than you do, American Journal of Sociology
    96(6), 1464-1477, doi:10.1086/229693.

    Examples
    --------
    >>> friends = pd.DataFrame({"one": [1, 1, 1], "other": [2, 3, 4]})
    >>> friendship_paradox(friends)[["mean_friends", "of_a_friend", "share_fewer"]]
       mean_friends  of_a_friend  share_fewer
    0           1.5          2.0         0.75
    """
    table = friend_counts(friends)
    count = table["friends"].to_numpy("float64")
    return pd.DataFrame(
        {
            "people": [len(table)],
            "mean_friends": count.mean(),
            "of_a_friend": float((count**2).sum() / count.sum()),
            "share_fewer": float(table["fewer"].mean()),
        }
    )


def friend_effect(
    fans: pd.DataFrame, friends: pd.DataFrame, *, value: str = "spend_cny", given: str = "given"
) -> pd.DataFrame:
    """Return what goes with a friend who spends much, and with one who was given a dish.

    A friend who spends much (above the median) goes with more spend of one's own, since friends
    are alike (*homophily*), whatever they pass on. A friend who was given a dish, at random, is
    like any other friend, so that what goes with it was passed on. Both among fans with equally
    many friends.

    Parameters
    ----------
    fans : DataFrame, one row per fan: fan_id; the column `value`, numbers; `given`, bool, at random
    friends : DataFrame, one row per friendship, each written once: one, other
    value, given : str

    Returns
    -------
    DataFrame, one row per kind of friend
        friend : str, "who spends much", "who was given a dish at random"
        effect, low, high : float64, more of `value` per such friend, with a 95 % interval; the
            first lets each fan vary together with their friends; the second rests on the lot alone

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        As `friend_counts`; also if a friend is no fan.

    See Also
    --------
    crmlab.social.simulate.simulate_friends : friends who are alike, and pass on as told.

    Source
    ------
    All effects that a randomised lot does not contradict: Rosenbaum (2002), Observational Studies,
    section 2.4. Shalizi and Thomas (2011), Homophily and contagion are generically confounded in
    observational social network studies, doi:10.1177/0049124111404820. What friends share in an
    error: Leung (2020), Treatment and spillover effects under network interference, Review of
    Economics and Statistics 102(2), 368-380, doi:10.1162/rest_a_00818, with residuals over one less
    their leverage (MacKinnon and White 1985, doi:10.1016/0304-4076(85)90158-7), and never less than
    of fans who share nothing.

    Examples
    --------
    >>> from crmlab.social.simulate import simulate_friends
    >>> club = simulate_friends(500, seed=1)
    >>> friend_effect(club.fans, club.friends)["friend"].tolist()
    ['who spends much', 'who was given a dish at random']
    """
    require_columns(fans, "fan_id", value=value, given=given)
    require_rows(fans)
    require_key(fans, "fan_id")
    require_values(fans, value, given)
    require_numbers(fans, value)
    require_truths(fans, given)
    ids, one, other = pairs_of(friends)
    everybody = pd.Index(plain_ids(fans["fan_id"]))
    place = everybody.get_indexer(ids)
    if (place < 0).any():
        raise BadRowsError(
            f"friends holds {int((place < 0).sum())} who are no fans: "
            f"{ids[place < 0][:10].tolist()}. Add them to fans, or leave their friendships out."
        )
    one, other, n = place[one], place[other], len(fans)
    y, lot = fans[value].to_numpy("float64"), fans[given].to_numpy("float64")
    much = (y > np.median(y)).astype("float64")
    degree = bincount(np.concatenate([one, other]), minlength=n).astype("float64")

    def near(flag: np.ndarray) -> np.ndarray:
        return bincount(one, flag[other], n) + bincount(other, flag[one], n)

    for words, flag in (("who spends much", much), ("who was given a dish", lot)):
        if np.ptp(near(flag)) == 0:
            raise EmptyError(f"no fan has a friend {words}, or all have equally many.")
    x = np.column_stack([near(much), np.ones(n), degree])
    fit = least_squares(x, y, names=["friends", "all", "degree"])
    turned = x @ np.linalg.inv(x.T @ x)
    leverage = np.minimum((turned * x).sum(axis=1), 1 - 1e-9)
    own = turned[:, 0] * (y - x @ fit.coefficients) / (1 - leverage)
    variance = own @ own + max(0.0, 2 * own[one] @ own[other])
    effect, reach = fit.coefficients[0], t.ppf(0.975, n - 3) * np.sqrt(variance)
    rows = [{"effect": effect, "low": effect - reach, "high": effect + reach}]
    # Fans near each other are alike and share friends: what each of them has beyond fans of as
    # many friends is added up around whoever could be given, since only the lot is independent.
    around = [near(_beyond(one, x[:, 1:])) for one in (y, near(lot))]
    rows.append(_by_lot(lot - lot.mean(), *around))
    table = pd.DataFrame(rows)
    table.insert(0, "friend", ["who spends much", "who was given a dish at random"])
    return table.astype({"friend": "str"})


def _beyond(values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return what is left of `values` after a regression on the columns of `x`."""
    return values - x @ np.linalg.lstsq(x, values, rcond=None)[0]


def _by_lot(lot: np.ndarray, y: np.ndarray, x: np.ndarray) -> dict[str, float]:
    """Return the effect of `x` on `y` and all those that the lot does not contradict.

    With the true effect, y - effect * x is what it would be whoever had been given, so its sum with
    the lot has mean 0 and a variance that the permutations of the lot give: a quadratic inequality.
    """
    n = len(lot)
    top, below = float(lot @ y), float(lot @ x)
    spread = np.cov(np.stack([y, x])) * float(lot @ lot) * Z**2
    a, b, c = below**2 - spread[1, 1], top * below - spread[0, 1], top**2 - spread[0, 0]
    inside = b**2 - a * c
    if n < 4 or a <= 0 or inside < 0:
        return {"effect": top / below if below else np.nan, "low": -np.inf, "high": np.inf}
    root = float(np.sqrt(inside))
    return {"effect": top / below, "low": (b - root) / a, "high": (b + root) / a}


def pairs_of(friends: pd.DataFrame) -> tuple[pd.Index, np.ndarray, np.ndarray]:
    """Return everybody in friendships, sorted, and the places of each pair, which stands once."""
    require_columns(friends, "one", "other")
    require_rows(friends)
    require_values(friends, "one", "other")
    require_alike("one and other", friends["one"], friends["other"])
    left, right = (pd.Index(plain_ids(friends[name])) for name in ("one", "other"))
    ids = left.union(right).unique().sort_values()
    one, other = ids.get_indexer(left), ids.get_indexer(right)
    own = np.flatnonzero(one == other)
    if own.size:
        raise BadRowsError(
            f"{own.size} row(s) make somebody their own friend: {own[:10].tolist()}. Leave these "
            "rows out."
        )
    low, high = np.minimum(one, other), np.maximum(one, other)
    twice = np.flatnonzero(pd.Series(low * len(ids) + high).duplicated())
    if twice.size:
        raise BadRowsError(
            f"{twice.size} row(s) repeat a friendship, perhaps the other way round: "
            f"{twice[:10].tolist()}. Write each once."
        )
    return ids, one, other
