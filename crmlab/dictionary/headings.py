"""Chinese headings of the columns that readers see."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path

import pandas as pd
import yaml

from crmlab.dictionary.fields import schemas

_HEAD = re.compile(r"<thead>.*?</thead>", re.S)
_ROW = re.compile(r"<tr[^>]*>.*?</tr>", re.S)
_CELL = re.compile(r"(<th[^>]*>)(.*?)(</th>)", re.S)
# Columns whose values are words of crmlab's own, and code too.
_WORDED = ("tier", "segment", "quadrant", "fault", "treatment")


@cache
def headings() -> dict[str, str]:
    """Return the Chinese word for each column: columns.yaml's for results, else the tables'."""
    path = Path(__file__).with_name("columns.yaml")
    fields = [field for table in schemas().values() for field in table["fields"]]
    return {field["name"]: field["title"] for field in reversed(fields)} | yaml.safe_load(
        path.read_text(encoding="utf-8")
    )


def frame_html(
    frame: pd.DataFrame,
    *,
    say: Callable[[str], str] = str,
    draw: Callable[[pd.DataFrame], str | None] = pd.DataFrame._repr_html_,  # pyright: ignore[reportAttributeAccessIssue]
) -> str | None:
    """Return `frame` as a notebook shows it, with a row of Chinese headings below each of names.

    Column names are code and stay as they are; a name that nobody translated has no second one. So
    do the names of tiers and segments, with what `say` makes of them behind. `draw` makes the HTML.

    Examples
    --------
    >>> "<th>消费金额</th>" in frame_html(pd.DataFrame({"monetary": [1.0]}))
    True
    """
    html = draw(_in_words(frame, say))  # None where pandas is told so
    return html and _HEAD.sub(lambda head: _ROW.sub(_doubled, head[0]), html)


def _in_words(frame: pd.DataFrame, say: Callable[[str], str]) -> pd.DataFrame:
    """Return `frame` with its translation behind each name of a tier or segment."""

    def both(value: object) -> object:
        said = say(value) if isinstance(value, str) else ""
        return f"{value} {said}" if said not in ("", value) else value

    shown = frame.copy(deep=False)
    for place, name in enumerate(frame.columns):
        if name in _WORDED:
            shown.isetitem(place, [both(value) for value in frame.iloc[:, place]])
    if frame.index.name in _WORDED:
        shown.index = frame.index.map(both)
    return shown


def _doubled(row: re.Match[str]) -> str:
    """Return a row of headings, and one below it if any of its names is known."""
    known = [headings().get(cell[2], "") for cell in _CELL.finditer(row[0])]
    if not any(known):
        return row[0]
    words = iter(known)
    return row[0] + "\n" + _CELL.sub(lambda cell: cell[1] + escape(next(words)) + cell[3], row[0])
