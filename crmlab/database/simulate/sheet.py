"""The one big sheet in which a small shop keeps its orders, and what went wrong in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, stream_of
from crmlab._groups import repeat
from crmlab.customers.simulate.words import GIVEN_F, GIVEN_M, ROADS, SURNAMES, phones
from crmlab.errors import OutOfRangeError

# Product: its category and its price in CNY; two of them cost the same.
PRODUCTS = {
    "lipstick": ("make-up", 59), "mascara": ("make-up", 89), "powder": ("make-up", 75),
    "cream": ("skin care", 128), "lotion": ("skin care", 68), "mask": ("skin care", 25),
    "shampoo": ("hair care", 39), "conditioner": ("hair care", 42), "hair oil": ("hair care", 89),
    "soap": ("household", 12), "detergent": ("household", 29), "wipes": ("household", 9),
}  # fmt: skip
ONCE = ("bath salts", "skin care", 49)
OTHERWISE = {
    "make-up": "makeup", "skin care": "skincare", "hair care": "haircare", "household": "house-hold"
}  # fmt: skip
TWO_VALUES = ["product", "category", "price_cny", "quantity"]


@dataclass(frozen=True)
class OrderSheetTruth:
    """What the shopkeeper would know if asked.

    cells, one row per spoiled cell, by row and column
        row : int64, row of the sheet, from 0
        line : int64, row of `sheet` below; where a cell holds two values, the first of the two
        column : str
        kind : str, "moved", "spelt otherwise" or "two values"
        written : str, what stands there
        right : str, what should; missing where the cell must become two, as they are in `sheet`
    sheet, one row per order and product, by order, without any fault
        the columns of the spoiled sheet, but price_cny and quantity are int64
    unwritten, one row per customer whom the sheet has no place for, since there is no order
        customer, phone, address : str
    """

    cells: pd.DataFrame
    sheet: pd.DataFrame
    unwritten: pd.DataFrame


class SimulatedSheet(NamedTuple):
    """The sheet, and what only the shopkeeper knows."""

    data: pd.DataFrame
    truth: OrderSheetTruth


def simulate_order_sheet(
    n: int,
    *,
    moved: int = 3,
    misspelt: int = 2,
    doubled: int = 4,
    prospects: int = 2,
    seed: Seed,
) -> SimulatedSheet:
    """Simulate the sheet of a shop that writes everything it knows on every row.

    Model
    -----
    An order is for 1, 2 or 3 different products with chance 0.5, 0.3 and 0.2, so that the faultless
    sheet has 1.7 rows an order on average; order and product together name a row.
    Orders are numbered by date; the dates are uniform over the days of 2024.
    Each order is by one of `n` // 4 customers, all equally likely. Names and phones are
    unique, but one customer in ten lives at the address of another. Besides, there are
    `prospects` who have never ordered.
    A product has one category and one price; two of the products cost the same. Quantity is
    uniform over 1, 2, 3. Bath salts were ordered exactly once, by any of the customers.
    Then the sheet goes wrong:

    - `moved` customers moved, and the new address was written on some of their rows, at least one,
      but not on all;
    - the category of `misspelt` products is spelt otherwise on some rows, fewer than half;
    - in `doubled` orders two products share one row: "lipstick; cream". No row has two faults.

    Phones are numbers kept free for fiction, and the streets are invented.

    Parameters
    ----------
    n : int, 8 or more
    moved, misspelt, doubled, prospects : int, 0 or more
    seed : int, SeedSequence or Generator
        Same seed, same sheet.

    Returns
    -------
    data : DataFrame, one row per order and product, but for the doubled ones, by order
        order_id : int64, from 1
        date : datetime64[us], a day
        customer, phone, address : str
        product, category : str
        price_cny, quantity : str, since some cells hold two numbers: "59; 128"
    truth : OrderSheetTruth
        cells, sheet, unwritten

    Raises
    ------
    OutOfRangeError
        If `n` is below 8; `moved`, `misspelt`, `doubled` or `prospects` below 0; there are too few
        orders for the faults asked for; or `seed` is no seed.

    See Also
    --------
    crmlab.database.measure.split_cells : gives each of two values a row of its own.
    crmlab.database.measure.anomalies : finds the contradictions.

    Examples
    --------
    >>> sheet, truth = simulate_order_sheet(40, seed=1)
    >>> truth.cells["kind"].value_counts().sort_index().to_dict()
    {'moved': 13, 'spelt otherwise': 2, 'two values': 16}
    """
    rng = stream_of(seed)
    require_at_least("n", n, 8)
    for name, value in (("moved", moved), ("misspelt", misspelt), ("doubled", doubled)):
        require_at_least(name, value, 0)
    require_at_least("prospects", prospects, 0)

    buyers = n // 4
    known = _customers(rng, buyers + prospects)
    former = known.pop("former")
    right = _orders(rng, n, buyers).join(known, on="number")
    right = right[["order_id", "date", *known, *TWO_VALUES]]

    sheet, double = _double_up(rng, right, doubled)
    single = sheet.drop(index=double)
    stale = _stale(rng, single, moved, former.set_axis(known["customer"]))
    odd = _odd(rng, single, misspelt)
    sheet.loc[stale.index, "address"] = stale
    sheet.loc[odd.index, "category"] = odd

    spoiled = [("moved", "address", stale.index), ("spelt otherwise", "category", odd.index)]
    spoiled += [("two values", column, double) for column in TWO_VALUES]
    cells = _cells(sheet, right, spoiled)
    unwritten = known[~known["customer"].isin(right["customer"])].reset_index(drop=True)
    return SimulatedSheet(sheet.reset_index(drop=True), OrderSheetTruth(cells, right, unwritten))


def _customers(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Return name, phone, address and former address of each customer."""
    surnames, given = ([*dict.fromkeys(words[1::2])] for words in (SURNAMES, GIVEN_F + GIVEN_M))
    chosen = rng.choice(len(surnames) * len(given) ** 2, n, replace=False)
    rest, second = np.divmod(chosen, len(given))
    family, first = np.divmod(rest, len(given))
    names = zip(family, first, second, strict=True)
    roads = [*ROADS.values()]
    house, road = np.divmod(rng.choice(len(roads) * max(999, n), 2 * n, replace=False), len(roads))
    homes = [f"{h + 1} {roads[r]}" for h, r in zip(house, road, strict=True)]
    home = np.arange(n)
    home[1 : 2 * (n // 10) : 2] -= 1  # these live with the customer before
    known = {
        "customer": [f"{surnames[f]} {given[a].title()}{given[b]}" for f, a, b in names],
        "phone": phones(np.arange(1, n + 1)).to_pylist(),
        "address": [homes[number] for number in home],
        "former": homes[n:],
    }
    return pd.DataFrame(known, dtype="str")


def _orders(rng: np.random.Generator, n: int, buyers: int) -> pd.DataFrame:
    """Return the rows of `n` orders, with the number of the customer who gave each."""
    size = 1 + rng.choice(3, n, p=[0.5, 0.3, 0.2])
    order = repeat(np.arange(n), size)
    place = np.arange(len(order)) - repeat(np.cumsum(size) - size, size)
    # The first few of a random order of all products: an order has each product once.
    product = rng.random((n, len(PRODUCTS))).argsort(axis=1)[order, place]
    product[rng.integers(len(order))] = len(PRODUCTS)
    kinds = [(name, *said) for name, said in PRODUCTS.items()] + [ONCE]
    table = pd.DataFrame(kinds, columns=["product", "category", "price_cny"])
    day = np.sort(rng.integers(0, 366, n))
    return pd.DataFrame(
        {
            "order_id": order + 1,
            "date": (np.datetime64("2024-01-01") + day[order]).astype("M8[us]"),
            "number": rng.integers(0, buyers, n)[order],
            **table.iloc[product].to_dict("list"),
            "quantity": rng.integers(1, 4, len(order)),
        }
    )


def _double_up(
    rng: np.random.Generator, right: pd.DataFrame, n: int
) -> tuple[pd.DataFrame, pd.Index]:
    """Write two products of `n` orders into one row; return the sheet and those rows."""
    again = right["order_id"].duplicated() & ~right["order_id"].duplicated().shift(fill_value=False)
    second = np.sort(_some(rng, np.flatnonzero(again), n, "doubled", "orders of two products"))
    sheet = right.astype(dict.fromkeys(TWO_VALUES, "str"))
    for column in TWO_VALUES:
        texts = sheet[column].array
        sheet.loc[second - 1, column] = texts[second - 1] + "; " + texts[second]
    return sheet.drop(index=pd.Index(second)), pd.Index(second - 1)


def _stale(rng: np.random.Generator, single: pd.DataFrame, n: int, former: pd.Series) -> pd.Series:
    """Return the former addresses of `n` customers, by the rows on which they still stand."""
    rows = single.groupby("customer").indices
    often = [name for name, places in rows.items() if len(places) > 1]
    movers = _some(rng, np.array(often, dtype=object), n, "moved", "customers with two rows")
    left = {
        name: rng.permutation(rows[name])[: rng.integers(1, len(rows[name]))] for name in movers
    }
    places = np.concatenate([np.array([], dtype=int), *left.values()])
    found = single["customer"].iloc[places]
    return found.map(former).astype("str").sort_index()


def _odd(rng: np.random.Generator, single: pd.DataFrame, n: int) -> pd.Series:
    """Return other spellings of the categories of `n` products, by the rows they stand on."""
    rows = single.groupby("product").indices
    often = [name for name, places in rows.items() if len(places) > 2]
    chosen = _some(rng, np.array(often, dtype=object), n, "misspelt", "products with three rows")
    most = {name: (len(rows[name]) - 1) // 2 for name in chosen}
    places = [rng.permutation(rows[name])[: rng.integers(1, most[name] + 1)] for name in chosen]
    found = single["category"].iloc[np.concatenate([np.array([], dtype=int), *places])]
    return found.map(OTHERWISE).astype("str").sort_index()


def _some(rng: np.random.Generator, among: np.ndarray, n: int, name: str, what: str) -> np.ndarray:
    """Return `n` of `among`, or refuse since there are too few."""
    if n > len(among):
        raise OutOfRangeError(
            f"{name}={n} needs as many {what}; this sheet has {len(among)}. "
            "Take more orders, or fewer faults."
        )
    return rng.permutation(among)[:n]


def _cells(
    sheet: pd.DataFrame, right: pd.DataFrame, spoiled: Sequence[tuple[str, str, pd.Index]]
) -> pd.DataFrame:
    """Return the spoiled cells: kind, column and lines (labels of both frames) of each kind."""
    found = [
        pd.DataFrame(
            {
                "row": sheet.index.get_indexer(lines).astype(np.int64),
                "line": np.asarray(lines, dtype=np.int64),
                "column": column,
                "kind": kind,
                "written": sheet.loc[lines, column].to_numpy(),
                "right": None if kind == "two values" else right.loc[lines, column].to_numpy(),
            }
        ).astype(dict.fromkeys(["column", "kind", "written", "right"], "str"))
        for kind, column, lines in spoiled
    ]
    return pd.concat(found).sort_values(["row", "column"], ignore_index=True)
