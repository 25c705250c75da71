"""What changed, and why: a change of sales taken apart into factors that add up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import (
    months_before,
    names_of,
    require_at_least,
    require_columns,
    require_numbers,
    require_values,
)
from crmlab._purchases import known_purchases, plain_values
from crmlab.errors import AmbiguousError, BadRowsError, EmptyError, OutOfRangeError

GRACE = 7  # days: a file that begins after a holiday begins with the month
EFFECTS = ("customers", "mix", "frequency", "ticket", "refunds")
ALL = "(all)"


def decompose_growth(
    factors: pd.DataFrame,
    *,
    columns: Sequence[str] = ("market", "share", "spend"),
    period: str = "year",
) -> pd.DataFrame:
    """Split of the changes of a product from period to period into the effects of its factors.

    The effect of a factor is its Shapley value: what its change adds, averaged over all orders in
    which the factors may change. So it does not depend on an order, the effects sum to the change
    exactly, and a change read backwards has the opposite effects. The logarithmic mean (LMDI) has
    these virtues too, and nearly the same numbers, but takes logarithms, and a new channel begins
    at 0 and a refund goes below it.

    Parameters
    ----------
    factors : DataFrame, one row per period, in any order
        `period`, which orders them, and `columns`, 2 to 8 of them: numbers
    columns : sequence of str
    period : str

    Returns
    -------
    DataFrame, one row per period but the first, in order
        from_period, to_period : as given
        before, after, change : float64, the products and their difference
        <factor>_effect : float64 for each factor; they sum to the change

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        If a column or value is missing, no number, or there are fewer than two periods.
    AmbiguousError
        If a period stands twice.

    See Also
    --------
    sales_change : the same for a file of purchases.
    crmlab.customers.plot.plot_growth : draws this frame.

    Source
    ------
    Shapley (1953), A value for n-person games, doi:10.1515/9781400881970-018; beside other
    methods: de Boer and Rodrigues (2020), Economic Systems Research 32(1), 1-28,
    doi:10.1080/09535314.2019.1652571.

    Examples
    --------
    >>> years = pd.DataFrame({"year": [1, 2], "market": [10.0, 20.0], "share": [0.5, 0.5],
    ...                       "spend": [4.0, 6.0]})
    >>> decompose_growth(years).iloc[0].to_dict()["market_effect"]
    25.0
    """
    columns = names_of("columns", columns)
    require_columns(factors, *columns, period=period)
    if not 2 <= len({*columns}) == len(columns) <= 8:
        raise OutOfRangeError(f"columns must name 2 to 8 different factors; got {columns}.")
    require_values(factors, period, *columns)
    require_numbers(factors, *columns)
    if factors[period].duplicated().any():
        twice = factors.loc[factors[period].duplicated(), period].unique().tolist()[:10]
        raise AmbiguousError(
            f"{period} {twice} stand more than once; sum them up to one row for each first."
        )
    if len(factors) < 2:
        raise EmptyError(f"{len(factors)} period(s) hold no change; at least 2 are needed.")

    rows = factors.sort_values(period)
    when, level = rows[period].array, rows[columns].to_numpy("float64")
    before, after = level[:-1].prod(axis=1), level[1:].prod(axis=1)
    table = pd.DataFrame({"from_period": when[:-1], "to_period": when[1:]})
    table = table.assign(before=before, after=after, change=after - before)
    effects = _shapley(level[:-1], level[1:])
    for place, name in enumerate(columns):
        table[f"{name}_effect"] = effects[:, place]
    return table


def sales_change(
    purchases: Any,
    *,
    by: str | None = None,
    months: int = 12,
    back: int | None = None,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Change of sales between two periods: customers, mix, purchases per customer, and ticket.

    In a group g of `by` (a channel, store or category) gross sales are
        customers * reach_g * frequency_g * ticket_g
    all customers of the period, the share of them who bought in g, purchases in g for each such
    customer, and money per purchase. The effects are Shapley values as in `decompose_growth`. The
    change of a reach, summed over groups, is the effect of the *mix*; without `by` there is one
    group that everybody reaches, and no mix. Refunds are an effect of their own. A group that
    opens or closes has no frequency or ticket in one of the periods; its whole change is mix. One
    that only takes refunds has effects of 0 but for these.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase or refund
        `customer`, `date`, `amount`, and `by`; a refund has an amount below 0
    by : str, optional
        A column of groups; a missing value is a group of its own, "(unknown)".
    months : int
        Length of both periods, calendar months; the later one ends with `as_of`.
    back : int, optional
        Months from the end of the earlier to that of the later period; `months` when omitted, 12
        for the same months of the year before.
    as_of : date, optional
        The last day of `purchases` when omitted.
    customer, date, amount : str
        Names of the columns.

    Returns
    -------
    DataFrame, one row per group, by its name, then one called "(all)"
        group : str
        before, after, change : float64, net sales, money
        customers_before, customers_after : int64, with a purchase in the group
        customers_effect, mix_effect, frequency_effect, ticket_effect, refunds_effect : float64,
            money; in each row they sum to the change, and the rows of groups sum to the last one

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If `purchases` lacks a column or a value, holds no dates or numbers, or a group is called
        "(all)".
    OutOfRangeError
        If the file begins more than a week after the earlier period does, or the periods overlap.
    EmptyError
        If nobody bought in one of the periods.

    See Also
    --------
    crmlab.customers.plot.plot_sales_change : draws this frame.

    Examples
    --------
    >>> bought = pd.DataFrame({"customer_id": [1, 1, 2], "amount": [10.0, 10.0, 40.0],
    ...     "date": pd.to_datetime(["2024-01-01", "2024-01-31", "2024-02-29"])})
    >>> sales_change(bought, months=1)[["change", "frequency_effect", "ticket_effect"]]
       change  frequency_effect  ticket_effect
    0    20.0             -25.0           45.0
    """
    require_at_least("months", months, 1)
    back = months if back is None else back
    require_at_least("back", back, 1)
    if back < months:
        raise OutOfRangeError(f"periods of {months} months that lie {back} apart would overlap.")
    also = () if by is None else (by,)
    require_columns(purchases, *also) if isinstance(purchases, pd.DataFrame) else None
    log, day = known_purchases(purchases, as_of=as_of, customer=customer, date=date, amount=amount)
    require_columns(log, *also)
    days = log[date].to_numpy("M8[us]").astype("M8[D]")
    ends = [months_before(day, back), day]
    starts = [months_before(day, back + months), months_before(day, months)]
    if days.min() > starts[0] + GRACE:
        raise OutOfRangeError(
            f"the earlier period begins on {starts[0] + 1}, and the file on {days.min()}, so it "
            "would be counted in part. Take fewer months=, or another as_of=."
        )

    group = _named(log[by]) if by is not None else pd.Series(ALL, index=log.index)
    rows = pd.DataFrame(
        {
            "customer": log[customer].to_numpy(),
            "group": group.to_numpy(),
            "amount": log[amount].to_numpy("float64"),
        }
    )
    parts = [rows[(days > begin) & (days <= end)] for begin, end in zip(starts, ends, strict=True)]
    names = sorted({*parts[0]["group"], *parts[1]["group"]})
    if by is not None and ALL in names:
        raise BadRowsError(
            f"{by} holds a group called {ALL!r}, which is the name of the row of all together. "
            f"Rename it first: frame[{by!r}].replace({{{ALL!r}: 'other'}})"
        )
    for one, end in zip(parts, ends, strict=True):
        if not (one["amount"] > 0).any():
            raise EmptyError(f"nobody bought in the {months} month(s) up to {end}.")
    return _table(names, *(_levels(one, names) for one in parts), split=by is not None)


