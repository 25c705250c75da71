"""What every chapter promises, checked in its source and in the notebooks built from it."""

import ast
import re
from collections.abc import Iterator
from string import ascii_lowercase

import nbformat
import pytest

from crmlab._shipped import shipped
from crmlab.errors import ChapterError
from crmlab.teaching import blank
from crmlab.teaching.notebooks import (
    WIDGETS,
    for_readers,
    languages,
    notebooks_of,
    read,
    sources,
)
from crmlab.teaching.slides import PLACES, WIDGET

TAGS = {*PLACES, "hide-input", "nbval-ignore-output", "solution"}
METADATA = {"tags", "lang", "minutes", "alt"}
MOST_BYTES = 1_000_000
MOST_IMPORTS = 8
MACHINE_DEPENDENT = {
    "a memory address": r"\b0x[0-9a-fA-F]{6,}",
    "a path": r"(?<![\w.:/])/(\w[\w.-]*/){2,}|\b[A-Z]:\\",
    "a running time": r"\b(Wall time|CPU times|per loop|loops each)\b|\d ?(µs|ms)\b",
}


def faults(source):
    """Return every breach in a chapter's source and in its built notebooks, as sentences."""
    try:
        chapter = read(source)
    except ChapterError as error:
        return [str(error)]
    found = [*in_template(source.stem, chapter), *in_cells(chapter)]
    found += lettered(source.stem, chapter)
    for language, path in zip(languages(chapter), notebooks_of(source), strict=True):
        if not path.exists():
            found.append(f"{path.name} is not built; type: make notebooks")
            continue
        notebook = nbformat.read(path, as_version=4)
        if path.stat().st_size > MOST_BYTES:
            found.append(f"{path.name} has {path.stat().st_size:,} bytes; at most {MOST_BYTES:,}")
        if stripped(notebook) != stripped(for_readers(chapter, language)):
            found.append(f"{path.name} differs from its source; type: make notebooks")
        found += [f"{path.name}: {wrong}" for wrong in in_notebook(notebook)]
    return found


def in_template(name: str, chapter) -> Iterator[str]:
    """What style.md asks of every chapter's text."""
    english = [cell for cell in chapter.cells if "lang" not in cell.metadata]
    said = "\n".join(cell.source for cell in english if cell.cell_type == "markdown")
    number = name.partition("_")[0]
    if not re.match(rf"# {number} · .+\?\n", said):
        yield f"{name} does not begin with its number and a question: # {number} · …?"
    for part in ("write down your guess", "\n## Your turn\n", "\n## What you saw\n"):
        if part not in f"{said}\n":
            yield f"{name} lacks {part.strip()!r}"
    if not any("minutes" in cell.metadata for cell in english):
        yield f"{name} gives no section its minutes"


def in_cells(chapter) -> Iterator[str]:
    """What the tags and the code of a source must be."""
    for cell in chapter.cells:
        begins = repr(cell.source.partition("\n")[0])
        for tag in {*cell.metadata.get("tags", [])} - TAGS:
            yield f"{begins} has the tag {tag!r}, which nobody reads"
        for key in {*cell.metadata} - METADATA:
            yield f"{begins} says {key}=…, which nobody reads"
        if cell.cell_type == "code" and cell.source.rstrip().endswith(";"):
            yield f"{begins} ends with ';', which hides its output from Jupyter, not from nbval"
        if cell.cell_type == "code" and (many := len(imported(cell.source))) > MOST_IMPORTS:
            yield f"{begins} imports {many} names; at most {MOST_IMPORTS}, where they are needed"

        if "solution" in cell.metadata.get("tags", []):
            yield from (f"{begins} {wrong}" for wrong in blank.faults(cell.source))


def imported(code: str) -> list[str]:
    """The names that a cell imports."""
    found = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    return [each.name for node in found for each in node.names]


def lettered(name: str, chapter) -> Iterator[str]:
    """What the places to type must be: 06.a, 06.b, … in order, each guess with its reveal."""
    code = "\n".join(cell.source for cell in chapter.cells if cell.cell_type == "code")
    typed = re.findall(r"^\s*(guess|reveal|check)\(\"([^\"]*)\"", code, re.M)
    number = name.partition("_")[0]
    places = list(dict.fromkeys(place for _, place in typed))
    wanted = [f"{number}.{letter}" for letter in ascii_lowercase[: len(places)]]
    if places != wanted:
        yield f"{name} has the places to type {places}; they should be {wanted}"
    for place in places:
        done = [verb for verb, other in typed if other == place]
        if done != ["guess", "reveal"] and {*done} != {"check"}:
            yield f"{name}'s {place} is {' and '.join(done)}, not a guess and its reveal, or checks"


def stripped(notebook):
    """What a notebook has from its source, cell by cell."""
    return [
        (cell.cell_type, cell.source, {key: cell.metadata.get(key) for key in METADATA})
        for cell in notebook.cells
    ]


def in_notebook(notebook) -> Iterator[str]:
    """What the outputs of a built notebook must be."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if [cell.execution_count for cell in code] != [*range(1, len(code) + 1)]:
        yield "cells were not run once each, from top to bottom"
    if any("execution" in cell.metadata for cell in code):
        yield "cells hold the times at which they ran"
    for cell in code:
        for output in cell.outputs:
            if output.output_type == "error" or output.get("name") == "stderr":
                yield f"code cell {cell.execution_count} shows an error or a warning"
        for what, pattern in MACHINE_DEPENDENT.items():
            if any(re.search(pattern, text) for text in texts(cell)):
                yield f"code cell {cell.execution_count} shows {what}"
        if "" in descriptions(cell) or bool(descriptions(cell)) != ("alt" in cell.metadata):
            yield f"code cell {cell.execution_count} has alt=… or a picture without the other"
    for number, cell in enumerate(notebook.cells):
        beside = notebook.cells[number + 1 : number + 4]
        if WIDGET in shown(cell) and not any(map(descriptions, beside)):
            yield f"the widget of code cell {cell.execution_count} has no picture soon after it"
    states = notebook.metadata.get("widgets", {}).get(WIDGETS, {}).get("state", {}).values()
    html = [str(state["state"].get("value")) for state in states]
    html += [text for cell in code for text in texts(cell)]
    html += [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    if any(re.search(r"<img(?![^>]*\balt=.[^\"'])|!\[\]\(", text) for text in html):
        yield "a picture in HTML or in the text has no alternative text"


def shown(cell):
    """Every kind of output that a cell shows, with what it shows."""
    outputs = cell.get("outputs", [])
    return {kind: value for output in outputs for kind, value in output.get("data", {}).items()}


def texts(cell):
    """Everything that a cell shows as text."""
    data = [str(value) for kind, value in shown(cell).items() if kind.startswith("text/")]
    return data + [output.get("text", "") for output in cell.get("outputs", [])]


def descriptions(cell):
    """The alternative text of each picture that a cell shows, empty where there is none."""
    return [
        output.metadata.get(kind, {}).get("alt", "")
        for output in cell.get("outputs", [])
        for kind in output.get("data", {})
        if kind.startswith("image/")
    ]


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.stem)
def test_keeps_every_promise(source):
    assert faults(source) == []


def test_every_notebook_has_a_source():
    built = {path for source in sources() for path in notebooks_of(source)}
    assert {*shipped("notebooks").glob("*.ipynb")} <= built
