"""Customers who choose among brands: by taste, by habit, or because they know only one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_positive, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

BRANDS = {"Amber": 0.35, "Birch": 0.25, "Coral": 0.18, "Dune": 0.12, "Elm": 0.10}


def simulate_choices(
    n: int,
    *,
    shares: Mapping[str, float] = BRANDS,
    alike: float = 1.5,
    memory: float = 0.0,
    purchases: float = 6.0,
    shape: float = 1.0,
    devoted: Mapping[str, float] | None = None,
    seed: Seed,
) -> Simulated:
    """Simulate purchases of brands by customers of unlike tastes, with or without habit.

    Model
    -----
    Customer i buys N_i times, negative binomial with mean `purchases` and shape `shape`, and has
    a taste p_i ~ Dirichlet(alike * share of each brand): small `alike` means unlike customers. The
    first choice is drawn from p_i. Each later one repeats the one before with a chance of `memory`
    (state dependence), else it is drawn from p_i again. So, over all customers,
        P(same brand k purchases later) = memory**k + (1 - memory**k) * h,
        h = (1 + alike * sum of share**2) / (1 + alike),
    and even without memory a brand is repeated with a chance of (1 + alike * share) / (1 + alike),
    far above its share. Of all customers a part of `devoted` buys one brand and nothing else.

    Parameters
    ----------
    n : int
        Customers, with or without a purchase, at least 1.
    shares : mapping of brand to float above 0
        Scaled to a sum of 1.
    alike : float above 0
    memory : float in [0, 1)
    purchases, shape : float above 0
    devoted : mapping of brand to float, optional
        Shares of customers, together at most 1.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per purchase, by customer and occasion
        customer_id : int64; who never buys has no row
        occasion : int64, 1 for a customer's first purchase
        brand : str
    truth : DataFrame, one row per customer
        customer_id : int64
        one column per brand : float64, the taste p_i

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, one of `shares`, `alike`, `purchases` or `shape` is not above 0, `memory`
        lies outside [0, 1), `devoted` is more than 1 together or names none of `shares`, or `seed`
        is no seed.

    Source
    ------
    Goodhardt, Ehrenberg and Chatfield (1984), doi:10.2307/2981696; taste against habit: Heckman
    (1981), Heterogeneity and state dependence, in Studies in Labor Markets, 91-140.

    See Also
    --------
    crmlab.loyalty.measure.switching_matrix, crmlab.loyalty.measure.choice_memory
    crmlab.loyalty.model.NBDDirichlet

    Examples
    --------
    >>> data, truth = simulate_choices(1_000, seed=1)
    >>> data["brand"].value_counts().index[0], len(truth)
    ('Amber', 1000)
    """
    require_real(memory=memory)
    rng = stream_of(seed, "simulate_choices")
    require_at_least("n", n, 1)
    require_at_least("the number of brands", len(shares), 1)
    for name, value in (("alike", alike), ("purchases", purchases), ("shape", shape)):
        require_positive(name, value)
    if not 0 <= memory < 1:
        raise OutOfRangeError(f"memory must lie in [0, 1); got {memory!r}.")
    for brand, share in shares.items():
        require_positive(f"the share of {brand}", share)
    only = _only(n, [*shares], devoted or {})

    share = np.array([*shares.values()], dtype="float64")
    taste = rng.gamma(alike * share / share.sum(), size=(n, len(share)))
    # A gamma of tiny shape may be 0 for every brand.
    taste = np.maximum(taste, 1e-300)
    taste = taste / taste.sum(axis=1, keepdims=True)
    taste[only >= 0] = np.eye(len(share))[only[only >= 0]]
    taste = taste[rng.permutation(n)]
    count = rng.poisson(rng.gamma(shape, purchases / shape, n))
    customer = repeat(np.arange(n), count)
    first = repeat(np.cumsum(count) - count, count)
    row = np.arange(len(customer))
    drawn = np.zeros(len(row), np.intp)
    u, upto = rng.random(len(row)), np.cumsum(taste, axis=1)
    for column in range(len(share) - 1):
        drawn += u > upto[customer, column]
    fresh = (rng.random(len(row)) >= memory) | (row == first)
    brand = drawn[np.maximum.accumulate(np.where(fresh, row, 0))] if len(row) else drawn
    names = np.array([*shares], dtype=object)
    data = pd.DataFrame(
        {
            "customer_id": customer + 1,
            "occasion": row - first + 1,
            "brand": pd.Series(names[brand], dtype="str"),
        }
    )
    truth = pd.DataFrame(taste, columns=[*shares])
    truth.insert(0, "customer_id", np.arange(1, n + 1))
    return Simulated(data, truth)


def _only(n: int, brands: list[str], devoted: Mapping[str, float]) -> np.ndarray:
    """Return the number of the one brand that a customer buys, -1 for who chooses."""
    if unknown := [*{*devoted} - {*brands}]:
        raise OutOfRangeError(f"devoted names {unknown}, which are none of the brands {brands}.")
    parts = [*devoted.values()]
    if any(not 0 <= part <= 1 for part in parts) or sum(parts) > 1:
        raise OutOfRangeError(f"devoted must hold shares of at most 1 together; got {devoted!r}.")
    only = np.full(n, -1)
    counts = np.rint(np.array([0, *parts]).cumsum() * n).astype(np.intp)
    for brand, begin, end in zip(devoted, counts[:-1], counts[1:], strict=True):
        only[begin:end] = brands.index(brand)
    return only
