"""Accounts of planted types: transactional, and three kinds of relationship."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

SHARES = {"transactional": 0.4, "largest": 0.1, "growing": 0.3, "fading": 0.2}
# Median profit of a quarter, and its growth from one to the next.
LEVELS = {"largest": (400.0, 0.0), "growing": (120.0, 0.04), "fading": (200.0, -0.14)}
GROWTH_SD = 0.03
BUYS, VISIT_PROFIT = 0.25, 60.0


def simulate_relationships(
    n: int,
    *,
    quarters: int = 8,
    shares: Mapping[str, float] = SHARES,
    noise: float = 0.25,
    seed: Seed,
) -> Simulated:
    """Simulate the quarterly profit of `n` customers, each of one planted type.

    Model
    -----
    Each customer has one of four types, as often as `shares` say. Relational customers buy
    every quarter, 1 + Poisson(2) times, seldom (.1) at a reduced price, and bring
        profit_q = level * (1 + growth) ** (q - 1) * exp(noise * N(0, 1)),  q = 1, 2, …
    with level = median * exp(0.3 * N(0, 1)) and a growth of one's own ~ N(mean, 0.03); median and
    mean growth are 400 and 0 for the largest, 120 and +.04 for the growing, 200 and -.14 for the
    fading, of whom after two years the typical one still brings .86 ** 7 = 35 % of the beginning.
    Transactional customers buy in one quarter of four, three in four times at a reduced price,
    for an exponential profit (mean 60) a time: at whose counter does not matter to them.

    Parameters
    ----------
    n : int
        Customers, at least 1.
    quarters : int
        At least 3.
    shares : mapping of type to float
        Chances of the four types; they sum to 1.
    noise : float, 0 or more
        Spread of the logarithm of a quarter's profit. The more, the harder to tell.
    seed : int, SeedSequence or Generator
        Same seed, same customers.

    Returns
    -------
    data : DataFrame, one row per customer and quarter, by both
        customer_id, quarter : int64, both from 1
        profit : float64, CNY, 2 decimals
        purchases, deals : int64
    truth : DataFrame, one row per customer: customer_id (int64), type (str)

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `quarters` below 3, `noise` below 0, `shares` are not those of the four
        types, or `seed` is no seed.

    See Also
    --------
    crmlab.customers.measure.relationship_types : finds the types.

    Examples
    --------
    >>> data, truth = simulate_relationships(1_000, seed=1)
    >>> len(data), truth["type"].nunique()
    (8000, 4)
    """
    require_real(noise=noise)
    rng = stream_of(seed, "simulate_relationships")
    require_at_least("n", n, 1)
    require_at_least("quarters", quarters, 3)
    chance = np.array([shares.get(name, np.nan) for name in SHARES])
    if {*shares} != {*SHARES} or not (chance >= 0).all() or abs(chance.sum() - 1) > 1e-9:
        raise OutOfRangeError(f"shares must give {[*SHARES]} chances that sum to 1; got {shares}.")
    if not 0 <= noise < np.inf:
        raise OutOfRangeError(f"noise must be a finite number of 0 or more; got {noise!r}.")

    place = rng.choice(len(SHARES), n, p=chance)
    kind = np.array([*SHARES])[place]
    is_bound = (kind != "transactional")[:, None]
    median, growth = np.array([LEVELS.get(name, (0.0, 0.0)) for name in SHARES])[place].T
    level = median * np.exp(rng.normal(0, 0.3, n))
    growth = np.where(median > 0, rng.normal(growth, GROWTH_SD), 0.0)
    time = np.arange(quarters)
    path = level[:, None] * (1 + growth[:, None]) ** time
    path = path * np.exp(noise * rng.normal(size=(n, quarters)))
    visits = (rng.random((n, quarters)) < BUYS).astype("int64")
    bought = np.where(is_bound, 1 + rng.poisson(2.0, (n, quarters)), visits)
    profit = np.where(is_bound, path, visits * rng.exponential(VISIT_PROFIT, (n, quarters)))
    deals = rng.binomial(bought, np.where(is_bound, 0.1, 0.75))
    number = np.arange(1, n + 1)
    data = pd.DataFrame(
        {
            "customer_id": repeat(number, quarters),
            "quarter": np.tile(time + 1, n),
            "profit": profit.ravel().round(2),
            "purchases": bought.ravel(),
            "deals": deals.ravel(),
        }
    )
    truth = pd.DataFrame({"customer_id": number, "type": pd.Series(kind, dtype="str")})
    return Simulated(data, truth)
