"""Response modes: in which of several ways customers answered."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_alike,
    require_at_least,
    require_columns,
    require_key,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import (
    BadRowsError,
    EmptyError,
    OutOfRangeError,
    UnknownNameError,
    WrongTypeError,
)

Rule = Mapping[str, Any]


def response_modes(
    responses: pd.DataFrame,
    rules: Mapping[str, Rule],
    *,
    mailed: pd.DataFrame | None = None,
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Who answered in which of several ways, each way told by a rule.

    A customer has a mode if at least one item answers its rule, and may have many modes at once.

    Parameters
    ----------
    responses : DataFrame, one row per item taken
        `customer` and the columns that the rules read, such as department, category, brand
    rules : mapping of names to rules
        A rule maps columns to a value or a list of values, all of which must hold of one item:
        {"red polo shirt": {"department": "menswear", "category": "shirt", "colour": "red"}}. An
        empty rule is any item.
    mailed : DataFrame with `customer`, optional
        Everybody who was asked; only those who answered when omitted.
    customer : str

    Returns
    -------
    DataFrame, one row per customer asked, in the order of their ids
        `customer`; answered : bool, took any item; and a bool column for each mode

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or somebody answered who was not asked.
    UnknownNameError
        If a rule names a value that no item has.
    OutOfRangeError
        If `rules` is no mapping of mappings, a rule wants one of no values, or a mode is called
        by a name that is taken.

    See Also
    --------
    mode_table : how many have each mode.

    Examples
    --------
    >>> taken = pd.DataFrame({"customer_id": [1, 1, 2], "department": ["menswear", "home", "home"],
    ...                       "colour": ["red", "blue", "red"]})
    >>> rules = {"menswear": {"department": "menswear"}, "red home": {"department": "home",
    ...          "colour": "red"}}
    >>> response_modes(taken, rules)
       customer_id  answered  menswear  red home
    0            1      True      True     False
    1            2      True     False      True
    """
    _require_rules(rules, customer)
    columns = dict.fromkeys(column for rule in rules.values() for column in rule)
    require_columns(responses, *columns, customer=customer)
    require_values(responses, customer)
    if mailed is None:
        asked = np.sort(responses[customer].unique())
    else:
        require_columns(mailed, customer=customer)
        require_key(mailed, customer)
        require_alike(customer, mailed[customer], responses[customer])
        asked = np.sort(mailed[customer].to_numpy())
    place = pd.Index(asked).get_indexer(pd.Index(responses[customer]))
    if (place < 0).any():
        strangers = responses.loc[place < 0, customer].unique()[:5].tolist()
        raise BadRowsError(f"{strangers} answered, but were not asked; add them to `mailed`.")
    table = {customer: asked, "answered": bincount(place, minlength=len(asked)) > 0}
    for name, rule in rules.items():
        fits = np.ones(len(responses), dtype=bool)
        for column, wanted in rule.items():
            fits &= _fits(responses[column], wanted, name)
        table[name] = bincount(place[fits], minlength=len(asked)) > 0
    return pd.DataFrame(table)


def mode_table(modes: pd.DataFrame, *, customer: str = "customer_id") -> pd.DataFrame:
    """Count the customers of each mode, and tell which mode lies within which.

    Parameters
    ----------
    modes : DataFrame, as returned by `response_modes`
        answered, and a bool column for each mode
    customer : str

    Returns
    -------
    DataFrame, one row per mode
        mode : str
        customers : int64
        share : float64, of those asked; share_of_answers : float64, of those who answered
        within : str, the smallest larger mode that holds all its customers; "answered" if none

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    OutOfRangeError
        If there are no modes, nobody answered, or a column holds no truth values.

    Examples
    --------
    >>> modes = pd.DataFrame({"customer_id": [1, 2, 3, 4], "answered": [True, True, True, False],
    ...     "menswear": [True, True, False, False], "red shirt": [True, False, False, False]})
    >>> mode_table(modes)[["mode", "customers", "within"]]
            mode  customers    within
    0   menswear          2  answered
    1  red shirt          1  menswear
    """
    names = mode_names(modes, customer)
    has = modes[names].to_numpy(dtype=bool)
    answered = modes["answered"].to_numpy(dtype=bool)
    require_at_least("the number of customers who answered", int(answered.sum()), 1)
    size = has.sum(axis=0)
    rows = []
    for place, name in enumerate(names):
        holders = [
            (size[other], names[other])
            for other in range(len(names))
            if size[other] > size[place] and size[place] and has[has[:, place], other].all()
        ]
        within = min(holders)[1] if holders else "answered"
        rows.append(
            (name, size[place], size[place] / len(has), size[place] / answered.sum(), within)
        )
    columns = ["mode", "customers", "share", "share_of_answers", "within"]
    return pd.DataFrame(rows, columns=columns).astype({"mode": "str", "within": "str"})


