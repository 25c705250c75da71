"""Money per customer, checked and put in order: what every measure of this topic starts from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from crmlab._checks import require_at_least, require_columns, require_values
from crmlab._purchases import as_frame, plain_ids, plain_numbers
from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    MissingColumnsError,
    OutOfRangeError,
    WrongTypeError,
)

_SHOWN = 10


SPEND = ("monetary", "spend", "profit")
PROFIT = ("profit", "net_value")


def one_per_customer(
    customers: pd.Series | pd.DataFrame, value: str | None, what: str, usual: Sequence[str] = SPEND
) -> pd.Series:
    """Return the money of each customer, indexed by id: a Series, or the column of a frame.

    The column is `value`, or the first of the `usual` ones that stands in the frame.
    """
    customers = as_frame(customers)
    if not isinstance(customers, pd.DataFrame):
        if value is not None:
            raise WrongTypeError(f"value={value!r} names a column of a frame; {what} is none.")
        return customers
    if value is None:
        value = next((name for name in usual if name in customers), None)
    if value is None:
        raise MissingColumnsError.among(usual[:1], customers.columns, ["value"])
    require_columns(customers, "customer_id", value=value)
    require_values(customers, "customer_id")
    ids = pd.Index(plain_ids(customers["customer_id"]), name="customer_id")
    return pd.Series(plain_numbers(customers[value]).array, ids, name=value)


def ranked(money: pd.Series, what: str = "spend") -> pd.Series:
    """Return `money` as float64, highest first, ties by customer id; refuse what has no order."""
    require_money(money, what)

    try:
        by_id = money.astype("float64").sort_index(kind="stable")
    except TypeError as error:
        raise CrmlabError(
            "customer ids of several types cannot be put in order, which decides between equal "
            f"{what}. Make them one type: {what}.index = {what}.index.astype(str)"
        ) from error
    return by_id.sort_values(ascending=False, kind="stable")


def require_money(money: pd.Series, what: str) -> None:
    """Raise unless `money` is a Series of finite numbers with one row per customer id."""
    if not isinstance(money, pd.Series) or money.index.nlevels > 1:
        raise WrongTypeError(
            f"{what} must be a frame with customer_id and value=…, such as rfm returns, or a "
            f"Series of money indexed by customer id; got {type(money).__name__} "
            f"with index {getattr(getattr(money, 'index', None), 'names', None)}."
        )
    require_at_least("the number of customers", len(money), 1)
    if not is_numeric_dtype(money) or is_bool_dtype(money):
        raise WrongTypeError(f"{what} must hold numbers; got {money.dtype}. Try pd.to_numeric.")
    ids = money.index
    values = money.to_numpy("float64", na_value=np.nan)
    _refuse(ids[np.isnan(values)], f"have no {what}")
    _refuse(ids[np.isinf(values)], f"have no finite {what}")
    _refuse(np.flatnonzero(ids.isna()), "have no customer id (row numbers from 0)")
    _refuse(ids[ids.duplicated()].unique(), "have more than one row; sum them first")


def require_positive_total(money: pd.Series, what: str) -> None:
    """Raise OutOfRangeError unless `money` sums to more than zero."""
    total = money.sum()
    if not total > 0:
        raise OutOfRangeError(
            f"shares of {what} need a total above 0; these {len(money)} customers sum to "
            f"{total:g}. Look at refunds first, or leave customers with nothing out."
        )


def _refuse(customers: pd.Index | np.ndarray, fault: str) -> None:
    """Raise BadRowsError if there are such `customers`, naming the first few of them."""
    if len(customers):
        some = ", ".join(map(repr, customers[:_SHOWN].tolist()))
        more = ", …" if len(customers) > _SHOWN else ""
        raise BadRowsError(f"{len(customers)} customer(s) {fault}: {some}{more}.")
