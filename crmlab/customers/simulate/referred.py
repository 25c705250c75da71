"""Customers who bring customers, in a world where it helps and in one where friends are alike."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

FIRST_MONTH = np.datetime64("2022-01")
ROUTES = ("alone", "referred", "named, told by the friend", "named, told by a letter")
LEVEL, TASTE, LUCK = 5.0, 0.5, 0.6
GENEROUS, CLOSER = 1.0, 0.4


def simulate_referred(
    n: int,
    *,
    share: float = 0.60,
    effect: float = 0.0,
    likeness: float = 0.6,
    waves: int = 24,
    trial: float = 0.2,
    seed: Seed,
) -> Simulated:
    """Simulate `n` customers who join month by month, the `share` of them brought by others.

    Model
    -----
    Customers join in `waves` months of nearly equal size. Each has a hidden quality u. In the first
    month all come alone; of every later month the rounded `share`, drawn at random, is brought by
    one of those who joined in earlier months, with chances as exp(u): the keen bring more. Who
    comes alone has u ~ N(0, 1), who is brought by v has
        u = likeness * v + sqrt(1 - likeness^2) * N(0, 1)
    since friends are alike. The first basket, before any friend could matter, and the spend of the
    first year are
        log(first basket) = 3 + .4 u + .4 N(0, 1)
        log(spend) = 5 + .5 u + effect * was told by a friend + .6 N(0, 1)
    Of those brought in the second half of the months the rounded share `trial` is a trial: the
    friend only *names* them, and at random the friend tells them, or the firm writes a letter (none
    of these count as brought by their friend in `referred_by`, nor bring others).

    Parameters
    ----------
    n : int, at least `waves`
    share : float in [0, 1)
        Of the customers of each month but the first; .60 is the course's figure.
    effect : float
        What being told by a friend does to the log of the spend: 0 is the confounded world.
    likeness : float in [-1, 1]
    waves : int, at least 2
    trial : float in [0, 1]
    seed : int, SeedSequence or Generator
        Same seed, same customers. Two effects with one seed are one world but for the effect.

    Returns
    -------
    data : DataFrame, one row per customer, in the order of joining
        customer_id : int64, from 1
        joined_on : datetime64[us], first day of the month
        referred_by : Int64, customer_id, missing for who was not brought
        route : str, "alone", "referred", or one of the two of the trial
        first_basket_cny, spend_cny : float64
    truth : DataFrame, one row per customer: customer_id, quality (float64)

    Raises
    ------
    OutOfRangeError
        If `waves` is below 2, `n` below `waves`, `share` lies outside [0, 1), `trial` outside
        [0, 1], `likeness` outside [-1, 1], `effect` is not finite, or `seed` is no seed.

    See Also
    --------
    crmlab.customers.measure.referral_effect : raw, adjusted and at random.

    Examples
    --------
    >>> data, truth = simulate_referred(2_400, trial=0, seed=1)
    >>> later = data[data["joined_on"] > data["joined_on"].min()]
    >>> float(later["referred_by"].notna().mean())
    0.6
    """
    require_real(share=share, effect=effect, likeness=likeness, trial=trial)
    require_at_least("waves", waves, 2)
    require_at_least("n", n, waves)
    if not 0 <= share < 1 or not 0 <= trial <= 1 or not -1 <= likeness <= 1:
        raise OutOfRangeError(
            "share must lie in [0, 1), trial in [0, 1] and likeness in [-1, 1]; got "
            f"{share!r}, {trial!r} and {likeness!r}."
        )
    if not np.isfinite(effect):
        raise OutOfRangeError(f"effect must be a finite number; got {effect!r}.")
    rng = stream_of(seed, "simulate_referred")
    month = np.arange(n) * waves // n
    level, lot, own = rng.random(n), rng.random(n), rng.normal(size=n)
    quality, by, route = own.copy(), np.full(n, -1), np.zeros(n, dtype="int64")
    starts = np.searchsorted(month, np.arange(waves + 1))
    weight = np.zeros(n)
    for wave, (begin, end) in enumerate(pairwise(starts)):
        if wave:
            brought = begin + np.argsort(lot[begin:end])[: round(share * (end - begin))]
            until = np.cumsum(weight[:begin])
            chosen = np.searchsorted(until, level[brought] * until[-1], side="right")
            by[brought] = np.minimum(chosen, begin - 1)
            alike = likeness * quality[by[brought]]
            quality[brought] = alike + np.sqrt(1 - likeness**2) * own[brought]
            route[brought] = 1
            tried = brought[: round(trial * len(brought))] if wave >= waves / 2 else brought[:0]
            route[tried] = 2 + (rng.permutation(len(tried)) % 2)
        weight[begin:end] = np.where(route[begin:end] < 2, np.exp(GENEROUS * quality[begin:end]), 0)
    told = (route == 1) | (route == 2)
    basket = 3 + 0.4 * quality + CLOSER * rng.normal(size=n)
    spend = LEVEL + TASTE * quality + effect * told + LUCK * rng.normal(size=n)
    number = np.arange(1, n + 1)
    referred_by = pd.Series(by + 1, dtype="Int64").mask(route != 1)
    data = pd.DataFrame(
        {
            "customer_id": number,
            "joined_on": (FIRST_MONTH + month).astype("M8[us]"),
            "referred_by": referred_by,
            "route": pd.Series(np.array(ROUTES)[route], dtype="str"),
            "first_basket_cny": np.exp(basket).round(2),
            "spend_cny": np.exp(spend).round(2),
        }
    )
    return Simulated(data, pd.DataFrame({"customer_id": number, "quality": quality}))
