"""Groups crossed with groups: how far they overlap, who is only in one, and what each brings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2, false_discovery_control

from crmlab._checks import (
    names_of,
    require_columns,
    require_numbers,
    require_real,
    require_single,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError

_MOST = 62


def cross_groups(members: pd.DataFrame, *, groups: Sequence[str] | None = None) -> pd.DataFrame:
    """How far each two groups of customers overlap.

    Parameters
    ----------
    members : DataFrame, one row per customer of the base
        A column of True and False (or 1 and 0) for each group; others are left alone.
    groups : list of columns, optional
        All columns of True and False when omitted; of 1 and 0, if there are fewer than two.

    Returns
    -------
    DataFrame, one row per pair, in the order of the columns
        group_a, group_b : str
        only_a, only_b, both, neither : int64, which add up to the customers of the base
        lift : float64, share of both over what independent groups would share
        jaccard : float64, both over either
        chi2, p_value : float64, Pearson's statistic without correction, and its p value
        q_value : float64, the smallest false-discovery rate at which the pair would be named, over
            all pairs

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column is missing, or a group is empty or the whole base: there is nothing to cross.
    OutOfRangeError
        If a column holds no truth values, there are fewer than two groups, or one is named twice.

    See Also
    --------
    group_interactions : which overlaps are more than the work of a third group.
    group_profit : what those in A, in B, in both and in neither bring.

    Notes
    -----
    Customers stand in bits, 64 to a word: a pair of groups is one `and` and one count of bits.

    Source
    ------
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> members = pd.DataFrame({"new": [1, 1, 1, 0, 0, 0], "cheap": [1, 1, 0, 0, 0, 1]})
    >>> cross_groups(members)[["only_a", "only_b", "both", "neither", "lift"]].round(2)
       only_a  only_b  both  neither  lift
    0       1       1     2        2  1.33
    """
    names = group_columns(members, groups)
    bits = np.stack([_packed(members[name]) for name in names])
    size, n = np.bitwise_count(bits).sum(axis=1, dtype=np.int64), len(members)
    require_parts(names, size, n)
    one, other = np.triu_indices(len(names), 1)
    both = np.concatenate(
        [
            np.bitwise_count(bits[k + 1 :] & bits[k]).sum(axis=1, dtype=np.int64)
            for k in range(len(names) - 1)
        ]
    )
    a, b = size[one].astype(float), size[other].astype(float)
    square = n * (both * n - a * b) ** 2 / (a * b * (n - a) * (n - b))
    p_value = chi2.sf(square, 1)
    named = np.array(names, dtype=object)
    table = {
        "group_a": pd.Series(named[one], dtype="str"),
        "group_b": pd.Series(named[other], dtype="str"),
        "only_a": size[one] - both,
        "only_b": size[other] - both,
        "both": both,
        "neither": n - size[one] - size[other] + both,
        "lift": both * n / (a * b),
        "jaccard": both / (a + b - both),
        "chi2": square,
        "p_value": p_value,
        "q_value": false_discovery_control(p_value),
    }
    return pd.DataFrame(table)


def overlap_sets(
    members: pd.DataFrame, *, groups: Sequence[str] | None = None, at_least: int = 1
) -> pd.DataFrame:
    """Count customers by the exact set of groups that they are in, the largest set first.

    Parameters
    ----------
    members : DataFrame, as `cross_groups` reads it
    groups : list of columns, optional
    at_least : int
        Sets of fewer customers are left out.

    Returns
    -------
    DataFrame, one row per set of groups that somebody is in exactly
        a bool column for each group; customers : int64; share : float64, of the base

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `cross_groups`; also for more than 62 groups, or one called customers or share.

    Examples
    --------
    >>> members = pd.DataFrame({"new": [1, 1, 1, 0], "cheap": [1, 1, 0, 0]})
    >>> overlap_sets(members)
         new  cheap  customers  share
    0   True   True          2   0.50
    1  False  False          1   0.25
    2   True  False          1   0.25
    """
    require_real(at_least=at_least)
    names = group_columns(members, groups)
    if len(names) > _MOST:
        raise OutOfRangeError(f"at most {_MOST} groups can be shown as sets; got {len(names)}.")
    if taken := {*names} & {"customers", "share"}:
        raise OutOfRangeError(
            f"{sorted(taken)} are columns of the result; call the group otherwise."
        )
    code = np.zeros(len(members), dtype=np.int64)
    for place, name in enumerate(names):
        code |= truths(members[name]).astype(np.int64) << place
    found, count = np.unique(code, return_counts=True)
    inside = (found[:, None] >> np.arange(len(names)) & 1).astype(bool)
    table = pd.DataFrame(inside, columns=names)
    table = table.assign(customers=count.astype(np.int64), share=count / len(members))
    order = np.lexsort((found, -count))
    table = table.iloc[order]
    return table[table["customers"] >= at_least].reset_index(drop=True)


def group_profit(members: pd.DataFrame, a: str, b: str, *, profit: str = "profit") -> pd.DataFrame:
    """Profit of the customers in A only, in B only, in both and in neither.

    Parameters
    ----------
    members : DataFrame, one row per customer of the base
        `a`, `b` : True or False; `profit` : float, money
    a, b, profit : str

    Returns
    -------
    DataFrame, five rows
        part : str; only a, only b, both, neither; and interaction, how much those in both bring
            beyond the sum of what either group adds: both - only a - only b + neither
        customers : int64
        mean_profit, low, high : float64, with the 95 % interval (unequal variances)
        total_profit : float64; missing for the interaction

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or fewer than two customers are in a part.
    OutOfRangeError
        If a group holds no truth values, or the profit no numbers.

    Examples
    --------
    >>> members = pd.DataFrame({"new": [1, 1, 1, 1, 0, 0, 0, 0], "cheap": [1, 1, 0, 0] * 2,
    ...                         "profit": [9.0, 11, 29, 31, 19, 21, 9, 11]})
    >>> group_profit(members, "new", "cheap")[["part", "customers", "mean_profit"]]
              part  customers  mean_profit
    0       only a          2         30.0
    1       only b          2         20.0
    2         both          2         10.0
    3      neither          2         10.0
    4  interaction          8        -30.0
    """
    group_columns(members, [a, b])
    require_columns(members, profit=profit)
    require_values(members, profit)
    require_numbers(members, profit)
    place = 2 * truths(members[a]) + truths(members[b])
    money = members[profit].to_numpy("float64")
    count = bincount(place, minlength=4)
    words = ["only a", "only b", "both", "neither"]
    order = [2, 1, 3, 0]
    few = [word for word, part in zip(words, order, strict=True) if count[part] < 2]
    if few:
        raise BadRowsError(f"fewer than 2 customers are in {few} of {a!r} and {b!r}; take others.")
    total = bincount(place, money, 4)
    mean = total / count
    spread = bincount(place, (money - mean[place]) ** 2, 4) / (count - 1) / count
    rows = [
        (word, count[p], mean[p], spread[p], total[p]) for word, p in zip(words, order, strict=True)
    ]
    more = mean[3] - mean[2] - mean[1] + mean[0]
    rows.append(("interaction", len(members), more, spread.sum(), np.nan))
    part, customers, value, variance, sums = zip(*rows, strict=True)
    value, reach = np.array(value), Z * np.sqrt(variance)
    return pd.DataFrame(
        {
            "part": pd.Series(part, dtype="str"),
            "customers": np.array(customers, dtype=np.int64),
            "mean_profit": value,
            "low": value - reach,
            "high": value + reach,
            "total_profit": sums,
        }
    )


def group_columns(members: pd.DataFrame, groups: Sequence[str] | None) -> list[str]:
    """Return the names of the columns that say who is in a group, at least two of them."""
    require_columns(members)
    found: list[Any]
    if groups is None:
        kinds = members.dtypes
        found = [name for name, kind in kinds.items() if pd.api.types.is_bool_dtype(kind)]
        if len(found) < 2:
            found = [name for name in members if _holds_truths(members[name])]
    else:
        found = names_of("groups", groups)
    require_columns(members, *found)
    if len(found) < 2:
        raise OutOfRangeError(
            f"at least 2 groups are needed, columns of True and False; the frame has {found} of "
            f"{[*map(str, members.columns)]}."
        )
    if len({*found}) < len(found):
        raise OutOfRangeError(f"a group is named twice: {found}. Name each once.")
    if not len(members):
        raise EmptyError("there are no customers; at least one is needed.")
    require_values(members, *found)
    require_single(members, *found)
    require_truths(members, *found)
    return found


def require_parts(names: Sequence[str], size: np.ndarray, n: int) -> None:
    """Raise BadRowsError where a group is empty or the whole base."""
    empty = [name for name, count in zip(names, size, strict=True) if count == 0]
    whole = [name for name, count in zip(names, size, strict=True) if count == n]
    if empty or whole:
        raise BadRowsError(
            f"groups that cannot be compared with the rest: nobody is in {empty}, and all {n} "
            f"customers are in {whole}. Leave them out: groups=[…]"
        )


def truths(column: pd.Series) -> np.ndarray:
    """Return a column of truth values, of whatever kind, as booleans."""
    return column.to_numpy(dtype=bool)


def _holds_truths(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column.dtype) and bool(column.isin([0, 1]).all())


def _packed(column: pd.Series) -> np.ndarray:
    """Return truth values as bits in words of 64, the last one filled up with zeros."""
    packed = np.packbits(truths(column))
    room = np.zeros(-(-len(packed) // 8) * 8, dtype=np.uint8)
    room[: len(packed)] = packed
    return room.view(np.uint64)
