"""What customers bought in all, what they gave back, and whom a complaint foretells to leave."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_values,
    rows_until,
)
from crmlab.database.measure.regression import Z
from crmlab.errors import AmbiguousError, BadRowsError, OutOfRangeError
from crmlab.pyramid.measure.service import require_once
from crmlab.rfm.measure.intervals import wilson

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
    require_columns(purchases, "purchase_id", customer=customer, date=date, amount=amount)
    require_values(purchases, "purchase_id", customer, date, amount)
    require_numbers(purchases, amount)
    require_once(purchases, "purchase_id", "purchases")

    names = {customer: "customer_id", date: "date", amount: "amount"}
    log = purchases[["purchase_id", *names]].rename(columns=names)
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
    purchases: pd.DataFrame, returns: pd.DataFrame, *, by: str = "category"
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
    require_columns(purchases, "purchase_id")
    require_columns(returns, "purchase_id")
    of_returns = by in returns and by not in purchases
    require_columns(returns if of_returns else purchases, by=by)
    if by in returns and not of_returns:
        raise AmbiguousError(f"both frames have a column {by!r}; rename one of the two.")

    sold = purchases.loc[purchases["amount"] > 0] if "amount" in purchases else purchases
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


def complaint_to_churn(
    purchases: pd.DataFrame,
    complaints: pd.DataFrame,
    *,
    horizon_days: int = 180,
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Whether who complained comes back less, asked of purchases and asked of customers.

    Of *purchases*: after a purchase that was complained of, and after any other, how many came
    back on a later day within the horizon? Failures strike purchases, whoever buys, so the two
    groups are otherwise alike. Of *customers*: of those who ever complained until the horizon
    began, and of the others who had bought by then, how many bought within it? Here the groups
    are not alike: who buys more has more occasions to complain, and comes back more anyway,
    so the same harm looks smaller or turns into its opposite (confounding by frequency).

    Parameters
    ----------
    purchases : DataFrame, one row per purchase: purchase_id, customer_id, date, amount; rows with
        an amount of 0 or less are refunds and do not count
    complaints : DataFrame: purchase_id, complained_on
    horizon_days : int
        Purchases in the last so many days are answers, and no questions.
    as_of : date, optional
        The last day; the last one in `purchases` when omitted.

    Returns
    -------
    DataFrame, two rows
        asked_of : str, "purchases" and "customers"
        complained, others : int64, cases
        back_complained, back_others : float64 in [0, 1], share of them who came back
        ratio, low, high : float64, the first share over the second, with its 95 % interval
        harm : float64, 1 - ratio: share of those who would have come back and do not

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a frame lacks a column or a value, or a complaint belongs to no purchase.
    OutOfRangeError
        If there are no cases with or without a complaint, or nobody of either came back.

    Source
    ------
    The interval is normal for the log of the ratio, with customers as clusters: Liang and Zeger
    (1986), doi:10.1093/biomet/73.1.13.

    Examples
    --------
    >>> bought = pd.DataFrame({"purchase_id": range(8), "customer_id": [1, 1, 2, 3, 3, 4, 5, 5],
    ...     "date": pd.to_datetime(["2024-01-01", "2024-02-01"] + ["2024-01-01"] * 2
    ...         + ["2024-02-01"] + ["2024-01-01"] * 2 + ["2024-02-01"]), "amount": 1.0})
    >>> sore = pd.DataFrame({"purchase_id": [0, 2], "complained_on": bought["date"][[0, 2]]})
    >>> table = complaint_to_churn(bought, sore, horizon_days=31)
    >>> table[["asked_of", "back_complained", "back_others", "harm"]].round(2)
        asked_of  back_complained  back_others  harm
    0  purchases              0.5         0.67  0.25
    1  customers              0.5         0.67  0.25
    """
    require_columns(purchases, "purchase_id", "customer_id", "date", "amount")
    require_columns(complaints, "purchase_id", "complained_on")
    require_values(purchases, "purchase_id", "customer_id", "date", "amount")
    require_values(complaints, "purchase_id", "complained_on")
    require_at_least("horizon_days", horizon_days, 1)
    unknown = ~complaints["purchase_id"].isin(purchases["purchase_id"])
    if unknown.any():
        some = complaints.loc[unknown, "purchase_id"].tolist()[:10]
        raise BadRowsError(f"{unknown.sum()} complaint(s) belong to no purchase: {some}.")

    log, day = rows_until(purchases.loc[purchases["amount"] > 0], "date", as_of)
    log = log.assign(day=log["date"].to_numpy("M8[D]"))[["purchase_id", "customer_id", "day"]]
    begin = day - np.timedelta64(horizon_days, "D")
    sore = complaints.loc[complaints["complained_on"].to_numpy("M8[D]") <= day, "purchase_id"]
    cases = (
        _purchase_cases(log, sore, begin, horizon_days),
        _customer_cases(
            log, complaints.loc[complaints["complained_on"].to_numpy("M8[D]") <= begin], begin
        ),
    )
    rows = [_compared(one) for one in cases]
    table = pd.DataFrame(rows)
    table.insert(0, "asked_of", pd.Series(["purchases", "customers"], dtype="str"))
    return table


