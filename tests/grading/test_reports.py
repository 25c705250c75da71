"""The gradebook and all that is made of it: by hand, against formulas, and when misused."""

import re
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import CrmlabError
from crmlab.grading.course import Course, LateRule
from crmlab.grading.gradebook import (
    COLUMNS,
    canvas,
    changes,
    gradebook,
    moodle,
    totals,
)
from crmlab.grading.items import common_outcomes, draw_outcomes, item_analysis
from crmlab.grading.marks import Mark, Marked
from crmlab.grading.sheet import open_levels, write_open, write_table
from crmlab.grading.similar import pieces_of, similar_pairs

NO_LEVELS = pd.DataFrame({"student_id": [], "question": [], "level": []})
COURSE = Course(
    key="k" * 16,
    due={"06": datetime(2026, 5, 1, 12)},
    weights={"06": 3.0},
    late=LateRule(per_day=0.1),
)
ROSTER = {"ann": "Ann", "bob": "Bob"}


def marks(chapter, *kinds):
    return tuple(
        Mark(f"{chapter}.{n}", 2.0 if kind == "right" else 0.0, 2.0, kind, f"said {kind}.", "a")
        for n, kind in enumerate(kinds, 1)
    )


MARKED = [
    Marked("ann", "06_rfm", marks("06", "right", "open"), handed_in="2026-05-01 12:00:00"),
    Marked("bob", "06_rfm", marks("06", "right", "trap"), handed_in="2026-05-02 13:00:00"),
    Marked("ann", "07_pyramid", marks("07", "right"), handed_in="2026-05-01 12:00:00"),
    Marked("bob", "07_pyramid", marks("07", "missing"), reason="no 07 was handed in"),
]


@pytest.fixture
def book():
    return gradebook(MARKED, COURSE, ROSTER, NO_LEVELS)


# by hand


def test_a_row_per_student_and_question_under_nbgraders_names(book):
    assert [*book.columns] == [*COLUMNS]
    nbgraders = ["assignment", "duedate", "timestamp", "student_id", "raw_score"]
    nbgraders += ["late_submission_penalty", "score", "max_score"]
    assert [*COLUMNS][:8] == nbgraders
    assert book["question"].tolist() == ["06.1", "06.2", "06.1", "06.2", "07.1", "07.1"]
    late = book[(book["student_id"] == "bob") & (book["question"] == "06.1")].iloc[0]
    # One hour into the second day: two days begun, a tenth each of two points.
    assert (late["raw_score"], late["late_submission_penalty"], late["score"]) == (2, 0.4, 1.6)


def test_totals_weigh_chapters(book):
    table = totals(book, COURSE).set_index("student_id")
    # Ann: 2 of 4 with weight 3, 2 of 2 with weight 1; Bob: 1.6 of 4, 0 of 2.
    assert table["total"].to_dict() == pytest.approx({"ann": 2.5 / 4, "bob": 1.2 / 4})
    assert table.loc["bob", "06_rfm"] == pytest.approx(1.6)
    assert table["waiting"].to_dict() == {"ann": 1, "bob": 0}


def test_a_level_given_by_a_person_earns_its_third(tmp_path, book):
    path = tmp_path / "open.csv"
    write_open(path, book, NO_LEVELS)
    sheet = pd.read_csv(path, encoding="utf-8-sig")
    assert sheet[["question", "student_id"]].to_numpy().tolist() == [["Q06.2", "ann"]]
    sheet.assign(level="2").to_csv(path, index=False, encoding="utf-8-sig")
    levels = open_levels(path, {*ROSTER})
    read = gradebook(MARKED, COURSE, ROSTER, levels)
    row = read[read["kind"] == "read"].iloc[0]
    assert row["raw_score"] == pytest.approx(2 * 2 / 3)
    assert row["reply"] == "Level 2 of 3."
    write_open(path, read, levels)
    pd.testing.assert_frame_equal(open_levels(path, {*ROSTER}), levels)


