"""Spend in two periods: habit that lasts, luck that does not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_positive, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError
from crmlab.pyramid.simulate.concentrated import lognormal_sigma


def simulate_two_periods(
    n: int,
    *,
    top: float = 0.20,
    share: float = 0.80,
    mean_spend: float = 1_000.0,
    persistence: float = 0.7,
    lost: float = 0.15,
    new: float = 0.15,
    treated: float = 0.0,
    lift: float = 0.0,
    seed: Seed,
) -> Simulated:
    """Spend of customers in two periods, who change tier by luck alone unless lifted.

    Model
    -----
    log(spend) = mu + sigma * (sqrt(persistence) * habit + sqrt(1 - persistence) * luck)
    habit ~ N(0, 1), once per customer; luck ~ N(0, 1), anew in each period
    so both periods have the same lognormal law (sigma from `top` and `share`), and the logs of
    a customer's two spends correlate at `persistence`. A customer is lost after the first
    period at the chance `lost`; n * `new` new customers come for the second. The chance
    to be in tier j after tier i is, for the stated cuts and ``lost == new``,
        (1 - lost) * P(z1 in tier i, z2 in tier j) / P(z1 in tier i)
    with (z1, z2) binormal of correlation `persistence`. A share `treated` of the
    customers kept is drawn to be up-sold: their second spend is multiplied by 1 + lift.

    Parameters
    ----------
    n : int
        Customers in the first period.
    top, share, mean_spend
        Law of the spend in a period, as in `simulate_concentrated`.
    persistence : float in [0, 1]
        1: all habit, nobody moves; 0: all luck, last year says nothing.
    lost, new : float in [0, 1]
        Shares of `n` who leave after the first period, and who join for the second.
    treated : float in [0, 1]
        Chance of a customer kept to be up-sold.
    lift : float, above -1
        Growth of the spend of the treated.
    seed : int, SeedSequence or Generator
        Same seed, same frames.

    Returns
    -------
    data : DataFrame, one row per customer and period, sorted by both
        customer_id : int64
        period : int64, 1 or 2
        spend : float64, money
    truth : DataFrame, one row per customer
        customer_id : int64
        habit : float64, lasting part of the spend, in standard deviations
        fate : str, kept, lost or new
        treated : bool

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `persistence`, `lost`, `new` or `treated` lies outside [0, 1], `lift` is
        not above -1, or as `simulate_concentrated`.

    See Also
    --------
    crmlab.pyramid.measure.migration : measures the moves.

    Source
    ------
    The pull back towards the middle: Galton, F. (1886). Regression towards mediocrity in
    hereditary stature. Journal of the Anthropological Institute 15, 246-263.
    doi:10.2307/2841583

    Examples
    --------
    >>> spends, truth = simulate_two_periods(1_000, lost=0, new=0, seed=1)
    >>> spends.groupby("period").size().tolist()
    [1000, 1000]
    """
    require_real(persistence=persistence, lost=lost, new=new, treated=treated, lift=lift)
    rng = stream_of(seed)
    require_at_least("n", n, 1)
    require_positive("mean_spend", mean_spend)
    require_positive("1 + lift", 1 + lift)
    shares = {"persistence": persistence, "lost": lost, "new": new, "treated": treated}
    for name, value in shares.items():
        if not 0 <= value <= 1:
            raise OutOfRangeError(f"{name} must lie in [0, 1], not a percent; got {value!r}.")
    sigma = lognormal_sigma(top, share)

    everybody = n + int(np.floor(n * new + 0.5))
    customers = np.arange(everybody, dtype=np.int64)
    habit = rng.normal(size=everybody)
    luck = rng.normal(size=(2, everybody))
    fate = np.where(rng.uniform(size=everybody) < lost, "lost", "kept")
    fate[n:] = "new"
    chosen = (rng.uniform(size=everybody) < treated) & (fate == "kept")

    z = np.sqrt(persistence) * habit + np.sqrt(1 - persistence) * luck
    spend = mean_spend * np.exp(sigma * z - sigma**2 / 2)
    spend[1, chosen] *= 1 + lift
    rows = [
        pd.DataFrame({"customer_id": customers[here], "period": period, "spend": money[here]})
        for period, money, here in ((1, spend[0], fate != "new"), (2, spend[1], fate != "lost"))
    ]
    data = pd.concat(rows).sort_values(["customer_id", "period"], ignore_index=True)
    truth = {"customer_id": customers, "habit": habit, "fate": fate, "treated": chosen}
    return Simulated(data, pd.DataFrame(truth))