def mode_funnel(
    responses: pd.DataFrame,
    rule: Rule,
    *,
    mailed: pd.DataFrame | None = None,
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Count the customers left after each condition of a rule, in the order it names them.

    Parameters
    ----------
    responses : DataFrame, one row per item taken, as `response_modes` reads it
    rule : mapping of columns to a value or a list of values
    mailed : DataFrame with `customer`, optional
    customer : str

    Returns
    -------
    DataFrame, one row per step
        step : str; asked, answered, and then "column: value" for each condition
        customers : int64; share : float64, of those asked

    Raises
    ------
    MissingColumnsError, BadRowsError, UnknownNameError, OutOfRangeError
        As `response_modes`.

    Examples
    --------
    >>> taken = pd.DataFrame({"customer_id": [1, 1, 2], "department": ["menswear", "home", "home"],
    ...                       "colour": ["red", "blue", "red"]})
    >>> mode_funnel(taken, {"department": "home", "colour": "red"})["customers"].tolist()
    [2, 2, 2, 1]
    """
    if not isinstance(rule, Mapping):
        raise WrongTypeError(f"the rule must map columns to values; got {rule!r:.60}.")
    steps, so_far = {}, {}
    for column, wanted in rule.items():
        so_far = so_far | {column: wanted}
        told = ", ".join(map(str, wanted)) if pd.api.types.is_list_like(wanted) else wanted
        steps[f"{column}: {told}"] = so_far
    modes = response_modes(responses, steps or {"any": {}}, mailed=mailed, customer=customer)
    counts = [len(modes), *(int(modes[name].sum()) for name in ("answered", *steps))]
    table = pd.DataFrame({"step": pd.Series(["asked", "answered", *steps], dtype="str")})
    return table.assign(customers=counts, share=np.array(counts) / len(modes))


def _fits(column: pd.Series, wanted: Any, name: str) -> np.ndarray:
    """Return which items have the value, or one of the values, that a rule wants."""
    values = list(wanted) if pd.api.types.is_list_like(wanted) else [wanted]
    if not values:
        raise OutOfRangeError(f"the rule of {name!r} wants no value of {column.name}; give one.")
    known = column.unique()
    for value in values:
        if not (known == value).any():
            near = get_close_matches(str(value), map(str, known), 1)
            kind = f"{column.name} of the mode {name!r}"
            raise UnknownNameError.among(kind, value, sorted(map(str, known))[:20], near)
    return column.isin(values).to_numpy(dtype=bool)


def _require_rules(rules: Mapping[str, Rule], customer: str) -> None:
    if not isinstance(rules, Mapping) or not rules:
        raise WrongTypeError(
            f"rules must map names to rules, such as {{'menswear': {{'department': 'menswear'}}}}; "
            f"got {rules!r:.60}."
        )
    for name, rule in rules.items():
        if not isinstance(rule, Mapping):
            raise WrongTypeError(f"the rule of {name!r} must map columns to values; got {rule!r}.")
        if name in (customer, "answered"):
            raise OutOfRangeError(f"{name!r} is a column already; call the mode otherwise.")


def mode_names(modes: pd.DataFrame, customer: str) -> list[str]:
    """Return the names of the columns that are modes."""
    require_columns(modes, "answered")
    if not len(modes):
        raise EmptyError("there are no customers; at least one is needed.")
    names: list[Any] = [
        name
        for name in modes
        if name not in (customer, "answered") and pd.api.types.is_bool_dtype(modes[name].dtype)
    ]
    if not names:
        raise OutOfRangeError(
            f"there are no modes, columns of True and False; the frame has {[*modes.columns]}."
        )
    require_values(modes, "answered", *names)
    require_truths(modes, "answered", *names)
    return names
