"""Items that run through a value chain, wait, are worked on, and may get lost."""

from __future__ import annotations

from heapq import heapreplace

import numpy as np
import pandas as pd

from crmlab._chance import Chance
from crmlab._checks import (
    Seed,
    require_at_least,
    require_kind,
    require_positive,
    require_real,
    stream_of,
)
from crmlab._shapes import Simulated
from crmlab.accounts.chain import Chain, ok_chains
from crmlab.errors import OutOfRangeError


def simulate_flow(
    n: int, *, chain: Chain | None = None, per_hour: float = 8.0, seed: Seed
) -> Simulated:
    """Simulate `n` items that run through a value chain: bills, letters, cards.

    Model
    -----
    Items come at random, `per_hour` on average (a Poisson process). At each step an item waits
    until all that lead to the step are done and one of its `servers` is free, first come first
    served; where servers are 0 nobody waits. Work takes gamma distributed hours with the step's
    mean and spread, and then the item is lost with the chance `error`. With a spread of 1, no
    loss and one line of steps, every step is a queue M/M/c of its own (Burke): it is busy a share
    rho = per_hour * hours / servers of the time, and the mean wait is Erlang's. The luck of an item
    at a step depends on the step's name alone, so a chain without some other step, or with another
    server, has the same luck: what differs is caused.

    Parameters
    ----------
    n : int
        Items, at least 1.
    chain : Chain, optional
        OK's billing by default.
    per_hour : float above 0
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per item and step that it came to
        item_id : int64; step : str
        arrived_h, begun_h, done_h : float64, hours since the first moment
        lost : bool, here
        cost_cny : float64
    truth : DataFrame, one row per step: step : str; error : float64; busy : float64, share of time
        that its servers work if nothing is lost before, 0 where nobody waits; a share of 1 or more
        never comes to rest

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `per_hour` is not above 0, `chain` is no Chain, or `seed` is no seed.

    Source
    ------
    Burke (1956), doi:10.1287/opre.4.6.699.

    See Also
    --------
    crmlab.accounts.measure.step_report : waits, and the bottleneck.
    crmlab.accounts.measure.waiting_line : M/M/c in closed form.

    Examples
    --------
    >>> log, truth = simulate_flow(1_000, seed=1)
    >>> truth.loc[truth["busy"].idxmax(), "step"]
    'mail room'
    """
    rng = stream_of(seed, "simulate_flow")
    require_at_least("n", n, 1)
    require_positive("per_hour", per_hour)
    chain = ok_chains()["billing"] if chain is None else chain
    require_kind("chain", chain, Chain, "a Chain, such as ok_chains()['billing']")
    chance, item = Chance(rng), np.arange(1, n + 1)
    come = np.cumsum(chance.exponential("comes", item, 1 / per_hour))
    done: dict[str, np.ndarray] = {}
    steps = {str(row["step"]): row for row in chain.steps.to_dict("records")}
    parts = []
    for name in chain.order:
        step = steps[name]
        ready = np.maximum.reduce([come, *(done[one] for one in chain.before[name])])
        here = np.flatnonzero(np.isfinite(ready))
        hours = _hours(chance, name, item[here], step["hours"], step["spread"])
        begun = _begun(ready[here], hours, int(step["servers"]))
        finished = begun + hours
        lost = chance(f"{name} loses", item[here]) < step["error"]
        # What is lost never comes to the next step.
        done[name] = np.full(n, np.inf)
        done[name][here[~lost]] = finished[~lost]
        parts.append(
            pd.DataFrame(
                {
                    "item_id": item[here],
                    "step": name,
                    "arrived_h": ready[here],
                    "begun_h": begun,
                    "done_h": finished,
                    "lost": lost,
                    "cost_cny": float(step["cost_cny"]),
                }
            )
        )
    data = pd.concat(parts, ignore_index=True).astype({"step": "str"})
    servers = chain.steps["servers"].to_numpy("float64")
    load = per_hour * chain.steps["hours"].to_numpy()
    busy = np.divide(load, servers, out=np.zeros(len(load)), where=servers > 0)
    return Simulated(data, chain.steps[["step", "error"]].assign(busy=busy))


def simulate_losses(
    n: int,
    *,
    size: int = 2_000,
    rate: float = 0.003,
    from_period: int | None = None,
    worse: float = 3.0,
    seed: Seed,
) -> Simulated:
    """Simulate cards lost in `n` periods, with a change at a planted moment.

    Model
    -----
    In each period `size` cards are sent. Each is lost with a chance of `rate`, and of
    `rate * worse` from the period `from_period` on.

    Parameters
    ----------
    n : int
        Periods, at least 1.
    size : int
        Cards each period, at least 1.
    rate : float in (0, 1); worse : float above 0
    from_period : int, optional
        The first period that is worse, counted from 1; never when omitted.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per period: period, sent, lost : int64
    truth : DataFrame, one row per period: period : int64; rate : float64

    Raises
    ------
    OutOfRangeError
        If `n`, `size` or `from_period` is below 1, `worse` is not above 0, `rate` or `rate * worse`
        lies outside (0, 1), or `seed` is no seed.

    See Also
    --------
    crmlab.accounts.measure.control_chart : tells the change from luck.

    Examples
    --------
    >>> losses, truth = simulate_losses(24, from_period=18, seed=1)
    >>> truth["rate"].round(3).tolist()[16:18]
    [0.003, 0.009]
    """
    require_real(rate=rate)
    rng = stream_of(seed, "simulate_losses")
    require_at_least("n", n, 1)
    require_at_least("size", size, 1)
    require_positive("worse", worse)
    if from_period is not None:
        require_at_least("from_period", from_period, 1)
    if not 0 < rate < 1 or not rate * worse < 1:
        raise OutOfRangeError(f"rate and rate * worse must lie in (0, 1); got {rate!r}, {worse!r}.")
    period = np.arange(1, n + 1)
    bad = period >= (n + 1 if from_period is None else from_period)
    chance = np.where(bad, rate * worse, rate)
    data = {"period": period, "sent": size, "lost": rng.binomial(size, chance)}
    return Simulated(pd.DataFrame(data), pd.DataFrame({"period": period, "rate": chance}))


def _hours(chance: Chance, name: str, item: np.ndarray, mean: float, spread: float) -> np.ndarray:
    """Return gamma distributed working hours."""
    if spread == 0:
        return np.full(len(item), float(mean))
    shape = 1 / spread**2
    return chance.gamma(f"{name} works", item, shape) * mean / shape


def _begun(ready: np.ndarray, hours: np.ndarray, servers: int) -> np.ndarray:
    """Return when the work on each item begins, first come first served."""
    if servers == 0:
        return ready.copy()
    turn = np.argsort(ready, kind="stable")
    begun = np.empty(len(ready))
    if servers == 1:
        # Lindley's recursion: the line is empty where work done so far was least behind.
        work, come = hours[turn], ready[turn]
        before = np.r_[0.0, np.cumsum(work)[:-1]]
        # Taking away and adding again rounds; nothing begins before it comes.
        begun[turn] = np.maximum(np.maximum.accumulate(come - before) + before, come)
        return begun
    free = [0.0] * servers  # already a heap
    for place in turn:
        start = max(free[0], float(ready[place]))
        begun[place] = start
        heapreplace(free, float(start + hours[place]))
    return begun
