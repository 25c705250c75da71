"""Fans of a brand's social account: why they come, what they do there, and whom they bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._chance import Chance
from crmlab._checks import Seed, require_at_least, require_columns, stream_of
from crmlab._groups import repeat
from crmlab.errors import OutOfRangeError

FIRST_DAY = np.datetime64("2023-01-01")
# Motive: its share of the fans, and its mean days until the fan leaves the account.
MOTIVES = {
    "old customer": (0.35, 900.0),
    "offer": (0.30, 90.0),
    "content": (0.20, 600.0),
    "friends": (0.15, 400.0),
}
SOURCES = ("table card", "parcel code", "shop", "search")
DAYS_TO_FOLLOW = 60.0
RETURNS, RETURNS_WITHIN = 0.2, 60
INTERACTIONS = {"like": 0.6, "comment": 0.25, "repost": 0.15}
# Interactions a week of a fan who buys once a week, and how they grow with that pace.
WEEKLY, GROWTH, WARMTH = 0.8, 0.5, 2.0
REASONS = {"content": 0.3, "campaign": 0.5, "other": 0.2}
PAST = ("gone_on", "failed_on", "followed_on", "unfollowed_on")
CONTENT_OF_FANS, FANS_BRING, SORE_BRING, FAMILIAR = 0.6, 3.0, 0.3, 180.0
MOST, TRIES = 1.1 * FANS_BRING, 64


class Fans(NamedTuple):
    """The account's own tables, and what only the simulator knows of each fan (truth)."""

    fans: pd.DataFrame
    follows: pd.DataFrame
    interactions: pd.DataFrame
    truth: pd.DataFrame


def simulate_fans(
    n: int | pd.DataFrame, *, share: float = 0.5, n_days: int = 730, seed: Seed
) -> Fans:
    """Simulate the fans among customers, by default of some who all join on the first day.

    Model
    -----
    A `share` of the customers follows the account, an exponential time (mean 60 days) after
    joining, for one of four motives: old customer .35, offer .30, content .20, friends .15. They
    leave it after an exponential time with mean 900, 90, 600, 400 days; one in five who left
    returns within 60 days and then stays. While following, a fan who buys `rate_per_week`
    interacts as a Poisson process with weekly rate
        0.8 * sqrt(rate_per_week) * warmth,    warmth ~ Gamma(2, 1/2)
    Interacting changes nothing: loyal buyers interact more, so interactions and purchases go
    together although the effect of the one on the other is 0.

    Parameters
    ----------
    n : int, or DataFrame with customer_id, joined_on, rate_per_week
        How many customers, each of whom buys at a rate ~ Gamma(1, 1/4) a week; or who they are,
        with dropped_out_on where they may leave: who is gone follows and does no more.
    share : float in [0, 1]
        Who becomes a fan.
    n_days : int
        Days that are watched, from 2023-01-01.
    seed : int, SeedSequence or Generator
        Same seed, same fans.

    Returns
    -------
    fans : DataFrame: fan_id (the customer's number), customer_id, followed_on, source, motive
    follows : DataFrame, one row per event: fan_id, on_day, event ("follow", "unfollow", "return")
    interactions : DataFrame: fan_id, on_day, kind ("like", "comment", "repost")
    truth : DataFrame: fan_id, rate_per_week, interactions_per_week, leaves_on (datetime64[us],
        maybe after the days that are watched)

    Raises
    ------
    OutOfRangeError
        If a number is outside its range, or `seed` is no seed.
    MissingColumnsError
        If the frame lacks a column.

    Examples
    --------
    >>> world = simulate_fans(100, share=1, seed=1)
    >>> (world.follows["event"] == "follow").sum() == len(world.fans)
    np.True_
    """
    require_at_least("n_days", n_days, 1)
    _require_share("share", share)
    rng = stream_of(seed, "simulate_fans")
    customers = n if isinstance(n, pd.DataFrame) else _customers(rng, n)
    chance = Chance(rng)
    require_columns(customers, "customer_id", "joined_on", "rate_per_week")
    end = FIRST_DAY + n_days
    number, joined = customers["customer_id"].to_numpy(), customers["joined_on"].to_numpy("M8[D]")
    gone = np.full(len(number), end)
    if "dropped_out_on" in customers:
        day = customers["dropped_out_on"].to_numpy("M8[D]") + 1
        gone = np.where(np.isnat(day), end, np.minimum(day, end))
    followed = joined + _wait(chance("follows after", number), DAYS_TO_FOLLOW)
    who = np.flatnonzero((chance("fan", number) < share) & (followed < gone))
    number, followed, gone = number[who], followed[who], gone[who]
    shares, stays = np.array([*MOTIVES.values()]).T
    motive = chance.place("motive", number, shares)
    bored = followed + 1 + _wait(chance("leaves after", number), stays[motive])
    left = np.minimum(bored, gone)
    back = left + chance.days("returns after", number, 1, RETURNS_WITHIN)
    returns = (chance("returns", number) < RETURNS) & (back < gone)
    fans = pd.DataFrame(
        {
            "fan_id": number,
            "customer_id": number,
            "followed_on": followed.astype("M8[us]"),
            "source": _words(SOURCES, chance.place("source", number, np.ones(len(SOURCES)))),
            "motive": _words([*MOTIVES], motive),
        }
    )
    left_on = left < end
    events = [(number, followed, "follow"), (number[left_on], left[left_on], "unfollow")]
    events.append((number[returns], back[returns], "return"))
    follows = pd.concat([_event(*one) for one in events], ignore_index=True)
    follows = follows.sort_values(["fan_id", "on_day"], kind="stable", ignore_index=True)

    pace = customers["rate_per_week"].to_numpy()[who]
    weekly = WEEKLY * pace**GROWTH * chance.gamma("warmth", number, WARMTH) / WARMTH
    # As long as they would stay if they stayed customers, then cut off where they do not.
    spells = [(followed, np.minimum(bored, end)), (np.where(returns, back, end), end)]
    interactions = _interactions(chance, number, weekly, spells, gone)
    truth = pd.DataFrame(
        {
            "fan_id": number,
            "rate_per_week": pace,
            "interactions_per_week": weekly,
            "leaves_on": left.astype("M8[us]"),
        }
    )
    return Fans(fans, follows, interactions, truth)


