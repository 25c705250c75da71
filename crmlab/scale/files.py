"""Purchases in files, opened with DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from crmlab.errors import CrmlabError, MissingToolError
from crmlab.scale.engines import duckdb_engine
from crmlab.scale.store import PurchaseStore

__all__ = ["open_purchases"]

_READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".gz": "read_csv"}


@contextmanager
def open_purchases(
    files: str | Path,
    *,
    memory: str | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> Iterator[PurchaseStore]:
    """Open purchases in Parquet or CSV `files` with DuckDB, for the length of a with block.

    Parameters
    ----------
    files : path of one file, or a pattern such as "sales/*.parquet"
    memory : str, optional
        How much memory DuckDB may use, such as "6GB"; it goes to disk for the rest.
    customer, date, amount : str
        Columns of the files.

    Raises
    ------
    MissingToolError
        If DuckDB is not installed.
    CrmlabError
        If no file is there, or it cannot be read.
    """
    try:
        import duckdb
    except ImportError as error:
        raise MissingToolError.of("DuckDB", "scale") from error

    path = Path(files)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise CrmlabError(f"{path.name}: name .parquet, .csv or .csv.gz files, or a pattern.")
    if not list(path.parent.glob(path.name)):
        raise CrmlabError(f"there is no file {path}.")
    with TemporaryDirectory() as spill, duckdb.connect() as connection:
        try:
            connection.execute("set temp_directory = ?", [spill])
            if memory:
                connection.execute("set memory_limit = ?", [memory])
            seen = connection.from_query(f"from {reader}(?)", params=[str(path)])
            seen.create_view("purchases")
        except duckdb.Error as error:
            raise CrmlabError(f"DuckDB cannot open {path}: {error}") from error
        yield PurchaseStore(
            duckdb_engine(connection), "purchases", customer=customer, date=date, amount=amount
        )
