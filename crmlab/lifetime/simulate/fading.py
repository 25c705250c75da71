"""Customers who buy more and more rarely before they leave."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_positive, require_probability, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated


def simulate_fading(
    n: int,
    *,
    gap_days: tuple[float, float] = (14.0, 0.5),
    loyal_weeks: float = 60.0,
    fading_gaps: float = 8.0,
    fading_pace: float = 0.3,
    start: str = "2023-01-01",
    n_days: int = 730,
    seed: int | np.random.SeedSequence | np.random.Generator,
) -> Simulated:
    """Purchases of customers who slow down for a while before they leave for good.

    Model
    -----
    Each customer has an own mean gap g, lognormal around a median, and buys by a Poisson process
    of rate 1/g from the first day on. After a time ~ Exp(mean `loyal_weeks`) the customer begins to
    fade: the rate falls to `fading_pace` / g, for a time ~ Exp(mean `fading_gaps` * g); then they
    leave. An alarm can come in time, between the two days; no model is told of either.

    Parameters
    ----------
    n : int
    gap_days : (median in days, sigma of the logarithm)
    loyal_weeks, fading_gaps : float above 0, means
    fading_pace : float in (0, 1]
    start : str, "YYYY-MM-DD"
    n_days : int
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per purchase, sorted by customer and date
        customer_id : int64
        date : datetime64[us], the day
        amount : float64, money, mean 50
    truth : DataFrame, one row per customer
        customer_id : int64
        gap_days : float64
        fades_on, leaves_on : datetime64[us], days, which may lie after the last one seen

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `n_days` below 2, `fading_pace` lies outside (0, 1]; one of `gap_days`,
        `loyal_weeks` or `fading_gaps` is not above 0; or `seed` is no seed.

    Examples
    --------
    >>> data, truth = simulate_fading(100, seed=1)
    >>> bool((truth["fades_on"] <= truth["leaves_on"]).all())
    True
    """
    require_at_least("n", n, 1)
    require_at_least("n_days", n_days, 2)
    require_probability("fading_pace", fading_pace)
    for name, value in (("loyal_weeks", loyal_weeks), ("fading_gaps", fading_gaps)):
        require_positive(name, value)
    for value in gap_days:
        require_positive("every number of gap_days", value)
    rng = stream_of(seed, "simulate_fading")
    gap = gap_days[0] * np.exp(gap_days[1] * rng.normal(size=n))
    fades = rng.exponential(7 * loyal_weeks, n)
    leaves = fades + rng.exponential(fading_gaps * gap)

    # A clock that runs at the customer's pace: one tick per mean gap, slower while fading.
    ticks_loyal = np.minimum(fades, n_days) / gap
    slow = np.maximum(np.minimum(leaves, n_days) - fades, 0) * fading_pace / gap
    number = rng.poisson(ticks_loyal + slow)
    owner = repeat(np.arange(n), number)
    tick = rng.random(len(owner)) * (ticks_loyal + slow)[owner]
    early = tick <= ticks_loyal[owner]
    late = fades[owner] + (tick - ticks_loyal[owner]) * gap[owner] / fading_pace
    time = np.where(early, tick * gap[owner], late)
    # Everybody comes on the first day, so that everybody has a history.
    owner, time = np.append(np.arange(n), owner), np.append(np.zeros(n), time)
    order = np.lexsort((time, owner))
    owner, day = owner[order], np.minimum(time[order], n_days - 1).astype("m8[D]")
    first = np.datetime64(start, "D")
    amount = np.maximum(rng.gamma(4.0, 12.5, len(owner)), 0.01).round(2)
    data = {"customer_id": owner, "date": (first + day).astype("M8[us]"), "amount": amount}
    # Whole days are enough; a life beyond a century is one.
    ends = [np.minimum(when, 36_500).astype("m8[D]") for when in (fades, leaves)]
    truth = {
        "customer_id": np.arange(n),
        "gap_days": gap,
        "fades_on": (first + ends[0]).astype("M8[us]"),
        "leaves_on": (first + ends[1]).astype("M8[us]"),
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
