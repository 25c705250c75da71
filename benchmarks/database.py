"""Hehua into databases: COPY beside what else one might do, and what references and indexes cost.

    python -m benchmarks.database [CUSTOMERS] [FOLDER]

A world of CUSTOMERS is written into FOLDER (thrown away if not named), and its purchases with all
they refer to are loaded by `load_folder` into PostgreSQL, DuckDB and SQLite, each in a process of
its own whose peak memory is told. 1,360,000 customers make ten million purchases. Beside them, the
first purchases once more by ways that go row by row, in microseconds for a row: pandas `to_sql`,
psycopg's `executemany`, and COPY by psycopg's `write_row`; ours on the same rows is `load_tables`.
"""

from __future__ import annotations

import resource
import sys
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pandas as pd
import pyarrow.parquet as pq
import sqlalchemy as sa

from crmlab.company import write_company
from crmlab.database import load_folder, load_tables, open_database, upgrade
from crmlab.database.loading import bulk
from tests.servers import postgresql_server

CUSTOMERS = 136_000
SLICE = 20_000  # purchases that the slow ways insert
PARENTS = ["addresses", "households", "people"]


@contextmanager
def nothing_aside(*_: object):
    """Stand in for `set_aside`: every row is looked up and indexed as it comes."""
    yield


def load(folder: str, url: str, tables: list[str], aside: bool) -> tuple[int, float, float]:
    """Load tables and return rows, seconds and peak MiB; runs in a process of its own."""
    if not aside:
        bulk.set_aside = nothing_aside
    began = perf_counter()
    rows = load_folder(open_database(url), folder, tables=tables)
    seconds = perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS, KiB on Linux
    return sum(rows.values()), seconds, peak / (2**20 if sys.platform == "darwin" else 2**10)


def timed_load(name: str, folder: Path, url: str, *, aside: bool = True) -> None:
    """Load the parents, then the purchases, and print a line for each."""
    engine = open_database(url)
    upgrade(engine)
    engine.dispose()  # a file of DuckDB belongs to one process at a time
    for tables in (PARENTS, ["purchases"]):
        with get_context("spawn").Pool(1) as pool:
            rows, seconds, peak = pool.apply(load, (str(folder), url, tables, aside))
        rate = f"{rows / seconds:>9,.0f} rows/s  {peak:6,.0f} MiB"
        print(f"  {name:32} {tables[-1]:10} {rows:>12,} rows {seconds:7.1f} s  {rate}", flush=True)


def to_sql(engine: sa.Engine, frame: pd.DataFrame) -> None:
    with engine.begin() as connection:
        frame.to_sql(
            "purchases",
            connection,
            if_exists="append",
            index=False,
            method="multi",
            chunksize=1_000,
        )


def executemany(engine: sa.Engine, frame: pd.DataFrame) -> None:
    slots = ", ".join(["%s"] * len(frame.columns))
    sql = f"insert into purchases ({', '.join(frame.columns)}) values ({slots})"
    with engine.begin() as connection:
        cursor = connection.connection.cursor()
        cursor.executemany(sql, [*frame.itertuples(index=False, name=None)])


def write_row(engine: sa.Engine, frame: pd.DataFrame) -> None:
    sql = f"copy purchases ({', '.join(frame.columns)}) from stdin"
    with engine.begin() as connection, connection.connection.cursor().copy(sql) as copy:
        for row in frame.itertuples(index=False, name=None):
            copy.write_row(row)


def ours(engine: sa.Engine, frame: pd.DataFrame) -> None:
    load_tables(engine, {"purchases": frame})


def beside(url: str, folder: Path) -> None:
    """Print microseconds for a row of each way, the same rows each time."""
    engine = open_database(url)
    part = pq.ParquetFile(min((folder / "purchases").glob("*.parquet")))
    frame = next(part.iter_batches(SLICE)).to_pandas()
    print(f"the first {len(frame):,} of them into an empty table of PostgreSQL")
    for way in (ours, write_row, to_sql, executemany):
        with engine.begin() as connection:
            connection.execute(sa.text("truncate purchases cascade"))
        began = perf_counter()
        way(engine, frame)
        print(f"  {way.__name__:32} {(perf_counter() - began) / len(frame) * 1e6:7.1f} us a row")
    engine.dispose()


def main(customers: int = CUSTOMERS, folder: str | None = None) -> None:
    with TemporaryDirectory() as own:
        world = Path(folder or f"{own}/world")
        rows = write_company(world, customers, seed=7, tables=[*PARENTS, "purchases"])
        print(f"{rows['purchases']:,} purchases of {customers:,} customers, and whom they refer to")
        with postgresql_server() as url:
            timed_load("PostgreSQL", world, url)
        with postgresql_server() as url:
            timed_load("PostgreSQL, nothing set aside", world, url, aside=False)
            beside(url, world)
        timed_load("DuckDB", world, f"{own}/hehua.duckdb")
        timed_load("SQLite", world, f"{own}/hehua.sqlite")


if __name__ == "__main__":
    main(*[int(word) if word.isdigit() else word for word in sys.argv[1:]])
