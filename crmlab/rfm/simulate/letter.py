"""A letter of thanks to the best shippers, sent to a half that chance picks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_letter(
    n: int, *, effect: float = 0.05, margin_per_parcel: float = 6.0, seed: Seed
) -> Simulated:
    """Margins of very frequent shippers after an experiment with a letter of thanks.

    Model
    -----
    parcels without the letter ~ Poisson(rate),  rate ~ Gamma(shape 4, mean 16) a half-year
    parcels that the letter adds ~ Poisson(effect * rate)
    margin = margin_per_parcel * parcels
    Half of the customers, rounded down, get the letter, drawn by chance. So the letter adds
    effect * 16 * margin_per_parcel to a customer's mean margin: 4.80 USD by default.

    Parameters
    ----------
    n : int, 4 or more
        Shippers of the "very high" band.
    effect : float of 0 or more
        Share of parcels that the letter adds. What the analyst asks about.
    margin_per_parcel : float
        In USD.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        treated : bool, got the letter
        parcels : int64, in the half-year after it
        margin : float64, in USD, before the cost of the letter
    truth : DataFrame, one row per customer
        customer_id : int64
        rate : float64, parcels expected without the letter
        added : int64, parcels that the letter would add, also for who did not get it

    Raises
    ------
    OutOfRangeError
        If `n` is below 4, `effect` is below 0, or `seed` is no seed.

    See Also
    --------
    crmlab.rfm.measure.promotion_roi : judges the letter.

    Examples
    --------
    >>> outcomes, truth = simulate_letter(100, seed=1)
    >>> int(outcomes["treated"].sum())
    50
    """
    require_real(effect=effect, margin_per_parcel=margin_per_parcel)
    rng = stream_of(seed)
    require_at_least("n", n, 4)
    if not effect >= 0:
        raise OutOfRangeError(f"effect must be a share of 0 or more; got {effect!r}.")

    customers = np.arange(n, dtype=np.int64)
    treated = rng.permutation(n) < n // 2
    rate = rng.gamma(4, 16 / 4, n)
    added = rng.poisson(effect * rate)
    parcels = rng.poisson(rate) + np.where(treated, added, 0)
    data = {
        "customer_id": customers,
        "treated": treated,
        "parcels": parcels.astype(np.int64),
        "margin": margin_per_parcel * parcels,
    }
    truth = {"customer_id": customers, "rate": rate, "added": added.astype(np.int64)}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
