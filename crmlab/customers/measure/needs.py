"""What a customer needed, and what was paid above it for having it as one wished."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_days,
    require_numbers,
    require_once,
    require_values,
)
from crmlab._purchases import house_purchases
from crmlab.errors import BadRowsError

MONEY = ["want_cny", "need_cny", "added_cny", "discount_cny", "paid_cny"]


def needs_and_wants(
    lines: pd.DataFrame,
    products: pd.DataFrame,
    prices: pd.DataFrame,
    purchases: pd.DataFrame,
    *,
    customer: str = "customer_id",
    date: str = "date",
) -> pd.DataFrame:
    """Split the value of each line into the need (需要) and what makes it a want (需求).

    A need is indispensable; a want is how we wish it met. For a pack of some category and size the
    need is worth what the cheapest brand of that category and size asks on that day; the want is
    worth what the chosen brand asks, and the difference is the value added, which a buyer who
    merely needs would not have chosen to pay. So

        want = need + added,    paid = want - discount

    What this shows is the choice among what was for sale. Whoever would have paid still more, or
    did not see the cheaper pack, is beyond it.

    Parameters
    ----------
    lines : DataFrame, one row per line
        line_id, purchase_id, product_id, quantity, amount_cny (paid)
    products : DataFrame: product_id, category, brand, size
    prices : DataFrame: product_id, valid_from, price_cny; a price stands until the next one
    purchases : DataFrame: purchase_id, customer_id, date
    customer, date : str
        Names of the columns of `purchases`.

    Returns
    -------
    DataFrame, one row per line, by line_id
        line_id, purchase_id, customer_id, product_id, quantity
        category, brand, size
        want_cny, need_cny, added_cny, discount_cny, paid_cny : float64

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a row has no value, a key stands twice, a line belongs to no product or purchase, or a
        product has no price on the day it was bought.

    See Also
    --------
    want_value : sums it up.

    Examples
    --------
    >>> products = pd.DataFrame({"product_id": [1, 2], "category": "soap", "brand": ["A", "B"],
    ...                          "size": 1})
    >>> day = pd.Timestamp("2024-01-01")
    >>> prices = pd.DataFrame({"product_id": [1, 2], "valid_from": day, "price_cny": [5.0, 8.0]})
    >>> bought = pd.DataFrame({"purchase_id": [1], "customer_id": [7], "date": [day]})
    >>> lines = pd.DataFrame({"line_id": [1], "purchase_id": [1], "product_id": [2],
    ...                       "quantity": [2], "amount_cny": [15.0]})
    >>> needs_and_wants(lines, products, prices, bought)[["want_cny", "need_cny", "added_cny"]]
       want_cny  need_cny  added_cny
    0      16.0      10.0        6.0
    """
    require_columns(lines, "line_id", "purchase_id", "product_id", "quantity", "amount_cny")
    require_columns(products, "product_id", "category", "brand", "size")
    require_columns(prices, "product_id", "valid_from", "price_cny")
    purchases = house_purchases(purchases, "purchase_id", customer=customer, date=date)
    require_values(lines, "line_id", "purchase_id", "product_id", "quantity", "amount_cny")
    require_values(products, "product_id", "category", "brand", "size")
    require_values(prices, "product_id", "valid_from", "price_cny")
    require_numbers(lines, "quantity", "amount_cny")
    require_numbers(prices, "price_cny")
    require_days(prices, "valid_from")
    require_once(lines, "line_id", "lines")
    require_once(products, "product_id", "products")
    require_once(purchases, "purchase_id", "purchases")
    if twice := np.flatnonzero(prices.duplicated(["product_id", "valid_from"])).tolist():
        raise BadRowsError(f"prices: rows {twice[:10]} repeat a product and day.")
    for key, there in (("product_id", products), ("purchase_id", purchases)):
        lost = lines.loc[~lines[key].isin(there[key]), "line_id"].tolist()
        if lost:
            raise BadRowsError(f"{len(lost)} line(s) have an unknown {key}: line_id {lost[:10]}.")

    kept = ["line_id", "purchase_id", "product_id", "quantity", "amount_cny"]
    table = lines[kept].sort_values("line_id", ignore_index=True)
    table = table.merge(purchases[["purchase_id", "customer_id", "date"]], on="purchase_id")
    table = table.merge(products[["product_id", "category", "brand", "size"]], on="product_id")
    table = table.sort_values("line_id", ignore_index=True)
    want, need = _listed(table, products, prices)
    table["want_cny"], table["need_cny"] = want * table["quantity"], need * table["quantity"]
    table["added_cny"] = (table["want_cny"] - table["need_cny"]).round(2)
    table["discount_cny"] = (table["want_cny"] - table["amount_cny"]).round(2)
    table["paid_cny"] = table["amount_cny"].astype("float64")
    keys = ["line_id", "purchase_id", "customer_id", "product_id", "quantity"]
    return table[[*keys, "category", "brand", "size", *MONEY]]


def want_value(split: pd.DataFrame, *, by: str = "category") -> pd.DataFrame:
    """Sum up needs and wants by category, brand or customer.

    Parameters
    ----------
    split : DataFrame, as returned by `needs_and_wants`
    by : str
        One of its columns.

    Returns
    -------
    DataFrame, one row per value of `by`, sorted by it
        the column `by`
        lines : int64
        want_cny, need_cny, added_cny, discount_cny, paid_cny : float64, to the fen
        added_share : float64, added value in a unit of want value

    Raises
    ------
    MissingColumnsError
        If `split` lacks a column.

    See Also
    --------
    crmlab.customers.plot.plot_want_value : draws this frame.

    Examples
    --------
    >>> split = pd.DataFrame({"brand": ["A", "A"], "want_cny": [10.0, 6.0], "need_cny": [5.0, 5.0],
    ...     "added_cny": [5.0, 1.0], "discount_cny": 0.0, "paid_cny": [10.0, 6.0]})
    >>> want_value(split, by="brand")[["brand", "lines", "want_cny", "added_share"]]
      brand  lines  want_cny  added_share
    0     A      2      16.0        0.375
    """
    require_columns(split, *MONEY, by=by)
    require_values(split, by, *MONEY)
    require_numbers(split, *MONEY)
    group = split.groupby(by)
    table = group[MONEY].sum().round(2)
    table.insert(0, "lines", group.size())
    table["added_share"] = table["added_cny"] / table["want_cny"].where(table["want_cny"] > 0)
    return table.reset_index()


def _listed(
    table: pd.DataFrame, products: pd.DataFrame, prices: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Return the price of each line's product on its day, and the least of its kind and size."""
    grid = prices.pivot(index="valid_from", columns="product_id", values="price_cny")
    grid = grid.astype("float64").ffill().reindex(columns=products["product_id"])
    kind = products.groupby(["category", "size"]).ngroup().to_numpy()
    cheapest = grid.T.groupby(kind).min().T.to_numpy()
    begins = grid.index.to_numpy("M8[us]")
    row = np.searchsorted(begins, table["date"].to_numpy("M8[us]"), side="right") - 1
    column = pd.Index(products["product_id"]).get_indexer(pd.Index(table["product_id"]))
    listed = np.vstack([grid.to_numpy(), np.full(len(products), np.nan)])
    want = listed[row, column]  # row -1, before the first price, is the last one: none
    if np.isnan(want).any():
        lost = table.loc[np.isnan(want), "line_id"].tolist()
        raise BadRowsError(f"{len(lost)} line(s) have no price on their day: line_id {lost[:10]}.")
    return want, cheapest[row, kind[column]]
