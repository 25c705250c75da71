"""Rows and columns before anything is understood: what a format's reader hands over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from crmlab._cells import arrow_of, simple
from crmlab._words import N_, _
from crmlab.data._columns import HEADER_WITHIN, NEAR_TOP, NEEDED, Named, recognised
from crmlab.data._places import Places
from crmlab.data._rest import Rest
from crmlab.data._source import Source, blaming
from crmlab.data._totals import NONE, Marked
from crmlab.data.report import Guess
from crmlab.errors import MissingColumnsError, UnreadableFileError

FROM_ZERO = N_("rows are counted from 0, as in frame.iloc")


@dataclass
class Loaded:
    """The columns asked for, by role; each is taken out when parsed, so that memory is freed.

    first : the number of the first row
    torn : number and text of rows that have too many or too few cells; they are in no column
    rest : uint64 per row, a digest of the columns not asked for
    totals : the rows in which one of those columns holds a word such as total
    also : further columns that say what a row is, by number
    names, taken : the names of all columns, and which of them has which role
    places : which of the further columns say what
    nobody : ids that stand for nobody on the platform the file comes from
    semicolons : whether they divide the cells, as is usual where a comma stands before cents
    """

    columns: dict[str, pa.ChunkedArray]
    length: int
    first: int = 0
    torn: list[tuple[int, str]] = field(default_factory=list)
    rest: np.ndarray | None = None
    totals: Marked = NONE
    semicolons: bool = False
    also: dict[int, pa.ChunkedArray] = field(default_factory=dict)
    names: Sequence[Any] = ()
    taken: dict[str, int] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    nobody: Sequence[str] = ()

    def take(self, role: str) -> pa.ChunkedArray:
        """Return a column and forget it; Arrow gives back what earlier ones occupied."""
        pa.default_memory_pool().release_unused()
        return self.columns.pop(role)

    def number(self, rows: np.ndarray) -> np.ndarray:
        """Return the numbers a reader sees for `rows`, counting torn rows too."""
        torn = np.array([number for number, _ in self.torn], dtype=np.int64)
        before = torn - self.first - np.arange(len(torn))
        return rows + self.first + np.searchsorted(before, rows, side="right")


class Table(Protocol):
    """A source whose column names are known and whose columns can be loaded."""

    names: Sequence[Any]
    guesses: list[Guess]
    counted_from: str

    def load(self, places: dict[str, int], also: Sequence[int] = ()) -> Loaded:
        """Return the columns at `places`, by role, and those at `also` besides."""
        ...


@contextmanager
def suspecting(table: Table) -> Iterator[None]:
    """Add to an error on missing columns that the encoding was a guess, if it was."""
    try:
        yield
    except MissingColumnsError as error:
        guess = next((one for one in table.guesses if one.what == "encoding"), None)
        if guess is None or guess.value.startswith("utf") or guess.why == "given":
            raise
        raise MissingColumnsError(
            f"{error} The text was read as {guess.value} ({guess.why}); if these names look wrong, "
            "name another with encoding=…, such as 'big5', 'shift_jis' or 'cp1251'."
        ) from None


def find_header(rows: Sequence[Sequence[Any]], named: Named) -> int:
    """Return which of the first rows holds the column names: the one that names most roles."""
    counts = [recognised(row, named) for row in rows[:NEAR_TOP]]
    if max(counts, default=0) < len(NEEDED):
        counts += [recognised(row, named) for row in rows[NEAR_TOP:HEADER_WITHIN]]
    return counts.index(max(counts, default=0)) if counts else 0


class _Columns:
    """A Table whose columns stand side by side and are fetched one at a time."""

    def __init__(
        self,
        names: Sequence[Any],
        length: int,
        column: Callable[[int], pa.ChunkedArray],
        *,
        name: str,
        first: int = 0,
        guesses: Sequence[Guess] = (),
    ) -> None:
        self.names, self.guesses = names, [*guesses]
        self.counted_from = (
            _(FROM_ZERO) if not first else _("column names in row {n}").format(n=first - 1)
        )
        self._length, self._column, self._first, self._name = length, column, first, name

    def load(self, places: dict[str, int], also: Sequence[int] = ()) -> Loaded:
        """Return the columns at `places` and `also`, and a digest of those without a role."""
        with blaming(self._name):
            columns = {role: self._column(place) for role, place in places.items()}
            others = [place for place in range(len(self.names)) if place not in places.values()]
            rest = Rest()
            if others:
                rest.add(map(self._column, others), self._length)
            more = {place: self._column(place) for place in also}
        return Loaded(
            columns,
            self._length,
            self._first,
            rest=rest.digests(),
            totals=rest.totals(),
            also=more,
        )


def frame_table(frame: pd.DataFrame) -> Table:
    """Return the Table of a frame that is in memory."""
    return _Columns(
        [*frame.columns],
        len(frame),
        lambda place: arrow_of(frame.iloc[:, place]),
        name=_("the frame"),
    )


def parquet_table(source: Source) -> Table:
    """Return the Table of a Parquet file, read column by column."""
    with source.seekable() as stream:
        file = pq.ParquetFile(stream)
        names, length = file.schema_arrow.names, file.metadata.num_rows

    def column(place: int) -> pa.ChunkedArray:
        with source.seekable() as stream:
            return simple(pq.ParquetFile(stream).read(columns=[names[place]]).column(0))

    return _Columns(names, length, column, name=source.name)


def workbook_table(source: Source, named: Named, sheet: str | int | None) -> Table:
    """Return the Table of one sheet of a workbook, the first that names the columns needed."""
    from python_calamine import CalamineWorkbook

    with source.seekable() as stream:
        book = CalamineWorkbook.from_filelike(stream)
        sheets = book.sheet_names
        chosen = _sheet(source.name, sheets, sheet)
        every = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in chosen
        }
    best = max(every, key=lambda name: _recognised_within(every[name], named))
    rows = every[best]
    guesses = (
        [Guess(N_("sheet"), best, _("of {sheets}").format(sheets=sheets))]
        if len(sheets) > 1
        else []
    )
    if not rows:
        raise UnreadableFileError(
            f"the sheet {best!r} of {source.name} is empty; the workbook has {sheets}. "
            "Name another with sheet=…."
        )
    header = find_header(rows, named)
    names, body = rows[header], rows[header + 1 :]
    return _Columns(
        names,
        len(body),
        lambda place: arrow_of([row[place] for row in body]),
        name=source.name,
        first=header + 2,
        guesses=guesses,
    )


def _recognised_within(rows: Sequence[Sequence[Any]], named: Named) -> int:
    """Return how many roles the best of the first rows names."""
    return recognised(rows[find_header(rows, named)], named) if rows else -1


def _sheet(name: str, sheets: list[str], sheet: str | int | None) -> list[str]:
    """Return the sheets to look at: the one asked for, or all."""
    if sheet is None and sheets:
        return sheets
    if isinstance(sheet, int) and 0 <= sheet < len(sheets):
        return [sheets[sheet]]
    if sheet in sheets:
        return [str(sheet)]
    raise MissingColumnsError(
        f"sheet={sheet!r} is not in {name}; it has {sheets}. Name one of them, or count from 0."
    )
