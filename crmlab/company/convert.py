"""A written world in other forms beside its Parquet: CSV for people, SQLite and DuckDB to query."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from crmlab.company.export import WRITING, manifest_of
from crmlab.errors import MissingToolError, UnknownNameError

__all__ = ["convert_company"]

pc: Any = import_module("pyarrow.compute")  # made when it loads: no type checker knows it
BOM = b"\xef\xbb\xbf"


def convert_company(folder: str | Path, form: str) -> list[Path]:
    """Write the finished world in `folder` once more as "csv", "sqlite" or "duckdb".

    CSV has a file for each table in `csv/`, in UTF-8 with a byte order mark, so that a spreadsheet
    shows Chinese; the others are `company.sqlite` and `company.duckdb`. Days are written as
    2024-06-30. A file gets its name when it is whole.

    Parameters
    ----------
    folder : path that `write_company` has finished
    form : "csv", "sqlite" or "duckdb"

    Returns
    -------
    list of the files written

    Raises
    ------
    UnknownNameError
        If there is no such form.
    UnreadableFileError
        If the world in `folder` is not whole.
    MissingToolError
        If DuckDB is not installed.
    """
    require_form(form)
    folder = Path(folder)
    return FORMS[form](folder, [*manifest_of(folder)["rows"]])


def require_form(form: str) -> None:
    """Raise unless a world can be written in this form here."""
    if form not in FORMS:
        raise UnknownNameError.among("form", form, FORMS)
    if form == "duckdb" and find_spec("duckdb") is None:
        raise MissingToolError.of("DuckDB", "scale")


def _batches(folder: Path, name: str) -> Iterator[pa.RecordBatch]:
    """Yield a table piece by piece, days as days."""
    for path in sorted((folder / name).glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches():
            columns = [_as_day(column) for column in batch.columns]
            yield pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _as_day(column: pa.Array) -> pa.Array:
    """Return times as text: the day, and the hour too where a column has hours."""
    if not pa.types.is_timestamp(column.type):
        return column
    form = "%Y-%m-%d" if _is_day(column) else "%Y-%m-%d %H:%M"
    return pc.strftime(column.cast(pa.timestamp("s")), format=form)


def _is_day(column: pa.Array) -> bool:
    """Return whether no time of the column has an hour."""
    return not pc.any(pc.not_equal(pc.hour(column), 0)).as_py()


def _to_csv(folder: Path, names: list[str]) -> list[Path]:
    place = folder / "csv"
    place.mkdir(exist_ok=True)
    paths = []
    for name in names:
        path = place / f"{name}.csv"
        draft = path.with_name(path.name + WRITING)
        with draft.open("wb") as file:
            file.write(BOM)
            writer = None
            for batch in _batches(folder, name):
                writer = writer or pa_csv.CSVWriter(file, batch.schema)
                writer.write_batch(batch)
            if writer is None:  # a table without rows still has its header
                schema = pq.read_schema(next((folder / name).glob("*.parquet")))
                writer = pa_csv.CSVWriter(file, schema)
            writer.close()
        os.replace(draft, path)
        paths.append(path)
    return paths


def _to_sqlite(folder: Path, names: list[str]) -> list[Path]:
    path = folder / "company.sqlite"
    draft = path.with_name(path.name + WRITING)
    draft.unlink(missing_ok=True)
    database = sqlite3.connect(draft)
    try:
        for name in names:
            schema = pq.read_schema(next((folder / name).glob("*.parquet")))
            columns = ", ".join(f'"{field.name}" {_sqlite_type(field.type)}' for field in schema)
            database.execute(f'CREATE TABLE "{name}" ({columns})')
            slots = ", ".join("?" * len(schema))
            for batch in _batches(folder, name):
                rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
                database.executemany(f'INSERT INTO "{name}" VALUES ({slots})', rows)
        database.commit()
    finally:
        database.close()
    os.replace(draft, path)
    return [path]


def _sqlite_type(kind: pa.DataType) -> str:
    """Return the SQLite type of an Arrow type."""
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return "INTEGER"
    return "REAL" if pa.types.is_floating(kind) else "TEXT"


def _to_duckdb(folder: Path, names: list[str]) -> list[Path]:
    import duckdb

    path = folder / "company.duckdb"
    draft = path.with_name(path.name + WRITING)
    draft.unlink(missing_ok=True)
    with duckdb.connect(str(draft)) as database:
        for name in names:
            files = [str(part) for part in sorted((folder / name).glob("*.parquet"))]
            database.execute(f'CREATE TABLE "{name}" AS SELECT * FROM read_parquet(?)', [files])
    os.replace(draft, path)
    return [path]


FORMS: dict[str, Callable[[Path, list[str]], list[Path]]] = {
    "csv": _to_csv,
    "sqlite": _to_sqlite,
    "duckdb": _to_duckdb,
}
