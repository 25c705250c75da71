"""Customers who are called after an alarm, sooner or later, and saved less and less."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._checks import (
    Seed,
    require_at_least,
    require_list,
    require_positive,
    require_probability,
    stream_of,
)
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_delayed_calls(
    n: int,
    *,
    delays: Sequence[float] = (0, 3, 7, 14, 28),
    leaving: float = 0.6,
    reach: float = 0.5,
    half_life_days: float = 7,
    seed: Seed,
) -> Simulated:
    """Simulate customers with an alarm, each called after a delay drawn at random, or not at all.

    Model
    -----
    Without a call a customer leaves with the chance `leaving`. A call after d days keeps back the
    share
        s(d) = reach 2 ** (-d / half_life_days)
    of those who would leave, so the chance to leave is leaving (1 - s(d)), and `leaving` s(d) of
    all who are called are saved. The delays and no call at all are equally frequent.

    Parameters
    ----------
    n : int, at least one customer for each delay and for none
    delays : days, different, 0 or more
    leaving, reach : float in (0, 1]
    half_life_days : float above 0
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        delay_days : float64, days from the alarm to the call; missing where nobody called
        left : bool
    truth : DataFrame, one row per delay, and one without a call
        delay_days : float64
        left, saved : float64, chance to leave, and the share of all that the call saves

    Raises
    ------
    OutOfRangeError
        If `n` is too few for the `delays`, these are none, equal or below 0, `leaving` or `reach`
        lies outside (0, 1], `half_life_days` is not above 0, or `seed` is no seed.

    See Also
    --------
    crmlab.lifetime.measure.response_speed : what each delay saves, from the data.

    Examples
    --------
    >>> calls, truth = simulate_delayed_calls(600, seed=1)
    >>> truth["saved"].round(3).tolist()
    [0.3, 0.223, 0.15, 0.075, 0.019, 0.0]
    """
    require_list("delays", delays, "[0, 3, 7, 14, 28]")
    days = np.array([*delays], dtype="float64")
    if not (np.isfinite(days) & (days >= 0)).all() or len({*days}) < max(len(days), 1):
        raise OutOfRangeError(f"delays must be different days, 0 or more; got {[*delays]}.")
    require_at_least("n", n, len(days) + 1)
    require_probability("leaving", leaving)
    require_probability("reach", reach)
    require_positive("half_life_days", half_life_days)
    rng = stream_of(seed, "simulate_delayed_calls")
    days = np.append(days, np.nan)
    kept = np.append(reach * 2 ** (-days[:-1] / half_life_days), 0.0)
    chance = leaving * (1 - kept)
    place = rng.permutation(n) % len(days)
    left = rng.random(n) < chance[place]
    data = {"customer_id": np.arange(n), "delay_days": days[place], "left": left}
    truth = {"delay_days": days, "left": chance, "saved": leaving * kept}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
