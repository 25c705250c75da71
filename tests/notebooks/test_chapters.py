"""What every chapter promises, checked in its source and in the notebooks built from it."""

import ast
import re
from collections.abc import Iterator
from string import ascii_lowercase

import nbformat
import pytest
from markdown_it import MarkdownIt

from crmlab._shipped import shipped
from crmlab.classroom import twins
from crmlab.errors import ChapterError
from crmlab.teaching import blank
from crmlab.teaching.notebooks import (
    WIDGETS,
    for_readers,
    in_language,
    languages,
    notebooks_of,
    parts,
    read,
    sources,
)
from crmlab.teaching.slides import PLACES, WIDGET

TAGS = {*PLACES, "hide-input", "nbval-ignore-output", "solution"}
METADATA = {"tags", "minutes", "alt"}
IN_SOURCE = METADATA | {"lang", "of", "alt_zh"}
# What style.md asks of every chapter's text: its title, and three phrases.
TEMPLATES = {
    "en": (r"# {} · .+\?\n", "write down your guess", "\n## Your turn\n", "\n## What you saw\n"),
    "zh": (r"# {} · .+？\n", "写下你的猜测", "\n## 轮到你了\n", "\n## 你看到了什么\n"),
}
NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?")
CHINESE = re.compile("[\u4e00-\u9fff]")
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
    found = [*in_cells(chapter), *twins.behind(parts(chapter))]
    built = []
    for language, path in zip(languages(chapter), notebooks_of(source), strict=True):
        if not path.exists():
            found.append(f"{path.name} is not built; type: make notebooks")
            continue
        notebook = nbformat.read(path, as_version=4)
        built.append(notebook)
        found += in_template(source.stem, in_language(chapter, language), language)
        found += lettered(source.stem, in_language(chapter, language))
        if path.stat().st_size > MOST_BYTES:
            found.append(f"{path.name} has {path.stat().st_size:,} bytes; at most {MOST_BYTES:,}")
        if stripped(notebook) != stripped(for_readers(chapter, language)):
            found.append(f"{path.name} differs from its source; type: make notebooks")
        found += [f"{path.name}: {wrong}" for wrong in in_notebook(notebook)]
    for other in built[1:]:
        found += [f"{source.stem} in Chinese: {wrong}" for wrong in compared(built[0], other)]
        found += [f"{source.stem} in Chinese: {wrong}" for wrong in in_chinese(other)]
    return found


def in_template(name: str, chapter, language: str) -> Iterator[str]:
    """What style.md asks of every chapter's text."""
    said = "\n".join(cell.source for cell in chapter.cells if cell.cell_type == "markdown")
    number = name.partition("_")[0]
    title, *phrases = TEMPLATES[language]
    if not re.match(title.format(number), said):
        yield f"{name} does not begin with its number and a question: # {number} · …?"
    for part in phrases:
        if part not in f"{said}\n":
            yield f"{name} lacks {part.strip()!r}"
    if not any("minutes" in cell.metadata for cell in chapter.cells):
        yield f"{name} gives no section its minutes"


def compared(english, chinese) -> Iterator[str]:
    """What differs between a chapter in two languages besides its words."""
    for one, other in zip(english.cells, chinese.cells, strict=True):
        if (one.id, one.cell_type) != (other.id, other.cell_type):
            yield f"{other.source!r} is not the cell {one.source!r}"
        if [*shown(one)] != [*shown(other)]:
            yield f"code cell {one.execution_count} shows {[*shown(other)]}, not {[*shown(one)]}"
        for mine, theirs in zip(frames(one), frames(other), strict=False):
            if mine != theirs:
                yield f"code cell {one.execution_count} has the columns {theirs}, not {mine}"
        if numbers(one) != numbers(other):
            yield f"code cell {one.execution_count} shows other numbers"
    states = [
        nb.metadata.get("widgets", {}).get(WIDGETS, {}).get("state") for nb in (english, chinese)
    ]
    if wordless(states[0]) != wordless(states[1]):
        yield "a widget stands elsewhere"


def frames(cell) -> list[list[str]]:
    """The columns of every table that a cell shows: the first row of its head."""
    html = str(shown(cell).get("text/html", ""))
    heads = re.findall(r"<thead>\s*<tr[^>]*>(.*?)</tr>", html, re.S)
    return [re.findall(r"<th[^>]*>(.*?)</th>", head, re.S) for head in heads]


def numbers(cell) -> list[float]:
    """Every number that a cell shows as text, in whichever order its language has them."""
    said = re.sub(r"<[^>]*>|(?<=\d)-(?=\d)", " ", " ".join(texts(cell)))
    return sorted(float(each.replace(",", "")) for each in NUMBER.findall(said))


def wordless(state):
    """The state of widgets without their words and pictures."""
    if isinstance(state, dict):
        return {key: wordless(value) for key, value in state.items()}
    if isinstance(state, list):
        return [wordless(value) for value in state]
    return "" if isinstance(state, str) else state


def in_chinese(notebook) -> Iterator[str]:
    """What a Chinese notebook must not show: lines in English, and stars that stress nothing."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for line in output.get("text", "").splitlines():
                if len(re.findall("[A-Za-z]{2,}", line)) > 1 and not CHINESE.search(line):
                    yield f"code cell {cell.execution_count} says {line!r}"
        if cell.cell_type == "markdown":
            tokens = MarkdownIt().parse(cell.source)
            said = [t.content for token in tokens for t in token.children or [] if t.type == "text"]
            yield from (
                f"{text!r} has a star that stresses nothing" for text in said if "*" in text
            )
            if not CHINESE.search(cell.source):
                yield f"{cell.source!r} is not Chinese"


def in_cells(chapter) -> Iterator[str]:
    """What the tags and the code of a source must be."""
    for cell in chapter.cells:
        begins = repr(cell.source.partition("\n")[0])
        for tag in {*cell.metadata.get("tags", [])} - TAGS:
            yield f"{begins} has the tag {tag!r}, which nobody reads"
        for key in {*cell.metadata} - IN_SOURCE:
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


def test_every_quiz_is_asked_at_the_end_of_its_chapter():
    texts = {source.stem: source.read_text(encoding="utf-8") for source in sources()}
    names = [path.stem for path in (shipped("exercises") / "quizzes").glob("*.json")]
    asked = {name: f'quiz("{name.partition("_")[0]}")' for name in names}
    assert [name for name, call in asked.items() if call not in texts[name]] == []


def test_every_notebook_has_a_source():
    built = {path for source in sources() for path in notebooks_of(source)}
    assert {*shipped("notebooks").glob("*.ipynb")} <= built
