"""Extension products of three kinds: they match, they are allied, or they are shared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_probability, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated

ORDINARY = 20
PAIRS = {
    "matching": ("camera", "case"),
    "allied": ("phone", "insurance"),
    "shared": ("plan", "plan"),
}
_NAMES = ("camera", "case", "phone", "insurance", "plan")
_OWN = 0.06


def simulate_extensions(n: int, *, strength: float = 0.4, seed: Seed) -> Simulated:
    """Simulate circles of friends and relatives who buy, with three extensions planted.

    Model
    -----
    A circle has 2, 3 or 4 customers with equal chances. A customer makes 1 + Poisson(4) purchases
    of 1 + Poisson(1) ordinary products each, drawn evenly from 20. Each of camera, case, phone,
    insurance and plan is bought besides by 6% of the customers, each in a purchase drawn at random.
        matching  a purchase with a camera gets a case with probability `strength`;
        allied    who has a phone buys insurance, in another purchase, with that probability;
        shared    in a circle with a plan, every other member takes one with that probability.

    Parameters
    ----------
    n : int
        Circles, at least 1.
    strength : float in (0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per product in a purchase
        circle_id, customer_id, basket_id : int64
        product : str
    truth : DataFrame, one row per kind: kind, product, extension

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `strength` lies outside (0, 1], or `seed` is no seed.

    Examples
    --------
    >>> lines, truth = simulate_extensions(100, seed=1)
    >>> truth["kind"].tolist()
    ['matching', 'allied', 'shared']
    """
    require_at_least("n", n, 1)
    require_probability("strength", strength)
    rng = stream_of(seed, "simulate_extensions")
    circle = repeat(np.arange(n), rng.integers(2, 5, n))
    visits = 1 + rng.poisson(4, len(circle))
    first = np.cumsum(visits) - visits
    basket = repeat(np.arange(visits.sum()), 1 + rng.poisson(1, visits.sum()))
    rows = [(basket, rng.integers(0, ORDINARY, len(basket)))]
    spot = {
        name: np.where(
            rng.random(len(circle)) < _OWN,
            first + (rng.random(len(circle)) * visits).astype(int),
            -1,
        )
        for name in _NAMES
    }
    led = [rng.random(len(circle)) < strength for _ in PAIRS]
    rows.append((spot["camera"][led[0] & (spot["camera"] >= 0)], np.array(ORDINARY + 1)))
    # Another purchase than the phone's: the next one, round about.
    others = first + (spot["phone"] - first + 1) % visits
    rows.append((others[led[1] & (spot["phone"] >= 0) & (visits > 1)], np.array(ORDINARY + 3)))
    planned = np.isin(circle, circle[spot["plan"] >= 0]) & led[2]
    rows.append((first[planned], np.array(ORDINARY + 4)))
    rows += [(at[at >= 0], np.array(ORDINARY + place)) for place, at in enumerate(spot.values())]
    where = np.concatenate([at for at, _ in rows])
    item = np.concatenate([np.broadcast_to(one, len(at)) for at, one in rows])
    where, item = np.unique(np.stack([where, item]), axis=1)
    buyer = repeat(np.arange(len(circle)), visits)
    names = np.array([*(f"P{number:02d}" for number in range(1, ORDINARY + 1)), *_NAMES])
    data = {
        "circle_id": circle[buyer[where]],
        "customer_id": buyer[where],
        "basket_id": where,
        "product": pd.Series(names[item], dtype="str"),
    }
    kinds = pd.DataFrame(
        [(kind, *pair) for kind, pair in PAIRS.items()], columns=["kind", "product", "extension"]
    )
    return Simulated(pd.DataFrame(data), kinds.astype("str"))
