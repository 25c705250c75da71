"""Marks one submission: the solution outside, the student's code in the box, then the verdicts."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmlab.classroom.bundle import data_name, own_data
from crmlab.classroom.judge import Verdict, judge, key_of
from crmlab.classroom.plain import NotPlainError, Plain
from crmlab.classroom.solve import Solved, solve_for
from crmlab.classroom.source import Exercise
from crmlab.grading import box
from crmlab.grading.submission import Submission
from crmlab.grading.watch import Ended, Limits

CELL_SECONDS = 20
_LONGEST_SHOWN = 200


@dataclass(frozen=True)
class Mark:
    """What one question of one student earned, and why."""

    question: str
    points: float
    of: float
    kind: str
    reply: str
    answer: str = ""


@dataclass(frozen=True)
class Marked:
    """One submission's marks; `reason` says why it could not run to its end, if so."""

    student: str
    chapter: str
    marks: tuple[Mark, ...]
    reason: str = ""
    notes: tuple[str, ...] = ()
    handed_in: str = ""

    @property
    def score(self) -> float:
        """The sum of the points, before any penalty."""
        return sum(mark.points for mark in self.marks)


@dataclass
class _Heard:
    """What came out of the box, sorted."""

    answers: dict[str, Plain] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    ended: bool = False


def mark(
    submission: Submission,
    exercise: Exercise,
    *,
    key: str,
    hide: Sequence[Path] = (),
    limits: Limits | None = None,
    unsafe: bool = False,
) -> Marked:
    """Return the marks of one submission.

    The expected answers come from the solution, run here on the data that this student was
    given; the submission runs in the box on the same data. A submission that is killed, hangs or
    breaks keeps the points of what it had answered by then.
    """
    mine = own_data(exercise, key, submission.student)
    solved = solve_for(exercise, mine)
    heard, reason = _Heard(), submission.reason
    if not reason:
        with tempfile.TemporaryDirectory(prefix="crmlab-") as made:
            folder = Path(made)
            _lay_out(folder, exercise, mine)
            inside = str(folder) if unsafe else box.HOME
            job = _job(submission, exercise, inside)
            ended = box.run(
                ["-m", "crmlab.grading.inside"],
                job,
                folder=folder,
                hide=hide,
                limits=limits,
                unsafe=unsafe,
            )
        heard, reason = _heard(ended)
    marks = tuple(_mark(each, heard) for each in solved.values())
    when = submission.handed_in.isoformat(sep=" ") if submission.handed_in else ""
    return Marked(submission.student, exercise.name, marks, reason, tuple(heard.notes), when)


def _lay_out(folder: Path, exercise: Exercise, mine: Any) -> None:
    """Write the student's own data where the box will show them, readable by an ordinary user."""
    folder.chmod(0o755)
    if mine is not None:
        path = folder / data_name(exercise.chapter)
        path.parent.mkdir()
        mine.to_parquet(path, index=False)
        path.parent.chmod(0o755)
        path.chmod(0o644)


def _job(submission: Submission, exercise: Exercise, folder: str) -> bytes:
    asks = {name: question.asks for name, question in exercise.questions.items()}
    job = {"cells": submission.cells, "asks": asks, "folder": folder}
    return json.dumps({**job, "cell_seconds": CELL_SECONDS}).encode()


def _heard(ended: Ended) -> tuple[_Heard, str]:
    """Sort what came out of the box; lines that are not what they should be are left out."""
    heard = _Heard()
    for line in ended.answered.splitlines():
        try:
            _take(json.loads(line), heard)
        except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
            note = "something other than answers came out of the notebook, and was left out"
            if note not in heard.notes:
                heard.notes.append(note)
    early = "" if heard.ended else "ended by itself before the last cell"
    return heard, ended.reason or early


def _take(said: dict[str, Any], heard: _Heard) -> None:
    """Take one line of JSON: an answer, a refusal, a cell's error, or the end."""
    if said.get("end"):
        heard.ended = True
    elif "cell" in said:
        heard.notes.append(f"cell {int(said['cell'])}: {str(said['error'])[:300]}")
    elif "refused" in said:
        heard.answers.pop(said["question"], None)
        heard.refused[said["question"]] = str(said["refused"])[:300]
    else:
        try:
            heard.answers[said["question"]] = Plain.from_json(said["answer"])
            heard.refused.pop(said["question"], None)
        except NotPlainError as error:
            heard.refused[said["question"]] = str(error)[:300]


def _mark(solved: Solved, heard: _Heard) -> Mark:
    """Return the mark of one question."""
    question, points = solved.question, solved.question.points
    answer = heard.answers.get(question.name)
    if answer is None:
        refused = heard.refused.get(question.name)
        kind, reply = ("refused", refused) if refused else ("missing", "no answer was found.")
        return Mark(question.name, 0.0, points, kind, reply)
    shown = shown_as(answer)
    if question.rubric:
        return Mark(question.name, 0.0, points, "open", "to be read by a person.", shown)
    verdict: Verdict = judge(answer, key_of(solved))
    earned = points if verdict.right else 0.0
    return Mark(question.name, earned, points, verdict.kind, verdict.reply, shown)


def shown_as(answer: Plain) -> str:
    """Return an answer as a short text for people; an open one is kept whole."""
    if answer.kind == "text":
        return str(answer.value)[:5_000]
    if answer.kind in ("list", "table"):
        rows = ", ".join(str(row[0] if len(row) == 1 else row) for row in answer.rows[:5])
        shape = f"{len(answer.rows)} rows" if answer.kind == "table" else f"{len(answer.rows)}"
        names = f" of {', '.join(answer.columns)}" if answer.columns else ""
        return f"{answer.kind} ({shape}{names}): {rows}"[:_LONGEST_SHOWN]
    value = answer.value
    return f"{value:.6g}" if isinstance(value, float) else str(value)[:_LONGEST_SHOWN]
