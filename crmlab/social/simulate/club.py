"""The fans of a small restaurant, with all that they do, in a world where talking sells or not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import gammaincinv, ndtr

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import bincount, repeat
from crmlab.errors import OutOfRangeError
from crmlab.social.simulate.fans import SOURCES, require_share, words_at

FIRST_DAY = np.datetime64("2023-01-01")
MOTIVES = ("old customer", "offer", "content", "friends")
SHARES = (0.35, 0.30, 0.20, 0.15)
# Purchases: a fan's daily rate is a gamma number of this shape, by motive, over this many days.
SHAPES, SCALE, PAST_DAYS = np.array([1.6, 0.8, 0.5, 0.8]), 60.0, 365
KINDS, KIND_SHARES = ("like", "comment", "repost"), (0.6, 0.25, 0.15)
WEEKLY, WARMTH = 0.5, 2.0
# A year's hazard of leaving, a row per motive, a column per reason.
REASONS = ("offer over", "too many posts", "not for me", "moved away")
NO_ANSWER, SILENT = "no answer", 0.2
LEAVING = np.array(
    [[0.0, 0.15, 0.05, 0.1], [1.8, 0.4, 0.4, 0.1], [0.0, 0.3, 0.4, 0.1], [0.1, 0.3, 0.5, 0.1]]
)
# Friends each fan brings in the end, by reason, and within how many days.
BRINGS = {"content": 0.15, "campaign": 0.20, "other": 0.10}
BRING_DAYS, LIKENESS = 180, 0.6
RETURNS, RETURN_DAYS = (0.08, 0.20), 60
TICKET, TICKET_SPREAD = 40.0, 0.5


class FanClub(NamedTuple):
    """What the account and the till know of the fans, and what only the simulator knows."""

    fans: pd.DataFrame
    interactions: pd.DataFrame
    purchases: pd.DataFrame
    lapsed: pd.DataFrame
    truth: pd.DataFrame


def simulate_fan_club(
    n: int, *, effect: float = 0.0, hidden: float = 0.0, n_days: int = 730, seed: Seed
) -> FanClub:
    """Simulate `n` fans who come on their own, whom they bring, and what all of them do.

    Model
    -----
    The `n` follow on days drawn evenly over `n_days`, for a motive: old customer .35, offer .30,
    content .20, friends .15. Each buys at a rate of their own,
        rate ~ Gamma(1.6, .8, .5, .8 by motive) / 60 days
    and bought x times in the 365 days before following, x ~ Poisson(365 rate). After x purchases
    the rate expected is (shape + x) / 425 a day: linear in x, so that who knows x and the motive
    knows all that the past says. While following, a fan interacts as a Poisson process of weekly
        .5 sqrt(1 + x) * warmth * liking * (2 if invited),    warmth ~ Gamma(2, 1/2)
    where a half, drawn at random, is invited to comment; and buys, following or not, as one of
        rate * liking,    liking = exp(hidden * N(0, 1) - hidden^2 / 2)
    Each interaction causes a purchase on its own day with chance `effect`. So `effect` is the
    number of purchases that one interaction causes; 0 is the world in which interaction merely
    marks the loyal, and `hidden` above 0 the one in which something unseen drives both.

    A fan leaves for one of four reasons, each with a constant hazard, by motive (`LEAVING`, per
    year); one in five gives no answer. On the 14th day after, a half of those who left, at random,
    is contacted; .20 of these and .08 of the others return within 60 days, all days alike.

    Each fan brings Poisson(.15) friends for the content, .20 by campaigns and .10 for other
    reasons, within 180 days: by day t the share 1 - (1 - t / 180)^2 has come. Friends have the
    motive "friends", rates correlated by .6 (Gaussian copula) with the rate of who brought them,
    and bring friends in turn.

    Parameters
    ----------
    n : int
        Fans who come on their own; those they bring come on top, about a half.
    effect : float in [0, 1]
    hidden : float, 0 or more
    n_days : int, at least 2
        Days that are watched, from 2023-01-01.
    seed : int, SeedSequence or Generator

    Returns
    -------
    fans : DataFrame, one row per fan, numbered from 1 by generation
        fan_id, customer_id : int64, the same number
        followed_on, unfollowed_on : datetime64[us], the second missing while a fan stays
        unfollow_reason : str, missing likewise
        source, motive : str
        invited : bool
        referred_by : Int64, and referral_reason : str, missing for who came alone
    interactions : DataFrame: fan_id, on_day, kind ("like", "comment", "repost")
    purchases : DataFrame: customer_id, date, amount (CNY), from 365 days before following
    lapsed : DataFrame, one row per fan who left: fan_id, unfollowed_on, contacted, returned_on
    truth : DataFrame, one row per fan
        fan_id; rate_per_week, interactions_per_week : float64
        caused : int64, purchases that interactions caused
        leaves_on : datetime64[us], and leaves_for : str, whatever was answered, maybe later

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `n_days` below 2, `effect` lies outside [0, 1], `hidden` is below 0, or
        `seed` is no seed.

    See Also
    --------
    simulate_fans : fans among the customers of a firm.

    Examples
    --------
    >>> club = simulate_fan_club(500, seed=1)
    >>> club.fans["referred_by"].isna().sum()
    np.int64(500)
    """
    require_real(effect=effect, hidden=hidden)
    require_at_least("n", n, 1)
    require_at_least("n_days", n_days, 2)
    require_share("effect", effect)
    if not 0 <= hidden < np.inf:
        raise OutOfRangeError(f"hidden must be 0 or more; got {hidden!r}.")
    rng = stream_of(seed, "simulate_fan_club")
    family = _family(rng, n, n_days)
    count, motive, day = len(family["day"]), family["motive"], family["day"]
    rate = gammaincinv(SHAPES[motive], ndtr(family["level"])) / SCALE
    before = rng.poisson(PAST_DAYS * rate)
    liking = np.exp(hidden * rng.normal(size=count) - hidden**2 / 2)
    invited = rng.permutation(count) % 2 == 0
    weekly = WEEKLY * np.sqrt(1 + before) * rng.gamma(WARMTH, 1 / WARMTH, count) * liking
    weekly *= np.where(invited, 2.0, 1.0)

    hazard = LEAVING[motive]
    stays = 1 + np.floor(rng.exponential(365 / hazard.sum(axis=1)))
    reason = (rng.random((count, 1)) * hazard.sum(axis=1, keepdims=True) > hazard.cumsum(1)).sum(1)
    leaves = day + np.minimum(stays, 36_500).astype(np.int64)
    left = leaves < n_days
    told = words_at((*REASONS, NO_ANSWER), np.where(rng.random(count) < SILENT, 4, reason))

    number = np.arange(1, count + 1)
    fan, when = _events(rng, weekly / 7, day, np.minimum(leaves, n_days))
    causes = rng.random(len(fan)) < effect
    pace = rate * liking
    later = _events(rng, pace, day + 1, np.full(count, n_days))
    past = repeat(np.arange(count), before)
    past_day = day[past] - rng.integers(1, PAST_DAYS + 1, len(past))
    buyer = np.concatenate([past, later[0], fan[causes]])
    bought_on = np.concatenate([past_day, later[1], when[causes]])

    fans = pd.DataFrame(
        {
            "fan_id": number,
            "customer_id": number,
            "followed_on": _dates(day),
            "unfollowed_on": pd.Series(_dates(leaves)).where(left),
            "unfollow_reason": told.where(left),
            "source": words_at(SOURCES, rng.integers(0, len(SOURCES), count)),
            "motive": words_at(MOTIVES, motive),
            "invited": invited,
            "referred_by": pd.Series(family["by"], dtype="Int64").mask(family["by"] == 0),
            "referral_reason": words_at((*BRINGS, ""), family["why"]).where(family["why"] < 3),
        }
    )
    truth = pd.DataFrame(
        {
            "fan_id": number,
            "rate_per_week": 7 * pace,
            "interactions_per_week": weekly,
            "caused": bincount(fan[causes], minlength=count),
            "leaves_on": _dates(leaves),
            "leaves_for": words_at(REASONS, reason),
        }
    )
    return FanClub(
        fans,
        _interactions(rng, number, fan, when),
        _purchases(rng, number, buyer, bought_on),
        _lapsed(rng, number[left], leaves[left], n_days),
        truth,
    )


def _family(rng: np.random.Generator, n: int, n_days: int) -> dict[str, np.ndarray]:
    """Return motive, level of buying and day of each fan, who brought them and why (3: nobody)."""
    motive = rng.permutation(np.searchsorted(np.cumsum(SHARES), (np.arange(n) + 0.5) / n))
    day = np.sort(rng.integers(0, n_days, n))
    nobody = np.zeros(n, dtype="int64")
    made: list[tuple[np.ndarray, ...]] = [(motive, rng.normal(size=n), day, nobody, nobody + 3)]
    first = 1
    while len(made[-1][0]):
        _, level, day, _, _ = made[-1]
        count = rng.poisson(np.array([*BRINGS.values()]), (len(level), 3)).ravel()
        place = repeat(np.arange(len(count)), count)
        one, why = place // 3, place % 3
        wait = BRING_DAYS * (1 - np.sqrt(1 - rng.random(len(one))))
        comes = day[one] + 1 + np.floor(wait).astype("int64")
        own = rng.normal(size=len(one))
        alike = LIKENESS * level[one] + np.sqrt(1 - LIKENESS**2) * own
        born = np.full(len(one), 3), alike, comes, first + one, why
        kept = np.argsort(comes, kind="stable")[: (comes < n_days).sum()]
        first += len(level)
        made.append(tuple(part[kept] for part in born))
    names = ("motive", "level", "day", "by", "why")
    return dict(zip(names, map(np.concatenate, zip(*made, strict=True)), strict=True))


def _events(
    rng: np.random.Generator, rate: np.ndarray, begin: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return whom and on which day Poisson processes of a daily rate happen, from begin to end."""
    days = np.maximum(end - begin, 0)
    who = repeat(np.arange(len(rate)), rng.poisson(rate * days))
    return who, begin[who] + np.floor(rng.random(len(who)) * days[who]).astype(np.int64)


