"""Open a customer database: a file of SQLite or DuckDB, or a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from crmlab.errors import BadRowsError, DatabaseError, MissingToolError, OutOfRangeError

__all__ = ["open_database"]

DRIVERS = {"sqlite": "sqlite", "duckdb": "duckdb"}
DRIVERS |= {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
SUFFIXES = {".sqlite": "sqlite", ".sqlite3": "sqlite", ".db": "sqlite", ".duckdb": "duckdb"}
SECONDS = 10  # to wait for a server


def open_database(url: str | Path) -> sa.Engine:
    """Return the engine of a database, which is made if it is a file that is not there yet.

    Every engine enforces foreign keys, and a transaction that fails leaves nothing behind, be it
    rows or tables.

    Parameters
    ----------
    url : str or Path
        A file such as ``hehua.sqlite`` or ``hehua.duckdb``; ``:memory:`` for a SQLite that ends
        with Python; or the address of a server, ``postgresql://user:password@host:5432/name``.

    Raises
    ------
    OutOfRangeError
        If `url` names no database that crmlab can open.
    MissingToolError
        If the library that speaks to this engine is not installed.
    DatabaseError
        If the server does not answer, or the file cannot be opened or is no database.

    See Also
    --------
    crmlab.database.migration.upgrade : makes the tables of the firm in it

    Examples
    --------
    >>> engine = open_database(":memory:")
    >>> engine.dialect.name
    'sqlite'
    """
    address = _address(url)
    # A password is not shown, not even to say that it was wrong.
    shown = address.render_as_string(hide_password=True)
    if address.drivername != DRIVERS["postgresql"] and address.host:
        raise _refusal(shown)
    options = {"connect_timeout": SECONDS} if address.drivername.startswith("postgresql") else {}
    try:
        engine = sa.create_engine(address, connect_args=options)
    except (ImportError, NoSuchModuleError) as error:
        raise MissingToolError.of(f"what opens {shown}", "scale") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _as_sqlite_should)
        event.listen(engine, "begin", lambda made: made.exec_driver_sql("BEGIN"))
    with database_errors(f"{shown} cannot be opened"), engine.connect() as connection:
        if engine.dialect.name == "sqlite":  # it reads no file before it is asked for a table
            connection.exec_driver_sql("PRAGMA schema_version")
    return engine


def require_engine(engine: sa.Engine) -> None:
    """Raise OutOfRangeError unless `engine` is one; a name or a connection is not."""
    if not isinstance(engine, sa.Engine):
        raise OutOfRangeError(
            f"an Engine is needed here, as open_database('hehua.sqlite') returns; got {engine!r}."
        )


@contextmanager
def database_errors(doing: str) -> Iterator[None]:
    """Turn what a database refuses into a CrmlabError that begins with `doing`.

    A row that breaks a key, a check or a reference is a BadRowsError, all else a DatabaseError.
    """
    try:
        yield
    except IntegrityError as error:
        raise BadRowsError(f"{doing}: {_first_line(error)}") from error
    except DBAPIError as error:
        raise DatabaseError(f"{doing}: {_first_line(error)}") from error


def _address(url: str | Path) -> sa.URL:
    """Return the address that `url` means."""
    text = str(url)
    if text == ":memory:":
        return sa.URL.create("sqlite")
    if "://" not in text:
        # A file on Windows has a colon too, C:\\hehua.sqlite.
        name = SUFFIXES.get(Path(text).suffix.lower())
        if name is None:
            raise _refusal(text)
        return sa.URL.create(name, database=text)
    try:
        address = sa.make_url(text)
    except (ArgumentError, ValueError) as error:
        raise _refusal("what was given") from error
    if address.drivername.partition("+")[0] not in DRIVERS:
        raise _refusal(address.render_as_string(hide_password=True))
    return address.set(drivername=DRIVERS[address.drivername.partition("+")[0]])


def _refusal(shown: str) -> OutOfRangeError:
    """Word the error for an address that names no database."""
    return OutOfRangeError(
        f"{shown} names no database that crmlab opens. Give a file that ends in "
        f"{', '.join(SUFFIXES)}, ':memory:', or postgresql://user:password@host:5432/name"
    )


def _as_sqlite_should(connection: Any, _: object) -> None:
    """Make SQLite enforce foreign keys, and leave the start of transactions to SQLAlchemy.

    Python's driver would begin none for CREATE TABLE, so that a failure left half the tables.
    """
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _first_line(error: DBAPIError) -> str:
    """Return what the database itself said, without the statement and its values."""
    return str(error.orig).strip().splitlines()[0]
