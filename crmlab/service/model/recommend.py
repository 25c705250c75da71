"""Recommenders that learn from who bought what, and say why they suggest a product."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from crmlab._checks import (
    require_alike,
    require_at_least,
    require_columns,
    require_list,
    require_positive,
)
from crmlab._groups import bincount, repeat
from crmlab._purchases import as_frame
from crmlab.errors import NotAllowedError, UnknownNameError
from crmlab.service.measure.baskets import as_baskets, pairs_together

# Customers, and cells of the table of products, that are looked at in one step.
_BLOCK, _CELLS = 4_096, 1 << 18


class Recommender:
    """What all recommenders share: exactly k suggestions for everybody, or why not.

    A product that a customer has is never suggested, unless `again` is True. Who bought nothing
    yet, or nothing that says anything, gets what is popular, and `why` says so. Products stand in
    order of popularity, so that equal scores go to the more popular one, then by name.
    """

    _word = "popular"

    def __init__(
        self, *, again: bool = False, customer: str = "customer_id", product: str = "product"
    ):
        self.again, self.customer, self.product = again, customer, product

    def fit(self, purchases: pd.DataFrame) -> Self:
        """Learn from purchases, one row each: `customer` and `product`; buying twice is buying.

        Raises
        ------
        MissingColumnsError, BadRowsError, EmptyError
            If a column, a value or every row is missing.
        """
        purchases = as_frame(purchases)
        require_columns(purchases, customer=self.customer, product=self.product)
        held = as_baskets(purchases, basket=self.customer, product=self.product)
        buyers = bincount(held.matrix.indices, minlength=len(held.products))
        order = np.argsort(-buyers, kind="stable")
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        has: Any = csr_array(
            (np.ones(held.matrix.nnz, np.float32), place[held.matrix.indices], held.matrix.indptr),
            held.matrix.shape,
        )
        has.sort_indices()
        self.has_, self.buyers_ = has, buyers[order]
        self.customers_, self.products_ = pd.Index(held.baskets), pd.Index(held.products[order])
        self._learn()
        return self

    def _learn(self) -> None:
        """Learn what this recommender knows beyond popularity."""

    def _scores(self, has: Any, rows: np.ndarray) -> np.ndarray:
        """Return the score of each product for customers `rows`, who have `has`."""
        return np.tile(self.buyers_.astype(np.float32), (len(rows), 1))

    def recommend(self, customers: Iterable[Any] | None = None, *, k: int = 3) -> pd.DataFrame:
        """Return `k` rows for each customer, best first.

        Parameters
        ----------
        customers : list of customers, default all who bought
            Those who are not known yet get what is popular.
        k : int, at least 1

        Returns
        -------
        DataFrame, exactly `k` rows per customer
            customer, product : under their own names; no product where nothing is left to suggest
            rank : int64, from 1
            score : float64
            why : str: this recommender's word, "popular", "new here: popular" or "has all the rest"

        Raises
        ------
        NotAllowedError
            If it has not been fitted.
        OutOfRangeError
            If `k` is below 1, or `customers` is no list, or of text where ids are numbers.
        """
        require_at_least("k", k, 1)
        if not hasattr(self, "has_"):
            raise NotAllowedError("nothing was learned yet; call fit(purchases) first.")
        if customers is None:
            asked, rows = self.customers_, np.arange(len(self.customers_))
        else:
            require_list("customers", customers, "[7, 12]")
            asked = pd.Index([*customers])
            require_alike(self.customer, self.customers_, asked)
            rows = self.customers_.get_indexer(asked)
        items = np.full((len(rows), k), -1)
        score = np.full((len(rows), k), np.nan)
        for first in range(0, len(rows), _BLOCK):
            block = slice(first, first + _BLOCK)
            items[block], score[block] = self._best(rows[block], k)
        none, new = items < 0, repeat(rows < 0, k).reshape(items.shape)
        worth = score > 0 if self._word != "popular" else np.zeros(score.shape, bool)
        why = np.select(
            [none, new, worth], ["has all the rest", "new here: popular", self._word], "popular"
        )
        # The last place is that of no product.
        names = self.products_.insert(len(self.products_), np.nan) if none.any() else self.products_
        return pd.DataFrame(
            {
                self.customer: np.asarray(asked)[repeat(np.arange(len(rows)), k)],
                "rank": np.tile(np.arange(1, k + 1), len(rows)),
                self.product: names.take(items.ravel()),
                "score": score.ravel(),
                "why": pd.Series(why.ravel(), dtype="str"),
            }
        )

    def _best(self, rows: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the best products of some customers, -1 where there are none, and their scores."""
        known = np.flatnonzero(rows >= 0)
        has: Any = csr_array((len(rows), self.has_.shape[1]), dtype=np.float32)
        if known.size == len(rows):
            has = csr_array(self.has_[rows])
        elif known.size:
            pick: Any = csr_array(
                (np.ones(known.size, np.float32), (known, rows[known])),
                (len(rows), self.has_.shape[0]),
            )
            has = pick @ self.has_
        score = self._scores(has, rows)
        if not self.again:
            score[repeat(np.arange(len(rows)), np.diff(has.indptr)), has.indices] = -np.inf
        at, items, best = (
            np.arange(len(rows)),
            np.full((len(rows), k), -1),
            np.full((len(rows), k), np.nan),
        )
        for place in range(min(k, score.shape[1])):
            one = score.argmax(axis=1)
            high = score[at, one]
            left = high > -np.inf
            items[left, place], best[left, place] = one[left], high[left]
            score[at, one] = -np.inf
        return items, best

    def explain(self, customer: Any, product: Any) -> pd.DataFrame:
        """Return what a suggestion rests on: a row for each product the customer has.

        Parameters
        ----------
        customer, product : as in the data

        Returns
        -------
        DataFrame, the strongest first: because (product), contribution, share (of all that speaks
        for it); the contributions add up to the score. Without rows where it rests on popularity.

        Raises
        ------
        NotAllowedError
            If it has not been fitted.
        UnknownNameError
            If the product is not known.
        """
        if not hasattr(self, "has_"):
            raise NotAllowedError("nothing was learned yet; call fit(purchases) first.")
        if product not in self.products_:
            raise UnknownNameError(f"there is no product {product!r} among those learned from.")
        row = self.customers_.get_indexer(pd.Index([customer]))[0]
        owned = np.empty(0, np.int64) if row < 0 else csr_array(self.has_[[row]]).indices
        part = self._contributions(
            int(row), owned, int(self.products_.get_indexer(pd.Index([product]))[0])
        )
        kept = np.flatnonzero(part != 0)
        table = pd.DataFrame(
            {"because": self.products_.take(owned[kept]), "contribution": part[kept]}
        )
        table["share"] = table["contribution"] / np.abs(part).sum() if len(kept) else part[kept]
        return table.sort_values(
            ["contribution", "because"], ascending=[False, True], ignore_index=True
        )

    def _contributions(self, row: int, owned: np.ndarray, item: int) -> np.ndarray:
        """Return what each product that customer `row` has speaks for `item`."""
        return np.zeros(len(owned))