def _by_day(who: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return the order by person and day; one number for both is sorted faster than two."""
    first = day.min(initial=0)
    span = day.max(initial=0) - first + 1
    return np.argsort(who * span + (day - first), kind="stable")


def _dates(day: np.ndarray) -> np.ndarray:
    return (FIRST_DAY + day.astype("m8[D]")).astype("M8[us]")


def _interactions(
    rng: np.random.Generator, number: np.ndarray, fan: np.ndarray, when: np.ndarray
) -> pd.DataFrame:
    """Return the interactions, by fan and day."""
    kind = np.searchsorted(np.cumsum(KIND_SHARES), rng.random(len(fan)))
    order = _by_day(fan, when)
    return pd.DataFrame(
        {
            "fan_id": number[fan[order]],
            "on_day": _dates(when[order]),
            "kind": words_at(KINDS, np.minimum(kind, 2)[order]),
        }
    )


def _purchases(
    rng: np.random.Generator, number: np.ndarray, buyer: np.ndarray, day: np.ndarray
) -> pd.DataFrame:
    """Return the purchases, by customer and date."""
    amount = TICKET * np.exp(TICKET_SPREAD * rng.normal(size=len(buyer)) - TICKET_SPREAD**2 / 2)
    order = _by_day(buyer, day)
    return pd.DataFrame(
        {
            "customer_id": number[buyer[order]],
            "date": _dates(day[order]),
            "amount": np.maximum(amount, 0.01).round(2),
        }
    )


def _lapsed(
    rng: np.random.Generator, number: np.ndarray, left: np.ndarray, n_days: int
) -> pd.DataFrame:
    """Return who left, who of them was contacted, and who had returned by the last day."""
    contacted = rng.permutation(len(number)) % 2 == 0
    returns = rng.random(len(number)) < np.where(contacted, RETURNS[1], RETURNS[0])
    back = left + 14 + rng.integers(1, RETURN_DAYS + 1, len(number))
    returned_on = pd.Series(_dates(back)).where(returns & (back < n_days))
    contacted &= left + 14 < n_days
    return pd.DataFrame(
        {
            "fan_id": number,
            "unfollowed_on": _dates(left),
            "contacted": contacted,
            "returned_on": returned_on,
        }
    )
