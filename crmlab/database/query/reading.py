"""Rows out of a database, by a door through which nothing can be changed."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from crmlab._checks import require_at_least
from crmlab.database.connection import require_engine
from crmlab.database.query.frames import framed, kinds_of
from crmlab.database.query.wording import named_tables, query_errors
from crmlab.errors import DatabaseError, MoreRowsWarning, OutOfRangeError

Question = Any  # of SQLAlchemy: a Select of any columns, a union of such, or a text
MAX_ROWS = 10_000
# What SQLite may do while it answers a question.
_READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}
_READS |= {sqlite3.SQLITE_RECURSIVE}


def sql(
    engine: sa.Engine, text: str, /, *, max_rows: int | None = MAX_ROWS, **parameters: Any
) -> pd.DataFrame:
    """Answer a reader's own SQL, which can read everything and change nothing.

    The engine itself refuses to write: SQLite under an authorizer that lets it only read,
    PostgreSQL in a read-only transaction behind a cursor, which takes one SELECT, DuckDB in a
    read-only transaction once its own parser has found one SELECT. Values travel apart from the
    text, so no value can become a command.

    Parameters
    ----------
    engine : Engine, from `open_database`
    text : str, one SELECT; ``:name`` stands for the parameter `name`
    max_rows : int or None
        Where to stop, with a MoreRowsWarning; None gives all rows.
    **parameters
        Numbers, texts, truth values, dates, or for ``in :name`` a list of them.

    Returns
    -------
    DataFrame, one row per row of the answer
        Days and times as datetime64[us]; what is empty as NaN or NaT. SQLite keeps days as text:
        a column there comes back as days when all its values are written like days, unless a
        table that the text names holds text under that name.

    Raises
    ------
    DatabaseError
        If the text is no question, is several, or is not understood; the message says where.
    UnknownNameError
        If it names a table or column that is not there; the message has those that are.
    OutOfRangeError
        If a parameter is missing, or is not in the text, or `text` is no text.

    See Also
    --------
    crmlab.database.query.plan.explain : how the database finds the answer
    crmlab.database.query.build.build_query : a question made of names and values

    Examples
    --------
    >>> from crmlab.database.connection import open_database
    >>> engine = open_database(":memory:")
    >>> sql(engine, "select :price * 1.5 as dearer, date(:day) as day", price=100, day="2024-12-31")
       dearer        day
    0   150.0 2024-12-31
    """
    statement = bound(engine, text, parameters)
    kinds = kinds_of(named_tables(text))
    with (
        query_errors(engine, text),
        reading(engine) as connection,
        ask(connection, statement) as result,
    ):
        return _answer(result, max_rows, kinds)


def run_query(
    engine: sa.Engine, query: Question, *, max_rows: int | None = MAX_ROWS
) -> pd.DataFrame:
    """Answer a query of `build_query`, or any SELECT of SQLAlchemy, as `sql` answers a text.

    Parameters
    ----------
    engine : Engine, of a customer database
    query : Select, of `build_query` or of SQLAlchemy
    max_rows : int or None, the most rows that are fetched; None for all
    """
    if not isinstance(query, sa.SelectBase):
        raise OutOfRangeError(
            f"a query of build_query is needed here; got {type(query).__name__}. "
            "A text of your own goes through sql(engine, text)."
        )
    kinds = {str(column.key): str(column.type) for column in query.selected_columns}
    with (
        query_errors(engine, str(query)),
        reading(engine) as connection,
        ask(connection, query) as result,
    ):
        return _answer(result, max_rows, kinds)


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Yield a connection that only reads, whatever it is asked by `ask`."""
    require_engine(engine)
    name = engine.dialect.name
    options = {"postgresql_readonly": True} if name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        driver: Any = connection.connection.driver_connection
        if name == "duckdb":
            driver.execute("rollback")
            driver.execute("begin transaction read only")
        elif name == "sqlite":
            # From here on each statement is read anew, also one that was prepared before.
            driver.set_authorizer(_may_read)
        try:
            yield connection
        finally:
            if name == "sqlite":
                driver.set_authorizer(None)


