"""What was tried and met, question by question: a small file beside the notebook.

Nothing leaves the machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crmlab._words import _

NAME = "crmlab-progress.json"
FRESH = {"tries": 0, "hints": 0, "right": False, "waits": False}
# Called after every change: who shows the record comes after who keeps it.
watchers: list[Callable[[], None]] = []


def read(folder: Path = Path()) -> dict[str, dict[str, Any]]:
    """Return what the file says: tries, hints and success by question; nothing if unreadable."""
    try:
        kept = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {name: {**FRESH, **entry} for name, entry in kept.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):
        print(_("{file} is damaged; your progress is counted anew.").format(file=NAME))
        return {}


def note(question: str, *, right: bool, waits: bool = False) -> None:
    """Count one try; a question once right, or once handed to the teacher, stays so."""
    kept = read()
    entry = kept.setdefault(question, dict(FRESH))
    entry["tries"] += 1
    entry["right"] = entry["right"] or right
    entry["waits"] = entry["waits"] or waits
    _write(kept)


def note_hint(question: str) -> None:
    """Count one hint."""
    kept = read()
    kept.setdefault(question, dict(FRESH))["hints"] += 1
    _write(kept)


def hints_of(question: str) -> int:
    """Return how many hints of `question` were taken."""
    return read().get(question, FRESH)["hints"]


def _write(kept: dict[str, dict[str, Any]]) -> None:
    """Write the file whole or not at all, and let every widget show it."""
    new = Path(NAME + ".new")
    try:
        new.write_text(json.dumps(kept, indent=1, sort_keys=True), encoding="utf-8")
        new.replace(NAME)
    except OSError as error:
        said = _("Your progress cannot be kept in this folder: {why}.")
        print(said.format(why=error.strerror))
    for tell in watchers:
        tell()
