"""Whether a complaint foretells that a customer leaves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_alike,
    require_at_least,
    require_columns,
    require_days,
    require_once,
    require_values,
    rows_until,
)
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab._purchases import as_frame, house_purchases, plain_days, plain_ids
from crmlab.errors import BadRowsError, OutOfRangeError


def complaint_to_churn(
    purchases: pd.DataFrame,
    complaints: pd.DataFrame,
    *,
    horizon_days: int = 180,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
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
    customer, date, amount : str
        Names of the columns of `purchases`.

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
        If a frame lacks a column or a value, a purchase stands twice, or a complaint belongs to
        none.
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
    require_at_least("horizon_days", horizon_days, 1)
    complaints = as_frame(complaints)
    columns = {"customer": customer, "date": date, "amount": amount}
    purchases = house_purchases(purchases, "purchase_id", **columns)
    log, day = rows_until(purchases, "date", as_of)
    require_columns(complaints, "purchase_id", "complained_on")
    require_values(complaints, "purchase_id", "complained_on")
    require_alike("purchase_id", purchases["purchase_id"], complaints["purchase_id"])
    complaints = complaints.assign(
        purchase_id=plain_ids(complaints["purchase_id"]),
        complained_on=plain_days(complaints["complained_on"]),
    )
    require_days(complaints, "complained_on")
    unknown = ~complaints["purchase_id"].isin(plain_ids(purchases["purchase_id"]))
    if unknown.any():
        some = complaints.loc[unknown, "purchase_id"].tolist()[:10]
        raise BadRowsError(f"{unknown.sum()} complaint(s) belong to no purchase: {some}.")

    log = log.loc[log["amount"] > 0]
    require_once(log, "purchase_id", "purchases")
    log = log.assign(day=log["date"].to_numpy("M8[D]"), purchase_id=plain_ids(log["purchase_id"]))
    log = log[["purchase_id", "customer_id", "day"]]
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
    error = np.sqrt((bincount(pd.factorize(cases["customer_id"])[0], push) ** 2).sum())
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
