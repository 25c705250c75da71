"""Customers whom some things delight, and other things only disappoint."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

# Per part of the service: what it adds when better than expected, and takes when worse.
REACTIONS = {
    "staff": (0.8, 0.8),
    "delivery": (0.0, 1.4),
    "gift": (1.2, 0.0),
    "leaflet": (0.0, 0.0),
}
CUTS = (-3.0, -1.5, 0.0, 1.5)


def simulate_reactions(
    n: int, *, reactions: Mapping[str, tuple[float, float]] = REACTIONS, seed: Seed
) -> Simulated:
    """Simulate how better and worse than expected move satisfaction, which need not be alike.

    Model
    -----
    Each part of the service is better than expected for a third of customers, worse for a third,
    and as expected for a third. With rewards r_j and penalties p_j
        overall = 0.5 + sum of r_j * high_j - p_j * low_j + logistic noise of scale 1
        stars = 1 + how many of -3, -1.5, 0 and 1.5 lie below overall
    so a regression of `overall`, and an ordered logit of `stars`, both find r_j and -p_j.

    Parameters
    ----------
    n : int
        Customers who answer, at least 1.
    reactions : mapping of part to (reward, penalty), each 0 or more
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        "<part>_high", "<part>_low" : int64, 1 if better, or worse, than expected
        overall : float64
        stars : int64, 1 to 5
    truth : DataFrame, one row per part
        driver : str
        reward, penalty : float64

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, there are no parts, a reward or penalty is below 0, or `seed` is no seed.

    Source
    ------
    Kano, Seraku, Takahashi and Tsuji (1984), Attractive quality and must-be quality, Journal of
    the Japanese Society for Quality Control 14(2), 147-156.

    See Also
    --------
    crmlab.loyalty.measure.reward_penalty : tells the kinds apart.

    Examples
    --------
    >>> data, truth = simulate_reactions(500, seed=1)
    >>> truth["driver"].tolist(), bool(data["stars"].between(1, 5).all())
    (['staff', 'delivery', 'gift', 'leaflet'], True)
    """
    rng = stream_of(seed, "simulate_reactions")
    require_at_least("n", n, 1)
    require_at_least("the number of parts", len(reactions), 1)
    effects = np.array([*reactions.values()], dtype="float64").reshape(len(reactions), -1)
    if effects.shape[1] != 2 or not (np.isfinite(effects) & (effects >= 0)).all():
        raise OutOfRangeError(
            f"reactions must hold a reward and a penalty of 0 or more each; got {reactions!r}."
        )
    felt = rng.integers(-1, 2, size=(n, len(reactions)))
    overall = 0.5 + (felt > 0) @ effects[:, 0] - (felt < 0) @ effects[:, 1]
    overall = overall + rng.logistic(size=n)
    data = {"customer_id": np.arange(1, n + 1)}
    for column, part in enumerate(reactions):
        data[f"{part}_high"] = (felt[:, column] > 0).astype("int64")
        data[f"{part}_low"] = (felt[:, column] < 0).astype("int64")
    stars = 1 + np.searchsorted(CUTS, overall)
    truth = {
        "driver": pd.Series([*reactions], dtype="str"),
        "reward": effects[:, 0],
        "penalty": effects[:, 1],
    }
    return Simulated(
        pd.DataFrame(data).assign(overall=overall, stars=stars.astype("int64")), pd.DataFrame(truth)
    )
