"""make new: what it begins runs, keeps the house's form, and lists what is left."""

import doctest
import re
import runpy
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from crmlab.classroom.bundle import own_data
from crmlab.classroom.solve import PRACTICE_KEY, solve
from crmlab.classroom.source import read
from crmlab.errors import ChapterError
from crmlab.teaching import new, notebooks

HERE = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path):
    """A checkout with one topic, begun just now."""
    for folder in ("crmlab", "tests", "notebooks/source", "exercises/source"):
        (tmp_path / folder).mkdir(parents=True)
    new.topic("18_churn", root=tmp_path)
    return tmp_path


def run(root, topic, name, monkeypatch):
    """Run the doctest of a measure, and its tests but for those that draw their own data."""
    code = runpy.run_path(str(root / "crmlab" / topic / "measure" / f"{name}.py"))
    package = ModuleType(f"crmlab.{topic}")
    setattr(package, name, code[name])
    monkeypatch.setitem(sys.modules, f"crmlab.{topic}", package)
    runner = doctest.DocTestRunner()
    for case in doctest.DocTestFinder().find(code[name], name, globs=dict(code)):
        runner.run(case)
    tests = runpy.run_path(str(root / "tests" / topic / f"test_{name}.py"))
    called = [test() for key, test in tests.items() if key.startswith("test_")]
    return runner.summarize().attempted, len(called)


def test_a_topic_runs_and_its_chapter_and_exercise_can_be_read(root, monkeypatch):
    assert run(root, "churn", "churn", monkeypatch) == (2, 4)
    chapter = notebooks.read(root / "notebooks" / "source" / "18_churn.py")
    assert "# 18 · " in chapter.cells[0].source
    exercise = read(root / "exercises" / "source" / "18_churn.py")
    assert [*exercise.questions] == ["18.1", "18.2"]


def test_a_second_measure_is_handed_on_beside_the_first(root, monkeypatch):
    left = new.measure("churn/a_first_one", root=root)
    assert run(root, "churn", "a_first_one", monkeypatch) == (2, 4)
    assert left[0] == "write by hand what must come back: tests/churn/test_a_first_one.py"
    assert left[1].startswith("say it in crmlab/churn/measure/a_first_one.py: columns with units")
    stub = (root / "crmlab" / "churn" / "__init__.pyi").read_text(encoding="utf-8")
    assert sorted(re.findall(r" as (\w+)", stub)) == ["a_first_one", "churn"]


def test_a_question_comes_before_the_one_that_a_teacher_reads(root):
    for _ in range(2):
        new.question("18", root=root)
    exercise = read(root / "exercises" / "source" / "18_churn.py")
    assert [*exercise.questions] == ["18.1", "18.2", "18.3", "18.4"]
    assert [one.name for one in exercise.questions.values() if one.rubric] == ["18.4"]
    assert [*solve(exercise, own_data(exercise, PRACTICE_KEY, ""))] == [*exercise.questions]


def test_what_is_begun_keeps_the_house_s_style(root):
    for name in ("newcomers", "purchases_of_new_members"):
        new.measure(f"churn/{name}", root=root)
    ruff = [str(Path(sys.executable).parent / "ruff")]
    for check in (["check"], ["format", "--check"]):
        command = [*ruff, *check, "--config", str(HERE / "pyproject.toml"), "crmlab", "tests"]
        said = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
        assert said.returncode == 0, said.stdout


# when misused


@pytest.mark.parametrize(
    ("begin", "name", "words"),
    [
        (new.measure, "newcomers", "such as members/newcomers"),
        (new.measure, "churn/New", "such as members/newcomers"),
        (new.measure, "shoes/newcomers", r"these have one: \['churn'\]"),
        (new.measure, "churn/churn", "there already"),
        (new.question, "06", r"there are \['18_churn'\]"),
        (new.topic, "churn", "such as 18_churn"),
        (new.topic, "18_churn", "there already"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_what_to_type(root, begin, name, words):
    with pytest.raises(ChapterError, match=words):
        begin(name, root=root)
