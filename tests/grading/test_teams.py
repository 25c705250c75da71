"""Where a chapter is handed in together: one notebook counts for the group, and is read once."""

from dataclasses import replace

import pandas as pd
import pytest

from crmlab.grading.course import Course, CourseError
from crmlab.grading.marks import Mark, Marked
from crmlab.grading.roster import Student
from crmlab.grading.teams import shared

from .corpus import FULL
from .test_grade import END, make_desk, right

CLASS = [
    Student("ann", "Ann", group="一班, Team 1"),
    Student("bob", "Bob", group="一班, Team 1"),
    Student("cy", "陈", group="二班, Team 2"),
    Student("dan", "Dan", group="二班"),
]
COURSE = Course(key="k" * 16, together={"06": "Team *"}).taught_to(CLASS)


def handed(student, score=1.0, when="2027-03-12 12:00:00", kind="right", chapter="06_rfm"):
    return Marked(student, chapter, (Mark("06.1", score, 2.0, kind, ""),), handed_in=when)


def absent(student):
    marks = (Mark("06.1", 0.0, 2.0, "missing", ""),)
    return Marked(student, "06_rfm", marks, reason="no 06_rfm.ipynb was handed in")


def whose(marked, **digests):
    """Return whose notebook counts for each student, and what is told."""
    known = {(student, "06_rfm"): digest for student, digest in digests.items()}
    out, told = shared(marked, COURSE, known)
    assert [each.student for each in out] == [each.student for each in marked]
    return {each.student: each.by for each in out}, told


# by hand


def test_one_notebook_counts_for_everybody_in_the_group():
    marked = [handed("ann"), absent("bob"), handed("cy"), absent("dan")]
    out, told = shared(marked, COURSE, {("ann", "06_rfm"): "a"})
    assert told == []
    assert out[1] == replace(out[0], student="bob")
    assert (out[0].by, out[0].group, out[0].marks) == ("ann", "Team 1", marked[0].marks)
    assert out[2:] == marked[2:]  # alone in a team, and in none


def test_of_different_ones_the_last_counts_and_that_is_told():
    marked = [handed("ann", 2.0, "2027-03-12 12:00:00"), handed("bob", 1.0, "2027-03-12 13:00:00")]
    who, told = whose(marked, ann="a", bob="b")
    assert who == {"ann": "bob", "bob": "bob"}
    assert told == ["Team 1: 06_rfm of bob counts for all; ann handed in another"]


def test_an_empty_notebook_takes_no_answers_away():
    empty = handed("bob", 0.0, "2027-03-12 13:00:00", "missing")
    assert whose([handed("ann"), empty], ann="a", bob="b")[0]["bob"] == "ann"


def test_of_copies_the_one_that_earned_most_counts_under_one_name():
    marked = [handed("ann", 1.0), handed("bob", 2.0)]
    out, told = shared(marked, COURSE, {("ann", "06_rfm"): "a", ("bob", "06_rfm"): "a"})
    assert told == []
    assert [(each.student, each.by, each.score) for each in out] == [
        ("ann", "ann", 2.0),
        ("bob", "ann", 2.0),
    ]


def test_a_group_that_handed_nothing_in_and_other_chapters_stay_as_they_are():
    marked = [absent("ann"), absent("bob")]
    assert shared(marked, COURSE, {}) == (marked, [])
    marked = [handed("ann", chapter="07_pyramid"), handed("bob", chapter="07_pyramid")]
    assert shared(marked, COURSE, {}) == (marked, [])


# a whole grading


def test_a_group_s_essay_is_read_once_and_its_level_counts_for_all(tmp_path, monkeypatch):
    desk = make_desk(tmp_path, monkeypatch)
    course = replace(desk.course, together={"90": "Team *"})
    monkeypatch.setattr(type(desk), "course", course.taught_to(CLASS))
    desk.hand_in("ann", right("ann"))
    desk.hand_in("bob", END)
    desk.hand_in("dan", right("dan"))
    names = ["ann", "bob", "cy", "dan"]
    _, said = desk.grade(*names)
    assert "Team 1: 90_shop of ann counts for all; bob handed in another" in said
    assert "2 open answers wait" in said
    sheet = pd.read_csv(tmp_path / "out" / "open.csv", dtype=str, encoding="utf-8-sig")
    assert sheet["student_id"].tolist() == ["ann", "dan"]
    sheet.assign(level="3").to_csv(tmp_path / "out" / "open.csv", index=False)
    desk.grade(*names)
    book = desk.book().astype({"score": float})
    assert book.groupby("student_id")["score"].sum().to_dict() == {
        **dict.fromkeys(["ann", "bob", "dan"], FULL + 3),
        "cy": 0,
    }
    assert {*book.loc[book["student_id"] == "bob", "by"]} == {"ann"}
    page = (tmp_path / "out" / "feedback" / "bob.html").read_text(encoding="utf-8")
    assert "Handed in together by Team 1" in page
    items = pd.read_csv(tmp_path / "out" / "items.csv", encoding="utf-8-sig")
    assert {*items["students"]} == {2}
    similar = pd.read_csv(tmp_path / "out" / "similar.csv", dtype=str, encoding="utf-8-sig")
    assert "bob" not in {*similar["first"], *similar["second"]}


# when misused


@pytest.mark.parametrize(
    ("together", "told"),
    [
        ({"06": "*"}, "ann is in 一班 and in Team 1; say which groups hand in together"),
        ({"06": "Teem *"}, "no group of the roster is 'Teem [*]'; there are Team 1, Team 2, 一班"),
    ],
)
def test_who_is_in_two_groups_or_a_group_that_is_not_there_is_told(together, told):
    with pytest.raises(CourseError, match=told):
        replace(COURSE, together=together).taught_to(CLASS)
