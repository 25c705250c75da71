"""The named queries of the topics' measure.sql files, and one text of those a measure needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

_PACKAGE = Path(__file__).parents[1]
_HEAD = re.compile(r"^-- (name|after|returns): (.+)$", re.M)


@dataclass(frozen=True)
class Block:
    """One query: its text, the blocks and given tables it reads, and its columns with their types.

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


def composed(
    name: str,
    *,
    given: dict[str, str | pd.DataFrame],
    numbers: dict[str, int],
    instead: dict[str, str] | None = None,
) -> str:
    """Return one query that gives the columns of block `name`, sorted by the first two.

    `given` are the tables that no block makes, as queries or as frames of whole numbers;
    `numbers` fill the braces. Nothing a reader typed can become part of the text, since only
    whole numbers do. `instead` names blocks whose text stands in place of another's.
    """
    tables = []
    for each in needed(name, instead):
        if each in given:
            tables.append(_given(each, given[each]))
        else:
            text = blocks()[(instead or {}).get(each, each)].text
            filled = text.format_map({key: int(number) for key, number in numbers.items()})
            tables.append(f"{each} as (\n{filled}\n)")
    columns = ", ".join(blocks()[name].returns)
    made = ",\n".join(tables)
    return f"with {made}\nselect {columns}\nfrom {name}\norder by 1, 2"


def needed(name: str, instead: dict[str, str] | None = None) -> list[str]:
    """Return the tables that block `name` reads, each after those it reads itself, and `name`."""
    block = blocks().get((instead or {}).get(name, name))
    before = [one for each in (block.after if block else ()) for one in needed(each, instead)]
    return [*dict.fromkeys([*before, name])]


def _given(name: str, table: str | pd.DataFrame) -> str:
    """Return a given table as part of a query."""
    if isinstance(table, str):
        return f"{name} as (\n{table}\n)"
    rows = (f"({', '.join(map(str, row))})" for row in table.astype("int64").to_numpy())
    return f"{name} ({', '.join(map(str, table))}) as (values {', '.join(rows)})"
