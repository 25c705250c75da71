"""An instructor's own exercises: asked besides those of the kit, or in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from crmlab._shipped import shipped
from crmlab._words import language
from crmlab.classroom.source import Exercise, ExerciseError, number_of, read


def own_exercises(folder: Path) -> dict[str, list[Exercise]]:
    """Return the exercises in `folder` by chapter.

    Raises
    ------
    ExerciseError
        If a source there is no exercise, or has faults; every such file is named.
    """
    found: dict[str, list[Exercise]] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.py")):
        try:
            each = read(path, language())
            found.setdefault(each.chapter, []).append(each)
        except ExerciseError as error:
            faults.append(str(error))
    if faults:
        raise ExerciseError("\n".join(faults))
    return found


def chapters_of_kit() -> dict[str, Path]:
    """Return the sources of the kit's exercises by chapter."""
    paths = sorted((shipped("exercises") / "source").glob("[0-9][0-9]*_*.py"))
    return {number_of(path.stem): path for path in paths}


def as_met(chapter: str, own: Sequence[Exercise]) -> Exercise:
    """Return the exercise of a chapter as students meet it.

    That is the kit's with the questions of one's `own` added; one that says `replace=true` takes
    the place of the kit's. Where the kit has none, the first of them stands for it.

    Raises
    ------
    ExerciseError
        If two say so, ask a question of the same number, or have a world each.
    """
    instead = [each for each in own if each.replace]
    if len(instead) > 1:
        names = " and ".join(each.name for each in instead)
        raise ExerciseError(f"{names} both replace the exercise of chapter {chapter}")
    kit = chapters_of_kit().get(chapter)
    first = instead or ([read(kit, language())] if kit else [])
    return _joined([*first, *(each for each in own if not each.replace)])


def _joined(exercises: Sequence[Exercise]) -> Exercise:
    """Return several exercises of a chapter as one, under the name of the first."""
    faults: list[str] = []
    asked: dict[str, str] = {}
    worlds = [each.name for each in exercises if any("world" in c.tags for c in each.cells)]
    for each in exercises:
        for name in each.questions:
            if name in asked:
                faults.append(f"{name} is asked by {asked[name]} and by {each.name}")
            asked.setdefault(name, each.name)
    if faults:
        free = max(int(name.rpartition(".")[2]) for name in asked) + 1
        faults[-1] += (
            f"; number yours from {exercises[0].chapter}.{free} on, or write replace=true beside "
            "your first cell to ask them in place of the kit's"
        )
    if len(worlds) > 1:
        faults.append(
            f"{' and '.join(worlds)} have a world each, and load_mine can give but one; write "
            "replace=true beside your first cell, or ask about the chapter's own data"
        )
    if faults:
        raise ExerciseError.of(exercises[-1].name, faults)
    cells = tuple(cell for each in exercises for cell in each.cells)
    questions = {name: q for each in exercises for name, q in each.questions.items()}
    return replace(exercises[0], cells=cells, questions=questions)


def read_own(path: Path) -> tuple[Exercise, list[str]]:
    """Return the exercise that students meet with one file of one's own, and what that file asks.

    A file of the kit stands for itself.

    Raises
    ------
    ExerciseError
        If the file has faults, or does not go with the kit's exercise of its chapter.
    """
    own = read(path, language())
    kit = chapters_of_kit().get(own.chapter)
    is_kit = kit is not None and kit.resolve() == path.resolve()
    return own if is_kit else as_met(own.chapter, [own]), [*own.questions]
