"""A fictional grocer with a loyalty card: households that run out of things, and what they get."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammaincc

from crmlab._checks import (
    Seed,
    day_of,
    require_at_least,
    require_columns,
    require_positive,
    require_real,
    require_rows,
    require_values,
    stream_of,
)
from crmlab._groups import bincount, repeat
from crmlab._shapes import Simulated
from crmlab.errors import BadRowsError, OutOfRangeError

# Mean days between two purchases of a typical household, and the price.
CATEGORIES = {
    "milk": (6.0, 12.0), "bread": (5.0, 8.0), "fruit": (7.0, 25.0), "vegetables": (6.0, 20.0),
    "eggs": (12.0, 15.0), "meat": (9.0, 45.0), "rice": (30.0, 40.0), "oil": (45.0, 60.0),
    "tea": (40.0, 55.0), "soap": (35.0, 18.0), "tissues": (21.0, 22.0), "detergent": (50.0, 38.0),
}  # fmt: skip
_SPREAD = 0.4


def simulate_grocer(
    n: int, *, days: int = 364, regularity: float = 6.0, start: str = "2024-01-01", seed: Seed
) -> Simulated:
    """Simulate households that buy each category again when they have used it up.

    Model
    -----
    A household buys a category every g * exp(0.4 z - 0.08) days on average, where g is the
    category's mean (milk 6 days, detergent 50) and z standard normal. The days between are Gamma
    with that mean and shape `regularity`: 1 is pure chance, 6 fairly regular. The record begins
    in the middle of an interval. With F the law of the days between and a the days since the last
    purchase, the category is bought within the next week with probability
        (F(a + 7) - F(a)) / (1 - F(a)).

    Parameters
    ----------
    n : int
        Households, at least 1.
    days : int, at least 1
    regularity : float, above 0
    start : date
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per household, category and day
        household_id : int64
        date : datetime64[us]
        category : str
        amount : float64, the price
    truth : DataFrame, one row per household and category
        household_id : int64
        category : str
        mean_gap_days : float64
        due : float64, the chance to be bought in the week after the record
        price : float64

    Raises
    ------
    OutOfRangeError
        If `n` or `days` is below 1, `regularity` is not above 0, `start` is no date, or `seed` is
        no seed.

    See Also
    --------
    simulate_mailing : what offers then do.

    Examples
    --------
    >>> bought, truth = simulate_grocer(5, days=60, seed=1)
    >>> len(truth), bool(truth["due"].between(0, 1).all())
    (60, True)
    """
    require_at_least("n", n, 1)
    require_at_least("days", days, 1)
    require_positive("regularity", regularity)
    first_day = day_of("start", start)
    rng = stream_of(seed, "simulate_grocer")
    typical, price = np.array([*CATEGORIES.values()]).T
    kinds = len(typical)
    gap = (typical * np.exp(_SPREAD * rng.normal(size=(n, kinds)) - _SPREAD**2 / 2)).ravel()
    # A point in the middle of an interval: long ones are met more often, and anywhere within.
    whole = rng.gamma(regularity + 1, 1 / regularity, len(gap)) * gap
    last = -rng.random(len(gap)) * whole
    following = last + whole
    rows: list[tuple[np.ndarray, np.ndarray]] = []
    at = np.arange(len(gap))
    while len(at := at[following[at] < days]):
        rows.append((at, following[at]))
        last[at] = following[at]
        following[at] += rng.gamma(regularity, 1 / regularity, len(at)) * gap[at]
    cell, when = (
        (np.concatenate(part) for part in zip(*rows, strict=True)) if rows else (at, last[at])
    )
    day = np.floor(when).astype(np.int64)
    order = np.lexsort((cell, day))
    cell, day = cell[order], day[order]
    age = days - last
    still, within = (gammaincc(regularity, (age + ahead) / (gap / regularity)) for ahead in (0, 7))
    due = 1 - within / np.maximum(still, 1e-300)
    names = np.array([*CATEGORIES])
    data = {
        "household_id": cell // kinds,
        "date": (first_day + day).astype("M8[us]"),
        "category": pd.Series(names[cell % kinds], dtype="str"),
        "amount": price[cell % kinds],
    }
    truth = {
        "household_id": repeat(np.arange(n), kinds),
        "category": pd.Series(np.tile(names, n), dtype="str"),
        "mean_gap_days": gap,
        "due": due,
        "price": np.tile(price, n),
    }
    data = pd.DataFrame(data).drop_duplicates(["household_id", "date", "category"])
    return Simulated(data.reset_index(drop=True), pd.DataFrame(truth))


def simulate_mailing(
    offers: pd.DataFrame,
    *,
    households: pd.DataFrame,
    response: float = 0.5,
    discount: float = 0.1,
    seed: Seed,
) -> Simulated:
    """Simulate the week of a mailing: each household gets one of its lists, or nothing, at random.

    Model
    -----
    A category is bought with probability `due`, and with min(1, due * (1 + response)) if the list
    of the household names it: an offer helps what is needed anyway. So the expected spend of a
    household is the sum of these chances times the prices. What was offered and bought is
    redeemed: the customer saves `discount` of the price, which the supplier pays to the grocer.

    Parameters
    ----------
    offers : DataFrame, one row per offer: household_id, arm (the kind of list), category
        Lists of every kind for every household, though each gets one.
    households : DataFrame, as the truth of `simulate_grocer`: household_id, category, due, price
    response : float, 0 or more
    discount : float in [0, 1)
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per household
        household_id : as in `offers`
        arm : str, one of the kinds of list, or "control"
        spend : float64, at full prices
        redeemed : int64, offers taken
        discount : float64, what the supplier pays
    truth : DataFrame, one row per household and arm: household_id, arm, expected_spend (float64)

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, an offer is of a category that its household never
        bought, or a price is missing.
    OutOfRangeError
        If there are no offers, `response` is below 0, `discount` lies outside [0, 1), or `seed` is
        no seed.

    Examples
    --------
    >>> _, households = simulate_grocer(4, seed=1)
    >>> offers = pd.DataFrame({"household_id": range(4), "arm": "leaflet", "category": "milk"})
    >>> answers, truth = simulate_mailing(offers, households=households, seed=1)
    >>> sorted(truth["arm"].unique())
    ['control', 'leaflet']
    """
    require_real(response=response, discount=discount)
    require_columns(offers, "household_id", "arm", "category")
    require_columns(households, "household_id", "category", "due", "price")
    require_rows(offers)
    require_values(offers, "household_id", "arm", "category")
    require_values(households, "household_id", "category", "due", "price")
    if not 0 <= response < np.inf or not 0 <= discount < 1:
        raise OutOfRangeError(
            f"response must be 0 or more and discount a share below 1; got {response!r} and "
            f"{discount!r}."
        )
    rng = stream_of(seed, "simulate_mailing")
    keys = ["household_id", "category"]
    households = households[[*keys, "due", "price"]].reset_index(drop=True)
    place = households[keys].reset_index().merge(offers[[*keys, "arm"]].drop_duplicates(), on=keys)
    if len(place) < len(offers.drop_duplicates([*keys, "arm"])):
        raise BadRowsError("some offers are of a household or category that `households` lacks.")
    number, ids = pd.factorize(households["household_id"], sort=True)
    arms = np.array(["control", *sorted(offers["arm"].unique())])
    due, price = (households[name].to_numpy("float64") for name in ("due", "price"))
    offered = np.zeros((len(arms), len(households)), bool)
    offered[np.searchsorted(arms[1:], place["arm"]) + 1, place["index"]] = True
    chance = np.where(offered, np.minimum(due * (1 + response), 1), due)
    expected = np.stack([bincount(number, row * price, len(ids)) for row in chance], axis=1)
    drawn = rng.permutation(np.arange(len(ids)) % len(arms))
    mine = drawn[number], np.arange(len(households))
    buys = rng.random(len(households)) < chance[mine]
    taken = buys & offered[mine]
    data = {
        "household_id": ids,
        "arm": pd.Series(arms[drawn], dtype="str"),
        "spend": bincount(number, buys * price, len(ids)),
        "redeemed": bincount(number[taken], minlength=len(ids)),
        "discount": bincount(number, taken * price, len(ids)) * discount,
    }
    truth = {
        "household_id": repeat(np.asarray(ids), len(arms)),
        "arm": pd.Series(np.tile(arms, len(ids)), dtype="str"),
        "expected_spend": expected.ravel(),
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
