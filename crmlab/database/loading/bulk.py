"""Whole tables into a database at once: all of them or none, parents first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from crmlab._checks import require_kind
from crmlab.database import schema
from crmlab.database.connection import require_engine
from crmlab.errors import OutOfRangeError, UnknownNameError, UnreadableFileError

from .batches import Source, of_frame, of_parts
from .breaches import explained
from .engines import WAYS, put, set_aside

MANIFEST = "manifest.json"
Progress = Callable[[int, int], object]


def load_tables(
    engine: sa.Engine,
    tables: Mapping[str, pd.DataFrame],
    *,
    metadata: sa.MetaData = schema.metadata,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Insert the rows of `tables` in one transaction, in the fastest way the engine has.

    PostgreSQL is fed by COPY, DuckDB reads the frames where they lie, SQLite takes many rows per
    statement. A table that others refer to comes before them. If anything does not fit, if the
    program is interrupted or the machine fails, the database stays as it was.

    Parameters
    ----------
    engine : of `open_database`; the tables are there already (`upgrade`)
    tables : frames by the name of their table
        With all columns of the table, in any order. What pandas calls missing becomes NULL;
        whole numbers may be floats, so that some can be missing.
    metadata : the tables there are, those of the dictionary when omitted
    progress : callable, optional
        Called with the number of rows that are in, and of all. They are kept when the call of
        `load_tables` returns, not before.

    Returns
    -------
    dict : rows of each table, parents first

    Raises
    ------
    UnknownNameError
        If there is no such table or column.
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If rows break a rule of the database: a type, a limit, a key that is there twice, a
        reference to no row, a value that is missing. Its `table` holds the faults.
    DatabaseError
        If the database refuses for another reason.

    See Also
    --------
    upsert : changes rows that are there already.

    Examples
    --------
    >>> from crmlab.database import open_database, upgrade
    >>> engine = open_database(":memory:")
    >>> _ = upgrade(engine)
    >>> tariffs = pd.DataFrame({"channel": ["chat", "phone"], "cost_cny": [8.0, 25.0]})
    >>> load_tables(engine, {"tariffs": tariffs})
    {'tariffs': 2}
    """
    if not isinstance(tables, Mapping):
        raise OutOfRangeError(
            "tables must be frames by the name of their table, such as {'people': frame}; "
            f"got {type(tables).__name__}."
        )
    sources = [of_frame(table_of(metadata, name), frame) for name, frame in tables.items()]
    return _load(engine, sources, metadata, progress)


def load_folder(
    engine: sa.Engine,
    folder: str | Path,
    *,
    tables: Sequence[str] | None = None,
    metadata: sa.MetaData = schema.metadata,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Insert what `crmlab company --out FOLDER` wrote, as `load_tables` does, in bounded memory.

    Parameters
    ----------
    engine, metadata, progress
        As in `load_tables`.
    folder : path of a world that is whole: one with a manifest, which is written last
    tables : names, by default all the folder has; truths are no part of a database

    Returns
    -------
    dict : rows of each table, parents first

    Raises
    ------
    UnreadableFileError
        If the folder has no manifest, or parts of a table are missing.
    UnknownNameError
        If a table is not in the database, or not in the folder.
    BadRowsError, DatabaseError
        As in `load_tables`.
    """
    if not isinstance(folder, (str, Path)):
        raise OutOfRangeError(f"folder must be a path; got {folder!r}.")
    place = Path(folder)
    rows = _manifest(place)
    if isinstance(tables, str):
        tables = [tables]
    chosen = [name for name in rows if name in metadata.tables] if tables is None else [*tables]
    sources = []
    for name in chosen:
        table = table_of(metadata, name)
        if name not in rows:
            raise UnknownNameError.among(f"table in {place.name}", name, rows)
        source = of_parts(table, sorted((place / name).glob("*.parquet")))
        if source.rows != rows[name]:
            raise UnreadableFileError(
                f"{place.name} should have {rows[name]:,} rows of {name} and has {source.rows:,}: "
                "parts of it are gone. Write it again into a new folder: crmlab company"
            )
        sources.append(source)
    return _load(engine, sources, metadata, progress)


def table_of(metadata: sa.MetaData, name: str) -> sa.Table:
    """Return a table; raise UnknownNameError if there is none of that name."""
    require_kind("metadata", metadata, sa.MetaData, "the tables that there are: a MetaData")
    if not isinstance(name, str) or name not in metadata.tables:
        shown = name if isinstance(name, (str, int)) else type(name)
        raise UnknownNameError.among("table", shown, metadata.tables)
    return metadata.tables[name]


def require_way(engine: sa.Engine) -> None:
    """Raise unless `engine` is one, of a kind of database into which rows have a way."""
    require_engine(engine)
    if engine.dialect.name not in WAYS:
        raise UnknownNameError.among("engine", engine.dialect.name, WAYS)


def _manifest(folder: Path) -> dict[str, int]:
    """Return the rows of each table of a world that is whole."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {str(name): int(rows) for name, rows in said["rows"].items()}
    except FileNotFoundError as error:
        raise UnreadableFileError(
            f"{folder.name} holds no whole world: there is no {MANIFEST}. Write it first, or go on "
            f"with it: crmlab company --out {folder.name} ..."
        ) from error
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise UnreadableFileError(f"{folder.name}/{MANIFEST} is no manifest: {error}") from error


def _load(
    engine: sa.Engine,
    sources: Sequence[Source],
    metadata: sa.MetaData,
    progress: Progress | None,
) -> dict[str, int]:
    """Insert all rows of all sources, or none."""
    require_way(engine)
    order = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
    ordered = sorted(sources, key=lambda source: order[source.table.name])
    done, of = 0, sum(source.rows for source in sources)

    def told(source: Source) -> Iterator[pa.RecordBatch]:
        nonlocal done
        for batch in source.batches():
            yield batch
            done += len(batch)
            if progress:
                progress(done, of)

    try:
        with engine.begin() as connection:
            for source in ordered:
                with set_aside(connection, source.table, source.rows):
                    put(connection, source.table, source.fields, told(source))
    except driver_errors(engine) as error:
        raise explained(engine, ordered, error) from error
    return {source.table.name: source.rows for source in ordered}


def driver_errors(engine: sa.Engine) -> tuple[type[Exception], ...]:
    """Return what a driver raises, with and without SQLAlchemy around it."""
    return DBAPIError, engine.dialect.loaded_dbapi.Error
