"""Pages for people: one per student, and one on the questions for the instructor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from crmlab._theme import figure_html
from crmlab._words import _
from crmlab.classroom.source import Exercise
from crmlab.grading.course import Course
from crmlab.grading.items import common_outcomes, draw_outcomes, item_analysis
from crmlab.grading.marks import Marked
from crmlab.grading.pages import PAGES
from crmlab.grading.paper import write_whole

_SIGNS = {"right": "✓", "read": "✓", "open": "…"}


def write_feedback(
    out: Path,
    book: pd.DataFrame,
    marked: list[Marked],
    exercises: dict[str, Exercise],
    course: Course,
) -> None:
    """Write `out/<student>.html` for everybody in the book."""
    notes = {(each.student, each.chapter): each.notes for each in marked}
    names = dict(zip(book["student_id"], book["name"], strict=True))
    page = PAGES.get_template("feedback.html")
    for student, rows in book.groupby("student_id"):
        chapters = [
            _chapter(exercises[str(name)], part, notes.get((str(student), str(name)), ()), names)
            for name, part in rows.groupby("assignment")
        ]
        html = page.render(course=course.name, name=rows["name"].iloc[0], chapters=chapters)
        write_whole(out / f"{student}.html", html)


def _chapter(
    exercise: Exercise, rows: pd.DataFrame, notes: tuple[str, ...], names: Mapping[str, str]
) -> dict[str, object]:
    """Return what the page of one student says about one chapter."""
    first = rows.iloc[0]
    questions = [
        {
            **row,
            "sign": _SIGNS.get(row["kind"], "✗"),
            "objective": exercise.questions[row["question"]].objective,
            "rubric": exercise.questions[row["question"]].rubric,
        }
        for row in rows.to_dict("records")
    ]
    return {
        "title": exercise.title,
        "score": rows["score"].sum(),
        "of": rows["max_score"].sum(),
        "when": _when(first["timestamp"], first["duedate"], rows["late_submission_penalty"].sum()),
        "shared": _shared(first, names),
        "reason": first["reason"],
        "notes": notes,
        "questions": questions,
    }


def _shared(first: pd.Series, names: Mapping[str, str]) -> str:
    """Return for whom a chapter was handed in, and whose notebook it is; nothing for one alone."""
    if not first["group"]:
        return ""
    said = _("Handed in together by {group}; the notebook of {name} counts.")
    return said.format(group=first["group"], name=names[first["by"]] or first["by"])


def _when(handed_in: str, due: str, penalty: float) -> str:
    """Return when a chapter was handed in and due, and what being late has cost; or nothing."""
    if not handed_in:
        return ""
    said = [_("Handed in {when}").format(when=handed_in)]
    said += [_("due {when}").format(when=due)] if due else []
    if penalty:
        said.append(_("{points} points lost for being late").format(points=f"{penalty:.4g}"))
    return " · ".join(said)


def write_items(path: Path, book: pd.DataFrame, exercises: dict[str, Exercise]) -> None:
    """Write the page on the questions: difficulty, discrimination, and a picture of outcomes."""
    outcomes = common_outcomes(book)
    items = []
    for row in item_analysis(book).to_dict("records"):
        mine = outcomes[outcomes["question"] == row["question"]]
        said = "; ".join(f"{r.outcome}: {r.students}" for r in mine.head(5).itertuples())
        picture = figure_html(
            draw_outcomes(mine),
            alt=_("Outcomes of {question}: {said}").format(question=row["question"], said=said),
        )
        objective = exercises[row["assignment"]].questions[row["question"]].objective
        items.append({**row, "picture": picture, "objective": objective})
    html = PAGES.get_template("items.html").render(items=items)
    write_whole(path, html)
