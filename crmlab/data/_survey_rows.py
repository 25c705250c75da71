"""The rows of a survey's file, whatever program exported it."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
from typing import Any

import pandas as pd

from crmlab._words import N_, _
from crmlab.data._encoding import find_encoding
from crmlab.data._source import blaming, is_page, is_workbook, source_of
from crmlab.data._survey_cells import folded
from crmlab.data._text import SEPARATORS
from crmlab.data.report import Guess
from crmlab.errors import MissingColumnsError, OutOfRangeError, UnreadableFileError

_NEAR_TOP = 15


@dataclass
class Rows:
    """Column names and rows of one file.

    numbers : what a person calls each row; torn : those with more cells than names;
    short : numbers of those with fewer, whose last cells are empty
    """

    name: str
    names: list[str]
    rows: list[Sequence[Any]]
    numbers: list[int]
    blank: int = 0
    torn: list[tuple[int, str]] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)


def rows_of(
    source: Any, *, encoding: str | None, separator: str | None, sheet: str | int | None
) -> Rows:
    """Return the rows of a path, an open file or a frame."""
    if isinstance(source, pd.DataFrame):
        cells = source.astype(object).where(source.notna(), None).to_numpy().tolist()
        names = [str(name) for name in source.columns]
        return _tidied("the frame", names, cells, [*range(len(cells))], [])
    if not isinstance(source, str | os.PathLike) and not hasattr(source, "read"):
        raise UnreadableFileError(
            f"read_survey takes a path, an open file, a DataFrame or a list of them; got "
            f"{type(source).__name__}."
        )
    opened = source_of(source)
    name = os.path.basename(opened.name)
    with blaming(opened.name):
        if is_workbook(opened):
            grid, guesses = _sheet_rows(opened, sheet)
        elif is_page(opened):
            raise UnreadableFileError(
                f"{opened.name} is a web page (HTML or XML), whatever its name says. Open it in "
                "Excel and save it as an Excel workbook (.xlsx)."
            )
        else:
            if sheet is not None:
                raise OutOfRangeError(f"sheet={sheet!r} means nothing for {name}, a text file.")
            grid, guesses = _text_rows(opened, encoding, separator)
    head = _header(grid)
    if head is None or head + 1 >= len(grid):
        raise UnreadableFileError(f"{name} has no rows below its column names.")
    names = [str(cell if cell is not None else "").strip() for cell in grid[head]]
    body = grid[head + 1 :]
    return _tidied(name, names, body, [*range(head + 2, head + 2 + len(body))], guesses)


def _header(grid: list[list[Any]]) -> int | None:
    """Return the first row that has about as many texts as the widest of the first rows."""
    filled = [sum(bool(folded(cell)) for cell in row) for row in grid[:_NEAR_TOP]]
    widest = max(filled, default=0)
    return next((at for at, many in enumerate(filled) if many and many >= 0.6 * widest), None)


def _tidied(
    name: str, names: list[str], rows: list[Any], numbers: list[int], guesses: list[Guess]
) -> Rows:
    """Leave out blank rows and what stands between names and answers, and set torn rows aside."""
    made = Rows(name, names, [], [], guesses=guesses)
    ids = next((at for at, row in enumerate(rows[:3]) if _is_import_id(row)), None)
    if ids is not None:
        left_out = _("{n} left out").format(n=ids + 1)
        made.guesses.append(Guess(N_("rows below the names"), left_out, _("of Qualtrics")))
        rows, numbers = rows[ids + 1 :], numbers[ids + 1 :]
    for row, number in zip(rows, numbers, strict=True):
        if not any(folded(cell) for cell in row):
            made.blank += 1
        elif len(row) > len(names) and any(folded(cell) for cell in row[len(names) :]):
            made.torn.append((number, ", ".join(map(str, row))[:60]))
        else:
            made.rows.append([*row[: len(names)], *[None] * (len(names) - len(row))])
            made.numbers.append(number)
            if len(row) < len(names):
                made.short.append(number)
    if not made.rows and not made.torn:
        raise UnreadableFileError(f"{name} has column names but no rows below them.")
    empty = [at for at, one in enumerate(names) if not one]
    twice = sorted({one for one in names if one and names.count(one) > 1})
    if twice:
        raise MissingColumnsError(
            f"{name} has more than one column called {twice}. Give each a name of its own."
        )
    for at in reversed(empty):
        if any(folded(row[at]) for row in made.rows):
            names[at] = f"column {at + 1}"
        else:
            del names[at]
            made.rows = [[*row[:at], *row[at + 1 :]] for row in made.rows]
    return made


def _is_import_id(row: Sequence[Any]) -> bool:
    return any('"importid"' in folded(cell).replace(" ", "") for cell in row[:3])


def _text_rows(
    source: Any, encoding: str | None, separator: str | None
) -> tuple[list[list[Any]], list[Guess]]:
    found = find_encoding(source, encoding)
    with source.open() as stream:
        text = bytes(stream.read()).decode(found.value)
    text = text.lstrip("\ufeff")
    if separator is not None and len(separator) != 1:
        raise OutOfRangeError(f"separator must be one character; got {separator!r}.")
    used = separator or max(SEPARATORS, key=lambda one: _parted_by(one, text[:65_536]))
    why = _("given") if separator else _("it splits the column names best")
    try:
        grid = [*csv.reader(StringIO(text, newline=""), delimiter=used)]
    except csv.Error as error:
        raise UnreadableFileError(f"{source.name} is no table: {error}.") from None
    return grid, [found, Guess("separator", _(SEPARATORS.get(used, repr(used))), why)]


def _parted_by(separator: str, text: str) -> tuple[int, int]:
    """Return in how many of the first rows a separator makes equally many cells, and how many."""
    try:
        rows = [*islice(csv.reader(StringIO(text, newline=""), delimiter=separator), 50)]
    except csv.Error:
        return 0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, alike = max(widths.items(), key=lambda one: one[::-1], default=(0, 0))
    return alike, width


def _sheet_rows(source: Any, sheet: str | int | None) -> tuple[list[list[Any]], list[Guess]]:
    from python_calamine import CalamineWorkbook

    with source.seekable() as stream:
        book = CalamineWorkbook.from_filelike(stream)
        sheets = book.sheet_names
        if sheet is None:
            every = {one: book.get_sheet_by_name(one) for one in sheets}
            chosen = max(sheets, key=lambda one: every[one].total_height * every[one].total_width)
        elif isinstance(sheet, int) and 0 <= sheet < len(sheets):
            chosen = sheets[sheet]
        elif sheet in sheets:
            chosen = str(sheet)
        else:
            raise MissingColumnsError(
                f"sheet={sheet!r} is not in {source.name}; it has {sheets}. Name one of them, or "
                "count from 0."
            )
        grid = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    guesses = (
        [Guess("sheet", chosen, _("of {sheets}").format(sheets=sheets))] if len(sheets) > 1 else []
    )
    return [[*row] for row in grid], guesses
