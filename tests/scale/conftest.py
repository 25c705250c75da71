"""Engines to measure on: each holds one table of purchases at a time."""

import sqlite3
from contextlib import contextmanager

import pyarrow as pa
import pytest

from crmlab.scale import duckdb_engine, postgresql_engine, spark_engine, sqlite_engine
from tests.servers import postgresql_server, spark_session


@contextmanager
def duckdb_table():
    import duckdb

    with duckdb.connect() as connection:

        def fill(purchases):
            connection.register("given", purchases)
            connection.execute("create or replace table purchases as select * from given")

        yield duckdb_engine(connection), fill


@contextmanager
def sqlite_table():
    connection = sqlite3.connect(":memory:")

    def fill(purchases):
        purchases.to_sql("purchases", connection, index=False, if_exists="replace")

    yield sqlite_engine(connection), fill
    connection.close()


@contextmanager
def postgresql_table():
    import psycopg

    with postgresql_server() as url, psycopg.connect(url, autocommit=True) as connection:

        def fill(purchases):
            kind = "bigint" if purchases["customer_id"].dtype.kind == "i" else "text"
            connection.execute("drop table if exists purchases")
            connection.execute(
                f"create table purchases (customer_id {kind}, date timestamp, amount float8)"
            )
            with connection.cursor().copy("copy purchases from stdin") as copy:
                for row in purchases.itertuples(index=False, name=None):
                    copy.write_row([str(value) for value in row])

        yield postgresql_engine(connection), fill


@contextmanager
def spark_table():
    with spark_session() as session:

        def fill(purchases):
            rows = pa.Table.from_pandas(purchases, preserve_index=False)
            session.createDataFrame(rows).createOrReplaceTempView("purchases")

        yield spark_engine(session), fill


TABLES = {
    "duckdb": duckdb_table,
    "sqlite": sqlite_table,
    "postgresql": postgresql_table,
    "spark": spark_table,
}


@pytest.fixture(
    scope="module",
    params=[
        "duckdb",
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.java]),
    ],
)
def table(request):
    """(engine, function that fills its table `purchases`, how many examples it has time for)."""
    with TABLES[request.param]() as opened:
        yield *opened, 3 if request.param == "spark" else 15
