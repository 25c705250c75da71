"""The gradebook: one row per student and question, and what it adds up to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from crmlab._words import _, ngettext
from crmlab.classroom.source import RUBRIC_LEVELS, number_of
from crmlab.errors import CrmlabError
from crmlab.grading.course import Course
from crmlab.grading.marks import Marked
from crmlab.grading.sheet import OPEN, commented, level_of

# nbgrader's names where it has one (assignment to max_score), then ours.
COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "name",
    "question",
    "kind",
    "reply",
    "answer",
    "reason",
    "time_from",
    "boxed",
    "by",
    "group",
)


def gradebook(
    marked: Sequence[Marked], course: Course, roster: dict[str, str], levels: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per student and question, sorted by chapter, student and question.

    Parameters
    ----------
    marked : sequence of Marked
    course : Course
        Whose due dates and late rule apply.
    roster : dict
        Names by student id.
    levels : DataFrame, as `open_levels` returns
        What a person gave for open questions.

    Returns
    -------
    DataFrame with `COLUMNS`
        The late penalty is in points, and already taken off the score. `time_from` names the
        list that the time of handing in stands in, or says "file", whose time a student can set.
        `boxed` is "no" for marks of code that ran without a box, and could have changed them.
        `by` is whose notebook it is: that of one of the `group`, where it hands in together.
    """
    given = {(each["student_id"], each["question"]): each for each in levels.to_dict("records")}
    asked = {
        (student, mark.question)
        for each in marked
        for mark in each.marks
        for student in (each.student, each.by)
    }
    if unknown := [pair for pair in given if pair not in asked]:
        raise CrmlabError(f"{OPEN}: nobody was asked {unknown}; write question as it stood there")
    rows = []
    for each in marked:
        due = course.due_for(each.student, each.chapter)
        handed_in = datetime.fromisoformat(each.handed_in) if each.handed_in else None
        for mark in each.marks:
            raw, kind = mark.points, mark.kind
            said, reply = given.get((each.by or each.student, mark.question), {}), mark.reply
            level = level_of(said, mark.answer) if kind == "open" else None
            if level is not None:
                raw, kind = mark.of * level / RUBRIC_LEVELS, "read"
                reply = commented(level, said)
            penalty = course.late.penalty(raw, due, handed_in)
            rows.append(
                {
                    "assignment": each.chapter,
                    "duedate": due.isoformat(sep=" ") if due else "",
                    "timestamp": each.handed_in,
                    "student_id": each.student,
                    "raw_score": raw,
                    "late_submission_penalty": penalty,
                    "score": raw - penalty,
                    "max_score": mark.of,
                    "name": roster.get(each.student, ""),
                    "question": mark.question,
                    "kind": kind,
                    "reply": reply,
                    "answer": mark.answer,
                    "reason": each.reason,
                    "time_from": each.time_from,
                    "boxed": "yes" if each.boxed else "no",
                    "by": each.by or each.student,
                    "group": each.group,
                }
            )
    book = pd.DataFrame(rows, columns=[*COLUMNS])
    return book.sort_values(["assignment", "student_id", "question"], ignore_index=True)


def totals(book: pd.DataFrame, course: Course, *, now: datetime | None = None) -> pd.DataFrame:
    """Return one row per student: each chapter's score, and the weighted share of all points.

    A chapter that is not due yet at `now` counts for nobody, one that a student is excused from
    not for that student; then the lowest `drop_lowest` shares of each student are left out, but
    never the last one.

    Returns
    -------
    DataFrame
        student_id, name : str
        one float column per chapter : points after the late penalty
        counted : str, the chapters that count for this student
        waiting : int64, open answers that nobody has read yet: till then they count as nothing
        total : float in [0, 1], mean of the chapters' shares, weighted as the course says; missing
            where nothing counts yet
    """
    grouped = book.groupby(["student_id", "name", "assignment"])[["score", "max_score"]].sum()
    scores = grouped["score"].unstack("assignment").fillna(0.0)
    worth = grouped["max_score"].unstack("assignment").max()
    weights = pd.Series({n: course.weights.get(number_of(str(n)), 1.0) for n in scores})
    if weights.sum() == 0:
        raise CrmlabError("every chapter graded has the weight 0; change weights in course.yaml")
    shares = (scores / worth).where(_counting(scores, course, now or course.now()))
    place = shares.rank(axis=1, method="first")
    dropped = (shares.notna().sum(axis=1) - 1).clip(0, course.drop_lowest)
    shares = shares.where(place.gt(dropped, axis=0))
    total = (shares * weights).sum(axis=1) / (shares.notna() * weights).sum(axis=1)
    counted = shares.notna().apply(lambda row: " ".join(row.index[row]), axis=1)
    scores.columns.name = None
    waits = waiting(book).groupby(["student_id", "name"]).sum()
    return scores.assign(counted=counted, waiting=waits, total=total).reset_index()


