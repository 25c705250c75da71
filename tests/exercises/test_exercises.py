"""Every exercise of the kit: in step with its source, solvable, and worth nothing unsolved."""

import json
import os
import re
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

from crmlab.classroom import twins
from crmlab.classroom.bundle import own_data
from crmlab.classroom.judge import judge, key_of
from crmlab.classroom.solve import PRACTICE_KEY, solve, solve_for
from crmlab.classroom.source import languages, parts, read
from crmlab.classroom.strip import notebook_text, stripped
from crmlab.grading import box
from crmlab.grading.marks import mark
from crmlab.grading.submission import Submission, code_cells
from crmlab.teaching.exercises import build

FOLDER = Path(__file__).parents[2] / "exercises"
SOURCES = sorted((FOLDER / "source").glob("*.py"))
EXERCISES = [read(path) for path in SOURCES]
NAMED = {exercise.name: exercise for exercise in EXERCISES}
TRANSLATED = [(path, spoken) for path in SOURCES for spoken in languages(path)[1:]]
# A class, as long as tests are to be quick; `make coverage` meets five hundred.
STUDENTS = 500 if os.environ.get("CRMLAB_COVERAGE") else 100
# So many show that the known wrong answers are wrong for them too.
TRAPPED = max(50, STUDENTS // 5)
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.name)
each_translated = pytest.mark.parametrize(
    ("path", "spoken"), TRANSLATED, ids=[f"{path.stem}.{spoken}" for path, spoken in TRANSLATED]
)


@cache
def solved(name, key=PRACTICE_KEY, student=""):
    """Return the answers and traps of an exercise on one student's data, or to practise."""
    return solve(NAMED[name], own_data(NAMED[name], key, student))


def graded(exercise, cells):
    if box.why_not():
        pytest.skip(box.why_not())
    return mark(Submission("somebody", exercise.name, tuple(cells)), exercise, key="k" * 16)


# the files


@each_exercise
def test_source_and_notebook_are_in_step(exercise):
    built = (FOLDER / f"{exercise.name}.ipynb").read_text(encoding="utf-8")
    assert built == notebook_text(exercise), "run: make exercises"
    nbformat.validate(json.loads(built))


def test_nothing_stands_there_that_has_no_source():
    names = {each.name for each in EXERCISES}
    names |= {f"{path.stem}.{spoken}" for path, spoken in TRANSLATED}
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == names
    assert {path.stem for path in (FOLDER / "quizzes").glob("*.json")} == {
        each.name for each in EXERCISES
    }


def test_the_builder_writes_what_is_asked_for(tmp_path):
    (tmp_path / "source").symlink_to(FOLDER / "source")
    assert [path.name for path in build(["06"], folder=tmp_path)] == ["06_rfm.ipynb"]
    assert len([*build(folder=tmp_path)]) == len(EXERCISES) + len(TRANSLATED)
    only = build(["00"], folder=tmp_path, language="zh")
    assert [path.name for path in only] == ["00_tour.zh.ipynb"]


# in two languages


@each_translated
def test_a_translated_exercise_is_whole_and_up_to_date(path, spoken):
    assert [*twins.behind(parts(path))] == []
    built = (FOLDER / f"{path.stem}.{spoken}.ipynb").read_text(encoding="utf-8")
    assert built == notebook_text(read(path, spoken)), "run: make exercises"
    nbformat.validate(json.loads(built))


@each_translated
def test_a_translated_exercise_asks_the_same_in_other_words(path, spoken):
    one, other = read(path), read(path, spoken)
    answers = solve(other, own_data(other, PRACTICE_KEY, ""))
    assert [(name, each.answer) for name, each in answers.items()] == [
        (name, each.answer) for name, each in solved(one.name).items()
    ]
    for mine, theirs in zip(stripped(one)["cells"], stripped(other)["cells"], strict=True):
        assert mine["cell_type"] == theirs["cell_type"]
        if mine["cell_type"] == "markdown":
            assert mine["source"] != theirs["source"]
    for name, question in other.questions.items():
        same = one.questions[name]
        assert [trap.expression for trap in question.traps] == [t.expression for t in same.traps]
        said = [question.objective, *question.hints, *question.rubric]
        said += [trap.message for trap in question.traps]
        assert all(re.search("[\u4e00-\u9fff]", text) for text in said), name


# what every exercise has


