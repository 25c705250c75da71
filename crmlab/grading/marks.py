"""Marks one submission: the solution outside, the student's code in the box, then the verdicts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmlab._words import _, speaking
from crmlab.classroom.bundle import data_name, own_data
from crmlab.classroom.judge import Verdict, judge, key_of
from crmlab.classroom.plain import Plain
from crmlab.classroom.solve import Solved, solve_for
from crmlab.classroom.source import Exercise
from crmlab.grading import box
from crmlab.grading.paper import legible
from crmlab.grading.said import Heard, heard
from crmlab.grading.scratch import scratch
from crmlab.grading.submission import Submission, named
from crmlab.grading.watch import Limits

CELL_SECONDS = 20
_LONGEST_SHOWN = 200
_LONGEST_REPLY = 300
_LONGEST_OPEN = 5_000


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
    """One submission's marks; `reason` says why it could not run to its end, if so.

    `time_from` says who knows when it was handed in, `boxed` whether it ran in the box. Marks
    that are not `final` may turn out otherwise at the next run, and are not kept. Where a group
    hands in together, `by` is whose notebook counts for the `group`.
    """

    student: str
    chapter: str
    marks: tuple[Mark, ...]
    reason: str = ""
    notes: tuple[str, ...] = ()
    handed_in: str = ""
    time_from: str = ""
    boxed: bool = True
    final: bool = True
    by: str = ""
    group: str = ""

    @property
    def score(self) -> float:
        """The sum of the points, before any penalty."""
        return sum(mark.points for mark in self.marks)


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
    with speaking(exercise.spoken):
        return _run(submission, exercise, key, hide, limits, unsafe)


def _run(
    submission: Submission,
    exercise: Exercise,
    key: str,
    hide: Sequence[Path],
    limits: Limits | None,
    unsafe: bool,
) -> Marked:
    mine = own_data(exercise, key, submission.student)
    solved = solve_for(exercise, mine)
    said, reason, busy = Heard(), submission.reason, False
    if not reason:
        with scratch() as folder:
            _lay_out(folder, exercise, mine)
            job = _job(submission, exercise, str(folder) if unsafe else box.HOME)
            arguments = ["-m", "crmlab.grading.inside"]
            ended = box.run(arguments, job, folder=folder, hide=hide, limits=limits, unsafe=unsafe)
        said, busy = heard(ended.answered), ended.busy
        early = "" if said.ended else _("ended by itself before the last cell")
        reason = ended.reason or early or submission.cut
    if submission.other and submission.digest:
        beside = _("beside it lies {names}, which was not read")
        said.note(beside.format(names=named(submission.other)))
    marks = tuple(_mark(each, said) for each in solved.values())
    return _marked(submission, exercise, marks, reason, unsafe, tuple(said.notes), not busy)


def ungraded(
    submission: Submission, exercise: Exercise, error: Exception, *, unsafe: bool = False
) -> Marked:
    """Return marks of nothing for a submission on which grading itself failed, with the reason."""
    why = legible(f"{type(error).__name__}: {error}", _LONGEST_REPLY, lines=False)
    marks = tuple(
        Mark(question.name, 0.0, question.points, "ungraded", _("could not be graded."))
        for question in exercise.questions.values()
    )
    reason = _("could not be graded: {why}").format(why=why)
    return _marked(submission, exercise, marks, reason, unsafe, (), False)


def _marked(
    submission: Submission,
    exercise: Exercise,
    marks: tuple[Mark, ...],
    reason: str,
    unsafe: bool,
    notes: tuple[str, ...],
    final: bool,
) -> Marked:
    return Marked(
        submission.student,
        exercise.name,
        marks,
        reason,
        notes,
        submission.handed_in.isoformat(sep=" ") if submission.handed_in else "",
        submission.time_from,
        boxed=not unsafe,
        final=final,
    )


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
    job["language"] = exercise.spoken
    return json.dumps({**job, "cell_seconds": CELL_SECONDS}).encode()


def _mark(solved: Solved, said: Heard) -> Mark:
    """Return the mark of one question."""
    question, points = solved.question, solved.question.points
    answer = said.answers.get(question.name)
    if answer is None:
        refused = said.refused.get(question.name)
        kind, reply = ("refused", refused) if refused else ("missing", _("no answer was found."))
        return Mark(question.name, 0.0, points, kind, reply)
    shown = shown_as(answer)
    if question.rubric:
        return Mark(question.name, 0.0, points, "open", _("to be read by a person."), shown)
    try:
        verdict: Verdict = judge(answer, key_of(solved))
    except Exception as error:  # the other questions keep their marks
        why = legible(
            _("could not be graded: {why}").format(why=repr(error)), _LONGEST_REPLY, lines=False
        )
        return Mark(question.name, 0.0, points, "ungraded", why, shown)
    earned = points * question.earns(verdict.kind)
    reply = legible(verdict.reply, _LONGEST_REPLY)
    return Mark(question.name, earned, points, verdict.kind, reply, shown)


def shown_as(answer: Plain) -> str:
    """Return an answer as a short text for people; an open one is kept whole."""
    if answer.kind == "text":
        return legible(str(answer.value), _LONGEST_OPEN)
    if answer.kind in ("list", "table"):
        rows = ", ".join(str(row[0] if len(row) == 1 else row) for row in answer.rows[:5])
        said = _("list ({n}): {rows}")
        if answer.kind == "table":
            said = _("table ({n} rows of {columns}): {rows}")
        columns = ", ".join(answer.columns)
        shown = said.format(n=len(answer.rows), columns=columns, rows=rows)
        return legible(shown, _LONGEST_SHOWN)
    value = answer.value
    return f"{value:.6g}" if isinstance(value, float) else str(value)[:_LONGEST_SHOWN]
