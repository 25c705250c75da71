"""Text and files for people: nothing in them acts on a terminal, a spreadsheet or a page.

Whatever a stranger chose (a name, an answer, an error's message) passes through here before it
is shown or kept.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

# Joiners are part of how Persian, Hindi and many emoji are written.
_JOINERS = "\u200c\u200d"
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?(e[-+]?\d+)?", re.IGNORECASE)
# A formula may stand at the start, and wherever a spreadsheet may begin a new cell: after a line's
# end, a tab, or a semicolon, which parts cells where a comma is the decimal sign.
_FORMULA = re.compile(r"(^|[\n\t;])(\s*)(?=[-=+@\uff1d\uff0b\uff0d\uff20\u2212])")


def legible(text: str, most: int | None = None, *, lines: bool = True) -> str:
    r"""Return `text` with every character that cannot be seen written as its escape.

    Every kind of line end becomes a newline, which is kept with `lines`. With `most`, the text is
    cut there.

    Examples
    --------
    >>> legible("\x1b[2Jann")
    '\\x1b[2Jann'
    """
    text = text[:most]
    if text.isprintable():
        return text
    kept = _JOINERS + ("\n\t" if lines else "")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each if each in kept or _is_seen(each) else _escape(each) for each in text)


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def defused(text: str) -> str:
    """Return `text` as a cell that no spreadsheet takes for a formula; numbers stay numbers.

    Source: OWASP, CSV injection, owasp.org/www-community/attacks/CSV_Injection.

    Examples
    --------
    >>> [defused(text) for text in ("=1+1", "-2.5", "-2+3")]
    ["'=1+1", '-2.5', "'-2+3"]
    """
    text = legible(text)
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(r"\1\2'", text)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: what stood there stays until the new one is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content.encode() if isinstance(content, str) else content)
    new.replace(path)
