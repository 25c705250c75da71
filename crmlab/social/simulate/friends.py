"""Fans who are friends: a few know many, friends are alike, and pass something on or not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import bincount
from crmlab.errors import OutOfRangeError

SPEND, TASTE, LUCK, NEAR = 400.0, 80.0, 100.0, 12.0


class Friends(NamedTuple):
    """Fans, who of them are friends, and what only the simulator knows."""

    fans: pd.DataFrame
    friends: pd.DataFrame
    truth: pd.DataFrame


def simulate_friends(
    n: int,
    *,
    mean_friends: float = 6.0,
    spread: float = 0.8,
    likeness: float = 0.8,
    influence: float = 0.0,
    seed: Seed,
) -> Friends:
    """Simulate `n` fans of whom some are friends.

    Model
    -----
    Each fan has a taste u ~ N(0, 1) and a sociability exp(spread * N(0, 1)). Fans sit on a line in
    the order of likeness * u + sqrt(1 - likeness^2) * N(0, 1), and about n * mean_friends / 2 pairs
    are drawn: one by sociability, the other some places away, a geometric number of mean 12 to
    either side, accepted with a chance as its sociability. Pairs that repeat are one. So friends
    have tastes correlated by about likeness^2. A half of the fans, at random, is given a dish. In
    the year after,
        spend = 400 + 80 u + 100 N(0, 1) + influence * friends who were given a dish
    With an influence of 0 nothing is passed on, and friends spend alike all the same.

    Parameters
    ----------
    n : int, at least 10
    mean_friends : float, above 0
    spread : float, 0 or more
    likeness : float in [0, 1]
    influence : float
        Yuan a year per friend who was given a dish.
    seed : int, SeedSequence or Generator

    Returns
    -------
    fans : DataFrame: fan_id; given : bool; spend_cny : float64
    friends : DataFrame, one row per friendship: one, other : int64, one below other
    truth : DataFrame: fan_id; taste, sociability : float64

    Raises
    ------
    OutOfRangeError
        If `n` is below 10, `mean_friends` not above 0, `spread` below 0, `likeness` outside [0, 1],
        `influence` not finite, or `seed` is no seed.

    See Also
    --------
    simulate_spread : who hears of what seeds were told.
    crmlab.social.measure.friend_effect : alike, or passed on.

    Examples
    --------
    >>> club = simulate_friends(500, seed=1)
    >>> bool((club.friends["one"] < club.friends["other"]).all())
    True
    """
    require_real(mean_friends=mean_friends, spread=spread, likeness=likeness, influence=influence)
    require_at_least("n", n, 10)
    if not 0 < mean_friends < np.inf or not 0 <= spread < np.inf or not 0 <= likeness <= 1:
        raise OutOfRangeError(
            "mean_friends must be above 0, spread 0 or more and likeness in [0, 1]; got "
            f"{mean_friends!r}, {spread!r} and {likeness!r}."
        )
    if not np.isfinite(influence):
        raise OutOfRangeError(f"influence must be a finite number; got {influence!r}.")
    rng = stream_of(seed, "simulate_friends")
    taste = rng.normal(size=n)
    sociable = np.exp(spread * rng.normal(size=n))
    seat = np.argsort(likeness * taste + np.sqrt(1 - likeness**2) * rng.normal(size=n))
    pairs = _pairs(rng, sociable[seat], round(n * mean_friends / 2))
    one, other = np.sort(seat[pairs], axis=1).T
    order = np.lexsort([other, one])
    one, other = one[order], other[order]
    given = rng.permutation(n) % 2 == 0
    told = bincount(one, given[other].astype("float64"), n)
    told = told + bincount(other, given[one].astype("float64"), n)
    spend = SPEND + TASTE * taste + LUCK * rng.normal(size=n) + influence * told
    number = np.arange(1, n + 1)
    return Friends(
        pd.DataFrame({"fan_id": number, "given": given, "spend_cny": spend.round(2)}),
        pd.DataFrame({"one": number[one], "other": number[other]}),
        pd.DataFrame({"fan_id": number, "taste": taste, "sociability": sociable}),
    )


def _pairs(rng: np.random.Generator, sociable: np.ndarray, wanted: int) -> np.ndarray:
    """Return about so many pairs of seats, each once, none with itself."""
    n, top = len(sociable), sociable.max()
    until = np.cumsum(sociable)
    found = np.empty((0, 2), dtype="int64")
    for _ in range(200):
        if len(found) >= wanted:
            break
        size = 4 * (wanted - len(found)) + 100
        one = np.searchsorted(until, rng.random(size) * until[-1], side="right")
        away = rng.geometric(1 / NEAR, size) * np.where(rng.random(size) < 0.5, 1, -1)
        other = np.minimum(one, n - 1) + away
        inside = (other >= 0) & (other < n)
        inside[inside] &= rng.random(inside.sum()) * top < sociable[other[inside]]
        new = np.sort(np.column_stack([np.minimum(one, n - 1), other])[inside], axis=1)
        found = np.unique(np.concatenate([found, new[: wanted - len(found)]]), axis=0)
    return found
