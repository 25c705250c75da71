"""Which share of a customer's purse is ours, and which could still become ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, overload

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_alike,
    require_columns,
    require_numbers,
    require_once,
    require_positive,
    require_values,
)
from crmlab._purchases import known_purchases, plain_ids
from crmlab.errors import OutOfRangeError

DAYS_IN_YEAR = 365.25


@overload
def loyalty_index(spend_with_us: float, total_spend: float) -> float: ...
@overload
def loyalty_index(spend_with_us: pd.Series, total_spend: pd.Series | float) -> pd.Series: ...
def loyalty_index(
    spend_with_us: float | pd.Series, total_spend: float | pd.Series
) -> float | pd.Series:
    """Share of all a customer spends (忠诚度指数) that is spent with us.

    Where the total is 0 nothing is spent anywhere, and the index is missing (NaN); so it is where
    either number is missing. A total below what is spent with us cannot be, and is refused: a
    customer who told it forgot something. Correct it first, for example up to our spend.

    Parameters
    ----------
    spend_with_us, total_spend : float, or Series of float with one index
        Money of the same time and the same kind of goods, 0 or more.

    Returns
    -------
    float or Series "loyalty_index" of float64 in [0, 1]

    Raises
    ------
    OutOfRangeError
        If a number is below 0 or infinite, a total lies below our spend, or the two Series have
        not one index; for Series the message lists the rows.

    See Also
    --------
    potential_index : what is left.
    wallet : both for every customer, from purchases and what customers said.

    Examples
    --------
    >>> loyalty_index(300, 1_000)
    0.3
    >>> loyalty_index(pd.Series([300.0, 0.0]), pd.Series([1_000.0, 0.0])).tolist()
    [0.3, nan]
    """
    return _share("loyalty_index", "total_spend", spend_with_us, total_spend, lambda a, b: a / b)


@overload
def potential_index(spend_with_us: float, category_spend: float) -> float: ...
@overload
def potential_index(spend_with_us: pd.Series, category_spend: pd.Series | float) -> pd.Series: ...
def potential_index(
    spend_with_us: float | pd.Series, category_spend: float | pd.Series
) -> float | pd.Series:
    """Share of a customer's spend on our kind of goods (潜在消费指数) that others get.

    (category spend - our spend) / category spend: the definition is ours, since the field names
    the index and does not define it. Missing and refused as in `loyalty_index`.

    Parameters
    ----------
    spend_with_us, category_spend : float, or Series of float with one index

    Returns
    -------
    float or Series "potential_index" of float64 in [0, 1]

    Raises
    ------
    OutOfRangeError
        As `loyalty_index`.

    Examples
    --------
    >>> potential_index(300, 1_000)
    0.7
    """
    words = ("potential_index", "category_spend")
    return _share(*words, spend_with_us, category_spend, lambda a, b: (b - a) / b)


def wallet(
    people: pd.DataFrame,
    purchases: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    least_years: float = 0.25,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
    total: str = "category_spend_cny",
) -> pd.DataFrame:
    """Both indices of every customer, from what they bought and what they say they spend.

    Our spend is the net total of a customer's purchases over the years since the first of them; a
    net total below 0 (more returned than bought) counts as 0. Who says less than was spent
    with us is taken at our spend, and marked; so the mean index is a little too low at the top.

    Parameters
    ----------
    people : DataFrame, one row per customer: customer_id, and what they say to spend a year
    purchases : DataFrame, one row per purchase or refund: customer_id, date, amount
    as_of : date, optional
        Until when to count; the last day of `purchases` when omitted.
    least_years : float above 0
        Time since the first purchase counts as no less, lest one purchase of yesterday become a
        fortune.
    customer, date, amount, total : str
        Names of the columns.

    Returns
    -------
    DataFrame, one row per row of `people`, sorted by customer_id
        customer_id
        spend_per_year : float64, money, with us; 0 for those who never bought
        total_per_year : float64, money, as said, but no less than with us
        was_raised : bool, whether they said less
        loyalty_index, potential_index : float64 in [0, 1], NaN where nothing was said

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If a frame lacks a column, a customer stands twice or is missing, a number is none, or ids
        are numbers in one frame and text in the other.

    Examples
    --------
    >>> people = pd.DataFrame({"customer_id": [1], "category_spend_cny": [1_000.0]})
    >>> bought = pd.DataFrame({"customer_id": [1, 1], "amount": [100.0, 200.0],
    ...                        "date": pd.to_datetime(["2023-12-31", "2024-12-30"])})
    >>> wallet(people, bought)[["spend_per_year", "loyalty_index"]].round(2)
       spend_per_year  loyalty_index
    0          300.21            0.3
    """
    require_columns(people, customer=customer, total=total)
    require_values(people, customer)
    require_numbers(people[[total]].dropna(), total)
    require_once(people, customer, "people")
    require_positive("least_years", least_years)
    if (people[total] < 0).any():
        raise OutOfRangeError(f"{total} must be 0 or more for every customer.")

    log, day = known_purchases(purchases, as_of=as_of, customer=customer, date=date, amount=amount)
    log = log.assign(**{customer: plain_ids(log[customer])})
    require_alike(customer, people[customer], log[customer])
    buyers = log.groupby(customer).agg(first=(date, "min"), spend=(amount, "sum"))
    table = people[[customer, total]].sort_values(customer, ignore_index=True)
    buyers = buyers.reindex(table[customer])
    years = (pd.Timestamp(day) - buyers["first"]).dt.days / DAYS_IN_YEAR
    ours = (buyers["spend"] / years.clip(lower=least_years)).clip(lower=0).fillna(0.0)
    ours, said = ours.reset_index(drop=True), table[total].astype("float64")
    enough = said.where(~(said < ours), ours)
    return pd.DataFrame(
        {
            "customer_id": table[customer],
            "spend_per_year": ours,
            "total_per_year": enough,
            "was_raised": said < ours,
            "loyalty_index": loyalty_index(ours, enough),
            "potential_index": potential_index(ours, enough),
        }
    )


def _share(index: str, name: str, ours: Any, total: Any, formula: Callable) -> Any:
    """Return `formula` of both numbers, or of both Series, once they make sense."""
    for what, value in (("spend_with_us", ours), (name, total)):
        one = value if isinstance(value, pd.Series) else pd.Series([value])
        if not pd.api.types.is_numeric_dtype(one.dtype) and one.notna().any():
            raise OutOfRangeError(
                f"{what} must be a number or a Series of numbers; got "
                f"{one.dtype if one is value else type(value).__name__}."
            )
    if not isinstance(ours, pd.Series) and not isinstance(total, pd.Series):
        both = pd.Series([ours], dtype="float64"), pd.Series([total], dtype="float64")
        return float(_share(index, name, *both, formula).iloc[0])
    if not isinstance(ours, pd.Series):
        raise OutOfRangeError(f"spend_with_us must be a Series where {name} is one; got {ours!r}.")
    ours = ours.astype("float64")
    total = total if isinstance(total, pd.Series) else pd.Series(total, index=ours.index)
    if not total.index.equals(ours.index):
        raise OutOfRangeError(
            f"spend_with_us and {name} have not the same index; bring them into one frame first."
        )
    total = total.astype("float64")
    for bad, words in (
        ((ours < 0) | np.isinf(ours), "spend_with_us is below 0 or infinite"),
        ((total < 0) | np.isinf(total), f"{name} is below 0 or infinite"),
        (total < ours, f"{name} lies below spend_with_us"),
    ):
        if bad.any():
            rows = np.flatnonzero(bad).tolist()
            raise OutOfRangeError(f"no {index}: {words} in row(s) {rows[:10]}, counted from 0.")
    return formula(ours, total.where(total > 0)).rename(index)
