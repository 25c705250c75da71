"""The fast way into each engine: COPY, a registered table, many rows per statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from pyarrow import types

from .batches import ROWS

pa_csv: Any = import_module("pyarrow.csv")
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
    given = sa.table(GIVEN, *[sa.column(field) for field in fields])
    insert = table.insert().from_select([*fields], sa.select(given))
    driver: Any = connection.connection.driver_connection
    for batch in batches:
        driver.register(GIVEN, pa.Table.from_batches([batch]))
        try:
            connection.execute(insert)
        finally:
            driver.unregister(GIVEN)


@contextmanager
def set_aside(connection: sa.Connection, table: sa.Table, rows: int) -> Iterator[None]:
    """Fill an empty table of PostgreSQL without its references and indexes, made anew at the end.

    One join and one sort take less than a search for each row (see benchmarks/database.py). It
    is all in the transaction: a reference to a row that is nowhere still undoes everything.
    """
    some = sa.exists(sa.select(1).select_from(table))
    if (
        connection.dialect.name != "postgresql"
        or rows <= ROWS
        or connection.scalar(sa.select(some))
    ):
        yield
        return
    keys, indexes = table.foreign_key_constraints, table.indexes
    for key in keys:
        drop = sa.schema.DropConstraint(key, if_exists=True, isolate_from_table=False)
        connection.execute(drop)
    for index in indexes:
        connection.execute(sa.schema.DropIndex(index, if_exists=True))
    yield
    for index in sorted(indexes, key=lambda index: str(index.name)):
        connection.execute(sa.schema.CreateIndex(index))
    for key in sorted(keys, key=lambda key: str(key.name)):
        connection.execute(sa.schema.AddConstraint(key, isolate_from_table=False))


Way = Callable[[sa.Connection, sa.Table, Sequence[str], Iterable[pa.RecordBatch]], None]
WAYS: dict[str, Way] = {
    "postgresql": _into_postgresql,
    "sqlite": _into_sqlite,
    "duckdb": _into_duckdb,
}
