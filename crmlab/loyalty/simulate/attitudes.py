"""Customers who like us and those who only come, and what they do when a rival opens."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, stream_of
from crmlab._shapes import Simulated

# Per class: share of customers, attitude (1 to 7), our share of their purchases, purchases of the
# kind a year, chance to stay when a rival opens next door.
CLASSES = {
    "true": (0.25, 5.6, 0.80, 24.0, 0.90),
    "latent": (0.20, 5.6, 0.20, 20.0, 0.80),
    "spurious": (0.30, 2.4, 0.80, 36.0, 0.25),
    "none": (0.25, 2.4, 0.20, 18.0, 0.20),
}
ITEMS, ITEM_NOISE = 4, 1.0


def simulate_loyalty(n: int, *, seed: Seed) -> Simulated:
    """Simulate what customers feel, what they do, and who stays when a rival opens.

    Model
    -----
    Customers belong to four classes, drawn stratified. "True" ones (25 %) like us and buy here,
    "latent" ones (20 %) like us and mostly buy elsewhere, "spurious" ones (30 %) do not like us and
    buy here, since we are near, and often; "none" (25 %) is the rest. The attitude is the mean of
    four answers, each N(5.6 or 2.4, 1) kept within 1 to 7. Purchases of the kind in a year are
    Poisson with mean 24, 20, 36 and 18; each is made here with a chance q, beta distributed with
    mean 0.8 or 0.2 and alpha + beta = 20. When a rival opens next door 90, 80, 25 and 20 % stay.

    Parameters
    ----------
    n : int
        Customers, at least 1.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        attitude : float64, 1 to 7
        purchases_all, purchases_here : int64, of the year
        share_of_wallet : float64, here over all; NaN for who bought nothing
        stayed : bool, after the rival opened
    truth : DataFrame, one row per customer
        customer_id : int64
        loyalty : str, "true", "latent", "spurious" or "none"

    Raises
    ------
    OutOfRangeError
        If `n` is below 1.

    Source
    ------
    The four classes: Dick and Basu (1994), doi:10.1177/0092070394222001.

    See Also
    --------
    crmlab.loyalty.measure.loyalty_classes : finds the classes.

    Examples
    --------
    >>> data, truth = simulate_loyalty(1_000, seed=1)
    >>> truth["loyalty"].value_counts().to_dict()
    {'spurious': 300, 'none': 250, 'true': 250, 'latent': 200}
    """
    rng = stream_of(seed, "simulate_loyalty")
    require_at_least("n", n, 1)
    share, liking, here, rate, stays = np.array([*CLASSES.values()]).T
    edges = np.rint(np.cumsum(share) * n)
    kind = rng.permutation(np.searchsorted(edges, np.arange(n), side="right").clip(max=3))
    said = rng.normal(liking[kind, None], ITEM_NOISE, size=(n, ITEMS)).clip(1, 7)
    bought = rng.poisson(rate[kind])
    ours = rng.binomial(bought, rng.beta(20 * here[kind], 20 * (1 - here[kind])))
    ids = np.arange(1, n + 1)
    data = pd.DataFrame(
        {
            "customer_id": ids,
            "attitude": said.mean(axis=1),
            "purchases_all": bought,
            "purchases_here": ours,
            "share_of_wallet": np.divide(ours, bought, out=np.full(n, np.nan), where=bought > 0),
            "stayed": rng.random(n) < stays[kind],
        }
    )
    names = pd.Series(np.array([*CLASSES], dtype=object)[kind], dtype="str")
    return Simulated(data, pd.DataFrame({"customer_id": ids, "loyalty": names}))
