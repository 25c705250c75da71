"""Prospects with a chance to buy and a value if they do; a leak, and a habit that drifts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

CHANNELS = ("shop", "web", "phone")
MONTHS = 12


def simulate_prospects(
    n: int, *, leak: bool = False, drift: float = 0.0, answered: bool = True, seed: Seed
) -> Simulated:
    """Simulate who buys after an offer, and what the sale brings.

    Model
    -----
    Offers go out in the twelve months of 2024. With v, r, s ~ N(0, 1) behind visits, recency
    and size of the household's income, and t from 0 (January) to 1 (December),
        logit P(buys) = -2.4 + (0.9 - drift t) v - 0.6 r + 0.35 v r + 0.9 web - 0.45 phone
        E(margin | buys) = exp(4.2 - 0.5 v + 0.7 s),   gamma of shape 4
    so that those who are most likely to buy bring less when they do. With `drift`, visits
    foretell less from month to month. With `leak`, thank-you calls are in the table:
    Poisson(1.2) for a buyer, Poisson(0.05) for others. They are made *after* the sale.

    Parameters
    ----------
    n : int, at least 1
    leak : bool
    drift : float of 0 or more
    answered : bool
        If False, the table as it stands on the day of the offer: nobody has bought yet, and nobody
        was called; `buys` and `margin_cny` are not there.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        offered_on : datetime64[us]
        visits : int64, in the half-year before the offer
        days_since_last : int64
        income_cny : float64
        channel : str; shop, web or phone
        thank_you_calls : int64, with `leak`
        buys : bool
        margin_cny : float64, 0 for those who do not buy
    truth : DataFrame, one row per customer
        customer_id : int64
        chance : float64
        value_cny : float64, expected margin of a sale

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, or `drift` is below 0.

    See Also
    --------
    crmlab.behaviour.model.PropensityModel : finds the chances.
    crmlab.behaviour.measure.leak_report : finds the leak.

    Examples
    --------
    >>> data, truth = simulate_prospects(5_000, leak=True, seed=1)
    >>> data.groupby("buys")["thank_you_calls"].mean().round(1).tolist()
    [0.1, 1.2]
    """
    require_real(drift=drift)
    require_at_least("n", n, 1)
    if not 0 <= drift < np.inf:
        raise OutOfRangeError(f"drift must be 0 or more; got {drift!r}.")
    rng = stream_of(seed, "simulate_prospects")

    day = rng.integers(0, 366, n)
    visit, recent, size = rng.normal(size=(3, n))
    place = rng.choice(3, n, p=[0.5, 0.35, 0.15])
    late = np.floor(day / 366 * MONTHS) / (MONTHS - 1)
    odds = -2.4 + (0.9 - drift * late) * visit - 0.6 * recent + 0.35 * visit * recent
    chance = expit(odds + 0.9 * (place == 1) - 0.45 * (place == 2))
    value = np.exp(4.2 - 0.5 * visit + 0.7 * size)
    buys = rng.random(n) < chance
    margin = buys * value * rng.gamma(4, 1 / 4, n)
    calls = rng.poisson(np.where(buys, 1.2, 0.05)) * answered
    ids = np.arange(1, n + 1)
    data = {
        "customer_id": ids,
        "offered_on": (np.datetime64("2024-01-01") + day).astype("M8[us]"),
        "visits": np.rint(6 * np.exp(0.5 * visit)).astype(np.int64),
        "days_since_last": np.rint(30 * np.exp(0.7 * recent)).astype(np.int64),
        "income_cny": (9_000 * np.exp(0.5 * size)).round(0),
        "channel": pd.Series(np.array(CHANNELS)[place], dtype="str"),
        **({"thank_you_calls": calls} if leak else {}),
        **({"buys": buys, "margin_cny": margin.round(2)} if answered else {}),
    }
    truth = {"customer_id": ids, "chance": chance, "value_cny": value}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
