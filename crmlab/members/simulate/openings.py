"""Stores that push the membership card more or less hard, at random."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._checks import (
    Seed,
    require_at_least,
    require_list,
    require_positive,
    require_real,
    stream_of,
)
from crmlab._groups import bincount, repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

RATES = (0.1, 0.25, 0.4, 0.55, 0.7, 0.85)


def simulate_openings(
    n: int,
    *,
    months: int = 12,
    rates: Sequence[float] = RATES,
    best_gain: float = 40.0,
    card_cost: float = 16.0,
    buyers: float = 400.0,
    store_spread: float = 0.1,
    seed: Seed,
) -> Simulated:
    """Simulate an experiment on how hard a store should push its membership card.

    Model
    -----
    Each month each store draws at random how hard it pushes: one of `rates`, the share of buyers
    who will take a card. Buyers ~ Poisson(`buyers`). A buyer has a reluctance u ~ Uniform(0, 1)
    and takes the card when u is below the rate. The card brings
        g(u) = best_gain * (1 - u)
    of margin in the year after, on average: those who want it least gain least by it. It costs
    `card_cost`. Without a card a buyer of store s brings b_s ~ Gamma with mean 60 and coefficient
    of variation `store_spread`. Every margin is multiplied by a gamma number of shape 2, mean 1.
    So the profit per buyer at rate p is
        b + best_gain * (p - p**2 / 2) - card_cost * p
    and the best rate is 1 - card_cost / best_gain, where the *last* card opened just pays for
    itself. The *mean* card still brings a profit up to twice that rate.

    Parameters
    ----------
    n, months : int, at least 1
        Stores, and months of the experiment.
    rates : shares in [0, 1]
    best_gain, card_cost, buyers : float above 0
    store_spread : float of 0 or more
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per store and month
        store : int64; month : int64, from 1
        push : int64, level of the push, the lowest rate first, from 1
        buyers, new_cards : int64
        margin : float64, of all these buyers in the year after, before the cost of cards
    truth : DataFrame, one row per rate
        push : int64
        rate : float64
        profit_per_buyer : float64, expected
        last_card : float64, expected profit of the last card opened at this rate

    Raises
    ------
    OutOfRangeError
        If `n` or `months` is below 1, `rates` are none or outside [0, 1], `best_gain`, `card_cost`
        or `buyers` is not above 0, `store_spread` is below 0, or `seed` is no seed.

    See Also
    --------
    crmlab.members.measure.best_opening_rate : finds the best rate.

    Examples
    --------
    >>> data, truth = simulate_openings(3, seed=1)
    >>> truth.loc[truth["profit_per_buyer"].idxmax(), "rate"]
    np.float64(0.55)
    """
    require_real(store_spread=store_spread)
    require_at_least("n", n, 1)
    require_at_least("months", months, 1)
    require_list("rates", rates, "[0.2, 0.4, 0.6]")
    given = {"best_gain": best_gain, "card_cost": card_cost, "buyers": buyers}
    for name, value in given.items():
        require_positive(name, value)
    if not 0 <= store_spread < np.inf:
        raise OutOfRangeError(f"store_spread must be 0 or more; got {store_spread!r}.")
    share = np.sort(np.array([*rates], dtype="float64"))
    if not share.size or not ((share >= 0) & (share <= 1)).all():
        raise OutOfRangeError(f"rates must be shares in [0, 1], at least one; got {rates!r}.")
    rng = stream_of(seed, "simulate_openings")

    cells = n * months
    store = repeat(np.arange(1, n + 1), months)
    base = 60 * (rng.gamma(store_spread**-2, store_spread**2, n) if store_spread else 1.0)
    push = rng.integers(0, len(share), cells)
    heads = rng.poisson(buyers, cells)
    cell = repeat(np.arange(cells), heads)
    reluctance = rng.random(len(cell))
    takes = reluctance < share[push][cell]
    expected = np.broadcast_to(base, n)[store[cell] - 1]
    expected = expected + takes * best_gain * (1 - reluctance)
    margin = expected * rng.gamma(2, 1 / 2, len(cell))
    data = {
        "store": store,
        "month": np.tile(np.arange(1, months + 1), n),
        "push": push + 1,
        "buyers": heads,
        "new_cards": bincount(cell[takes], minlength=cells),
        "margin": bincount(cell, margin, minlength=cells).round(2),
    }
    truth = {
        "push": np.arange(1, len(share) + 1),
        "rate": share,
        "profit_per_buyer": 60 + best_gain * (share - share**2 / 2) - card_cost * share,
        "last_card": best_gain * (1 - share) - card_cost,
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
