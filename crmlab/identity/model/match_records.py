"""From records as they were typed to people, in one call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab.identity.measure.block import KEYS, candidate_pairs
from crmlab.identity.measure.cluster import cluster_records, unseen_pairs
from crmlab.identity.measure.compare import COMPARISONS, Comparison, compare_pairs
from crmlab.identity.measure.normalise import KINDS, normalise_records
from crmlab.identity.model.match import Matcher, log_odds

STRANGERS = 200


@dataclass(frozen=True)
class Matched:
    """The records of each person, and how they were found.

    people : DataFrame, one row per record: its number and person_id (int64)
    pairs : DataFrame, one row per pair that was compared: left, right, a level per field, then
        weight, probability and match, see `Matcher.predict`
    blocks : DataFrame, how the pairs were made, see `Blocks`
    matcher : Matcher, fitted
    placeholders : DataFrame, what was taken for no value: field, value (str), records (int64)
    """

    people: pd.DataFrame
    pairs: pd.DataFrame
    blocks: pd.DataFrame
    matcher: Matcher
    placeholders: pd.DataFrame


def match_records(
    records: pd.DataFrame,
    *,
    kinds: Mapping[str, str] = KINDS,
    keys: Mapping[str, Sequence[str]] = KEYS,
    comparisons: Sequence[Comparison] = COMPARISONS,
    threshold: float = 0.5,
    max_block: int = 50,
    record: str = "record_id",
) -> Matched:
    """Find the records that belong to one person: normalise, block, compare, learn, cluster.

    The matcher learns from all pairs that share a key, and from 200 pairs drawn at random (the
    same each time), so that it knows strangers even where the keys bring none together.

    Parameters
    ----------
    records : DataFrame, one row per record
        The columns of `kinds`, as they were typed.
    kinds : mapping of column to kind, see `normalise_records`
    keys : mapping of name to columns, see `candidate_pairs`
    comparisons : sequence of Comparison, see `compare_pairs`
    threshold : float in (0, 1], probability from which on a pair speaks for one person
    max_block : int, at least 2
    record : str, column that numbers the records

    Returns
    -------
    Matched
        people, pairs, blocks, matcher, placeholders

    Raises
    ------
    MissingColumnsError
        If `records` lacks a column.
    BadRowsError
        If a record has no number or stands twice.
    OutOfRangeError
        If `threshold` lies outside (0, 1], `max_block` is below 2, or the pairs fall into no two
        kinds.

    See Also
    --------
    crmlab.identity.measure.match_quality : compares the result with a truth.
    crmlab.identity.measure.golden_records : makes one record of each person.

    Examples
    --------
    >>> from crmlab.collection.simulate import simulate_records
    >>> records, truth = simulate_records(60, seed=1)
    >>> found = match_records(records)
    >>> len(records), found.people["person_id"].nunique()
    (107, 56)
    """
    normal = normalise_records(records, kinds=kinds)
    blocks = candidate_pairs(normal, keys=keys, max_block=max_block, record=record)
    levels = compare_pairs(normal, blocks.pairs, comparisons=comparisons, record=record)
    apart = compare_pairs(
        normal, _strangers(normal[record]), comparisons=comparisons, record=record
    )
    matcher = Matcher(threshold=threshold).fit(pd.concat([levels, apart], ignore_index=True))
    scored = _scored(matcher, levels)
    unseen = unseen_pairs(records, _centred(scored, threshold), record=record)
    if len(unseen):
        more = compare_pairs(normal, unseen, comparisons=comparisons, record=record)
        scored = pd.concat([scored, _scored(matcher, more)], ignore_index=True)
        scored = scored.sort_values(["left", "right"], ignore_index=True)
    people = cluster_records(records, _centred(scored, threshold), record=record)
    return Matched(people, scored, blocks.report, matcher, _placeholders(normal, kinds))


def _placeholders(normal: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Return what stands in the fields and is no value, the most frequent first."""
    found = []
    for field in columns:
        empty = normal[f"{field}_normal"].isna() & normal[field].notna()
        counts = normal.loc[empty, field].astype("str").value_counts()
        counts = counts[counts.index.str.strip() != ""]
        found += [(field, value, count) for value, count in counts.items()]
    table = pd.DataFrame(found, columns=["field", "value", "records"])
    table = table.astype({"field": "str", "value": "str", "records": "int64"})
    return table.sort_values("records", ascending=False, kind="stable", ignore_index=True)


def _strangers(ids: pd.Series) -> pd.DataFrame:
    """Return pairs of records drawn at random, whatever the order of the rows."""
    rng = np.random.default_rng(1969)
    left, right = rng.integers(0, max(len(ids), 1), (2, STRANGERS if len(ids) else 0))
    ids = ids.sort_values()
    apart = left != right
    return pd.DataFrame({"left": ids.array[left[apart]], "right": ids.array[right[apart]]})


def _scored(matcher: Matcher, levels: pd.DataFrame) -> pd.DataFrame:
    """Return the levels of each pair with its weight, probability and match."""
    return levels.join(matcher.predict(levels)[["weight", "probability", "match"]])


def _centred(pairs: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Return the pairs with a weight that is above 0 from the threshold on."""
    least = log_odds(threshold) if threshold < 1 else np.inf
    return pairs[["left", "right"]].assign(weight=np.nan_to_num(pairs["weight"] - least))
