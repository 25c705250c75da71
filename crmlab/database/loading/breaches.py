"""Why a database did not take rows, found out afterwards: which rows break which of its rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from crmlab.database.schema import rules
from crmlab.dictionary import SHOWN, faults, schemas
from crmlab.errors import CrmlabError, DatabaseError

from .batches import KINDS, ROWS, Source, typed
from .refusal import refusal

# What DuckDB alone cannot do, by what it says then.
LIMITS = {
    "is still referenced by a foreign key": "DuckDB cannot change a key or a reference in a row "
    "that other tables refer to; SQLite and PostgreSQL can: ",
    "does not exist in the referenced table": "DuckDB cannot insert a row together with the one of "
    "the same table that it refers to; give that one first: ",
}
PARENT = "the table referred to"  # no table of a database is called so


def explained(
    engine: sa.Engine, sources: Sequence[Source], error: Exception, *, replaces: bool = False
) -> CrmlabError:
    """Return what a reader can mend, for an error of the database after which nothing was written.

    Parameters
    ----------
    engine : the database, as it was before
    sources : what it was given, parents first
    error : what its driver said
    replaces : bool, whether a row may have the key of one that is there
    """
    try:
        connection = engine.connect()
    except DBAPIError:
        return DatabaseError(f"the database does not answer any more: {_said(error)}")
    with connection:
        for source in sources:
            if not _is_there(connection, source.table):
                return DatabaseError(
                    f"the database has no table {source.table.name!r} with all columns it has "
                    "today. Bring it up first: crmlab database up --url ..."
                )
        for source in sources:
            for found in _breaches(connection, source, sources, replaces):
                if len(found):
                    return refusal(found)
    limit = next((words for sign, words in LIMITS.items() if sign in str(error)), "")
    return DatabaseError(f"{limit}the database refused, and is left as it was: {_said(error)}")


def _said(error: Exception) -> str:
    """Return what the driver said, without what SQLAlchemy adds."""
    return " ".join(str(getattr(error, "orig", None) or error).split("\n")[:2])


def _is_there(connection: sa.Connection, table: sa.Table) -> bool:
    """Return whether the database has a table with all its columns."""
    try:
        connection.execute(sa.select(table).limit(0))
    except DBAPIError:
        connection.rollback()
        return False
    return True


def _breaches(
    connection: sa.Connection, source: Source, sources: Sequence[Source], replaces: bool
) -> Iterator[pd.DataFrame]:
    """Yield the faults of a table: those of its values, of its key, of each reference."""
    yield _of_values(source)
    if not replaces and source.table.primary_key.columns:
        yield _of_key(connection, source)
    for foreign in source.table.foreign_keys:
        if foreign.parent.name in source.fields:
            yield _of_reference(connection, source, sources, foreign)


def _of_values(source: Source) -> pd.DataFrame:
    """Return the faults of the values, the first rows of each field and rule."""
    table, first, found = source.table, 0, []
    schema = {"fields": [_field(table.c[name], asked=True) for name in source.fields]}
    for number, batch in enumerate(source.batches()):
        # NumPy's boolean knows no missing value, which is not what is asked about here.
        frame = batch.to_pandas(
            types_mapper={pa.bool_(): pd.BooleanDtype()}.get, date_as_object=False
        )
        some = faults({table.name: frame}, {table.name: schema})
        found.append(some.assign(row=some["row"] + first, batch=number))
        first += len(frame)
    if not found:
        return pd.DataFrame()
    every, rule = pd.concat(found), ["field", "rule"]
    rows = every.drop_duplicates([*rule, "batch"]).groupby(rule)["rows"].sum()
    every = every.groupby(rule, sort=False).head(SHOWN).drop(columns=["rows", "batch"])
    return every.join(rows, on=rule)


def _of_key(connection: sa.Connection, source: Source) -> pd.DataFrame:
    """Return the rows whose key stands before, in the rows that are given or in the database."""
    if len(found := key_faults(source)):
        return found
    there = _stored(connection, source.table, [*source.table.primary_key.columns.keys()])
    found = key_faults(source, there)
    rule = found["rule"] + ", which has it already; upsert would change that row"
    return found.assign(row=found["row"] - len(there), rule=rule)


def key_faults(source: Source, before: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the rows whose key is missing, or there before: in another row, or in `before`."""
    table, key = source.table, [*source.table.primary_key.columns.keys()]
    keys = pd.concat([before, _given(source, key)], ignore_index=True)
    fields = [{**_field(table.c[name]), "constraints": {"required": True}} for name in key]
    return faults({table.name: keys}, {table.name: {"fields": fields, "primaryKey": key}})


def _of_reference(
    connection: sa.Connection, source: Source, sources: Sequence[Source], foreign: sa.ForeignKey
) -> pd.DataFrame:
    """Return the rows that refer to a row that is neither given nor in the database."""
    here, there = foreign.parent, foreign.column
    known = [_stored(connection, there.table, [there.name])]
    known += [_given(one, [there.name]) for one in sources if one.table is there.table]
    asked = {"fields": [here.name], "reference": {"resource": PARENT, "fields": [there.name]}}
    found = faults(
        {here.table.name: _given(source, [here.name]), PARENT: pd.concat(known)},
        {
            here.table.name: {"fields": [_field(here)], "foreignKeys": [asked]},
            PARENT: {"fields": [_field(there)]},
        },
    )
    return found.assign(rule=f"one of {there.table.name}.{there.name}")


def _field(column: sa.Column[Any], *, asked: bool = False) -> dict[str, Any]:
    """Return a field as Frictionless has it, if asked with the rules that the database holds."""
    # Whole numbers count as numbers here, since pandas makes them floats where some are missing.
    kind = KINDS[column.type.python_type][0].replace("integer", "number")
    kept: dict[str, Any] = {}
    if asked and not column.nullable:
        kept["required"] = True
    if asked and column.table.name in schemas() and column.name in rules(column.table.name):
        fields = {field["name"]: field for field in schemas()[column.table.name]["fields"]}
        said = fields[column.name]["constraints"]
        held = ("enum",) if kind == "date" else ("minimum", "maximum", "enum")
        kept |= {rule: said[rule] for rule in held if rule in said}
    return {"name": column.name, "type": kind, "constraints": kept}


def _given(source: Source, fields: Sequence[str]) -> pd.DataFrame:
    """Return some columns of what was given."""
    return _frame(source.table, fields, source.batches(fields))


def _stored(connection: sa.Connection, table: sa.Table, fields: Sequence[str]) -> pd.DataFrame:
    """Return some columns of what is in the database."""
    query = sa.select(*[table.c[name] for name in fields])
    rows = connection.execution_options(yield_per=ROWS).execute(query).partitions()
    batches = (
        pa.RecordBatch.from_arrays(
            [typed([*values], table.c[name]) for name, values in zip(fields, columns, strict=True)],
            names=[*fields],
        )
        for columns in (zip(*some, strict=True) for some in rows)
    )
    return _frame(table, fields, batches)


def _frame(
    table: sa.Table, fields: Sequence[str], batches: Iterator[pa.RecordBatch]
) -> pd.DataFrame:
    """Return batches as one frame."""
    schema = pa.schema([(name, KINDS[table.c[name].type.python_type][1]) for name in fields])
    return pa.Table.from_batches(batches, schema).to_pandas(date_as_object=False)
