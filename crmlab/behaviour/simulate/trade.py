"""What lies in a basket: brands whose prices move, lines that add up, payment and delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlab._chance import Chance
from crmlab._checks import Seed, require_at_least, require_columns, require_real, stream_of
from crmlab._groups import repeat
from crmlab.errors import OutOfRangeError

BRANDS = 5
# Pack sizes of a brand: the smallest costs its price, each next one a quarter more.
SIZES, STEP, SMALLEST = 40, 1.25, 5.0
LINES = (0.5, 0.3, 0.2)
PAYMENTS = {"mobile": 0.6, "bank card": 0.25, "cash": 0.1, "gift card": 0.05}
# How much of the logarithm of a brand's price level the next quarter keeps.
MEMORY = 0.8
REQUIREMENTS = ("none", "evening only", "parcel locker", "gift wrap")
WISHES = (0.7, 0.1, 0.15, 0.05)
DELIVERY_DAYS = 3.0


@dataclass(frozen=True)
class Assortment:
    """What is for sale, what it costs when, and how much each brand is liked (truth).

    products  product_id, category, brand, size (1 is the smallest pack)
    prices    product_id, valid_from, price_cny; a price stands until the next one of its product
    brands    category, brand, appeal: log odds of being chosen at equal prices (truth)
    levels    price level of each category's brands by quarter: array (quarters, categories, brands)
    """

    products: pd.DataFrame
    prices: pd.DataFrame
    brands: pd.DataFrame
    levels: np.ndarray
    categories: tuple[str, ...]
    first_day: np.datetime64
    elasticity: float


class SimulatedLines(NamedTuple):
    """Products, prices and lines; and the truth behind the choice of brands."""

    products: pd.DataFrame
    prices: pd.DataFrame
    lines: pd.DataFrame
    truth: pd.DataFrame


def simulate_lines(
    purchases: pd.DataFrame,
    *,
    goods: Assortment | None = None,
    elasticity: float = -1.5,
    before: int = 0,
    seed: Seed,
) -> SimulatedLines:
    """Simulate an assortment, and the lines that make up the amount of each purchase.

    Model
    -----
    Every category has five brands of 40 pack sizes. A brand's price level moves once a quarter:
    it is 1.15 to the power z, where z ~ N(0, 1) is 0.8 times the one before plus noise. Brand b
    of a category is chosen for a line with probability
        P(b) ~ exp(appeal_b + elasticity * log level_b),    appeal_b ~ N(0, 0.5)
    independently of everything else, so log odds of two brands regress on the log ratio of their
    prices with slope `elasticity`. A purchase has 1, 2 or 3 lines (.5 .3 .2) of its category, and
    its amount is spread over them evenly at random, to the fen. A line buys the smallest pack
    that lists at its amount or more (several of the largest, where one is not enough); what is
    paid below the list price is its discount.

    Parameters
    ----------
    purchases : DataFrame with purchase_id, date, amount (above 0), category
    goods : Assortment, of `simulate_assortment`, optional
        What is for sale, with its elasticity; of the purchases' categories and days when omitted.
    elasticity : float, at most 0
    before : int
        Lines are numbered from the one after it.
    seed : int, SeedSequence or Generator
        Same seed, same lines.

    Returns
    -------
    products, prices : DataFrame, see `Assortment`
    lines : DataFrame, one row per line
        line_id, purchase_id, product_id, quantity : int64
        list_price_cny, discount_cny, amount_cny : float64; quantity * list_price_cny less
            discount_cny is amount_cny
    truth : DataFrame, one row per brand: category, brand, appeal

    Raises
    ------
    MissingColumnsError
        If `purchases` lacks a column.
    OutOfRangeError
        If there are no purchases, an amount is not above 0, or the elasticity is.

    Examples
    --------
    >>> bought = pd.DataFrame({"purchase_id": [1], "date": pd.to_datetime(["2024-03-01"]),
    ...                        "amount": [120.0], "category": ["soap"]})
    >>> simulate_lines(bought, seed=1).lines["amount_cny"].sum()
    np.float64(120.0)
    """
    require_real(elasticity=elasticity, before=before)
    require_columns(purchases, "purchase_id", "date", "amount", "category")
    require_at_least("the number of purchases", len(purchases), 1)
    rng = stream_of(seed, "simulate_lines")
    if goods is None:
        first, last = (str(purchases["date"].agg(end)) for end in ("min", "max"))
        categories = sorted(purchases["category"].unique())
        goods = simulate_assortment(
            categories, first_day=first, last_day=last, elasticity=elasticity, seed=rng
        )
    lines = _lines(Chance(rng), goods, purchases, before)
    return SimulatedLines(goods.products, goods.prices, lines, goods.brands)


def simulate_assortment(
    categories: Sequence[str],
    *,
    first_day: str = "2023-01-01",
    last_day: str = "2024-12-31",
    elasticity: float = -1.5,
    seed: Seed,
) -> Assortment:
    """Products and prices of `categories` for every quarter of the days: see `simulate_lines`.

    Parameters
    ----------
    categories : sequence of str, each at most once
    first_day, last_day : str, the days between which there are prices
    elasticity : float, 0 or below; percent of quantity for a percent of price
    seed : int, SeedSequence or Generator

    Raises
    ------
    OutOfRangeError
        If `elasticity` is above 0, or `seed` is no seed.
    """
    rng = stream_of(seed, "simulate_assortment")
    if not -np.inf < elasticity <= 0:
        raise OutOfRangeError(f"elasticity must be a finite number up to 0; got {elasticity!r}.")
    first = np.datetime64(pd.Timestamp(first_day), "D")
    quarters = _quarter(np.array([np.datetime64(pd.Timestamp(last_day), "D")]), first)[0] + 1
    shape = (quarters, len(categories), BRANDS)
    levels = 1.15 ** _courses(rng.normal(size=shape))
    appeal = rng.normal(0, 0.5, shape[1:])

    brand_names = np.array([f"brand {letter}" for letter in "ABCDE"])
    category, brand, size = (axis.ravel() for axis in np.indices((*shape[1:], SIZES)))
    number = np.arange(1, len(size) + 1)
    products = pd.DataFrame(
        {
            "product_id": number,
            "category": pd.Series(np.array(categories)[category], dtype="str"),
            "brand": pd.Series(brand_names[brand], dtype="str"),
            "size": size + 1,
        }
    )
    price = (SMALLEST * levels[..., None] * STEP ** np.arange(SIZES)).round(2)
    begins = (first.astype("M8[M]") + 3 * np.arange(quarters)).astype("M8[us]")
    prices = pd.DataFrame(
        {
            "product_id": np.tile(number, quarters),
            "valid_from": repeat(begins, len(number)),
            "price_cny": price.reshape(-1),
        }
    )
    pairs = pd.MultiIndex.from_product([categories, brand_names], names=["category", "brand"])
    brands = pairs.to_frame(index=False).astype("str").assign(appeal=appeal.ravel())
    return Assortment(products, prices, brands, levels, tuple(categories), first, elasticity)


def _lines(chance: Chance, goods: Assortment, purchases: pd.DataFrame, before: int) -> pd.DataFrame:
    """Return the lines of `purchases`, numbered from `before` + 1."""
    fen = np.rint(purchases["amount"].to_numpy() * 100).astype(np.int64)
    if not (fen > 0).all():
        raise OutOfRangeError("amounts must be above 0; leave refunds out of the purchases.")
    # A purchase of one or two fen cannot have three lines.
    key = purchases["key" if "key" in purchases else "purchase_id"].to_numpy()
    count = np.minimum(1 + chance.place("lines", key, LINES), fen)
    row = repeat(np.arange(len(fen)), count)
    level = np.stack([chance("first cut", key), chance("second cut", key)], axis=1)
    part = _parts(level, fen, count)
    place = np.arange(len(row)) - repeat(np.cumsum(count) - count, count)

    quarter = _quarter(purchases["date"].to_numpy("M8[D]"), goods.first_day)[row]
    category = pd.Index(goods.categories).get_indexer(pd.Index(purchases["category"]))[row]
    brand = _choice(chance("brand", 3 * key[row] + place), goods, quarter, category)
    level = goods.levels[quarter, category, brand]
    size = np.ceil(np.log(part / 100 / (SMALLEST * level)) / np.log(STEP)).astype(int)
    size = np.clip(size, 0, SIZES - 1)
    listed = _fen(level, size)
    # Rounding to the fen may leave the pack a fen too cheap: then the next one, or two of it.
    size = np.where((listed < part) & (size < SIZES - 1), size + 1, size)
    listed = _fen(level, size)
    quantity = -(-part // listed)
    return pd.DataFrame(
        {
            "line_id": before + np.arange(1, len(row) + 1),
            "purchase_id": purchases["purchase_id"].to_numpy()[row],
            "product_id": (category * BRANDS + brand) * SIZES + size + 1,
            "quantity": quantity,
            "list_price_cny": listed / 100,
            "discount_cny": (quantity * listed - part) / 100,
            "amount_cny": part / 100,
        }
    )


def _courses(steps: np.ndarray) -> np.ndarray:
    """Return standard normal levels by quarter, each of which keeps a part of the one before."""
    levels = steps.copy()
    for quarter in range(1, len(steps)):
        levels[quarter] = MEMORY * levels[quarter - 1] + np.sqrt(1 - MEMORY**2) * steps[quarter]
    return levels


def _parts(level: np.ndarray, fen: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Return each purchase's `fen` spread over `count` lines, at least one fen for each."""
    room = fen - count
    cuts = np.sort(np.floor(level * (room + 1)[:, None]).astype(np.int64), axis=1)
    cuts = np.where(count[:, None] >= [2, 3], cuts, room[:, None])
    part = 1 + np.diff(np.c_[np.zeros(len(fen), np.int64), cuts, room], axis=1)
    return part[np.arange(3) < count[:, None]]


