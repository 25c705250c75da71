"""Fans of a brand's social account: why they come, what they do there, and whom they bring."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_columns, stream_of
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
        How many customers, each of whom buys at a rate ~ Gamma(1, 1/4) a week; or who they are.
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
    require_columns(customers, "customer_id", "joined_on", "rate_per_week")
    n, end = len(customers), FIRST_DAY + n_days
    followed = customers["joined_on"].to_numpy("M8[D]") + _wait(rng, DAYS_TO_FOLLOW, n)
    is_fan = (rng.random(n) < share) & (followed < end)
    who = np.flatnonzero(is_fan)
    number, followed = customers["customer_id"].to_numpy()[who], followed[who]
    shares, stays = np.array([*MOTIVES.values()]).T
    motive = rng.choice(len(MOTIVES), len(who), p=shares)
    left = followed + 1 + _wait(rng, stays[motive], len(who))
    back = left + rng.integers(1, RETURNS_WITHIN, len(who), endpoint=True)
    returns = (rng.random(len(who)) < RETURNS) & (back < end)
    fans = pd.DataFrame(
        {
            "fan_id": number,
            "customer_id": number,
            "followed_on": followed.astype("M8[us]"),
            "source": pd.Series(rng.choice(SOURCES, len(who)), dtype="str"),
            "motive": pd.Series(np.array([*MOTIVES])[motive], dtype="str"),
        }
    )
    gone = left < end
    events = [(number, followed, "follow"), (number[gone], left[gone], "unfollow")]
    events.append((number[gone & returns], back[gone & returns], "return"))
    follows = pd.concat([_event(*one) for one in events], ignore_index=True)
    follows = follows.sort_values(["fan_id", "on_day"], kind="stable", ignore_index=True)

    pace = customers["rate_per_week"].to_numpy()[who]
    weekly = WEEKLY * pace**GROWTH * rng.gamma(WARMTH, 1 / WARMTH, len(who))
    spells = [(followed, np.minimum(left, end)), (np.where(returns, back, end), end)]
    interactions = _interactions(rng, number, weekly, spells)
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


def _wait(rng: np.random.Generator, mean: float | np.ndarray, n: int) -> np.ndarray:
    """Return `n` exponential times in whole days; a lifetime is at most a century."""
    return np.minimum(rng.exponential(mean, n), 36_500).astype("m8[D]")


def _event(number: np.ndarray, day: np.ndarray, event: str) -> pd.DataFrame:
    """Return one row of `event` for each number and day."""
    frame = pd.DataFrame({"fan_id": number, "on_day": day.astype("M8[us]")})
    return frame.assign(event=event).astype({"event": "str"})


def _interactions(
    rng: np.random.Generator, number: np.ndarray, weekly: np.ndarray, spells: list
) -> pd.DataFrame:
    """Return what fans do in their spells (from a day, before a day), by fan and day."""
    fan, day = [], []
    for begin, until in spells:
        days = np.maximum((until - begin).astype(float), 0)
        count = rng.poisson(weekly * days / 7)
        row = np.repeat(np.arange(len(number)), count)
        fan.append(number[row])
        day.append(begin[row] + (rng.random(len(row)) * days[row]).astype("m8[D]"))
    fan, day = np.concatenate(fan), np.concatenate(day)
    order = np.lexsort([day, fan])
    kind = rng.choice(len(INTERACTIONS), len(fan), p=[*INTERACTIONS.values()])
    return pd.DataFrame(
        {
            "fan_id": fan[order],
            "on_day": day[order].astype("M8[us]"),
            "kind": pd.Series(np.array([*INTERACTIONS])[kind], dtype="str"),
        }
    )


def simulate_referrals(customers: pd.DataFrame, *, share: float = 0.3, seed: Seed) -> pd.DataFrame:
    """Return who was brought by whom: exactly the rounded `share` of the new customers.

    Those brought are drawn at random among all but the first to join; each was brought by any
    one of those who joined before, all equally likely, for content .3, a campaign .5 or another
    reason .2.

    Parameters
    ----------
    customers : DataFrame, one row per customer, in the order of joining: customer_id, joined_on
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
    _require_share("share", share)
    rng = stream_of(seed, "simulate_referrals")
    n, number = len(customers), customers["customer_id"].to_numpy()
    brought = np.sort(1 + rng.permutation(n - 1)[: round(share * n)])
    by = np.floor(rng.random(len(brought)) * brought).astype(int)
    reason = rng.choice(len(REASONS), len(brought), p=[*REASONS.values()])
    return pd.DataFrame(
        {
            "customer_id": number[brought],
            "referred_by": number[by],
            "referred_on": customers["joined_on"].to_numpy("M8[us]")[brought],
            "reason": pd.Series(np.array([*REASONS])[reason], dtype="str"),
        }
    )


def _require_share(name: str, value: float) -> None:
    """Raise OutOfRangeError unless `value` lies in [0, 1]."""
    if not 0 <= value <= 1:
        raise OutOfRangeError(f"{name} must lie in [0, 1], a share not a percent; got {value!r}.")
