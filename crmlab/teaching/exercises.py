"""Builds the exercises a student opens from the sources an author edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from crmlab.classroom.source import read
from crmlab.classroom.strip import notebook_text

FOLDER = Path(__file__).parents[2] / "exercises"


def build(names: Sequence[str] = (), *, folder: Path = FOLDER) -> Iterator[Path]:
    """Write `folder/NN_topic.ipynb`, solutions stripped, for each source; yield its path.

    With `names`, only sources whose names begin with one of them.
    """
    for source in sorted((folder / "source").glob("[0-9][0-9]*_*.py")):
        if not names or source.stem.startswith(tuple(names)):
            path = folder / f"{source.stem}.ipynb"
            path.write_text(notebook_text(read(source)), encoding="utf-8")
            yield path
