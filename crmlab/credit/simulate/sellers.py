"""A fictional marketplace: what small sellers sell, who buys from whom, and fake orders."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab.credit.simulate.applicants import intercept_for
from crmlab.errors import OutOfRangeError

MONTHS, BUYERS_PER_SELLER = 12, 30
RING_SELLERS, RING_BUYERS, FAKES = (4, 7), (10, 16), 4


class Marketplace(NamedTuple):
    """Sellers with the end of their loans, their orders, and the truth about both."""

    sellers: pd.DataFrame
    orders: pd.DataFrame
    truth: pd.DataFrame
    buyers: pd.DataFrame


def simulate_sellers(
    n: int, *, default_rate: float = 0.12, in_rings: float = 0.1, seed: Seed
) -> Marketplace:
    """Simulate sellers of a marketplace who borrow, a year of their orders, and fake-order rings.

    Model
    -----
    health ~ N(0, 1), size ~ N(0, 1). In month t = 0..11 a seller has Poisson(exp(2.3 + 0.5 size
    + 0.08 health (t - 5.5))) orders of a lognormal amount (median 80 CNY, sigma 0.6), from
    buyers drawn at random among 30 per seller; each is returned with chance
    logit^-1(-2.2 - 0.7 health).
        logit p = b - 2 health - 0.3 size
    with b such that the mean of p is `default_rate`; defaults are Bernoulli(p).

    A share `in_rings` of the sellers is in rings of 4 to 7, drawn with odds exp(-health): who does
    badly fakes. Each ring has 10 to 16 accounts of its own; every account buys Poisson(4) times
    at each seller of the ring, more in later months (month drawn in proportion to 1..12), never
    returning anything: orders grow, as those of the healthy do.

    Parameters
    ----------
    n : int
        At least 20.
    default_rate : float in [0.01, 0.5]
    in_rings : float in [0, 0.5]
    seed : int, SeedSequence or Generator
        Same seed, same marketplace.

    Returns
    -------
    sellers : DataFrame: seller_id, defaults (bool)
    orders : DataFrame: seller_id, buyer_id, month (1 to 12) : int64, amount_cny : float64,
        returned : bool
    truth : DataFrame, one row per seller: seller_id, health, size, default_probability,
        ring (int64, 0 for none)
    buyers : DataFrame, one row per faking account: buyer_id, ring

    Raises
    ------
    OutOfRangeError
        If `n` is below 20, `default_rate` lies outside [0.01, 0.5], `in_rings` outside [0, 0.5], or
        `seed` is no seed.

    Examples
    --------
    >>> market = simulate_sellers(100, seed=1)
    >>> int((market.truth["ring"] > 0).sum())
    10
    """
    require_real(default_rate=default_rate, in_rings=in_rings)
    require_at_least("n", n, 20)
    if not 0.01 <= default_rate <= 0.5 or not 0 <= in_rings <= 0.5:
        raise OutOfRangeError("default_rate must lie in [0.01, 0.5], and in_rings in [0, 0.5].")
    rng = stream_of(seed, "simulate_sellers")
    health, size = rng.normal(size=n), rng.normal(size=n)
    risk = -2.0 * health - 0.3 * size
    chance = expit(risk + intercept_for(risk, default_rate))
    ring = _rings(rng, health, in_rings)
    orders, buyers = _honest(rng, health, size), []
    for number in range(1, ring.max() + 1):
        accounts = n * BUYERS_PER_SELLER + 100 * number + np.arange(rng.integers(*RING_BUYERS) + 1)
        orders = pd.concat([orders, _fakes(rng, np.flatnonzero(ring == number), accounts)])
        buyers.append(pd.DataFrame({"buyer_id": accounts, "ring": number}))
    orders["seller_id"] += 1
    orders = orders.sort_values(["month", "seller_id"], kind="stable", ignore_index=True)
    number = np.arange(1, n + 1)
    sellers = pd.DataFrame({"seller_id": number, "defaults": rng.random(n) < chance})
    hidden = {"health": health, "size": size, "default_probability": chance, "ring": ring}
    none = pd.DataFrame({"buyer_id": [], "ring": []}, dtype="int64")
    truth = pd.DataFrame({"seller_id": number, **hidden})
    return Marketplace(sellers, orders, truth, pd.concat([none, *buyers], ignore_index=True))


def _rings(rng: np.random.Generator, health: np.ndarray, share: float) -> np.ndarray:
    """Return the ring of each seller, 0 for none; rings have 4 to 7 sellers."""
    n = len(health)
    wanted = int(np.floor(share * n + 0.5))
    ring = np.zeros(n, dtype="int64")
    if wanted < RING_SELLERS[0]:
        return ring
    # The largest of -health + Gumbel noise: drawn without replacement with odds exp(-health).
    drawn = np.argsort(health - rng.gumbel(size=n))[:wanted]
    sizes: list[int] = []
    while sum(sizes) < wanted:
        left = wanted - sum(sizes)
        # Nobody may be left over for a ring that would be too small.
        most = left if left <= RING_SELLERS[1] else min(left - RING_SELLERS[0], RING_SELLERS[1])
        least = left if left <= RING_SELLERS[1] else RING_SELLERS[0]
        sizes.append(int(rng.integers(least, most + 1)))
    ring[drawn] = repeat(np.arange(1, len(sizes) + 1), sizes)
    return ring


def _honest(rng: np.random.Generator, health: np.ndarray, size: np.ndarray) -> pd.DataFrame:
    n, month = len(health), np.arange(MONTHS)
    rate = np.exp(2.3 + 0.5 * size[:, None] + 0.08 * health[:, None] * (month - 5.5))
    count = rng.poisson(rate)
    seller = repeat(np.arange(n), count.sum(axis=1))
    when = repeat(np.tile(month + 1, n), count.ravel())
    total = len(seller)
    return pd.DataFrame(
        {
            "seller_id": seller,
            "buyer_id": rng.integers(0, n * BUYERS_PER_SELLER, total),
            "month": when,
            "amount_cny": (80 * rng.lognormal(0, 0.6, total)).round(2),
            "returned": rng.random(total) < expit(-2.2 - 0.7 * health[seller]),
        }
    )


def _fakes(rng: np.random.Generator, sellers: np.ndarray, accounts: np.ndarray) -> pd.DataFrame:
    count = rng.poisson(FAKES, (len(sellers), len(accounts))).ravel()
    pair = repeat(np.arange(count.size), count)
    total, later = len(pair), np.arange(1, MONTHS + 1)
    return pd.DataFrame(
        {
            "seller_id": sellers[pair // len(accounts)],
            "buyer_id": accounts[pair % len(accounts)],
            "month": rng.choice(later, total, p=later / later.sum()),
            "amount_cny": (80 * rng.lognormal(0, 0.6, total)).round(2),
            "returned": False,
        }
    )