def _counting(scores: pd.DataFrame, course: Course, now: datetime) -> pd.DataFrame:
    """Return whether each chapter counts for each student."""
    counts = pd.DataFrame(True, index=scores.index, columns=scores.columns)
    for student, name in scores.index:
        for chapter in scores:
            number = number_of(str(chapter))
            due = course.due_for(student, number)
            if (due and due > now) or number in course.excused.get(student, ()):
                counts.loc[(student, name), chapter] = False
    return counts


def moodle(book: pd.DataFrame) -> pd.DataFrame:
    """Return Moodle's columns, as its own CSV export has them: map "ID number" on import.

    A grade for which an essay still waits is left out, since nothing of it is final; its feedback
    says so.

    Source: docs.moodle.org, Grade import and Grade export (both grades and feedback, since a
    grade imported without its feedback clears the other).
    """
    out = _wide(book).rename(columns=lambda name: f"Assignment: {name} (Real)")
    notes = _feedback(book).rename(columns=lambda name: f"Assignment: {name} (Feedback)")
    table = pd.concat([out, notes], axis=1)
    return table.reset_index(names=["ID number", "Full name"])


def canvas(book: pd.DataFrame) -> pd.DataFrame:
    """Return Canvas's gradebook columns, with its row of points possible.

    A grade for which an essay still waits is left out.
    """
    wide = _wide(book)
    possible = book.groupby(["assignment", "question"])["max_score"].max()
    possible = possible.groupby("assignment").sum()
    table = wide.reset_index().rename(columns={"name": "Student", "student_id": "SIS User ID"})
    table = table.assign(ID="", **{"SIS Login ID": "", "Section": ""})
    head = {"Student": "    Points Possible", **possible.to_dict()}
    whole = pd.concat([pd.DataFrame([head]), table], ignore_index=True).astype(object)
    fixed = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    return whole[[*fixed, *possible.index]].fillna("")


def waiting(book: pd.DataFrame) -> pd.Series:
    """Return how many open answers wait for a level, by student_id, name and assignment."""
    waits = (book["kind"] == "open").groupby([book[name] for name in _ONE_GRADE])
    return waits.sum()


_ONE_GRADE = ["student_id", "name", "assignment"]


def _wide(book: pd.DataFrame) -> pd.DataFrame:
    summed = book.groupby(_ONE_GRADE)["score"].sum().where(waiting(book) == 0)
    return summed.unstack("assignment").round(6)


def _feedback(book: pd.DataFrame) -> pd.DataFrame:
    """Return one short text per student and chapter: points, what was right, and what waits."""
    grouped = book.groupby(_ONE_GRADE)
    return grouped.apply(_one_feedback).unstack("assignment")


def _one_feedback(rows: pd.DataFrame) -> str:
    closed = rows[~rows["kind"].isin(["open", "read"])]
    right = int((closed["kind"] == "right").sum())
    said = [_("{n} of {total} right").format(n=right, total=len(closed))]
    read = rows[rows["kind"] == "read"]
    if len(read):
        of = _("open answers {score} of {of}")
        score, most = read["raw_score"].sum(), read["max_score"].sum()
        said.append(of.format(score=f"{score:.4g}", of=f"{most:.4g}"))
    if waits := int((rows["kind"] == "open").sum()):
        said.append(
            ngettext(
                "{n} open answer waiting for the teacher",
                "{n} open answers waiting for the teacher",
                waits,
            ).format(n=waits)
        )
    else:
        score, most = rows["score"].sum(), rows["max_score"].sum()
        points = _("{score} of {of} points").format(score=f"{score:.4g}", of=f"{most:.4g}")
        said.insert(0, points)
    return "; ".join(filter(None, [*said, rows["reason"].iloc[0]]))


def changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return whose points changed from one gradebook to the next, and why.

    Parameters
    ----------
    before, after : DataFrame, as `gradebook` returns

    Returns
    -------
    DataFrame, one row per student and question whose score changed
        student_id, question, why : str
        before, after : float, the score
    """
    keys = ["student_id", "question"]
    columns = [*keys, "kind", "timestamp", "answer", "score"]
    both = before[columns].merge(after[columns], on=keys, suffixes=("_before", "_after"))
    moved = both[(both["score_before"] - both["score_after"]).abs() > _SAME]
    read = moved["kind_after"].eq("read") | moved["kind_before"].eq("read")
    anew = moved["timestamp_before"].ne(moved["timestamp_after"])
    anew |= moved["answer_before"].ne(moved["answer_after"])
    why = pd.Series("graded anew", index=moved.index).mask(read, "a level was given")
    why = why.mask(anew, "handed in anew")
    named = {"score_before": "before", "score_after": "after"}
    return moved.assign(why=why).rename(columns=named)[[*keys, "before", "after", "why"]]


# A gradebook is written with ten digits: what differs by less is the same.
_SAME = 1e-6
