"""Normal forms: how far a design keeps each fact in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from crmlab.database.measure.dependencies import PLUS, Rule, Rules, rules_of
from crmlab.database.measure.keys import (
    candidate_keys,
    closure,
    key_columns,
    minimal_cover,
    with_key,
)
from crmlab.database.measure.sheets import several_values

UNNORMALISED = "none"


@dataclass(frozen=True)
class NormalForm:
    """How far a table is normalised, and what stands in the way of more.

    name : str, "none", "1NF", "2NF", "3NF" or "BCNF"
    keys : list of str, every candidate key that follows from the dependencies
    breaches : DataFrame, one row per breach, of the lowest form first
        form : str, the form that is missed
        determinant, dependent : str; of a cell with several values only the column, as dependent
        reason : str
    """

    name: str
    keys: list[str]
    breaches: pd.DataFrame


def normal_form(
    frame: pd.DataFrame,
    *,
    key: str | Sequence[str],
    dependencies: Rules,
    separator: str = ";",
) -> NormalForm:
    """Return the normal form (范式) of one table, with the reason for each breach.

    1NF: one value in a cell, and a key that tells rows apart. 2NF: no column outside the keys
    depends on a part of a key. 3NF: nor on columns that are no key. BCNF: whatever determines
    something is a key. The dependencies are taken as the rules of the shop; that the data keep them
    is another question, see `anomalies`.

    Parameters
    ----------
    frame : DataFrame, any
    key : column or columns that identify a row
    dependencies : as `dependencies` returns them, or {determinant: dependents}
        That the key determines everything need not be said.
    separator : str
        What stands between two values of a cell.

    Returns
    -------
    NormalForm
        name, keys, breaches

    Raises
    ------
    MissingColumnsError
        If `frame` lacks a column of the key or of a dependency.
    OutOfRangeError
        If the key has no columns.

    See Also
    --------
    decompose : tables in 3NF.

    Source
    ------
    Codd, E. F. (1970). A relational model of data for large shared data banks. Communications of
    the ACM 13(6), 377-387. doi:10.1145/362384.362685 (1NF).
    Codd, E. F. (1972). Further normalization of the data base relational model. In Rustin, R.
    (ed.), Data Base Systems, Prentice-Hall, 33-64 (2NF, 3NF; read in 1971).
    Codd, E. F. (1974). Recent investigations in relational data base systems. Proceedings of the
    IFIP Congress, 1017-1021 (BCNF).

    Examples
    --------
    >>> lines = pd.DataFrame({
    ...     "order_id": [1, 1], "product": ["soap", "cream"], "price": [12, 128], "pieces": [1, 2],
    ... })
    >>> found = normal_form(lines, key=["order_id", "product"], dependencies={"product": "price"})
    >>> found.name, found.breaches["reason"].tolist()
    ('1NF', ['price depends on product alone, a part of the key order_id + product'])
    """
    key = key_columns(frame, key)
    rules = with_key(rules_of(frame, dependencies), key, frame)
    keys = candidate_keys(rules, [*frame.columns])
    breaches = _first(frame, key, separator)
    breaches += _second(rules, keys, [*frame.columns]) + _third(rules, keys)

    columns = ["form", "determinant", "dependent", "reason"]
    missed = {form for form, *_ in breaches}
    reached = UNNORMALISED
    for form in ("1NF", "2NF", "3NF", "BCNF"):
        if form in missed:
            break
        reached = form
    names = [PLUS.join(sorted(one, key=[*frame.columns].index)) for one in keys]
    table = pd.DataFrame(breaches, columns=columns).astype("str")
    return NormalForm(reached, names, table.sort_values("form", kind="stable", ignore_index=True))


def _first(frame: pd.DataFrame, key: list[str], separator: str) -> list[tuple[str, ...]]:
    """Return the breaches of 1NF: cells with several values, rows that share a key."""
    cells = several_values(frame, separator=separator)
    found = [
        ("1NF", "", str(column), f"{rows} cell(s) of {column} hold several values")
        for column, rows in cells["column"].value_counts(sort=False).items()
    ]
    if twice := int(frame.duplicated(key).sum()):
        found.append(("1NF", PLUS.join(key), "", f"{twice} row(s) repeat the key of another row"))
    return found


def _second(
    rules: list[Rule], keys: list[frozenset[str]], names: list[str]
) -> list[tuple[str, ...]]:
    """Return the breaches of 2NF: columns outside all keys that need only a part of one."""
    prime, found = frozenset[str]().union(*keys), {}
    for key in keys:
        whole = [name for name in names if name in key]
        parts = [part for size in range(1, len(whole)) for part in combinations(whole, size)]
        for part in parts:
            for name in closure(part, rules) - prime:
                smaller = any({*other} < {*part} for other, done in found if done == name)
                if not smaller:
                    reason = f"{name} depends on {PLUS.join(part)} alone, a part of the key "
                    found.setdefault((part, name), reason + PLUS.join(whole))
    order = sorted(found, key=lambda one: (len(one[0]), [*map(names.index, (*one[0], one[1]))]))
    return [("2NF", PLUS.join(part), name, found[part, name]) for part, name in order]


def _third(rules: list[Rule], keys: list[frozenset[str]]) -> list[tuple[str, ...]]:
    """Return the breaches of 3NF and BCNF: determinants that are no key, nor a part of one."""
    prime, found = frozenset[str]().union(*keys), []
    for left, name in minimal_cover(rules):
        if any(key <= {*left} for key in keys):
            continue
        x = PLUS.join(left)
        if name in prime:
            found.append(("BCNF", x, name, f"{name}, part of a key, depends on {x}, no key"))
        elif not any({*left} < key for key in keys):
            found.append(("3NF", x, name, f"{name} depends on {x}, which is no key"))
    return found
