"""The stub of each room: every name that it hands on, in the order of the chapters' story.

A package, such as a verb's, hands on what its `__init__` imports with `as`, the mark of a name
handed on (PEP 484); a module, or a package that says so, what stands in its `__all__`. Nothing in
a stub is typed by hand.
"""

from __future__ import annotations

import ast
from pathlib import Path

from crmlab.teaching.reference import PACKAGE, VERBS, rooms, used_in_chapters

ENDS_WITH = "__all__: list[str]\n"


def build() -> list[Path]:
    """Write the stub of every room anew; return them."""
    return [write(PACKAGE / room) for room in rooms()]


def write(room: Path) -> Path:
    """Write the stub of one room anew."""
    place = room / "__init__.pyi"
    place.write_text(stub(room), encoding="utf-8")
    return place


def stub(room: Path) -> str:
    """Return the stub of a room: simulators, measures, models, plots, widgets, then the rest."""
    story = {name: place for place, name in enumerate(used_in_chapters(room.name))}
    lines = []
    for part in sorted(room.iterdir(), key=lambda part: (_verb(part.stem), part.stem)):
        names = sorted(handed_on(part), key=lambda name: story.get(name, len(story)))
        lines += [f"from .{part.stem} import {name} as {name}\n" for name in names]
    return "".join([*lines, "\n", ENDS_WITH])


def handed_on(part: Path) -> list[str]:
    """Return the names that a module or a package hands on, as they stand there."""
    source = part / "__init__.py" if part.is_dir() else part
    if source.suffix != ".py" or (source.parent == part.parent and part.stem == "__init__"):
        return []
    if not source.exists():
        return []
    names = []
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.literal_eval(node.value)
        if isinstance(node, ast.ImportFrom):
            names += [each.name for each in node.names if each.name == each.asname]
    return names


def _verb(name: str) -> int:
    """Return the place of a verb in the story; what is none comes last."""
    return [*VERBS].index(name) if name in VERBS else len(VERBS)
