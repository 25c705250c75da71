"""Small sellers judged by their orders, and the rings that fake them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from crmlab._checks import (
    require_alike,
    require_at_least,
    require_columns,
    require_numbers,
    require_probability,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import EmptyError, OutOfRangeError, WrongTypeError

_PAIRS = 200_000  # of accounts that are compared at once
_LAST_MONTH = 100_000  # above it stand a year and a month, such as 202401


class Rings(NamedTuple):
    """Accounts and sellers that buy and sell among themselves."""

    buyers: pd.DataFrame
    sellers: pd.DataFrame


def seller_features(orders: pd.DataFrame, *, without: pd.Series | None = None) -> pd.DataFrame:
    """Return what a year of orders says about each seller.

    Parameters
    ----------
    orders : DataFrame, one row per order
        seller_id, buyer_id; month : int64, counted on from year to year, so that 12 is followed
        by 13; amount_cny : float64; returned : bool
    without : Series of buyer_id, optional
        Accounts whose orders do not count, such as those of `find_rings`.

    Returns
    -------
    DataFrame, one row per seller, by seller_id; a seller without any order that counts stays
        seller_id : as given
        orders, buyers, months : int64, different ones each
        sales_cny : float64
        growth : float64, log of orders in the last third of the months over the first, 1 added
            to both
        returned_share : float64, missing without orders
        top_buyer_share : float64, orders of the best buyer; missing without orders

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError, OutOfRangeError
        If a column, a value or every row is missing or of the wrong kind, a month is a year and a
        month such as 202401, or `without` is no Series of ids like those of the orders.

    Examples
    --------
    >>> orders = pd.DataFrame({"seller_id": [1, 1], "buyer_id": [7, 8], "month": [1, 12],
    ...     "amount_cny": [10.0, 20.0], "returned": [False, True]})
    >>> seller_features(orders)[["orders", "growth", "returned_share"]].iloc[0].tolist()
    [2.0, 0.0, 0.5]
    """
    _require_orders(orders)
    require_columns(orders, "month", "amount_cny", "returned")
    require_values(orders, "month", "amount_cny", "returned")
    require_numbers(orders, "month", "amount_cny")
    require_truths(orders, "returned")
    if (orders["month"] > _LAST_MONTH).any():
        raise OutOfRangeError(
            f"month must count on from year to year; got {orders['month'].max():g}. Of a year and "
            "a month such as 202401 make year * 12 + month: frame['month'] // 100 * 12 + "
            "frame['month'] % 100"
        )
    if without is not None:
        if not isinstance(without, (pd.Series, pd.Index)):
            raise WrongTypeError(
                f"without must be a Series of buyer_id, such as find_rings(orders)"
                f".buyers['buyer_id']; got {type(without).__name__}."
            )
        require_alike("buyer_id", orders["buyer_id"], without)
    sellers = pd.Index(np.unique(orders["seller_id"]), name="seller_id")
    kept = orders if without is None else orders[~orders["buyer_id"].isin(without)]
    by = kept.groupby("seller_id")
    table = pd.DataFrame(index=sellers)
    table["orders"] = by.size()
    for name, column in (("buyers", "buyer_id"), ("months", "month")):
        table[name] = by[column].nunique()
    table["sales_cny"] = by["amount_cny"].sum()
    table = table.fillna(0.0).astype(dict.fromkeys(("orders", "buyers", "months"), "int64"))
    first, last = orders["month"].min(), orders["month"].max()
    third = (last - first + 1) / 3
    early = kept[kept["month"] < first + third].groupby("seller_id").size()
    late = kept[kept["month"] > last - third].groupby("seller_id").size()
    early, late = (one.reindex(sellers, fill_value=0) for one in (early, late))
    table["growth"] = np.log((late + 1) / (early + 1))
    table["returned_share"] = kept["returned"].astype("float64").groupby(kept["seller_id"]).mean()
    best = kept.groupby(["seller_id", "buyer_id"]).size().groupby("seller_id").max()
    table["top_buyer_share"] = best / table["orders"].where(table["orders"] > 0)
    return table.reset_index()


def find_rings(
    orders: pd.DataFrame, *, shared: int = 3, alike: float = 0.5, least_buyers: int = 5
) -> Rings:
    """Return rings: accounts that buy at the same sellers, and those sellers.

    Two accounts are tied if they have bought at `shared` of the same sellers or more, and these
    are the share `alike` or more of all sellers of the two; accounts tied to each other, directly
    or by others, are a ring if there are `least_buyers` or more. A seller is in the ring at whom
    at least half of its accounts have bought. Two strangers may meet three times at popular
    sellers; that they go nowhere else is what chance does not do.

    Parameters
    ----------
    orders : DataFrame: seller_id, buyer_id
    shared, least_buyers : int, 2 or more
    alike : float in (0, 1], common sellers over all sellers of two accounts (Jaccard)

    Returns
    -------
    buyers : DataFrame: buyer_id, ring (int64 from 1, the largest first)
    sellers : DataFrame: seller_id, ring

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError, OutOfRangeError
        If a column, a value or every row is missing, `shared` or `least_buyers` is below 2, or
        `alike` lies outside (0, 1].

    Source
    ------
    Chaudhuri, Ganti and Kaushik (2006), A primitive operator for similarity joins in data
    cleaning, ICDE 2006, doi:10.1109/ICDE.2006.9, for how pairs are found fast.

    Examples
    --------
    >>> pairs = [(s, b) for s in (1, 2, 3) for b in (7, 8, 9)] + [(1, 5), (4, 5)]
    >>> orders = pd.DataFrame(pairs, columns=["seller_id", "buyer_id"])
    >>> rings = find_rings(orders, least_buyers=3)
    >>> rings.buyers["buyer_id"].tolist(), rings.sellers["seller_id"].tolist()
    ([7, 8, 9], [1, 2, 3])
    """
    _require_orders(orders)
    require_at_least("shared", shared, 2)
    require_at_least("least_buyers", least_buyers, 2)
    require_probability("alike", alike)
    pairs = orders[["seller_id", "buyer_id"]].drop_duplicates()
    # Who has bought at fewer sellers cannot share so many.
    met = pairs.groupby("buyer_id")["seller_id"].transform("size")
    pairs = pairs[met >= shared]
    who, buyers = pd.factorize(pairs["buyer_id"], sort=True)
    at, sellers = pd.factorize(pairs["seller_id"], sort=True)
    if not len(pairs):
        none = pd.DataFrame({"buyer_id": [], "ring": []}, dtype="int64")
        return Rings(none, none.rename(columns={"buyer_id": "seller_id"}))
    part = _tied(who, at, shared, alike)
    size = bincount(part)
    ordered = np.argsort(-size, kind="stable")
    ordered = ordered[size[ordered] >= least_buyers]
    ring = np.zeros(len(size), dtype="int64")
    ring[ordered] = np.arange(1, len(ordered) + 1)
    of = ring[part]
    found = pd.DataFrame({"buyer_id": buyers[of > 0], "ring": of[of > 0]})
    sold = pd.DataFrame({"seller_id": sellers[at], "ring": of[who]}).query("ring > 0")
    count = sold.groupby(["seller_id", "ring"]).size().rename("accounts").reset_index()
    whole = found.groupby("ring").size().reindex(count["ring"]).to_numpy()
    inside = count[count["accounts"].to_numpy() >= whole / 2]
    inside = inside.sort_values("accounts", ascending=False).drop_duplicates("seller_id")
    members = inside.sort_values("seller_id")[["seller_id", "ring"]].reset_index(drop=True)
    return Rings(found.reset_index(drop=True), members)


def _tied(who: np.ndarray, at: np.ndarray, shared: int, alike: float) -> np.ndarray:
    """Return the component of each account, accounts tied by common sellers being in one."""
    n, size = int(who.max()) + 1, bincount(who)
    one, other = _candidates(who, at, np.maximum(shared, np.ceil(alike * size - 1e-9)))
    visits = csr_array((np.ones(len(who), dtype="float32"), (who, at)))
    common = np.zeros(len(one))
    for first in range(0, len(one), _PAIRS):
        some = slice(first, first + _PAIRS)
        common[some] = visits[one[some]].multiply(visits[other[some]]).sum(axis=1)
    tie = (common >= shared) & (common >= alike * (size[one] + size[other] - common))
    ties = (np.ones(tie.sum()), (one[tie], other[tie]))
    return connected_components(coo_array(ties, shape=(n, n)), directed=False)[1]


def _candidates(who: np.ndarray, at: np.ndarray, need: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of accounts that may have `need` sellers in common, and no pair twice.

    Of m sellers, the rarest first, an account that has k in common with another shares one of its
    m - k + 1 first with it (Chaudhuri, Ganti and Kaushik 2006): only these are looked at.
    """
    size = bincount(who)
    order = np.lexsort((at, bincount(at)[at], who))
    place = np.arange(len(who)) - (np.cumsum(size) - size)[who[order]]
    first = order[place <= (size - need)[who[order]]]
    visits = csr_array((np.ones(len(first), dtype="float32"), (who[first], at[first])))
    met = (visits @ visits.T).tocoo()
    once = met.row < met.col
    return met.row[once], met.col[once]


def _require_orders(orders: pd.DataFrame) -> None:
    require_columns(orders, "seller_id", "buyer_id")
    require_values(orders, "seller_id", "buyer_id")
    if orders.empty:
        raise EmptyError("there are no orders; at least one is needed.")
