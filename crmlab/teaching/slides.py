"""Lecture slides of a built chapter: one page that needs no network, with notes for the speaker.

Four tags give a cell its place: `slide` begins a slide, `subslide` one below it, `fragment` appears
on the same slide at the next click, and `notes` is for the speaker alone (key S). What comes out of
an untagged cell is shown too, without its code, where the text before or after it is on a slide.
The rest of a chapter is for reading.
"""

from __future__ import annotations

import re
from copy import deepcopy
from importlib.metadata import distribution
from itertools import accumulate
from pathlib import Path
from unicodedata import east_asian_width

import nbformat
from nbconvert.exporters import SlidesExporter
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from crmlab.errors import ChapterError
from crmlab.teaching.notebooks import unfolded

PLACES = ("slide", "subslide", "notes", "fragment")
# The order on one slide; "-" goes on where the cell before it ends.
_ORDER = ("slide", "subslide", "-", "notes", "fragment")
_FOUND = "found"  # the place of an output that has no tag and is spoken of
_HEADING = re.compile(r"#+ +(.+)")
# Where a reader types, which a room does aloud.
_TYPED = re.compile(r"^(?:guess|check)\(", re.M)
# What fits on a slide: pixels in height, pixels of a line, letters in a line.
_ROOM, _LINE, _WIDTH = 640, 36, 85
WIDGET = "application/vnd.jupyter.widget-view+json"


def revealjs(file: str) -> str:
    """Return a file of reveal.js, which the `pyreveal` distribution carries."""
    path = distribution("pyreveal").locate_file(f"pyreveal/revealjs/dist/{file}")
    return Path(str(path)).read_text(encoding="utf-8")


def build(notebook: Path, *, folder: Path = Path("build/slides")) -> Path:
    """Write the slides of a built `notebook` into `folder`; return their path.

    Raises
    ------
    ChapterError
        If no cell of the notebook has a place in the lecture.
    """
    page, _ = exporter(language=notebook.stem.partition(".")[2] or "en").from_notebook_node(
        on_slides(nbformat.read(notebook, as_version=4), name=notebook.stem),
        resources={
            "metadata": {"name": notebook.stem},
            "reveal": {
                "css": revealjs("reveal.css"),
                "js": revealjs("reveal.js") + revealjs("plugin/notes.js"),
            },
        },
    )
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{notebook.stem}.slides.html"
    file.write_text(page, encoding="utf-8")
    return file


