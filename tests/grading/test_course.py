"""course.yaml and roster.csv: read, made, and refused with every fault named."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.classroom.source import ExerciseError
from crmlab.grading.course import (
    CourseError,
    LateRule,
    found_course,
    read_course,
)
from crmlab.grading.roster import Student

KEY = "key: abcdefghijklmnopqrst\n"
FULL = f"""{KEY}name: Customer analytics
chapters: [00, "06", 7]
due: {{6: 2026-12-01, "07": 2026-12-08 18:00, "00": "2026-11-01 09:30"}}
weights: {{"06": 2}}
late: {{per_day: 0.1, at_most: 0.5, grace_minutes: 10}}
unseen: mine
extensions: {{"0042": {{6: 2026-12-05}}, ann: {{"07": 2026-12-09 12:00, "00": 2026-12-01}}}}
excused: {{bob: ["00"]}}
drop_lowest: 1
"""


@pytest.fixture
def course(tmp_path):
    def write(text):
        (tmp_path / "mine").mkdir(exist_ok=True)
        path = tmp_path / "course.yaml"
        path.write_text(text, encoding="utf-8")
        return read_course(path)

    return write


# by hand


def test_every_line_of_a_course_is_read(course, tmp_path):
    made = course(FULL)
    assert made.chapters == ("00", "06", "07")
    assert made.due == {
        "06": datetime(2026, 12, 1, 23, 59, 59),
        "07": datetime(2026, 12, 8, 18),
        "00": datetime(2026, 11, 1, 9, 30),
    }
    assert made.weights == {"06": 2.0}
    assert made.due_for("0042", "06_rfm") == datetime(2026, 12, 5, 23, 59, 59)
    assert made.due_for("ann", "07") == datetime(2026, 12, 9, 12)
    assert made.due_for("bob", "07") == datetime(2026, 12, 8, 18)
    assert (made.excused, made.drop_lowest) == ({"bob": ("00",)}, 1)
    assert made.late == LateRule(0.1, 0.5, 10)
    assert made.secrets == (tmp_path, tmp_path / "mine")
    assert [exercise.name for exercise in made.exercises()] == ["00_tour", "06_rfm", "07_pyramid"]


def test_ids_and_days_are_what_a_person_reads(course):
    made = course(KEY + "excused: {0042: [06], no: [7]}\ndue: {6: 2027/3/12, 7: 2027/3/12 18:00}")
    assert made.excused == {"0042": ("06",), "no": ("07",)}
    ends = [datetime(2027, 3, 12, 23, 59, 59), datetime(2027, 3, 12, 18)]
    assert [*made.due.values()] == ends  # a day alone means its end


def test_a_chapter_may_be_asked_for_without_its_zero(course):
    assert [each.name for each in course(KEY).exercises(["6"])] == ["06_rfm"]


def test_a_key_is_enough(course):
    made = course(KEY)
    assert (made.late.penalty(10, None, None), made.unseen) == (0.0, None)
    assert len(made.exercises()) >= 3


def test_a_chapter_may_have_a_letter(course):
    made = course(KEY + "chapters: [04b, 04_database]\nweights: {04b: 2}\ndue: {04b: 2026-12-01}\n")
    assert made.chapters == ("04b", "04")
    assert (made.weights, [*made.due]) == ({"04b": 2.0}, ["04b"])
    names = ["04b_identity", "04_database"]
    assert [exercise.name for exercise in made.exercises()] == names
    assert {*names} <= {exercise.name for exercise in course(KEY).exercises()}


def test_questions_of_ones_own_are_added_to_the_chapters(course, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    text = '# %% [markdown] objective="x"\n# **06.10** x\n\n# %% tags=["solution"]\nx = 1\n\n'
    (mine / "06_mine.py").write_text(text + '# %%\ncheck("06.10", x)\n', encoding="utf-8")
    made = {each.name: each for each in course(FULL).exercises()}
    assert [*made["06_rfm"].questions][-2:] == ["06.9", "06.10"]
    assert "06_mine" not in made


def test_a_file_in_the_folder_that_is_no_exercise_is_named(course, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "helpers.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(ExerciseError, match=r"helpers.py: .*rename it to 06_helpers.py"):
        course(FULL).exercises()


def test_without_a_file_one_is_made_with_a_fresh_key(tmp_path):
    first = found_course(tmp_path / "course.yaml", "A course")
    again = found_course(tmp_path / "course.yaml", "Another")
    other = found_course(tmp_path / "other.yaml", "A course")
    assert first == again
    assert first.name == "A course"
    assert first.key != other.key
    assert len(first.key) >= 24


def test_a_groups_date_comes_before_the_rule_and_an_extension_before_both(course):
    made = course(
        KEY + 'due: {"06": 2026-12-01}\ngroups: {一班: {"06": 2026-12-03}, B: {"06": 2026-12-05}}\n'
        'extensions: {cy: {"06": 2026-12-24}}\n'
    ).taught_to(
        [
            Student("ann", group="一班"),
            Student("bob", group="一班, B"),
            Student("cy", group="B"),
            Student("dan"),
        ]
    )
    days = {who: made.due_for(who, "06_rfm").day for who in ("ann", "bob", "cy", "dan")}
    assert days == {"ann": 3, "bob": 5, "cy": 24, "dan": 1}
    assert made.due_for("ann", "07") is None
    with pytest.raises(CourseError, match="nobody on the roster is in '一班'; there are B"):
        course(KEY + 'groups: {一班: {"06": 2026-12-03}}').taught_to([Student("a", group="B")])
    with pytest.raises(CourseError, match="line 2: groups: there is no chapter 99"):
        course(KEY + 'groups: {B: {"99": 2026-12-03}}')
    with pytest.raises(CourseError, match="groups: 'soon' is no date"):
        course(KEY + 'groups: {B: {"06": soon}}')


# the late rule

DUE = datetime(2026, 5, 1, 12)


@pytest.mark.parametrize(
    ("handed_in", "penalty"),
    [
        (datetime(2026, 5, 1, 11), 0.0),
        (datetime(2026, 5, 1, 12), 0.0),
        (datetime(2026, 5, 1, 12, 10), 0.0),
        (datetime(2026, 5, 1, 12, 11), 1.0),
        (datetime(2026, 5, 2, 12, 10), 1.0),
        (datetime(2026, 5, 2, 12, 11), 2.0),
        (datetime(2026, 6, 1), 5.0),
        (None, 0.0),
    ],
)
def test_each_day_begun_costs_a_tenth_after_ten_minutes_up_to_a_half(handed_in, penalty):
    assert LateRule(0.1, 0.5, 10).penalty(10, DUE, handed_in) == penalty


@given(st.floats(0, 100), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
def test_a_penalty_never_exceeds_what_was_earned(points, handed_in):
    assert 0 <= LateRule(0.3, 1).penalty(points, DUE, handed_in) <= points + 1e-6


# when misused


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "should hold lines such as"),
        ("a: [", "is no YAML"),
        ("name: x", "key: needs a text of 16 letters or more"),
        ("key: short", "key: needs"),
        (KEY + "chapter: [1]", "chapter: is not known; did you mean 'chapters'?"),
        (KEY + "zzz: 1", r"zzz: is not known; known are \['key'"),
        (KEY + "name: 3", "name: should be a text, not 3"),
        (KEY + "chapters: 6", "chapters: should be a list"),
        (KEY + "chapters: [six]", "'six' is no chapter"),
        (KEY + "due: {6: soon}", "due: 'soon' is no date; write 2026-12-01 18:00"),
        (KEY + "due: {6: 3}", "due: 3 is no date"),
        (KEY + "due: soon", "due: "),
        (KEY + "weights: {6: -1}", "weights: should be a number from 0, not -1"),
        (KEY + "late: {per_day: 10}", "late: should be a number from 0 to 1, not 10"),
        (KEY + "late: {per_days: 0.1}", "late: per_days: is not known; did you mean 'per_day'"),
        (KEY + "unseen: nowhere", "unseen: there is no folder 'nowhere'"),
        (KEY + "name: x\nname: y", "name stands twice, in lines 2 and 3"),
        (KEY + "due: {6: 2026-12-01, 6: 2026-12-02}", "due: 6 stands twice, in lines 2 and 2"),
        (KEY + "due: {66: 2026-12-01}", "line 2: due: there is no chapter 66; there are 00, "),
        (KEY + "chapters: [6]\nweights: {7: 1}", "weights: there is no chapter 07; there are 06"),
        (KEY + "excused: {ann: [66]}", "excused: there is no chapter 66"),
        (KEY + "excused: [ann]", r"excused: should be a mapping such as \{bob"),
        (KEY + "extensions: {ann: 2026-12-01}", r"extensions: should be a mapping such as \{.06"),
        (KEY + "extensions: {ann: {6: soon}}", "extensions: 'soon' is no date"),
        (KEY + "chapters: []", "chapters: should be a list"),
        (KEY + "chapters: [6, '06']", "chapters: chapter 06 stands twice"),
        (KEY + "chapters: [true]", "'true' is no chapter"),
        (KEY + "chapters: [010]", "'010' is no chapter"),
        (KEY + "weights: {6: .inf}", "weights: should be a number from 0, not inf"),
        (KEY + "weights: [1]", r"weights: should be a mapping such as \{"),
        (KEY + "late: 0.1", "late: should be a mapping such as {per_day"),
        (KEY + "due: {6: 05/03/2027}", "due: '05/03/2027' is no date; write 2026-12-01 18:00"),
        (KEY + "due: {6: 12.3.2027}", "due: '12.3.2027' is no date"),
        (KEY + "due: {6: 18:00}", "due: '18:00' is no date"),
        (KEY + "due: {6: 2027-03-12, '06': 2027-03-13}", "due: chapter 06 stands twice"),
        ('key: "                    "', "key: needs a text of 16 letters or more"),
        (KEY + "together: 17", r"together: should be a list such as \[.17.\], or a mapping"),
        (KEY + "together: {17: 3}", "together: should be a list"),
        (KEY + "together: [66]", "together: there is no chapter 66"),
        (KEY + "language: de", "language: should be one of en, zh, not 'de'"),
        (KEY + "language: 3", "language: should be a text"),
        (KEY + "drop_lowest: some", "drop_lowest: should be a whole number from 0, not 'some'"),
        (KEY + "\n\nlate: {per_day: 10}", "line 4: late: should be a number"),
        ("key: x\nname: 3", "line 1: key: needs .*; line 2: name: should"),
    ],
)
def test_every_fault_of_a_course_is_named(course, text, fault):
    with pytest.raises(CourseError, match=fault):
        course(text)


def test_a_missing_course_says_how_to_make_one(tmp_path):
    with pytest.raises(CourseError, match="`crmlab course release` makes one"):
        read_course(tmp_path / "course.yaml")


def test_an_extension_for_somebody_who_is_not_there_is_refused(course):
    made = course(FULL)
    made.require_known(["0042", "ann", "bob"])
    with pytest.raises(CourseError, match=r"extensions: 'ann' is not on the roster; .* 'anna'"):
        made.require_known(["0042", "anna", "bob"])
    with pytest.raises(CourseError, match=r"excused: 'bob' is not on the roster$"):
        made.require_known(["0042", "ann"])
