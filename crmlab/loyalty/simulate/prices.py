"""Customers who choose among brands whose prices change."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_positive, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

LIKED = {"Amber": 0.8, "Birch": 0.4, "Coral": 0.0}


def simulate_priced_choices(
    n: int,
    *,
    occasions: int = 10,
    liked: Mapping[str, float] = LIKED,
    price: float = -0.4,
    habit: float = 0.0,
    spread: float = 0.0,
    seed: Seed,
) -> Simulated:
    """Simulate choices among brands by a logit model of price, liking and habit.

    Model
    -----
    At each occasion brand j costs 10 CNY, or with a chance of 0.3 a promotion price of 7, 8 or 9.
    Customer i gets from it the utility
        u = liked_j + a_ij + price * cost + habit * (bought last time) + Gumbel noise
    with a_ij ~ N(0, spread), fixed for the customer, and buys the brand of highest utility. So
        P(j) = exp(v_j) / sum of exp(v),  v being u without the noise.
    With `habit` 0 and `spread` above 0 nobody has a habit; customers merely like other brands.

    Parameters
    ----------
    n : int
        Customers, at least 1.
    occasions : int, at least 1
    liked : mapping of brand to float
    price, habit : float
    spread : float, 0 or more
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer, occasion and brand
        customer_id, occasion : int64
        brand : str
        price_cny : float64
        last : int64, 1 for the brand bought the time before; all 0 at the first occasion
        chosen : bool
    truth : DataFrame, one row per customer
        customer_id : int64
        one column per brand : float64, liked_j + a_ij

    Raises
    ------
    OutOfRangeError
        If `n` or `occasions` is below 1, there are fewer than 2 brands, `spread` is below 0,
        `price`, `habit` or one of `liked` is not finite, or `seed` is no seed.

    Source
    ------
    McFadden (1974), Conditional logit analysis of qualitative choice behavior, in Frontiers in
    Econometrics, 105-142; Guadagni and Little (1983), doi:10.1287/mksc.2.3.203.

    See Also
    --------
    crmlab.loyalty.model.ChoiceModel : recovers the numbers.

    Examples
    --------
    >>> data, truth = simulate_priced_choices(100, seed=1)
    >>> int(data["chosen"].sum()), len(data)
    (1000, 3000)
    """
    require_real(price=price, habit=habit)
    rng = stream_of(seed, "simulate_priced_choices")
    require_at_least("n", n, 1)
    require_at_least("occasions", occasions, 1)
    require_at_least("the number of brands", len(liked), 2)
    for name, value in (("price", price), ("habit", habit), *liked.items()):
        if not np.isfinite(value):
            raise OutOfRangeError(f"{name} must be a finite number; got {value!r}.")
    if spread:
        require_positive("spread", spread)

    brands = len(liked)
    like = np.array([*liked.values()]) + spread * rng.normal(size=(n, brands))
    size = (n, occasions, brands)
    cost = np.where(rng.random(size) < 0.3, rng.integers(7, 10, size), 10).astype("float64")
    noise = rng.gumbel(size=size)
    last, chosen = np.zeros(size, np.int64), np.zeros(size, bool)
    for turn in range(occasions):
        value = like + price * cost[:, turn] + habit * last[:, turn] + noise[:, turn]
        chosen[np.arange(n), turn, value.argmax(axis=1)] = True
        if turn + 1 < occasions:
            last[:, turn + 1] = chosen[:, turn]
    ids = np.arange(1, n + 1)
    data = pd.DataFrame(
        {
            "customer_id": repeat(ids, occasions * brands),
            "occasion": np.tile(repeat(np.arange(1, occasions + 1), brands), n),
            "brand": pd.Series([*liked] * (n * occasions), dtype="str"),
            "price_cny": cost.ravel(),
            "last": last.ravel(),
            "chosen": chosen.ravel(),
        }
    )
    truth = pd.DataFrame(like, columns=[*liked])
    truth.insert(0, "customer_id", ids)
    return Simulated(data, truth)