def _tied(log: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """Return the refunds as rows of `log` with their refund_id, once each fits its purchase."""
    require_columns(returns, "purchase_id", "customer_id", "returned_on", "amount_cny")
    require_values(returns, "purchase_id", "customer_id", "returned_on", "amount_cny")
    require_numbers(returns, "amount_cny")
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


def _purchase_cases(
    log: pd.DataFrame, sore: pd.Series, begin: np.datetime64, horizon: int
) -> pd.DataFrame:
    """Return for each purchase until `begin`: customer, complained, came back."""
    days = log[["customer_id", "day"]].drop_duplicates().sort_values(["customer_id", "day"])
    later = days.groupby("customer_id")["day"].shift(-1)
    gap = (later - days["day"]).dt.days
    days = days.assign(back=(gap <= horizon).astype("float64"))
    cases = log.loc[log["day"].to_numpy("M8[D]") <= begin].merge(days, on=["customer_id", "day"])
    return cases.assign(complained=cases["purchase_id"].isin(sore))


def _customer_cases(
    log: pd.DataFrame, complaints: pd.DataFrame, begin: np.datetime64
) -> pd.DataFrame:
    """Return for each customer who bought until `begin`: complained, came back after it."""
    before = log["day"].to_numpy("M8[D]") <= begin
    sore = log.loc[log["purchase_id"].isin(complaints["purchase_id"]), "customer_id"]
    cases = log.loc[before, ["customer_id"]].drop_duplicates()
    back = cases["customer_id"].isin(log.loc[~before, "customer_id"])
    return cases.assign(back=back.astype("float64"), complained=cases["customer_id"].isin(sore))


def _compared(cases: pd.DataFrame) -> dict[str, float]:
    """Return the shares who came back, their ratio, and its interval by customers."""
    back, sore = cases["back"].to_numpy(), cases["complained"].to_numpy()
    n = int(sore.sum()), int((~sore).sum())
    came = back[sore].sum(), back[~sore].sum()
    if not min(*n, *came):
        raise OutOfRangeError(
            f"of {n[0]} cases with a complaint {came[0]:.0f} came back, of {n[1]} others "
            f"{came[1]:.0f}; without any of each there is nothing to compare."
        )
    share = came[0] / n[0], came[1] / n[1]
    push = np.where(sore, (back - share[0]) / came[0], -(back - share[1]) / came[1])
    error = np.sqrt((np.bincount(pd.factorize(cases["customer_id"])[0], push) ** 2).sum())
    ratio = share[0] / share[1]
    return {
        "complained": n[0],
        "others": n[1],
        "back_complained": share[0],
        "back_others": share[1],
        "ratio": ratio,
        "low": ratio * np.exp(-Z * error),
        "high": ratio * np.exp(Z * error),
        "harm": 1 - ratio,
    }
