"""Which products are bought together: all sets that are frequent, all pairs, and their matrix."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_positive,
    require_probability,
    require_real,
    require_rows,
    require_values,
)
from crmlab._groups import bincount, repeat
from crmlab._purchases import as_frame, plain_ids
from crmlab.errors import OutOfRangeError

# So many places are looked at in one step, which bounds the memory.
_STEP, _MOST = 8_000_000, 300_000_000
# Up to so many pairs of products are counted in one table, by so many places in one step.
_CELLS, _PLACES = 1 << 25, 30_000


class Baskets(NamedTuple):
    """Baskets as a matrix of ones, a row for each basket, and the names of its rows and columns."""

    matrix: Any
    baskets: Any
    products: Any


def as_baskets(lines: pd.DataFrame, *, basket: str, product: str) -> Baskets:
    """Return `lines` as a matrix; a product that stands twice in a basket counts once."""
    lines = as_frame(lines)
    require_columns(lines, basket=basket, product=product)
    require_rows(lines)
    require_values(lines, basket, product)
    row, baskets = _coded(lines[basket])
    column, products = _coded(lines[product])
    shape = (len(baskets), len(products))
    matrix = csr_array((np.ones(len(row), np.int32), (row, column)), shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return Baskets(matrix, baskets, products)


def _coded(names: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the code of each name, and the names in order."""
    if isinstance(names.dtype, pd.CategoricalDtype):
        used = names.cat.remove_unused_categories()
        plain = plain_ids(pd.Series(used.cat.categories, name=names.name)).to_numpy()
        order = np.argsort(plain)
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        return place[used.cat.codes.to_numpy()], plain[order]
    plain = plain_ids(names).to_numpy()
    if plain.dtype.kind == "i" and len(plain) and plain.max() - plain.min() < 4 * len(plain):
        least = plain.min()
        here = np.zeros(plain.max() - least + 1, np.int64)
        here[plain - least] = 1
        return (np.cumsum(here) - 1)[plain - least], np.flatnonzero(here) + least
    codes, values = pd.factorize(plain, sort=True)
    return codes, np.asarray(values)


def basket_pairs(
    lines: pd.DataFrame, *, prior: float = 10.0, basket: str = "basket_id", product: str = "product"
) -> pd.DataFrame:
    """All pairs of products that met in a basket: how often, how often by chance, and the lift.

    Parameters
    ----------
    lines : DataFrame, one row per product in a basket: `basket`, `product`
        What stands in a basket twice counts once; row order does not matter.
    prior : float, above 0
        The shrunk lift counts as if the pair had been seen so many times more, just as often as
        expected: rare pairs stay near 1, until they have been seen.
    basket, product : str

    Returns
    -------
    DataFrame, one row per pair that met, `product` before `other` in order
        product, other : as given
        together : int64, baskets with both
        expected : float64, baskets with both if they had nothing to do with each other
        lift : float64, together / expected
        shrunk_lift : float64, (together + prior) / (expected + prior)

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are no lines, or `prior` is not above 0.

    See Also
    --------
    association_rules : with directions, tests and sets of any length.

    Source
    ------
    Shrinking observed over expected counts by a gamma law: DuMouchel (1999),
    doi:10.1080/00031305.1999.10474456.

    Examples
    --------
    >>> products = ["tea", "cup", "tea", "cup", "tea"]
    >>> lines = pd.DataFrame({"basket_id": [1, 1, 2, 2, 3], "product": products})
    >>> basket_pairs(lines)[["product", "other", "together", "lift"]]
      product other  together  lift
    0     cup   tea         2   1.0
    """
    require_positive("prior", prior)
    matrix, baskets, products = as_baskets(lines, basket=basket, product=product)
    alone = bincount(matrix.indices, minlength=len(products))
    one, other, together = pairs_together(matrix)
    expected = alone[one] * alone[other] / len(baskets)
    return pd.DataFrame(
        {
            "product": products[one],
            "other": products[other],
            "together": together,
            "expected": expected,
            "lift": together / expected,
            "shrunk_lift": (together + prior) / (expected + prior),
        }
    )


