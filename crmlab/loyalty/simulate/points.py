"""A points programme offered at random: who joins, what it moves and what it costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from crmlab._checks import Seed, require_at_least, require_probability, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

POINTS_PER_CNY = 1.0


def simulate_points(
    n: int,
    *,
    lift: float = 0.05,
    redeem: float = 0.7,
    invited: float = 0.5,
    seed: Seed,
) -> Simulated:
    """Simulate a points programme to which a part of all customers is invited at random.

    Model
    -----
    Customer i spends 300 * exp(a_i) in a usual half-year, a_i ~ N(-0.32, 0.8), so 300 on average
    and a half-year's spending is that times a lognormal of mean 1 and log deviation 0.3. Of the
    invited, those who spend much join more often, with a chance of expit(a_i + 0.32). A member's
    spending of the second half-year rises by the share `lift`. One point is earned per CNY spent
    as a member; of each member's points a beta distributed share with mean `redeem` (and
    alpha + beta = 4) is ever redeemed, the rest is breakage. Members spend far more than others
    even with a lift of 0, since big spenders join.

    Parameters
    ----------
    n : int
        Customers, at least 1.
    lift : float, above -1
    redeem, invited : float in (0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        invited, joined : bool
        spend_before_cny, spend_after_cny : float64, of the half-years before and after
        points_earned, points_redeemed : float64
    truth : DataFrame, one row per customer
        customer_id : int64
        would_join : bool, if invited
        gain_cny : float64, what membership adds to the spending after, if they join

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `lift` is not above -1, `redeem` or `invited` lies outside (0, 1], or
        `seed` is no seed.

    See Also
    --------
    crmlab.loyalty.measure.programme_effect : measures what it brought.

    Examples
    --------
    >>> data, truth = simulate_points(1_000, seed=1)
    >>> bool((data["joined"] <= data["invited"]).all())
    True
    """
    require_real(lift=lift)
    rng = stream_of(seed, "simulate_points")
    require_at_least("n", n, 1)
    require_probability("redeem", redeem)
    require_probability("invited", invited)
    if not -1 < lift < np.inf:
        raise OutOfRangeError(f"lift must lie above -1; got {lift!r}.")

    size = rng.normal(-0.32, 0.8, n)
    before, after = 300 * np.exp(size + rng.normal(-0.045, 0.3, size=(2, n)))
    asked = rng.random(n) < invited
    willing = rng.random(n) < expit(size + 0.32)
    joined = asked & willing
    gain = lift * after
    after = after + gain * joined
    points = POINTS_PER_CNY * after * joined
    kept = rng.beta(4 * redeem, 4 * (1 - redeem), n) if redeem < 1 else np.ones(n)
    ids = np.arange(1, n + 1)
    data = pd.DataFrame(
        {
            "customer_id": ids,
            "invited": asked,
            "joined": joined,
            "spend_before_cny": before.round(2),
            "spend_after_cny": after.round(2),
            "points_earned": points.round(),
            "points_redeemed": (points.round() * kept).round(),
        }
    )
    truth = pd.DataFrame({"customer_id": ids, "would_join": willing, "gain_cny": gain})
    return Simulated(data, truth)
