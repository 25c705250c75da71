"""The assistant's card: what this member likes, and three suggestions that beat popularity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from crmlab._checks import day_of, require_at_least, require_one_of
from crmlab._intervals import Z, wilson
from crmlab._purchases import house_purchases, plain_ids
from crmlab.errors import NotAllowedError, OutOfRangeError, UnknownNameError

_COLUMNS = ("customer_id", "product")


class Asks(Protocol):
    """Whatever answers as `crmlab.privacy.Gate` does."""

    def ask(self, columns: Any, *, purpose: str, who: str) -> pd.DataFrame:
        """Return the columns of those who agreed to the purpose, or refuse."""
        ...


def suggestions(
    purchases: pd.DataFrame,
    *,
    k: int = 3,
    method: str = "together",
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Products to show each member next: bought by those who bought the same things.

    A product's score for a member is the sum, over what the member has, of the cosine between
    the two products: customers who bought both over the root of those who bought either, times.
    With `method="popular"` it is the number of its buyers, the same for everybody. What a member
    has is never suggested; equal scores go by popularity, and then by name.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        customer_id, product; row order does not matter, and buying twice is buying
    k : int, at least 1
    method : "together" or "popular"
    customer : str
        Name of the column of `purchases`.

    Returns
    -------
    DataFrame, up to k rows per member, best first; fewer where a member has nearly all
        customer_id, product : as given
        rank : int64, from 1
        score : float64

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If `k` is below 1, `method` is neither, or there are no purchases.

    See Also
    --------
    hit_rates : is it better than what is popular?

    Source
    ------
    Sarwar, Karypis, Konstan and Riedl (2001), doi:10.1145/371920.372071.

    Examples
    --------
    >>> bought = pd.DataFrame({
    ...     "customer_id": [1, 1, 2, 2, 3, 4], "product": ["tea", "pot", "tea", "pot", "tea", "ink"]
    ... })
    >>> suggestions(bought, k=1).query("customer_id == 3")["product"].tolist()
    ['pot']
    """
    purchases = house_purchases(purchases, "product", customer=customer)
    require_at_least("k", k, 1)
    require_at_least("the number of purchases", len(purchases), 1)
    require_one_of("method", method, ("together", "popular"))
    who, members = pd.factorize(plain_ids(purchases["customer_id"]), sort=True)
    item, products = pd.factorize(purchases["product"], sort=True)
    has = csr_array((np.ones(len(who)), (who, item)), (len(members), len(products)))
    has.data[:] = 1.0
    buyers = np.asarray(has.sum(axis=0)).ravel()
    if method == "popular":
        score = np.tile(buyers, (len(members), 1))
    else:
        both = (has.T @ has).toarray() / np.sqrt(np.outer(buyers, buyers))
        np.fill_diagonal(both, 0.0)
        score = has @ both
    score[has.toarray() > 0] = -np.inf
    # Scores that differ in the last digit only are equal; popularity decides, then the name.
    order = np.lexsort((np.broadcast_to(-buyers, score.shape), -score.round(9)), axis=1)[:, :k]
    best = np.take_along_axis(score, order, axis=1)
    row, rank = np.nonzero(best > -np.inf)
    return pd.DataFrame(
        {
            "customer_id": members[row],
            "rank": rank + 1,
            "product": products[order[row, rank]],
            "score": best[row, rank],
        }
    )


