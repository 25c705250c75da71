"""What each student should find, for those who help them."""

import json
from contextlib import suppress

import pandas as pd
import pytest
from click.testing import CliRunner

from crmlab.classroom.bundle import keys_name, make
from crmlab.classroom.judge import Key, judge
from crmlab.classroom.plain import plain
from crmlab.classroom.source import find
from crmlab.cli import main
from crmlab.grading.answers import COLUMNS, expected
from crmlab.grading.course import Course, CourseError

COURSE = Course(key="k" * 16)
ROSTER = {"ann": "Ann", "bob": "Bob"}


@pytest.fixture(scope="module")
def table():
    return expected(COURSE, ROSTER, ["06"])


# by hand


def test_own_questions_have_an_answer_of_their_own_and_the_others_one_for_all(table):
    exercise = find("06")
    assert [*table.columns] == COLUMNS
    assert len(table) == 2 * len(exercise.questions)
    kinds = table.groupby("question")["answer"].nunique()
    own = {name for name, question in exercise.questions.items() if question.own}
    assert {*kinds.index[kinds == 2]} == own
    assert {*table.loc[table["own"] == "yes", "question"]} == own
    assert table.loc[table["rubric"] != "", "question"].unique().tolist() == ["06.9"]


def test_the_answers_are_right_by_the_keys_that_the_student_got(table):
    files = make(COURSE.name, COURSE.key, "ann", [find("06")])
    tasks = json.loads(files[keys_name("06")])["tasks"]
    tried = 0
    for row in table[(table["student_id"] == "ann") & (table["own"] == "yes")].itertuples():
        with suppress(ValueError):  # a list or a table is shown cut short
            key = Key.from_json(tasks[row.question]["key"])
            assert judge(plain(float(row.answer)), key).right, row.question
            tried += 1
    assert tried


def test_the_command_writes_them(tmp_path):
    (tmp_path / "roster.csv").write_text("student_id,name\nann,Ann\n", encoding="utf-8")
    (tmp_path / "course.yaml").write_text(f"key: {COURSE.key}\n", encoding="utf-8")
    out = tmp_path / "answers.csv"
    asked = ["course", "answers", "06", "--out", str(out)]
    said = CliRunner().invoke(main, [*asked, "--course", str(tmp_path / "course.yaml")])
    assert said.output == f"9 answers of 1 students are in {out}\n"
    written = pd.read_csv(out, encoding="utf-8-sig", dtype=str)
    assert written["student_id"].unique().tolist() == ["ann"]


# when misused


def test_a_chapter_that_is_not_there_is_named():
    with pytest.raises(CourseError, match="the course has no chapter '66'; it has 00"):
        expected(COURSE, ROSTER, ["66"])
