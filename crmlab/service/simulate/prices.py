"""Weeks of prices that follow demand, and promotions that take sales from the weeks after."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_prices(
    n: int,
    *,
    weeks: int = 104,
    elasticity: float = -2.0,
    follows: float = 0.5,
    promotion: float = 0.4,
    pulled: float = 0.5,
    seed: Seed,
) -> Simulated:
    """Simulate weekly sales of `n` products whose prices follow their demand.

    Model
    -----
    Of product i in week t the log of the sales is
        log units = a_i + elasticity * log price + d_it + promoted * log(1 + promotion) + noise,
    with a_i ~ N(4, 0.3), demand d ~ N(0, 0.2) and noise ~ N(0, 0.1). The price is set knowing the
    demand that the analyst does not see:
        log price = m_i + 0.6 * log cost + follows * d + N(0, 0.05),    log cost ~ N(0, 0.2).
    So a regression of units on prices gives not `elasticity` but in the limit
        elasticity + follows * 0.04 / (0.36 * 0.04 + follows**2 * 0.04 + 0.0025),
    while cost moves the price and has no other way to the sales.
    One week in eight is promoted, at random. Of the units that a promotion adds, the share `pulled`
    would have been bought in the two weeks after, and is missing there, half in each.

    Parameters
    ----------
    n : int
        Products, at least 1.
    weeks : int, at least 8
    elasticity : float, at most 0
    follows : float, 0 or more; 0 where prices know nothing of demand
    promotion : float, 0 or more: the share that a promotion adds
    pulled : float in [0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per product and week
        product : str
        week : int64, from 0
        price, cost : float64
        promoted : bool
        units : float64
    truth : DataFrame, one row per product and week
        product, week
        added : float64, units that the promotion of this week added
        missing : float64, units that earlier promotions took from this week

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `weeks` below 8, `elasticity` above 0, `follows` or `promotion` below 0,
        `pulled` lies outside [0, 1], or `seed` is no seed.

    Source
    ------
    Prices that follow demand, and costs as instruments: Villas-Boas and Winer (1999),
    doi:10.1287/mnsc.45.10.1324; what promotions borrow: van Heerde, Leeflang and Wittink (2004),
    doi:10.1287/mksc.1040.0061.

    Examples
    --------
    >>> weeks, truth = simulate_prices(3, seed=1)
    >>> len(weeks), bool((truth["missing"] >= 0).all())
    (312, True)
    """
    require_real(elasticity=elasticity, follows=follows, promotion=promotion, pulled=pulled)
    require_at_least("n", n, 1)
    require_at_least("weeks", weeks, 8)
    if not -np.inf < elasticity <= 0:
        raise OutOfRangeError(f"elasticity must be a finite number up to 0; got {elasticity!r}.")
    for name, size in (("follows", follows), ("promotion", promotion)):
        if not 0 <= size < np.inf:
            raise OutOfRangeError(f"{name} must be a finite number of 0 or more; got {size!r}.")
    if not 0 <= pulled <= 1:
        raise OutOfRangeError(f"pulled must lie in [0, 1], not a percent; got {pulled!r}.")
    rng = stream_of(seed, "simulate_prices")
    shape = n, weeks
    demand, cost = rng.normal(0, 0.2, shape), rng.normal(0, 0.2, shape)
    level, markup = rng.normal(4, 0.3, (n, 1)), rng.normal(1.5, 0.2, (n, 1))
    price = markup + 0.6 * cost + follows * demand + rng.normal(0, 0.05, shape)
    promoted = rng.random(shape) < 1 / 8
    plain = np.exp(level + elasticity * (price - markup) + demand + rng.normal(0, 0.1, shape))
    added = np.where(promoted, promotion * plain, 0.0)
    missing = np.zeros(shape)
    for later in (1, 2):
        missing[:, later:] += pulled / 2 * added[:, :-later]
    names = [f"P{number:02d}" for number in range(1, n + 1)]
    keys = {
        "product": pd.Series(repeat(np.array(names), weeks), dtype="str"),
        "week": np.tile(np.arange(weeks), n),
    }
    data = {
        "price": np.exp(price).ravel(),
        "cost": np.exp(cost).ravel(),
        "promoted": promoted.ravel(),
        # Nobody buys less than nothing, however much was bought before.
        "units": np.maximum(plain + added - missing, 0).ravel(),
    }
    truth = {"added": added.ravel(), "missing": missing.ravel()}
    return Simulated(pd.DataFrame(keys | data), pd.DataFrame(keys | truth))
