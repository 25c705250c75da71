"""Customers asked for their satisfaction several times, and what they spend afterwards."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_satisfaction_panel(
    n: int,
    *,
    waves: int = 6,
    within: float = 0.0,
    between: float = 0.0,
    seed: Seed,
) -> Simulated:
    """Simulate satisfaction wave by wave, and the spending of the month after each.

    Model
    -----
    Customer i is usually satisfied by m_i ~ N(0, 1), and in wave t by a whim more or less:
        satisfaction = 6 + m_i + e_it,   e_it ~ N(0, 1)
        spend_next = 300 + between * m_i + within * e_it + N(0, 30) + N(0, 40)
    with the first noise fixed for a customer and the second new each time. `within` is what a
    better month does to the next one's spending. `between` is only who the satisfied are. A
    regression on the customers' means over T waves finds for them
        (between + within / T) / (1 + 1 / T).

    Parameters
    ----------
    n : int
        Customers, at least 1.
    waves : int, at least 1
    within, between : float
        CNY per point of satisfaction.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer and wave
        customer_id, wave : int64
        satisfaction, spend_next_cny : float64
    truth : DataFrame, one row per customer
        customer_id : int64
        usual : float64, 6 + m_i

    Raises
    ------
    OutOfRangeError
        If `n` or `waves` is below 1, `within` or `between` is not finite, or `seed` is no seed.

    See Also
    --------
    crmlab.loyalty.measure.within_between : tells the two apart.

    Examples
    --------
    >>> data, truth = simulate_satisfaction_panel(10, waves=3, within=20, seed=1)
    >>> len(data), len(truth)
    (30, 10)
    """
    require_real(within=within, between=between)
    rng = stream_of(seed, "simulate_satisfaction_panel")
    require_at_least("n", n, 1)
    require_at_least("waves", waves, 1)
    for name, value in (("within", within), ("between", between)):
        if not np.isfinite(value):
            raise OutOfRangeError(f"{name} must be a finite number; got {value!r}.")

    usual, level = rng.normal(size=(n, 1)), rng.normal(0, 30, size=(n, 1))
    whim, noise = rng.normal(size=(n, waves)), rng.normal(0, 40, size=(n, waves))
    spend = 300 + between * usual + within * whim + level + noise
    ids = np.arange(1, n + 1)
    data = pd.DataFrame(
        {
            "customer_id": repeat(ids, waves),
            "wave": np.tile(np.arange(1, waves + 1), n),
            "satisfaction": (6 + usual + whim).ravel(),
            "spend_next_cny": spend.ravel(),
        }
    )
    return Simulated(data, pd.DataFrame({"customer_id": ids, "usual": 6 + usual[:, 0]}))
