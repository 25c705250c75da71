"""What customers bought in all, and what they gave back."""

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
from crmlab._intervals import wilson
from crmlab._purchases import as_frame, house_purchases
from crmlab.errors import AmbiguousError, BadRowsError, OutOfRangeError

FEN = 0.005  # sums of money agree when they are closer than this


def cumulative_amount(
    purchases: pd.DataFrame,
    returns: pd.DataFrame | None = None,
    *,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Sum up every customer's money as it runs, each refund beside the purchase it gives back.

    A return may be in `purchases` already, as a row of its own with a negative amount (its
    `refund_id` is that row's purchase_id), or only in `returns`; it counts once either way.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase or refund
        purchase_id, and customer_id, date, amount
    returns : DataFrame, optional, one row per return
        purchase_id (what came back), customer_id, returned_on, amount_cny above 0, and refund_id
        (optional: the row of `purchases` that pays the money back)
    customer, date, amount : str
        Names of the columns of `purchases`.

    Returns
    -------
    DataFrame, one row per purchase or refund, by customer, date, purchases first, purchase_id
        customer_id, date
        purchase_id : the purchase, also on the row of its refund; a refund that no return ties
            to a purchase keeps its own
        event : str, "purchase" or "refund"
        amount : float64, below 0 for a refund
        cumulative_amount : float64, the sum until here, net of refunds, to the fen

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a row has no value, a purchase or refund stands twice, or a return belongs to no
        purchase, to another customer's, comes before it, or gives back more than was paid.

    Examples
    --------
    >>> bought = pd.DataFrame({"purchase_id": [1, 2], "customer_id": 7, "amount": [80.0, 50.0],
    ...                        "date": pd.to_datetime(["2024-03-01", "2024-03-09"])})
    >>> back = pd.DataFrame({"purchase_id": [1], "customer_id": [7], "amount_cny": [80.0],
    ...                      "returned_on": pd.to_datetime(["2024-03-05"])})
    >>> cumulative_amount(bought, back)[["purchase_id", "event", "cumulative_amount"]]
       purchase_id     event  cumulative_amount
    0            1  purchase               80.0
    1            1    refund                0.0
    2            2  purchase               50.0
    """
    columns = {"customer": customer, "date": date, "amount": amount}
    log = house_purchases(purchases, "purchase_id", **columns)
    require_once(log, "purchase_id", "purchases")

    log = log[["purchase_id", "customer_id", "date", "amount"]]
    is_refund = log["amount"] < 0
    if returns is not None:
        tied = _tied(log, returns)
        known = log["purchase_id"].isin(tied["refund_id"])
        log, is_refund = log.loc[~known], is_refund[~known]
        log = pd.concat([log, tied[[*log.columns]]], ignore_index=True)
        is_refund = np.append(is_refund, np.ones(len(tied), dtype=bool))
    log = log.assign(is_refund=np.asarray(is_refund, dtype=bool))
    order = ["customer_id", "date", "is_refund", "purchase_id"]
    log = log.sort_values(order, kind="stable", ignore_index=True)
    event = np.where(log["is_refund"], "refund", "purchase")
    return pd.DataFrame(
        {
            "customer_id": log["customer_id"],
            "date": log["date"],
            "purchase_id": log["purchase_id"],
            "event": pd.Series(event, dtype="str"),
            "amount": log["amount"].astype("float64"),
            "cumulative_amount": log.groupby("customer_id")["amount"].cumsum().round(2) + 0.0,
        }
    )


def return_rate(
    purchases: pd.DataFrame,
    returns: pd.DataFrame,
    *,
    by: str = "category",
    amount: str = "amount",
) -> pd.DataFrame:
    """Share of purchases that came back, by category, channel, product or reason.

    Parameters
    ----------
    purchases : DataFrame
        purchase_id, and the column `by` unless it is one of `returns`. Rows with an amount of 0
        or less, where there is an `amount`, are refunds and do not count. For products hand over
        the lines with their products (`lines.merge(products)`): a purchase counts once for each
        value of `by` in it, and a return is one of all that was in its purchase.
    returns : DataFrame, one row per return
        purchase_id, and the column `by` if `purchases` has none, such as the reason
    by : str
    amount : str
        Name of the column of `purchases` that says what is a refund, where there is one.

    Returns
    -------
    DataFrame, one row per value of `by`, sorted by it
        the column `by`
        purchases : int64; of all values together when `by` is a column of the returns
        returned : int64, of these purchases
        return_rate, low, high : float64 in [0, 1], with Wilson's 95 % interval

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a frame lacks a column, or a return belongs to none of the purchases.
    AmbiguousError
        If both frames have the column `by`.

    Source
    ------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> bought = pd.DataFrame({"purchase_id": [1, 2, 3], "category": ["soap", "soap", "oil"]})
    >>> return_rate(bought, pd.DataFrame({"purchase_id": [2]}))[["category", "return_rate"]]
      category  return_rate
    0      oil          0.0
    1     soap          0.5
    """
    purchases = as_frame(purchases)
    paid = isinstance(purchases, pd.DataFrame) and (amount in purchases or amount != "amount")
    purchases = house_purchases(purchases, "purchase_id", **({"amount": amount} if paid else {}))
    require_columns(returns, "purchase_id")
    if not isinstance(by, str):
        raise OutOfRangeError(f"by must be the name of one column; got {by!r}.")
    of_returns = by in returns and by not in purchases
    require_columns(returns if of_returns else purchases, by=by)
    if by in returns and not of_returns:
        raise AmbiguousError(f"both frames have a column {by!r}; rename one of the two.")

    sold = purchases.loc[purchases["amount"] > 0] if paid else purchases
    require_values(sold, "purchase_id", *([] if of_returns else [by]))
    strange = returns.loc[~returns["purchase_id"].isin(sold["purchase_id"]), "purchase_id"]
    if len(strange):
        raise BadRowsError(
            f"{len(strange)} return(s) belong to none of the purchases: {strange.tolist()[:10]}."
        )
    if of_returns:
        back = returns.drop_duplicates(["purchase_id", by]).groupby(by).size()
        count = pd.Series(sold["purchase_id"].nunique(), index=back.index)
    else:
        sold = sold.drop_duplicates(["purchase_id", by])
        came_back = sold["purchase_id"].isin(returns["purchase_id"])
        count, back = sold.groupby(by).size(), came_back.groupby(sold[by]).sum()
    low, high = wilson(back, count)
    table = {"purchases": count, "returned": back, "return_rate": back / count}
    table = pd.DataFrame(table).assign(low=low, high=high).rename_axis(by).reset_index()
    return table.astype({"purchases": "int64", "returned": "int64"})


def _tied(log: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """Return the refunds as rows of `log` with their refund_id, once each fits its purchase."""
    require_columns(returns, "purchase_id", "customer_id", "returned_on", "amount_cny")
    require_values(returns, "purchase_id", "customer_id", "returned_on", "amount_cny")
    require_numbers(returns, "amount_cny")
    require_days(returns, "returned_on")
    back = returns.reset_index(drop=True)
    if "refund_id" in back:
        require_once(back, "refund_id", "returns")
    bought = log.loc[log["amount"] > 0].set_index("purchase_id").reindex(back["purchase_id"])
    bought = bought.reset_index(drop=True)
    in_all = back.groupby("purchase_id")["amount_cny"].transform("sum")
    for bad, words in (
        (bought["customer_id"].isna(), "belong to no purchase"),
        (bought["customer_id"] != back["customer_id"], "belong to another customer's purchase"),
        (back["returned_on"] < bought["date"], "come before their purchase"),
        (~(back["amount_cny"] > 0), "give back nothing"),
        (in_all > bought["amount"] + FEN, "give back more than was paid"),
    ):
        if bad.any():
            raise BadRowsError(f"returns: rows {np.flatnonzero(bad)[:10].tolist()} {words}.")
    return pd.DataFrame(
        {
            "refund_id": back.get("refund_id"),
            "purchase_id": back["purchase_id"],
            "customer_id": back["customer_id"],
            "date": back["returned_on"],
            "amount": -back["amount_cny"],
        }
    )
