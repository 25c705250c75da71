"""Three eras of marketing: the market grows, then our share of it, then each customer's spend."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

# Era: growth a year of the market, of our share, of the spend per customer.
ERAS = {
    "mass": (0.10, 0.0, 0.0),
    "target": (0.0, 0.08, 0.0),
    "CRM": (0.0, -0.01, 0.09),
}
MARKET, SHARE, SPEND = 100_000.0, 0.10, 400.0


def simulate_eras(years: int = 6, *, noise: float = 0.0, seed: Seed) -> Simulated:
    """Simulate a firm's years through mass, target and CRM marketing, `years` of growth in each.

    Model
    -----
    Sales of a year are market x share x spend: people who buy the category, the share of them who
    buy from us, and what such a customer spends with us. In the first year these are 100,000, .10
    and 400. In the mass era (大众营销) the market grows by 10 % a year, in the target era
    (目标营销) our share by 8 %, in the CRM era the spend by 9 % while the share shrinks by 1 %.
    Each year every factor is times exp(noise * N(0, 1)), so that without noise sales grow by
    10, 8 and 7.9 % a year.

    Parameters
    ----------
    years : int, at least 1
        Years of growth in each era.
    noise : float, 0 or more
    seed : int, SeedSequence or Generator
        Same seed, same years.

    Returns
    -------
    data : DataFrame, one row per year, 3 * years + 1 of them
        year : int64, from 1
        market : float64, people; share : float64 in [0, 1]; spend : float64, CNY
        sales : float64, CNY, the product of the three
    truth : DataFrame, one row per year: year (int64), era (str; of the growth into this year)

    Raises
    ------
    OutOfRangeError
        If `years` is below 1, `noise` below 0, a share would pass 1, or `seed` is no seed.

    See Also
    --------
    crmlab.customers.measure.decompose_growth : which factor moved the sales.

    Examples
    --------
    >>> data, truth = simulate_eras(years=2, seed=1)
    >>> data["sales"].pct_change().round(3).tolist()[1:]
    [0.1, 0.1, 0.08, 0.08, 0.079, 0.079]
    """
    require_real(noise=noise)
    require_at_least("years", years, 1)
    if not 0 <= noise < np.inf:
        raise OutOfRangeError(f"noise must be a finite number of 0 or more; got {noise!r}.")
    rng = stream_of(seed, "simulate_eras")
    growth = np.array([*ERAS.values()])[repeat(np.arange(3), years)]
    level = np.vstack([np.ones(3), np.cumprod(1 + growth, axis=0)]) * (MARKET, SHARE, SPEND)
    level = level * np.exp(noise * rng.normal(size=level.shape))
    if (level[:, 1] > 1).any():
        raise OutOfRangeError(f"after {years} years of each era the share passes 1; take fewer.")
    data = pd.DataFrame(level, columns=["market", "share", "spend"])
    data.insert(0, "year", np.arange(1, len(level) + 1))
    era = ["mass", *repeat(np.array([*ERAS]), years)]
    truth = pd.DataFrame({"year": data["year"], "era": pd.Series(era, dtype="str")})
    return Simulated(data.assign(sales=level.prod(axis=1)), truth)
