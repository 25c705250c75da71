"""Pages for people: one per student, and one on the questions for the instructor."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader

from crmlab._theme import figure_html
from crmlab.classroom.source import Exercise
from crmlab.grading.course import Course
from crmlab.grading.items import common_outcomes, draw_outcomes, item_analysis
from crmlab.grading.marks import Marked
from crmlab.grading.paper import write_whole

_PAGES = Environment(
    loader=PackageLoader("crmlab.grading"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
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
    page = _PAGES.get_template("feedback.html")
    for student, rows in book.groupby("student_id"):
        chapters = [
            _chapter(exercises[str(name)], part, notes.get((str(student), str(name)), ()))
            for name, part in rows.groupby("assignment")
        ]
        html = page.render(course=course.name, name=rows["name"].iloc[0], chapters=chapters)
        write_whole(out / f"{student}.html", html)


def _chapter(exercise: Exercise, rows: pd.DataFrame, notes: tuple[str, ...]) -> dict[str, object]:
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
        "penalty": rows["late_submission_penalty"].sum(),
        "when": first["timestamp"],
        "due": first["duedate"],
        "reason": first["reason"],
        "notes": notes,
        "questions": questions,
    }


def write_items(path: Path, book: pd.DataFrame, exercises: dict[str, Exercise]) -> None:
    """Write the page on the questions: difficulty, discrimination, and a picture of outcomes."""
    outcomes = common_outcomes(book)
    items = []
    for row in item_analysis(book).to_dict("records"):
        mine = outcomes[outcomes["question"] == row["question"]]
        said = "; ".join(f"{r.outcome}: {r.students}" for r in mine.head(5).itertuples())
        picture = figure_html(draw_outcomes(mine), alt=f"Outcomes of {row['question']}. {said}")
        objective = exercises[row["assignment"]].questions[row["question"]].objective
        items.append({**row, "picture": picture, "objective": objective})
    html = _PAGES.get_template("items.html").render(items=items)
    write_whole(path, html)