def test_moodle_gets_grades_and_feedback_under_its_own_names(book):
    table = moodle(book)
    assert [*table.columns] == [
        "ID number",
        "Full name",
        "Assignment: 06_rfm (Real)",
        "Assignment: 07_pyramid (Real)",
        "Assignment: 06_rfm (Feedback)",
        "Assignment: 07_pyramid (Feedback)",
    ]
    assert table.iloc[1].tolist() == [
        "bob",
        "Bob",
        1.6,
        0.0,
        "1.6 of 4 points; 1 of 2 right",
        "0 of 2 points; 0 of 1 right; no 07 was handed in",
    ]


def test_no_grade_is_exported_as_final_while_an_essay_waits(book):
    ann = moodle(book).iloc[0]
    assert pd.isna(ann["Assignment: 06_rfm (Real)"])
    waits = "1 of 1 right; 1 open answer waiting for the teacher"
    assert ann["Assignment: 06_rfm (Feedback)"] == waits
    assert canvas(book).iloc[1]["06_rfm"] == ""
    level = pd.DataFrame({"student_id": ["ann"], "question": ["06.2"], "level": [3.0]})
    read = gradebook(MARKED, COURSE, ROSTER, level)
    ann = moodle(read).iloc[0]
    assert ann["Assignment: 06_rfm (Real)"] == 4
    assert (
        ann["Assignment: 06_rfm (Feedback)"] == "4 of 4 points; 1 of 1 right; open answers 2 of 2"
    )
    assert canvas(read).iloc[1]["06_rfm"] == 4


def test_whose_points_changed_is_told_with_the_reason(book):
    level = pd.DataFrame({"student_id": ["ann"], "question": ["06.2"], "level": [3.0]})
    again = [
        replace(each, marks=marks("06", "right", "right"), handed_in="2026-05-01 11:00:00")
        if (each.student, each.chapter) == ("bob", "06_rfm")
        else each
        for each in MARKED
    ]
    found = changes(book, gradebook(again, COURSE, ROSTER, level))
    assert found.to_numpy().tolist() == [
        ["ann", "06.2", 0.0, 2.0, "a level was given"],
        ["bob", "06.1", 1.6, 2.0, "handed in anew"],
        ["bob", "06.2", 0.0, 2.0, "handed in anew"],
    ]
    kinder = gradebook(MARKED, replace(COURSE, late=LateRule()), ROSTER, NO_LEVELS)
    assert changes(book, kinder)["why"].tolist() == ["graded anew"]
    assert changes(book, book).empty


def test_what_is_not_due_is_excused_or_lowest_does_not_count(book):
    def total(**rules):
        found = totals(book, replace(COURSE, **rules), now=datetime(2026, 6, 1))
        return found.set_index("student_id")["total"].to_dict()

    # Ann has 2 of 4 with weight 3 and 2 of 2 with weight 1; Bob 1.6 of 4 and 0 of 2.
    later = {"due": {"06": datetime(2026, 7, 1), "07": datetime(2026, 5, 1)}}
    assert total(**later) == pytest.approx({"ann": 1.0, "bob": 0.0})
    assert total(excused={"bob": ("07",)}) == pytest.approx({"ann": 2.5 / 4, "bob": 0.4})
    assert total(drop_lowest=1) == pytest.approx({"ann": 1.0, "bob": 0.4})
    assert total(drop_lowest=9) == pytest.approx({"ann": 1.0, "bob": 0.4})
    assert total(extensions={"bob": {"07": datetime(2026, 7, 1)}})["bob"] == pytest.approx(0.4)
    never = {"due": dict.fromkeys(["06", "07"], datetime(2026, 7, 1))}
    assert np.isnan([*total(**never).values()]).all()


def test_an_extension_moves_what_late_means_for_one_student():
    course = replace(COURSE, extensions={"bob": {"06": datetime(2026, 5, 3)}})
    book = gradebook(MARKED, course, ROSTER, NO_LEVELS)
    assert book["late_submission_penalty"].sum() == 0
    assert book.query("student_id == 'bob'")["duedate"].iloc[0] == "2026-05-03 00:00:00"


