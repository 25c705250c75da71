"""From pairs to people: which records belong together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from crmlab._checks import require_columns, require_key, require_numbers
from crmlab._groups import bincount
from crmlab.errors import BadRowsError, OutOfRangeError
from crmlab.identity.measure.ids import pairs_within, positions

LARGEST = 500  # records of one component; more is no person


def cluster_records(
    records: pd.DataFrame, pairs: pd.DataFrame, *, record: str = "record_id"
) -> pd.DataFrame:
    """One number per person, from what speaks for and against each pair of records.

    Records that are joined by pairs with a positive weight, however long the chain, are a
    component. If a pair of it has a negative weight, somebody may have been chained to somebody
    else, as when a record without a name has the phone of both spouses. Then the component is built
    up again: the two groups with the largest sum of weights between them are joined, as long as
    that sum is positive (greedy additive joining; ties go to the smaller record numbers).

    Parameters
    ----------
    records : DataFrame, one row per record, with `record`
    pairs : DataFrame, one row per pair
        left, right : record ids, in either order
        weight : float, for (above 0) or against (below 0) both being one person, such as the log
            odds; a pair that is not there speaks neither for nor against
    record : str, column that numbers the records

    Returns
    -------
    DataFrame, one row per record, sorted by it
        <record> : as in `records`
        person_id : int64, from 1, in the order of each person's smallest record number

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a record has no number or stands twice, or a pair stands twice, joins a record with
        itself or names one that is not there.
    OutOfRangeError
        If a component has more than 500 records.

    See Also
    --------
    unseen_pairs : pairs of a component that still need a weight.

    Source
    ------
    Bansal, N., Blum, A., Chawla, S. (2004). Correlation clustering.
    doi:10.1023/B:MACH.0000033116.57574.95
    Keuper, M. et al. (2015). Efficient decomposition of image and mesh graphs by lifted multicuts.
    doi:10.1109/ICCV.2015.204

    Examples
    --------
    >>> records = pd.DataFrame({"record_id": [1, 2, 3]})
    >>> chain = pd.DataFrame({"left": [1, 2, 1], "right": [2, 3, 3], "weight": [5, 4, -9.0]})
    >>> cluster_records(records, chain)["person_id"].tolist()
    [1, 1, 2]
    """
    ids, left, right, weight = _checked(records, pairs, record)
    order = np.lexsort((right, left))
    left, right, weight = left[order], right[order], weight[order]
    component = _components(len(ids), left, right, weight)
    person = component.copy()
    inside = component[left] == component[right]
    against = np.unique(component[left[inside & (weight < 0)]])
    split = inside & np.isin(component[left], against)
    parts = pd.DataFrame({"left": left[split], "right": right[split], "weight": weight[split]})
    free = len(ids)
    for _, part in parts.groupby(component[left[split]]):
        members = np.unique(part[["left", "right"]].to_numpy())
        groups = _joined(members, part)
        person[members] = free + groups
        free += len(members)
    _, first, number = np.unique(person, return_index=True, return_inverse=True)
    rank = first.argsort().argsort() + 1
    return pd.DataFrame({record: ids.array, "person_id": rank[number].astype("int64")})


def unseen_pairs(
    records: pd.DataFrame, pairs: pd.DataFrame, *, record: str = "record_id"
) -> pd.DataFrame:
    """Pairs of records that hang together by a chain, but were never compared themselves.

    Parameters
    ----------
    records, pairs, record : as in `cluster_records`

    Returns
    -------
    DataFrame, one row per pair, sorted
        left, right : record ids, `left` the smaller

    Raises
    ------
    As `cluster_records`.

    Examples
    --------
    >>> records = pd.DataFrame({"record_id": [1, 2, 3]})
    >>> chain = pd.DataFrame({"left": [1, 2], "right": [2, 3], "weight": [5.0, 4.0]})
    >>> unseen_pairs(records, chain)
       left  right
    0     1      3
    """
    ids, left, right, weight = _checked(records, pairs, record)
    component = _components(len(ids), left, right, weight)
    one, other = pairs_within(component)
    seen = np.isin(one * len(ids) + other, left * len(ids) + right)
    found = np.sort(one[~seen] * len(ids) + other[~seen])
    one, other = np.divmod(found, max(len(ids), 1))
    return pd.DataFrame({"left": ids.array[one], "right": ids.array[other]})


def _checked(
    records: pd.DataFrame, pairs: pd.DataFrame, record: str
) -> tuple[pd.Series, np.ndarray, np.ndarray, np.ndarray]:
    """Return sorted record ids, and of each pair both positions, smaller first, and the weight."""
    require_columns(records, record=record)
    require_columns(pairs, "left", "right", "weight")
    require_numbers(pairs, "weight")
    require_key(records, record)
    ids = records[record].sort_values()
    both = np.sort([positions(ids, pairs["left"]), positions(ids, pairs["right"])], axis=0)
    left, right = both
    twice = pd.Series(left * len(ids) + right).duplicated().to_numpy() | (left == right)
    if twice.any():
        rows = np.flatnonzero(twice)[:10].tolist()
        raise BadRowsError(
            f"{twice.sum()} pair(s) stand twice, or join a record with itself: rows {rows}. "
            "Keep one row of each pair, as candidate_pairs makes them."
        )
    return ids, left, right, pairs["weight"].to_numpy("float64")


def _components(n: int, left: np.ndarray, right: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the component of each record, joined by positive weights."""
    joins = weight > 0
    graph = coo_array((np.ones(joins.sum(), bool), (left[joins], right[joins])), shape=(n, n))
    component = connected_components(graph, directed=False)[1].astype("int64")
    largest = int(bincount(component).max(initial=0))
    if largest > LARGEST:
        raise OutOfRangeError(
            f"{largest} records hang together; more than {LARGEST} are no person. Look for a value "
            "that many share, such as a phone of 0000, make it missing, or raise the threshold."
        )
    return component


def _joined(members: np.ndarray, part: pd.DataFrame) -> np.ndarray:
    """Return the group of each of `members`, joined while the sum of weights is positive."""
    n = len(members)
    sums = np.zeros((n, n))
    left, right = (np.searchsorted(members, part[side]) for side in ("left", "right"))
    sums[left, right] = sums[right, left] = part["weight"]
    np.fill_diagonal(sums, -np.inf)
    group = np.arange(n)
    while True:
        one, other = np.unravel_index(sums.argmax(), sums.shape)
        if sums[one, other] <= 0:
            return group
        sums[one] += sums[other]
        sums[:, one] = sums[one]
        sums[one, one] = -np.inf
        sums[other], sums[:, other] = -np.inf, -np.inf
        group[group == group[other]] = group[one]
