"""The game of three doors, played many times."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_one_of, stream_of
from crmlab._shapes import Simulated

HOSTS = ("knows", "random")


def simulate_doors(n: int, *, doors: int = 3, host: str = "knows", seed: Seed) -> Simulated:
    """Simulate `n` games: one prize, a door is chosen, and a host opens all others but one.

    Model
    -----
    The prize and the chosen door are drawn at random. A host who *knows* opens all other doors but
    one, never the prize: the door left is the prize, unless that was chosen, then it is any. A
    host at *random* leaves any of the other doors, and shows the prize in (doors - 2) / doors of
    the games. Who switches to the door that is left wins
        (doors - 1) / doors   with a host who knows,
        1 / 2                 with a host at random, in the games in which no prize was shown.

    Parameters
    ----------
    n : int, at least 1
    doors : int, at least 3
    host : "knows" or "random"
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per game
        game, chosen, left : int64; doors are numbered from 1
        prize_shown : bool, the game is void
    truth : DataFrame, one row per game: game, prize (int64)

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `doors` below 3, `host` is unknown, or `seed` is no seed.

    See Also
    --------
    crmlab.campaigns.measure.door_rates : how often who stays and who switches wins.

    Source
    ------
    Selvin, S. (1975), A problem in probability, The American Statistician 29(1), 67.

    Examples
    --------
    >>> games, prizes = simulate_doors(10_000, seed=1)
    >>> round((games["left"] == prizes["prize"]).mean(), 2)
    np.float64(0.67)
    """
    require_at_least("n", n, 1)
    require_at_least("doors", doors, 3)
    require_one_of("host", host, HOSTS)
    rng = stream_of(seed, "simulate_doors")
    prize, chosen = rng.integers(0, doors, n), rng.integers(0, doors, n)
    # One of the other doors, all alike: so many further on, in a circle.
    left = (chosen + rng.integers(1, doors, n)) % doors
    if host == "knows":
        left = np.where(prize == chosen, left, prize)
    games = np.arange(1, n + 1)
    shown = (prize != chosen) & (prize != left)
    data = {"game": games, "chosen": chosen + 1, "left": left + 1, "prize_shown": shown}
    return Simulated(pd.DataFrame(data), pd.DataFrame({"game": games, "prize": prize + 1}))
