"""Lecture slides of a built chapter: one page that needs no network, with notes for the speaker.

Only cells with one of four tags are in the lecture: `slide` begins a slide, `subslide` one below
it, `fragment` appears on the same slide at the next click, and `notes` is for the speaker alone
(key S). The rest of a chapter is for reading.
"""

from __future__ import annotations

from copy import deepcopy
from importlib.metadata import distribution
from itertools import accumulate
from pathlib import Path

import nbformat
from nbconvert.exporters import SlidesExporter
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat import NotebookNode

from crmlab.errors import ChapterError
from crmlab.teaching.notebooks import unfolded

# In the order in which they come on one slide.
PLACES = ("slide", "subslide", "notes", "fragment")
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
    """Return the cells that have a place in the lecture, marked as nbconvert reads it."""
    chosen = deepcopy(notebook)
    chosen.metadata.pop("widgets", None)
    chosen.cells = []
    for cell in deepcopy(notebook.cells):
        for place in [tag for tag in cell.metadata.get("tags", []) if tag in PLACES]:
            cell.metadata.slideshow = {"slide_type": place}
            if place == "notes":
                cell.source = unfolded(cell.source)
            # A slider would need a kernel; the picture beside it stands for it.
            cell["outputs"] = [
                o for o in cell.get("outputs", []) if WIDGET not in o.get("data", {})
            ]
            chosen.cells.append(cell)
    if not chosen.cells:
        raise ChapterError(f"{name} has no slides; give some cells one of the tags {PLACES}.")
    return notes_first(chosen)


def notes_first(lecture: NotebookNode) -> NotebookNode:
    """Move the notes of each slide before its fragments: a speaker reads them from the start."""
    places = [cell.metadata.slideshow.slide_type for cell in lecture.cells]
    slides = accumulate(place in ("slide", "subslide") for place in places)
    order = sorted(zip(slides, map(PLACES.index, places), range(len(places)), strict=True))
    lecture.cells = [lecture.cells[number] for *_, number in order]
    return lecture
