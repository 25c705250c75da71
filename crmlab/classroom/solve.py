"""Runs an exercise's solution on one student's data, and returns what should come out."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Any

import pandas as pd

from crmlab._shapes import Simulated
from crmlab.classroom.listening import listening
from crmlab.classroom.plain import Plain, plain
from crmlab.classroom.source import Cell, Exercise, ExerciseError, Question

PRACTICE_KEY = "practice"


@dataclass(frozen=True)
class Solved:
    """The expected answer of one question, and the known wrong ones, on one student's data.

    `study` has the truth and the interval's ends where the source names them.
    """

    question: Question
    answer: Plain
    traps: tuple[tuple[Plain, str], ...]
    study: dict[str, float]


def seed_of(key: str, student: str, chapter: str) -> int:
    """Return the seed of one student's world: known to who holds the course key, to none else.

    Examples
    --------
    >>> seed_of("practice", "", "06") == seed_of("practice", "", "06")
    True
    """
    text = f"{student}\n{chapter}".encode()
    return int.from_bytes(hmac.digest(key.encode(), text, hashlib.sha256)[:6])


def world(exercise: Exercise, seed: int) -> Simulated:
    """Return the data and truth of one seed, as the source's cells tagged `world` make them.

    Those cells define `world(seed)`, which returns `(data, truth)`.
    """
    cells = [cell for cell in exercise.cells if "world" in cell.tags]
    if not cells:
        raise ExerciseError(f"{exercise.name} has no cell tagged world, so no data of your own")
    variables: dict[str, Any] = {}
    for cell in cells:
        exec(_compiled(exercise.name, cell.text), variables)
    return Simulated(*variables["world"](seed))


class _Recorder:
    """Runs cells and keeps what their checks say."""

    def __init__(self, mine: pd.DataFrame | None) -> None:
        self.answers: dict[str, Plain] = {}
        self._mine = mine

    def check(self, name: str, answer: object) -> None:
        self.answers[name] = plain(answer)

    def load(self, chapter: str) -> pd.DataFrame:
        if self._mine is None:
            raise ExerciseError(f"chapter {chapter} has no data of your own")
        return self._mine.copy()


def solve(
    exercise: Exercise,
    mine: pd.DataFrame | None,
    *,
    only: Collection[str] | None = None,
    with_traps: bool = True,
) -> dict[str, Solved]:
    """Run the solutions on `mine`, the own data of one student, and return what they answer.

    With `only`, the cells of other questions are left out; without traps, known wrong answers.
    """
    recorder = _Recorder(mine)
    variables: dict[str, Any] = {"__name__": "__main__"}
    traps: dict[str, list[tuple[Plain, str]]] = {}
    study: dict[str, dict[str, float]] = {}
    with listening(recorder), redirect_stdout(StringIO()):
        for cell in exercise.cells:
            chosen = only is None or cell.question in {"", *only}
            if cell.kind == "code" and chosen and "world" not in cell.tags:
                _run(exercise, cell, variables)
            if cell.question in recorder.answers and cell.question not in traps:
                sprung = _sprung(exercise, cell, variables) if with_traps else []
                traps[cell.question] = sprung
                asked = exercise.questions[cell.question].study.items()
                study[cell.question] = {part: float(eval(x, variables)) for part, x in asked}
    return {
        name: Solved(exercise.questions[name], answer, tuple(traps[name]), study[name])
        for name, answer in recorder.answers.items()
    }


_shared: dict[tuple[str, ...], dict[str, Solved]] = {}


def solve_for(exercise: Exercise, mine: pd.DataFrame | None) -> dict[str, Solved]:
    """Return what `solve` does, for one student of many.

    Questions that do not ask about own data have one answer for all, and are solved once.
    """
    key = (exercise.name, *(cell.text for cell in exercise.cells))
    own = [name for name, question in exercise.questions.items() if question.own]
    if key not in _shared:
        rest = [name for name in exercise.questions if name not in own]
        _shared[key] = solve(exercise, mine, only=rest)
    solved = {**_shared[key], **(solve(exercise, mine, only=own) if own else {})}
    return {name: solved[name] for name in exercise.questions if name in solved}


def _sprung(exercise: Exercise, cell: Cell, variables: dict[str, Any]) -> list[tuple[Plain, str]]:
    """Return the known wrong answers of the cell's question, evaluated where its check stands."""
    traps = exercise.questions[cell.question].traps
    return [(plain(eval(trap.expression, variables)), trap.message) for trap in traps]


def _run(exercise: Exercise, cell: Cell, variables: dict[str, Any]) -> None:
    try:
        exec(_compiled(exercise.name, cell.text), variables)
    except Exception as error:
        where = cell.question or "the cells before the first question"
        raise ExerciseError(f"{exercise.name}: {where} does not run: {error!r}") from error


@cache
def _compiled(name: str, code: str) -> Any:
    return compile(code, f"<{name}>", "exec")