def exporter(*, language: str) -> SlidesExporter:
    """Return nbconvert's slides in the house's template: templates/lecture/index.html.j2."""
    slides = SlidesExporter(
        template_name="lecture",
        extra_template_basedirs=[str(Path(__file__).with_name("templates"))],
        language_code=language,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    hide = TagRemovePreprocessor(remove_input_tags={"hide-input"})
    slides.register_preprocessor(hide, enabled=True)
    return slides


def on_slides(notebook: NotebookNode, *, name: str) -> NotebookNode:
    """Return what has a place in the lecture, marked as nbconvert reads it.

    Besides the cells with a tag these are the outputs of untagged code that the text of a slide
    introduces or comments on. A slide that is full goes on below, under the same title.
    """
    chosen = deepcopy(notebook)
    chosen.metadata.pop("widgets", None)
    placed = [
        _as_shown(cell, place)
        for number, cell in enumerate(deepcopy(notebook.cells))
        for place in _places(notebook.cells, number)
    ]
    if not placed:
        raise ChapterError(f"{name} has no slides; give some cells one of the tags {PLACES}.")
    chosen.cells = _continued([cell for cell in placed if _shows(cell)])
    return notes_first(chosen)


def missing(notebook: NotebookNode, *, name: str) -> list[str]:
    """Return the titles of the slides whose section has output in the chapter, none in the deck."""
    deck = on_slides(notebook, name=name)
    shown = {cell.id for cell in deck.cells if cell.get("outputs")}
    bare: dict[str, bool] = {}
    title = ""
    for cell in notebook.cells:
        if "slide" in _tags(cell):
            title = _title(cell) or title
        elif cell.source.startswith("## ") and not _tags(cell):
            title = ""  # a part for reading
        if title and _kept(cell) and not _TYPED.search(cell.source):
            bare[title] = bare.get(title, True) and cell.id not in shown
    return [title for title, none in bare.items() if none]


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _places(cells: list[NotebookNode], number: int) -> list[str]:
    """Return the places of a cell in the lecture: by its tags, or because slides speak of it."""
    tagged = [tag for tag in _tags(cells[number]) if tag in PLACES]
    if tagged or not _kept(cells[number]) or _TYPED.search(cells[number].source):
        return tagged
    before = next((c for c in reversed(cells[:number]) if c.cell_type == "markdown"), None)
    after = next((c for c in cells[number + 1 :] if c.cell_type == "markdown"), None)
    speak = [cell for cell in (before, after) if cell is not None]
    text = {"slide", "subslide", "fragment"}
    long = sum(map(_height_of, _kept(cells[number]))) > 1.4 * _ROOM
    return [_FOUND] if not long and any(text & {*_tags(cell)} for cell in speak) else []


def _kept(cell: NotebookNode) -> list[NotebookNode]:
    """Return the outputs that a slide can show: a widget would need a kernel, a quiz a reader.

    The picture beside a widget stands for it.
    """
    outputs = [o for o in deepcopy(cell.get("outputs", [])) if WIDGET not in o.get("data", {})]
    for data in (o.data for o in outputs if "text/html" in o.get("data", {})):
        if "crmlab-quiz" in data["text/html"]:
            return []
        # A section is a slide to reveal.js.
        data["text/html"] = re.sub(r"(</?)section\b", r"\1div", data["text/html"])
    return outputs


def _as_shown(cell: NotebookNode, place: str) -> NotebookNode:
    """Return a cell as a slide has it: code that only draws, or that nobody placed, left out."""
    cell = deepcopy(cell)
    cell.metadata.slideshow = {"slide_type": "fragment" if place == _FOUND else place}
    if place == "notes":
        cell.source = unfolded(cell.source)
    if cell.cell_type == "code":
        cell["outputs"] = _kept(cell)
        if place == _FOUND or _is_picture(cell):
            cell.metadata.tags = sorted({*_tags(cell), "hide-input"})
    return cell


def _is_picture(cell: NotebookNode) -> bool:
    kinds = {kind for output in cell.get("outputs", []) for kind in output.get("data", {})}
    return any(kind.startswith("image/") for kind in kinds)


def _shows(cell: NotebookNode) -> bool:
    """Return whether anything of a cell is left to see."""
    if cell.cell_type == "markdown":
        return True
    return bool(cell.outputs) or "hide-input" not in _tags(cell)


def _continued(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Begin a slide below where one is full, and give every slide a title."""
    made: list[NotebookNode] = []
    title, height = "", 0.0
    for cell in cells:
        place = cell.metadata.slideshow.slide_type
        own = _title(cell) if place in ("slide", "subslide") else ""
        title = own or title
        high = 0.0 if place == "notes" else _height(cell)
        full = place == "fragment" and height > 0 and height + high > _ROOM
        if full or (place in ("slide", "subslide") and not own and title):
            made.append(_heading(title, place="slide" if place == "slide" else "subslide", of=cell))
            cell.metadata.slideshow.slide_type = "-"
            height = _LINE * 2
        elif place in ("slide", "subslide"):
            height = 0.0
        height += high
        made.append(cell)
    return made


def _title(cell: NotebookNode) -> str:
    """Return the heading with which a cell begins, if it does."""
    found = _HEADING.match(cell.source) if cell.cell_type == "markdown" else None
    return found[1] if found else ""


def _heading(title: str, *, place: str, of: NotebookNode) -> NotebookNode:
    """Return a cell with the title of the slide on which `of` goes on."""
    metadata = {"slideshow": {"slide_type": place}}
    return new_markdown_cell(f"### {title}", metadata=metadata, id=f"{of.id}-title")


def _height(cell: NotebookNode) -> float:
    """Return about how many of the 720 pixels of a slide a cell takes."""
    if cell.cell_type == "markdown":
        lines = sum(1 + _width(line) // _WIDTH for line in cell.source.split("\n\n"))
        items = sum(
            line.startswith(("* ", "1. ", "2. ", "3. ")) for line in cell.source.split("\n")
        )
        return _LINE * (1.4 * lines + items)
    code = 0 if "hide-input" in _tags(cell) else cell.source.count("\n") + 2
    return 26 * code + sum(map(_height_of, cell.get("outputs", [])))


def _width(text: str) -> int:
    """Return how many letters are as wide as `text`: a Chinese character is as wide as two."""
    return sum(1 + (east_asian_width(letter) in "WF") for letter in text)


def _height_of(output: NotebookNode) -> float:
    data = output.get("data", {})
    if any(kind.startswith("image/") for kind in data):
        return _ROOM
    if "crmlab-page" in data.get("text/html", ""):
        return _ROOM  # see templates/lecture
    if "text/html" in data:
        return 34 * (2 + len(re.findall(r"<(?:tr|p|li|dt)\b", data["text/html"])))
    text = output.get("text", "") or data.get("text/plain", "")
    return 26 * (text.count("\n") + 2)


def notes_first(lecture: NotebookNode) -> NotebookNode:
    """Move the notes of each slide before its fragments: a speaker reads them from the start."""
    places = [cell.metadata.slideshow.slide_type for cell in lecture.cells]
    slides = accumulate(place in ("slide", "subslide") for place in places)
    order = sorted(zip(slides, map(_ORDER.index, places), range(len(places)), strict=True))
    lecture.cells = [lecture.cells[number] for *_, number in order]
    return lecture
