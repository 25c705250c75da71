"""Frequent buyers who are not satisfied: they have no other shop."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_captive(n: int, *, captive: float = 0.3, seed: Seed) -> Simulated:
    """Purchases and satisfaction where some buy often because they must.

    The field says that frequent buyers are the most satisfied and loyal. Here that is true of
    customers who can choose, and false of all together: a counter-example to test a claim on.

    Model
    -----
    A share `captive` of the customers, to the nearest number, has no other shop within reach.
        mood ~ Normal(0, 1) for who can choose, Normal(-1.5, 1) for the captive
        satisfaction = 6 + 1.5 mood, rounded and cut to 1-10
        purchases a year ~ Poisson(10 exp(0.3 mood)) for who can choose, Poisson(30) else
        would leave, if a rival opened next door, with chance 1 / (1 + exp(1 + 2 mood))
    So who can choose buys 10 exp(0.045) = 10.5 times on average.

    Parameters
    ----------
    n : int, at least 1
    captive : float in [0, 1]
        Share without choice. At 0 the field's claim holds.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        purchases : int64, in a year
        satisfaction : int64, 1 to 10
    truth : DataFrame, one row per customer
        customer_id : int64
        captive : bool
        would_leave : bool, if a rival opened

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `captive` lies outside [0, 1], or `seed` is no seed.

    Examples
    --------
    >>> customers, truth = simulate_captive(10, seed=1)
    >>> int(truth["captive"].sum())
    3
    """
    require_real(captive=captive)
    rng = stream_of(seed)
    require_at_least("n", n, 1)
    if not 0 <= captive <= 1:
        raise OutOfRangeError(f"captive must be a share in [0, 1]; got {captive!r}.")

    customers = np.arange(n, dtype=np.int64)
    tied = rng.permutation(n) < int(captive * n + 0.5)
    mood = rng.normal(np.where(tied, -1.5, 0.0), 1)
    data = {
        "customer_id": customers,
        "purchases": rng.poisson(np.where(tied, 30, 10 * np.exp(0.3 * mood))),
        "satisfaction": np.clip(np.round(6 + 1.5 * mood), 1, 10).astype(np.int64),
    }
    leaves = rng.random(n) < 1 / (1 + np.exp(1 + 2 * mood))
    truth = {"customer_id": customers, "captive": tied, "would_leave": leaves}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