@contextmanager
def writing(driver: sqlite3.Connection) -> Iterator[None]:
    """Let our own hands write on a SQLite connection that otherwise only reads."""
    driver.set_authorizer(None)
    try:
        yield
    finally:
        driver.set_authorizer(_may_read)


def ask(connection: sa.Connection, statement: Question) -> sa.CursorResult[Any]:
    """Return the answer to one question; whatever else `statement` holds, it does not run."""
    if connection.dialect.name == "duckdb":
        _require_one_select(connection, statement)
    # PostgreSQL then declares a cursor for the text, which must be one SELECT.
    return connection.execute(statement, execution_options={"stream_results": True})


def bound(engine: sa.Engine, text: str, parameters: Mapping[str, Any]) -> sa.TextClause:
    """Return `text` with its values beside it, once each has its place."""
    require_engine(engine)
    if not isinstance(text, str):
        raise OutOfRangeError(f"the question must be a text; got {type(text).__name__}.")
    if "\0" in text or text != text.encode("utf-8", "ignore").decode("utf-8"):
        raise DatabaseError("the text holds a character that cannot be written down.")
    statement = sa.text(text)
    wanted = [*statement.compile().params]
    if {*wanted} != {*parameters}:
        raise OutOfRangeError(
            f"the text asks for the parameters {wanted}; got {[*parameters]}. Hand over one "
            r"value each, name=value; a colon that is meant as a colon is written \:"
        )
    values = {name: _value(value, engine.dialect.name) for name, value in parameters.items()}
    if empty := [name for name, value in values.items() if value == []]:
        raise OutOfRangeError(f"the lists {empty} are empty; a list needs at least one value.")
    # Without a type PostgreSQL takes a text for what it is compared with, such as a day.
    return statement.bindparams(
        *(
            sa.bindparam(name, value, expanding=isinstance(value, list), type_=sa.types.NullType())
            for name, value in values.items()
        )
    )


def _require_one_select(connection: sa.Connection, statement: Question) -> None:
    """Raise DatabaseError unless DuckDB's own parser finds one SELECT and no more."""
    library: Any = connection.dialect.dbapi
    text = statement.compile(connection, compile_kwargs={"render_postcompile": True})
    driver: Any = connection.connection.driver_connection
    try:
        kinds = [one.type.name for one in driver.extract_statements(str(text))]
    except library.Error as error:
        raise DatabaseError(str(error)) from error
    if not kinds:
        raise DatabaseError("incomplete input")
    if kinds != ["SELECT"]:
        raise DatabaseError("multiple commands" if kinds[1:] else "not authorized")


def _answer(
    result: sa.CursorResult[Any], max_rows: int | None, kinds: Mapping[str, str]
) -> pd.DataFrame:
    """Return the rows of an answer, `max_rows` at most."""
    if max_rows is not None:
        require_at_least("max_rows", max_rows, 1)
    if not result.returns_rows:
        raise DatabaseError("incomplete input")
    # One row more than is shown tells whether there are more.
    rows = result.fetchall() if max_rows is None else result.fetchmany(max_rows + 1)
    if max_rows is not None and len(rows) > max_rows:
        words = f"only the first {max_rows:,} rows are here; there are more. Ask for max_rows=None."
        warnings.warn(words, MoreRowsWarning, stacklevel=3)
        rows = rows[:max_rows]
    days_as_text = result.context.dialect.name == "sqlite"
    return framed([*result.keys()], rows, kinds, days_as_text=days_as_text)


def _value(value: Any, engine: str) -> Any:
    """Return a parameter as the driver of an engine takes it."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple, set, frozenset, range, pd.Series, pd.Index)):
        return [_value(one, engine) for one in value]
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (date, np.datetime64)):
        stamp = pd.Timestamp(value)
        whole = stamp == stamp.normalize()
        if engine == "sqlite":  # SQLite keeps days and times as text
            return f"{stamp:%Y-%m-%d}" if whole else f"{stamp:%Y-%m-%d %H:%M:%S.%f}"
        return stamp.date() if whole else stamp.to_pydatetime()
    return value.item() if isinstance(value, np.generic) else value


def _may_read(action: int, *_: object) -> int:
    """Tell SQLite whether a statement may do what it is about to do."""
    return sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY
