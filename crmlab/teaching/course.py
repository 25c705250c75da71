"""The course in one page: each row of the curriculum, who shows it, and what is still missing.

docs/curriculum.csv holds the rows; the tests that show them carry their marker, and the chapters
use the names that these tests call. So docs/course.md is made, and nothing in it is typed by hand.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmlab import dictionary
from crmlab.teaching.notebooks import sources
from crmlab.teaching.reference import names_of, rooms, used_in_chapters

ROOT = Path(__file__).parents[2]
_HEAD = """# The course, row by row

Every row of the curriculum ([curriculum.csv](curriculum.csv)), when it counts as shown, the tests
that show it with the row's own numbers, and the section of a chapter that uses most of what these
tests call. Made by `make reference`.
"""
_TABLE = [
    "",
    "| row | what | shown when | test | section | missing |",
    "|---|---|---|---|---|---|",
]


@dataclass(frozen=True)
class Shown:
    """A test that shows a row of the curriculum, and the names that it uses."""

    path: str
    test: str
    names: frozenset[str]


def build(path: Path = ROOT / "docs" / "course.md") -> Path:
    """Write the page of the course."""
    path.write_text(page(), encoding="utf-8")
    return path


def page() -> str:
    """Return the page of the course as Markdown: a table for each topic, in chapter order."""
    rows = pd.read_csv(ROOT / "docs" / "curriculum.csv", dtype="str")
    shown, used = marked_tests(), _sections()
    chapters = {path.stem.partition("_")[2]: path.stem for path in sources()}
    lines = []
    for topic, part in rows.groupby("topic", sort=False):
        chapter = chapters.get(str(topic), "")
        lines += ["", f"## {topic}" + (f": chapter {chapter.partition('_')[0]}" if chapter else "")]
        lines += _TABLE
        lines += [_line(row, shown.get(row["row"], []), used) for _, row in part.iterrows()]
    bare = [row for row in rows["row"] if row not in shown]
    told = f"{len(rows) - len(bare)} of {len(rows)} rows are shown by a test."
    return "\n".join([_HEAD, told, *lines, ""])


def marked_tests() -> dict[str, list[Shown]]:
    """Return the tests that carry the marker of each row."""
    found: dict[str, list[Shown]] = {}
    folder = ROOT / "tests"
    for path in sorted(folder.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "mark.curriculum" in text else ():
            if isinstance(node, ast.FunctionDef) and (rows := [*_marked(node)]):
                names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
                names |= {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
                test = Shown(path.relative_to(folder).as_posix(), node.name, frozenset(names))
                for row in rows:
                    found.setdefault(row, []).append(test)
    return found


def _marked(test: ast.FunctionDef) -> Iterator[str]:
    """Yield the rows whose marker a test carries."""
    for mark in (call for line in test.decorator_list for call in ast.walk(line)):
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.curriculum":
            yield from (ast.literal_eval(row) for row in mark.args)


def _sections() -> dict[str, list[str]]:
    """Return the sections of chapters that use each public name."""
    public = {name for room in rooms() for name in names_of(room)} | {*dictionary.__all__}
    return {name: where for name, where in used_in_chapters().items() if name in public}


def _line(row: pd.Series, shown: list[Shown], used: dict[str, list[str]]) -> str:
    """Return a row as a line of the table."""
    hits = Counter(
        section for test in shown for name in test.names for section in used.get(name, [])
    )
    # Of equal ones, the section that comes first.
    section = min(hits, key=lambda one: (-hits[one], one)) if hits else ""
    tests = [f"[{_words(test)}](../tests/{test.path})" for test in shown[:2]]
    more = [f"{len(shown) - 2} more"] if len(shown) > 2 else []
    missing = ["a test"] * (not shown) + ["a chapter"] * (not section)
    cells = [
        row["row"],
        f"{row['what']} {row['what_zh']}",
        row["shown_when"],
        "; ".join([*tests, *more]),
        section,
        " and ".join(missing),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _words(test: Shown) -> str:
    """Return what a test says, as a sentence."""
    return re.sub(r"^test_", "", test.test).replace("_", " ")
