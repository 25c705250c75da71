"""Calls that come in, wait, and are answered or given up."""

from __future__ import annotations

from heapq import heappush, heapreplace

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_positive, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_calls(
    n: int,
    *,
    calls: float = 200.0,
    handle_minutes: float = 3.0,
    agents: int = 14,
    patience_minutes: float | None = None,
    unlike_hours: float = 0.0,
    seed: Seed,
) -> Simulated:
    """Simulate `n` calls to a call centre: each waits for the first free agent, or gives up.

    Model
    -----
    Calls come at random, `calls` an hour. With `unlike_hours` = v the rate of each hour is
    calls * G with G ~ Gamma(1 / v, v), so that the number of calls in an hour has the variance
    calls + v * calls**2, and not calls alone. A call lasts an exponential time of mean
    `handle_minutes`; calls are answered in the order in which they came. With a patience, a caller
    gives up after an exponential time of that mean.

    Parameters
    ----------
    n : int, at least 1
    calls, handle_minutes : float above 0
    agents : int, at least 1
    patience_minutes : float above 0, optional
    unlike_hours : float of 0 or more
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per call, in the order in which they came
        call : int64, from 1
        came_at_minute, waited_seconds : float64
        gave_up : bool
    truth : DataFrame, one row per hour: hour (int64, from 0), rate (float64, calls an hour)

    Raises
    ------
    OutOfRangeError
        If `n` or `agents` is below 1; `calls`, `handle_minutes` or `patience_minutes` is not above
        0; `unlike_hours` is below 0; without patience the agents cannot keep up; or `seed` is no
        seed.

    See Also
    --------
    crmlab.campaigns.measure.staffing : what to expect of them.

    Examples
    --------
    >>> data, _ = simulate_calls(20_000, agents=14, seed=1)
    >>> bool(0.86 < (data["waited_seconds"] <= 20).mean() < 0.92)
    True
    """
    require_real(unlike_hours=unlike_hours)
    require_at_least("n", n, 1)
    require_at_least("agents", agents, 1)
    require_positive("calls", calls)
    require_positive("handle_minutes", handle_minutes)
    if patience_minutes is not None:
        require_positive("patience_minutes", patience_minutes)
    if not 0 <= unlike_hours < np.inf:
        raise OutOfRangeError(f"unlike_hours must be 0 or more; got {unlike_hours!r}.")
    load = calls * handle_minutes / 60
    if patience_minutes is None and load >= agents:
        raise OutOfRangeError(
            f"{calls:g} calls an hour of {handle_minutes:g} minutes keep {load:.1f} agents busy; "
            f"{agents} cannot keep up. Take more, or let callers give up: patience_minutes=…"
        )
    rng = stream_of(seed, "simulate_calls")
    came, rate = _came(rng, n, calls, unlike_hours)
    lasts = rng.exponential(handle_minutes, n)
    patience = np.full(n, np.inf)
    if patience_minutes is not None:
        patience = rng.exponential(patience_minutes, n)
    waited = _waited(came, lasts, patience, agents)
    gave_up = waited >= patience
    data = {
        "call": np.arange(1, n + 1),
        "came_at_minute": came,
        "waited_seconds": 60 * np.minimum(waited, patience),
        "gave_up": gave_up,
    }
    hours = pd.DataFrame({"hour": np.arange(len(rate)), "rate": rate})
    return Simulated(pd.DataFrame(data), hours)


def _came(
    rng: np.random.Generator, n: int, calls: float, unlike: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return when calls come, and the rate of each hour until the last of them."""
    work = rng.exponential(1.0, n).cumsum()  # calls to be expected until each comes
    rate, done = np.zeros(0), 0.0
    while done <= work[-1]:
        more = max(24, int(1.2 * (work[-1] - done) / calls) + 1)
        factor = rng.gamma(1 / unlike, unlike, more) if unlike else np.ones(more)
        rate = np.append(rate, calls * factor)
        done = rate.sum()
    until = np.append(0.0, rate.cumsum())
    came = np.interp(work, until, np.arange(len(until)))
    return 60 * came, rate[: int(came[-1]) + 1]


def _waited(came: np.ndarray, lasts: np.ndarray, patience: np.ndarray, agents: int) -> np.ndarray:
    """Return how long each caller would have to wait for the first free agent, in minutes."""
    free: list[float] = []
    for _ in range(agents):
        heappush(free, 0.0)
    waited = np.empty(len(came))
    for call, (at, length, may) in enumerate(zip(came, lasts, patience, strict=True)):
        wait = max(free[0] - at, 0.0)
        waited[call] = wait
        if wait < may:
            heapreplace(free, at + wait + length)
    return waited
