"""A ledger of points: earned in one month, redeemed in another, or never."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_ledger(
    n: int,
    *,
    months: int = 36,
    redeemed: float = 0.7,
    pace: float = 0.15,
    expiry: int = 24,
    seed: Seed,
) -> Simulated:
    """Simulate what members earn in points each month, and when they redeem them.

    Model
    -----
    Each of `n` members earns in each month Poisson(3) lots of 100 points. A lot is of a kind that
    is ever redeemed with probability `redeemed`, and then in its month m = 0, 1, 2, ... with the
    chance pace (1 - pace)**m; what is not redeemed in the first `expiry` months is lost. So of
    what is earned, the share
        redeemed * (1 - (1 - pace)**expiry)
    is redeemed, and the rest is *breakage* (积分沉淀).

    Parameters
    ----------
    n : int, at least 1
    months : int, at least 2
    redeemed : float in [0, 1]
    pace : float in (0, 1]
    expiry : int, at least 1
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per month earned and month redeemed, of those seen by the end
        earned_month, redeemed_month : int64, from 0; redeemed_month is -1 where not redeemed yet
        points : int64
    truth : DataFrame, one row per month: earned_month (int64), ultimate (int64): points earned then
        that are ever redeemed, also after the end

    Raises
    ------
    OutOfRangeError
        If `n` or `expiry` is below 1, `months` below 2, `redeemed` lies outside [0, 1], `pace`
        outside (0, 1], or `seed` is no seed.

    See Also
    --------
    crmlab.campaigns.measure.points_liability : what is still owed.

    Examples
    --------
    >>> data, truth = simulate_ledger(200, seed=1)
    >>> bool(data["points"].sum() > truth["ultimate"].sum())
    True
    """
    require_real(redeemed=redeemed, pace=pace)
    require_at_least("n", n, 1)
    require_at_least("months", months, 2)
    require_at_least("expiry", expiry, 1)
    if not 0 <= redeemed <= 1 or not 0 < pace <= 1:
        raise OutOfRangeError(
            f"redeemed must lie in [0, 1] and pace in (0, 1]; got {redeemed!r} and {pace!r}."
        )
    rng = stream_of(seed, "simulate_ledger")
    lots = rng.poisson(3 * n, months)
    chance = redeemed * pace * (1 - pace) ** np.arange(expiry)
    chance = np.append(chance, 1 - chance.sum())
    many = np.stack([rng.multinomial(one, chance) for one in lots])
    month = np.arange(months)
    earned = repeat(month, expiry)
    when = earned + np.tile(np.arange(expiry), months)
    points = 100 * many[:, :-1].ravel()
    seen = (when < months) & (points > 0)
    ultimate = 100 * many[:, :-1].sum(axis=1)
    known = np.zeros(months, dtype=np.int64)
    np.add.at(known, earned[seen], points[seen])
    open_ = {"earned_month": month, "redeemed_month": -1, "points": 100 * lots - known}
    rows = {"earned_month": earned[seen], "redeemed_month": when[seen], "points": points[seen]}
    data = pd.concat([pd.DataFrame(rows), pd.DataFrame(open_)], ignore_index=True)
    data = data.astype("int64").sort_values(["earned_month", "redeemed_month"], ignore_index=True)
    return Simulated(data, pd.DataFrame({"earned_month": month, "ultimate": ultimate}))
