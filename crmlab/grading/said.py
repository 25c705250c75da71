"""What may come out of the box: four kinds of lines, checked before anything looks at them.

    {"question": "06.3", "answer": {"kind": "number", "columns": [], "rows": [[4.5]]}}
    {"question": "06.3", "refused": "why it is no plain answer"}
    {"cell": 5, "error": "what the cell ended with"}
    {"end": true}

The student's code runs in the process that writes them, so that any bytes may come.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from crmlab._words import N_, _
from crmlab.classroom.plain import Cell, Plain
from crmlab.grading.paper import legible

LONGEST_NOTE = 300
_MOST_NOTES = 50
_LARGEST_WHOLE = 2**53
_FOREIGN = N_("something other than answers came out of the notebook, and was left out")
_SINGLE = {"number": (int, float), "text": (str,), "flag": (bool,), "nothing": (type(None),)}


_T = TypeVar("_T")


class SchemaError(ValueError):
    """A line is not what may come out of the box."""


@dataclass
class Heard:
    """What came out of the box, sorted: the last answer or refusal of each question counts."""

    answers: dict[str, Plain] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    ended: bool = False

    def note(self, text: str) -> None:
        """Keep a note once, and no more notes than a person would read."""
        if text not in self.notes and len(self.notes) < _MOST_NOTES:
            self.notes.append(text)


def heard(answered: bytes) -> Heard:
    """Return what the lines say; those that follow no rule are left out with a note."""
    found = Heard()
    for line in answered.split(b"\n"):
        if line:
            try:
                _take(json.loads(line.decode(), parse_constant=_refuse), found)
            except (ValueError, RecursionError):
                found.note(_(_FOREIGN))
    return found


def _refuse(constant: str) -> NoReturn:
    raise SchemaError(f"{constant} is no JSON")


def _take(said: Any, found: Heard) -> None:
    """Take one line."""
    if not isinstance(said, dict):
        raise SchemaError("a line is an object")
    if {*said} == {"end"} and said["end"] is True:
        found.ended = True
    elif {*said} == {"cell", "error"}:
        number = _typed(said["cell"], int)
        error = legible(_typed(said["error"], str), LONGEST_NOTE)
        found.note(_("cell {n}: {error}").format(n=f"{number:.6g}", error=error))
    elif {*said} == {"question", "refused"}:
        _put_off(found, _typed(said["question"], str), _typed(said["refused"], str))
    elif {*said} == {"question", "answer"}:
        name = _typed(said["question"], str)
        try:
            found.answers[name] = _answer(said["answer"])
            found.refused.pop(name, None)
        except SchemaError as error:
            why = _("what came out of the notebook is no plain answer: {error}")
            _put_off(found, name, why.format(error=error))
    else:
        raise SchemaError("a line has other fields")


def _put_off(found: Heard, name: str, why: str) -> None:
    found.answers.pop(name, None)
    found.refused[name] = legible(why, LONGEST_NOTE)


def _typed(value: Any, kind: type[_T]) -> _T:
    if type(value) is not kind:
        raise SchemaError(f"{kind.__name__} is needed, not {type(value).__name__}")
    return value


def _answer(said: Any) -> Plain:
    """Return an answer whose every part is of the kind that `plain` makes."""
    if not isinstance(said, dict) or {*said} != {"kind", "columns", "rows"}:
        raise SchemaError("it has other fields than kind, columns and rows")
    kind, rows = _typed(said["kind"], str), _typed(said["rows"], list)
    columns = tuple(_text(_typed(name, str)) for name in _typed(said["columns"], list))
    cells = tuple(tuple(map(_cell, _typed(row, list))) for row in rows)
    if kind not in (*_SINGLE, "list", "table") or (columns and kind != "table"):
        raise SchemaError("there is no such kind")
    if any(len(row) != max(1, len(columns)) for row in cells):
        raise SchemaError("its rows have other lengths than its columns")
    if kind in _SINGLE and (len(cells) != 1 or type(cells[0][0]) not in _SINGLE[kind]):
        raise SchemaError(f"it should hold one {kind}")
    return Plain(kind, columns, cells)


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST_WHOLE:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise SchemaError("a cell is neither text, a number, true, false nor null")


def _text(text: str) -> str:
    """Return text that can be written as UTF-8: a lone surrogate becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
