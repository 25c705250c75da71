"""Builds the exercises a student opens from the sources an author edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from crmlab._words import ENGLISH
from crmlab.classroom.source import languages, read
from crmlab.classroom.strip import notebook_text

FOLDER = Path(__file__).parents[2] / "exercises"


def build(
    names: Sequence[str] = (), *, folder: Path = FOLDER, language: str | None = None
) -> Iterator[Path]:
    """Write `folder/NN_topic.ipynb`, solutions stripped, for each source; yield its path.

    Where a source has cells in a second language there is `NN_topic.zh.ipynb` too. With `names`,
    only sources whose names begin with one of them; with a `language`, that one alone.
    """
    for source in sorted((folder / "source").glob("[0-9][0-9]*_*.py")):
        if not names or source.stem.startswith(tuple(names)):
            for each in languages(source):
                if language in (None, each):
                    ending = "" if each == ENGLISH else f".{each}"
                    path = folder / f"{source.stem}{ending}.ipynb"
                    path.write_text(notebook_text(read(source, each)), encoding="utf-8")
                    yield path
