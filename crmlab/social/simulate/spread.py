"""Who hears of what friends pass on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_columns, require_probability, stream_of
from crmlab._groups import bincount
from crmlab.errors import OutOfRangeError
from crmlab.social.passing import joined


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
        If a column is missing, `chance` lies outside (0, 1], `runs` is below 1, there are no
        `seeds`, or `seed` is no seed.

    See Also
    --------
    crmlab.social.measure.choose_seeds : whom to tell.

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
    told = pd.Index(seeds).unique()
    if not len(told):
        raise OutOfRangeError("seeds are empty: somebody must be told first.")
    ids = pd.Index(friends["one"]).union(pd.Index(friends["other"])).union(told).unique()
    one, other = (ids.get_indexer(pd.Index(friends[name])) for name in ("one", "other"))
    rng, first = stream_of(seed, "simulate_spread"), ids.get_indexer(told)
    worlds = (joined(rng, one, other, len(ids), chance) for _ in range(runs))
    reached = [bincount(part)[np.unique(part[first])].sum() for part in worlds]
    return pd.DataFrame({"run": np.arange(runs), "reached": reached})
