"""Begin something in the house's form: a measure, a question, a topic.

What is written runs and passes its own tests; it says nothing yet. The list that comes back tells
what is left to do, in order.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from crmlab.errors import ChapterError
from crmlab.teaching import stubs

ROOT = Path(__file__).parents[2]
_TEMPLATES = Path(__file__).parent / "templates" / "new"
_LAST = (
    "make reference",
    "add a line for readers to CHANGELOG.md",
    "make test",
)


def measure(place: str, *, root: Path = ROOT) -> list[str]:
    """Begin the measure `topic/name`; return what is left to do."""
    topic, _, name = place.partition("/")
    folder = root / "crmlab" / topic / "measure"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ChapterError(f"name it topic/name, such as members/newcomers; got {place!r}.")
    if not folder.is_dir():
        there = sorted(path.parent.name for path in (root / "crmlab").glob("*/measure"))
        raise ChapterError(f"crmlab/{topic} has no folder measure; these have one: {there}.")
    code, test = folder / f"{name}.py", root / "tests" / topic / f"test_{name}.py"
    words = name.replace("_", " ")
    said = {"name": name, "topic": topic, "Words": words[0].upper() + words[1:]}
    imports = [
        f"from crmlab.{topic} import {name}",
        "from crmlab.errors import MissingColumnsError",
    ]
    said["imports"] = "\n".join(sorted(imports))
    _write(code, "measure", said)
    _write(test, "test_measure", said)
    _hand_on(folder / "__init__.py", f"from .{name} import {name} as {name}")
    stubs.write(root / "crmlab" / topic)
    return [
        f"write by hand what must come back: {_told(test, root)}",
        f"say it in {_told(code, root)}: columns with units, Raises, Source, an example",
        f"make check T={topic}",
        f"draw it, if a picture says more: plot_{name} in crmlab/{topic}/plot, with an example in "
        f"crmlab/teaching/gallery/{topic}.py; look at it: make gallery",
        f"tell it in a cell of the chapter of {topic}, and ask for it: make new QUESTION=…",
        *_LAST,
    ]


def question(chapter: str, *, root: Path = ROOT) -> list[str]:
    """Begin a question of the exercise `chapter`, before its last one; return what is left."""
    found = sorted((root / "exercises" / "source").glob(f"{chapter}_*.py"))
    if len(found) != 1:
        there = sorted(path.stem for path in (root / "exercises" / "source").glob("*.py"))
        raise ChapterError(f"there is no exercise {chapter!r}; there are {there}.")
    source = found[0].read_text(encoding="utf-8")
    number, last = chapter, max(map(int, re.findall(rf"\*\*{chapter}\.(\d+)", source)))
    # The last one is read by a teacher, and stays the last.
    source = re.sub(rf"\b{number}\.{last}\b", f"{number}.{last + 1}", source)
    begin = source.rindex("\n# %% [markdown]", 0, source.index(f"**{number}.{last + 1}")) + 1
    new = _filled("question", {"number": f"{number}.{last}", "key": str(last)})
    found[0].write_text(source[:begin] + new + source[begin:], encoding="utf-8")
    left = [f"shorten the exercise: {last + 1} questions, and ten are the most"] * (last >= 10)
    return [
        f"say what is asked, its solution, hints and wrong answers: {number}.{last} in "
        f"{_told(found[0], root)}",
        *left,
        "say the minutes of all questions at its top",
        f"make exercises NAMES={chapter}",
        ".venv/bin/pytest -q tests/exercises",
        *_LAST,
    ]


def topic(stem: str, *, root: Path = ROOT) -> list[str]:
    """Begin the topic `NN_name`: folder, tests, chapter, exercise; return what is left to do."""
    number, _, name = stem.partition("_")
    if not re.fullmatch(r"\d\d[a-z]?_[a-z][a-z_]*", stem):
        raise ChapterError(f"a topic is named by its chapter, such as 18_churn; got {stem!r}.")
    package = root / "crmlab" / name
    words = name.replace("_", " ")
    said = {"number": number, "stem": stem, "words": words, "Words": words.capitalize()}
    _write(package / "__init__.py", "init", said)
    first = measure_of(name, root=root)
    _write(root / "notebooks" / "source" / f"{stem}.py", "chapter", said)
    _write(root / "exercises" / "source" / f"{stem}.py", "exercise", said)
    return [
        f"say the topic's question in {_told(package / '__init__.py', root)} and in the chapter",
        *first[:2],
        f"make check T={name}",
        f"a simulator whose truth is known: crmlab/{name}/simulate.py, its equations in `Model`",
        f"pictures, with their examples in crmlab/teaching/gallery/{name}.py",
        f"make notebooks NAMES={number}, and read it from top to bottom as a student would",
        f"six to ten questions: make new QUESTION={number}, then make exercises NAMES={number}",
        f"a quiz of five: exercises/quizzes/{stem}.json",
        "mark the rows that your tests show: @pytest.mark.curriculum, see docs/course.md",
        *_LAST,
    ]


def measure_of(name: str, *, root: Path) -> list[str]:
    """Begin the first measure of a new topic, which is called as the topic is."""
    folder = root / "crmlab" / name / "measure"
    folder.mkdir()
    (folder / "__init__.py").write_text(f'"""What is computed of {name}."""\n\n', encoding="utf-8")
    return measure(f"{name}/{name}", root=root)


def _write(path: Path, template: str, said: dict[str, str]) -> None:
    """Write a file that is not there yet."""
    if path.exists():
        raise ChapterError(f"{path.name} is there already; take another name, or go on with it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_filled(template, said), encoding="utf-8")


def _filled(template: str, said: dict[str, str]) -> str:
    text = (_TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(said)


def _hand_on(path: Path, line: str) -> None:
    """Put a line among the imports of a file, in the order that imports have."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    places = [n for n, each in enumerate(lines) if each.startswith("from .")]
    after = [n for n in places if _order(lines[n]) > _order(line)]
    where = after[0] if after else (places[-1] + 1 if places else len(lines))
    path.write_text("".join([*lines[:where], line + "\n", *lines[where:]]), encoding="utf-8")


def _order(line: str) -> tuple[str, int, str]:
    """Return where an import stands: by module, then constants, classes and functions."""
    _, module, _, name, *_ = line.split()
    return module, 0 if name.isupper() else 1 if name[0].isupper() else 2, name


def _told(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
