"""Who was brought by whom: share, tree, generations and value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_alike,
    require_columns,
    require_days,
    require_key,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import Z, wilson
from crmlab._purchases import plain_ids
from crmlab.errors import BadRowsError


def referral_share(
    customers: pd.DataFrame,
    *,
    date: str = "joined_on",
    customer: str = "customer_id",
    by: str = "referred_by",
) -> pd.DataFrame:
    """Share of each month's new customers whom another customer brought.

    Parameters
    ----------
    customers : DataFrame, one row per customer
        `customer`; `by`, who brought them, missing where nobody did; `date` of joining
    date, customer, by : str
        Names of the columns.

    Returns
    -------
    DataFrame, one row per month in which somebody joined, oldest first
        month : datetime64[us], its first day
        new_customers, referred : int64
        share, low, high : float64, with Wilson's 95 % interval

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, EmptyError
        If a column or value is missing, dates are none, or the tree is none (see
        `referral_tree`).

    Examples
    --------
    >>> people = pd.DataFrame({"customer_id": [1, 2, 3], "referred_by": [None, 1, None],
    ...     "joined_on": pd.to_datetime(["2024-01-05", "2024-02-01", "2024-02-09"])})
    >>> referral_share(people)["share"].tolist()
    [0.0, 0.5]
    """
    require_columns(customers, date=date, customer=customer, by=by)
    require_rows(customers)
    require_values(customers, date)
    require_days(customers, date)
    _tree(customers, customer, by)
    month = customers[date].to_numpy("M8[us]").astype("M8[M]")
    table = pd.DataFrame({"month": month.astype("M8[us]"), "referred": customers[by].notna()})
    table = table.groupby("month")["referred"].agg(["size", "sum"]).astype("int64").reset_index()
    table = table.set_axis(["month", "new_customers", "referred"], axis=1)
    low, high = wilson(table["referred"], table["new_customers"])
    return table.assign(share=table["referred"] / table["new_customers"], low=low, high=high)


def referral_tree(
    customers: pd.DataFrame,
    *,
    value: str | None = None,
    customer: str = "customer_id",
    by: str = "referred_by",
) -> pd.DataFrame:
    """Tree of who brought whom: each customer's generation, and their value with and without those.

    A customer whom nobody brought is of generation 0, one whom these brought of generation 1, and
    so on. `with_brought` adds to a customer's own value that of everybody below, so that each
    value stands once for every customer above it: it tells what would be missing without this
    one, and may not be summed over customers. `own`, and what the direct ones are worth, may.

    Parameters
    ----------
    customers : DataFrame, one row per customer, those who brought somebody among them
        `customer`; `by`, missing where nobody did; `value`, if named: numbers
    value : str, optional
        Such as the spend of a year.
    customer, by : str
        Names of the columns.

    Returns
    -------
    DataFrame, one row per customer, by customer_id
        customer_id
        generation : int64
        brought, all_below : int64, directly, and in all generations below
        own, brought_value, with_brought : float64: of the customer, of those brought directly, and
            of the customer and all below; only with `value`

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or value is missing, a customer stands twice, somebody brought themselves, is
        brought by nobody of the frame, or people brought each other in a circle: each with the
        rows and what to do.

    See Also
    --------
    brought_by_generation : sums it up.

    Examples
    --------
    >>> people = pd.DataFrame({"customer_id": [1, 2, 3], "referred_by": [None, 1, 2],
    ...                        "spend": [10.0, 20.0, 5.0]})
    >>> referral_tree(people, value="spend")[["generation", "all_below", "with_brought"]]
       generation  all_below  with_brought
    0           0          2          35.0
    1           1          1          25.0
    2           2          0           5.0
    """
    named = {} if value is None else {"value": value}
    require_columns(customers, customer=customer, by=by, **named)
    people, above, generation = _tree(customers, customer, by)
    brought = bincount(above[above >= 0], minlength=len(people))
    table = pd.DataFrame({"customer_id": people, "generation": generation, "brought": brought})
    table["all_below"] = (_with_all_below(above, generation, np.ones(len(people))) - 1).astype(
        "int64"
    )
    if value is not None:
        require_values(customers, value)
        require_numbers(customers, value)
        own = customers[value].to_numpy("float64")
        direct = bincount(above[above >= 0], own[above >= 0], len(people))
        everything = _with_all_below(above, generation, own)
        table = table.assign(own=own, brought_value=direct, with_brought=everything)
    return table.sort_values("customer_id", ignore_index=True)


def brought_by_generation(tree: pd.DataFrame) -> pd.DataFrame:
    """Mean number brought per customer, and value with and without those, by generation.

    Later generations have had less time to bring anybody, so the numbers fall even where nobody
    tires.

    Parameters
    ----------
    tree : DataFrame, as returned by `referral_tree`
        generation, brought, all_below : int64; own, brought_value : float64, optional

    Returns
    -------
    DataFrame, one row per generation
        generation, customers, brought : int64
        brought_per_customer : float64
        low, high : float64, 95 % interval of it, by the spread between customers; NaN where they
            all brought alike, as none or one, so that there is no spread to see
        own, with_direct : float64, means per customer, without and with those brought directly;
            only where the tree has values

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, EmptyError
        If a column or value is missing or no number, or there are no rows.

    Examples
    --------
    >>> tree = pd.DataFrame({"generation": [0, 0, 1], "brought": [1, 0, 0], "all_below": [1, 0, 0]})
    >>> brought_by_generation(tree)["brought_per_customer"].tolist()
    [0.5, 0.0]
    """
    require_columns(tree, "generation", "brought")
    require_rows(tree)
    names = [name for name in ("own", "brought_value") if name in tree]
    require_values(tree, "generation", "brought", *names)
    require_numbers(tree, "generation", "brought", *names)
    group = tree.groupby(tree["generation"].astype("int64"))
    table = group["brought"].agg(["size", "sum", "mean", "std"]).astype("float64")
    reach = Z * table["std"].where(table["std"] > 0) / np.sqrt(table["size"])
    found = pd.DataFrame(
        {
            "customers": table["size"].astype("int64"),
            "brought": table["sum"].astype("int64"),
            "brought_per_customer": table["mean"],
            "low": (table["mean"] - reach).clip(lower=0),
            "high": table["mean"] + reach,
        }
    )
    if len(names) == 2:
        own, direct = (group[name].mean().astype("float64") for name in names)
        found = found.assign(own=own, with_direct=own + direct)
    return found.reset_index()


def _tree(
    customers: pd.DataFrame, customer: str, by: str
) -> tuple[pd.Series, np.ndarray, np.ndarray]:
    """Return ids, the row of who brought each (-1: nobody) and the generation, in file order."""
    require_rows(customers)
    require_key(customers, customer)
    known = customers[by].notna().to_numpy()
    ids = plain_ids(customers[customer]).reset_index(drop=True)
    require_alike(by, customers[customer], customers.loc[known, by])
    parents = plain_ids(customers.loc[known, by]) if known.any() else ids.iloc[:0]
    above = np.full(len(ids), -1, dtype="int64")
    above[known] = pd.Index(ids).get_indexer(pd.Index(parents))
    rows = np.arange(len(ids))
    _refuse(ids, known & (above < 0), "were brought by somebody who is not in the frame",
            f"Add the missing customers, or clear {by} in these rows")  # fmt: skip
    _refuse(ids, above == rows, "brought themselves",
            f"Clear {by} in these rows: nobody is their own referrer")  # fmt: skip
    generation, open_, level = np.where(above < 0, 0, -1), np.flatnonzero(above >= 0), 0
    while open_.size:
        born = generation[above[open_]] == level
        if not born.any():
            break
        generation[open_[born]] = level = level + 1
        open_ = open_[~born]
    if open_.size:
        circle = _circle(above, int(open_[0]))
        path = " <- ".join(str(ids.iloc[row]) for row in [*circle, circle[0]])
        raise BadRowsError(
            f"row(s) {sorted(circle)[:10]} bring each other in a circle: {path}. Who joined first "
            f"cannot have been brought by the others; clear {by} in that row."
        )
    return ids, above, generation


def _circle(above: np.ndarray, row: int) -> list[int]:
    """Return the rows of the circle that `row` is in or leads up to."""
    seen: dict[int, int] = {}
    while row not in seen:
        seen[row] = len(seen)
        row = int(above[row])
    return [one for one, place in seen.items() if place >= seen[row]]


def _refuse(ids: pd.Series, bad: np.ndarray, words: str, remedy: str) -> None:
    """Raise BadRowsError if any row is `bad`."""
    rows = np.flatnonzero(bad)
    if rows.size:
        who = ids.iloc[rows[:10]].tolist()
        raise BadRowsError(
            f"{len(rows)} row(s) {words}: {rows[:10].tolist()} (customers {who}). {remedy}."
        )


def _with_all_below(above: np.ndarray, generation: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Return the sum of `own` over each customer and everybody below."""
    total = own.astype("float64").copy()
    order = np.argsort(generation, kind="stable")
    ends = np.searchsorted(generation[order], np.arange(generation.max() + 2))
    for level in range(generation.max(), 0, -1):  # the youngest first
        here = order[ends[level] : ends[level + 1]]
        np.add.at(total, above[here], total[here])
    return total
