"""Everything that comes out of grading, from the marks alone."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from crmlab.grading.feedback import write_feedback, write_items
from crmlab.grading.grade import Plan
from crmlab.grading.gradebook import (
    OPEN,
    canvas,
    gradebook,
    moodle,
    open_levels,
    totals,
    write_open,
    write_table,
)
from crmlab.grading.items import common_outcomes, item_analysis
from crmlab.grading.marks import Marked
from crmlab.grading.similar import similar_pairs


def write_reports(plan: Plan, marked: list[Marked], roster: dict[str, str]) -> Iterator[str]:
    """Write gradebook, feedback, item analysis, similar pairs and exports; say what is where."""
    out, exercises = plan.out, {exercise.name: exercise for _, exercise in plan.work}
    if not marked:
        yield "Nobody handed anything in."
        return
    levels = open_levels(out / OPEN, {*roster})
    book = gradebook(marked, plan.course, roster, levels)
    write_table(book, out / "gradebook.csv")
    write_table(totals(book, plan.course), out / "totals.csv")
    write_open(out / OPEN, book, levels)
    write_table(moodle(book), out / "moodle.csv")
    write_table(canvas(book), out / "canvas.csv")
    write_table(item_analysis(book), out / "items.csv")
    write_table(common_outcomes(book), out / "outcomes.csv")
    write_items(out / "items.html", book, exercises)
    pairs = _pairs(plan)
    write_table(pairs, out / "similar.csv")
    write_feedback(out / "feedback", book, marked, exercises, plan.course)
    stopped = sum(bool(each.reason and each.handed_in) for each in marked)
    absent = sum(not each.handed_in for each in marked)
    waiting = int((book["kind"] == "open").sum())
    yield f"{len(marked)} notebooks: {absent} not handed in, {stopped} did not run to their end"
    yield f"{waiting} open answers wait for a level in {out / OPEN}"
    yield f"{len(pairs)} pairs of notebooks are too alike: {out / 'similar.csv'}"
    yield f"The gradebook is {out / 'gradebook.csv'}; a page per student is in {out / 'feedback'}"


def _pairs(plan: Plan) -> pd.DataFrame:
    """Return the pairs of every chapter that are too alike."""
    tables = []
    for exercise in {exercise.name: exercise for _, exercise in plan.work}.values():
        code = {s.student: s.cells for s, e in plan.work if e.name == exercise.name and s.cells}
        # Who writes what the model solution says need not have copied it from a neighbour.
        given = [cell.text for cell in exercise.cells if cell.kind == "code"]
        tables.append(similar_pairs(code, given).assign(assignment=exercise.name))
    return pd.concat(tables, ignore_index=True)
