"""Card users behind the printed decision tree, in three worlds that its numbers allow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_one_of, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated

BALANCE, USES = 3_000, 20
# Shares of the cells, and the share of users in each: balance and use of machines, high or low.
PRESETS = {
    "joint": {"hh": (0.08, 0.3375), "hl": (0.12, 0.075), "lh": (0.07, 0.15), "ll": (0.73, 0.00342)},
    "nested_11": {"hh": (0.1, 0.25), "hl": (0.1, 0.11), "lh": (0.4, 0.02), "ll": (0.4, 0.02)},
    "nested_85_15": {
        "hh": (0.03, 0.25),
        "hl": (0.17, 0.168),
        "lh": (0.12, 0.02),
        "ll": (0.68, 0.02),
    },
}


def simulate_card_holders(n: int, *, preset: str = "joint", seed: Seed) -> Simulated:
    """Simulate bank customers, and who of them actively uses a credit card.

    Model
    -----
    Mean balance is high (3,000 or more) or low, and so is the use of cash machines in a year (20
    or more): four cells. A customer of a cell is a *user*, an active holder of a credit card, with
    the cell's chance. The printed tree leaves three worlds possible; share of all and chance of
    a user, by cell (balance, machines):

    ============  ==========  ==========  ==========  ============
    preset        high, high  high, low   low, high   low, low
    ============  ==========  ==========  ==========  ============
    joint         8%, 33.75%  12%, 7.5%   7%, 15%     73%, 0.342%
    nested_11     10%, 25%    10%, 11%    40%, 2%     40%, 2%
    nested_85_15  3%, 25%     17%, 16.8%  12%, 2%     68%, 2%
    ============  ==========  ==========  ==========  ============

    In `joint` both printed splits describe all customers: 1.62% and 18% users by balance, 1.35%
    and 25% by machines, 4.90% of all. In the other two the second split divides those with a high
    balance, as it is drawn. Sizes of cells are the shares, to the customer. Within a cell, balance
    and uses say nothing more; age and tenure never say anything.

    Parameters
    ----------
    n : int, at least 1
    preset : "joint", "nested_11" or "nested_85_15"
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id, age, tenure_years, atm_uses : int64
        mean_balance : float64, money
        is_user : bool
    truth : DataFrame, one row per customer
        customer_id : int64
        cell : str, hh, hl, lh or ll
        user_rate : float64

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, or there is no such preset.

    See Also
    --------
    crmlab.behaviour.measure.tree_check : what is wrong with the printed tree.

    Examples
    --------
    >>> data, truth = simulate_card_holders(1_000, seed=1)
    >>> truth["cell"].value_counts().to_dict()
    {'ll': 730, 'hl': 120, 'hh': 80, 'lh': 70}
    """
    require_at_least("n", n, 1)
    require_one_of("preset", preset, PRESETS)
    rng = stream_of(seed, "simulate_card_holders")

    shares, rates = np.array([*PRESETS[preset].values()]).T
    sizes = np.diff(np.rint(np.cumsum([0.0, *shares]) * n).astype(np.int64))
    place = rng.permutation(repeat(np.arange(4), sizes))
    rich, busy = place < 2, place % 2 == 0
    balance = np.where(rich, BALANCE + rng.exponential(2_500, n), BALANCE * rng.beta(1.5, 2, n))
    uses = np.where(busy, USES + rng.poisson(rng.gamma(2, 6, n)), rng.integers(0, USES, n))
    ids = np.arange(1, n + 1)
    data = {
        "customer_id": ids,
        "age": rng.integers(18, 81, n),
        "tenure_years": rng.integers(0, 31, n),
        # A low balance that rounds up to the border would be a high one.
        "mean_balance": np.where(rich, balance.round(2), np.floor(balance * 100) / 100),
        "atm_uses": uses,
        "is_user": rng.random(n) < rates[place],
    }
    cell = pd.Series(np.array([*PRESETS[preset]])[place], dtype="str")
    truth = {"customer_id": ids, "cell": cell, "user_rate": rates[place]}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
