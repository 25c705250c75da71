"""Exercise sources: what an author writes once, read into prompts, solutions, hints and traps."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from crmlab._shipped import shipped
from crmlab._words import ENGLISH, LANGUAGES, language
from crmlab.classroom import twins
from crmlab.classroom.attributes import misused
from crmlab.classroom.cells import Cell, cells_of
from crmlab.classroom.plain import DIGITS
from crmlab.errors import CrmlabError

_NAMED = re.compile(r"\*\*(\d\d[a-z]?\.\d+)\b")
_NUMBER = re.compile(r"\d\d[a-z]?(?![a-z])")
_SIMPLE = ("points", "minutes", "objective", "digits", "own", "rounded", "unit")
MOST_HINTS, RUBRIC_LEVELS = 3, 3


class ExerciseError(CrmlabError):
    """An exercise's source has faults; all of them are listed at once."""

    faults: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, faults: Iterable[str]) -> ExerciseError:
        """Word the error for the file `name`."""
        listed = tuple(faults)
        error = cls(f"{name}: " + "; ".join(listed))
        error.faults = listed
        return error


@dataclass(frozen=True)
class Trap:
    """A wrong answer that students really give, and the reply it deserves."""

    expression: str
    message: str


@dataclass(frozen=True)
class Question:
    """What is asked, what it is worth, and how help is given.

    `study` holds expressions for the truth that an own-data answer estimates, and for the low
    and high end of its interval. `rounded` and `unit` are the shares of the points that the right
    number earns when it is rounded, and when it is in another unit.
    """

    name: str
    prompt: str
    asks: str
    points: float = 1.0
    minutes: float = 3.0
    objective: str = ""
    digits: int = DIGITS
    own: bool = False
    hints: tuple[str, ...] = ()
    traps: tuple[Trap, ...] = ()
    rubric: tuple[str, ...] = ()
    study: dict[str, str] = field(default_factory=dict)
    rounded: float = 2 / 3
    unit: float = 1 / 3

    @property
    def partial(self) -> dict[str, float]:
        """The share of the points for each kind of verdict that is nearly right."""
        return {"rounded": self.rounded, "unit": self.unit}

    def earns(self, kind: str) -> float:
        """Return the share of the points that a verdict of this kind earns."""
        return 1.0 if kind == "right" else self.partial.get(kind, 0.0)


@dataclass(frozen=True)
class Exercise:
    """A chapter's exercise in one language: its cells in order, and its questions by name.

    One of an instructor's own is asked besides the kit's, or in its place with `replace`.
    """

    name: str
    cells: tuple[Cell, ...]
    questions: dict[str, Question] = field(default_factory=dict)
    language: str = ENGLISH
    replace: bool = False

    @property
    def chapter(self) -> str:
        """The chapter's number, such as "06" or "04b"."""
        return number_of(self.name)

    @property
    def spoken(self) -> str:
        """The language of the kit's own words around the questions: English where it has none."""
        return self.language if self.language in LANGUAGES else ENGLISH

    @property
    def title(self) -> str:
        """The heading of the first cell, or else the name."""
        first = self.cells[0].text.partition("\n")[0]
        return first.removeprefix("# ") if first.startswith("# ") else self.name

    @property
    def points(self) -> float:
        """What the whole exercise is worth."""
        return sum(question.points for question in self.questions.values())


def number_of(name: str) -> str:
    """Return the number of a chapter, from its name or from one of its questions.

    Examples
    --------
    >>> number_of("06_rfm"), number_of("04b.3"), number_of("04")
    ('06', '04b', '04')
    """
    found = _NUMBER.match(name)
    return found[0] if found else name


def languages(path: Path) -> list[str]:
    """Return the languages in which `path` asks, English first."""
    return twins.languages(parts(path))


def parts(path: Path) -> list[twins.Part]:
    """Return the cells of a source, of all languages."""
    return _parts(path, [])


def _parts(path: Path, faults: list[str]) -> list[twins.Part]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExerciseError.of(path.name, [f"it is no text in UTF-8: {error}"]) from error
    return [twins.Part(cell.kind, cell.text, cell.meta) for cell in cells_of(text, faults)]


@cache
def read(path: Path, spoken: str = ENGLISH) -> Exercise:
    """Return the exercise that `path` holds, or list everything that is wrong with it.

    A markdown cell that begins with `**06.3**` asks question 06.3; the cells that follow belong
    to it, and one of them calls `check("06.3", …)`. What has a translation into the language
    `spoken` is in that language, the rest as it is written: in English, or in what `language=`
    of the first cell says.
    """
    faults: list[str] = []
    every = _parts(path, faults)
    broken = [*_no_python(every)]
    faults += broken or twins.misplaced(every)
    cells, name = [], ""
    for cell in _in_language(every, spoken):
        found = _NAMED.match(cell.text) if cell.kind == "markdown" else None
        name = found[1] if found else name
        cells.append(Cell(cell.kind, cell.text, {**cell.meta}, name))
        first, asks = len(cells) == 1, found is not None
        faults += misused(cell.meta, name or cell.begins, first=first, asks=asks)
    names = list(dict.fromkeys(cell.question for cell in cells if cell.question))
    questions: dict[str, Question] = {}
    if not broken:
        questions = {n: _question(n, [c for c in cells if c.question == n], faults) for n in names}
        faults += _misnumbered(path.stem, cells, names)
    if faults:
        raise ExerciseError.of(path.name, faults)
    about = cells[0].meta
    language = spoken if spoken in twins.languages(every)[1:] else about.get("language", spoken)
    return Exercise(path.stem, tuple(cells), questions, language, about.get("replace", False))


