"""Numbers as people type them in quotes: "50%", "1,200", "¥300", "３万", "百分之50"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal

from crmlab.classroom.plain import Cell, Plain

_MONEY = re.compile(r"^(?:¥|\$|€|£|CNY|RMB|人民币)|(?:元|CNY|RMB)$", re.IGNORECASE)
# What stands behind a number, or before it, and by how many places it moves the point.
_MOVES = (
    (re.compile(r"(.+)%"), -2),
    (re.compile(r"百分之(.+)"), -2),
    (re.compile(r"(.+)成"), -1),
    (re.compile(r"(.+)万"), 4),
    (re.compile(r"(.+)亿"), 8),
)
# 1,200 has a comma between thousands; 12,5 and 0,125 have it where others write a point.
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_COMMA = re.compile(r"[+-]?(?:\d+,\d{1,2}|0,\d+)")
_POINT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)


def number_in(text: str) -> float | None:
    """Return the number that `text` spells, or None where it is no number or could be two.

    Examples
    --------
    >>> number_in("50%"), number_in("1,200"), number_in("¥ 12.5"), number_in("３成")
    (0.5, 1200.0, 12.5, 0.3)
    >>> number_in("1,2345"), number_in("about 30"), number_in("nan")
    (None, None, None)
    """
    left = "".join(unicodedata.normalize("NFKC", text).replace("−", "-").split())
    left = _MONEY.sub("", left)
    places = 0
    for spelled, moved in _MOVES:
        if found := spelled.fullmatch(left):
            left, places = found[1], moved
            break
    if _THOUSANDS.fullmatch(left):
        left = left.replace(",", "")
    elif _COMMA.fullmatch(left):
        left = left.replace(",", ".")
    if not _POINT.fullmatch(left):
        return None
    return float(Decimal(left).scaleb(places))


def is_share(text: str) -> bool:
    """Return whether `text` spells a number as a percent."""
    spelled = "".join(unicodedata.normalize("NFKC", text).split())
    return number_in(text) is not None and any(
        mark.fullmatch(spelled) for mark, moved in _MOVES if moved < 0
    )


def read_numbers(answer: Plain) -> Plain:
    """Return `answer` with each text that spells a number as that number."""
    rows = tuple(tuple(_read(cell) for cell in row) for row in answer.rows)
    is_number = answer.kind == "text" and not isinstance(rows[0][0], str)
    return replace(answer, kind="number" if is_number else answer.kind, rows=rows)


def _read(cell: Cell) -> Cell:
    number = number_in(cell) if isinstance(cell, str) else None
    return cell if number is None else number
