"""Tables of counts that can be published: small cells hidden, and not given away by the margins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse.csgraph import csgraph_from_dense, dijkstra

from crmlab._checks import (
    names_of,
    require_at_least,
    require_columns,
    require_numbers,
    require_single,
    require_values,
)
from crmlab._groups import bincount
from crmlab._words import N_
from crmlab.errors import AmbiguousError, OutOfRangeError

TOTAL = N_("total")
_HIDDEN, _MARGIN = 1e-3, 1e6  # what hiding costs: a cell hidden already, times for a margin


def published_table(
    people: pd.DataFrame, *, by: Sequence[str], min_cell: int = 5, complementary: bool = True
) -> pd.DataFrame:
    """Headcounts by one or two columns with their margins, fit to be published.

    Every count below `min_cell` is hidden, zeros and margins too. Hidden counts could still be
    worked out from the margins, so further cells are hidden (complementary suppression,
    次级隐匿) until each hidden count has at least two values that agree with all that is published;
    cells of few people first, margins last. The table does not say which cells were hidden first.

    Parameters
    ----------
    people : DataFrame, one row per person
    by : one or two columns of `people`, without missing values; band dates and numbers first
    min_cell : int, at least 1
    complementary : bool
        False leaves the margins to give small cells away, as many published tables do.

    Returns
    -------
    DataFrame, one row per cell and margin, sorted by the columns, totals last
        <columns of `by`> : str; "total" for margins
        people : float64, whole numbers; NaN where hidden

    Raises
    ------
    MissingColumnsError
        If `people` lacks one of the columns.
    BadRowsError
        If a row has no value in one of them.
    OutOfRangeError
        If there are no people, not one or two columns, or `min_cell` is below 1.
    AmbiguousError
        If a value is itself called "total", or two values look alike as text.

    See Also
    --------
    cell_intervals : what a reader can work out.
    crmlab.privacy.plot.plot_published_table : draws this frame.

    Source
    ------
    Cox, L. H. (1980). Suppression methodology and statistical disclosure control. Journal of the
    American Statistical Association 75(370), 377-385. doi:10.1080/01621459.1980.10477481. The cells
    to add are found as cheapest cycles: Kelly, J. P., Golden, B. L. and Assad, A. A. (1992). Cell
    suppression. Networks 22(4), 397-417. doi:10.1002/net.3230220407

    Examples
    --------
    >>> people = pd.DataFrame({"city": ["A"] * 9 + ["B"] * 2 + ["C"] * 7})
    >>> published_table(people, by=["city"])
        city  people
    0      A     9.0
    1      B     NaN
    2      C     NaN
    3  total    18.0
    """
    columns = names_of("by", by)
    if len(columns) not in (1, 2):
        raise OutOfRangeError(
            f"by must be one or two columns; got {columns}. Join two into one first."
        )
    require_columns(people, *columns)
    require_values(people, *columns)
    require_single(people, *columns)
    require_at_least("the number of people", len(people), 1)
    require_at_least("min_cell", min_cell, 1)

    counts, names = _with_margins(people, columns)
    hidden = counts < min_cell
    if complementary:
        hidden = _complemented(counts, hidden)
    shown = np.where(hidden, np.nan, counts)
    cells = pd.MultiIndex.from_product(names, names=columns).to_frame(index=False)
    # One column stands as a single row of cells: its margin would only repeat it.
    return cells.assign(people=shown[: len(names[0])].ravel() if len(columns) == 2 else shown[0])


def cell_intervals(published: pd.DataFrame) -> pd.DataFrame:
    """Least and most that each cell can be, for a reader who solves the margins.

    Who knows `min_cell` too knows that some hidden counts lie below it, yet not which.

    Parameters
    ----------
    published : DataFrame, as returned by `published_table`

    Returns
    -------
    DataFrame, as `published`, with
        least, most : float64, whole numbers; `most` is infinite where nothing bounds it

    Raises
    ------
    MissingColumnsError
        If `published` has no column people, or there are not one or two others.
    OutOfRangeError
        If no counts of whole numbers 0 or more agree with the table.

    Examples
    --------
    >>> people = pd.DataFrame({"city": ["A"] * 9 + ["B"] * 2 + ["C"] * 7})
    >>> cell_intervals(published_table(people, by=["city"]))
        city  people  least  most
    0      A     9.0    9.0   9.0
    1      B     NaN    0.0   9.0
    2      C     NaN    0.0   9.0
    3  total    18.0   18.0  18.0
    """
    require_columns(published, "people")
    columns = [column for column in published.columns if column != "people"]
    require_columns(published, *(["column"] if len(columns) not in (1, 2) else []))
    require_at_least("the number of cells", len(published), 1)
    require_numbers(published.dropna(), "people")
    equations = np.array([*_margins_of(published, columns)])
    count = published["people"].to_numpy("float64")
    hidden = np.flatnonzero(np.isnan(count))
    left = equations[:, hidden]
    right = -(equations * np.nan_to_num(count)).sum(axis=1)

    least, most = count.copy(), count.copy()
    for place, cell in enumerate(hidden):
        goal = np.zeros(len(hidden))
        goal[place] = 1
        least[cell] = _extreme(goal, left, right)
        most[cell] = -_extreme(-goal, left, right)
    return published.assign(least=least + 0.0, most=most + 0.0)  # -0.0 is 0


def _with_margins(people: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, list[list[str]]]:
    """Return the counts with a total row and a total column, and the names along each side."""
    names, codes = [], []
    for column in columns:
        code, values = pd.factorize(people[column], sort=True)
        words = [str(value) for value in values]
        if TOTAL in words or len({*words}) < len(words):
            raise AmbiguousError(
                f"{column} has a value called {TOTAL!r}, or two that look alike as text: "
                f"{words[:10]}. Rename them first."
            )
        names.append([*words, TOTAL])
        codes.append(code)
    rows, row = (1, 0 * codes[0]) if len(columns) == 1 else (len(names[0]) - 1, codes[0])
    width = len(names[-1]) - 1
    inner = bincount(row * width + codes[-1], minlength=rows * width).reshape(rows, width)
    wide = np.column_stack([inner, inner.sum(axis=1)])
    return np.vstack([wide, wide.sum(axis=0)]), names


def _complemented(counts: np.ndarray, small: np.ndarray) -> np.ndarray:
    """Return which cells to hide so that every cell of `small` could also be another number.

    Rows and columns are the nodes of a graph, cells its edges: adding one person to a cell and
    taking one from the next, around a cycle, keeps all sums. Margins carry the other sign. A hidden
    cell that lies on a cycle of hidden cells, none of which falls below zero, is safe.
    """
    hidden = small.copy()
    rows, columns = counts.shape
    margin = np.zeros(counts.shape, dtype=bool)
    margin[-1, :] = margin[:, -1] = True
    less = margin | (counts > 0)  # one more is always possible: no margin is of nobody
    for row, column in np.argwhere(small):
        published = (counts + 1.0) * np.where(margin, _MARGIN, 1)
        cost = np.where(hidden, _HIDDEN, published)
        cost[row, column] = np.inf
        graph = np.full((rows + columns, rows + columns), np.inf)
        graph[:rows, rows:] = cost
        graph[rows:, :rows] = np.where(less, cost, np.inf).T
        ends = [(rows + column, row), (row, rows + column)][: 1 + less[row, column]]
        lengths, before = dijkstra(
            csgraph_from_dense(graph, null_value=np.inf), return_predecessors=True
        )
        start, node = min(ends, key=lambda pair: lengths[pair])
        while node != start:
            previous = before[start, node]
            hidden[min(node, previous), max(node, previous) - rows] = True
            node = previous
    return hidden


def _margins_of(published: pd.DataFrame, columns: list[str]) -> Iterator[np.ndarray]:
    """Yield one equation per sum: 1 for its parts, -1 for the total, 0 elsewhere; it makes 0."""
    for column in columns:
        others = [other for other in columns if other != column]
        total = published[column].to_numpy() == TOTAL
        lines = published.groupby(others).ngroup().to_numpy() if others else np.zeros(len(total))
        for line in np.unique(lines):
            yield np.where(lines == line, np.where(total, -1, 1), 0)


def _extreme(goal: np.ndarray, left: np.ndarray, right: np.ndarray) -> float:
    """Return the least that `goal` can be; such equations have whole-number corners."""
    found = linprog(goal, A_eq=left, b_eq=right, bounds=(0, None))
    if found.status == 3:  # unbounded
        return -np.inf
    if found.status != 0:
        raise OutOfRangeError(
            "no whole numbers agree with this table: its cells do not add up to its margins."
        )
    return float(np.rint(found.fun))
