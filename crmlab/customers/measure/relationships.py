"""Transactional customers, and three kinds of relationship that ask for different care."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    months_before,
    require_at_least,
    require_columns,
    require_numbers,
    require_probability,
    require_real,
    require_values,
    rows_until,
)
from crmlab._purchases import house_purchases, plain_ids
from crmlab._words import N_
from crmlab.errors import BadRowsError, OutOfRangeError

TYPES = (N_("transactional"), N_("largest"), N_("growing"), N_("fading"))
SMALL = 1e-12


def quarterly_profit(
    purchases: pd.DataFrame,
    *,
    margin: float,
    quarters: int = 8,
    as_of: str | pd.Timestamp | None = None,
    deals: pd.Series | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Count what each customer brought in each of the last quarters, also when it was nothing.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase or refund
        purchase_id, customer_id, date, amount; refunds lower the profit and are no purchases
    margin : float in (0, 1]
        Profit for each unit of money of sales.
    quarters : int
        Quarters of three months that end with the day of `as_of`.
    as_of : date, optional
        The last day; the last one in `purchases` when omitted.
    deals : Series of purchase_id, optional
        Purchases made at a reduced price.
    customer, date, amount : str
        Names of the columns of `purchases`.

    Returns
    -------
    DataFrame, one row per customer and quarter, sorted by both; every customer of `purchases`
        customer_id
        quarter : int64, 1 for the oldest
        profit : float64, money
        purchases, deals : int64

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If `purchases` lacks a column or a value, `margin` lies outside (0, 1], `quarters` is below
        1, or a whole quarter lies before the first row.

    See Also
    --------
    relationship_types : takes this frame.

    Examples
    --------
    >>> bought = pd.DataFrame({"purchase_id": [1, 2], "customer_id": 5, "amount": [100.0, 40.0],
    ...                        "date": pd.to_datetime(["2024-01-10", "2024-06-30"])})
    >>> quarterly_profit(bought, margin=0.3, quarters=2)
       customer_id  quarter  profit  purchases  deals
    0            5        1    30.0          1      0
    1            5        2    12.0          1      0
    """
    columns = {"customer": customer, "date": date, "amount": amount}
    purchases = house_purchases(purchases, "purchase_id", **columns)
    require_probability("margin", margin)
    require_at_least("quarters", quarters, 1)

    log, day = rows_until(purchases, "date", as_of)
    limits = [months_before(day, 3 * back) + 1 for back in range(quarters, -1, -1)]
    first = log["date"].min().to_numpy().astype("M8[D]")
    if first >= limits[1]:
        whole = sum(limit > first for limit in limits)
        raise OutOfRangeError(
            f"the file begins on {first}, after the first quarter has ended: quarters before it "
            f"would look as if nobody had bought. Take quarters={whole} or fewer."
        )
    place = np.searchsorted(np.array(limits, dtype="M8[us]"), log["date"], side="right")
    is_bought = (log["amount"] > 0).to_numpy()
    is_deal = is_bought & log["purchase_id"].isin([] if deals is None else deals).to_numpy()
    parts = pd.DataFrame(
        {
            "customer_id": plain_ids(log["customer_id"]).to_numpy(),
            "quarter": place,
            "profit": margin * log["amount"].to_numpy("float64"),
            "purchases": is_bought.astype("int64"),
            "deals": is_deal.astype("int64"),
        }
    )
    customers = np.sort(parts["customer_id"].unique())
    every = pd.MultiIndex.from_product(
        [customers, range(1, quarters + 1)], names=["customer_id", "quarter"]
    )
    sums = parts.groupby(["customer_id", "quarter"]).sum().reindex(every, fill_value=0)
    return sums.reset_index()


