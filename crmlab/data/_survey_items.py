"""Which columns of a survey are items, their scales, and which are turned round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from crmlab._checks import names_of
from crmlab._words import N_, _
from crmlab.data._survey_cells import DONT_KNOW, folded, ladder_of, read_cell
from crmlab.data._survey_names import is_no_item, is_reversed
from crmlab.data._survey_rows import Rows
from crmlab.data._survey_scales import Scale
from crmlab.data.report import Guess
from crmlab.errors import (
    AmbiguousError,
    EmptyError,
    MissingColumnsError,
)

LEAST = 0.5  # share of the filled cells that must be answers, for a column to be an item


def items_of(
    files: list[Rows],
    named: Sequence[str] | None,
    id_column: str | None,
    unknown: frozenset[str],
    guesses: list[Guess],
) -> list[str]:
    """Return the columns that hold answers."""
    if named is not None:
        chosen = names_of("items", named)
        require_among(files, chosen, "items=")
        if not chosen:
            raise EmptyError("items=[] names no column. Leave it out, and they are searched.")
        taken = sorted({"respondent_id", "row", "file"} & {*chosen})
        if taken:
            raise AmbiguousError(
                f"{taken} cannot be items: the answers have columns of that name that say whose "
                "they are and where they stand. Rename them in the file."
            )
        return chosen
    found = [[name for name in file.names if name != id_column and _is_item(file, name, unknown)]
             for file in files]  # fmt: skip
    for file, other in zip(files[1:], found[1:], strict=True):
        if {*other} != {*found[0]}:
            apart = sorted({*other} ^ {*found[0]})
            raise AmbiguousError(
                f"{files[0].name} and {file.name} have different items: {apart[:10]}. Name those "
                "that both have with items=[…], or give columns of one question one name."
            )
    if not found[0]:
        raise MissingColumnsError(
            f"no column of {files[0].name} holds answers on a scale; it has {files[0].names}. Name "
            "them with items=[…]."
        )
    columns = _("{n} columns").format(n=len(found[0]))
    guesses.append(Guess(N_("items"), columns, _("by their answers; see items=")))
    return found[0]


def _is_item(file: Rows, name: str, unknown: frozenset[str]) -> bool:
    """Return whether most cells of a column are answers on a scale."""
    if is_no_item(name):
        return False
    at = file.names.index(name)
    cells = [read_cell(folded(row[at]), unknown) for row in file.rows]
    filled = [cell for cell in cells if cell is not None and cell != DONT_KNOW]
    words = {cell for cell in filled if isinstance(cell, str)}
    ladder = ladder_of(words)
    good = sum(cell in ladder if isinstance(cell, str) else 0 <= cell <= 10 for cell in filled)
    return bool(filled) and good >= LEAST * len(filled)


def numbers_of(
    cells: dict[str, list[Any]], given: Mapping[str, Scale], guesses: list[Guess]
) -> tuple[dict[str, np.ndarray], list[tuple[int, str, str]], dict[str, int]]:
    """Return the answers of each item as numbers, those that are none, and points of words."""
    strange, numbers, points = [], {}, {}
    worded: dict[str, list[str]] = {}
    every = {cell for column in cells.values() for cell in column if isinstance(cell, str)}
    every -= {DONT_KNOW}
    for item, column in cells.items():
        words = {cell for cell in column if isinstance(cell, str) and cell != DONT_KNOW}
        low, high = given.get(item, (1, None))
        long = high if low == 1 else 0
        shared = ladder_of(every, long)
        ladder = shared if every <= {*shared} else ladder_of(words, long)
        if words & {*ladder}:
            points[item] = len(ladder)
            told = ", ".join(f"{word} = {at}" for word, at in ladder.items())
            worded.setdefault(told, []).append(item)
        values = np.full(len(column), np.nan)
        for at, cell in enumerate(column):
            if isinstance(cell, int):
                values[at] = cell
            elif cell in ladder:
                values[at] = ladder[cell]
            elif cell is not None and cell != DONT_KNOW:
                strange.append((at, item, str(cell)))
        numbers[item] = values
    for told, named in worded.items():
        why = _("so in {n} of the items").format(n=len(named))
        guesses.append(Guess(N_("words as numbers"), f"{named[0]}: {told}", why))
    return numbers, strange, points


def turned_of(chosen: list[str], said: Sequence[str] | None, guesses: list[Guess]) -> list[str]:
    """Return the items that are turned."""
    if said is not None:
        turned = names_of("reversed", said)
        missing = [item for item in turned if item not in chosen]
        if missing:
            raise MissingColumnsError.among(missing, chosen, ["reversed"])
        return turned
    turned = [item for item in chosen if is_reversed(item)]
    if turned:
        why = _("by the name; reversed=[] turns none")
        guesses.append(Guess(N_("reversed"), ", ".join(turned), why))
    return turned


def require_among(files: list[Rows], names: Sequence[str], argument: str) -> None:
    for file in files:
        missing = [name for name in names if name not in file.names]
        if missing:
            raise MissingColumnsError(
                f"missing {missing}; {file.name} has {file.names}. Name your own columns with "
                f"{argument}…"
            )
