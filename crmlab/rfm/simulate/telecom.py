"""Telecom customers whose segments show in six variables, and only half in their money."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, stream_of
from crmlab._shapes import Simulated

SEGMENTS = ("steady heavy", "risky heavy", "quiet light", "curious light")
_SHARES = (0.30, 0.20, 0.30, 0.20)
# A column per segment.
_CHARGES, _MINUTES, _DAYS = (180, 180, 40, 40), (900, 900, 150, 150), (1.0, 1.0, 4.0, 4.0)
_LATE, _CREDIT = (0.03, 0.45, 0.05, 0.10), (80, 45, 70, 65)
_REQUESTS, _REGISTERED = (1.0, 4.0, 0.5, 2.0), (0.5, 0.3, 0.1, 0.7)


def simulate_telecom(n: int, *, seed: Seed) -> Simulated:
    """Six variables of telecom customers in four segments.

    Model
    -----
    Of the customers 30% are "steady heavy", 20% "risky heavy", 30% "quiet light" and 20%
    "curious light" (to the nearest number), in random order. Given the segment, all
    variables are independent:

                              steady heavy  risky heavy  quiet light  curious light
        charges    median              180          180           40             40
        usage      median              900          900          150            150
        payment    share late         0.03         0.45         0.05           0.10
        credit     mean                 80           45           70             65
        service    mean                1.0          4.0          0.5            2.0
        services   share taken         0.5          0.3          0.1            0.7
        last use   mean                1.0          1.0          4.0            4.0

    Charges and usage are lognormal with sigma 0.35, late bills Binomial(12), the credit score
    normal with standard deviation 8 and cut to 0-100, service requests Poisson, registered
    services Binomial(10), days since the last use geometric from 0. So money, frequency and
    recency know heavy from light, and nothing else.

    Parameters
    ----------
    n : int, at least 1
        Customers.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        charges_cny : float64, call charges a month
        usage_minutes : float64, a month
        late_bills : int64, of the last 12
        credit_score : float64, 0 to 100
        service_requests : int64, repairs and enquiries a year
        registered_services : int64, of 10 on offer
        days_since_last : int64, since the last use; not one of the six, for plain RFM
    truth : DataFrame, one row per customer
        customer_id : int64
        segment : str

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, or `seed` is no seed.

    See Also
    --------
    crmlab.rfm.model.CustomerClusters : recovers the segments.

    Examples
    --------
    >>> customers, truth = simulate_telecom(10, seed=1)
    >>> customers.shape
    (10, 8)
    """
    rng = stream_of(seed)
    require_at_least("n", n, 1)

    bounds = np.floor(np.cumsum(_SHARES) * n + 0.5)
    kind = rng.permutation(np.searchsorted(bounds, np.arange(n), side="right"))

    def of(values: tuple[float, ...]) -> np.ndarray:
        return np.array(values, dtype=float)[kind]

    customers = np.arange(n, dtype=np.int64)
    data = {
        "customer_id": customers,
        "charges_cny": np.round(of(_CHARGES) * rng.lognormal(0, 0.35, n), 2),
        "usage_minutes": np.round(of(_MINUTES) * rng.lognormal(0, 0.35, n), 1),
        "late_bills": rng.binomial(12, of(_LATE)),
        "credit_score": np.clip(rng.normal(of(_CREDIT), 8), 0, 100).round(1),
        "service_requests": rng.poisson(of(_REQUESTS)),
        "registered_services": rng.binomial(10, of(_REGISTERED)),
        "days_since_last": rng.geometric(1 / (1 + of(_DAYS))) - 1,
    }
    truth = {"customer_id": customers, "segment": np.array(SEGMENTS)[kind]}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
