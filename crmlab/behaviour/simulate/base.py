"""A base of customers with a group of its own habits: who, where, what, and at which hour."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_probability, stream_of
from crmlab._groups import repeat
from crmlab._words import N_

# Value: share among the others, share in the group.
ATTRIBUTES = {
    "age_band": {
        N_("under 25"): (0.2, 0.4),
        "25-34": (0.3, 0.3),
        "35-44": (0.25, 0.15),
        "45-54": (0.15, 0.1),
        N_("55 and over"): (0.1, 0.05),
    },
    "gender": {N_("woman"): (0.6, 0.6), N_("man"): (0.4, 0.4)},
    "city": {
        N_("Hangzhou"): (0.3, 0.2),
        N_("Shanghai"): (0.25, 0.45),
        N_("Wuhan"): (0.2, 0.15),
        N_("Chengdu"): (0.15, 0.12),
        N_("Xi'an"): (0.1, 0.08),
    },
}
HOLDS = {N_("skin care"): (0.5, 0.5), N_("hair care"): (0.4, 0.4), N_("make-up"): (0.2, 0.45)}
HOLDS |= {N_("perfume"): (0.1, 0.2), N_("tools"): (0.08, 0.08)}
HOURS = np.arange(9, 24)
_DAY, _NIGHT = np.exp(-((HOURS - 14) ** 2) / 18.0), np.exp(-((HOURS - 21) ** 2) / 5.0)
_SEASON = np.ones(12)
_SINGLES = np.where(np.arange(12) == 10, 4.0, 1.0)


class Base(NamedTuple):
    """Customers, what they hold, what they bought; and the true shares behind it."""

    customers: pd.DataFrame
    holdings: pd.DataFrame
    purchases: pd.DataFrame
    truth: pd.DataFrame


def simulate_base(n: int, *, group_share: float = 0.1, seed: Seed) -> Base:
    """Simulate a base in which one group of customers has habits of its own.

    Model
    -----
    A share `group_share` of the customers, to the customer, is the group: those who answered a
    mode. Age band, city and products held have other shares in the group than among the others
    (see `truth`); gender, skin care, hair care and tools have the same. A customer buys 1 +
    Poisson(5) times in 2024, in the group 1 + Poisson(8): in any month, the group in November four
    times as often as in another month; around 14 o'clock, the group around 21 o'clock. A purchase
    brings a profit of gamma shape 2 and mean 20, in the group 16.
    The true index of a value is 100 p_g / (f p_g + (1 - f) p_o), with f the share of the group.

    Parameters
    ----------
    n : int, at least 1
    group_share : float in (0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    customers : DataFrame: customer_id : int64; age_band, gender, city : str; in_group : bool
    holdings : DataFrame, one row per customer and product: customer_id, product
    purchases : DataFrame: customer_id : int64; date : datetime64[us], with the hour;
        profit_cny : float64
    truth : DataFrame, one row per value: question, value : str; share_in_group, share_of_others,
        index : float64

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `group_share` lies outside (0, 1], or `seed` is no seed.

    See Also
    --------
    crmlab.behaviour.measure.understand : answers six questions about the group.

    Examples
    --------
    >>> base = simulate_base(1_000, seed=1)
    >>> int(base.customers["in_group"].sum())
    100
    """
    require_at_least("n", n, 1)
    require_probability("group_share", group_share)
    rng = stream_of(seed, "simulate_base")

    inside = rng.permutation(np.arange(n) < round(group_share * n))
    ids, where = np.arange(1, n + 1), inside.astype(int)
    customers = pd.DataFrame({"customer_id": ids})
    for name, values in ATTRIBUTES.items():
        until = np.cumsum(np.array([*values.values()]), axis=0)[:-1]
        place = (rng.random(n) > until[:, where]).sum(axis=0)
        customers[name] = pd.Series(np.array([*values])[place], dtype="str")
    customers["in_group"] = inside

    chance = np.array([*HOLDS.values()])[:, where]
    product, holder = np.nonzero(rng.random(chance.shape) < chance)
    held = pd.Series(np.array([*HOLDS])[product], dtype="str")
    holdings = pd.DataFrame({"customer_id": ids[holder], "product": held})
    return Base(customers, holdings, _purchases(rng, ids, inside), _truth(group_share))


def _purchases(rng: np.random.Generator, ids: np.ndarray, inside: np.ndarray) -> pd.DataFrame:
    """Return the purchases of a year, in the order of customers and days."""
    who = repeat(np.arange(len(ids)), 1 + rng.poisson(np.where(inside, 8, 5)))
    mine, n = inside[who], len(who)
    month = np.where(mine, _drawn(rng, _SINGLES, n), _drawn(rng, _SEASON, n))
    hour = HOURS[np.where(mine, _drawn(rng, _NIGHT, n), _drawn(rng, _DAY, n))]
    minutes = (rng.integers(0, 28, n) * 24 + hour) * 60 + rng.integers(0, 60, n)
    date = (np.datetime64("2024-01") + month).astype("M8[us]") + minutes.astype("m8[m]")
    profit = rng.gamma(2, np.where(mine, 8.0, 10.0)).round(2)
    frame = pd.DataFrame({"customer_id": ids[who], "date": date, "profit_cny": profit})
    return frame.sort_values(["customer_id", "date"], ignore_index=True)


def _drawn(rng: np.random.Generator, weight: np.ndarray, n: int) -> np.ndarray:
    return rng.choice(len(weight), n, p=weight / weight.sum())


def _truth(share: float) -> pd.DataFrame:
    kinds = {**ATTRIBUTES, "product": HOLDS}
    rows = [
        (question, value, inside, others, 100 * inside / (share * inside + (1 - share) * others))
        for question, values in kinds.items()
        for value, (others, inside) in values.items()
    ]
    columns = ["question", "value", "share_in_group", "share_of_others", "index"]
    return pd.DataFrame(rows, columns=columns).astype({"question": "str", "value": "str"})
