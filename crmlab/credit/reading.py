"""Read a reader's own statements, with English or Chinese names of lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from crmlab.credit.lines import KEYS, NAMES, OPTIONAL
from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    EmptyError,
    MissingColumnsError,
    UnknownNameError,
    UnreadableFileError,
)

__all__ = ["read_statements"]

_SUFFIXES = {".csv", ".txt", ".tsv", ".xlsx", ".xls", ".xlsm", ".ods"}
# What stands for nothing in a cell of a statement.
_NOTHING = {"", "-", "–", "—", "n/a", "na", "nil", "无"}


def read_statements(
    path: str | Path, *, unit: str = "cny", names: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Read statements from CSV or Excel, one row per firm and year, as the measures want them.

    Line names may be English or Chinese, with capitals, blanks, units in brackets and marks as
    they come: "Accounts receivable (CNY)" and 应收账款 are receivables. Numbers may have thousands
    separators, currency marks, and brackets for a minus. Columns of other names are left out. A
    file of a single firm needs no column for the firm: it is firm 1.

    Parameters
    ----------
    path : path of a CSV (UTF-8 or GB 18030), TSV or Excel file
    unit : str
        Ending that the columns get, the currency of the file; "" for none.
    names : mapping, optional
        Your own heading -> our line, such as {"Kasse": "cash"}.

    Returns
    -------
    DataFrame, one row per firm and year, by both
        organisation_id : int64 or str; year : int64
        the lines found, float64, with the ending of `unit`; an empty cell is missing

    Raises
    ------
    UnreadableFileError
        If the file is not there, is of no kind known here, or cannot be decoded.
    MissingColumnsError
        If there is no year, or a line that cannot be left out is not found.
    AmbiguousError
        If two columns are the same line.
    BadRowsError
        If a cell holds no number or a year is none; all of them are listed.
    UnknownNameError
        If `names` leads to a line that there is not.

    See Also
    --------
    crmlab.credit.statement_faults : checks what was read.
    """
    table = _open(Path(path))
    if table.empty:
        raise EmptyError(f"{path} has no rows below its headings.")
    for line in (names or {}).values():
        if line not in NAMES:
            raise UnknownNameError.among("line", line, NAMES)
    found = _columns(table, dict(names or {}))
    missing = [line for line in NAMES if line not in found and line in _needed()]
    if missing:
        raise MissingColumnsError(
            f"missing {missing}; the file has {[*map(str, table.columns)]}. Say which of your "
            "headings they are: names={'your heading': '" + missing[0] + "'}"
        )
    lines = {line: table.iloc[:, place] for line, place in found.items()}
    data = {line: _numbers(cells, line) for line, cells in lines.items() if line not in KEYS}
    firms = lines.get("organisation_id", pd.Series("1", table.index)).str.strip()
    is_number = firms.str.fullmatch(r"\d{1,18}").all()
    frame = pd.DataFrame({"organisation_id": firms.astype("int64") if is_number else firms})
    frame["year"] = _years(lines["year"])
    for line, values in data.items():
        frame[f"{line}_{unit}" if unit else line] = values
    return frame.sort_values([*KEYS], ignore_index=True, kind="stable")


def _needed() -> set[str]:
    """Return the lines that no statement can be judged without."""
    free = {"organisation_id", "retained_earnings", "operating_cash", "investing_cash"}
    return {*NAMES} - OPTIONAL - free - {"financing_cash", "opening_cash"}


def _of_workbooks() -> list[type[Exception]]:
    """Return what the reader of workbooks raises; it is loaded only where something went wrong."""
    from python_calamine import CalamineError

    return [CalamineError]


def _open(path: Path) -> pd.DataFrame:
    """Return the file as a frame of text."""
    kind = path.suffix.lower()
    if not path.is_file() or kind not in _SUFFIXES:
        wrong = (
            "there is no such file" if not path.is_file() else f"{kind or 'no ending'} is unknown"
        )
        raise UnreadableFileError(f"{path}: {wrong}. Hand over a CSV or Excel file.")
    options = {"dtype": "str", "keep_default_na": False, "header": None}
    try:
        if kind.startswith((".x", ".o")):
            return _headed(pd.read_excel(path, engine="calamine", **options))
        text = path.read_bytes()
        try:
            coding = "utf-8-sig"
            text.decode(coding)
        except UnicodeDecodeError:
            coding = "gb18030"
        separator = "\t" if kind == ".tsv" else None
        return _headed(
            pd.read_csv(path, encoding=coding, sep=separator, engine="python", **options)
        )
    except (ValueError, OSError, RuntimeError, csv.Error, *_of_workbooks()) as error:
        reason = str(error).splitlines()[0]
        raise UnreadableFileError(f"{path} cannot be read: {reason}.") from error


def _headed(cells: pd.DataFrame) -> pd.DataFrame:
    """Return cells under their first row, which pandas would rename where a heading is repeated."""
    table = cells.iloc[1:].reset_index(drop=True)
    return table.set_axis(cells.iloc[0].tolist() if len(cells) else table.columns, axis=1)


def _plain(heading: object) -> str:
    """'Accounts receivable (CNY, 000)' -> 'accountsreceivable'."""
    text = re.sub(r"[(（\[].*?[)）\]]", "", str(heading)).lower()
    return re.sub(r"[\W_]+|(?:cny|rmb|usd)$", "", text)


def _columns(table: pd.DataFrame, names: dict[str, str]) -> dict[str, int]:
    """Return the place of each line's column."""
    known = {_plain(other): line for line, others in NAMES.items() for other in (line, *others)}
    known |= {_plain(heading): line for heading, line in names.items()}
    found: dict[str, list[int]] = {}
    for place, heading in enumerate(table.columns):
        line = known.get(_plain(heading))
        if line:
            found.setdefault(line, []).append(place)
    twice = {
        line: [str(table.columns[place]) for place in places]
        for line, places in found.items()
        if len(places) > 1
    }
    if twice:
        raise AmbiguousError(f"several columns are one line: {twice}. Keep one of each.")
    return {line: places[0] for line, places in found.items()}


def _numbers(cells: pd.Series, line: str) -> np.ndarray:
    """Return the amounts of a column, or raise BadRowsError with all cells that are none."""
    text = cells.astype("str").str.strip()
    text = text.mask(text.str.lower().isin(_NOTHING), "")
    text = text.str.replace(r"[,，\s¥￥$元]", "", regex=True)
    text = text.str.replace(r"^[(（](.*)[)）]$", r"-\1", regex=True)
    number = pd.to_numeric(text.mask(text == ""), errors="coerce").to_numpy("float64")
    wrong = np.flatnonzero(((text != "") & ~np.isfinite(number)).to_numpy("bool"))
    if wrong.size:
        shown = {int(row): cells.iloc[row] for row in wrong[:10]}
        raise BadRowsError(f"{wrong.size} cell(s) of {line} hold no number, by row: {shown}.")
    return number


def _years(cells: pd.Series) -> np.ndarray:
    """Return years; '2023', '2023年' and '2023-12-31' are the year 2023."""
    year = cells.astype("str").str.strip().str.extract(r"^((?:19|20)\d\d)(?:\D.*)?$")[0]
    wrong = np.flatnonzero(year.isna())
    if wrong.size:
        shown = {int(row): cells.iloc[row] for row in wrong[:10]}
        raise BadRowsError(f"{wrong.size} row(s) have no year: {shown}.")
    return year.to_numpy("int64")