def relationship_types(
    quarters: pd.DataFrame,
    *,
    recent: int = 4,
    regular: float = 0.5,
    deal_share: float = 0.5,
    largest_share: float = 0.2,
    falling: float = -0.08,
) -> pd.DataFrame:
    """Type of each customer: transactional (交易型), or one of three relations (关系型).

    The rules, in this order, so that every customer has exactly one type:

        transactional   buys in fewer than a share `regular` of the quarters, or more than
                        `deal_share` of the purchases are deals, or brings no profit now
        fading     (c)  profitable now, but the trend is `falling` or worse
        largest    (a)  of the relational customers who do not fade, the share `largest_share`
                        with the largest profit now (ties are all taken)
        growing    (b)  the others: good profit, and may become largest

    Profit now is that of the last `recent` quarters. The trend is the slope of the least squares
    line through the quarters' profits, over their mean: -0.08 means that each quarter brings 8 % of
    a mean quarter less than the one before.

    Parameters
    ----------
    quarters : DataFrame, one row per customer and quarter, all customers with the same quarters
        customer_id
        quarter : numbers, one apart
        profit : float, money
        purchases : int; deals : int, optional, of these at a reduced price
    recent : int
    regular, deal_share, largest_share : float in [0, 1]
    falling : float below 0

    Returns
    -------
    DataFrame, one row per customer, sorted by customer_id
        customer_id
        profit_now : float64, money
        trend : float64, share of a mean quarter's profit gained in each; NaN where that mean is
            not above 0
        active_share : float64 in [0, 1], quarters with a purchase
        deals_share : float64 in [0, 1], NaN without purchases
        type : str

    Raises
    ------
    MissingColumnsError, BadRowsError
        If `quarters` lacks a column, a row a value, or a customer a quarter, or a count is below 0
        or that of deals above that of purchases.
    OutOfRangeError
        If there are fewer than 3 quarters or they are not one apart, `recent` lies outside 1 to the
        quarters there are, `regular`, `deal_share` or `largest_share` outside [0, 1], or `falling`
        is not below 0.

    See Also
    --------
    quarterly_profit : makes the frame; type_confusion : compares types with the truth.
    crmlab.customers.plot.plot_relationship_types : draws the result.

    Examples
    --------
    >>> quarters = pd.DataFrame({"customer_id": np.repeat([1, 2, 3], 4),
    ...     "quarter": [1, 2, 3, 4] * 3, "purchases": [1] * 8 + [0, 0, 0, 1],
    ...     "profit": [9.0, 9.0, 9.0, 9.0, 8.0, 6.0, 4.0, 2.0, 0.0, 0.0, 0.0, 50.0]})
    >>> relationship_types(quarters, largest_share=1)[["trend", "active_share", "type"]].round(2)
       trend  active_share           type
    0    0.0          1.00        largest
    1   -0.4          1.00         fading
    2    1.2          0.25  transactional
    """
    require_real(
        regular=regular, deal_share=deal_share, largest_share=largest_share, falling=falling
    )
    limits = {"regular": regular, "deal_share": deal_share, "largest_share": largest_share}
    for name, value in limits.items():
        if not 0 <= value <= 1:
            raise OutOfRangeError(f"{name} must lie in [0, 1], not a percent; got {value!r}.")
    if not falling < 0:
        raise OutOfRangeError(f"falling must be below 0; got {falling!r}.")
    profit, bought, deals = _grids(quarters)
    require_at_least("recent", recent, 1)
    count = profit.shape[1]
    if recent > count:
        raise OutOfRangeError(f"recent must be at most the {count} quarters there are.")

    time = np.arange(count) - (count - 1) / 2
    mean = profit.mean(axis=1)
    slope = profit.to_numpy() @ time / (time @ time)
    now = profit.iloc[:, -recent:].sum(axis=1)
    total = bought.sum(axis=1)
    table = pd.DataFrame(
        {
            "profit_now": now,
            "trend": slope / mean.where(mean > SMALL),
            "active_share": (bought > 0).mean(axis=1),
            "deals_share": deals.sum(axis=1) / total.where(total > 0),
        }
    )
    relational = (table["active_share"] >= regular) & ~(table["deals_share"] > deal_share)
    relational &= now > SMALL
    fading = relational & (table["trend"] <= falling)
    steady = relational & ~fading
    wanted = int(np.floor(largest_share * steady.sum() + 0.5))
    least = now[steady].nlargest(wanted).min() if wanted else np.inf
    which = [~relational, fading, steady & (now >= least)]
    kind = np.select(which, ["transactional", "fading", "largest"], "growing")
    return table.assign(type=pd.Series(kind, index=table.index, dtype="str")).reset_index()


