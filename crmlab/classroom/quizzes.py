"""Five questions to recall a chapter by: offline, with a reason for every option."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from html import escape

from crmlab._shipped import shipped
from crmlab._words import ENGLISH, _, language
from crmlab.classroom.listening import listener
from crmlab.classroom.source import number_of
from crmlab.errors import CrmlabError

__all__ = ["quiz"]


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


def recalls(chapter: str) -> tuple[Recall, ...]:
    """Return the quiz of `chapter`, as `exercises/quizzes/NN_topic.json` holds it.

    It is in the language spoken now where each text has that beside it, as `ask_zh`.
    """
    return _recalls(chapter, language())


@cache
def _recalls(chapter: str, spoken: str) -> tuple[Recall, ...]:
    folder = shipped("exercises") / "quizzes"
    paths = sorted(folder.glob(f"{number_of(chapter)}_*.json"))
    if not paths:
        known = sorted(path.stem for path in folder.glob("*.json"))
        raise CrmlabError(f"there is no quiz for chapter {chapter!r}; there are {known}")
    loaded = json.loads(paths[0].read_text(encoding="utf-8"))
    said = "" if spoken == ENGLISH else f"_{spoken}"

    def text(of: dict[str, str], name: str) -> str:
        return of.get(name + said, of[name])

    return tuple(
        Recall(
            text(r, "ask"),
            tuple(Option(text(o, "text"), o["right"], text(o, "why")) for o in r["options"]),
        )
        for r in loaded
    )


class Quiz:
    """A quiz as a page shows it: made of plain HTML, so that it answers without a kernel too."""

    def __init__(self, chapter: str, asked: tuple[Recall, ...]) -> None:
        self.chapter, self.asked = chapter, asked

    def __repr__(self) -> str:
        said = _("Quiz on chapter {chapter}: {n} questions")
        return said.format(chapter=self.chapter, n=len(self.asked))

    def _repr_html_(self) -> str:
        """Return the questions as groups of radio buttons; a reason stands behind each option."""
        groups = "".join(
            _group(f"quiz-{self.chapter}-{number}", number, recall)
            for number, recall in enumerate(self.asked, 1)
        )
        return f"{_STYLE}<div class='crmlab-quiz' {_OWN_KEYS}>{groups}</div>"


# JupyterLab takes arrow keys for "the next cell", and the focus with them, unless its shortcuts are
# kept out and it does not hear of the key.
_OWN_KEYS = "data-lm-suppress-shortcuts='true' onkeydown='event.stopPropagation()'"
_STYLE = """<style>
.crmlab-quiz fieldset { border: 1px solid #bbb; margin: 0 0 1em; padding: .3em 1em .6em; }
.crmlab-quiz legend { font-weight: bold; padding: 0 .4em; }
.crmlab-quiz label { margin-left: .4em; }
.crmlab-quiz .why { display: none; margin: .2em 0 .4em 1.9em; }
.crmlab-quiz input:checked ~ .why { display: block; }
.crmlab-quiz input:focus-visible { outline: 3px solid #0072b2; outline-offset: 2px; }
</style>"""


def _group(name: str, number: int, recall: Recall) -> str:
    """Return one question as a fieldset."""
    options = "".join(
        f"<div><input type='radio' name='{name}' id='{name}-{place}' "
        f"aria-describedby='{name}-{place}-why'>"
        f"<label for='{name}-{place}'>{escape(option.text)}</label>"
        f"<p class='why' id='{name}-{place}-why'>{explanation(option)}</p></div>"
        for place, option in enumerate(recall.options)
    )
    return f"<fieldset><legend>{number}. {escape(recall.ask)}</legend>{options}</fieldset>"


def explanation(option: Option) -> str:
    """Return what is said, as HTML, once an option is chosen."""
    word = _("✓ Right.") if option.right else _("✗ Not this one.")
    return f"<b>{word}</b> {escape(option.why)}"


def quiz(chapter: str) -> Quiz | None:
    """Return the recall quiz of `chapter`, five questions; the keyboard alone is enough.

    Tab moves to the options of a question, the arrow keys choose one, and its reason appears.

    Parameters
    ----------
    chapter : str, its number, such as "07"
    """
    if listener() is not None:
        return None
    return Quiz(number_of(chapter), recalls(chapter))
