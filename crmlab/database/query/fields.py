"""The fields that a question about a table can name, and what may stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from crmlab._checks import day_of
from crmlab.database.query.wording import unknown
from crmlab.database.schema import metadata
from crmlab.dictionary import schemas, written
from crmlab.errors import AmbiguousError, OutOfRangeError

_PYTHON = {"integer": (int, np.integer), "number": (int, float, np.number)}
_PYTHON |= {"string": (str,), "boolean": (bool, np.bool_)}


def fields_from(table: str) -> list[str]:
    """Return every field that a question about `table` can name: its own, and those it refers to.

    Parameters
    ----------
    table : str, a table of the customer database

    Examples
    --------
    >>> fields_from("cards")[3:7]
    ['opened_on', 'store', 'people.customer_id', 'people.household_id']
    """
    return Ways(table).fields


class Ways:
    """From a table along foreign keys to all that its rows refer to; which ways are used."""

    def __init__(self, name: str) -> None:
        if not isinstance(name, str) or name not in metadata.tables:
            raise unknown("table", name, [*metadata.tables])
        self.start = start = metadata.tables[name]
        self.by: dict[str, sa.ForeignKey | None] = {name: None}
        queue = [start]
        for table in queue:  # grows while it is walked: the nearest tables come first
            for key in sorted(table.foreign_keys, key=_by_nature):
                if key.column.table.name not in self.by:
                    self.by[key.column.table.name] = key
                    queue.append(key.column.table)
        self.fields = [*start.columns.keys()]
        self.fields += [f"{one.table}.{one.name}" for table in queue[1:] for one in table.columns]
        self._used: set[str] = set()

    def column(self, name: str) -> sa.Column[Any]:
        """Return the column that a field's name means, and note that its table is needed."""
        table, _, column = str(name).rpartition(".")
        table = table or self.start.name
        if table not in self.by or column not in metadata.tables[table].columns:
            if table in metadata.tables and table not in self.by:
                raise AmbiguousError(
                    f"a row of {self.start.name} refers to no one row of {table}, of which there "
                    f"may be many. Ask for {table} instead; it may refer to {self.start.name}."
                )
            raise unknown("field", name, self.fields)
        step = table
        while (key := self.by[step]) is not None and step not in self._used:
            self._used.add(step)
            step = key.parent.table.name
        return metadata.tables[table].columns[column]

    def joined(self) -> sa.FromClause:
        """Return the start joined with every table that is needed, the nearest first."""
        found: sa.FromClause = self.start
        for name, key in self.by.items():
            if name in self._used and key is not None:
                table = metadata.tables[name]
                found = found.join(table, key.column == key.parent, isouter=True)
        return found


def _by_nature(key: sa.ForeignKey) -> tuple[bool, str]:
    """Sort keys that bear the name of what they refer to before others."""
    return key.parent.name != key.column.name, key.parent.name


def said_of(column: sa.Column[Any]) -> Mapping[str, Any]:
    """Return what the dictionary says of a column."""
    fields = schemas()[str(column.table)]["fields"]
    return next(field for field in fields if field["name"] == column.name)


def checked(value: Any, column: sa.Column[Any], field: str) -> Any:
    """Return a value as the column's type has it, or refuse it."""
    said = said_of(column)
    kind = said["type"]
    if kind == "date":
        return day_of(field, value).astype(object)
    if kind == "datetime":
        day_of(field, value)
        return pd.Timestamp(value).to_pydatetime()
    if not isinstance(value, _PYTHON[kind]) or (kind != "boolean" and isinstance(value, bool)):
        raise OutOfRangeError(f"{field} holds {kind}; {value!r} is none.")
    value = value.item() if isinstance(value, np.generic) else value
    if kind in ("integer", "number") and not abs(value) < 2**63:
        raise OutOfRangeError(f"{field} holds no number as large as {value!r}.")
    listed = said["constraints"].get("enum")
    loose = written()[str(column.table)].get("loose", [])
    if listed and column.name not in loose and value not in listed:
        raise unknown(field, value, listed)
    return value
