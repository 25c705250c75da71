"""Which pairs of records are worth comparing: those that share a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_columns, require_key
from crmlab._groups import bincount
from crmlab.errors import OutOfRangeError
from crmlab.identity.measure.ids import codes, pairs_within, positions

# The columns of each key, from coarse to fine: too large a block is split by the next one.
KEYS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "phone": ("phone_normal", "name_letters"),
        "email": ("email_normal", "name_letters"),
        "birth date": ("birth_date_normal", "name_letters"),
        "address": ("address_normal", "name_letters"),
    }
)
_COUNTS = ["blocks", "largest_block", "split", "left_out", "pairs"]


@dataclass(frozen=True)
class Blocks:
    """Pairs of records to compare, and how each key made them.

    pairs : DataFrame, one row per pair, sorted
        left, right : record ids, `left` the smaller
    report : DataFrame, one row per key, then one for "all"
        key : str
        blocks : int64, groups of two or more records that are paired
        largest_block : int64, records in the largest block, before any is split
        split : int64, records in blocks so large that the next column split them
        left_out : int64, records in blocks too large even then: this key does not pair them
        pairs : int64
        reduction : float64, share of all possible pairs that need no comparison
        completeness : float64, share of the true pairs that are found; NaN without a truth
    """

    pairs: pd.DataFrame
    report: pd.DataFrame


def candidate_pairs(
    records: pd.DataFrame,
    *,
    keys: Mapping[str, Sequence[str]] = KEYS,
    max_block: int = 50,
    truth: pd.DataFrame | None = None,
    record: str = "record_id",
    customer: str = "customer_id",
) -> Blocks:
    """Pairs of records that agree on at least one key.

    A block of more than `max_block` records is split by the next column of its key, and left out
    when there is none: so many records share a telephone because somebody typed 0000, and not
    because they are one person. A missing value is in no block.

    Parameters
    ----------
    records : DataFrame, one row per record, as returned by `normalise_records`
    keys : mapping of a key's name to its columns, from coarse to fine
    max_block : int, at least 2
        No record has more than `max_block` - 1 pairs by one key, so memory is bounded.
    truth : DataFrame, optional, with `record` and `customer`
        Tells how many of the true pairs are found.
    record : str, column of both frames that numbers the records
    customer : str, column of `truth`

    Returns
    -------
    Blocks
        pairs, report

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a record has no number, stands twice, or is not in the truth.
    OutOfRangeError
        If `max_block` is below 2, or there are no keys.

    Source
    ------
    Christen, P. (2012). A survey of indexing techniques for scalable record linkage and
    deduplication. doi:10.1109/TKDE.2011.127

    Examples
    --------
    >>> records = pd.DataFrame({"record_id": [1, 2, 3], "phone": ["5", "5", None]})
    >>> candidate_pairs(records, keys={"phone": ["phone"]}).pairs
       left  right
    0     1      2
    """
    require_at_least("max_block", max_block, 2)
    if not keys or not all(keys.values()):
        raise OutOfRangeError(f"each key needs a column or more; got {dict(keys)!r}.")
    columns = {column for parts in keys.values() for column in parts}
    require_columns(records, *columns, record=record)
    require_key(records, record)

    ids = records[record].reset_index(drop=True).sort_values()
    coded = {column: codes(records[column].iloc[ids.index]) for column in columns}
    person = None if truth is None else _people(truth, ids, record, customer)
    found, rows = [], []
    for parts in keys.values():
        (left, right), counts = _paired([coded[column] for column in parts], max_block)
        found.append(left * len(ids) + right)
        rows.append([*counts, len(left)])
    every = np.unique(np.concatenate(found))
    found.append(every)
    sums = np.array(rows)
    rows.append([sums[:, 0].sum(), sums[:, 1].max(), *sums[:, 2:4].sum(axis=0), len(every)])
    report = pd.DataFrame(rows, columns=_COUNTS).astype("int64")
    report.insert(0, "key", pd.Series([*keys, "all"], dtype="str"))
    possible = max(len(ids) * (len(ids) - 1) // 2, 1)
    report["reduction"] = 1 - report["pairs"] / possible
    report["completeness"] = [_completeness(each, person, len(ids)) for each in found]
    left, right = np.divmod(every, max(len(ids), 1))
    values = ids.array
    return Blocks(pd.DataFrame({"left": values[left], "right": values[right]}), report)


def _paired(
    parts: Sequence[np.ndarray], max_block: int
) -> tuple[tuple[np.ndarray, np.ndarray], list[int]]:
    """Return the pairs of one key, and how many blocks, the largest, records split and left out."""
    block = parts[0]
    size = _sizes(block)
    largest, split = int(size.max(initial=0)), 0
    for number, finer in enumerate(parts[1:]):
        large = size > max_block
        split += int(large.sum()) if number == 0 else 0
        both = block * (finer.max(initial=0) + 1) + np.where(large, finer, 0)
        block = codes(pd.Series(both).mask((block < 0) | (large & (finer < 0))))
        size = _sizes(block)
    block = np.where(size > max_block, -1, block)
    left_out = int(((block < 0) & (parts[0] >= 0)).sum())
    blocks = len(np.unique(block[_sizes(block) > 1]))
    return pairs_within(block), [blocks, largest, split, left_out]


def _sizes(block: np.ndarray) -> np.ndarray:
    """Return for each record how many stand in its block; 0 for those in none."""
    counts = bincount(block[block >= 0])
    return np.where(block >= 0, counts[np.maximum(block, 0)] if len(counts) else 0, 0)


def _people(truth: pd.DataFrame, ids: pd.Series, record: str, customer: str) -> np.ndarray:
    """Return the true person of each record."""
    require_columns(truth, record, customer)
    require_key(truth, record)
    return codes(truth[customer].iloc[positions(truth[record], ids)])


def _completeness(pairs: np.ndarray, person: np.ndarray | None, n: int) -> float:
    """Return the share of the true pairs that are among `pairs`."""
    if person is None:
        return np.nan
    left, right = np.divmod(pairs, n)
    sizes = bincount(person)
    true = (sizes * (sizes - 1) // 2).sum()
    return float((person[left] == person[right]).sum() / true) if true else np.nan
