"""Fans of a brand's social account: why they come, and what they do there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._chance import Chance
from crmlab._checks import Seed, require_at_least, require_columns, require_real, stream_of
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
DAYS_TO_FOLLOW, DAYS_TO_FORGET = 60.0, 60.0
RETURNS, RETURNS_WITHIN = 0.2, 60
INTERACTIONS = {"like": 0.6, "comment": 0.25, "repost": 0.15}
# Interactions a week of a fan who buys once a week, and how they grow with that pace.
WEEKLY, GROWTH, WARMTH = 0.8, 0.5, 2.0


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
        with dropped_out_on where they may leave: who is gone does no more, and leaves the account
        too after an exponential time with mean 60 days, if they have not yet.
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
        If `n` or `n_days` is below 1, `share` lies outside [0, 1], or `seed` is no seed.
    MissingColumnsError
        If the frame lacks a column.

    Examples
    --------
    >>> world = simulate_fans(100, share=1, seed=1)
    >>> (world.follows["event"] == "follow").sum() == len(world.fans)
    np.True_
    """
    require_real(share=share)
    require_at_least("n_days", n_days, 1)
    require_share("share", share)
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
    forgets = gone + _wait(chance("forgets after", number), DAYS_TO_FORGET)
    left = np.minimum(bored, np.where(gone < end, forgets, end))
    back = left + chance.days("returns after", number, 1, RETURNS_WITHIN)
    returns = (chance("returns", number) < RETURNS) & (back < gone)
    fans = pd.DataFrame(
        {
            "fan_id": number,
            "customer_id": number,
            "followed_on": followed.astype("M8[us]"),
            "source": words_at(SOURCES, chance.place("source", number, np.ones(len(SOURCES)))),
            "motive": words_at([*MOTIVES], motive),
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


def words_at(words: Sequence[str], place: np.ndarray) -> pd.Series:
    """Return the word at each place as text."""
    return pd.Series(pd.array([*words], dtype="str").take(place))


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
            "kind": words_at([*INTERACTIONS], kind[order]),
        }
    )


def require_share(name: str, value: float) -> None:
    """Raise OutOfRangeError unless `value` lies in [0, 1]."""
    if not 0 <= value <= 1:
        raise OutOfRangeError(f"{name} must lie in [0, 1], a share not a percent; got {value!r}.")
