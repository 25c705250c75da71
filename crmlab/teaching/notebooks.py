"""Chapters as a reader opens them: executed notebooks, one per language, from one source each."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from copy import deepcopy
from hashlib import sha256
from io import BytesIO
from os import environ
from pathlib import Path

import jupytext
import matplotlib.font_manager  # noqa: F401  fills the font cache, or the first cell would print it
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from PIL import Image

from crmlab._shipped import shipped
from crmlab._words import ENGLISH, VARIABLE
from crmlab.classroom import twins
from crmlab.errors import ChapterError
from crmlab.teaching.blank import MARK, MARKS

CHAPTERS = shipped("notebooks")
LECTURER = {ENGLISH: "For the lecturer", "zh": "给讲师"}
WIDGETS = "application/vnd.jupyter.widget-state+json"
# A PNG file in base64, wherever it stands.
PNG = re.compile(r"iVBORw0KGgo[A-Za-z0-9+/]+=*")
# What every machine agrees on; a kernel adds the versions of its own.
PYTHON = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "name": "python"},
}


def sources(names: Iterable[str] = (), *, folder: Path = CHAPTERS) -> list[Path]:
    """Return the sources below `folder` whose names begin with one of `names`; all for none."""
    found = sorted((folder / "source").glob("*.py"))
    for name in names:
        if not any(source.stem.startswith(name) for source in found):
            there = ", ".join(source.stem for source in found)
            raise ChapterError(f"{folder.name}/source has no {name!r}; it has {there}.")
    return [source for source in found if source.stem.startswith(tuple(names) or "")]


def notebooks_of(source: Path, language: str | None = None) -> list[Path]:
    """Return where the notebooks of `source` are, or will be: English first, or of one language."""
    return [
        source.parents[1] / f"{source.stem}{'' if each == ENGLISH else f'.{each}'}.ipynb"
        for each in languages(read(source))
        if language in (None, each)
    ]


def for_readers(chapter: NotebookNode, language: str) -> NotebookNode:
    """Return the chapter in one language, the notes to the lecturer folded away."""
    chosen = in_language(chapter, language)
    for cell in chosen.cells:
        if "notes" in cell.metadata.get("tags", []):
            cell.source = folded(cell.source, language)
    return chosen


def folded(note: str, language: str) -> str:
    """Return a note to the lecturer as a reader gets it: one line, which opens with a click."""
    head = LECTURER.get(language, LECTURER[ENGLISH])
    return f"<details><summary>{head}</summary>\n\n{note}\n\n</details>"


def unfolded(text: str) -> str:
    """Return the note that `folded` folded."""
    return re.sub(r"\A<details>.*</summary>\n\n|\n\n</details>\Z", "", text)


def build(source: Path, language: str | None = None) -> list[Path]:
    """Write the executed notebooks of `source` into the folder above its own; return their paths.

    The English one is `<chapter>.ipynb`. Where the source has cells in a second language, there
    is one such as `<chapter>.zh.ipynb` too: the same cells, with its text, run in that language.
    With a `language`, that one alone is built.
    """
    chapter, folder = read(source), source.parents[1]
    built = notebooks_of(source, language)
    for each, file in zip([language] if language else languages(chapter), built, strict=False):
        executed = in_language(chapter, each)
        execute(executed, name=source.stem, folder=folder, language=each)
        finish(executed)
        named = in_language(chapter, ENGLISH)
        identify(named)
        said = for_readers(chapter, each)
        for cell, other, text in zip(executed.cells, named.cells, said.cells, strict=True):
            cell.id, cell.source = other.id, text.source
        nbformat.write(executed, file)
    return built


def read(source: Path) -> NotebookNode:
    """Return the notebook that the py:percent file `source` describes, all languages in it.

    Raises
    ------
    ChapterError
        If a cell in a second language does not follow the English text it stands for.
    """
    chapter = jupytext.read(source)
    for cell in chapter.cells:
        cell.metadata.pop("lines_to_next_cell", None)  # jupytext's own, about the layout
    for fault in twins.misplaced(parts(chapter)):
        raise ChapterError(f"{source.name}: {fault}.")
    return chapter


def parts(chapter: NotebookNode) -> list[twins.Part]:
    """Return the cells of a chapter as those who compare languages know them."""
    return [twins.Part(cell.cell_type, cell.source, cell.metadata) for cell in chapter.cells]


def languages(chapter: NotebookNode) -> list[str]:
    """Return the languages of a chapter, English first."""
    return twins.languages(parts(chapter))


def in_language(chapter: NotebookNode, language: str) -> NotebookNode:
    """Return the chapter in one language: its text where it is translated, else the English."""
    chosen = deepcopy(chapter)
    chosen.cells = []
    for cell, part in zip(deepcopy(chapter.cells), parts(chapter), strict=True):
        if part.language == ENGLISH:
            cell.metadata = nbformat.from_dict(twins.beside(part.meta, language))
            cell.source = cell.source.replace(MARK, MARKS[language])
            chosen.cells.append(cell)
        elif part.language == language:
            text = cell.source.replace(MARK, MARKS[language])
            is_text = cell.cell_type == "markdown"
            chosen.cells[-1].source = twins.unwrapped(text) if is_text else text
    return chosen


def execute(
    notebook: NotebookNode,
    *,
    name: str,
    folder: Path,
    language: str = ENGLISH,
    timing: bool = False,
) -> None:
    """Run every cell of `notebook` in `folder`, keeping the outputs and the widgets' state.

    crmlab speaks `language` meanwhile.

    With `timing`, each cell's metadata says when it began and ended, as nbclient writes it.

    Raises
    ------
    ChapterError
        If a cell fails: names the chapter `name` and the cell, and shows the traceback.
    """
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--IPKernelApp.log_level=40"],  # it warns of having no encryption
        record_timing=timing,
        coalesce_streams=True,
    )
    try:
        client.execute(env={**environ, VARIABLE: language})
    except CellExecutionError as error:
        failed = [cell for cell in notebook.cells if cell.get("execution_count")][-1]
        raise ChapterError(
            f"{name}, code cell {failed.execution_count}, fails:\n\n"
            f"{failed.source}\n\n{strip_ansi(error.traceback)}"
        ) from None


def finish(notebook: NotebookNode) -> None:
    """Give an executed notebook its final metadata, the same on every machine, at every build."""
    rewrite(notebook)
    state = notebook.metadata.get("widgets")
    notebook.metadata = nbformat.from_dict(PYTHON | ({"widgets": state} if state else {}))
    identify(notebook)
    for cell in notebook.cells:
        if "hide-input" in cell.metadata.get("tags", []):
            cell.metadata.jupyter = {"source_hidden": True}
        for output in cell.get("outputs", []):
            for kind in [kind for kind in output.get("data", {}) if kind.startswith("image/")]:
                output.metadata[kind] = {"alt": cell.metadata.get("alt", "")}


def identify(notebook: NotebookNode) -> None:
    """Give every cell an id that depends on the cell's text alone, equal texts by their order."""
    ids: set[str] = set()
    for cell in notebook.cells:
        text = cell.cell_type + cell.source
        while (name := sha256(text.encode()).hexdigest()[:8]) in ids:
            text += "again"
        ids.add(name)
        cell.id = name


def rewrite(notebook: NotebookNode) -> None:
    """Lighten every picture, and number the widgets in place of their random names."""
    states = notebook.metadata.get("widgets", {}).get(WIDGETS, {}).get("state", {})
    text = PNG.sub(lambda found: lighter(found[0]), nbformat.writes(notebook))
    for number, name in enumerate(states):
        text = text.replace(name, f"{number:032x}")
    notebook.update(nbformat.reads(text, as_version=4))


def lighter(png: str) -> str:
    """Return a base64 PNG in its 256 best colours: to the eye the same, at a third of the size."""
    picture = Image.open(BytesIO(b64decode(png)))
    page = Image.new("RGBA", picture.size, "white")
    page.alpha_composite(picture.convert("RGBA"))
    file = BytesIO()
    page.convert("RGB").quantize(256).save(file, "png", optimize=True, dpi=picture.info.get("dpi"))
    return b64encode(file.getvalue()).decode()