def hit_rates(
    purchases: pd.DataFrame,
    *,
    split_on: str | pd.Timestamp,
    k: int = 3,
    customer: str = "customer_id",
    date: str = "date",
) -> pd.DataFrame:
    """Share of members who later buy one of their k suggestions, by method, split in time.

    Suggestions are made from what was bought before `split_on` alone. Judged are members who
    bought before, and bought something new from that day on.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        customer_id, product, and `date` (datetime64)
    split_on : date
        First day of the time after.
    k : int, at least 1
    customer, date : str
        Names of the columns of `purchases`.

    Returns
    -------
    DataFrame, one row per method: together, popular, and their difference
        method : str
        members : int64
        hits : int64; for the difference, how many more
        hit_rate : float64
        low, high : float64, Wilson's 95% interval; for the difference that of paired members

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If nobody bought on both sides of `split_on`.

    See Also
    --------
    suggestions : makes them.

    Examples
    --------
    >>> from crmlab.members.simulate import simulate_tastes
    >>> bought, truth = simulate_tastes(500, seed=1)
    >>> hit_rates(bought, split_on="2024-01-01")["method"].tolist()
    ['together', 'popular', 'difference']
    """
    purchases = house_purchases(purchases, "product", customer=customer, date=date)
    after = purchases["date"].to_numpy() >= day_of("split_on", split_on)
    pairs = [*_COLUMNS]
    known = purchases.loc[~after, pairs].drop_duplicates()
    later = purchases.loc[after, pairs].drop_duplicates().merge(known, "left", indicator=True)
    later = later.loc[later["_merge"] == "left_only", pairs]
    judged = np.intersect1d(later["customer_id"].to_numpy(), known["customer_id"].to_numpy())
    if not judged.size:
        raise OutOfRangeError(f"nobody bought before {split_on} and something new from it on.")
    hit = {}
    for method in ("together", "popular"):
        made = suggestions(known, k=k, method=method).merge(later, on=pairs)
        hit[method] = np.isin(judged, made["customer_id"].to_numpy()).astype(float)
    n, rows = len(judged), []
    for method, each in hit.items():
        low, high = wilson(each.sum(), n)
        rows.append((method, n, int(each.sum()), each.mean(), float(low), float(high)))
    more = hit["together"] - hit["popular"]
    reach = Z * more.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
    rows.append(
        ("difference", n, int(more.sum()), more.mean(), more.mean() - reach, more.mean() + reach)
    )
    return pd.DataFrame(rows, columns=["method", "members", "hits", "hit_rate", "low", "high"])


@dataclass(frozen=True)
class AssistantCard:
    """What the assistant holds when a member enters.

    customer_id : as in the data
    habits : DataFrame, one row per column asked for: habit, value, share (of the purchases), lift
        (that share over the share among all members)
    suggestions : list of products, best first
    """

    customer_id: object
    habits: pd.DataFrame
    suggestions: list[Any]


def assistant_card(
    purchases: pd.DataFrame,
    customer_id: Any,
    *,
    gate: Asks,
    who: str,
    habits: tuple[str, ...] = ("style", "colour"),
    k: int = 3,
    customer: str = "customer_id",
) -> AssistantCard:
    """Habits and suggestions for one member, if the member has agreed.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        customer_id, product, and the columns of `habits`
    customer_id : one of them
    gate : `crmlab.privacy.Gate` on the members, or whatever asks as it does
        Asked for the purpose "positioning" first; its log has the question.
    who : str
        The assistant who asks.
    habits : columns of `purchases`
    k : int
    customer : str
        Name of the column of `purchases`.

    Returns
    -------
    AssistantCard

    Raises
    ------
    NotAllowedError
        If the gate refuses, or the member has not agreed.
    UnknownNameError
        If the member bought nothing.
    MissingColumnsError, BadRowsError
        If a column or a value is missing.

    Examples
    --------
    >>> bought = pd.DataFrame({"customer_id": [1, 1, 2, 2], "product": ["a", "b", "a", "c"],
    ...     "style": "bold", "colour": "red"})
    >>> class Open:
    ...     def ask(self, columns, *, purpose, who):
    ...         return pd.DataFrame({"customer_id": [1, 2]})
    >>> assistant_card(bought, 1, gate=Open(), who="Mei").suggestions
    ['c']
    """
    purchases = house_purchases(purchases, "product", *habits, customer=customer)
    agreed = gate.ask([], purpose="positioning", who=who)
    if customer_id not in set(agreed["customer_id"]):
        raise NotAllowedError(
            f"member {customer_id!r} has not agreed to a card with suggestions. Ask them first."
        )
    own = purchases[purchases["customer_id"] == customer_id]
    if not len(own):
        raise UnknownNameError(f"member {customer_id!r} has bought nothing yet: no card to show.")
    rows = []
    for habit in habits:
        mine = own[habit].value_counts(normalize=True).sort_index()
        value = mine.idxmax()
        everybody = (purchases[habit] == value).mean()
        rows.append((habit, str(value), mine[value], mine[value] / everybody))
    made = suggestions(purchases, k=k)
    return AssistantCard(
        customer_id=customer_id,
        habits=pd.DataFrame(rows, columns=["habit", "value", "share", "lift"]),
        suggestions=made.loc[made["customer_id"] == customer_id, "product"].tolist(),
    )