def type_confusion(types: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Count the customers of each true type that were given each type, with recall and precision.

    Parameters
    ----------
    types, truth : DataFrame, one row per customer: customer_id, type (str)

    Returns
    -------
    DataFrame, one row per true type and type found, in the order of the types
        true_type, found_type : str
        customers : int64
        recall : float64, of those of the true type, given the type found; NaN without any
        precision : float64, of those given the type found, of the true type; NaN without any

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a frame lacks a column or a value, or the two hold different customers.

    See Also
    --------
    crmlab.customers.plot.plot_type_confusion : draws this frame.

    Examples
    --------
    >>> types = pd.DataFrame({"customer_id": [1, 2], "type": ["fading", "growing"]})
    >>> truth = pd.DataFrame({"customer_id": [1, 2], "type": ["fading", "fading"]})
    >>> type_confusion(types, truth).query("customers > 0")["recall"].tolist()
    [0.5, 0.5]
    """
    for frame in (types, truth):
        require_columns(frame, "customer_id", "type")
        require_values(frame, "customer_id", "type")
    found, true = (frame.set_index("customer_id")["type"] for frame in (types, truth))
    same = found.index.sort_values().equals(true.index.sort_values())
    if not same or found.index.has_duplicates:
        raise BadRowsError("types and truth must hold the same customers, each of them once.")

    both = pd.DataFrame({"true_type": true, "found_type": found.reindex(true.index)})
    order = [*TYPES, *sorted({*both["true_type"], *both["found_type"]} - {*TYPES})]
    every = pd.MultiIndex.from_product([order, order], names=["true_type", "found_type"])
    table = both.value_counts().reindex(every, fill_value=0).rename("customers").reset_index()
    for name, side in (("recall", "true_type"), ("precision", "found_type")):
        whole = table.groupby(side)["customers"].transform("sum")
        table[name] = table["customers"] / whole.where(whole > 0)
    return table.astype({"true_type": "str", "found_type": "str", "customers": "int64"})


def _grids(quarters: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return profits, purchases and deals, a row for each customer, a column for each quarter."""
    keys = ["customer_id", "quarter"]
    require_columns(quarters)
    numbers = ["profit", "purchases", *(["deals"] if "deals" in quarters else [])]
    require_columns(quarters, *keys, *numbers)
    require_values(quarters, *keys, *numbers)
    require_numbers(quarters, "quarter", *numbers)
    most = quarters["purchases"] if "deals" in quarters else np.inf
    bad = (quarters[numbers[1:]] < 0).any(axis=1) | (quarters[numbers[-1]] > most)
    if bad.any():
        raise BadRowsError(
            f"row(s) {np.flatnonzero(bad)[:10].tolist()} have purchases or deals below 0, or more "
            "deals than purchases; deals are those of the purchases at a reduced price."
        )
    if quarters.duplicated(keys).any():
        rows = np.flatnonzero(quarters.duplicated(keys))[:10].tolist()
        raise BadRowsError(f"rows {rows} repeat a quarter of their customer; sum them up first.")
    grids = [quarters.pivot(index=keys[0], columns=keys[1], values=name) for name in numbers]
    holes = grids[0].isna()
    if holes.to_numpy().any():
        who = holes.index[holes.any(axis=1)].tolist()[:10]
        raise BadRowsError(
            f"customers {who} lack a quarter that others have; a quarter without purchases is a "
            "row with a profit of 0: see quarterly_profit."
        )
    require_at_least("the number of quarters", grids[0].shape[1], 3)
    if len({*np.diff(grids[0].columns)}) > 1:
        raise OutOfRangeError(f"quarters are not evenly spaced: {grids[0].columns.tolist()}.")
    grids = [grid.astype("float64") for grid in grids]
    profit, bought = grids[:2]
    return profit, bought, grids[2] if len(grids) > 2 else bought * 0
