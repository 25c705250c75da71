"""Which objectives are met: a small file beside the notebook, and a widget that shows it.

Nothing leaves the machine.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from crmlab.classroom.listening import listener

if TYPE_CHECKING:
    from ipywidgets import HTML

NAME = "crmlab-progress.json"
_shown: WeakSet[HTML] = WeakSet()
_FRESH = {"tries": 0, "hints": 0, "right": False}


def read() -> dict[str, dict[str, Any]]:
    """Return what the file says: tries, hints and success by question; nothing if unreadable."""
    try:
        kept = json.loads(Path(NAME).read_text(encoding="utf-8"))
        return {name: {**_FRESH, **entry} for name, entry in kept.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):
        print(f"{NAME} is damaged; your progress is counted anew.")
        return {}


def note(question: str, *, right: bool) -> None:
    """Count one try; a question once right stays right."""
    kept = read()
    entry = kept.setdefault(question, dict(_FRESH))
    entry["tries"] += 1
    entry["right"] = entry["right"] or right
    _write(kept)


def note_hint(question: str) -> None:
    """Count one hint."""
    kept = read()
    kept.setdefault(question, dict(_FRESH))["hints"] += 1
    _write(kept)


def hints_of(question: str) -> int:
    """Return how many hints of `question` were taken."""
    return read().get(question, _FRESH)["hints"]


def _write(kept: dict[str, dict[str, Any]]) -> None:
    """Write the file whole or not at all, and let every widget show it."""
    new = Path(NAME + ".new")
    try:
        new.write_text(json.dumps(kept, indent=1, sort_keys=True), encoding="utf-8")
        new.replace(NAME)
    except OSError as error:
        print(f"Your progress cannot be kept in this folder: {error.strerror}.")
    for widget in _shown:
        widget.value = progress_html()


def progress() -> HTML | None:
    """Return a table of questions and objectives that fills while you answer.

    What it shows is kept in `crmlab-progress.json` beside the notebook and nowhere else.
    """
    if listener() is not None:
        return None
    from ipywidgets import HTML

    widget = HTML(progress_html())
    _shown.add(widget)
    return widget


def progress_html() -> str:
    """Return the table as HTML: a mark and a word for each question, never a colour alone."""
    from crmlab.classroom.tutor import tasks_known

    kept, tasks = read(), tasks_known()
    if not tasks:
        return "<p>Nothing answered yet: run a check, and it shows here.</p>"
    rows = "".join(
        f"<tr><td>{_state(kept.get(name, _FRESH))}</td><td>{escape(name)}</td>"
        f"<td style='text-align:left'>{escape(task.objective)}</td></tr>"
        for name, task in sorted(tasks.items(), key=lambda item: _place(item[0]))
    )
    met = sum(kept.get(name, _FRESH)["right"] for name in tasks)
    head = "<tr><th>state</th><th>question</th><th>you can</th></tr>"
    return f"<p>{met} of {len(tasks)} objectives met</p><table>{head}{rows}</table>"


def _state(entry: dict[str, Any]) -> str:
    return "✓ met" if entry["right"] else "… tried" if entry["tries"] else "○ open"


def _place(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("."))
