"""What a diagram shows: tables with their columns, and which refers to which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

# The words of the data dictionary for the families of types that SQLAlchemy has.
KINDS = {sa.Boolean: "boolean", sa.Integer: "integer", sa.Numeric: "number", sa.String: "string"}
KINDS |= {sa.Float: "number", sa.DateTime: "datetime", sa.Date: "date"}


class Field(NamedTuple):
    """A column: its type in one word, and which kinds of key it is part of."""

    name: str
    kind: str
    keys: tuple[str, ...]  # of "PK" and "FK"


class Entity(NamedTuple):
    """A table as a box shows it."""

    name: str
    title: str
    data_class: str
    fields: list[Field]


class Relation(NamedTuple):
    """A foreign key: `columns` of `child` refer to `parent`."""

    child: str
    columns: tuple[str, ...]
    parent: str
    unique: bool  # at most one child to a parent
    optional: bool  # a child may have no parent

    @property
    def kind(self) -> str:
        """How many children have how many parents."""
        return "1:1" if self.unique else "n:1"

    def __str__(self) -> str:
        """Return the reference in words."""
        kind = f"{self.kind}, optional" if self.optional else self.kind
        return f"{self.child}.{' + '.join(self.columns)} → {self.parent} ({kind})"


def entities(
    tables: Sequence[sa.Table],
    *,
    columns: str,
    titles: Mapping[str, str],
    classes: Mapping[str, str],
) -> list[Entity]:
    """Return a box for each table; `columns` is "none", "keys" or "all"."""
    found = []
    for table in tables:
        fields = [_field(column) for column in table.columns if columns != "none"]
        shown = [field for field in fields if field.keys or columns == "all"]
        title = titles.get(table.name, table.comment or "")
        found.append(Entity(table.name, title, classes.get(table.name, ""), shown))
    return found


def relations(tables: Sequence[sa.Table]) -> list[Relation]:
    """Return the references among the tables, by table as given, then by its columns."""
    names, found = {table.name for table in tables}, []
    for table in tables:
        place = [*table.columns.keys()]
        own = [
            (tuple(column.name for column in key.columns), key.referred_table.name, key)
            for key in table.foreign_key_constraints
        ]
        for columns, parent, key in sorted(own, key=lambda one: [*map(place.index, one[0])]):
            if parent in names:
                optional = any(bool(column.nullable) for column in key.columns)
                found.append(
                    Relation(table.name, columns, parent, _unique(table, columns), optional)
                )
    return found


def _field(column: sa.Column[Any]) -> Field:
    """Return a column as a box lists it."""
    kinds = [word for family, word in KINDS.items() if isinstance(column.type, family)]
    kind = kinds[0] if kinds else type(column.type).__name__.lower()
    keys = (("PK", column.primary_key), ("FK", bool(column.foreign_keys)))
    return Field(column.name, kind, tuple(key for key, is_one in keys if is_one))


def _unique(table: sa.Table, columns: Sequence[str]) -> bool:
    """Return whether no two rows may have the same values in `columns`."""
    keys = [{column.name for column in table.primary_key.columns}]
    keys += [
        {column.name for column in rule.columns}
        for rule in table.constraints
        if isinstance(rule, sa.UniqueConstraint)
    ]
    keys += [{*index.columns.keys()} for index in table.indexes if index.unique]
    return any(key and key <= {*columns} for key in keys)
