"""One door for purchase logs: any frame comes in, known purchases of plain customers go out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_days,
    require_numbers,
    require_values,
    rows_until,
)
from crmlab.errors import WrongTypeError

_INT64 = -(2**63), 2**63 - 1
# What the house calls the columns that a reader may name.
_HOUSE = {"customer": "customer_id", "date": "date", "amount": "amount"}


def known_purchases(
    purchases: Any,
    *also: str,
    as_of: str | pd.Timestamp | None = None,
    customer: str,
    date: str,
    amount: str | None = None,
) -> tuple[pd.DataFrame, np.datetime64]:
    """Return the purchases up to the end of the day `as_of`, and that day.

    The frame keeps its columns and their names. Customers are int64, text, or categories of
    either; dates are datetime64 without a time zone; amounts are numpy's or plain numbers.

    Parameters
    ----------
    purchases : DataFrame, or any table that hands itself out as Arrow (polars, DuckDB, pyarrow)
    also : str
        Further columns that must be there and have a value in every row.
    as_of : date, default the last day in the data
    customer, date, amount : str
        Names of the columns; without `amount`, none is asked for.

    Raises
    ------
    WrongTypeError, MissingColumnsError, AmbiguousError, BadRowsError, OutOfRangeError, EmptyError
        As the guards of `crmlab._checks` and `plain_ids`.
    """
    named = {"customer": customer, "date": date} | ({} if amount is None else {"amount": amount})
    frame = _made_plain(as_frame(purchases), also, named)
    return rows_until(frame, date, as_of, stacklevel=4)


def house_purchases(purchases: Any, *also: str, **named: str) -> pd.DataFrame:
    """Return purchases whose columns are called `customer_id`, `date` and `amount`.

    They are made plain as by `known_purchases`, whose errors this raises, but keep all their rows,
    and may have none. `named` holds the reader's names of those that are asked for, by `customer`,
    `date` and `amount`; a column that has one of these names by chance gives way.
    """
    frame = as_frame(purchases)
    if isinstance(frame, pd.DataFrame) and not len(frame):
        require_columns(frame, *also, **named)
    else:
        frame = _made_plain(frame, also, named)
        require_days(frame, *([named["date"]] if "date" in named else []))
    new = {column: _HOUSE[key] for key, column in named.items()}
    by_chance = [name for name in new.values() if name in frame and name not in new]
    return frame.drop(columns=by_chance).rename(columns=new)


def _made_plain(frame: Any, also: tuple[str, ...], named: dict[str, str]) -> pd.DataFrame:
    """Return a frame with plain customers, days and amounts, as far as they are `named`."""
    require_columns(frame, *also, **named)
    require_values(frame, *also, *named.values())
    make = {"customer": _plain_or_categories, "date": plain_days, "amount": plain_numbers}
    plain = {column: make[key](frame[column]) for key, column in named.items()}
    changed = {name: to for name, to in plain.items() if to.dtype != frame[name].dtype}
    if changed:
        frame = frame.copy(deep=False)
        for name, column in changed.items():
            frame[name] = column
    if "amount" in named:
        require_numbers(frame, named["amount"])
    return frame


def as_frame(data: Any) -> Any:
    """Return `data` as a DataFrame: one already, or a table that speaks Arrow; else as it is."""
    if isinstance(data, (pd.DataFrame, pd.Series)) or not hasattr(data, "__arrow_c_stream__"):
        return data
    try:
        return pd.DataFrame.from_arrow(data)  # pyright: ignore[reportAttributeAccessIssue]
    except Exception as error:  # each library has its own for a stream that is no table
        raise WrongTypeError(
            f"a DataFrame is needed here; this {type(data).__name__} is no table ({error})."
        ) from error


def plain_ids(ids: pd.Series) -> pd.Series:
    """Return customer ids as int64 or text, so that any two results can be merged.

    Whole numbers of any kind become int64, floats that are whole too; anything else, and
    numbers among texts, is an OutOfRangeError.
    """
    ids = _out_of_arrow(ids)
    if isinstance(ids.dtype, pd.CategoricalDtype):
        ids = ids.astype(ids.cat.categories.dtype)
    if pd.api.types.is_signed_integer_dtype(ids):
        return ids.astype("int64")
    if pd.api.types.is_string_dtype(ids):  # among plain objects: if each of them is text
        return ids.astype("str")
    kind = pd.api.types.infer_dtype(ids)
    if kind == "floating" and (ids == np.round(ids)).all() and (ids.abs() <= 2**53).all():
        return ids.astype("int64")
    if kind == "integer" and ids.between(*_INT64).all():
        return ids.astype("int64")
    raise WrongTypeError(
        f"{ids.name} must hold text, or whole numbers below 2**63; got {ids.dtype}. "
        f"Convert it first: frame[{ids.name!r}].astype('int64') or .astype('str')"
    )


def plain_days(days: pd.Series) -> pd.Series:
    """Return days and times as datetime64; what is neither comes back as it is."""
    days = _out_of_arrow(days)
    if days.dtype == object and len(days) and pd.api.types.infer_dtype(days) == "date":
        return pd.to_datetime(days).astype("M8[us]")
    return days


def plain_numbers(numbers: pd.Series) -> pd.Series:
    """Return numbers as numpy's; decimals as float64; what is neither comes back as it is."""
    numbers = _out_of_arrow(numbers)
    if numbers.dtype == object and len(numbers) and pd.api.types.infer_dtype(numbers) == "decimal":
        return numbers.astype("float64")
    if numbers.dtype.name.startswith(("Int", "UInt", "Float")):  # those of pandas with holes
        return pd.Series(numbers.to_numpy("float64", na_value=np.nan), numbers.index)
    return numbers


def plain_values(column: pd.Series) -> pd.Series:
    """Return a column in the dtype that it would have in numpy, its holes as numpy's holes."""
    column = _out_of_arrow(column)
    kind = column.dtype
    if isinstance(kind, pd.StringDtype):
        return column.astype("str")
    in_numpy = getattr(kind, "numpy_dtype", None)
    if in_numpy is None or not isinstance(kind, pd.api.extensions.ExtensionDtype):
        return column
    return plain_numbers(column) if column.isna().any() else column.astype(in_numpy)


def _plain_or_categories(ids: pd.Series) -> pd.Series:
    """Return plain ids; categories stay, since they are counted faster, if they are plain."""
    if not isinstance(ids.dtype, pd.CategoricalDtype):
        return plain_ids(ids)
    plain_ids(pd.Series(ids.cat.categories, name=ids.name))
    return ids


def _out_of_arrow(column: pd.Series) -> pd.Series:
    """Return a column that pandas keeps as Arrow in the dtype that pandas has for it."""
    if not isinstance(column.dtype, pd.ArrowDtype):
        return column
    values = column.array.__arrow_array__().to_pandas()
    return pd.Series(
        values.to_numpy() if values.dtype.kind != "M" else values.array,
        column.index,
        name=column.name,
    )