def test_canvas_gets_its_columns_and_the_points_possible(book):
    table = canvas(book)
    fixed = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert [*table.columns] == [*fixed, "06_rfm", "07_pyramid"]
    assert table.iloc[0].tolist() == ["    Points Possible", "", "", "", "", 4.0, 2.0]
    assert table.iloc[2].tolist() == ["Bob", "", "bob", "", "", 1.6, 0.0]


def test_outcomes_are_counted_commonest_first(book):
    found = common_outcomes(book)
    assert found[["question", "outcome", "students"]].to_numpy().tolist() == [
        ["06.1", "right", 2],
        ["06.2", "said open.", 1],
        ["06.2", "said trap.", 1],
        ["07.1", "right", 1],
    ]


def test_a_wrong_answer_that_several_gave_is_shown():
    many = [
        Marked(s, "06_rfm", (Mark("06.1", 0, 1, "unlike", "no", a),), handed_in="2026-05-01")
        for s, a in zip("abc", ("17", "17", "18"), strict=True)
    ]
    found = common_outcomes(gradebook(many, COURSE, {}, NO_LEVELS))
    assert found["outcome"].tolist() == ["answered 17", "other content"]


def test_the_picture_has_a_bar_per_outcome_with_its_count(book):
    found = common_outcomes(book).query("question == '06.2'")
    (ax,) = draw_outcomes(found).axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["said trap.", "said open."]
    assert [text.get_text() for text in ax.texts] == ["1", "1"]
    assert ax.get_xlabel() == "Students"


def test_a_students_dollars_are_no_formula_and_like_beginnings_stay_apart():
    words = "the columns should be ['a']; yours are ['$\\bad$'] and many more words than fit "
    found = pd.DataFrame({"outcome": [words + "1", words + "2", "right"], "students": [3, 2, 1]})
    figure = draw_outcomes(found)
    figure.canvas.draw()
    assert [bar.get_width() for bar in figure.axes[0].patches] == [1, 2, 3]
    assert "$\\bad$" in figure.axes[0].get_yticklabels()[-1].get_text()


def test_long_code_is_compared_as_far_as_it_goes_and_jupyters_lines_do_not_end_it():
    assert pieces_of(["x = 1\n" * 1_000_000, LONG]) == pieces_of(["x = 1\n" * 20_000])
    hidden = LONG.replace("best =", "!ls $HOME\nbest?\n%time 1\nbest =")
    assert pieces_of([hidden]) == pieces_of([LONG])


# against the formula


def test_difficulty_is_the_mean_share_and_discrimination_leaves_the_item_out():
    rng = np.random.default_rng(4)
    right = rng.random((60, 4)) < [0.9, 0.6, 0.5, 0.2]
    many = [
        Marked(
            f"s{n}", "06_rfm", marks("06", *np.where(row, "right", "trap")), handed_in="2026-05-01"
        )
        for n, row in enumerate(right)
    ]
    found = item_analysis(gradebook(many, COURSE, {}, NO_LEVELS)).set_index("question")
    assert found["difficulty"].tolist() == pytest.approx(right.mean(axis=0).tolist())
    for place, question in enumerate(found.index):
        rest = np.delete(right, place, axis=1).sum(axis=1)
        expected = np.corrcoef(right[:, place], rest)[0, 1]
        assert found.loc[question, "discrimination"] == pytest.approx(expected)


def test_a_question_that_everybody_solves_discriminates_nobody(book):
    found = item_analysis(book).set_index("question")
    assert found.loc["06.1", "difficulty"] == 1
    assert np.isnan(found.loc["06.1", "discrimination"])
    assert found.loc["07.1", "students"] == 1


# notebooks too alike

LONG = """
total = mine.groupby("tier")["spend"].sum()
shares = (total / total.sum()).rename("share").reset_index()
best = shares.sort_values("share", ascending=False).head(3)
for row in best.itertuples():
    print(row.tier, round(row.share, 2), "of everything that was spent")
"""
OTHER = """
by_tier = {}
for name, money in zip(mine["tier"], mine["spend"]):
    by_tier[name] = by_tier.get(name, 0) + money
whole = sum(by_tier.values())
shares = pd.DataFrame([(k, v / whole) for k, v in by_tier.items()], columns=["tier", "share"])
"""


