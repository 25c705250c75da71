"""Tables that are made from what is there, and never typed.

A page holds such a table between `<!-- made: name -->` and `<!-- end -->`; whoever adds a topic or
a chapter types `make reference`, and it stands in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from inspect import getdoc
from pathlib import Path

import pandas as pd

from crmlab._words import _, speaking
from crmlab.classroom.source import number_of
from crmlab.teaching.notebooks import in_language, notebooks_of, read, sources
from crmlab.teaching.reference import VERBS, names_of, rooms

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "README.zh.md", "CONTRIBUTING.md", "docs/instructors.md")
_MADE = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.S)


def chapters() -> list[str]:
    """Return a line for each chapter: its number, name and question."""
    lines = ["| chapter | asks |", "|---|---|"]
    for source in sources():
        number, _, name = source.stem.partition("_")
        text = source.read_text(encoding="utf-8")
        question = re.findall(rf"^# # {number} · (.+)$", text, re.M)[0]
        lines.append(f"| [{number} {name}](notebooks/{source.stem}.ipynb) | {question} |")
    return lines


def topics() -> list[str]:
    """Return a line for each topic: its folder, what it owns by verb, and its chapter."""
    numbers = {path.stem.partition("_")[2]: path.stem.partition("_")[0] for path in sources()}
    lines = ["| topic | chapter | about | owns |", "|---|---|---|---|"]
    for room in rooms():
        verbs = {place.split(".")[0] for place in names_of(room).values()}
        owned = [title.lower() for verb, title in VERBS.items() if verb in verbs]
        if owned and room not in ("company", "classroom", "report"):
            about = (getdoc(import_module(f"crmlab.{room}")) or "").split("\n\n")[0]
            words = " ".join(about.split()).rstrip(".")
            lines.append(f"| `{room}` | {numbers.get(room, '')} | {words} | {', '.join(owned)} |")
    return lines


def chapters_zh() -> list[str]:
    """Return a line for each chapter in Chinese: its notebook, and whether that is translated."""
    lines = ["| 章 | 要回答的问题 |", "|---|---|"]
    for source in sources():
        *_english, path = notebooks_of(source)
        said = in_language(read(source), "zh").cells[0].source
        question = re.findall(r"^# \S+ · (.+)$", said, re.M)[0]
        name = source.stem.replace("_", " ", 1)
        if path.stem.endswith(".zh"):
            english = ""
        else:
            with speaking("zh"):
                question, english = _(question), "（英文）"
        lines.append(f"| [{name}](notebooks/{path.name}) | {question}{english} |")
    return lines


def weeks() -> list[str]:
    """Return a line for each week of a term: its chapters, and their minutes by the lecture plans.

    docs/weeks.csv says what belongs to a week; chapters that exist are in bold.
    """
    there = {number_of(path.stem): path for path in sources()}
    lines = ["| week | chapter | minutes | in class | at home |", "|---:|---|---:|---|---|"]
    for row in pd.read_csv(ROOT / "docs" / "weeks.csv", dtype="str").itertuples():
        shown, minutes = [], 0.0
        for each in str(row.chapters).split():
            name, _, half = each.partition(":")
            source = there.get(number_of(name))
            title = (source.stem if source else name).replace("_", " ")
            minutes += minutes_of(source) / (2 if half else 1) if source else 0.0
            title = f"**{title}**" if source else title
            shown.append(f"{title}, {half} half" if half else title)
        worth = f"{minutes:g}" if minutes else ""
        cells = [row.week, ", ".join(shown), worth, row.in_class, row.at_home]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines


def minutes_of(source: Path) -> float:
    """Return the minutes of a chapter, as its lecture plan adds them up."""
    cells = read(source).cells
    return sum(cell.metadata["minutes"] for cell in cells if "minutes" in cell.metadata)


TABLES: dict[str, Callable[[], list[str]]] = {
    "chapters": chapters,
    "chapters_zh": chapters_zh,
    "topics": topics,
    "weeks": weeks,
}


def filled(text: str) -> str:
    """Return a page with its tables as they should be."""
    return _MADE.sub(lambda part: part[1] + "\n".join([*TABLES[part[2]](), part[3]]), text)


def build() -> list[Path]:
    """Fill the tables of every page; return the pages."""
    pages = [ROOT / name for name in PAGES]
    for page in pages:
        page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
    return pages
