"""Membership cards: who opens one, where and when, and under which policy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_columns, stream_of
from crmlab.errors import OutOfRangeError


class Cards(NamedTuple):
    """Policies, cards, and how reluctant each customer is to open one (truth)."""

    policies: pd.DataFrame
    cards: pd.DataFrame
    truth: pd.DataFrame


def simulate_cards(
    n: int | pd.DataFrame,
    *,
    rates: tuple[float, float] = (0.6, 0.4),
    harder_from: str = "2024-01-01",
    seed: Seed,
) -> Cards:
    """Simulate the cards of customers, by default of some who join evenly in 2023 and 2024.

    Model
    -----
    reluctance ~ Uniform(0, 1), hidden. A customer opens a card with the first purchase, in its
    store, when the reluctance is below the rate of the policy in force on that day. So the share
    of new customers who open one is the policy's rate; and of those who opened under the first
    policy, a share 1 - rates[1] / rates[0] would not have done so under the second.

    Parameters
    ----------
    n : int, or DataFrame with customer_id, joined_on, store
        How many customers, or those who may open one.
    rates : (float, float) in [0, 1]
        Opening rate under the first policy, and under the harder one that follows.
    harder_from : str, "YYYY-MM-DD"
        First day of the second policy.
    seed : int, SeedSequence or Generator
        Same seed, same cards.

    Returns
    -------
    policies : DataFrame: policy_id, name, valid_from, opening_rate (what the firm aims at)
    cards : DataFrame: card_id, customer_id, policy_id, opened_on, store
    truth : DataFrame: customer_id, reluctance

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, one of `rates` lies outside [0, 1], or `seed` is no seed.
    MissingColumnsError
        If the frame lacks a column.

    Examples
    --------
    >>> policies, cards, truth = simulate_cards(1_000, rates=(1, 0), seed=1)
    >>> cards["opened_on"].max() < pd.Timestamp("2024-01-01")
    True
    """
    rng = stream_of(seed, "simulate_cards")
    customers = n if isinstance(n, pd.DataFrame) else _joining(rng, n)
    require_columns(customers, "customer_id", "joined_on", "store")
    for rate in rates:
        if not 0 <= rate <= 1:
            raise OutOfRangeError(f"rates must be shares in [0, 1]; got {rate!r}.")
    policies = pd.DataFrame(
        {
            "policy_id": [1, 2],
            "name": pd.Series(["open to all", "harder entry"], dtype="str"),
            "valid_from": np.array(["2000-01-01", harder_from], dtype="M8[us]"),
            "opening_rate": [float(rate) for rate in rates],
        }
    )
    reluctance = rng.random(len(customers))
    later = (customers["joined_on"] >= pd.Timestamp(harder_from)).to_numpy()
    opens = reluctance < np.where(later, rates[1], rates[0])
    opened = customers.loc[opens].reset_index(drop=True)
    cards = pd.DataFrame(
        {
            "card_id": opened["customer_id"],
            "customer_id": opened["customer_id"],
            "policy_id": 1 + later[opens].astype(np.int64),
            "opened_on": opened["joined_on"],
            "store": opened["store"],
        }
    )
    truth = pd.DataFrame(
        {"customer_id": customers["customer_id"].to_numpy(), "reluctance": reluctance}
    )
    return Cards(policies, cards, truth)


def _joining(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Return n customers who join evenly over two years, in one of two shops."""
    require_at_least("n", n, 1)
    joined = np.datetime64("2023-01-01", "us") + rng.integers(0, 731, n).astype("m8[D]")
    customers = pd.DataFrame({"customer_id": np.arange(1, n + 1), "joined_on": joined})
    return customers.assign(store=pd.Series(rng.choice(["shop 1", "shop 2"], n), dtype="str"))
