"""Engines to measure on: each holds one table of purchases at a time."""

import os
import socket
import sqlite3
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from crmlab.scale import duckdb_engine, postgresql_engine, sqlite_engine


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
def postgresql_server():
    """Start a server of our own on loopback, as an ordinary user, in a temporary folder."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    # PostgreSQL refuses to run for root; Debian's package brings a user of its own.
    who = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)

        def run(program, *arguments):
            command = [programs / program, "-D", f"{folder}/data", *arguments]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, **who)

        run("initdb", "--auth=trust", "--username=crmlab", "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        run("pg_ctl", "start", "--wait", "-l", f"{folder}/log", "-o", options)
        try:
            yield f"postgresql://crmlab@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "stop", "--mode=immediate")


TABLES = {"duckdb": duckdb_table, "sqlite": sqlite_table, "postgresql": postgresql_table}


@pytest.fixture(
    scope="module",
    params=["duckdb", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def table(request):
    """(engine, function that fills its table `purchases`)."""
    with TABLES[request.param]() as opened:
        yield opened
