"""The notebook a student gets: every solution replaced by a place for the student's own."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from typing import Any

from crmlab._words import N_, _, ngettext, speaking
from crmlab.classroom.source import Cell, Exercise, Question

_AUTHORS_ONLY = {"solution", "world"}
_RULE = N_(
    "*A right number that is rounded earns two thirds of its points; to one digit none, since it\n"
    "may be a guess. In another unit (50 for the share 0.5) it earns a third; '50%' is read.\n"
    "Each check says which it is before you hand in.*"
)
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def stripped(exercise: Exercise) -> dict[str, Any]:
    """Return the notebook of `exercise` as JSON can write it, without solutions, hints and traps.

    A question's solution gives way to one cell that sets the names its check reads to `...`, so
    that the notebook runs from top to bottom before anything is answered.
    """
    cells, given = [], set()
    for cell in exercise.cells:
        if "world" in cell.tags or ("solution" in cell.tags and cell.question in given):
            continue
        if "solution" in cell.tags:
            given.add(cell.question)
            cells.append(_place(exercise, cell))
        elif cell.question and cell.text.startswith(f"**{cell.question}"):
            cells.append(_with_points(cell, exercise.questions[cell.question]))
        else:
            cells.append(cell)
    cells[0] = replace(cells[0], text=f"{cells[0].text}\n\n{_(_RULE)}")
    made = [_notebook_cell(cell, number) for number, cell in enumerate(cells)]
    meta = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    return {"cells": made, "metadata": meta, "nbformat": 4, "nbformat_minor": 5}


def _place(exercise: Exercise, cell: Cell) -> Cell:
    """Return the cell that waits for the student's solution."""
    question = exercise.questions[cell.question]
    asked = {n.id for n in ast.walk(ast.parse(question.asks)) if isinstance(n, ast.Name)}
    solved = "\n".join(
        c.text for c in exercise.cells if c.question == cell.question and "solution" in c.tags
    )
    bound = [n for n in ast.walk(ast.parse(solved)) if isinstance(n, ast.Name)]
    names = [n.id for n in bound if isinstance(n.ctx, ast.Store) and n.id in asked]
    here = _("# your answer")
    lines = [f"{name} = ...  {here}" for name in dict.fromkeys(names)]
    return Cell("code", "\n".join(lines), {}, cell.question)


def _with_points(cell: Cell, question: Question) -> Cell:
    """Return the cell that asks a question, with what it is worth and how often one may try."""
    who = _("read by your teacher") if question.rubric else _("try as often as you like")
    worth = ngettext("{n:g} point", "{n:g} points", question.points).format(n=question.points)
    line = _("*{worth}, about {minutes:g} minutes; {who}.*")
    line = line.format(worth=worth, minutes=question.minutes, who=who)
    default = Question("", "", "").partial
    for kind, share in question.partial.items():
        if share != default[kind]:
            said = (
                _("*A rounded number earns {share:.0%} here.*")
                if kind == "rounded"
                else _("*A number in another unit earns {share:.0%} here.*")
            )
            line += " " + said.format(share=share)
    return replace(cell, text=f"{cell.text}\n\n{line}")


def _notebook_cell(cell: Cell, number: int) -> dict[str, Any]:
    made = {
        "cell_type": cell.kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": cell.text.splitlines(keepends=True),
    }
    return made | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})


def notebook_text(exercise: Exercise) -> str:
    """Return the stripped notebook as the text of its file, in the exercise's language."""
    with speaking(exercise.spoken):
        return json.dumps(stripped(exercise), ensure_ascii=False, indent=1) + "\n"
