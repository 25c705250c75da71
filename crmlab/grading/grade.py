"""Grades a folder of submissions: parallel, resumable, and the same at every run.

Each submission is a unit: whatever it does to the grader costs its own marks, and the reason
stands in the gradebook.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import crmlab
from crmlab.classroom.source import Exercise
from crmlab.grading import box
from crmlab.grading.course import Course
from crmlab.grading.crew import LostError, spread
from crmlab.grading.marks import Mark, Marked, mark, ungraded
from crmlab.grading.paper import write_whole
from crmlab.grading.scratch import sweep
from crmlab.grading.submission import Submission, find_all
from crmlab.grading.times import Times
from crmlab.grading.watch import Limits

_FOLDER = "marks"


@dataclass(frozen=True)
class Plan:
    """What there is to grade: each submission with the exercise it answers."""

    course: Course
    out: Path
    work: tuple[tuple[Submission, Exercise], ...]
    limits: Limits = field(default_factory=Limits)
    unsafe: bool = False
    hide: tuple[Path, ...] = ()

    def path(self, submission: Submission) -> Path:
        """Return where the marks of one submission are kept."""
        return self.out / _FOLDER / submission.chapter / f"{submission.student}.json"

    def fingerprint(self, submission: Submission, exercise: Exercise) -> str:
        """Return what the marks depend on, as one text: if it is the same, so are they."""
        parts = (crmlab.__version__, self.course.key, repr(self.limits), repr(exercise.cells))
        parts = (*parts, exercise.spoken)
        cells = (submission.student, submission.digest, submission.reason, repr(submission.other))
        box = "without a box" if self.unsafe else "boxed"
        return hashlib.sha256("\0".join([*parts, *cells, box]).encode()).hexdigest()


def plan(
    course: Course,
    roster: dict[str, str],
    submissions: Path,
    out: Path,
    *,
    limits: Limits | None = None,
    unsafe: bool = False,
    times: Times | None = None,
) -> Plan:
    """Return what there is to grade; a chapter that nobody handed in is left out.

    `times` says when each was handed in, by default what the course names.
    """
    box.require_system()
    if not unsafe:
        box.require_box()
    times = times or course.handed_in()
    exercises = course.exercises()
    names = [exercise.name for exercise in exercises]
    work: list[tuple[Submission, Exercise]] = []
    for exercise in exercises:
        found = [*find_all(submissions, {*roster}, exercise.name, others=names, times=times)]
        if any(each.digest or each.other for each in found):
            work += [(each, exercise) for each in found]
    hide = (*course.secrets, submissions.resolve(), out.resolve())
    return Plan(course, out, tuple(work), limits or Limits(), unsafe, hide)


def grade(plan: Plan, *, jobs: int | None = None) -> Iterator[Marked]:
    """Yield every submission's marks as they are ready, those of an earlier run first.

    Each submission's marks are written as soon as they are known, so that a run that was cut
    short goes on where it stopped.
    """
    sweep()  # what a grading that was killed has left
    left: list[tuple[Submission, Exercise]] = []
    for submission, exercise in plan.work:
        kept = _kept(plan, submission, exercise)
        if kept:
            yield kept
        else:
            left.append((submission, exercise))
    if not left:
        return
    run = partial(_run, key=plan.course.key, hide=plan.hide, limits=plan.limits, unsafe=plan.unsafe)
    jobs = min(jobs or os.cpu_count() or 1, len(left))
    try:
        yield from _graded(plan, run, left, jobs)
    finally:
        sweep()  # what its workers had when they were ended


_Pair = tuple[Submission, Exercise]


def _graded(plan: Plan, run: partial[Marked], left: list[_Pair], jobs: int) -> Iterator[Marked]:
    """Yield marks as they are ready, and keep those that are final.

    What the machine had no time or memory for is tried once more, alone, when all else is done.
    """
    again: list[_Pair] = []
    apart = jobs > 1
    for last in (False, True):
        for pair, found in spread(run, left, jobs=jobs, apart=apart):
            lost = isinstance(found, LostError)
            if isinstance(found, Exception):
                found = ungraded(*pair, found, unsafe=plan.unsafe)
            elif found.final:
                _keep(plan, *pair, found)
            else:
                lost = True
            if lost and not last:
                again.append(pair)
            else:
                yield found
        left, jobs = again, 1


def _run(pair: _Pair, **settings: object) -> Marked:
    submission, exercise = pair
    return mark(submission, exercise, **settings)  # pyright: ignore[reportArgumentType]


def _keep(plan: Plan, submission: Submission, exercise: Exercise, marked: Marked) -> None:
    """Write one submission's marks whole, or not at all."""
    entry = {"fingerprint": plan.fingerprint(submission, exercise), **asdict(marked)}
    write_whole(plan.path(submission), json.dumps(entry, ensure_ascii=False, indent=1))


def _kept(plan: Plan, submission: Submission, exercise: Exercise) -> Marked | None:
    """Return marks of an earlier run that still hold."""
    try:
        entry = json.loads(plan.path(submission).read_text(encoding="utf-8"))
        if entry.pop("fingerprint") != plan.fingerprint(submission, exercise):
            return None
        marks = tuple(Mark(**each) for each in entry.pop("marks"))
        handed_in = submission.handed_in.isoformat(sep=" ") if submission.handed_in else ""
        when = {"handed_in": handed_in, "time_from": submission.time_from}
        return Marked(**{**entry, "marks": marks, "notes": tuple(entry["notes"]), **when})
    except (OSError, ValueError, KeyError, TypeError):
        return None
