"""Customers whose true segments show from one angle only: outside, inside or in behaviour."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_one_of, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

Angle = Literal["external", "internal", "behaviour"]
_ANGLES = ("external", "internal", "behaviour")
_KINDS = {
    "region": ("north", "east", "south", "west"),
    "organisation": ("individual", "enterprise", "government", "school"),
    "product": ("phone", "broadband", "leased line", "cloud"),
}
_TYPICAL = 0.85  # chance that an external attribute is the one of its segment


def simulate_segments(
    n: int,
    *,
    angle: Angle = "behaviour",
    n_segments: int = 3,
    prospects: float = 0.0,
    seed: Seed,
) -> Simulated:
    """Describe customers from three angles, one of which shows their true segments.

    Model
    -----
    For each angle on its own, the customers are split at random into `n_segments` equal groups
    g = 0, 1, ...; the true segment is the group of the chosen `angle`. Given its group,
        region, organisation, product  the group's own with chance 0.85, else any of the other
                                       groups' alike
        age ~ Normal(25 + 14 g, 4), income ~ Lognormal(log(4000 * 1.7**g), 0.2),
        family size ~ 1 + Binomial(4, (g + 0.5) / n_segments)
        purchases ~ 1 + Poisson(3 * 2.5**g), ticket ~ Lognormal(log(100 * 1.3**g), 0.3),
        days since the last ~ geometric from 0 with mean 240 / 2.5**g
    Every angle looks the same whichever was chosen; only the truth differs. Prospects, a
    share drawn by chance, have not bought yet.

    Parameters
    ----------
    n : int, at least 1
    angle : {"external", "internal", "behaviour"}
        The angle that shows the true segments.
    n_segments : int, 2 to 4
    prospects : float in [0, 1)
        Share without purchases, to the nearest number.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        region, organisation, product : str, external attributes
        age : float64, years; income_cny : float64, a month; family_size : int64
        days_since_last : float64, missing for prospects
        frequency : int64, purchases; monetary : float64, CNY; both 0 for prospects
    truth : DataFrame, one row per customer
        customer_id : int64
        segment : int64, 1 to `n_segments`

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `angle` is none of the three, `n_segments` lies outside 2 to 4,
        `prospects` outside [0, 1), or `seed` is no seed.

    See Also
    --------
    crmlab.rfm.model.segment : looks from one angle.
    crmlab.rfm.model.compare_angles : which angle matches.

    Examples
    --------
    >>> customers, truth = simulate_segments(9, angle="internal", seed=1)
    >>> truth["segment"].value_counts().sort_index().to_dict()
    {1: 3, 2: 3, 3: 3}
    """
    require_real(prospects=prospects)
    rng = stream_of(seed)
    require_at_least("n", n, 1)
    require_one_of("angle", angle, _ANGLES)
    if n_segments not in (2, 3, 4):
        raise OutOfRangeError(f"n_segments must be 2, 3 or 4; got {n_segments!r}.")
    if not 0 <= prospects < 1:
        raise OutOfRangeError(f"prospects must be a share in [0, 1); got {prospects!r}.")

    equal = np.arange(n) % n_segments
    group = {name: rng.permutation(equal) for name in _ANGLES}
    data = {"customer_id": np.arange(n, dtype=np.int64)}
    data |= _external(rng, group["external"], n_segments)
    data |= _internal(rng, group["internal"], n_segments)
    data |= _behaviour(rng, group["behaviour"], int(np.floor(prospects * n + 0.5)))
    truth = {"customer_id": data["customer_id"], "segment": group[angle].astype(np.int64) + 1}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def _external(rng: np.random.Generator, group: np.ndarray, k: int) -> dict[str, np.ndarray]:
    """Return the attributes everybody can see."""
    columns = {}
    for name, kinds in _KINDS.items():
        step = rng.integers(1, k, group.size)
        other = rng.random(group.size) >= _TYPICAL
        columns[name] = np.array(kinds)[np.where(other, (group + step) % k, group)]
    return columns


def _internal(rng: np.random.Generator, group: np.ndarray, k: int) -> dict[str, np.ndarray]:
    """Return the attributes one has to ask for."""
    return {
        "age": rng.normal(25 + 14 * group, 4).round(1),
        "income_cny": (4000 * 1.7**group * rng.lognormal(0, 0.2, group.size)).round(0),
        "family_size": 1 + rng.binomial(4, (group + 0.5) / k),
    }


def _behaviour(
    rng: np.random.Generator, group: np.ndarray, prospects: int
) -> dict[str, np.ndarray]:
    """Return recency, frequency and money; the first `prospects` of a random order have none."""
    bought = rng.permutation(group.size) >= prospects
    frequency = np.where(bought, 1 + rng.poisson(3 * 2.5**group), 0)
    ticket = 100 * 1.3**group * rng.lognormal(0, 0.3, group.size)
    days = rng.geometric(1 / (1 + 240 / 2.5**group)) - 1.0
    return {
        "days_since_last": np.where(bought, days, np.nan),
        "frequency": frequency.astype(np.int64),
        "monetary": (frequency * ticket).round(2),
    }
