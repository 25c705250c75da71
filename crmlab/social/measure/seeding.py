"""Whom to tell first, so that many hear of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    Seed,
    require_at_least,
    require_one_of,
    require_probability,
    stream_of,
)
from crmlab._groups import bincount
from crmlab.errors import OutOfRangeError
from crmlab.social.measure.ties import pairs_of
from crmlab.social.passing import joined

SEEDING = ("anybody", "named by anybody", "most friends", "together")


def choose_seeds(
    friends: pd.DataFrame,
    n: int,
    *,
    way: str = "together",
    chance: float = 0.15,
    runs: int = 200,
    seed: Seed,
) -> pd.Series:
    """Return whom to tell of something that friends pass on, chosen in one of four ways.

    *anybody* takes people at random. *named by anybody* asks as many people at random to name a
    friend, and takes those: nobody need know the network. *most friends* takes those with most of
    them, who may all be friends of each other. *together* takes one after the other, each time
    whoever adds most to those who hear already, counted in `runs` worlds; no other choice of as
    many reaches more than 1 / (1 - 1/e) = 1.58 times as many in these worlds.

    Parameters
    ----------
    friends : DataFrame, one row per friendship, each written once: one, other
    n : int, at least 1, at most the people in `friends`
        *named by anybody* may give fewer, where two name the same.
    way : str, "anybody", "named by anybody", "most friends" or "together"
    chance : float in (0, 1]
        That a friendship passes it on; only *together* asks for it.
    runs : int, at least 1
        Worlds in which *together* counts.
    seed : int, SeedSequence or Generator
        Take another one for `simulate_spread`: who was chosen in a world looks too good in it.

    Returns
    -------
    Series of ids, named fan_id, in the order of choosing

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, EmptyError
        As `friend_counts`.
    UnknownNameError, OutOfRangeError
        If there is no such way, `n` lies outside 1 to the people in `friends`, `chance` outside
        (0, 1], `runs` is below 1, or `seed` is no seed.

    See Also
    --------
    crmlab.social.simulate.simulate_spread : whom they reach.

    Source
    ------
    Kempe, Kleinberg and Tardos (2003), Maximizing the spread of influence through a social network,
    doi:10.1145/956750.956769. Asking for a friend: Cohen, Havlin and ben-Avraham (2003), Efficient
    immunization strategies for computer networks and populations,
    doi:10.1103/PhysRevLett.91.247901.

    Examples
    --------
    >>> friends = pd.DataFrame({"one": [1, 1, 1, 5], "other": [2, 3, 4, 6]})
    >>> choose_seeds(friends, 2, chance=1.0, runs=1, seed=1).tolist()
    [1, 5]
    """
    require_one_of("way", way, SEEDING)
    require_at_least("n", n, 1)
    require_probability("chance", chance)
    require_at_least("runs", runs, 1)
    ids, one, other = pairs_of(friends)
    if n > len(ids):
        raise OutOfRangeError(f"n is {n}, and only {len(ids)} have a friend. Choose fewer.")
    rng = stream_of(seed, "choose_seeds")
    count = bincount(np.concatenate([one, other]), minlength=len(ids))
    if way == "most friends":
        chosen = np.argsort(-count, kind="stable")[:n]
    elif way == "together":
        chosen = _together(rng, one, other, len(ids), n, chance, runs)
    else:
        chosen = rng.choice(len(ids), n, replace=False)
        if way == "named by anybody":
            chosen = pd.unique(_named(rng, one, other, count)[chosen])
    return pd.Series(ids[chosen], name="fan_id")


def _named(
    rng: np.random.Generator, one: np.ndarray, other: np.ndarray, count: np.ndarray
) -> np.ndarray:
    """Return a friend of each person, any as likely as the other."""
    whose, friend = np.concatenate([one, other]), np.concatenate([other, one])
    friend = friend[np.argsort(whose, kind="stable")]
    begin = np.cumsum(count) - count
    return friend[begin + np.floor(rng.random(len(count)) * count).astype("int64")]


def _together(
    rng: np.random.Generator,
    one: np.ndarray,
    other: np.ndarray,
    people: int,
    n: int,
    chance: float,
    runs: int,
) -> np.ndarray:
    """Return one after the other who adds most to those who hear, in all worlds together."""
    parts = np.stack([joined(rng, one, other, people, chance) for _ in range(runs)])
    sizes = np.stack([bincount(part, minlength=people) for part in parts])
    world = np.arange(runs)
    chosen = np.empty(n, dtype="int64")
    for turn in range(n):
        adds = np.take_along_axis(sizes, parts, axis=1).sum(axis=0)
        adds[chosen[:turn]] = -1
        chosen[turn] = adds.argmax()
        sizes[world, parts[:, chosen[turn]]] = 0  # these have heard
    return chosen
