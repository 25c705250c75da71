"""The lecture plan of a chapter: minutes, what to ask and to say, where students stumble.

Everything comes from what authors wrote anyway: a section's `minutes`, the sentences that begin
with "**Before you", the cells tagged `notes`, and the known wrong answers of the exercise. The
running times are measured on the machine of whoever asks; guesses of earlier runs are read there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nbformat import NotebookNode

from crmlab._words import ENGLISH, _, language
from crmlab.classroom import guesses
from crmlab.classroom.source import Question, find, number_of
from crmlab.errors import ChapterError
from crmlab.teaching.notebooks import execute, in_language, read

_HEADING = re.compile(r"^#+ +(.+)$", re.M)
# From where it asks to the end of its paragraph, with the list that may follow.
_ASKED = re.compile(r"\*\*(?:Before\s+you\b|[^*\n]{1,12}之前\b).*?(?=\n\n(?![*-] |\d)|\Z)", re.S)


@dataclass
class Section:
    """A part of the lecture: from one cell with `minutes` to the next."""

    title: str
    minutes: float
    seconds: float = 0.0
    ask: list[str] = field(default_factory=list)
    say: list[str] = field(default_factory=list)


def build(
    source: Path,
    *,
    folder: Path = Path("build/plans"),
    guessed: dict[str, list[object]] | None = None,
) -> Path:
    """Run the chapter of `source` once and write its lecture plan into `folder`; return its path.

    The plan is in the language spoken now.

    `guessed` holds what earlier readers typed, by the name of the guess.

    Raises
    ------
    ChapterError
        If a cell fails, or no cell of the chapter says its `minutes`.
    """
    chapter = in_language(read(source), language())
    folder_of, spoken = source.parents[1], language()
    execute(chapter, name=source.stem, folder=folder_of, language=spoken, timing=True)
    parts = sections(chapter, name=source.stem)
    folder.mkdir(parents=True, exist_ok=True)
    plan = folder / f"{source.stem}{'' if spoken == ENGLISH else f'.{spoken}'}.md"
    lines = [*page(parts, title=title(chapter), stumble=asked_in(source))]
    lines += spreads(guessed or {}, chapter=number_of(source.stem))
    plan.write_text("\n".join(lines), encoding="utf-8")
    return plan


def guessed_in(folder: Path) -> dict[str, list[object]]:
    """Return all that was typed as a guess in `folder` and up to two folders below it."""
    found: dict[str, list[object]] = {}
    for below in ("", "*/", "*/*/"):
        for path in sorted(folder.glob(below + guesses.NAME)):
            for name, runs in guesses.read(path.parent).items():
                found.setdefault(name, []).extend(each for run in runs for each in run["typed"])
    return found


def spreads(guessed: dict[str, list[object]], *, chapter: str) -> Iterator[str]:
    """Yield the lines of the plan that say what was guessed in earlier runs on this machine."""
    mine = {name: all_ for name, all_ in sorted(guessed.items()) if number_of(name) == chapter}
    if mine:
        yield _("## What was guessed in earlier runs") + "\n"
    for name, typed in mine.items():
        numbers = [float(each) for each in typed if type(each) in (int, float)]  # pyright: ignore[reportArgumentType]
        words = Counter(str(each) for each in typed if type(each) not in (int, float))
        said = [guesses.spread(numbers)] if numbers else []
        said += [f"{text}: {count}" for text, count in words.most_common(5)]
        yield f"* **{name}** {'; '.join(said)}"
    yield ""


def sections(chapter: NotebookNode, *, name: str) -> list[Section]:
    """Return the sections of an executed `chapter`, in order.

    What stands before the first section belongs to it.
    """
    found: list[Section] = []
    ahead = Section("", 0)
    for cell in chapter.cells:
        if "minutes" in cell.metadata:
            found.append(Section(_title(cell.source), cell.metadata["minutes"]))
        part = found[-1] if found else ahead
        part.seconds += _seconds(cell)
        if "notes" in cell.metadata.get("tags", []):
            part.say.append(_line(cell.source))
        elif cell.cell_type == "markdown":
            part.ask += [_line(text) for text in _ASKED.findall(cell.source)]
    if not found:
        raise ChapterError(
            f"{name} has no section with its minutes; write # %% [markdown] minutes=5"
        )
    found[0].ask[:0], found[0].say[:0] = ahead.ask, ahead.say
    found[0].seconds += ahead.seconds
    return found


def title(chapter: NotebookNode) -> str:
    """Return the chapter's question."""
    return next(_title(cell.source) for cell in chapter.cells if cell.cell_type == "markdown")


def asked_in(source: Path) -> list[Question]:
    """Return the questions of the chapter's exercise; none where it has no exercise yet."""
    exercise = source.parents[2] / "exercises" / "source" / source.name
    return [*find(source.stem, [exercise.parent]).questions.values()] if exercise.exists() else []


def page(parts: list[Section], *, title: str, stumble: list[Question]) -> Iterator[str]:
    """Yield the lines of the plan, as Markdown."""
    total, seconds = sum(part.minutes for part in parts), sum(part.seconds for part in parts)
    clock = _("{total:g} minutes, of which the computer runs {seconds:.0f} seconds.")
    yield f"# {title}\n\n{clock.format(total=total, seconds=seconds)}\n"
    yield _("| from | minutes | section | runs |") + "\n|---:|---:|---|---:|"
    start = 0.0
    for part in parts:
        yield f"| {start:g} | {part.minutes:g} | {part.title} | {part.seconds:.0f} s |"
        start += part.minutes
    for part in parts:
        head = _("## {title} ({minutes:g} minutes)")
        yield f"\n{head.format(title=part.title, minutes=part.minutes)}\n"
        yield from (_("* **Ask.** {text}").format(text=text) for text in part.ask)
        yield from (_("* **Say.** {text}").format(text=text) for text in part.say)
    if stumble:
        minutes = sum(question.minutes for question in stumble)
        head = _("## Where students stumble ({minutes:g} minutes of exercises)")
        yield f"\n{head.format(minutes=minutes)}\n"
    for question in stumble:
        yield f"* **{question.name}** {question.objective}".rstrip()
        yield from (f"  * `{trap.expression}`: {trap.message}" for trap in question.traps)
    yield ""


def _title(text: str) -> str:
    heading = _HEADING.search(text)
    return heading[1] if heading else _line(text)


def _line(text: str) -> str:
    return " ".join(text.split())


def _seconds(cell: NotebookNode) -> float:
    """Return how long an executed cell ran."""
    times = cell.metadata.get("execution", {})
    if "shell.execute_reply" not in times:
        return 0.0
    started, ended = times["iopub.status.busy"], times["shell.execute_reply"]
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds()