class PopularRecommender(Recommender):
    """What most customers bought, the same for everybody but for what they have.

    Examples
    --------
    >>> products = ["tea", "pot", "tea", "ink"]
    >>> bought = pd.DataFrame({"customer_id": [1, 1, 2, 3], "product": products})
    >>> PopularRecommender().fit(bought).recommend([3], k=1)["product"].tolist()
    ['tea']
    """


class ItemRecommender(Recommender):
    """What is bought by those who bought the same: item-based, by the cosine of two products.

    The score of a product is the sum, over what the customer has, of
        buyers of both / root(buyers of one * buyers of the other),
    kept for the `neighbours` nearest of each product.

    Parameters
    ----------
    neighbours : int, at least 1
    again : bool
        Whether to suggest what a customer has.
    customer, product : str

    Source
    ------
    Sarwar, Karypis, Konstan and Riedl (2001), doi:10.1145/371920.372071.

    Examples
    --------
    >>> bought = pd.DataFrame({"customer_id": [1, 1, 2, 2, 3, 4],
    ...     "product": ["tea", "pot", "tea", "pot", "tea", "ink"]})
    >>> model = ItemRecommender().fit(bought)
    >>> model.recommend([3], k=1)["product"].tolist(), model.explain(3, "pot")["because"].tolist()
    (['pot'], ['tea'])
    """

    _word = "bought together"

    def __init__(
        self,
        *,
        neighbours: int = 20,
        again: bool = False,
        customer: str = "customer_id",
        product: str = "product",
    ):
        super().__init__(again=again, customer=customer, product=product)
        require_at_least("neighbours", neighbours, 1)
        self.neighbours = neighbours

    def _learn(self) -> None:
        one, other, together = pairs_together(self.has_)
        products = len(self.products_)
        near = (together / np.sqrt(self.buyers_[one] * self.buyers_[other])).astype(np.float32)
        self._dense = np.zeros((products, products), np.float32)
        self._dense[one, other] = self._dense[other, one] = near
        if self.neighbours < products:
            step = max(_CELLS // products, 1)
            for first in range(0, products, step):
                _keep_highest(self._dense[first : first + step], self.neighbours)
        kept = np.flatnonzero(self._dense)
        self.nearness_ = csr_array(
            (self._dense.ravel()[kept], np.divmod(kept, products)), self._dense.shape
        )

    def _scores(self, has: Any, rows: np.ndarray) -> np.ndarray:
        return has @ self._dense

    def _contributions(self, row: int, owned: np.ndarray, item: int) -> np.ndarray:
        return self._dense[owned, item].astype("float64")


def _keep_highest(rows: np.ndarray, k: int) -> None:
    """Put 0 for all but the k highest of each row; of equal ones those further left are kept."""
    # Of floats from 0 on the bits rise as they do; below them stands the place: none are equal.
    place = np.arange(rows.shape[1])[::-1]
    key = (rows.view(np.int32).astype(np.int64) << 32) | place
    least = np.partition(key, -k, axis=1)[:, -k]
    rows[key < least[:, None]] = 0


class FactorRecommender(Recommender):
    """Matrix factorisation: customers and products as points, near where they go together.

    Customer u and product i are vectors x_u and y_i of `factors` numbers that minimise
        sum over all u, i of c_ui * (p_ui - x_u . y_i)**2 + penalty * (all squared numbers),
    p 1 and c 1 + `weight` where u has i, else 0 and 1. With all y fixed, each x_u is a problem of
    least squares of its own, and the other way round: these alternate (ALS).

    Parameters
    ----------
    factors, rounds : int, at least 1
    weight, penalty : float, above 0
    again : bool
        Whether to suggest what a customer has.
    customer, product : str

    Source
    ------
    Hu, Koren and Volinsky (2008), doi:10.1109/ICDM.2008.22, explanations too.

    Examples
    --------
    >>> bought = pd.DataFrame({"customer_id": [1, 1, 2, 2, 3, 4, 4, 5],
    ...     "product": ["tea", "pot", "tea", "pot", "tea", "ink", "pen", "ink"]})
    >>> FactorRecommender(factors=2).fit(bought).recommend([3, 5], k=1)["product"].tolist()
    ['pot', 'pen']
    """

    _word = "like-minded customers"

    def __init__(
        self,
        *,
        factors: int = 8,
        rounds: int = 10,
        weight: float = 5.0,
        penalty: float = 20.0,
        again: bool = False,
        customer: str = "customer_id",
        product: str = "product",
    ):
        super().__init__(again=again, customer=customer, product=product)
        for name, number in (("factors", factors), ("rounds", rounds)):
            require_at_least(name, number, 1)
        for name, size in (("weight", weight), ("penalty", penalty)):
            require_positive(name, size)
        self.factors, self.rounds, self.weight, self.penalty = factors, rounds, weight, penalty

    def _learn(self) -> None:
        has = csr_array(self.has_, dtype=np.float64)
        of_products = csr_array(has.T)
        # Where it begins decides the signs alone; the same each time.
        rng = np.random.default_rng(0)
        self.product_vectors_ = rng.normal(0, 0.1, (len(self.products_), self.factors))
        for _ in range(self.rounds):
            self.customer_vectors_ = self._solved(has, self.product_vectors_)
            self.product_vectors_ = self._solved(of_products, self.customer_vectors_)
        self.customer_vectors_ = self._solved(has, self.product_vectors_)

    def _left(self, has: Any, others: np.ndarray) -> np.ndarray:
        """Return the matrix of each row's least-squares problem."""
        squares = (others[:, :, None] * others[:, None, :]).reshape(len(others), -1)
        own = (has @ squares).reshape(-1, self.factors, self.factors)
        return others.T @ others + self.penalty * np.eye(self.factors) + self.weight * own

    def _solved(self, has: Any, others: np.ndarray) -> np.ndarray:
        """Return the best vector of each row of `has`, the vectors of its columns fixed."""
        wanted = (1 + self.weight) * (has @ others)
        return np.linalg.solve(self._left(has, others), wanted[..., None])[..., 0]

    def _scores(self, has: Any, rows: np.ndarray) -> np.ndarray:
        vectors = np.where((rows >= 0)[:, None], self.customer_vectors_[rows], 0.0)
        return (vectors @ self.product_vectors_.T).astype(np.float32)

    def _contributions(self, row: int, owned: np.ndarray, item: int) -> np.ndarray:
        if row < 0:
            return np.zeros(0)
        left = self._left(csr_array(self.has_[[row]]), self.product_vectors_)[0]
        toward = np.linalg.solve(left, self.product_vectors_[item])
        return (1 + self.weight) * self.product_vectors_[owned] @ toward
