"""What members like, and what they therefore buy."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    Seed,
    day_of,
    require_at_least,
    require_positive,
    require_real,
    stream_of,
)
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

STYLES = ("plain", "classic", "sporty", "bold")
COLOURS = ("black", "white", "red", "blue")


def simulate_tastes(
    n: int,
    *,
    products: int = 60,
    pickiness: float = 3.0,
    mean_purchases: float = 8.0,
    days: int = 730,
    start: str = "2023-01-01",
    seed: Seed,
) -> Simulated:
    """Simulate members who buy by taste and by what is popular, each product once.

    Model
    -----
    Each product has a style, a colour and a popularity, log-normal with log deviation 1. Each
    member likes one style and one colour, drawn evenly and never asked for. A member buys
    1 + Poisson(mean_purchases - 1) products, at most all, on days spread evenly over the record.
    The next one is chosen among those not yet bought with odds of
        popularity * exp(pickiness * [style is liked] + pickiness / 2 * [colour is liked]).
    With a pickiness of 0 all tastes are alike, and nothing beats what is popular.

    Parameters
    ----------
    n : int
        Members, at least 1.
    products : int, at least 2
    pickiness, mean_purchases : float; 0 or more, and at least 1
    days : int, at least 1
    start : date
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per purchase, by customer and date
        customer_id : int64
        date : datetime64[us]
        product : str, such as "P07"
        style, colour : str, of the product
    truth : DataFrame, one row per member
        customer_id : int64
        liked_style, liked_colour : str

    Raises
    ------
    OutOfRangeError
        If `n`, `days` or `mean_purchases` is below 1, `products` below 2, `pickiness` below 0,
        `start` is no date, or `seed` is no seed.

    Source
    ------
    Choosing one after another without putting back, by the largest of noisy log odds: Yellott
    (1977), doi:10.1016/0022-2496(77)90026-8.

    Examples
    --------
    >>> bought, truth = simulate_tastes(50, seed=1)
    >>> bool(bought.duplicated(["customer_id", "product"]).any())
    False
    """
    require_real(mean_purchases=mean_purchases)
    require_at_least("n", n, 1)
    require_at_least("products", products, 2)
    require_at_least("days", days, 1)
    if not 1 <= mean_purchases < np.inf:
        raise OutOfRangeError(f"mean_purchases must be 1 or more; got {mean_purchases!r}.")
    if pickiness:
        require_positive("pickiness", pickiness)
    first_day = day_of("start", start)
    rng = stream_of(seed, "simulate_tastes")

    style, colour = (np.arange(products) // each % 4 for each in (1, 4))
    likes, loves = rng.integers(0, 4, (2, n))
    odds = rng.normal(0, 1, products) + pickiness * (style == likes[:, None])
    odds = odds + pickiness / 2 * (colour == loves[:, None])
    order = np.argsort(-(odds + rng.gumbel(size=odds.shape)), axis=1)
    many = np.minimum(1 + rng.poisson(mean_purchases - 1, n), products)
    who = repeat(np.arange(n), many)
    place = np.arange(len(who)) - repeat(np.cumsum(many) - many, many)
    item = order[who, place]
    # One sort puts every member's days in order.
    day = np.sort(who + rng.random(len(who))) - who
    names = np.array([f"P{number:02d}" for number in range(1, products + 1)])
    data = {
        "customer_id": who,
        "date": (first_day + np.minimum(day * days, days - 1).astype(np.int64)).astype("M8[us]"),
        "product": pd.Series(names[item], dtype="str"),
        "style": pd.Series(np.array(STYLES)[style[item]], dtype="str"),
        "colour": pd.Series(np.array(COLOURS)[colour[item]], dtype="str"),
    }
    truth = {
        "customer_id": np.arange(n),
        "liked_style": pd.Series(np.array(STYLES)[likes], dtype="str"),
        "liked_colour": pd.Series(np.array(COLOURS)[loves], dtype="str"),
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
