"""Fans who are friends: a few know many, friends are alike, and pass something on or not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from crmlab._checks import Seed, require_at_least, require_columns, require_probability, stream_of
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
        If a number is outside its range, or `seed` is no seed.

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


def simulate_spread(
    friends: pd.DataFrame,
    *,
    seeds: pd.Series | list | np.ndarray,
    chance: float = 0.15,
    runs: int = 200,
    seed: Seed,
) -> pd.DataFrame:
    """Simulate who hears of something that `seeds` were told and friends pass on by chance.

    Model
    -----
    Each friendship passes it on, in either direction, with the chance given, once and for all. So
    whoever is joined to a seed by friendships that do hears of it: of each run the friendships that
    pass on are drawn, and the parts of the network that hold a seed are counted (bond percolation,
    which is the independent cascade of equal chances).

    Parameters
    ----------
    friends : DataFrame, one row per friendship: one, other
    seeds : ids of those who are told
        Who has no friends reaches themselves only.
    chance : float in (0, 1]
    runs : int, at least 1
    seed : int, SeedSequence or Generator
        Same seed, same friendships that pass on: two sets of seeds are compared in the same worlds.

    Returns
    -------
    DataFrame, one row per run: run, reached : int64, with the seeds

    Raises
    ------
    MissingColumnsError, OutOfRangeError
        If a column is missing, a number is outside its range, or there are no seeds.

    Source
    ------
    Kempe, Kleinberg and Tardos (2003), Maximizing the spread of influence through a social network,
    doi:10.1145/956750.956769.

    Examples
    --------
    >>> friends = pd.DataFrame({"one": [1, 2], "other": [2, 3]})
    >>> simulate_spread(friends, seeds=[1], chance=1.0, runs=1, seed=1)["reached"].item()
    3
    """
    require_columns(friends, "one", "other")
    require_probability("chance", chance)
    require_at_least("runs", runs, 1)
    rng = stream_of(seed, "simulate_spread")
    told = pd.Index(seeds).unique()
    if not len(told):
        raise OutOfRangeError("seeds are empty: somebody must be told first.")
    ids = pd.Index(friends["one"]).union(pd.Index(friends["other"])).union(told).unique()
    one, other = (ids.get_indexer(pd.Index(friends[name])) for name in ("one", "other"))
    first, n = ids.get_indexer(told), len(ids)
    reached = np.empty(runs, dtype="int64")
    for run in range(runs):
        open_ = rng.random(len(one)) < chance
        links = coo_array((np.ones(open_.sum()), (one[open_], other[open_])), shape=(n, n))
        part = connected_components(links, directed=False)[1]
        reached[run] = bincount(part)[np.unique(part[first])].sum()
    return pd.DataFrame({"run": np.arange(runs), "reached": reached})


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
