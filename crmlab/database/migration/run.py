"""Which version a database has, and how it gets the newest."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from crmlab.database.connection import database_errors, require_engine
from crmlab.database.migration.versions.v1 import V1
from crmlab.database.schema import KEPT_IN, metadata
from crmlab.errors import DatabaseError, NotAllowedError, UnknownNameError

TABLES = {1: V1, 2: metadata}  # of each version
NEWEST = max(TABLES)
LOCK = 0x63726D6C6162  # any number that others do not use: crmlab in ASCII


def version(engine: sa.Engine) -> int:
    """Return the version of a customer database: 0 when there is none yet, 1 or 2.

    Parameters
    ----------
    engine : Engine

    Raises
    ------
    DatabaseError
        If a newer crmlab made it, or tables with our names are there that are not ours.

    Examples
    --------
    >>> from crmlab.database import open_database
    >>> version(open_database(":memory:"))
    0
    """
    require_engine(engine)
    with database_errors("the version cannot be read"), engine.connect() as connection:
        return _version(connection)


def upgrade(engine: sa.Engine, to: int | None = None) -> pd.DataFrame:
    """Bring a database to a version, the newest by default, in one transaction.

    An empty database gets the tables. In one of version 1 every customer and purchase is kept
    with every value: addresses become rows of their own, and who gave the same house and room in
    the same city becomes one household. If anything fails, all is as it was. A database that has
    the version already is left alone.

    Parameters
    ----------
    engine : Engine, from `open_database`
    to : int, 1 or 2

    Returns
    -------
    DataFrame, one row per version that was passed and table that it made, kept or dissolved
        version : int64
        table, change : str; a change is made, kept or dissolved
        rows_before, rows_after : int64

    Raises
    ------
    BadRowsError
        If version 2 has no place for a value, such as a channel there is not, or a purchase
        without a category; ``error.table`` lists them all.
    DatabaseError
        If a newer crmlab made the database, tables with our names are there that are not ours,
        version 1 has a column of its own, or the database refuses.
    NotAllowedError
        If `to` lies before the present version. There is no way back: version 1 has no room for
        what version 2 keeps. Copy the database first if you may want it again.
    UnknownNameError
        If there is no version `to`.

    Examples
    --------
    >>> from crmlab.database import open_database
    >>> engine = open_database(":memory:")
    >>> upgrade(engine, to=1)
       version      table change  rows_before  rows_after
    0        1  customers   made            0           0
    1        1  purchases   made            0           0
    >>> len(upgrade(engine)) > 20, version(engine), len(upgrade(engine))
    (True, 2, 0)
    """
    require_engine(engine)
    wanted = NEWEST if to is None else to
    if not isinstance(wanted, int) or wanted not in TABLES:
        raise UnknownNameError.among("version", to, map(str, TABLES))
    steps = []
    with database_errors("nothing was changed"), engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # two who upgrade at once take turns
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        have = _version(connection)
        if wanted < have:
            raise NotAllowedError(
                f"the database has version {have}, and version {wanted} has no room for all that "
                "it keeps. Go back to a copy that was made before the upgrade."
            )
        for step in range(have + 1, wanted + 1):
            steps.append(_step(connection, step))
    columns = {"version": "int64", "table": "str", "change": "str"}
    columns |= {"rows_before": "int64", "rows_after": "int64"}
    rows = [row for step in steps for row in step]
    return pd.DataFrame(rows, columns=[*columns]).astype(columns)


def told(report: pd.DataFrame) -> list[str]:
    """Return what `upgrade` reports as lines to print.

    Examples
    --------
    >>> from crmlab.database import open_database
    >>> told(upgrade(open_database(":memory:"), to=1))
    ['version 1: 2 tables made']
    """
    lines = []
    for number, step in report.groupby("version"):
        lines.append(f"version {number}: {(step['change'] == 'made').sum()} tables made")
        moved = step[(step["rows_before"] > 0) | (step["rows_after"] > 0)]
        lines += [
            f"  {row.table} ({row.change}): {row.rows_before:,} -> {row.rows_after:,} rows"
            for row in moved.itertuples()
        ]
    return lines


def _version(connection: sa.Connection) -> int:
    """Return the version of a database that is ours or empty, or raise DatabaseError."""
    there = {*sa.inspect(connection).get_table_names()}
    if KEPT_IN not in there:
        _require_none(there & {*V1.tables, *metadata.tables})
        return 0
    said = connection.scalar(sa.text(f"select version_num from {KEPT_IN}"))
    if said not in map(str, TABLES):
        raise DatabaseError(
            f"the database has version {said!r}, and this crmlab knows {[*TABLES]}. "
            "A newer one made it: open it with that one, or a later one."
        )
    _require_columns(connection, int(said), there)
    return int(said)


def _require_none(strange: set[str]) -> None:
    """Raise DatabaseError if tables have our names without being ours."""
    if strange:
        raise DatabaseError(
            f"the database has tables with our names that crmlab did not make: {sorted(strange)}. "
            "Take an empty database, or on PostgreSQL a schema of its own."
        )


def _require_columns(connection: sa.Connection, number: int, there: set[str]) -> None:
    """Raise DatabaseError unless a database has the tables of its version as we know them.

    A column that somebody added to version 1 would have no place in version 2.
    """
    known = TABLES[number].tables
    _require_none(there & {*TABLES[NEWEST].tables} - {*known})
    for name, table in known.items():
        # SQLAlchemy cannot ask DuckDB for the columns of a table; every engine shows them so.
        query = sa.select(sa.literal_column("*")).select_from(table).limit(0)
        has = {*connection.execute(query).keys()} if name in there else set()
        wanted = {*table.columns.keys()}
        extra = has - wanted if number < NEWEST else set()
        if wanted - has or extra:
            raise DatabaseError(
                f"{name} is not that of version {number}: "
                f"missing {sorted(wanted - has)}, without a place {sorted(extra)}. "
                "Move a column of your own to a table of your own; what is missing, another "
                "release of crmlab left out."
            )


def _step(connection: sa.Connection, number: int) -> list[tuple[int, str, str, int, int]]:
    """Bring a database from the version before to `number`; return the rows of the report."""
    from crmlab.database.migration.scripts import run_script

    before = _rows(connection, number - 1)
    run_script(connection, number)
    after = _rows(connection, number)
    return [
        (number, name, _change(name, before, after), before.get(name, 0), after.get(name, 0))
        for name in {**before, **after}
    ]


def _rows(connection: sa.Connection, number: int) -> dict[str, int]:
    """Return the rows of each table of a version."""
    tables = TABLES[number].sorted_tables if number else []
    query = sa.select(sa.func.count())
    return {one.name: connection.scalar(query.select_from(one)) or 0 for one in tables}


def _change(name: str, before: dict[str, int], after: dict[str, int]) -> str:
    """Return what became of a table."""
    return "kept" if name in before and name in after else "made" if name in after else "dissolved"