def pairs_together(matrix: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pairs of columns that meet in a row, in order, and in how many rows they do."""
    products = matrix.shape[1]
    if products**2 > _CELLS:
        both = (matrix.T.tocsr() @ matrix).tocoo()
        one, other = both.coords
        kept = np.flatnonzero(one < other)
        kept = kept[np.lexsort((other[kept], one[kept]))]
        return one[kept], other[kept], both.data[kept].astype(np.int64)
    # In 32 bits, and a few baskets at a time, what is counted stays near the processor.
    counts = np.zeros(products**2, np.int32)
    size = np.diff(matrix.indptr)
    items = matrix.indices.astype(np.intp)
    for many in np.unique(size[size > 1]):
        begin = matrix.indptr[:-1][size == many]
        step = max(_PLACES // int(many), 1)
        for first in range(0, len(begin), step):
            # A row of `held` is one place in all baskets of this size.
            held = items[begin[first : first + step] + np.arange(many)[:, None]]
            for place in range(many - 1):
                pairs = held[place] * products + held[place + 1 :]
                np.add.at(counts, pairs.ravel(), np.int32(1))
    met = np.flatnonzero(counts)
    return *np.divmod(met, products), counts[met].astype(np.int64)


def frequent_sets(
    lines: pd.DataFrame,
    *,
    min_support: float = 0.01,
    max_length: int | None = None,
    basket: str = "basket_id",
    product: str = "product",
) -> pd.DataFrame:
    """All sets of products that stand together in enough baskets.

    Enough is a whole number of baskets: the least one whose share is `min_support` or more, taken
    as the decimal that was typed, so that a set at exactly the threshold is never lost.

    Parameters
    ----------
    lines : DataFrame, one row per product in a basket: `basket`, `product`
    min_support : float in (0, 1], a share of the baskets
    max_length : int of 1 or more, optional
        The longest sets to look for; all when omitted.
    basket, product : str

    Returns
    -------
    DataFrame, shorter sets first, then the more frequent
        products : tuple of products, in order
        length, together : int64; together counts the baskets with all of them
        support : float64, as a share of all baskets

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are no lines, `min_support` lies outside (0, 1], `max_length` is below 1, or there
        would be too many sets.

    Source
    ------
    A set grows by the products behind its last one, in the baskets that hold it: Zaki (2000),
    doi:10.1109/69.846291.

    Examples
    --------
    >>> products = ["tea", "cup", "tea", "cup", "ink"]
    >>> lines = pd.DataFrame({"basket_id": [1, 1, 2, 2, 3], "product": products})
    >>> frequent_sets(lines, min_support=0.5)
         products  length  together   support
    0      (cup,)       1         2  0.666667
    1      (tea,)       1         2  0.666667
    2  (cup, tea)       2         2  0.666667
    """
    if max_length is not None:
        require_real(max_length=max_length)
    held = as_baskets(lines, basket=basket, product=product)
    if max_length is not None:
        require_at_least("max_length", max_length, 1)
    levels = grown(held, min_support=min_support, max_length=max_length)
    tables = [
        pd.DataFrame(
            {
                "products": [*map(tuple, held.products[sets])],
                "length": sets.shape[1],
                "together": counts,
            }
        )
        for sets, counts, *_ in levels
    ]
    table = (
        pd.concat(tables) if tables else pd.DataFrame(columns=["products", "length", "together"])
    )
    table = table.assign(support=table["together"] / len(held.baskets))
    order = ["length", "together", "products"]
    return table.sort_values(order, ascending=[True, False, True], ignore_index=True)


def least_count(share: float, of: int) -> int:
    """Return the least whole number whose share of `of` is `share`, or more, as a float says it.

    So 0.28 of 25 is 7, and 1 / 11 of 11 is 1, though neither float is the share that is meant.
    """
    least = ceil(Fraction(float(share)) * of)
    return least - int((least - 1) / of >= share)


def grown(
    held: Baskets,
    *,
    min_support: float,
    max_length: int | None = None,
    sizes: bool = False,
) -> list[tuple[np.ndarray, ...]]:
    """Return for each length the frequent sets (codes of products, a row each) and their counts.

    With `sizes`, also how many baskets of each size from 0 hold each set.
    """
    require_probability("min_support", min_support)
    least = max(least_count(min_support, len(held.baskets)), 1)
    alone = bincount(held.matrix.indices, minlength=len(held.products))
    # The rarest first: sets that begin with it stand in few baskets.
    order = np.argsort(alone, kind="stable")
    order = order[alone[order] >= least]
    rank = np.full(len(alone), -1)
    rank[order] = np.arange(len(order))
    place = rank[held.matrix.indices]
    size = np.diff(held.matrix.indptr)
    row = repeat(np.arange(len(held.baskets)), size)[place >= 0]
    cell = np.sort(row * max(len(order), 1) + place[place >= 0])
    row, item = np.divmod(cell, max(len(order), 1))
    after = np.searchsorted(row, row, side="right")  # where the basket of each place ends
    levels, sets = [], np.arange(len(order))[:, None]
    counts, at, owner = alone[order], np.arange(len(item)), item
    while len(sets) and (max_length is None or sets.shape[1] <= max_length):
        level = np.sort(order[sets], axis=1), counts
        if sizes:
            lie = owner * (size.max() + 1) + size[row[at]]
            spread = bincount(lie, minlength=len(sets) * (size.max() + 1))
            level = *level, spread.reshape(len(sets), -1)
        levels.append(level)
        if sets.shape[1] == max_length:
            break
        sets, counts, at, owner = _longer(sets, at, owner, item, after, least)
    return levels


def _longer(
    sets: np.ndarray,
    at: np.ndarray,
    owner: np.ndarray,
    item: np.ndarray,
    after: np.ndarray,
    least: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the frequent sets with one product more, their counts, and where they stand.

    `at` holds the place of the last product of set `owner` in each basket that has the set.
    """
    products = int(item.max()) + 1
    by_set = np.argsort(owner, kind="stable")
    at, owner = at[by_set], owner[by_set]
    rest = after[at] - at - 1
    if rest.sum() > _MOST:
        raise OutOfRangeError(
            f"at this min_support, sets of {sets.shape[1]} products leave {rest.sum():,} places to "
            "look at, which is too many. Raise min_support, or give max_length."
        )
    begin = np.searchsorted(owner, np.arange(len(sets) + 1))
    work = np.cumsum(np.r_[0, rest])[begin] + products * np.arange(len(sets) + 1)
    found: list[tuple[np.ndarray, ...]] = []
    first = made = 0
    while first < len(sets):
        last = max(int(np.searchsorted(work, work[first] + _STEP)) - 1, first + 1)
        here = slice(begin[first], begin[last])
        spot = repeat(at[here] + 1 - np.r_[0, np.cumsum(rest[here])[:-1]], rest[here])
        spot += np.arange(len(spot))
        key = repeat((owner[here] - first) * products, rest[here]) + item[spot]
        counts = bincount(key, minlength=(last - first) * products)
        kept = np.flatnonzero(counts >= least)
        number = np.full(len(counts), -1)
        number[kept] = made + np.arange(len(kept))
        owns = number[key]
        parent, added = first + kept // products, kept % products
        grown_sets = np.c_[sets[parent], added]
        found.append((grown_sets, counts[kept], spot[owns >= 0], owns[owns >= 0]))
        first, made = last, made + len(kept)
    grown_sets, counts, spots, owners = map(np.concatenate, zip(*found, strict=True))
    return grown_sets, counts, spots, owners
