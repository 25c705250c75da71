"""Tables in third normal form, made from one sheet, and joined to it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from crmlab._checks import require_at_least, require_columns, require_values
from crmlab.database.measure.dependencies import PLUS, Rule, Rules, anomalies, rules_of
from crmlab.database.measure.keys import candidate_keys, key_columns, minimal_cover, with_key
from crmlab.errors import AmbiguousError, BadRowsError, OutOfRangeError


def decompose(
    frame: pd.DataFrame, *, key: str | Sequence[str], dependencies: Rules
) -> dict[str, pd.DataFrame]:
    """Tables in third normal form that hold the same facts, each in one place.

    Joined again, the tables give back `frame` and nothing else (`join_tables`), and each dependency
    can be checked within one of them.

    Parameters
    ----------
    frame : DataFrame, any, in first normal form
        Its rows keep the dependencies.
    key : column or columns that identify a row
    dependencies : as `dependencies` returns them, or {determinant: dependents}

    Returns
    -------
    dict of DataFrame, by the columns of their key, joined by " + "
        One table for each determinant that is needed, sorted by it; the columns as in `frame`.
        Where no table has a key of `frame`, one that has only its key is added.

    Raises
    ------
    MissingColumnsError
        If `frame` lacks a column of the key or of a dependency.
    BadRowsError
        If rows share a key, lack a value of a determinant, or contradict a dependency; in the
        last case `table` of the error lists them as `anomalies` does.

    See Also
    --------
    crmlab.database.measure.mended : lets the majority decide contradictions.
    join_tables : puts the tables together again.

    Source
    ------
    Bernstein, P. A. (1976). Synthesizing third normal form relations from functional dependencies.
    ACM Transactions on Database Systems 1(4), 277-298. doi:10.1145/320493.320489

    Examples
    --------
    >>> lines = pd.DataFrame({
    ...     "order_id": [1, 1, 2], "product": ["soap", "cream", "soap"], "price": [12, 128, 12],
    ... })
    >>> tables = decompose(lines, key=["order_id", "product"], dependencies={"product": "price"})
    >>> tables["product"]
      product  price
    0   cream    128
    1    soap     12
    >>> [*tables]
    ['product', 'order_id + product']
    """
    key = key_columns(frame, key)
    given = rules_of(frame, dependencies)
    _require_kept(frame, key, given)
    rules = minimal_cover(with_key(given, key, frame))
    parts: dict[tuple[str, ...], set[str]] = {}
    for left, name in rules:
        parts.setdefault(left, {*left}).add(name)
    keys = candidate_keys(rules, [*frame.columns])
    if not any(one <= columns for one in keys for columns in parts.values()):
        parts[tuple(sorted(keys[0], key=[*frame.columns].index))] = {*keys[0]}
    kept = [
        left
        for place, left in enumerate(parts)
        if not any(
            parts[left] < other or (parts[left] == other and before < place)
            for before, other in enumerate(parts.values())
        )
    ]
    return {
        PLUS.join(left): frame[[name for name in frame if name in parts[left]]]
        .drop_duplicates([*left])
        .sort_values([*left], ignore_index=True)
        for left in kept
    }


def join_tables(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the tables of `decompose` joined into one again, each by its key.

    Parameters
    ----------
    tables : dict of DataFrame, by the columns of their key, joined by " + "

    Returns
    -------
    DataFrame, one row for each of the table that refers to the others, sorted by its key

    Raises
    ------
    OutOfRangeError
        If there are no tables.
    MissingColumnsError
        If a table lacks a column of its key.
    AmbiguousError
        If no table refers to all others, directly or through more of them.

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": [1, 2], "product": ["soap", "soap"]})
    >>> prices = pd.DataFrame({"product": ["soap"], "price": [12]})
    >>> join_tables({"order_id + product": lines, "product": prices})
       order_id product  price
    0         1    soap     12
    1         2    soap     12
    """
    if not isinstance(tables, Mapping):
        raise OutOfRangeError(f"tables must be frames by their key; got {type(tables).__name__}.")
    require_at_least("the number of tables", len(tables), 1)
    for key, table in tables.items():
        require_columns(table, *str(key).split(PLUS))
    for start in tables:
        whole, rest = tables[start], {name: tables[name] for name in tables if name != start}
        while ready := [name for name in rest if {*name.split(PLUS)} <= {*whole.columns}]:
            other = rest.pop(ready[0])
            whole = whole.merge(other, on=[name for name in other if name in whole])
        if not rest:
            return whole.sort_values(start.split(PLUS), ignore_index=True)
    raise AmbiguousError(
        f"none of the tables {[*tables]} refers to all others; the key of each but one must "
        "stand in another table."
    )


def _require_kept(frame: pd.DataFrame, key: list[str], rules: list[Rule]) -> None:
    """Raise BadRowsError if rows contradict the key or a dependency, or have no determinant."""
    require_values(frame, *dict.fromkeys([*key, *(name for left, _ in rules for name in left)]))
    if frame.duplicated(key).any():
        rows = frame.duplicated(key, keep=False).to_numpy().nonzero()[0].tolist()
        raise BadRowsError(f"{len(rows)} row(s) share a key {key} with another: {rows}.")
    pairs = [(PLUS.join(left), name) for left, name in rules]
    table = anomalies(frame, pd.DataFrame(pairs, columns=["determinant", "dependent"]))
    if len(table):
        broken = [*dict.fromkeys(table["determinant"] + " → " + table["dependent"])]
        error = BadRowsError(
            f"{table['row'].nunique()} row(s) contradict {', '.join(broken)}: "
            f"{sorted({*table['row'].tolist()})}. Decide each first: look at anomalies(…), or let "
            "the majority decide with mended(…)."
        )
        error.table = table
        raise error