def _named(column: pd.Series) -> pd.Series:
    """Return groups as text, with a word for what is unknown."""
    return plain_values(column).astype("str").where(column.notna().to_numpy(), "(unknown)")


def _levels(rows: pd.DataFrame, names: list[str]) -> dict[str, np.ndarray]:
    """Return all customers of a period, and of each group the factors of its sales."""
    bought = rows[rows["amount"] > 0]
    found = bought.groupby("group").agg(
        customers=("customer", "nunique"), purchases=("customer", "size"), gross=("amount", "sum")
    )
    found = found.reindex(names, fill_value=0)
    refunds = rows[rows["amount"] < 0].groupby("group")["amount"].sum()
    count, times, gross = (found[name].to_numpy("float64") for name in found)
    everybody = float(bought["customer"].nunique())
    with np.errstate(invalid="ignore"):
        factors = np.column_stack(
            [np.full(len(names), everybody), count / everybody, times / count, gross / times]
        )
    back = refunds.reindex(names, fill_value=0.0).to_numpy("float64")
    return {"customers": count, "factors": factors, "gross": gross, "refunds": back}


def _table(
    names: list[str], before: dict[str, np.ndarray], after: dict[str, np.ndarray], *, split: bool
) -> pd.DataFrame:
    """Return the rows of all groups, and that of all together."""
    # A group that was not there takes the other period's frequency and ticket: all of it is mix.
    first, second = before["factors"], after["factors"]
    first, second = (
        # One with nothing but refunds in both sold 0, whatever its ticket would have been.
        np.nan_to_num(np.where(np.isnan(one), other, one))
        for one, other in ((first, second), (second, first))
    )
    refunds = after["refunds"] - before["refunds"]
    effects = np.column_stack([_shapley(first, second), refunds])
    table = pd.DataFrame(
        {
            "group": pd.Series(names, dtype="str"),
            "before": before["gross"] + before["refunds"],
            "after": after["gross"] + after["refunds"],
        }
    )
    table["change"] = table["after"] - table["before"]
    for name, one in (("before", before), ("after", after)):
        table[f"customers_{name}"] = one["customers"].astype("int64")
    for place, name in enumerate(EFFECTS):
        table[f"{name}_effect"] = effects[:, place]
    if not split:
        return table
    total = table.drop(columns="group").sum().to_dict()
    total |= {"customers_before": int(before["factors"][0, 0])}
    total |= {"customers_after": int(after["factors"][0, 0])}
    whole = pd.DataFrame([{"group": ALL, **total}]).astype(table.dtypes.to_dict())
    return pd.concat([table, whole], ignore_index=True)


def _shapley(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the Shapley value of each column of a product that goes from `first` to `second`.

    Both have a row for each product. A row that the first column of `second - first` leaves
    unchanged has an effect of exactly 0 there.
    """
    size = first.shape[1]
    change = second - first
    effects = np.zeros(first.shape)
    for factor in range(size):
        for moved, weight in _orders(size, factor):
            level = np.where(moved, second, first)
            level[:, factor] = change[:, factor]
            effects[:, factor] += weight * level.prod(axis=1)
    return effects


@cache
def _orders(size: int, factor: int) -> list[tuple[np.ndarray, float]]:
    """Return which others may have changed before `factor`, and how many of all orders have it."""
    others = [one for one in range(size) if one != factor]
    found = []
    for count in range(size):
        weight = factorial(count) * factorial(size - 1 - count) / factorial(size)
        for chosen in combinations(others, count):
            found.append((np.isin(np.arange(size), chosen), weight))
    return found
