"""What each customer will need next, by the rhythm of each category."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import pandas as pd

from crmlab._checks import require_alike, require_at_least, require_list
from crmlab.errors import NotAllowedError, UnknownNameError
from crmlab.service.measure.cycles import offer_list, purchase_cycles


class RhythmRecommender:
    """What a customer is most likely to need within the coming days, for goods that are used up.

    The chance is that of `crmlab.service.measure.purchase_cycles`. Everybody gets exactly k: who
    never bought so many categories, or is new, gets what most customers buy, and `why` says so.

    Parameters
    ----------
    within_days : int, at least 1
    customer, product, date : str
        Names of columns; the product is a category.

    Examples
    --------
    >>> from crmlab.service.simulate import simulate_grocer
    >>> bought, _ = simulate_grocer(20, days=90, seed=1)
    >>> model = RhythmRecommender(customer="household_id", product="category").fit(bought)
    >>> len(model.recommend([3, 99], k=4))
    8
    """

    def __init__(
        self,
        *,
        within_days: int = 7,
        customer: str = "customer_id",
        product: str = "product",
        date: str = "date",
    ):
        require_at_least("within_days", within_days, 1)
        self.within_days, self.customer, self.product = within_days, customer, product
        self.date = date

    def fit(self, purchases: pd.DataFrame) -> Self:
        """Learn from purchases, one row each: `customer`, `product`, `date`.

        Raises
        ------
        MissingColumnsError, BadRowsError, OutOfRangeError
            As `crmlab.service.measure.purchase_cycles`.
        """
        self.cycles_ = purchase_cycles(
            purchases,
            within_days=self.within_days,
            customer=self.customer,
            date=self.date,
            category=self.product,
        )
        return self

    def recommend(self, customers: Iterable[Any] | None = None, *, k: int = 3) -> pd.DataFrame:
        """Return `k` rows for each customer, as every `Recommender` does; why: "due" or "popular".

        Parameters
        ----------
        customers : list of customers, default all who bought
        k : int, at least 1

        Raises
        ------
        NotAllowedError
            If it has not been fitted.
        OutOfRangeError
            If `k` is below 1 or above the number of categories, or `customers` is no list, or of
            text where ids are numbers.
        """
        self._require_fitted()
        columns = {"customer": self.customer, "category": self.product}
        lists = offer_list(self.cycles_, k=k, **columns)
        if customers is None:
            return lists
        require_list("customers", customers, "[7, 12]")
        asked = pd.DataFrame({self.customer: [*customers]})
        require_alike(self.customer, self.cycles_[self.customer], asked[self.customer])
        known = asked[self.customer].isin(self.cycles_[self.customer])
        usual = self.cycles_[self.product].value_counts().sort_index()
        usual = usual.sort_values(ascending=False, kind="stable").index[:k]
        top = pd.DataFrame({"rank": range(1, k + 1), self.product: usual, "score": 0.0})
        new = asked[~known].merge(top.assign(why="new here: popular"), how="cross")
        order = asked.reset_index(names="_place")
        made = pd.concat([asked[known].merge(lists, on=self.customer), new])
        made = order.merge(made.drop_duplicates([self.customer, "rank"]), on=self.customer)
        return made.sort_values(["_place", "rank"], ignore_index=True).drop(columns="_place")

    def explain(self, customer: Any, product: Any) -> pd.DataFrame:
        """Return the rhythm that a suggestion rests on: the row of `purchase_cycles`, or none.

        Raises
        ------
        NotAllowedError
            If it has not been fitted.
        UnknownNameError
            If `product` is none of the categories that were learned from.
        """
        self._require_fitted()
        if product not in set(self.cycles_[self.product]):
            raise UnknownNameError(f"there is no product {product!r} among those learned from.")
        mine = self.cycles_[self.customer] == customer
        return self.cycles_[mine & (self.cycles_[self.product] == product)].reset_index(drop=True)

    def _require_fitted(self) -> None:
        if not hasattr(self, "cycles_"):
            raise NotAllowedError("nothing was learned yet; call fit(purchases) first.")
