"""What follows from dependencies: closures, covers and keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from crmlab._checks import require_at_least, require_columns
from crmlab.database.measure.dependencies import PLUS, Rule
from crmlab.errors import OutOfRangeError


def key_columns(frame: pd.DataFrame, key: str | Sequence[str]) -> list[str]:
    """Return the columns of the key as a list, after looking that `frame` has them."""
    if not isinstance(key, Sequence):
        raise OutOfRangeError(f"the key is the name of a column, or several; got {key!r}.")
    columns = key.split(PLUS) if isinstance(key, str) else [*key]
    require_at_least("the number of columns of the key", len(columns), 1)
    require_columns(frame, *columns)
    return columns


def with_key(rules: list[Rule], key: list[str], frame: pd.DataFrame) -> list[Rule]:
    """Return the rules, and that the key determines every other column."""
    rest = [(tuple(key), name) for name in frame.columns if name not in key]
    return [*dict.fromkeys([*rules, *rest])]


def closure(columns: Iterable[str], rules: Iterable[Rule]) -> set[str]:
    """Return every column that the given ones determine.

    Examples
    --------
    >>> sorted(closure(["order"], [(("order",), "customer"), (("customer",), "phone")]))
    ['customer', 'order', 'phone']
    """
    known, rules = {*columns}, [*rules]
    while new := {name for left, name in rules if known >= {*left}} - known:
        known |= new
    return known


def minimal_cover(rules: Sequence[Rule]) -> list[Rule]:
    """Return rules that say the same, none of them superfluous and no determinant too large."""
    small = []
    for left, name in rules:
        for column in left:
            fewer = tuple(one for one in left if one != column)
            if name in closure(fewer, rules):
                left = fewer
        small.append((left, name))
    needed = [*dict.fromkeys(small)]
    for rule in [*needed]:
        others = [one for one in needed if one != rule]
        if rule[1] in closure(rule[0], others):
            needed = others
    return needed


def candidate_keys(rules: Sequence[Rule], columns: Sequence[str]) -> list[frozenset[str]]:
    """Return every smallest set of columns that determines all `columns`.

    Source: Lucchesi, C. L. and Osborn, S. L. (1978). Candidate keys for relations. Journal of
    Computer and System Sciences 17(2), 270-279. doi:10.1016/0022-0000(78)90009-0
    """
    keys = [_smallest(columns, rules, columns)]
    for key in keys:  # which grows while it is walked
        for left, name in rules:
            wider = {*left} | (key - {name})
            if name in key and not any(other <= wider for other in keys):
                keys.append(_smallest([c for c in columns if c in wider], rules, columns))
    return keys


def _smallest(key: Sequence[str], rules: Sequence[Rule], columns: Sequence[str]) -> frozenset[str]:
    """Return `key` without the columns that it does not need to determine all `columns`."""
    left = [*key]
    for column in reversed(key):  # so that the first columns stay
        fewer = [one for one in left if one != column]
        if closure(fewer, rules) >= {*columns}:
            left = fewer
    return frozenset(left)
