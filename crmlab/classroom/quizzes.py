"""Five questions to recall a chapter by: offline, with a reason for every option."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from crmlab._shipped import shipped
from crmlab.classroom.listening import listener
from crmlab.classroom.source import number_of
from crmlab.errors import CrmlabError

if TYPE_CHECKING:
    from ipywidgets import VBox


@dataclass(frozen=True)
class Option:
    """One option, whether it is right, and why."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Recall:
    """One question with its options."""

    ask: str
    options: tuple[Option, ...]


@cache
def recalls(chapter: str) -> tuple[Recall, ...]:
    """Return the quiz of `chapter`, as `exercises/quizzes/NN_topic.json` holds it."""
    folder = shipped("exercises") / "quizzes"
    paths = sorted(folder.glob(f"{number_of(chapter)}_*.json"))
    if not paths:
        known = sorted(path.stem for path in folder.glob("*.json"))
        raise CrmlabError(f"there is no quiz for chapter {chapter!r}; there are {known}")
    loaded = json.loads(paths[0].read_text(encoding="utf-8"))
    return tuple(Recall(r["ask"], tuple(Option(**o) for o in r["options"])) for r in loaded)


def explanation(recall: Recall, chosen: int | None) -> str:
    """Return what is said, as HTML, once the option number `chosen` is taken."""
    if chosen is None:
        return ""
    option = recall.options[chosen]
    word = "✓ Right." if option.right else "✗ Not this one."
    return f"<p role='status'><b>{word}</b> {escape(option.why)}</p>"


def quiz(chapter: str) -> VBox | None:
    """Return the recall quiz of `chapter`, five questions; the keyboard alone is enough.

    Tab moves to the options of a question, the arrow keys choose one, and its reason appears.
    """
    if listener() is not None:
        return None
    from ipywidgets import VBox

    return VBox([_question(n, recall) for n, recall in enumerate(recalls(chapter), 1)])


def _question(number: int, recall: Recall) -> VBox:
    from ipywidgets import HTML, RadioButtons, VBox

    options = [(option.text, place) for place, option in enumerate(recall.options)]
    choice = RadioButtons(options=options, value=None, layout={"width": "max-content"})
    reply = HTML()

    def answer(change: dict[str, int]) -> None:
        reply.value = explanation(recall, change["new"])

    choice.observe(answer, names="value")
    return VBox([HTML(f"<b>{number}. {escape(recall.ask)}</b>"), choice, reply])