def _choice(
    level: np.ndarray, goods: Assortment, quarter: np.ndarray, category: np.ndarray
) -> np.ndarray:
    """Return the brand of each line, by appeal and price."""
    appeal = goods.brands["appeal"].to_numpy().reshape(goods.levels.shape[1:])
    odds = np.exp(appeal + goods.elasticity * np.log(goods.levels))
    until = np.cumsum(odds / odds.sum(axis=2, keepdims=True), axis=2)[..., :-1]
    return (level[:, None] > until[quarter, category]).sum(axis=1)


def _fen(level: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return the list price of a pack in fen, as `Assortment.prices` has it."""
    return np.rint((SMALLEST * level * STEP**size).round(2) * 100).astype(np.int64)


def _quarter(day: np.ndarray, first: np.datetime64) -> np.ndarray:
    """Return which quarter after `first`'s month each day lies in."""
    return (day.astype("M8[M]") - first.astype("M8[M]")).astype(int) // 3


def simulate_payments(purchases: pd.DataFrame, *, seed: Seed) -> pd.DataFrame:
    """Return one payment per purchase or refund: on its day, of its amount, by 60 % mobile.

    With a channel, nobody pays cash online, and shops have the shares of all. A refund with the
    key of its purchase goes back the way that was paid.

    Parameters
    ----------
    purchases : DataFrame with purchase_id, date, amount
        And channel, and key: the number by which chance knows a purchase, else purchase_id.
    seed : int, SeedSequence or Generator

    Returns
    -------
    DataFrame: purchase_id, paid_on, method, amount_cny

    Raises
    ------
    MissingColumnsError
        If `purchases` lacks purchase_id, date or amount.
    OutOfRangeError
        If `seed` is no seed.
    """
    require_columns(purchases, "purchase_id", "date", "amount")
    chance = Chance(stream_of(seed, "simulate_payments"))
    key = purchases["key" if "key" in purchases else "purchase_id"].to_numpy()
    method = chance.place("method", key, PAYMENTS.values())
    if "channel" in purchases:
        cashless = [0.0 if name == "cash" else share for name, share in PAYMENTS.items()]
        online = (purchases["channel"] == "online").to_numpy()
        method = np.where(online, chance.place("method", key, cashless), method)
    return pa.table(
        {
            "purchase_id": purchases["purchase_id"].to_numpy(),
            "paid_on": purchases["date"].to_numpy(),
            "method": pa.array([*PAYMENTS]).take(pa.array(method)),
            "amount_cny": purchases["amount"].to_numpy(),
        }
    ).to_pandas()


def simulate_deliveries(
    purchases: pd.DataFrame, *, address_id: np.ndarray, seed: Seed
) -> pd.DataFrame:
    """Return one delivery per purchase: sent within two days, on its way 1 + Poisson(3) days.

    Parameters
    ----------
    purchases : DataFrame with purchase_id, date
        And sent_after and under_way, in days, where they are known; and key, the number by which
        chance knows a purchase, else purchase_id.
    address_id : array of int
        Where each purchase goes, beside its rows.
    seed : int, SeedSequence or Generator

    Returns
    -------
    DataFrame: purchase_id, address_id, requirement, sent_on, arrived_on

    Raises
    ------
    MissingColumnsError
        If `purchases` lacks purchase_id or date.
    OutOfRangeError
        If `seed` is no seed.
    """
    require_columns(purchases, "purchase_id", "date")
    chance = Chance(stream_of(seed, "simulate_deliveries"))
    key = purchases["key" if "key" in purchases else "purchase_id"].to_numpy()
    if "sent_after" in purchases:
        after, way = (purchases[name].to_numpy() for name in ("sent_after", "under_way"))
    else:
        after = chance.whole("sent after", key, 0, 2)
        way = 1 + chance.poisson("under way", key, DELIVERY_DAYS)
    sent = purchases["date"].to_numpy("M8[us]") + after.astype("m8[D]")
    wish = chance.place("wish", key, WISHES)
    return pa.table(
        {
            "purchase_id": purchases["purchase_id"].to_numpy(),
            "address_id": address_id,
            "requirement": pa.array(REQUIREMENTS).take(pa.array(wish)),
            "sent_on": sent,
            "arrived_on": sent + way.astype("m8[D]"),
        }
    ).to_pandas()
