"""The tables of the customer database, made from the dictionary: keys, checks and indexes.

`metadata` holds one `sqlalchemy.Table` for each table of the dictionary, those of truths apart.
What the dictionary says becomes what a database enforces:

- the key of a table is its primary key, what a field refers to a foreign key;
- least and largest numbers and lists of values become CHECKs. Limits of dates do not: they tell
  which days were simulated, and tomorrow's purchase must be welcome. Nor do patterns of text,
  which the three engines write in three ways; `faults` checks those;
- what promotion and transaction tables require is NOT NULL. Of descriptive tables only the keys
  and names are, since a customer may be known before everything is known of them;
- each foreign key has an index, and so has what tables.yaml lists. DuckDB has none of them: it
  scans columns faster than it keeps indexes, and its foreign keys bring their own. (It also
  refuses to change what a row refers to while others refer to that row: make the row anew.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from crmlab.dictionary import schemas, written
from crmlab.errors import UnknownNameError

TYPES = {"integer": sa.BigInteger, "number": sa.Double, "string": sa.Text}
TYPES |= {"boolean": sa.Boolean, "date": sa.Date, "datetime": sa.DateTime}
NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


def table(name: str) -> sa.Table:
    """Return the table of the database called `name`; raise UnknownNameError if there is none.

    Examples
    --------
    >>> [*table("tariffs").columns.keys()]
    ['channel', 'cost_cny']
    """
    if name not in metadata.tables:
        raise UnknownNameError.among("table", name, metadata.tables)
    return metadata.tables[name]


def rules(
    name: str, columns: Mapping[str, sa.ColumnElement[Any]] | None = None
) -> dict[str, sa.ColumnElement[bool]]:
    """Return the condition that the values of each field of a table must meet, by field.

    The conditions are about the table's own columns, or about `columns` of another table by the
    field they should fit into; fields that are not among them are left out.
    """
    # What refers to another table is checked there.
    apart = {*written()[name].get("loose", []), *written()[name].get("refers", {})}
    found = {}
    for field in schemas()[name]["fields"]:
        own = sa.column(field["name"], TYPES[field["type"]]())
        column = own if columns is None else columns.get(field["name"])
        met = [*_met(column, field)] if column is not None and field["name"] not in apart else []
        if met:
            found[field["name"]] = sa.and_(*met)
    return found


def _met(column: sa.ColumnElement[Any], field: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what the values of `column` must meet to stand in `field`."""
    asked = field["constraints"]
    if field["type"] in ("integer", "number"):
        if "minimum" in asked:
            yield column >= asked["minimum"]
        if "maximum" in asked:
            yield column <= asked["maximum"]
    if "enum" in asked:
        yield column.in_(asked["enum"])


def _tables() -> sa.MetaData:
    """Return the tables that the dictionary describes, those of truths apart."""
    made = sa.MetaData(naming_convention=NAMES)
    for name, said in written().items():
        if "class" in said:
            columns = [_column(name, field) for field in schemas()[name]["fields"]]
            checks = [sa.CheckConstraint(rule, name=field) for field, rule in rules(name).items()]
            table = sa.Table(name, made, *columns, *checks)
            for fields in _indexed(said):
                sa.Index(None, *[table.c[field] for field in fields]).ddl_if(
                    callable_=_keeps_indexes
                )
    return made


def _column(name: str, field: Mapping[str, Any]) -> sa.Column[Any]:
    """Return a field of the table called `name`."""
    said, named = written()[name], field["name"]
    refers = said.get("refers", {})
    needed = field["constraints"].get("required") and named not in said.get("loose", [])
    if said["class"] == "descriptive":
        needed = needed and (named in refers or named == "name")
    boolean = sa.Boolean(name=named, create_constraint=True)
    return sa.Column(
        named,
        boolean if field["type"] == "boolean" else TYPES[field["type"]](),
        *([sa.ForeignKey(refers[named])] if named in refers else []),
        primary_key=named in said.get("key", []),
        autoincrement=False,
        nullable=not needed and named not in said.get("key", []),
    )


def _indexed(said: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield the fields of each index of a table.

    An index serves the field it begins with, so a reference at the head of the key, or of a
    listed index, needs none of its own.
    """
    listed = said.get("indexes", [])
    yield from listed
    heads = {fields[0] for fields in [*listed, said.get("key", [""])]}
    yield from ([field] for field in said.get("refers", {}) if field not in heads)


def _keeps_indexes(*_: Any, dialect: sa.Dialect, **__: Any) -> bool:
    """Return whether an engine gets the indexes."""
    return dialect.name != "duckdb"


metadata = _tables()
KEPT_IN = "crmlab_version"  # the table that tells which version a database has
