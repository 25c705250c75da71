"""The cells of an exercise's source, as a py:percent text has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crmlab.classroom.attributes import read_attributes

_HEAD = re.compile(r"# %%( \[markdown\])?(.*)")
# What jupytext writes about a file, above its first cell.
_HEADER = re.compile(r"\A\s*# ---\n(#.*\n)*?# ---")


@dataclass(frozen=True)
class Cell:
    """One cell of a source, and the question it belongs to ("" before the first)."""

    kind: str
    text: str
    meta: dict[str, Any]
    question: str = ""

    @property
    def tags(self) -> list[str]:
        """The cell's tags."""
        return self.meta.get("tags", [])

    @property
    def begins(self) -> str:
        """What tells an author which cell is meant."""
        return repr(self.text.partition("\n")[0])


def cells_of(text: str, faults: list[str] | None = None) -> Iterator[Cell]:
    """Yield the cells of a py:percent text; append to `faults` what nobody would read.

    The builders read it with jupytext, and a test keeps the two readings equal. A student's
    first check should not wait for that library, which takes longer to load than the check.
    """
    faults = [] if faults is None else faults
    kind, meta, lines = "", {}, []
    for line in [*text.splitlines(), "# %%"]:
        head = _HEAD.fullmatch(line)
        if not head:
            lines.append(line)
            continue
        if kind:
            yield Cell(kind, _body(kind, lines), meta)
        elif before := _HEADER.sub("", "\n".join(lines)).strip():
            faults.append(f"{before.partition(chr(10))[0]!r} stands before the first # %%")
        kind = "markdown" if head[1] else "code"
        meta, lines = read_attributes(head[2], faults), []


def _body(kind: str, lines: list[str]) -> str:
    if kind == "markdown":
        lines = [line.removeprefix("#").removeprefix(" ") for line in lines]
    return "\n".join(lines).strip("\n")
