"""Everything that comes out of grading, from the marks alone; each report may fail alone."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pandas as pd

from crmlab.classroom.source import Exercise
from crmlab.grading.feedback import write_feedback, write_items
from crmlab.grading.grade import Plan
from crmlab.grading.gradebook import (
    COLUMNS,
    canvas,
    changes,
    gradebook,
    moodle,
    totals,
    waiting,
)
from crmlab.grading.items import common_outcomes, item_analysis
from crmlab.grading.marks import Marked
from crmlab.grading.paper import defused, legible
from crmlab.grading.peers import PEERS, peer_levels, with_peers
from crmlab.grading.sheet import OPEN, held, open_levels, write_open, write_table
from crmlab.grading.similar import similar_pairs
from crmlab.grading.teams import shared
from crmlab.grading.times import FILE

_MOST_NAMED = 20
REGRADED = "regraded.csv"  # who got other points than before, when, why, and who ran the grading
_RECORD = ["when", "by", "student_id", "question", "before", "after", "why"]


def write_reports(plan: Plan, marked: list[Marked], roster: dict[str, str]) -> Iterator[str]:
    """Write gradebook, feedback, item analysis, similar pairs and exports; say what is where."""
    if not marked:
        yield "Nobody handed anything in."
        return
    out, exercises = plan.out, {exercise.name: exercise for _, exercise in plan.work}
    digests = {(s.student, s.chapter): s.digest for s, _ in plan.work}
    alone, (marked, told) = marked, shared(marked, plan.course, digests)
    levels = open_levels(out / OPEN, {*roster})
    read = with_peers(levels, peer_levels(out / PEERS, {*roster}))
    book = gradebook(marked, plan.course, roster, read)
    # What a group handed in together is read, counted and compared once.
    once = book[book["by"] == book["student_id"]]
    pairs = _pairs(plan, {(each.by or each.student, each.chapter) for each in marked})
    reports: dict[str, Callable[[], None]] = {
        # Before the gradebook, which it compares with the last one.
        REGRADED: lambda: write_table(_record(out, book), out / REGRADED),
        "gradebook.csv": lambda: write_table(book, out / "gradebook.csv"),
        "totals.csv": lambda: write_table(totals(book, plan.course), out / "totals.csv"),
        OPEN: lambda: _write_open(out / OPEN, once, roster, exercises),
        "moodle.csv": lambda: write_table(moodle(book), out / "moodle.csv"),
        "canvas.csv": lambda: write_table(canvas(book), out / "canvas.csv"),
        "items.csv": lambda: write_table(item_analysis(once), out / "items.csv"),
        "outcomes.csv": lambda: write_table(common_outcomes(once), out / "outcomes.csv"),
        "items.html": lambda: write_items(out / "items.html", once, exercises),
        "similar.csv": lambda: write_table(pairs, out / "similar.csv"),
        "feedback": lambda: write_feedback(out / "feedback", book, marked, exercises, plan.course),
    }
    for name, write in reports.items():
        yield from _tried(name, write)
    absent = sum(not each.handed_in for each in marked)
    yield from _told(plan, alone, absent)
    yield from told
    yield from _asked_again(once, levels)
    waits = waiting(book)
    yield f"{waiting(once).sum()} open answers wait for a level in {out / OPEN}"
    if waits.any():
        yield f"moodle.csv and canvas.csv leave {(waits > 0).sum()} grades out until they are read"
    yield f"{len(pairs)} pairs of notebooks are too alike: {out / 'similar.csv'}"
    yield f"The gradebook is {out / 'gradebook.csv'}; a page per student is in {out / 'feedback'}"


def _write_open(
    path: Path, book: pd.DataFrame, roster: dict[str, str], exercises: dict[str, Exercise]
) -> None:
    """Write the sheet of open answers with the levels it holds now: somebody may read meanwhile."""
    with held(path):
        write_open(path, book, open_levels(path, {*roster}), exercises.values())


def _tried(name: str, write: Callable[[], None]) -> Iterator[str]:
    """Write one report; if it fails, say so, since the others stand."""
    try:
        write()
    except Exception as error:
        why = legible(f"{type(error).__name__}: {error}", 300, lines=False)
        yield f"{name} could not be written, the other reports are there. {why}"


def _told(plan: Plan, marked: list[Marked], absent: int) -> Iterator[str]:
    """Yield what an instructor should know before the marks are used."""
    failed = [each for each in marked if any(mark.kind == "ungraded" for mark in each.marks)]
    stopped = [each.student for each in marked if each.reason and each.handed_in]
    who = ", ".join(dict.fromkeys(stopped[:_MOST_NAMED]))
    more = ", …" if len(stopped) > _MOST_NAMED else ""
    yield (
        f"{len(marked)} notebooks: {absent} not handed in, {len(stopped)} did not run to their end"
        f"{f' ({who}{more})' if who else ''}"
    )
    misnamed = {s.student: s.reason for s, _ in plan.work if s.other and not s.digest}
    late = [each for each in marked if not each.final and each not in failed]
    lines = [f"{student}: {reason}" for student, reason in misnamed.items()]
    why = "a question could not be graded"
    lines += [f"{each.student}: {each.chapter} {each.reason or why}" for each in failed]
    lines += [f"{each.student}: {each.chapter} {each.reason}; run it once more" for each in late]
    yield from lines[:_MOST_NAMED]
    if len(lines) > _MOST_NAMED:
        yield f"… and {len(lines) - _MOST_NAMED} more; each has its reason in the gradebook"
    if plan.course.late.per_day and any(each.time_from == FILE for each in marked):
        yield (
            "Times of handing in are those of the files, and a student can set these: name your "
            "platform's list with --times"
        )


def _asked_again(book: pd.DataFrame, levels: pd.DataFrame) -> Iterator[str]:
    """Yield whose answers changed after somebody had read them."""
    given = levels[levels[["level", "second_level"]].notna().any(axis=1)]
    both = book[book["kind"] == "open"].merge(given, on=["student_id", "question"])
    pairs = zip(both["student_id"], both["question"], strict=True)
    changed = [f"{student} {question}" for student, question in pairs]
    if changed:
        yield f"Changed after they were read, so they ask for a level again: {', '.join(changed)}"


def _record(out: Path, book: pd.DataFrame) -> pd.DataFrame:
    """Return the regrade record: what it held, and what changed since the last gradebook."""
    held = _table(out / REGRADED)
    last = _table(out / "gradebook.csv")
    if last is None or not {*COLUMNS} <= {*last.columns}:
        return pd.DataFrame(columns=_RECORD) if held is None else held
    last["score"] = pd.to_numeric(last["score"], errors="coerce")
    written = book.assign(answer=book["answer"].map(defused))
    when = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    fresh = changes(last, written).assign(when=when, by=getpass.getuser())
    return pd.concat([each for each in (held, fresh) if each is not None])[_RECORD]


def _table(path: Path) -> pd.DataFrame | None:
    """Return a table that an earlier run wrote, as text; None if there is none."""
    if not path.is_file():
        return None
    return pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False)


def _pairs(plan: Plan, counts: set[tuple[str, str]]) -> pd.DataFrame:
    """Return the pairs of every chapter that are too alike, of the notebooks that count."""
    tables = []
    for exercise in {exercise.name: exercise for _, exercise in plan.work}.values():
        mine = [s for s, e in plan.work if e.name == exercise.name and s.cells]
        code = {s.student: s.cells for s in mine if (s.student, s.chapter) in counts}
        # Who writes what the model solution says need not have copied it from a neighbour.
        given = [cell.text for cell in exercise.cells if cell.kind == "code"]
        tables.append(similar_pairs(code, given).assign(assignment=exercise.name))
    some = [table for table in tables if len(table)]
    return pd.concat(some or tables[:1], ignore_index=True)
