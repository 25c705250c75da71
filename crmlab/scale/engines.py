"""What each engine needs said differently: how it quotes, counts days and hands over a frame."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from crmlab.errors import WrongTypeError

__all__ = ["duckdb_engine", "postgresql_engine", "spark_engine", "sqlite_engine"]


@dataclass(frozen=True)
class Engine:
    """A connection and its dialect.

    fetch turns a query into a DataFrame; day, cents and number are expressions of a quoted
    column: its day, its cents, and its value as a float, null where it is none. whole is true of
    an id that is a whole number, for columns of numbers. quote is the mark around names;
    text_order makes text sort by its code points, as Python does; place numbers the rows.
    """

    name: str
    fetch: Callable[[str], pd.DataFrame]
    day: str
    cents: str
    number: str
    whole: str = "{column} = floor({column})"
    quote: str = '"'
    text_order: str = "{column}"
    place: str = "row_number() over ()"

    def quoted(self, name: str) -> str:
        """Return `name` as an identifier, whatever stands in it; dots part schema and table."""
        mark = self.quote
        return ".".join(f"{mark}{part.replace(mark, mark * 2)}{mark}" for part in name.split("."))

    def log(self, table: str, *, customer: str, date: str, amount: str, text: bool) -> str:
        """Return the query that shows `table` as log (customer_id, day, cents).

        `table` is a quoted name or what the engine reads instead; `text` says that customers
        are text.
        """
        column = self.quoted(customer)
        who = (self.text_order if text else "cast({column} as bigint)").format(column=column)
        day = self.day.format(column=self.quoted(date))
        cents = self.cents.format(column=self.quoted(amount))
        return f"select {who} as customer_id, {day} as day, {cents} as cents from {table}"


def engine_of(connection: Any) -> Engine:
    """Return the engine of a connection: DuckDB's, sqlite3's, psycopg's, SQLAlchemy's or Spark's.

    Raises
    ------
    WrongTypeError
        If it is none of these.
    """
    if isinstance(connection, Engine):
        return connection
    if isinstance(connection, sqlite3.Connection):
        return sqlite_engine(connection)
    makers = {
        "duckdb": duckdb_engine,
        "_duckdb": duckdb_engine,
        "psycopg": postgresql_engine,
        "pyspark": spark_engine,
    }
    library = type(connection).__module__.split(".")[0]
    if library in makers and (hasattr(connection, "cursor") or hasattr(connection, "sql")):
        return makers[library](connection)
    dialect = getattr(getattr(connection, "dialect", None), "name", None)
    dialects = {"sqlite": sqlite_engine, "postgresql": postgresql_engine, "duckdb": duckdb_engine}
    if dialect in dialects:
        fetch = _by_sqlalchemy(connection)
        return replace(dialects[str(dialect)](connection), fetch=fetch)
    raise WrongTypeError(
        "a store reads from a connection to DuckDB, SQLite (sqlite3), PostgreSQL (psycopg 3), an "
        "engine of SQLAlchemy for one of these, or a Spark session; "
        f"got {type(connection).__module__}.{type(connection).__name__}."
    )


def _by_sqlalchemy(connection: Any) -> Callable[[str], pd.DataFrame]:
    """Return what turns a query into a frame by an engine or a connection of SQLAlchemy."""

    def ask(opened: Any, query: str) -> pd.DataFrame:
        found = opened.exec_driver_sql(query)
        return pd.DataFrame(found.fetchall(), columns=[*found.keys()])

    def fetch(query: str) -> pd.DataFrame:
        if hasattr(connection, "exec_driver_sql"):
            return ask(connection, query)
        with connection.connect() as opened:
            return ask(opened, query)

    return fetch


def duckdb_engine(connection: Any) -> Engine:
    """Return the engine of a DuckDB `connection`.

    Parameters
    ----------
    connection : DuckDBPyConnection
    """
    return Engine(
        "DuckDB",
        lambda query: connection.sql(query).df(),
        day="cast(date_diff('day', date '1970-01-01', try_cast({column} as date)) as bigint)",
        cents="cast(round(try_cast({column} as double) * 100) as bigint)",
        number="try_cast({column} as double)",
        whole="try_cast({column} as double) = floor(try_cast({column} as double))",
    )


# SQLite takes any text for a number as far as it goes; these are numbers to their end.
_SIGN_OFF = "ltrim(substr(trim({column}), 1, 1), '+-') || substr(trim({column}), 2)"
_SQLITE_NUMBER = (
    "case when typeof({column}) in ('integer', 'real') then {column} "
    f"when typeof({{column}}) = 'text' and {_SIGN_OFF} glob '*[0-9]*' "
    f"and {_SIGN_OFF} not glob '*[^0-9.]*' and {_SIGN_OFF} not glob '*.*.*' "
    "then cast({column} as real) end"
)


def sqlite_engine(connection: Any) -> Engine:
    """Return the engine of a SQLite `connection`; dates are text such as 2024-12-31.

    Parameters
    ----------
    connection : sqlite3.Connection
    """
    return Engine(
        "SQLite",
        lambda query: pd.read_sql_query(query, connection),
        day="cast(round(julianday(date({column})) - 2440587.5) as integer)",
        cents="cast(round({column} * 100) as integer)",
        number=_SQLITE_NUMBER,
        # A column of SQLite may hold numbers and text side by side.
        whole="typeof({column}) = 'integer' "
        "or (typeof({column}) = 'real' and {column} = cast({column} as integer))",
    )


def postgresql_engine(connection: Any) -> Engine:
    """Return the engine of a psycopg (3) `connection` to PostgreSQL.

    Parameters
    ----------
    connection : psycopg.Connection
    """

    def fetch(query: str) -> pd.DataFrame:
        with connection.cursor() as cursor:
            # A plan kept from before would not survive a table that is made anew.
            cursor.execute(query, prepare=False)
            return pd.DataFrame(cursor.fetchall(), columns=[c.name for c in cursor.description])

    return Engine(
        "PostgreSQL",
        fetch,
        day="cast({column} as date) - date '1970-01-01'",
        cents="cast(round(cast({column} as numeric) * 100) as bigint)",
        number="case when cast({column} as text) ~ '^\\s*[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)"
        "([eE][-+]?[0-9]+)?\\s*$' then cast(cast({column} as text) as double precision) end",
        whole="cast({column} as numeric) = floor(cast({column} as numeric))",
        text_order='{column} collate "C"',
    )


def spark_engine(session: Any) -> Engine:
    """Return the engine of a Spark `session`.

    Parameters
    ----------
    session : SparkSession
    """
    return Engine(
        "Spark",
        lambda query: session.sql(query).toArrow().to_pandas(),
        day="datediff(try_cast({column} as date), date '1970-01-01')",
        cents="cast(round({column} * 100) as bigint)",
        number="try_cast({column} as double)",
        quote="`",
        place="row_number() over (order by monotonically_increasing_id())",
    )
