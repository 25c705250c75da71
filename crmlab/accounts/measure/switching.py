"""Switching above shares, and a map of brands."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab.accounts.measure.known import plain
from crmlab.errors import BadRowsError, OutOfRangeError


def switching_above_shares(switching: pd.DataFrame) -> pd.DataFrame:
    """Pairs between which customers switch more than the brands' sizes predict.

    Who leaves a brand goes to the biggest most often: raw switching always names it. Here the
    switches i -> j, without those who stayed, are laid beside a_i b_j with the same sums over rows
    and columns (quasi-independence, by iterative proportional fitting).

    Parameters
    ----------
    switching : DataFrame, as returned by `crmlab.loyalty.switching_matrix`
        from_brand, to_brand; steps : int64

    Returns
    -------
    DataFrame, one row per pair of brands, the highest index first
        brand, rival : as given, in alphabetical order
        switches : float64, both ways; expected : float64
        index : float64, the one over the other; missing where none is expected

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a count is below 0.
    OutOfRangeError
        If there are fewer than 4 brands, of which every table of switches would fit, or nobody
        switched.

    Source
    ------
    Goodman (1968), doi:10.1080/01621459.1968.10480916.

    Examples
    --------
    >>> rows = [(a, b, 30 if {a, b} == {"D", "E"} else 10) for a in "ABCDE" for b in "ABCDE"]
    >>> table = pd.DataFrame(rows, columns=["from_brand", "to_brand", "steps"])
    >>> switching_above_shares(table)[["brand", "rival", "index"]].head(1).round(2)
      brand rival  index
    0     D     E   1.37
    """
    require_columns(switching, "from_brand", "to_brand", "steps")
    require_rows(switching)
    require_values(switching, "from_brand", "to_brand", "steps")
    table = plain(switching, "from_brand", "to_brand", "steps")
    require_numbers(table, "steps")
    if (table["steps"] < 0).any():
        raise BadRowsError("some steps are below 0; they count switches.")
    names = np.array(sorted({*table["from_brand"]} | {*table["to_brand"]}), dtype=object)
    m, at = len(names), pd.Index(names)
    if m < 4:
        raise OutOfRangeError(f"switching above shares needs 4 brands or more; got {[*names]}.")
    ends = (at.get_indexer(pd.Index(table[name])) for name in ("from_brand", "to_brand"))
    one, other = ends
    steps = bincount(one * m + other, table["steps"].to_numpy("float64"), m * m).reshape(m, m)
    np.fill_diagonal(steps, 0)
    if not steps.any():
        raise OutOfRangeError("nobody switched from one brand to another.")
    expected = _quasi_independent(steps)
    one, other = np.array([*combinations(range(m), 2)]).T
    seen, fitted = (each[one, other] + each[other, one] for each in (steps, expected))
    index = np.divide(seen, fitted, out=np.full(len(seen), np.nan), where=fitted > 0)
    found = pd.DataFrame({"brand": names[one], "rival": names[other]})
    found = found.assign(switches=seen, expected=fitted, index=index)
    return found.sort_values(
        ["index", "brand", "rival"], ascending=[False, True, True], ignore_index=True
    )


def rival_map(pairs: pd.DataFrame) -> pd.DataFrame:
    """Map of brands (知觉图): rivals close together, by multidimensional scaling.

    The distance of two brands is the inverse of their index: twice as many common buyers as sizes
    predict are half the distance. The map is the one whose distances miss these least, in squares,
    from the classical map of Torgerson on.

    Parameters
    ----------
    pairs : DataFrame, as returned by `duplication_of_purchase`
        brand, rival; index : float64; every pair of brands once

    Returns
    -------
    DataFrame, one row per brand, in alphabetical order
        brand : str
        x, y : float64; the map may be turned and mirrored, so the brand farthest from the middle
            is put to the right, and of the others the farthest off the line above it
        stress : float64, alike in every row: Kruskal's, 0 where the map shows the distances
            exactly; 0.2 is a poor map

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column, a value or a pair is missing, a pair stands twice, or an index is below 0.
    OutOfRangeError
        If there are fewer than 3 brands, or no pair has an index above 0.

    Source
    ------
    Torgerson (1952), doi:10.1007/BF02288916; Kruskal (1964), doi:10.1007/BF02289565.

    Examples
    --------
    >>> pairs = pd.DataFrame({"brand": ["A", "A", "B"], "rival": ["B", "C", "C"],
    ...     "index": [2.0, 0.5, 0.5]})
    >>> found = rival_map(pairs).set_index("brand")
    >>> a, b, c = found[["x", "y"]].to_numpy()
    >>> np.hypot(*(a - b)).round(2), np.hypot(*(a - c)).round(2)
    (np.float64(0.5), np.float64(2.0))
    """
    require_columns(pairs, "brand", "rival", "index")
    require_rows(pairs)
    require_values(pairs, "brand", "rival")
    table = plain(pairs, "brand", "rival", "index")
    require_numbers(table.dropna(subset=["index"]), "index")
    names = sorted({*table["brand"]} | {*table["rival"]})
    m, at = len(names), pd.Index(names)
    if m < 3:
        raise OutOfRangeError(f"a map needs 3 brands or more; got {names}.")
    one, other = (at.get_indexer(pd.Index(table[name])) for name in ("brand", "rival"))
    index = table["index"].to_numpy("float64")
    if (index < 0).any():
        raise BadRowsError("an index is a ratio of buyers, and some are below 0.")
    if not (index > 0).any():
        raise OutOfRangeError("no two brands share a buyer, so no distance can be told.")
    far = 1 / max(index[index > 0].min() / 2, 1e-9)
    distance = np.full((m, m), np.nan)
    np.fill_diagonal(distance, 0)
    # Who shares nobody is twice as far as the farthest who share somebody.
    distance[one, other] = distance[other, one] = np.divide(
        1, index, out=np.full(len(index), far), where=index > 0
    )
    if np.isnan(distance).any() or len(index) != m * (m - 1) / 2:
        raise BadRowsError(
            "some pairs of brands are missing, or stand twice; hand over every pair once."
        )
    middle = np.eye(m) - 1 / m
    values, vectors = np.linalg.eigh(-middle @ distance**2 @ middle / 2)
    order = np.argsort(values)[::-1][:2]
    start = vectors[:, order] * np.sqrt(np.maximum(values[order], 1e-6))
    i, j = np.triu_indices(m, 1)

    def misses(flat: np.ndarray) -> np.ndarray:
        xy = flat.reshape(m, 2)
        return np.hypot(*(xy[i] - xy[j]).T) - distance[i, j]

    best = least_squares(misses, start.ravel())
    stress = float(np.sqrt((best.fun**2).sum() / (distance[i, j] ** 2).sum()))
    xy = _turned(best.x.reshape(m, 2))
    found = {"brand": pd.Series(names, dtype="str"), "x": xy[:, 0], "y": xy[:, 1]}
    return pd.DataFrame({**found, "stress": stress})


def _turned(xy: np.ndarray) -> np.ndarray:
    """Return a map about its middle, the farthest brand to the right, the next above the line."""
    xy = xy - xy.mean(axis=0)
    far = xy[np.hypot(*xy.T).argmax()]
    angle = np.arctan2(far[1], far[0])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    xy = xy @ turn
    return xy * [1, -1 if xy[np.abs(xy[:, 1]).argmax(), 1] < 0 else 1]


def _quasi_independent(steps: np.ndarray, *, rounds: int = 2_000) -> np.ndarray:
    """Return a_i b_j off the diagonal with the sums of `steps` over rows and columns."""
    fitted = 1.0 - np.eye(len(steps))
    for _ in range(rounds):
        before = fitted.copy()
        for axis in (1, 0):
            have, want = (table.sum(axis=axis, keepdims=True) for table in (fitted, steps))
            fitted = fitted * np.divide(want, have, out=np.zeros_like(want), where=have > 0)
        if np.abs(fitted - before).max() < 1e-10 * steps.sum():
            break
    return fitted