@each_exercise
def test_questions_are_six_to_ten_and_of_the_kinds_promised(exercise):
    questions = [*exercise.questions.values()]
    assert 6 <= len(questions) <= 10
    assert [question.name for question in questions] == [
        f"{exercise.chapter}.{number}" for number in range(1, len(questions) + 1)
    ]
    assert any(question.own for question in questions)
    assert any("Find the error" in question.prompt for question in questions)
    assert any("open the truth" in question.prompt for question in questions)
    assert [question.name for question in questions if question.rubric] == [questions[-1].name]
    assert len({question.asks for question in questions}) == len(questions)
    minutes = sum(question.minutes for question in questions)
    said = re.search(r"About (\d+) minutes", exercise.cells[0].text)
    assert abs(int(said[1]) - minutes) <= 5


@each_exercise
def test_every_question_has_hints_and_all_but_the_open_one_a_known_wrong_answer(exercise):
    for question in exercise.questions.values():
        assert question.hints, question.name
        assert question.traps or question.rubric, question.name


@each_exercise
def test_no_hint_and_no_reply_holds_the_answer(exercise):
    for name, each in solved(exercise.name).items():
        value = each.answer.value
        said = [*each.question.hints, *(trap.message for trap in each.question.traps)]
        if each.answer.kind == "number":
            told = {word for text in said for word in re.findall(r"\d+\.?\d*", text)}
            assert f"{value:g}" not in told, name


# solutions


@each_exercise
def test_every_solution_runs_and_every_known_wrong_answer_is_wrong(exercise):
    answers = solved(exercise.name)
    assert [*answers] == [*exercise.questions]
    for name, each in answers.items():
        key = key_of(each)
        assert judge(each.answer, key).right, name
        for wrong, message in each.traps:
            assert judge(wrong, key) == ("trap", message), name


@each_exercise
def test_a_perfect_student_earns_every_point_but_the_open_ones(exercise):
    cells = [cell.text for cell in exercise.cells if cell.kind == "code"]
    cells = [text for text in cells if "def world" not in text]
    marked = graded(exercise, cells)
    assert (marked.reason, marked.notes) == ("", ())
    assert {each.kind for each in marked.marks} == {"right", "open"}
    open_points = sum(each.points for each in exercise.questions.values() if each.rubric)
    assert marked.score == exercise.points - open_points


@each_exercise
def test_the_stripped_notebook_runs_to_its_end_and_earns_nothing(exercise):
    raw = (FOLDER / f"{exercise.name}.ipynb").read_bytes()
    marked = graded(exercise, code_cells(raw)[0])
    assert (marked.reason, marked.notes, marked.score) == ("", (), 0)
    assert {each.kind for each in marked.marks} == {"missing"}


# own data


@each_exercise
def test_what_is_not_marked_own_is_the_same_for_everybody(exercise):
    ann, bob = (solved(exercise.name, "a course", student) for student in ("ann", "bob"))
    for name, question in exercise.questions.items():
        assert (ann[name].answer == bob[name].answer) == (not question.own), name


@each_exercise
def test_solving_for_one_of_many_is_solving(exercise):
    for student in ("ann", "bob"):
        mine = own_data(exercise, "a course", student)
        assert solve_for(exercise, mine) == solved(exercise.name, "a course", student)


@each_exercise
@pytest.mark.worlds
def test_own_answers_vary_and_are_never_degenerate(exercise):
    own = {name for name, question in exercise.questions.items() if question.own}
    found = [
        solve(
            exercise,
            own_data(exercise, "a course", str(student)),
            only=own,
            with_traps=student < TRAPPED,
        )
        for student in range(STUDENTS)
    ]
    for name in own:
        keys = [key_of(each[name]) for each in found]
        assert len({key.right for key in keys}) > 0.5 * STUDENTS or _is_coarse(keys), name
        answers = [each[name].answer for each in found]
        assert all(cell is not None for answer in answers for row in answer.rows for cell in row)
        # A known wrong answer is right for almost nobody: difficulty stays equal.
        asked = len(exercise.questions[name].traps)
        assert np.mean([len(key.traps) == asked for key in keys[:TRAPPED]]) > 0.97, name
        if answers[0].kind == "number":
            values = np.array([answer.value for answer in answers])
            text = next(cell.text for cell in exercise.cells if f"**{name}" in cell.text)
            assert np.isfinite(values).all(), name
            assert "share" not in text or ((values > 0) & (values < 1)).all(), name
            # Nine students of ten spread over 20 answers and more that a check tells apart.
            assert np.ptp(np.quantile(values, [0.05, 0.95])) > 20 * 10 ** -keys[0].digits, name


def _is_coarse(keys):
    """Return whether a share of a few customers still takes many values."""
    return len({key.right for key in keys}) > (25 if STUDENTS == 500 else 20)