def _no_python(parts: Iterable[twins.Part]) -> Iterator[str]:
    """Yield what Python cannot read."""
    for part in parts:
        if part.kind == "code":
            try:
                ast.parse(part.text)
            except (SyntaxError, ValueError) as error:
                yield f"the cell {part.begins} is no Python: {error}"


def _misnumbered(stem: str, cells: Sequence[Cell], names: Sequence[str]) -> Iterator[str]:
    """Yield questions that cannot be asked in this file, and checks of what nobody asks."""
    chapter = number_of(stem)
    if not _NUMBER.match(stem) or not stem.removeprefix(chapter).startswith("_"):
        example = f"{number_of(names[0]) if names else '06'}_{stem}"
        yield f"a file is named after its chapter: rename it to {example}.py"
    else:
        strangers = [name for name in names if number_of(name) != chapter]
        yield from (f"{name} does not belong to chapter {chapter}" for name in strangers)
    if not names:
        yield "there is no question: begin a markdown cell with **06.1**"
    for cell in cells:
        for name, _ in _checks(cell.text) if cell.kind == "code" else ():
            if name not in names:
                yield f'check("{name}", …) has no cell that asks it: begin one with **{name}**'


def _in_language(all_parts: list[twins.Part], spoken: str) -> list[twins.Part]:
    """Return the cells in one language: translated where they are, else in English."""
    chosen: list[twins.Part] = []
    for part in all_parts:
        if part.language == ENGLISH:
            chosen.append(part._replace(meta=twins.beside(part.meta, spoken)))
        elif part.language == spoken and chosen:
            text = twins.unwrapped(part.text) if part.kind == "markdown" else part.text
            chosen[-1] = chosen[-1]._replace(text=text)
    return chosen


def _question(name: str, cells: list[Cell], faults: list[str]) -> Question:
    """Gather one question from its cells; append what is wrong to `faults`."""
    prompts = [cell for cell in cells if _NAMED.match(cell.text) and cell.kind == "markdown"]
    meta = prompts[0].meta
    if len(prompts) > 1:
        faults.append(f"{name} is asked {len(prompts)} times")
    asked = [a for c in cells if c.kind == "code" for a in _asked(c.text, name)]
    if len(asked) != 1:
        faults.append(f'{name} needs one check("{name}", …), it has {len(asked)}')
    if not any("solution" in cell.tags for cell in cells):
        faults.append(f"{name} has no cell tagged solution")
    hints, rubric = _many(meta.get("hint")), _many(meta.get("rubric"))
    if len(hints) > MOST_HINTS:
        faults.append(f"{name} has {len(hints)} hints; {MOST_HINTS} at most")
    if len(rubric) not in (0, RUBRIC_LEVELS):
        faults.append(f"{name}'s rubric has {len(rubric)} levels, not {RUBRIC_LEVELS}")
    if "objective" not in meta:
        faults.append(f"{name} has no objective")
    wrong = [each for cell in cells for each in _many(cell.meta.get("wrong"))]
    replies = [each for cell in cells for each in _many(cell.meta.get("message"))]
    if len(wrong) != len(replies):
        faults.append(f"{name} has {len(wrong)} wrong answers and {len(replies)} messages")
    study = {k: v for cell in cells for k, v in cell.meta.items() if k in ("truth", "low", "high")}
    return Question(
        name,
        prompts[0].text,
        asked[0] if asked else "",
        **{k: meta[k] for k in _SIMPLE if k in meta},
        hints=hints,
        traps=tuple(map(Trap, wrong, replies)),
        rubric=rubric,
        study=study,
    )


def _many(value: str | list[str] | None) -> tuple[str, ...]:
    """Return a metadata value that may be one text or a list of them."""
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def _asked(code: str, name: str) -> Iterator[str]:
    """Yield the expression of each `check(name, expression)` in `code`."""
    return (expression for asked, expression in _checks(code) if asked == name)


def _checks(code: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the expression of each check of an answer in `code`."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check":
            first, *rest = node.args or [node]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and rest:
                yield first.value, ast.unparse(rest[0])


def find(chapter: str, folders: Iterable[Path] = ()) -> Exercise:
    """Return the exercise of `chapter` ("06" or "06_rfm"), from `folders` or the kit's own.

    It is in the language spoken now, where it is translated.
    """
    places = [*folders, shipped("exercises") / "source"]
    number = number_of(chapter)
    wanted = f"{number}_*.py" if chapter == number else f"{chapter}.py"
    for place in places:
        for path in sorted(place.glob(wanted)):
            return read(path, language())
    known = sorted(path.stem for place in places for path in place.glob("[0-9][0-9]*_*.py"))
    raise ExerciseError(f"there is no exercise for chapter {chapter!r}; there are {known}")
