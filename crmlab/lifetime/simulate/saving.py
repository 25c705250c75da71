"""A save offer that does not help those most likely to leave."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from crmlab._checks import require_at_least, require_probability, stream_of
from crmlab._shapes import Simulated


def simulate_saving(
    n: int,
    *,
    treated: float = 0.5,
    seed: int | np.random.SeedSequence | np.random.Generator,
) -> Simulated:
    """Simulate customers at risk, half of whom at random got an offer to stay.

    Model
    -----
    Each customer has a risk of leaving without an offer, p0 = 1 / (1 + exp(-z)), z ~ N(-1, 1.5).
    The offer moves it to p1 = p0 - gain(p0), with
        gain(p) = 1.2 p (1 - p) (0.75 - p),
    most for those in the middle, and less than nothing above 0.75: an offer reminds them to go.
    The firm sees z through a signal that is exact, `risk` = p0.

    Parameters
    ----------
    n : int
    treated : float in (0, 1], share that got the offer, at random
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        risk : float64 in (0, 1), chance to leave without an offer, as a perfect model gives it
        offered, left : bool
    truth : DataFrame, one row per customer
        customer_id : int64
        gain : float64, by how much the offer lowers the chance to leave; it may be below 0

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `treated` lies outside (0, 1], or `seed` is no seed.

    Source
    ------
    Risk is not uplift: Ascarza (2018), doi:10.1509/jmr.16.0163.

    Examples
    --------
    >>> data, truth = simulate_saving(1000, seed=1)
    >>> bool((truth["gain"] < 0).any())
    True
    """
    require_at_least("n", n, 1)
    require_probability("treated", treated)
    rng = stream_of(seed, "simulate_saving")
    risk = expit(rng.normal(-1, 1.5, n))
    gain = 1.2 * risk * (1 - risk) * (0.75 - risk)
    offered = rng.permutation(n) < np.floor(treated * n + 0.5)
    left = rng.random(n) < risk - gain * offered
    number = np.arange(n)
    data = {"customer_id": number, "risk": risk, "offered": offered, "left": left}
    return Simulated(pd.DataFrame(data), pd.DataFrame({"customer_id": number, "gain": gain}))
