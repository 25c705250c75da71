"""What each engine needs said differently: how it quotes, counts days and hands over a frame."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Engine:
    """A connection and its dialect.

    fetch turns a query into a DataFrame; day and cents are expressions of a quoted column; quote
    is the mark around names; text_order makes text sort by its code points, as Python does.
    """

    name: str
    fetch: Callable[[str], pd.DataFrame]
    day: str
    cents: str
    quote: str = '"'
    text_order: str = "{column}"

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
        who = self.text_order.format(column=column) if text else column
        day = self.day.format(column=self.quoted(date))
        cents = self.cents.format(column=self.quoted(amount))
        return f"select {who} as customer_id, {day} as day, {cents} as cents from {table}"


def duckdb_engine(connection: Any) -> Engine:
    """Return the engine of a DuckDB `connection`."""
    return Engine(
        "DuckDB",
        lambda query: connection.sql(query).df(),
        day="cast(date_diff('day', date '1970-01-01', cast({column} as date)) as bigint)",
        cents="cast(round({column} * 100) as bigint)",
    )


def sqlite_engine(connection: sqlite3.Connection) -> Engine:
    """Return the engine of a SQLite `connection`; dates are text such as 2024-12-31."""
    return Engine(
        "SQLite",
        lambda query: pd.read_sql_query(query, connection),
        day="cast(round(julianday(date({column})) - 2440587.5) as integer)",
        cents="cast(round({column} * 100) as integer)",
    )


def postgresql_engine(connection: Any) -> Engine:
    """Return the engine of a psycopg (3) `connection` to PostgreSQL."""

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
        text_order='{column} collate "C"',
    )


def spark_engine(session: Any) -> Engine:
    """Return the engine of a Spark `session`."""
    return Engine(
        "Spark",
        lambda query: session.sql(query).toArrow().to_pandas(),
        day="datediff(cast({column} as date), date '1970-01-01')",
        cents="cast(round({column} * 100) as bigint)",
        quote="`",
    )
