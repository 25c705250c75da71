"""Subscribers who get a gold card if they stay long enough to get one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_positive, stream_of
from crmlab._shapes import Simulated


def simulate_gold_cards(
    n: int,
    *,
    churn: float = 0.04,
    gold_rate: float = 0.03,
    hazard_ratio: float = 1.0,
    months: float = 60,
    seed: int | np.random.SeedSequence | np.random.Generator,
) -> Simulated:
    """Simulate customers of one risk, some of whom get a gold card while they stay.

    Model
    -----
    A customer leaves at rate `churn` a month. Who is still there is offered a gold card at rate
    `gold_rate`, whatever the customer does; with it the rate of leaving is `churn * hazard_ratio`.
    At the default ratio of 1 the card does nothing at all. Yet who ever had one stayed, on average,
    1/(churn + gold_rate) + 1/churn months, and who never did only 1/(churn + gold_rate), since
    one must stay to get it (immortal time).

    Parameters
    ----------
    n : int
    churn, gold_rate : float above 0, a month
    hazard_ratio : float above 0
        Effect of the card on leaving.
    months : float
        Everybody is watched so long.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        months : float64, watched until leaving or the end
        left : bool
        gold_after : float64, months after which the card came; missing for who got none
    truth : DataFrame, one row per customer
        customer_id : int64
        months_without : float64, how long the customer would stay if there were no cards

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `churn`, `gold_rate`, `hazard_ratio` or `months` is not above 0, or
        `seed` is no seed.

    Source
    ------
    Immortal time bias: Suissa (2008), doi:10.1093/aje/kwm324.

    Examples
    --------
    >>> data, truth = simulate_gold_cards(1000, seed=1)
    >>> data.groupby(data["gold_after"].notna())["months"].mean().round(0).tolist()
    [14.0, 34.0]
    """
    require_at_least("n", n, 1)
    terms = {"churn": churn, "gold_rate": gold_rate, "hazard_ratio": hazard_ratio, "months": months}
    for name, value in terms.items():
        require_positive(name, value)
    rng = stream_of(seed, "simulate_gold_cards")
    without = rng.exponential(1 / churn, n)
    card = rng.exponential(1 / gold_rate, n)
    # After the card the rest of the life passes hazard_ratio times as fast.
    life = np.where(card < without, card + (without - card) / hazard_ratio, without)
    seen = np.minimum(life, months)
    number = np.arange(n)
    got = (card < without) & (card < months)
    data = {"customer_id": number, "months": seen, "left": life <= months}
    return Simulated(
        pd.DataFrame(data | {"gold_after": np.where(got, card, np.nan)}),
        pd.DataFrame({"customer_id": number, "months_without": without}),
    )
