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

import numpy as np
import pandas as pd

from crmlab._shapes import Simulated
from crmlab.classroom.listening import listening
from crmlab.classroom.plain import Plain, plain
from crmlab.classroom.source import Cell, Exercise, ExerciseError, Question

PRACTICE_KEY = "practice"
# Stands for a truth where none is asked for.
_UNASKED = object()


class UnsolvedError(ExerciseError):
    """Something of one question does not run; `question` is empty before the first.

    `is_beside` says that it is no cell, but a known wrong answer or a truth beside one.
    """

    question: str = ""
    is_beside: bool = False

    @classmethod
    def at(
        cls, exercise: Exercise, question: str, what: str, error: BaseException
    ) -> UnsolvedError:
        """Word the error for what could not be evaluated."""
        where = question or "what stands before the first question"
        said = f"{where}: {what} does not run: {type(error).__name__}: {error}"
        made = cls(f"{exercise.name}: {said}")
        made.faults, made.question = (said,), question
        made.is_beside = not what.startswith("the cell")
        return made


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
    try:
        for cell in cells:
            exec(_compiled(exercise.name, cell.text), variables)
        data, truth = variables["world"](seed)
    except (Exception, SystemExit) as error:
        what = f"the world of seed {seed} does not run"
        raise ExerciseError(
            f"{exercise.name}: {what}: {type(error).__name__}: {error}. A cell tagged world "
            "defines world(seed), which returns (data, truth)"
        ) from error
    if not isinstance(data, pd.DataFrame):
        raise ExerciseError(
            f"{exercise.name}: world(seed) returns (data, truth) with data a DataFrame, not "
            f"{type(data).__name__}"
        )
    return Simulated(data, truth)


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
    truth: object = _UNASKED,
) -> dict[str, Solved]:
    """Run the solutions on `mine`, the own data of one student, and return what they answer.

    With `only`, the cells of other questions are left out; without traps, known wrong answers.
    With the `truth` of the student's world, which expressions of the source know as `world`, the
    truth of each answer and the ends of its interval are evaluated too.

    Raises
    ------
    UnsolvedError
        If a solution, a known wrong answer or a truth does not run.
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
                asked = {} if truth is _UNASKED else exercise.questions[cell.question].study
                known = {**variables, "world": truth}
                study[cell.question] = {
                    part: _studied(exercise, cell.question, part, text, known)
                    for part, text in asked.items()
                }
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
    sprung = []
    for trap in exercise.questions[cell.question].traps:
        try:
            sprung.append((plain(eval(trap.expression, variables)), trap.message))
        except (Exception, SystemExit) as error:
            what = f"wrong={trap.expression!r}"
            raise UnsolvedError.at(exercise, cell.question, what, error) from error
    return sprung


def _studied(
    exercise: Exercise, question: str, part: str, expression: str, variables: dict[str, Any]
) -> float:
    """Return one number of a study; a frame or Series of one cell counts as that cell."""
    try:
        found = eval(expression, variables)
        return float(np.asarray(found, dtype="float64").item())
    except (Exception, SystemExit) as error:
        what = f"{part}={expression!r}"
        raise UnsolvedError.at(exercise, question, what, error) from error


def _run(exercise: Exercise, cell: Cell, variables: dict[str, Any]) -> None:
    try:
        exec(_compiled(exercise.name, cell.text), variables)
    except (Exception, SystemExit) as error:
        what = f"the cell {cell.begins}"
        raise UnsolvedError.at(exercise, cell.question, what, error) from error


@cache
def _compiled(name: str, code: str) -> Any:
    return compile(code, f"<{name}>", "exec")