def _customers(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Return n customers who join on the first day, each with a pace of buying."""
    require_at_least("n", n, 1)
    customers = pd.DataFrame({"customer_id": np.arange(1, n + 1)})
    customers["joined_on"] = FIRST_DAY.astype("M8[us]")
    return customers.assign(rate_per_week=rng.gamma(1.0, 0.25, n))


def _wait(level: np.ndarray, mean: float | np.ndarray) -> np.ndarray:
    """Return exponential times in whole days; a lifetime is at most a century."""
    return np.minimum(-np.log(level) * mean, 36_500).astype("m8[D]")


def _words(words: Sequence[str], place: np.ndarray) -> pd.Series:
    """Return the word at each place as text."""
    return pd.Series(np.array(words)[place], dtype="str")


def _event(number: np.ndarray, day: np.ndarray, event: str) -> pd.DataFrame:
    """Return one row of `event` for each number and day."""
    frame = pd.DataFrame({"fan_id": number, "on_day": day.astype("M8[us]")})
    return frame.assign(event=event).astype({"event": "str"})


def _interactions(
    chance: Chance, number: np.ndarray, weekly: np.ndarray, spells: list, gone: np.ndarray
) -> pd.DataFrame:
    """Return what fans do in their spells (from a day, before a day), by fan and day."""
    fan, day, key = [], [], []
    for spell, (begin, until) in enumerate(spells):
        days = np.maximum((until - begin).astype(float), 0)
        count = chance.poisson(f"times {spell}", number, weekly * days / 7)
        row = repeat(np.arange(len(number)), count)
        turn = np.arange(len(row)) - repeat(np.cumsum(count) - count, count)
        one = (number[row] << 20) + 2 * turn + spell
        when = begin[row] + (chance("when", one) * days[row]).astype("m8[D]")
        seen = when < gone[row]
        key.append(one[seen])
        fan.append(number[row][seen])
        day.append(when[seen])
    fan, day, key = np.concatenate(fan), np.concatenate(day), np.concatenate(key)
    order = np.lexsort([day, fan])
    kind = chance.place("kind", key, INTERACTIONS.values())
    return pd.DataFrame(
        {
            "fan_id": fan[order],
            "on_day": day[order].astype("M8[us]"),
            "kind": _words([*INTERACTIONS], kind[order]),
        }
    )


def simulate_referrals(customers: pd.DataFrame, *, share: float = 0.3, seed: Seed) -> pd.DataFrame:
    """Return who was brought by whom: exactly the rounded `share` of the new customers.

    Nobody is brought on a day when no earlier customer is still there.

    Model
    -----
    Those brought are drawn at random among all but the first to join; each was brought by one of
    those who joined before, all equally likely, for content .3, a campaign .5 or another reason .2.
    Where customers have a past, only those still there can bring others, and do so with weight
        (0.1 + min(tenure, 180 days) / 180 days) * 0.3 after a failed purchase * 3 while a fan
    Then only fans bring somebody for content (.6 of whom they bring); the rest of the reasons keep
    their proportion.

    Parameters
    ----------
    customers : DataFrame, one row per customer, in the order of joining: customer_id, joined_on
        And, all of them or none, the days from when (NaT: never) they are gone, had a failure,
        began to follow and ceased to: gone_on, failed_on, followed_on, unfollowed_on.
    share : float in [0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    DataFrame, one row per customer who was brought, in the order of joining
        customer_id, referred_by : int64
        referred_on : datetime64[us], the day of joining
        reason : str

    Raises
    ------
    OutOfRangeError
        If `share` is no share, or `seed` is no seed.
    MissingColumnsError
        If a column is missing.
    """
    require_columns(customers, "customer_id", "joined_on")
    past = PAST if "gone_on" in customers else ()
    require_columns(customers, *past)
    _require_share("share", share)
    chance = Chance(stream_of(seed, "simulate_referrals"))
    n, number = len(customers), customers["customer_id"].to_numpy()
    brought = np.sort(1 + chance("brought", number[1:]).argsort()[: round(share * n)])
    days = {name: _or_never(customers[name]) for name in ("joined_on", *past)}
    by = _referrers(chance, number, brought, days)
    brought, by = brought[by >= 0], by[by >= 0]
    today, place = days["joined_on"][brought], [*REASONS]
    reason = chance.place("reason", number[brought], REASONS.values())
    if past:
        fan = (days["followed_on"][by] <= today) & (days["unfollowed_on"][by] > today)
        kinds = (CONTENT_OF_FANS, 1 - CONTENT_OF_FANS), (0.0, 1.0)
        content = [chance.place("content", number[brought], kind) == 0 for kind in kinds]
        rest = REASONS["campaign"], REASONS["other"]
        other = 1 + chance.place("reason", number[brought], rest)
        reason = np.where(np.where(fan, *content), place.index("content"), other)
    return pd.DataFrame(
        {
            "customer_id": number[brought],
            "referred_by": number[by],
            "referred_on": customers["joined_on"].to_numpy("M8[us]")[brought],
            "reason": _words(place, reason),
        }
    )


def _referrers(
    chance: Chance, number: np.ndarray, brought: np.ndarray, days: dict[str, np.ndarray]
) -> np.ndarray:
    """Return who brought each, -1 for nobody: earlier customers are proposed until one is taken."""
    by, open_ = np.full(len(brought), -1), np.arange(len(brought))
    for turn in range(TRIES):
        late = brought[open_]
        key = number[late] * TRIES + turn
        one = np.floor(chance("by", key) * late).astype(np.int64)
        takes = chance("accepts", key) * MOST < _weight(one, days["joined_on"][late], days)
        by[open_[takes]] = one[takes]
        open_ = open_[~takes]
    # Hardly anybody is left: the last to have joined who is still there, if anybody is.
    for place in open_.tolist():
        late = np.full(brought[place], brought[place])
        there = _weight(np.arange(brought[place]), days["joined_on"][late], days) > 0
        by[place] = np.flatnonzero(there)[-1] if there.any() else -1
    return by


def _weight(one: np.ndarray, today: np.ndarray, days: dict[str, np.ndarray]) -> np.ndarray:
    """Return how likely each is to bring somebody on the day."""
    if len(days) == 1:
        return np.full(len(one), MOST)
    tenure = (today - days["joined_on"][one]).astype(float)
    fan = (days["followed_on"][one] <= today) & (days["unfollowed_on"][one] > today)
    weight = (0.1 + np.minimum(tenure, FAMILIAR) / FAMILIAR) * np.where(fan, FANS_BRING, 1.0)
    weight *= np.where(days["failed_on"][one] < today, SORE_BRING, 1.0)
    return np.where(days["gone_on"][one] < today, 0.0, weight)


def _or_never(day: pd.Series) -> np.ndarray:
    """Return the days of a column, with one too far to come where there is none."""
    days = day.to_numpy("M8[D]")
    return np.where(np.isnat(days), np.datetime64("2150-01-01"), days)


def _require_share(name: str, value: float) -> None:
    """Raise OutOfRangeError unless `value` lies in [0, 1]."""
    if not 0 <= value <= 1:
        raise OutOfRangeError(f"{name} must lie in [0, 1], a share not a percent; got {value!r}.")
