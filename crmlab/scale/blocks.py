"""The named queries of the topics' measure.sql files, and one text of those a measure needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_HEAD = re.compile(r"^-- (name|after|returns): (.+)$", re.M)


@dataclass(frozen=True)
class Block:
    """One query: its text, the blocks it reads from, and its columns with their types.

    A type is int, float, bool or date (a day number); customers are int or text.
    """

    name: str
    text: str
    after: tuple[str, ...]
    returns: dict[str, str]


@cache
def blocks() -> dict[str, Block]:
    """Return every block of every topic by its name."""
    found: dict[str, Block] = {}
    for file in sorted(_PACKAGE.glob("*/measure.sql")):
        for part in re.split(r"^(?=-- name: )", file.read_text(encoding="utf-8"), flags=re.M)[1:]:
            block = _block(part)
            if block.name in found:
                raise RuntimeError(f"{file.parent.name}/measure.sql: {block.name} stands twice")
            found[block.name] = block
    return found


def _block(part: str) -> Block:
    heads: dict[str, list[str]] = {"name": [], "after": [], "returns": []}
    for key, value in _HEAD.findall(part):
        heads[key] += value.split(", ")
    columns = (column.partition(" ") for column in heads["returns"])
    text = "\n".join(line for line in part.splitlines() if line and not line.startswith("--"))
    returns = {name: kind for name, _, kind in columns}
    return Block(heads["name"][0], text, tuple(heads["after"]), returns)


def composed(name: str, *, given: dict[str, str], numbers: dict[str, int]) -> str:
    """Return one query that gives the columns of block `name`, sorted by the first two.

    `given` are the tables that no block makes, as queries; `numbers` fill the braces. Only whole
    numbers do, so that nothing a reader typed can become part of the text.
    """
    block = blocks()[name]
    parts = {**given, **{each.name: _filled(each, numbers) for each in (*_needed(block), block)}}
    tables = ",\n".join(f"{each} as (\n{text}\n)" for each, text in parts.items())
    return f"with {tables}\nselect {', '.join(block.returns)}\nfrom {name}\norder by 1, 2"


def _needed(block: Block) -> list[Block]:
    """Return the blocks that `block` reads from, each after those it reads from itself."""
    needed: list[Block] = []
    for name in block.after:
        for each in (*_needed(blocks()[name]), blocks()[name]):
            if each not in needed:
                needed.append(each)
    return needed


def _filled(block: Block, numbers: dict[str, int]) -> str:
    return block.text.format_map({name: int(number) for name, number in numbers.items()})
