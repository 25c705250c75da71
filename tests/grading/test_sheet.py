"""open.csv: what a person and a spreadsheet make of it, and whose level stands."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import CrmlabError
from crmlab.grading.items import common_outcomes, item_analysis
from crmlab.grading.sheet import (
    agreement,
    level_of,
    mark_of,
    open_levels,
    read_sheet,
    write_open,
    write_sheet,
)

# Ids that a spreadsheet would change: zeros before it, too long, an exponent, a date, a sum.
STUDENTS = ["007", "20230001234567", "2e5", "MAR1", "3-4", "ann", "陈一"]
NONE = open_levels(Path("nowhere"), set())


def book(answers):
    rows = [
        {"assignment": "06_rfm", "question": "06.10", "student_id": student, "kind": "open"}
        | {"name": "陈", "answer": answer}
        for student, answer in answers.items()
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "open.csv"
    write_open(path, book({student: f"Essay of {student}" for student in STUDENTS}), NONE)
    return path


def saved(path, *, encoding="utf-8-sig", between=",", **columns):
    """Save the sheet as a spreadsheet does that has been typed into."""
    typed = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    text = typed.assign(**columns).to_csv(index=False, sep=between, lineterminator="\r\n")
    path.write_bytes(text.encode(encoding))


# by hand


@pytest.mark.parametrize(
    ("encoding", "between"),
    [("utf-8-sig", ","), ("utf-8", ";"), ("gb18030", ","), ("utf-16", "\t")],
)
def test_levels_come_back_for_the_same_ids_whatever_a_spreadsheet_writes(sheet, encoding, between):
    saved(sheet, encoding=encoding, between=between, level="2,5", comment="好，但太短")
    levels = open_levels(sheet, STUDENTS)
    assert levels["student_id"].tolist() == STUDENTS
    assert {*levels["question"]} == {"06.10"}
    assert {*levels["level"]} == {2.5}
    assert {*levels["comment"]} == {"好，但太短"}


def test_no_cell_of_an_id_or_question_looks_like_a_number_or_date(sheet):
    typed = pd.read_csv(sheet, encoding="utf-8-sig")
    assert not pd.api.types.is_numeric_dtype(typed["student_id"])
    assert typed["student_id"].tolist()[:4] == ["'007", "'20230001234567", "'2e5", "'MAR1"]
    assert {*typed["question"]} == {"Q06.10"}


def test_zeros_that_a_spreadsheet_took_are_known_all_the_same(tmp_path):
    path = tmp_path / "open.csv"
    path.write_text("student_id,question,level\n7,06.10,1\n", encoding="utf-8")
    assert open_levels(path, STUDENTS)["student_id"].tolist() == ["007"]


def test_a_changed_answer_asks_for_its_level_again_and_an_old_sheet_is_believed(sheet, tmp_path):
    saved(sheet, level="2", comment="short")
    levels = open_levels(sheet, STUDENTS)
    given = levels.set_index("student_id").to_dict("index")["ann"]
    assert level_of(given, "Essay of ann") == 2
    assert level_of(given, "Essay of ann.") is None
    assert level_of({"level": 2.0}, "anything") == 2
    write_open(sheet, book({"ann": "Another", "007": "Essay of 007"}), levels)
    left = open_levels(sheet, STUDENTS).set_index("student_id")
    assert np.isnan(left.loc["ann", "level"])
    assert left.loc["ann", "comment"] == "short"
    assert left.loc["007", "level"] == 2


def test_a_level_is_read_as_a_chinese_keyboard_writes_it_and_a_line_twice_is_one(tmp_path):
    path = tmp_path / "open.csv"
    line = "ann,Q06.9,２\n"
    path.write_text(f"student_id,question,level\n{line}{line}", encoding="utf-8")
    assert open_levels(path, {"ann"})["level"].tolist() == [2.0]
    path.write_text(f"student_id,question,level\n{line}ann,Q06.9,3\n", encoding="utf-8")
    with pytest.raises(CrmlabError, match=r"line\(s\) 2, 3: ann has several levels for 06.9"):
        open_levels(path, {"ann"})


def test_two_levels_count_as_their_mean():
    assert level_of({"level": 1.0, "second_level": 2.0}, "") == 1.5
    assert level_of({"level": np.nan, "second_level": 2.0}, "") == 2
    assert level_of({"level": np.nan, "second_level": np.nan}, "") is None


def test_what_a_reader_added_is_kept_when_a_level_is_written(sheet):
    saved(sheet, mine="a note")
    read = read_sheet(sheet, STUDENTS)
    write_sheet(sheet, read)
    again = read_sheet(sheet, STUDENTS)
    pd.testing.assert_frame_equal(again, read)
    assert {*again["mine"]} == {"a note"}


def test_a_formula_in_an_answer_is_text_and_its_mark_is_that_of_the_sheet(tmp_path):
    path = tmp_path / "open.csv"
    write_open(path, book({"ann": "=HYPERLINK(1)"}), NONE)
    sheet = read_sheet(path, ["ann"])
    assert sheet.loc[0, "answer"] == "'=HYPERLINK(1)"
    assert sheet.loc[0, "of"] == mark_of("=HYPERLINK(1)") == mark_of("'=HYPERLINK(1)")


# against the formula


def test_kappa_of_two_readers_by_the_formula():
    first, second = [0, 1, 2, 3, 3, 1], [0, 1, 2, 2, 3, 3]
    levels = pd.DataFrame({"level": first, "second_level": second}).astype(float)
    table = agreement(levels.assign(question="06.9")).iloc[0]
    observed = np.mean((np.array(first) - second) ** 2)
    expected = np.mean((np.array(first)[:, None] - np.array(second)[None, :]) ** 2)
    assert table["kappa"] == pytest.approx(1 - observed / expected)
    assert (table["both"], table["same"]) == (6, pytest.approx(4 / 6))
    alike = agreement(levels.assign(question="06.9", level=1.0, second_level=1.0)).iloc[0]
    assert np.isnan(alike["kappa"])
    assert agreement(levels.assign(question="06.9", second_level=np.nan)).empty


# what waits is in no item analysis


def test_an_essay_that_waits_makes_nobody_weaker():
    def row(student, question, kind, raw):
        about = {"assignment": "06_rfm", "timestamp": "2026", "max_score": 2.0, "reply": ""}
        return about | {"student_id": student, "question": question, "kind": kind, "raw_score": raw}

    rows = []
    for number in range(6):
        student, good = f"s{number}", number % 2
        rows += [row(student, "06.1", "right", 2.0 * good), row(student, "06.2", "x", 1.0 * good)]
        rows.append(row(student, "06.3", "read" if good else "open", 0.0))
    table = item_analysis(pd.DataFrame(rows)).set_index("question")
    assert table["students"].to_dict() == {"06.1": 6, "06.2": 6, "06.3": 3}
    assert table.loc[["06.1", "06.2"], "discrimination"].tolist() == pytest.approx([1, 1])
    # Of an essay all read, the points count in the others' total again.
    whole = pd.DataFrame(rows).replace({"kind": {"open": "read"}})
    whole.loc[whole["question"] == "06.3", "raw_score"] = [2.0, 0.0] * 3
    assert item_analysis(whole).set_index("question").loc[
        "06.1", "discrimination"
    ] == pytest.approx(-1)


def test_outcomes_of_essays_are_their_levels_not_their_comments():
    rows = [
        {"assignment": "a", "question": "1", "kind": "read", "timestamp": "x", "answer": str(n)}
        | {"reply": f"Level 2 of 3.\nWell said, number {n}"}
        for n in range(3)
    ]
    assert common_outcomes(pd.DataFrame(rows))["outcome"].tolist() == ["Level 2 of 3."]


# when misused


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2.02E+13,06.10,1", r"line 2: '2.02E\+13' is not on the roster; a spreadsheet has cut it"),
        ("anm,06.10,1", r"line 2: 'anm' is not on the roster; did you mean 'ann'\?"),
        ("ann,06.10,4", r"line\(s\) 2: a level is 0 to 3"),
        ("ann,06.10,good", r"line\(s\) 2: a level is 0 to 3"),
    ],
)
def test_every_fault_is_told_with_its_line(tmp_path, text, fault):
    path = tmp_path / "open.csv"
    path.write_text(f"student_id,question,level\n{text}\n", encoding="utf-8")
    with pytest.raises(CrmlabError, match=fault):
        open_levels(path, STUDENTS)
