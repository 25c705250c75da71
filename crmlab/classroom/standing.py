"""Where a student stands: a table that fills while questions are answered, and one per chapter."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import pandas as pd

from crmlab._words import LANGUAGES, _
from crmlab.classroom import bundle, guesses, record
from crmlab.classroom.listening import listener
from crmlab.classroom.source import number_of
from crmlab.classroom.tutor import practice

if TYPE_CHECKING:
    from ipywidgets import HTML

__all__ = ["progress", "standing"]

_shown: WeakSet[HTML] = WeakSet()


def tasks_known() -> dict[str, bundle.Task]:
    """Return the tasks of the bundle here, or of every chapter practised in this session."""
    mine = bundle.here(Path.cwd())
    if mine is not None:
        return mine.tasks
    chapters = sorted({number_of(question) for question in record.read()})
    return {name: task for chapter in chapters for name, task in practice(chapter).items()}


def progress() -> HTML | None:
    """Return a table of questions and objectives that fills while you answer.

    What it shows is kept in `crmlab-progress.json` beside the notebook and nowhere else.
    """
    if listener() is not None:
        return None
    from ipywidgets import HTML

    widget = HTML(progress_html())
    _shown.add(widget)
    return widget


def progress_html() -> str:
    """Return the table as HTML: a mark and a word for each question, never a colour alone."""
    kept, tasks = record.read(), tasks_known()
    if not tasks:
        nothing = _("Nothing answered yet: run a check, and it shows here.")
        return f"<p>{nothing}</p>"
    rows = "".join(
        f"<tr><td>{_state(kept.get(name, record.FRESH))}</td><td>{escape(name)}</td>"
        f"<td style='text-align:left'>{escape(task.objective)}</td></tr>"
        for name, task in sorted(tasks.items(), key=lambda item: _place(item[0]))
    )
    met = sum(kept.get(name, record.FRESH)["right"] for name in tasks)
    names = (_("state"), _("question"), _("you can"))
    head = "".join(f"<th>{name}</th>" for name in names)
    said = _("{n} of {total} objectives met").format(n=met, total=len(tasks))
    return f"<p>{said}</p><table><tr>{head}</tr>{rows}</table>"


def _state(entry: dict[str, Any]) -> str:
    if entry["right"]:
        return _("✓ met")
    if entry["waits"]:
        return _("◷ waits for your teacher")
    return _("… tried") if entry["tries"] else _("○ open")


def _place(name: str) -> tuple[str, int]:
    chapter, number = name.split(".")
    return chapter, int(number)


def _refresh() -> None:
    for widget in _shown:
        widget.value = progress_html()


record.watchers.append(_refresh)


def standing(folder: str | Path = ".") -> pd.DataFrame:
    """Return where one stands in the course: a row for each chapter in `folder`.

    Parameters
    ----------
    folder : str or Path
        What `crmlab lab` filled: chapters in `notebooks`, exercises in `exercises`.

    Returns
    -------
    DataFrame
        `chapter`, and in words `guesses typed` in it and `questions met` of its exercise, empty
        where there is no exercise.
    """
    place = Path(folder)
    guessed = guesses.read(place / "notebooks")
    kept = record.read(place / "exercises")
    asked = {_chapter(path): _named("check", path) for path in _notebooks(place / "exercises")}
    rows = []
    for path in _notebooks(place / "notebooks"):
        typed, questions = _named("guess", path), asked.get(_chapter(path), set())
        met = sum(kept.get(name, record.FRESH)["right"] for name in questions)
        rows.append(
            {
                "chapter": _chapter(path),
                "guesses typed": _of(len(typed & {*guessed}), len(typed)),
                "questions met": _of(met, len(questions)),
            }
        )
    return pd.DataFrame(rows, columns=["chapter", "guesses typed", "questions met"])


def _of(done: int, total: int) -> str:
    return _("{n} of {total}").format(n=done, total=total) if total else ""


def _notebooks(folder: Path) -> list[Path]:
    """Return the notebooks in `folder`, one for each chapter; newer copies beside them left out."""
    found = sorted(folder.glob("*.ipynb"), key=lambda path: "." in path.stem)
    known = [path for path in found if path.stem.partition(".")[2] in ("", *LANGUAGES)]
    return sorted({_chapter(path): path for path in reversed(known)}.values())


def _chapter(notebook: Path) -> str:
    """Return the chapter of a notebook, whichever its language."""
    return notebook.stem.partition(".")[0]


def _named(verb: str, notebook: Path) -> set[str]:
    """Return the names that calls of `verb` have in a notebook: guess("06.a", …) has 06.a."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    except (ValueError, KeyError, TypeError):
        return set()
    return {*re.findall(rf'^\s*{verb}\("([^"]+)"', code, re.M)}
