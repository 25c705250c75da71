"""The fast way into each engine: COPY, a registered table, many rows per statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from pyarrow import types

from .batches import ROWS

pa_csv: Any = import_module("pyarrow.csv")
SQLITE_KIB = 65_536  # of pages in memory: with its own 2 MiB, each row of millions costs a read
GIVEN = "crmlab_given"  # what a batch is called within DuckDB


def put(
    connection: sa.Connection,
    table: sa.Table,
    fields: Sequence[str],
    batches: Iterable[pa.RecordBatch],
) -> None:
    """Insert batches whose columns are `fields`, in the transaction of `connection`."""
    WAYS[connection.dialect.name](connection, table, fields, batches)


def _into_postgresql(
    connection: sa.Connection,
    table: sa.Table,
    fields: Sequence[str],
    batches: Iterable[pa.RecordBatch],
) -> None:
    """COPY as CSV: text stands in quotes, so that an empty cell without them is NULL."""
    quote = connection.dialect.identifier_preparer
    names = ", ".join(quote.quote(field) for field in fields)
    sql = f"COPY {quote.format_table(table)} ({names}) FROM STDIN (FORMAT csv, ENCODING 'UTF8')"
    form = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(sql) as copy:
        for batch in batches:
            sink = pa.BufferOutputStream()
            pa_csv.write_csv(batch, sink, form)
            copy.write(sink.getvalue().to_pybytes())


def _into_sqlite(
    connection: sa.Connection,
    table: sa.Table,
    fields: Sequence[str],
    batches: Iterable[pa.RecordBatch],
) -> None:
    """Insert row by row within the library; references are checked when all rows are there."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    connection.exec_driver_sql(f"PRAGMA cache_size = -{SQLITE_KIB}")
    sql = str(table.insert().compile(dialect=connection.dialect, column_keys=[*fields]))
    cursor: Any = connection.connection.cursor()
    for batch in batches:
        columns = [_as_sqlite(column).to_pylist() for column in batch.columns]
        cursor.executemany(sql, zip(*columns, strict=True))


def _as_sqlite(column: pa.Array) -> pa.Array:
    """Return days and times as the text that SQLAlchemy reads from SQLite."""
    return column.cast(pa.string()) if types.is_temporal(column.type) else column


def _into_duckdb(
    connection: sa.Connection,
    table: sa.Table,
    fields: Sequence[str],
    batches: Iterable[pa.RecordBatch],
) -> None:
    """Let DuckDB read each batch where it lies."""
    if any(key.column.table is table for key in table.foreign_keys):
        batches = _generations(connection, table, batches)
    given = sa.table(GIVEN, *[sa.column(field) for field in fields])
    insert = table.insert().from_select([*fields], sa.select(given))
    driver: Any = connection.connection.driver_connection
    for batch in batches:
        driver.register(GIVEN, pa.Table.from_batches([batch]))
        connection.execute(insert)
        driver.unregister(GIVEN)


def _generations(
    connection: sa.Connection, table: sa.Table, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table that refers to itself, each after the one that it refers to.

    DuckDB sees no row of the statement it is in; the other engines look when all are there.
    """
    (parent,) = {key.column for key in table.foreign_keys if key.column.table is table}
    own = [key.parent.name for key in table.foreign_keys if key.column is parent]
    every = [*batches]
    if not every:
        return
    rows = pa.Table.from_batches(every).to_pandas(types_mapper=pd.ArrowDtype)
    known = pd.Index(connection.scalars(sa.select(parent)))
    while len(rows):
        ready = (rows[own].isin(known) | rows[own].isna()).all(axis="columns")
        # Where none is ready, a row refers to nowhere: all go, and the database refuses.
        some = rows[ready | ~ready.any()]
        yield from pa.Table.from_pandas(some, preserve_index=False).to_batches()
        known, rows = known.append(pd.Index(some[parent.name])), rows.drop(some.index)


@contextmanager
def set_aside(connection: sa.Connection, table: sa.Table, rows: int) -> Iterator[None]:
    """Fill an empty table without its indexes and references, made anew at the end.

    One sort and one join take less than a search for each row (see benchmarks/database.py). It
    is all in the transaction: a reference to a row that is nowhere still undoes everything.
    DuckDB has nothing to set aside, and SQLite keeps its references.
    """
    engine, some = connection.dialect.name, sa.exists(sa.select(1).select_from(table))
    if engine == "duckdb" or rows <= ROWS or connection.scalar(sa.select(some)):
        yield
        return
    keys = table.foreign_key_constraints if engine == "postgresql" else ()
    indexes = table.indexes
    for key in keys:
        drop = sa.schema.DropConstraint(key, if_exists=True)
        connection.execute(drop)
    for index in indexes:
        connection.execute(sa.schema.DropIndex(index, if_exists=True))
    yield
    for index in sorted(indexes, key=lambda index: str(index.name)):
        connection.execute(sa.schema.CreateIndex(index))
    for key in sorted(keys, key=lambda key: str(key.name)):
        # Else SQLAlchemy would leave it out when it makes the table in another database.
        connection.execute(sa.schema.AddConstraint(key, isolate_from_table=False))


Way = Callable[[sa.Connection, sa.Table, Sequence[str], Iterable[pa.RecordBatch]], None]
WAYS: dict[str, Way] = {
    "postgresql": _into_postgresql,
    "sqlite": _into_sqlite,
    "duckdb": _into_duckdb,
}
