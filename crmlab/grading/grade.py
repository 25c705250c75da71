"""Grades a folder of submissions: parallel, resumable, and the same at every run."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import crmlab
from crmlab.classroom.source import Exercise
from crmlab.grading import box
from crmlab.grading.course import Course
from crmlab.grading.marks import Mark, Marked, mark
from crmlab.grading.submission import Submission, find_all
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
        cells = (submission.student, submission.digest, submission.reason)
        return hashlib.sha256("\0".join([*parts, *cells]).encode()).hexdigest()


def plan(
    course: Course,
    roster: dict[str, str],
    submissions: Path,
    out: Path,
    *,
    limits: Limits | None = None,
    unsafe: bool = False,
) -> Plan:
    """Return what there is to grade; a chapter that nobody handed in is left out."""
    if not unsafe:
        box.require_box()
    work: list[tuple[Submission, Exercise]] = []
    for exercise in course.exercises():
        found = [*find_all(submissions, {*roster}, exercise.name)]
        if any(each.digest for each in found):
            work += [(each, exercise) for each in found]
    hide = (*course.secrets, submissions.resolve(), out.resolve())
    return Plan(course, out, tuple(work), limits or Limits(), unsafe, hide)


def grade(plan: Plan, *, jobs: int | None = None) -> Iterator[Marked]:
    """Yield every submission's marks as they are ready, those of an earlier run first.

    Each submission's marks are written as soon as they are known, so that a run that was cut
    short goes on where it stopped.
    """
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
    for pair, marked in _spread(run, left, jobs):
        _keep(plan, *pair, marked)
        yield marked


_Pair = tuple[Submission, Exercise]


def _spread(
    run: Callable[[_Pair], Marked], left: list[_Pair], jobs: int
) -> Iterator[tuple[_Pair, Marked]]:
    """Run the work in `jobs` processes; one alone needs none of its own."""
    if jobs == 1:
        yield from ((pair, run(pair)) for pair in left)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(run, pair): pair for pair in left}
        for done in as_completed(waiting):
            yield waiting[done], done.result()


def _run(pair: _Pair, **settings: object) -> Marked:
    submission, exercise = pair
    return mark(submission, exercise, **settings)  # pyright: ignore[reportArgumentType]


def _keep(plan: Plan, submission: Submission, exercise: Exercise, marked: Marked) -> None:
    """Write one submission's marks whole, or not at all."""
    path = plan.path(submission)
    path.parent.mkdir(parents=True, exist_ok=True)
    entry = {"fingerprint": plan.fingerprint(submission, exercise), **asdict(marked)}
    new = path.with_suffix(".new")
    new.write_text(json.dumps(entry, ensure_ascii=False, indent=1), encoding="utf-8")
    new.replace(path)


def _kept(plan: Plan, submission: Submission, exercise: Exercise) -> Marked | None:
    """Return marks of an earlier run that still hold."""
    try:
        entry = json.loads(plan.path(submission).read_text(encoding="utf-8"))
        if entry.pop("fingerprint") != plan.fingerprint(submission, exercise):
            return None
        marks = tuple(Mark(**each) for each in entry.pop("marks"))
        handed_in = submission.handed_in.isoformat(sep=" ") if submission.handed_in else ""
        return Marked(
            **{**entry, "marks": marks, "notes": tuple(entry["notes"]), "handed_in": handed_in}
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
