"""Rosters as teachers, spreadsheets and platforms write them."""

import pandas as pd
import pytest

from crmlab.errors import UnreadableFileError
from crmlab.grading.roster import (
    RosterError,
    Student,
    joined,
    read_roster,
    read_students,
    write_roster,
)

TWO = {"2023001": "张伟", "0042": "Ada Lovelace"}


@pytest.fixture
def roster(tmp_path):
    def read(text, encoding="utf-8", name="class.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        return read_students(path)

    return read


# by hand


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("head", ["student_id{}name", "学号{}姓名", "ID number{}Full name"])
def test_any_spreadsheet_s_csv_is_read_with_leading_zeros(roster, encoding, mark, head):
    text = f"\n{head}\n\n2023001{{}}张伟\n 0042 {{}}Ada Lovelace\n{{}}\n".replace("{}", mark)
    assert {each.id: each.name for each in roster(text, encoding)} == TWO


def test_moodle_s_list_of_participants_is_read(roster):
    text = (
        "First name,Last name,ID number,Email address,Groups\n"
        "伟,张,2023001,zw@uni.example,A\nAda,Lovelace,0042,al@uni.example,B\n"
    )
    assert roster(text) == [
        Student("2023001", "张伟", "zw@uni.example", group="A"),
        Student("0042", "Ada Lovelace", "al@uni.example", group="B"),
    ]


def test_canvas_s_gradebook_is_read_without_its_row_of_points(roster):
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section\n"
        "    Points Possible,,,,\n"
        '"Lovelace, Ada",771,0042,al,Spring\n"Student, Test",9,,x,Spring\n'
    )
    assert roster(text) == [Student("0042", "Lovelace, Ada", "", "al", "771", "Spring")]


def test_without_ids_logins_or_addresses_are_ids(roster):
    assert [s.id for s in roster("Name,E-Mail\nAnn,ann@uni.example\n")] == ["ann@uni.example"]
    assert [s.id for s in roster("Name,Username,E-Mail\nAnn,ann,a@b.c\n")] == ["ann"]


def test_a_workbook_is_read_and_whole_numbers_are_ids(tmp_path):
    rows = [["Customer analytics, spring", None], [None, None], ["学号", "姓名"], [2023001, "张伟"]]
    rows += [["0042", "Ada Lovelace"]]
    sheet = pd.DataFrame(rows)
    sheet.to_excel(tmp_path / "班级.xlsx", index=False, header=False, engine="xlsxwriter")
    assert read_roster(tmp_path / "班级.xlsx") == TWO


@pytest.mark.parametrize("id", ["００１", '"=""001"""', "'001", "001\u200b", "\u00a0001"])
def test_what_nobody_sees_in_an_id_is_no_part_of_it(roster, id):
    assert [each.id for each in roster(f"学号,姓名\n{id},王\n")] == ["001"]


def test_a_number_with_its_point_and_the_sum_below_a_list_are_no_ids(roster):
    found = roster("学号,姓名\n20230001.0,王\n合计,1\n")
    assert [each.id for each in found] == ["20230001"]


def test_a_roster_written_reads_the_same(tmp_path):
    students = [Student("0042", '=Ada "the first"', "a@b.c", "al", "771", "B"), Student("七", "陈")]
    write_roster(tmp_path / "roster.csv", students)
    assert read_students(tmp_path / "roster.csv") == students
    assert "'=Ada" in (tmp_path / "roster.csv").read_text(encoding="utf-8")  # no formula


def test_late_joiners_are_added_and_nobody_is_taken_away(tmp_path):
    path = tmp_path / "roster.csv"
    ann, bob = Student("ann", "Ann"), Student("bob", "Bob")
    assert joined(path, [ann], add=False) == ([ann], [ann])
    assert not path.exists()
    write_roster(path, [ann])
    assert joined(path, [ann], add=False) == ([ann], [ann])
    assert joined(path, [bob], add=True) == ([bob], [ann, bob])
    assert joined(path, [bob], add=True) == ([bob], [ann, bob])  # nothing was written
    assert joined(path, [ann], add=True) == ([], [ann])


# when misused


@pytest.mark.parametrize(
    ("students", "told"),
    [
        (["ann", "bob", "cy"], r"1 more \(cy\) students"),
        (["ann"], r"1 fewer \(bob\) students"),
        (["ann", "cy"], r"1 more \(cy\) and 1 fewer \(bob\) students"),
    ],
)
def test_a_roster_is_never_overwritten(tmp_path, students, told):
    path = tmp_path / "roster.csv"
    write_roster(path, [Student("ann"), Student("bob")])
    before = path.read_bytes()
    with pytest.raises(RosterError, match=told + ".*--add"):
        joined(path, [Student(each) for each in students], add=False)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("student_id\nann\n", r"the first line has \['student_id'\]"),
        ("a,b\n1,2\n", r"no line names a column for ids and one for names.*学号,姓名"),
        ("student_id,name\n", "there is no student"),
        ("student_id,name\nann,A\nann,B\n", "line 3: 'ann' stands there twice"),
        ("student_id,name\n\nann,A\nAnn,B\n", "line 4: 'Ann' and 'ann' differ in case alone"),
        ("student_id,name\n../x,A\n,B\n", "line 2: '../x' cannot name a file.*line 3: ''"),
        ("student_id,name\n.hidden,A\n", "cannot name a file"),
        ('student_id,name\n"ann,A\n', "is no CSV"),
        ("student_id,name\nCON,A\naux.1,B\n", "'CON' cannot name a file.*'aux.1' cannot"),
        ("student_id,name\nann.,A\n", "'ann.' cannot name a file"),
        (f"student_id,name\n{'a' * 81},A\n", "cannot name a file; .* 80 at most"),
        ("学号,姓名\n2.0230001E+9,王\n", r"line 2: a spreadsheet has cut '2\.0230001E\+9'; format"),
    ],
)
def test_every_fault_of_a_roster_is_named(roster, text, fault):
    with pytest.raises(RosterError, match=fault):
        roster(text)


@pytest.mark.parametrize(
    ("raw", "name", "told"),
    [
        (b"PK\x03\x04 nonsense", "class.xlsx", "class.xlsx cannot be read"),
        (b"", "class.csv", "class.csv is empty"),
    ],
)
def test_a_broken_file_is_told(roster, raw, name, told):
    with pytest.raises(UnreadableFileError, match=told):
        roster(raw, name=name)
