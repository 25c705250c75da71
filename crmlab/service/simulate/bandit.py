"""Offers that learn while they are made, in many worlds at once, and the log of a rule in use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._checks import (
    Seed,
    require_at_least,
    require_list,
    require_one_of,
    require_real,
    stream_of,
)
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

POLICIES = ("thompson", "epsilon", "even")


def simulate_bandit(
    n: int,
    *,
    policy: str = "thompson",
    rates: Sequence[float] = (0.02, 0.04, 0.06, 0.12),
    steps: int = 2_000,
    delay: int = 0,
    epsilon: float = 0.1,
    seed: Seed,
) -> Simulated:
    """Simulate `n` worlds in each of which one offer after another is made, and learned from.

    Model
    -----
    In each step a customer gets one offer and takes it with that offer's rate. Whether it was taken
    is known `delay` steps later. With s successes and f failures known of an offer,
        thompson  draws Beta(1 + s, 1 + f) for each offer, and makes the one with the highest draw;
        epsilon   makes any offer with probability `epsilon`, else the one with the highest
                  (1 + s) / (2 + s + f), a tie at random;
        even      makes any offer, as a test with equal groups does.
    The regret of a step is the best rate less that of the offer made. Of `even` it is the best rate
    less the mean rate in each step, and of `epsilon` never below `epsilon` times that.

    Parameters
    ----------
    n : int
        Worlds, at least 1; n * steps choices are made, all worlds side by side.
    policy : "thompson", "epsilon" or "even"
    rates : 2 to 127 shares in (0, 1), one per offer
    steps : int, at least 1
    delay : int, 0 or more
    epsilon : float in [0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per world and step
        world, step : int32, from 0
        offer : int8, from 0
        taken : bool
    truth : DataFrame, one row per world and offer: world (int32), offer (int8), rate (float64)

    Raises
    ------
    OutOfRangeError
        If `n` or `steps` is below 1, `delay` below 0, `epsilon` lies outside [0, 1], `rates` are
        not 2 to 127 shares in (0, 1), `policy` is unknown, or `seed` is no seed.

    See Also
    --------
    crmlab.service.measure.regret : what the choices cost.

    Source
    ------
    Thompson (1933), doi:10.1093/biomet/25.3-4.285; with delays: Chapelle and Li (2011), An
    empirical evaluation of Thompson sampling, Advances in Neural Information Processing Systems 24.

    Examples
    --------
    >>> log, rates = simulate_bandit(50, steps=400, rates=[0.1, 0.6], seed=1)
    >>> bool((log.query("step >= 300")["offer"] == 1).mean() > 0.9)
    True
    """
    require_real(epsilon=epsilon)
    require_at_least("n", n, 1)
    require_at_least("steps", steps, 1)
    require_at_least("delay", delay, 0)
    require_one_of("policy", policy, POLICIES)
    if not 0 <= epsilon <= 1:
        raise OutOfRangeError(f"epsilon must lie in [0, 1], not a percent; got {epsilon!r}.")
    rate = rates_of(rates)
    rng = stream_of(seed, "simulate_bandit")
    worlds, offers = np.arange(n), len(rate)
    known = np.ones((2, n, offers))  # failures and successes, one of each beforehand
    chosen = np.empty((steps, n), np.int8)
    taken = np.empty((steps, n), bool)
    for step in range(steps):
        if step > delay:
            old = step - delay - 1
            known[taken[old].astype(int), worlds, chosen[old]] += 1
        if policy == "even":
            made = rng.integers(0, offers, n)
        elif policy == "thompson":
            made = rng.beta(known[1], known[0]).argmax(axis=1)
        else:
            # What decides a tie is smaller than any difference of two means.
            mean = known[1] / known.sum(axis=0) + 1e-9 * rng.random((n, offers))
            explored = rng.random(n) < epsilon
            made = np.where(explored, rng.integers(0, offers, n), mean.argmax(axis=1))
        chosen[step], taken[step] = made, rng.random(n) < rate[made]
    data = {
        "world": np.tile(worlds.astype(np.int32), steps),
        "step": repeat(np.arange(steps, dtype=np.int32), n),
        "offer": chosen.ravel(),
        "taken": taken.ravel(),
    }
    truth = {
        "world": repeat(worlds.astype(np.int32), offers),
        "offer": np.tile(np.arange(offers, dtype=np.int8), n),
        "rate": np.tile(rate, n),
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def rates_of(rates: Sequence[float]) -> np.ndarray:
    """Return the rates of offers as numbers, or refuse what are none."""
    require_list("rates", rates, "[0.05, 0.1]")
    found = np.asarray([*rates], dtype=float)
    if len(found) < 2 or len(found) > 127 or not ((found > 0) & (found < 1)).all():
        raise OutOfRangeError(
            f"rates must be 2 to 127 shares between 0 and 1, one for each offer; got {[*rates]}."
        )
    return found


SEGMENTS = ("young", "family", "senior")
OFFERS = ("coupon", "sample", "call")
# Chance that each segment (row) takes each offer: every segment likes another one best.
TAKES = ((0.12, 0.05, 0.02), (0.05, 0.14, 0.04), (0.03, 0.06, 0.15))


def simulate_logged(
    n: int, *, favours: str = "coupon", explores: float = 0.2, keenness: float = 0.5, seed: Seed
) -> Simulated:
    """Simulate the log of a rule that makes one offer to nearly everybody, and tries the others.

    Model
    -----
    A customer is young, family or senior with equal chances, and keen or not with equal chances.
    The rule makes the offer it `favours` with probability 1 - explores * 2 / 3 to who is not keen,
    and each of the others with explores / 3. To who is keen it makes each of the others with half
    of that: it knows them. A segment takes an offer with the chance in
        young   coupon .12  sample .05  call .02
        family  coupon .05  sample .14  call .04
        senior  coupon .03  sample .06  call .15
    times 1 + keenness for who is keen, and times 1 - keenness for who is not. So a customer who got
    a rare offer was less keen than others, and the mean of those who got it is too low.

    Parameters
    ----------
    n : int, at least 1
    favours : "coupon", "sample" or "call"
    explores : float in (0, 1]
    keenness : float in [0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        segment : str
        keen : bool
        offer : str, the one that was made
        propensity : float64, the chance with which the rule made it
        taken : bool
    truth : DataFrame, one row per customer and offer: customer_id, offer, rate (float64)

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `explores` lies outside (0, 1], `keenness` outside [0, 1], there is no
        such offer, or `seed` is no seed.

    See Also
    --------
    crmlab.service.measure.off_policy_value : what another rule would have brought.

    Examples
    --------
    >>> log, truth = simulate_logged(1_000, seed=1)
    >>> bool((log["offer"] == "coupon").mean() > 0.8)
    True
    """
    require_real(explores=explores, keenness=keenness)
    require_at_least("n", n, 1)
    require_one_of("favours", favours, OFFERS)
    if not 0 < explores <= 1:
        raise OutOfRangeError(f"explores must lie in (0, 1], not a percent; got {explores!r}.")
    if not 0 <= keenness <= 1:
        raise OutOfRangeError(f"keenness must lie in [0, 1], not a percent; got {keenness!r}.")
    rng = stream_of(seed, "simulate_logged")
    segment, keen = rng.integers(0, len(SEGMENTS), n), rng.random(n) < 0.5
    rare = np.where(keen, explores / 6, explores / 3)
    chance = repeat(rare, len(OFFERS)).reshape(n, -1)
    chance[:, OFFERS.index(favours)] = 1 - 2 * rare
    offer = (rng.random(n)[:, None] > np.cumsum(chance, axis=1)[:, :-1]).sum(axis=1)
    rate = np.array(TAKES)[segment] * np.where(keen, 1 + keenness, 1 - keenness)[:, None]
    who = np.arange(n)
    data = {
        "customer_id": who,
        "segment": pd.Series(np.array(SEGMENTS)[segment], dtype="str"),
        "keen": keen,
        "offer": pd.Series(np.array(OFFERS)[offer], dtype="str"),
        "propensity": chance[who, offer],
        "taken": rng.random(n) < rate[who, offer],
    }
    truth = {
        "customer_id": repeat(who, len(OFFERS)),
        "offer": pd.Series(np.tile(np.array(OFFERS), n), dtype="str"),
        "rate": rate.ravel(),
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
