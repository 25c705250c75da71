"""A table of purchases too large for memory, and the measures on it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import months_before, require_at_least
from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    LaterRowsWarning,
    MissingToolError,
    OutOfRangeError,
)
from crmlab.members.measure.grid import QUADRANTS
from crmlab.pyramid.measure.tiers import TIER_CUTS, tier_names
from crmlab.scale.blocks import blocks, composed
from crmlab.scale.engines import Engine, duckdb_engine

EPOCH = np.datetime64("1970-01-01", "D")
_DTYPES: dict[str, Any] = {"int": "int64", "float": "float64", "bool": "bool", "str": "str"}
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
        raise MissingToolError("DuckDB is missing. Type: pip install 'crmlab[scale]'") from error

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


class PurchaseStore:
    """A table of purchases in an engine; each method is the measure of that name.

    Every method returns the columns and dtypes, and follows the definitions, of its pandas form,
    which its docstring names; integers are equal and ratios agree within 1e-9. Money counts in
    whole cents: an amount is rounded to the nearest one.

    Parameters
    ----------
    engine : Engine
        Such as `duckdb_engine(connection)`.
    table : str
        Name of the table or view; dots part schema and table.
    customer, date, amount : str
        Columns of the table.

    Raises
    ------
    BadRowsError
        If rows have no customer, no date or no amount.
    OutOfRangeError
        If there are no rows.
    """

    def __init__(
        self,
        engine: Engine,
        table: str,
        *,
        customer: str = "customer_id",
        date: str = "date",
        amount: str = "amount",
    ):
        self.engine = engine
        source = engine.quoted(table)
        one = engine.fetch(f"select {engine.quoted(customer)} as customer_id from {source} limit 1")
        self._text = len(one) > 0 and isinstance(one["customer_id"].iloc[0], str)
        columns = {"customer": customer, "date": date, "amount": amount}
        self._log = engine.log(source, **columns, text=self._text)
        self._last_day = self._checked()

    def query(self, name: str, *, as_of: str | None = None, **numbers: int) -> str:
        """Return the SQL text of a measure, to make a table of it or to read it."""
        given = {"log": self._log, "cuts": self._cuts(TIER_CUTS)}
        return composed(name, given=given, numbers={"as_of": self._day(as_of), **numbers})

    def rfm(self, *, as_of: str | None = None, count: str = "purchases") -> pd.DataFrame:
        """Recency, frequency and money of each customer: `crmlab.rfm.measure.rfm`."""
        names = {"purchases": "rfm", "days": "rfm_by_days"}
        if count not in names:
            raise OutOfRangeError(f"count must be 'purchases' or 'days'; got {count!r}.")
        return self._frame(names[count], as_of=as_of)

    def rfm_scores(self, *, as_of: str | None = None, bins: int = 5) -> pd.DataFrame:
        """Scores by rank and their digits: `crmlab.rfm.measure.rfm_scores`."""
        require_at_least("bins", bins, 2)
        if bins > 9:
            raise OutOfRangeError(f"digits hold scores up to 9; got bins={bins}.")
        return self._frame("rfm_scores", as_of=as_of, bins=bins)

    def pyramid_tiers(
        self,
        *,
        as_of: str | None = None,
        cuts: Sequence[float] = TIER_CUTS,
        names: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Tier of each customer by net total: `crmlab.pyramid.measure.pyramid_tiers`."""
        return self._tiers("pyramid_tiers", as_of, cuts, names)

    def pyramid(
        self,
        *,
        as_of: str | None = None,
        cuts: Sequence[float] = TIER_CUTS,
        names: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Headcount and money of each tier: `crmlab.pyramid.measure.pyramid`."""
        found = self._tiers("pyramid", as_of, cuts, names)
        total = float(found["spend"].sum())
        if not total > 0:
            raise OutOfRangeError(f"shares of spend need a total above 0; it is {total:g}.")
        return found[["tier", *found.columns.drop("tier")]]

    def repurchase_gaps(self, *, as_of: str | None = None) -> pd.DataFrame:
        """Days from each purchase day to the next: `crmlab.members.measure.repurchase_gaps`."""
        return self._frame("repurchase_gaps", as_of=as_of)

    def repurchase(self, *, as_of: str | None = None, months: int = 12) -> pd.DataFrame:
        """Gaps and returns of each member: `crmlab.members.measure.repurchase`."""
        return self._in_period("repurchase", as_of, months)

    def quadrants(self, *, as_of: str | None = None, months: int = 12) -> pd.DataFrame:
        """Quadrant of each member, lines at the means: `crmlab.members.measure.quadrants`."""
        placed = self._in_period("quadrants", as_of, months)
        return placed.assign(quadrant_name=placed["quadrant"].map(QUADRANTS).astype("str"))

    def _count(self, condition: str) -> pd.Series:
        """Return rows n, first_day, last_day, and how many rows `hold` the condition."""
        return self.engine.fetch(
            f"with log as ({self._log}) select count(*) as n, min(day) as first_day, "
            f"max(day) as last_day, "
            f"coalesce(sum(case when {condition} then 1 else 0 end), 0) as hold from log"
        ).iloc[0]

    def _checked(self) -> int:
        """Return the last day of the log; raise if it is empty or has rows without values."""
        found = self._count("customer_id is null or day is null or cents is null")
        require_at_least("the number of purchases", int(found["n"]), 1)
        if found["hold"]:
            raise BadRowsError(
                f"{int(found['hold'])} of {int(found['n'])} rows have no customer, no date that "
                f"{self.engine.name} can read, or no amount. Leave them out with a view first."
            )
        return int(found["last_day"])

    def _day(self, as_of: str | None) -> int:
        """Return the day number of `as_of`, and warn of rows after it."""
        if as_of is None:
            return self._last_day
        try:
            day = int((pd.Timestamp(as_of).to_numpy().astype("M8[D]") - EPOCH).astype("int64"))
        except ValueError as error:
            raise OutOfRangeError(
                f"as_of must be a date like '2024-06-30'; got {as_of!r}."
            ) from error
        found = self._count(f"day > {day}")
        if day < found["first_day"]:
            first = EPOCH + int(found["first_day"])
            raise OutOfRangeError(f"as_of {EPOCH + day} lies before the first row, {first}.")
        if found["hold"]:
            words = f"{int(found['hold'])} row(s) after {EPOCH + day} are left out."
            warnings.warn(words, LaterRowsWarning, stacklevel=5)
        return day

    def _cuts(self, cuts: Sequence[float]) -> str:
        """Return the query of the cuts as fractions, the whole last."""
        shares = [*(Fraction(str(cut)) for cut in cuts), Fraction(1)]
        rows = (
            f"select {place} as place, {share.numerator} as top, {share.denominator} as parts"
            for place, share in zip(count(1), shares, strict=False)
        )
        return " union all ".join(rows)

    def _tiers(
        self, name: str, as_of: str | None, cuts: Sequence[float], names: Sequence[str] | None
    ) -> pd.DataFrame:
        tiers = dict(enumerate(tier_names(cuts, names), start=1))
        found = self._frame(name, as_of=as_of, cuts=cuts)
        return found.assign(tier=found["place"].map(tiers).astype("str")).drop(columns="place")

    def _in_period(self, name: str, as_of: str | None, months: int) -> pd.DataFrame:
        require_at_least("months", months, 1)
        day = self._day(as_of)
        start = int((months_before(EPOCH + day, months) - EPOCH).astype("int64"))
        return self._fetched(name, numbers={"as_of": day, "start": start, "months": months})

    def _frame(
        self,
        name: str,
        *,
        as_of: str | None,
        cuts: Sequence[float] = TIER_CUTS,
        **numbers: int,
    ) -> pd.DataFrame:
        return self._fetched(name, cuts=cuts, numbers={"as_of": self._day(as_of), **numbers})

    def _fetched(
        self, name: str, *, numbers: dict[str, int], cuts: Sequence[float] = TIER_CUTS
    ) -> pd.DataFrame:
        """Return the frame of a block, with the dtypes of the pandas form."""
        given = {"log": self._log, "cuts": self._cuts(cuts)}
        found = self.engine.fetch(composed(name, given=given, numbers=numbers))
        kinds = {**blocks()[name].returns}
        if "customer_id" in kinds:
            kinds["customer_id"] = "str" if self._text else "int"
        return pd.DataFrame({name: _typed(found[name], kind) for name, kind in kinds.items()})


def _typed(column: pd.Series, kind: str) -> pd.Series:
    """Return a column as the pandas form has it."""
    if kind == "date":
        return pd.Series((EPOCH + column.to_numpy("int64")).astype("M8[us]"))
    return column.astype(_DTYPES[kind])
