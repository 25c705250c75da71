"""The start page: the chapters that exist, their exercises, and how far one is in each."""

from __future__ import annotations

import json
import re
from operator import methodcaller
from pathlib import Path
from typing import Any

from crmlab._words import ENGLISH, N_, _, language
from crmlab.classroom.source import number_of
from crmlab.classroom.standing import standing
from crmlab.dictionary.headings import frame_html

TITLE = re.compile(r"# \S+ · (.+)")
_OURS = {"crmlab": "start page"}
_HEAD = N_(
    """# crmlab: start here

**How to use a page.** Click into a grey box and press **Shift+Enter**: the code in it runs, and
what comes out stands below. Chapter 00 says what to do when that fails. This page is made anew at
each start: write elsewhere.

Click a chapter to open it.

| chapter | asks | minutes | exercise |
|---|---|---:|---|
"""
)
_WHERE = N_(
    """## Where you stand

This is how it was when crmlab started. To see how it is now, run the cell: click into it and press
Shift+Enter."""
)
_CODE = "from crmlab.classroom import standing\n\nstanding()"


def page_name() -> str:
    """Return what the start page is called: its kernel speaks the language in its name."""
    return "START.ipynb" if language() == ENGLISH else f"START.{language()}.ipynb"


def start_page(folder: Path) -> str:
    """Return the start page of the course in `folder`, as the text of its file."""
    rows = [_row(folder, path) for path in sorted((folder / "notebooks").glob("*.ipynb"))]
    table = standing(folder)
    draw = methodcaller("to_html", index=False)
    html = draw(table) if language() == ENGLISH else frame_html(table, draw=draw)
    shown = {"text/html": html, "text/plain": table.to_string(index=False)}
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": shown}
    code = {"cell_type": "code", "execution_count": 1, "outputs": [output]}
    words = {"cell_type": "markdown"}
    cells = [(words, _(_HEAD) + "".join(rows)), (words, _(_WHERE)), (code, _CODE)]
    made = [
        cell | {"id": f"start-{n}", "metadata": {}, "source": text.splitlines(keepends=True)}
        for n, (cell, text) in enumerate(cells)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    meta = {"kernelspec": kernel, "language_info": {"name": "python"}, **_OURS}
    page = {"cells": made, "metadata": meta, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


def is_ours(page: Path) -> bool:
    """Return whether crmlab made `page`."""
    try:
        return _OURS.items() <= json.loads(page.read_text(encoding="utf-8"))["metadata"].items()
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _row(folder: Path, chapter: Path) -> str:
    """Return the line of one chapter; a translation or a newer copy has its name in it."""
    cells = _cells(chapter)
    said = "".join(cells[0]["source"]) if cells else ""
    title = TITLE.match(said)
    minutes = sum(cell["metadata"].get("minutes", 0) for cell in cells)
    exercise = folder / "exercises" / chapter.name
    name = _("exercise {number}").format(number=number_of(chapter.stem))
    link = f"[{name}](exercises/{exercise.name})"
    return (
        f"| [{chapter.stem}](notebooks/{chapter.name}) | {_(title[1]) if title else ''} "
        f"| {minutes or ''} | {link if exercise.exists() else ''} |\n"
    )


def _cells(notebook: Path) -> list[dict[str, Any]]:
    try:
        return json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError):
        return []
