"""Rows that are new are inserted, rows that have changed are updated, and the rest stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from crmlab.database import schema
from crmlab.errors import MissingColumnsError, OutOfRangeError

from .batches import Source, of_frame
from .breaches import explained, key_faults
from .bulk import driver_errors, require_way, table_of
from .engines import put
from .refusal import refusal

STAGED = "crmlab_staged"


@dataclass(frozen=True)
class Upserted:
    """How many rows of a frame were new, had changed, or stood there as they are."""

    inserted: int
    updated: int
    unchanged: int


def upsert(
    engine: sa.Engine,
    name: str,
    frame: pd.DataFrame,
    *,
    metadata: sa.MetaData = schema.metadata,
) -> Upserted:
    """Insert the rows of `frame` whose key is new, update those that differ, in one transaction.

    Doing it again changes nothing (幂等). Columns that the frame does not have stay as they are;
    in new rows they are empty. A missing value in the frame empties the field.

    Parameters
    ----------
    engine : of `open_database`
    name : a table with a key
    frame : with the key of the table, each once, and those other columns that are to be written
    metadata : the tables there are, those of the dictionary when omitted

    Returns
    -------
    Upserted : inserted, updated, unchanged; together the rows of `frame`

    Raises
    ------
    UnknownNameError
        If there is no such table or column.
    MissingColumnsError
        If a column of the key is missing, or one that new rows cannot do without.
    BadRowsError
        If a key stands twice in `frame`, or rows break a rule of the database.
    OutOfRangeError
        If the table has no key to find a row by.
    DatabaseError
        If the database refuses for another reason; DuckDB does so when a column with an index or
        a reference changes in a row that other tables refer to.

    See Also
    --------
    load_tables : faster, where all rows are new.

    Examples
    --------
    >>> from crmlab.database import open_database, upgrade
    >>> engine = open_database(":memory:")
    >>> _ = upgrade(engine)
    >>> upsert(engine, "tariffs", pd.DataFrame({"channel": ["chat"], "cost_cny": [8.0]}))
    Upserted(inserted=1, updated=0, unchanged=0)
    >>> both = pd.DataFrame({"channel": ["chat", "phone"], "cost_cny": [9.0, 25.0]})
    >>> upsert(engine, "tariffs", both)
    Upserted(inserted=1, updated=1, unchanged=0)
    """
    table = table_of(metadata, name)
    key = [*table.primary_key.columns.keys()]
    if not key:
        raise OutOfRangeError(f"{name} has no key by which a row could be found; use load_tables.")
    source = of_frame(table, frame, needs=key)
    require_way(engine)
    if len(found := key_faults(source)):
        raise refusal(found)
    try:
        with engine.begin() as connection:
            return _written(connection, source, key)
    except driver_errors(engine) as error:
        raise explained(engine, [source], error, replaces=True) from error


def _written(connection: sa.Connection, source: Source, key: list[str]) -> Upserted:
    """Stage the rows beside the table, count how they differ from it, and write those that do."""
    table = source.table
    staged = _staged(connection, source)
    now = table.alias("now")
    both = sa.outerjoin(staged, now, sa.and_(*[staged.c[name] == now.c[name] for name in key]))
    is_new = now.c[key[0]].is_(None)
    differs = {
        name: now.c[name].is_distinct_from(staged.c[name])
        for name in source.fields
        if name not in key
    }

    counts = [_number_of(is_new), _number_of(~is_new & sa.or_(sa.false(), *differs.values()))]
    counts += [_number_of(~is_new & one) for one in differs.values()]
    inserted, updated, *by_field = connection.execute(sa.select(*counts).select_from(both)).one()
    if inserted:
        _require_whole(source, inserted)

    # Fields that are not given keep what is there, so that the row to insert is a whole one.
    every = [column.name for column in table.c]
    values = [(staged if field in staged.c else now).c[field] for field in every]
    rows = sa.select(*values).select_from(both).where(sa.or_(is_new, *differs.values()))
    write = _insert(connection)(table).from_select(every, rows)
    # DuckDB cannot write a field with an index where others refer to the row, not even the same.
    changing = [field for field, n in zip(differs, by_field, strict=True) if n]
    if changing:
        new = {field: write.excluded[field] for field in changing}
        connection.execute(write.on_conflict_do_update(index_elements=key, set_=new))
    else:
        connection.execute(write.on_conflict_do_nothing())
    staged.drop(connection)
    return Upserted(inserted, updated, source.rows - inserted - updated)


def _staged(connection: sa.Connection, source: Source) -> sa.Table:
    """Return a temporary table with the rows of `source`; nobody else writes the real one now."""
    if connection.dialect.name == "postgresql":  # the others let one program write at a time
        name = connection.dialect.identifier_preparer.format_table(source.table)
        connection.exec_driver_sql(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE")
    columns = [sa.Column(name, type(source.table.c[name].type)()) for name in source.fields]
    staged = sa.Table(STAGED, sa.MetaData(), *columns, prefixes=["TEMPORARY"])
    staged.create(connection)
    put(connection, staged, source.fields, source.batches())
    return staged


def _number_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """Return in how many rows a condition holds."""
    return sa.func.count(sa.case((condition, 1)))


def _require_whole(source: Source, inserted: int) -> None:
    """Raise MissingColumnsError if new rows lack what the table requires."""
    needed = [column.name for column in source.table.c if not column.nullable]
    if lacking := [name for name in needed if name not in source.fields]:
        raise MissingColumnsError(
            f"{inserted} row(s) are new in {source.table.name}, and a new row needs {lacking}; "
            f"the frame has {source.fields}. Add them, or leave out the new rows."
        )


def _insert(connection: sa.Connection) -> Any:
    """Return the INSERT that knows ON CONFLICT; DuckDB speaks like PostgreSQL."""
    return sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
