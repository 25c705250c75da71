"""Leads of the fourteen methods, whose true conversion is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    Seed,
    require_at_least,
    require_positive,
    require_probability,
    require_real,
    stream_of,
)
from crmlab._shapes import Simulated
from crmlab.collection.sources import LEAD_METHODS
from crmlab.errors import OutOfRangeError


def simulate_leads(
    n: int,
    *,
    conversion: float = 0.08,
    spread: float = 0.02,
    uneven: float = 1.0,
    consent: float = 0.7,
    seed: Seed,
) -> Simulated:
    """Simulate leads, each found by one of the fourteen methods, and whether it became a customer.

    Model
    -----
    The true conversion of a method is drawn from a beta law of mean `conversion` and standard
    deviation `spread`. Methods find more leads or fewer: their shares go with exp(`uneven` z),
    where z ~ N(0, 1). Each lead converts with its method's probability, and costs what
    `LEAD_METHODS` says times an exponential draw. Where a method needs consent, a lead has given
    it with probability `consent`; where it needs none, always.

    Parameters
    ----------
    n : int
        Leads, at least 1.
    conversion, consent : float in (0, 1]
    spread : float above 0
        Below the root of conversion * (1 - conversion).
    uneven : float in [0, 10); at 0 all methods are equally likely
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per lead
        lead_id : int64
        method : str, one of `LEAD_METHODS`
        converted, consent : bool
        cost : float64, yuan
    truth : DataFrame, one row per method
        method : str
        conversion : float64

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `conversion` or `consent` lies outside (0, 1], `uneven` outside [0, 10),
        `spread` is not above 0 or too wide for `conversion`, or `seed` is no seed.

    See Also
    --------
    crmlab.collection.measure.channel_report : reads such leads.

    Examples
    --------
    >>> data, truth = simulate_leads(500, seed=1)
    >>> len(truth), round(float(data["converted"].mean()), 2)
    (14, 0.12)
    """
    require_real(uneven=uneven)
    require_at_least("n", n, 1)
    require_probability("conversion", conversion)
    require_probability("consent", consent)
    require_positive("spread", spread)
    if not 0 <= uneven < 10:
        raise OutOfRangeError(f"uneven must lie in [0, 10); got {uneven!r}.")
    most = conversion * (1 - conversion)
    if spread**2 >= most:
        raise OutOfRangeError(
            f"spread must lie below {most**0.5:.3f}, or conversions would leave 0 to 1; got "
            f"{spread!r}."
        )
    rng = stream_of(seed, "simulate_leads")
    names = np.array([*LEAD_METHODS])
    size = most / spread**2 - 1
    true = rng.beta(conversion * size, (1 - conversion) * size, len(names))
    size = np.exp(uneven * rng.standard_normal(len(names)))
    method = rng.choice(len(names), n, p=size / size.sum())
    needs = np.array([one.needs_consent for one in LEAD_METHODS.values()])[method]
    price = np.array([one.cost for one in LEAD_METHODS.values()])[method]
    data = {
        "lead_id": np.arange(1, n + 1),
        "method": pd.Series(names[method], dtype="str"),
        "converted": rng.random(n) < true[method],
        "consent": ~needs | (rng.random(n) < consent),
        "cost": price * rng.exponential(1, n),
    }
    truth = {"method": pd.Series(names, dtype="str"), "conversion": true}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
