"""Whom customers lead to: reach through those they bring, and what lies below each seller."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_alike,
    require_at_least,
    require_columns,
    require_numbers,
    require_once,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import BadRowsError, OutOfRangeError


def reach_through_network(
    referrals: pd.DataFrame,
    *,
    steps: int = 2,
    family: pd.Series | None = None,
    customer: str = "customer_id",
    by: str = "referred_by",
) -> pd.DataFrame:
    """How many friends and relatives are reached through each customer within so many steps.

    One step leads from a customer to those they brought, two steps to those whom these brought,
    and so on. With `family` every home that is reached, the customer's own included, adds the
    relatives who live there; two customers of one home would count each other twice.

    Parameters
    ----------
    referrals : DataFrame, one row per customer who was brought, and by whom
    steps : int
        At least 1.
    family : Series of whole numbers, indexed by customer id, optional
        Others at home; customers it does not know have none.
    customer, by : str
        Names of the columns; a missing `by` says that nobody brought this one.

    Returns
    -------
    DataFrame, one row per customer of the two columns and of `family`, sorted by customer_id
        customer_id
        brought : int64, reached in one step
        friends : int64, reached within the steps, the customer apart
        relatives : int64, at home with the customer or with one of these friends
        reached : int64, friends and relatives

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column is not there, somebody was brought twice, or leads back to themselves.
    OutOfRangeError
        If `steps` is below 1, or `family` holds anything but whole numbers of 0 or more.

    See Also
    --------
    seller_tree : what lies below each seller, at any distance.

    Examples
    --------
    >>> referrals = pd.DataFrame({"customer_id": [2, 3, 4], "referred_by": [1, 1, 3]})
    >>> reach_through_network(referrals, family=pd.Series({1: 2, 4: 1}))
       customer_id  brought  friends  relatives  reached
    0            1        2        3          3        6
    1            2        0        0          0        0
    2            3        1        1          1        2
    3            4        0        0          1        1
    """
    require_at_least("steps", steps, 1)
    people, parent = _forest(referrals, customer, by, [] if family is None else family.index)
    home = _at_home(people, family)

    above, friends, relatives, brought = parent, 0, home.copy(), 0
    for step in range(steps):
        there = np.flatnonzero(above >= 0)
        count = bincount(above[there], minlength=len(people))
        brought = count if step == 0 else brought
        friends = friends + count
        relatives += bincount(above[there], home[there], len(people)).astype("int64")
        above = np.where(above >= 0, parent[above], -1)
        if not there.size:
            break
    return pd.DataFrame(
        {
            "customer_id": people,
            "brought": brought,
            "friends": friends,
            "relatives": relatives,
            "reached": friends + relatives,
        }
    )


def seller_tree(sellers: pd.DataFrame, sales: pd.DataFrame | None = None) -> pd.DataFrame:
    """Depth of each seller, whom they recruited, and what they and all below them sell.

    Parameters
    ----------
    sellers : DataFrame, one row per seller
        seller_id, and recruited_by: a seller_id, missing for those whom the firm recruited
    sales : DataFrame, optional
        seller_id, amount_cny

    Returns
    -------
    DataFrame, one row per seller, sorted by seller_id
        seller_id
        recruited_by : as there
        depth : int64, sellers above; 0 for those whom the firm recruited
        recruits : int64, directly below
        downline : int64, all below
        sales_cny, group_sales_cny : float64, own, and with the whole downline; only with `sales`

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column is not there, a seller stands twice or leads back to themselves, or a recruiter
        or a sale's seller is none of the sellers.

    See Also
    --------
    crmlab.social.plot.plot_seller_tree : draws this frame.

    Examples
    --------
    >>> sellers = pd.DataFrame({"seller_id": [1, 2, 3], "recruited_by": [None, 1, 2]})
    >>> sales = pd.DataFrame({"seller_id": [3, 3, 1], "amount_cny": [10.0, 20.0, 5.0]})
    >>> seller_tree(sellers, sales)[["depth", "recruits", "downline", "group_sales_cny"]]
       depth  recruits  downline  group_sales_cny
    0      0         1         2             35.0
    1      1         1         1             30.0
    2      2         0         0             30.0
    """
    require_columns(sellers, "seller_id", "recruited_by")
    require_values(sellers, "seller_id")
    require_once(sellers, "seller_id", "sellers")
    above = sellers["recruited_by"].dropna()
    _require_sellers(above, sellers, "recruiters")
    people, parent = _forest(sellers, "seller_id", "recruited_by", [])
    depth = _depth(parent)
    own = np.zeros(len(people))
    if sales is not None:
        require_columns(sales, "seller_id", "amount_cny")
        require_values(sales, "seller_id", "amount_cny")
        require_numbers(sales, "amount_cny")
        _require_sellers(sales["seller_id"], sellers, "sellers of sales")
        place = people.get_indexer(pd.Index(sales["seller_id"]))
        own = bincount(place, sales["amount_cny"], len(people))

    size, group = np.ones(len(people), dtype="int64"), own.copy()
    for level in range(depth.max(initial=0), 0, -1):  # the deepest first
        here = np.flatnonzero(depth == level)
        np.add.at(size, parent[here], size[here])
        np.add.at(group, parent[here], group[here])
    by = sellers.set_index("seller_id")["recruited_by"].reindex(people).array
    table = pd.DataFrame(
        {
            "seller_id": people,
            "recruited_by": by,
            "depth": depth,
            "recruits": bincount(parent[parent >= 0], minlength=len(people)),
            "downline": size - 1,
        }
    )
    if sales is None:
        return table
    return table.assign(sales_cny=own.round(2), group_sales_cny=group.round(2))


def _forest(
    frame: pd.DataFrame, customer: str, by: str, more: pd.Index | list
) -> tuple[pd.Index, np.ndarray]:
    """Return everybody, sorted, and the place of who brought each, -1 for nobody."""
    require_columns(frame, customer=customer, by=by)
    require_values(frame, customer)
    require_once(frame, customer, "referrals")
    links = frame[[customer, by]].dropna()
    require_alike(by, frame[customer], links[by])
    require_alike("the index of family", frame[customer], pd.Index(more))
    if links[by].dtype.kind == "f" and frame[customer].dtype.kind == "i":
        links = links.astype({by: "int64"})  # a missing value made floats of them
    child, parent = (pd.Index(links[name].to_numpy()) for name in (customer, by))
    people = pd.Index(frame[customer].to_numpy()).union(parent).union(pd.Index(more)).unique()
    people = people.sort_values()
    above = np.full(len(people), -1, dtype="int64")
    above[people.get_indexer(child)] = people.get_indexer(parent)
    rows = np.flatnonzero(frame[[customer, by]].notna().all(axis=1))
    own = np.flatnonzero(child == parent)
    if own.size:
        raise BadRowsError(
            f"row(s) {rows[own][:10].tolist()} name somebody as their own {by}: "
            f"{child[own][:10].tolist()}. Clear {by} in these rows."
        )
    depth = _depth(above)
    if (depth < 0).any():
        lost = people[depth < 0]
        where = rows[child.isin(lost)].tolist()
        raise BadRowsError(
            f"customers {lost.tolist()[:10]} lead back to themselves (row(s) {where[:10]}): nobody "
            f"can bring whom they descend from. Clear {by} of the one who was there first."
        )
    return people, above


def _depth(above: np.ndarray) -> np.ndarray:
    """Return how many stand above each, -1 for those in or below a circle."""
    depth = np.where(above < 0, 0, -1)
    level = 0
    while True:
        below = (depth < 0) & (depth[above] == level)
        if not below.any():
            return depth
        level += 1
        depth[below] = level


def _at_home(people: pd.Index, family: pd.Series | None) -> np.ndarray:
    """Return the relatives at home with each of `people`."""
    if family is None:
        return np.zeros(len(people), dtype="int64")
    twice = family.index[family.index.duplicated()].tolist()
    if twice:
        raise BadRowsError(f"customers {twice[:10]} stand more than once in family.")
    known = family.reindex(people).fillna(0).to_numpy("float64")
    if not ((known >= 0) & (known == np.floor(known))).all():
        raise OutOfRangeError("family must hold whole numbers of 0 or more.")
    return known.astype("int64")


def _require_sellers(found: pd.Series, sellers: pd.DataFrame, what: str) -> None:
    """Raise BadRowsError if one of `found` is no seller."""
    lost = found[~found.isin(sellers["seller_id"])].unique().tolist()
    if lost:
        raise BadRowsError(f"{len(lost)} {what} stand not in sellers: {lost[:10]}.")
