"""Members who shop by a rhythm: regular or not, alike or not, and nobody ever changes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    Seed,
    day_of,
    require_at_least,
    require_positive,
    require_real,
    stream_of,
)
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

_TICKET = 60.0


def simulate_visits(
    n: int,
    *,
    mean_gap_days: float = 10.0,
    shape: int = 1,
    spread: float = 0.0,
    ticket_spread: float = 0.0,
    days: int = 730,
    start: str = "2023-01-01",
    seed: Seed,
) -> Simulated:
    """Simulate the purchases of members whose habits never change.

    Model
    -----
    Member i visits at a rate of own, rate_i = g_i / mean_gap_days, with g_i from a gamma law of
    mean 1 and squared coefficient of variation `spread` (0: all alike; 1: exponential). The gaps
    between visits are Erlang of `shape` with mean 1 / rate_i: shape 1 is a Poisson process, a
    larger one is more regular. The record opens in the middle of the rhythm: the time to the
    first visit is the rest of a gap that was under way. A visit spends ticket_i times a gamma
    number of shape 4 and mean 1; ticket_i is lognormal with mean 60 and log variance
    `ticket_spread`.

    So within L days from any day a share of the members shops that has a closed form:
        shape 1, alike    1 - exp(-L / m)
        shape 2, alike    1 - (1 + L / m) exp(-2 L / m)
        shape 1, unlike   1 - (1 + spread L / m) ** (-1 / spread)
    With m = 10: 63, 70, 78 %; 73, 80, 88 %; and with spread 1: 50, 55, 60 % for L = 10, 12, 15.

    Parameters
    ----------
    n : int
        Members, at least 1. Who never comes in the record has no purchase, and is in the truth.
    mean_gap_days : float above 0
        Days per visit of all members together: total days over total visits.
    shape : int, at least 1
    spread, ticket_spread : float of 0 or more
    days : int
        Length of the record, at least 1.
    start : date
        Its first day.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per visit, by customer and date
        customer_id : int64
        date : datetime64[us]; two visits may fall on one day
        amount : float64, money to cents
    truth : DataFrame, one row per member
        customer_id : int64
        gap_days : float64, the member's mean days between visits
        ticket : float64, the member's mean spend per visit

    Raises
    ------
    OutOfRangeError
        If `n`, `shape` or `days` is below 1, `mean_gap_days` is not above 0, `spread` or
        `ticket_spread` is below 0, `start` is no date, or `seed` is no seed.

    Source
    ------
    The rest of a gap under way: Cox (1962), Renewal Theory, chapter 5. Erlang gaps of shoppers:
    Chatfield and Goodhardt (1973), Journal of the American Statistical Association 68, 828-835.

    Examples
    --------
    >>> visits, truth = simulate_visits(100, seed=1)
    >>> bool((truth["gap_days"] == 10).all()), len(visits) > 5_000
    (True, True)
    """
    require_real(spread=spread, ticket_spread=ticket_spread)
    require_at_least("n", n, 1)
    require_at_least("shape", shape, 1)
    require_at_least("days", days, 1)
    require_positive("mean_gap_days", mean_gap_days)
    for name, value in (("spread", spread), ("ticket_spread", ticket_spread)):
        if not 0 <= value < np.inf:
            raise OutOfRangeError(f"{name} must be a finite number of 0 or more; got {value!r}.")
    first_day = day_of("start", start)
    rng = stream_of(seed, "simulate_visits")

    habit = rng.gamma(1 / spread, spread, n) if spread else np.ones(n)
    gap = mean_gap_days / np.maximum(habit, 1e-9)
    deviation = np.sqrt(ticket_spread)
    ticket = _TICKET * np.exp(rng.normal(-ticket_spread / 2, deviation, n))
    who, day = _visits(rng, gap, shape, days)
    amount = np.maximum(ticket[who] * rng.gamma(4, 1 / 4, len(who)), 0.01).round(2)
    data = {"customer_id": who, "date": (first_day + day).astype("M8[us]"), "amount": amount}
    truth = {"customer_id": np.arange(n), "gap_days": gap, "ticket": ticket}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def _visits(
    rng: np.random.Generator, gap: np.ndarray, shape: int, days: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return member and day of every visit of the record, by both."""
    # A gap under way is longer than most: of a gamma law, it is one of a shape larger by 1.
    when = rng.random(len(gap)) * rng.gamma(shape + 1, gap / shape)
    who, found = np.arange(len(gap)), []
    while (inside := when < days).any():
        who, when = who[inside], when[inside]
        found.append((who, when))
        when = when + rng.gamma(shape, gap[who] / shape)
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    member, time = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.lexsort((time, member))
    return member[order], time[order].astype(np.int64)
