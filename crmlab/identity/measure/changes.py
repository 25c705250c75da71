"""What changed between two states of a table, and what has not been looked at for long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmlab._checks import (
    day_of,
    require_alike,
    require_at_least,
    require_columns,
    require_key,
)
from crmlab.errors import OutOfRangeError, UnknownNameError
from crmlab.identity.measure.normalise import normaliser

_CHANGES = ["field", "before", "after", "kind"]


def detect_changes(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    key: str = "customer_id",
    fields: Sequence[str] | None = None,
    kinds: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Every value that is new, gone or changed; another spelling of the same is no change.

    Parameters
    ----------
    before, after : DataFrame, one row per key
    key : str, column of both
    fields : sequence of str, columns of both; all that both have when omitted
    kinds : mapping of field to name, phone, email, date or address, optional
        A field with a kind is compared in its normal form, see `normalise_records`; every other
        one as it is.

    Returns
    -------
    DataFrame, one row per value, sorted by key, then in the order of `fields`
        <key> : as in the frames
        field : str
        before, after : object, as they were typed, missing where there was or is none
        kind : str
            "new" where only after has a value, "gone" where only before has, "changed" otherwise

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a key is missing or stands twice.
    UnknownNameError
        If a kind is unknown, or given for a field that is not compared.

    Examples
    --------
    >>> before = pd.DataFrame({"customer_id": [1, 2], "phone": ["138 0013 8000", "13900139000"]})
    >>> after = pd.DataFrame({"customer_id": [1, 2], "phone": ["13800138000", "13900139009"]})
    >>> detect_changes(before, after, kinds={"phone": "phone"})
       customer_id  field       before        after     kind
    0            2  phone  13900139000  13900139009  changed
    """
    require_key(before, key)
    require_key(after, key)
    require_alike(key, before[key], after[key])
    shared = [one for one in before.columns if one in after.columns and one != key]
    asked = shared if fields is None else [*fields]
    require_columns(before, key, *asked)
    require_columns(after, key, *asked)
    kinds = kinds or {}
    if stray := [field for field in kinds if field not in asked]:
        raise UnknownNameError.among("field to compare", stray[0], asked)

    keys = pd.Index(before[key]).union(pd.Index(after[key]))
    old, new = (frame.set_index(key).reindex(keys) for frame in (before, after))
    parts = [_changes(old[field], new[field], kinds.get(field)) for field in asked]
    parts = parts or [pd.DataFrame(columns=_CHANGES, index=keys[:0])]
    table = pd.concat(parts).sort_index(kind="stable").rename_axis(key).reset_index()
    return table.astype({"field": "str", "kind": "str"})


def stale_fields(
    golden: pd.DataFrame,
    *,
    older_than_days: int | Mapping[str, int],
    as_of: str | pd.Timestamp,
) -> pd.DataFrame:
    """Golden values that nobody has confirmed for longer than they may be trusted.

    Parameters
    ----------
    golden : DataFrame, as returned by `golden_records`
    older_than_days : int, or a mapping of field to int for some fields; at least 0
    as_of : str or Timestamp, the day of asking

    Returns
    -------
    DataFrame, the rows of `golden` with an age above the limit, oldest first
        person_id, field, value, system, updated_on : as in `golden`
        age_days : int64

    Raises
    ------
    MissingColumnsError
        If `golden` lacks a column.
    OutOfRangeError
        If a limit is below 0, or a value was changed after `as_of`.

    Examples
    --------
    >>> golden = pd.DataFrame({"person_id": [1, 2], "field": "phone", "value": ["5", "6"],
    ...     "system": "till", "updated_on": pd.to_datetime(["2023-01-01", "2024-12-01"])})
    >>> stale_fields(golden, older_than_days=365, as_of="2024-12-31")[["person_id", "age_days"]]
       person_id  age_days
    0          1       730
    """
    columns = ["person_id", "field", "value", "system", "updated_on"]
    require_columns(golden, *columns)
    each = {*golden["field"]}
    limits = older_than_days
    if not isinstance(limits, Mapping):
        limits = dict.fromkeys(each, limits)
    for field, days in limits.items():
        require_at_least(f"older_than_days of {field}", days, 0)
    if stray := sorted({*limits} - each):
        raise UnknownNameError.among("field in golden", stray[0], sorted(each))
    day = day_of("as_of", as_of)
    age = (day - golden["updated_on"].to_numpy("M8[D]")).astype("int64")
    if (age < 0).any():
        raise OutOfRangeError(f"{(age < 0).sum()} value(s) were changed after {day}, the as_of.")
    limit = golden["field"].map(limits).fillna(np.inf).to_numpy("float64")
    table = golden[columns].assign(age_days=age)[age > limit]
    by = ["age_days", "person_id", "field"]
    return table.sort_values(by, ascending=[False, True, True]).reset_index(drop=True)


def _changes(old: pd.Series, new: pd.Series, kind: str | None) -> pd.DataFrame:
    """Return the changes of one field; both are indexed by key."""
    plain = (lambda values: values) if kind is None else normaliser(kind)
    was, now = plain(old).astype(object), plain(new).astype(object)
    had, has = was.notna(), now.notna()
    changed = had & has & (was != now)
    word = np.select([has & ~had, had & ~has], ["new", "gone"], "changed")
    table = pd.DataFrame({"before": old.astype(object), "after": new.astype(object)})
    table.insert(0, "field", str(old.name))
    table["kind"] = word
    return table[(had != has) | changed]