def test_a_copy_with_other_names_numbers_and_comments_is_found():
    copy = re.sub(r"\btotal\b", "t", LONG).replace("best", "xx").replace("3", "5") + "# my own\n"
    found = similar_pairs({"ann": [LONG], "bob": [copy], "cy": [OTHER]})
    assert found[["first", "second"]].to_numpy().tolist() == [["ann", "bob"]]
    assert found["similarity"].item() == 1.0


def test_what_was_handed_out_says_nothing():
    assert similar_pairs({"ann": [LONG], "bob": [LONG]}, [LONG]).empty


def test_what_most_of_the_class_wrote_says_nothing():
    everybody = {name: [LONG] for name in "abcdef"}
    assert similar_pairs(everybody).empty
    pair = similar_pairs({**everybody, "x": [OTHER], "y": [OTHER]})
    assert pair[["first", "second"]].to_numpy().tolist() == [["x", "y"]]


def test_code_that_cannot_be_read_to_its_end_counts_as_far_as_it_can():
    assert pieces_of([LONG + "'''"]) & pieces_of([LONG])
    assert pieces_of(["", "x = 1", "  bad\n indent"]) == set()


# tables for people


def test_no_cell_is_a_formula_and_numbers_stay_numbers(tmp_path):
    frame = pd.DataFrame({"a": ["=1+1", "@x", "-cmd", "-3", "+x", "陈", ""], "b": [-1.5] * 7})
    write_table(frame, tmp_path / "t.csv")
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == [
        "'=1+1",
        "'@x",
        "'-cmd",
        "-3",
        "'+x",
        "陈",
        "",
    ]
    assert all(line.endswith(",-1.5") for line in lines)


# for any data


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.sampled_from(["right", "trap", "missing"]), st.booleans()
        ),
        min_size=1,
        max_size=9,
    )
)
def test_nobody_earns_more_than_there_is_and_order_does_not_matter(rows):
    many = [
        Marked(
            f"s{n}",
            "06_rfm",
            marks("06", kind),
            handed_in="2026-05-03 12:00:00" if late else "2026-05-01 11:00:00",
        )
        for n, (_, kind, late) in enumerate(rows)
    ]
    book = gradebook(many, COURSE, {}, NO_LEVELS)
    assert book["score"].between(0, book["max_score"]).all()
    pd.testing.assert_frame_equal(book, gradebook(many[::-1], COURSE, {}, NO_LEVELS))
    assert item_analysis(book)["difficulty"].between(0, 1).all()


# when misused


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("student_id,question\nann,06.2\n", r"open.csv: missing \['level'\]"),
        ("", "open.csv is empty; delete it"),
        ('student_id,question,level\nann,"06.2,1\n', "open.csv is no CSV"),
        ("student_id;question;level\nann;06.2;4\n", r"line\(s\) 2"),
        ("student_id,question,level\nann,06.2,4\n", r"line\(s\) 2: a level is 0 to 3"),
        ("student_id,question,level\nann,06.2,good\nzoe,06.2,1\n", r"line\(s\) 2: .*line 3: 'zoe'"),
        ("student_id,question,level\nann,06.2,good\nann,06.2,9\n", r"line\(s\) 2, 3: a level"),
    ],
)
def test_every_fault_of_the_levels_is_named(tmp_path, text, fault):
    (tmp_path / "open.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CrmlabError, match=fault):
        open_levels(tmp_path / "open.csv", {*ROSTER})


def test_a_level_for_a_question_nobody_was_asked_is_refused():
    levels = pd.DataFrame({"student_id": ["ann"], "question": ["6.2"], "level": [2.0]})
    with pytest.raises(CrmlabError, match=r"nobody was asked \[\('ann', '6.2'\)\]"):
        gradebook(MARKED, COURSE, ROSTER, levels)


def test_weights_that_are_all_zero_are_refused(book):
    with pytest.raises(CrmlabError, match="weight 0"):
        totals(book, Course(key="k" * 16, weights={"06": 0.0, "07": 0.0}))
