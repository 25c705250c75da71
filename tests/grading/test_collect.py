"""What platforms let one download, a folder per student: nothing is lost without a word."""

import io
import json
import zipfile
from datetime import datetime

import pytest
from click.testing import CliRunner

from crmlab.cli import main
from crmlab.grading import download
from crmlab.grading.collect import collect, write_collected
from crmlab.grading.roster import Student, write_roster
from crmlab.grading.submission import strangers
from crmlab.grading.times import read_times

CLASS = [
    Student("2023001", "张伟", "zw@uni.example", lms="771"),
    Student("2023002", "李 娜", "ln@uni.example", lms="772"),
    Student("al", "Lovelace, Ada", "ada@uni.example", login="alove", group="第1组, B"),
    Student("bob", "Bob", lms="774", group="第1组"),
    Student("bob2", "Bob"),
]
CHAPTERS = ["04_database", "04b_identity", "06_rfm"]
NOON = (2027, 3, 12, 12, 0, 0)


def notebook(text="check('06.1', 1)"):
    cell = {"cell_type": "code", "source": [text]}
    return json.dumps({"cells": [cell], "metadata": {}}).encode()


def packed(files, when=None):
    """A zip of `files`, each an hour later than the one before, or at `when`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for hour, (name, content) in enumerate(files.items()):
            at = when or (*NOON[:3], hour, 0, 0)
            file.writestr(zipfile.ZipInfo(name, at), content)
    return out.getvalue()


@pytest.fixture
def sort(tmp_path):
    """Put files into a folder, or one archive beside it, and collect."""

    def sorted_out(files):
        place = tmp_path / "download"
        if isinstance(files, bytes):
            place = tmp_path / "download.zip"
            place.write_bytes(files)
        else:
            for name, content in files.items():
                path = place / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        return collect(place, CLASS, CHAPTERS, together=["04"])

    return sorted_out


def pairs(taken):
    return {(each.student, each.chapter) for each in taken if each.used}


# by hand


def test_moodle_s_folders_are_told_by_name_and_numbers_nobody_knows(sort):
    taken = sort(
        packed(
            {
                "张伟_90001_assignsubmission_file_/06_rfm.ipynb": notebook(),
                "李娜_90002_assignsubmission_file_/a/06_rfm-Copy1.ipynb": notebook(),
                "Ada Lovelace_90003_assignsubmission_file/06_rfm.ipynb": notebook(),
            }
        )
    )
    assert pairs(taken) == {(each, "06_rfm") for each in ("2023001", "2023002", "al")}
    assert {each.by for each in taken} == {"name"}
    assert not any(each.note for each in taken)


def test_moodle_without_folders_and_canvas_put_all_before_the_file_s_name(sort):
    taken = sort(
        packed(
            {
                "张伟_90001_assignsubmission_file_06_rfm (1).ipynb": notebook(),
                "lina_772_880123_06_rfm-1.ipynb": notebook(),
                "lovelaceada_LATE_999_880124_04b_identity.ipynb": notebook("check('04b.1', 2)"),
            }
        )
    )
    assert pairs(taken) == {
        ("2023001", "06_rfm"),
        ("2023002", "06_rfm"),
        ("al", "04b_identity"),
    }
    assert [each.note for each in taken if each.note] == ["Canvas marks it as late"]


@pytest.mark.parametrize(
    ("folder", "student"),
    [
        ("2023001", "2023001"),
        ("2023001 张伟", "2023001"),
        ("张伟(2023001)", "2023001"),
        ("ZW@uni.example", "2023001"),
        ("zw", "2023001"),
        ("alove", "al"),
        ("ada lovelace", "al"),
        ("AL", "al"),
        ("774", ""),
    ],
)
def test_a_folder_is_told_by_id_login_address_or_name(sort, folder, student):
    (each,) = sort({f"{folder}/06_rfm.ipynb": notebook()})
    assert each.student == student
    assert bool(each.note) == (not student)


def test_what_a_platform_names_by_a_group_stands_with_its_first_student_where_it_may(sort):
    place = "第1组_41_assignsubmission_file"  # as Moodle names what a team hands in
    taken = sort({f"{place}/{each}.ipynb": notebook("1") for each in ("04_database", "06_rfm")})
    assert pairs(taken) == {("al", "04_database")}
    notes = {each.note for each in taken if not each.used}
    assert notes == {
        'left out: a group\'s; write together: ["06"] in course.yaml to let it count for all'
    }


@pytest.mark.parametrize(
    ("name", "text", "chapter"),
    [
        ("06_rfm.ipynb", "", "06_rfm"),
        ("06_rfm (1).ipynb", "", "06_rfm"),
        ("06_rfm-Copy1.ipynb", "", "06_rfm"),
        ("06_rfm - 副本 (2).ipynb", "", "06_rfm"),
        ("06_rfm - Copy.ipynb", "", "06_rfm"),
        ("04b_identity-2.ipynb", "", "04b_identity"),
        ("作业.ipynb", "check('06.2', x)", "06_rfm"),
        ("06_rfm.ipynb.txt", "x", "06_rfm"),
        ("06_rfm (1).ipynb.json", "x", "06_rfm"),
        ("06_rfm.json", "x", "06_rfm"),
        ("作业.txt", "check('06.2', x)", "06_rfm"),
        ("06_mine.ipynb", "check('04b.2', x)", "04b_identity"),
        ("06 homework.ipynb", "", "06_rfm"),
        ("作业.ipynb", "check('06.2', x)\ncheck('04.1', y)", ""),
        ("作业.ipynb", "print(1)", ""),
        ("07_pyramid.ipynb", "check('07.1', x)", ""),
    ],
)
def test_a_chapter_is_told_by_the_name_of_a_copy_or_by_its_questions(sort, name, text, chapter):
    (each,) = sort({f"bob/{name}": notebook(text)})
    assert each.chapter == chapter
    assert each.used == bool(chapter)
    assert chapter or "left out" in each.note


def test_zips_are_opened_two_deep_and_no_deeper(sort):
    inner = packed({"bob/06_rfm.ipynb": notebook()})
    deep = {"2023001_x.zip": packed({"again.zip": inner})}
    assert pairs(sort(packed(deep))) == {("2023001", "06_rfm")}
    (each,) = sort(packed({"bob.zip": packed({"again.zip": packed({"third.zip": inner})})}))
    assert each.note == "zips are opened two deep at most"


def test_names_packed_by_chinese_windows_are_read(sort):
    raw = packed({"xxxx/06_rfm.ipynb": notebook()})  # ASCII, so that no flag says UTF-8
    assert pairs(sort(raw.replace(b"xxxx", "张伟".encode("gb18030")))) == {("2023001", "06_rfm")}


def test_of_two_notebooks_the_later_is_used_and_the_other_named(sort):
    files = {
        "bob_774_1001_06_rfm.ipynb": notebook("check('06.1', 1)"),
        "bob_774_1002_06_rfm-1.ipynb": notebook("check('06.1', 2)"),
    }
    first, second = sort(packed(files))
    assert not first.used
    assert first.note == "left out: of bob's 06_rfm, bob_774_1002_06_rfm-1.ipynb is later"
    assert second.used
    assert second.handed_in == datetime(2027, 3, 12, 1)


def test_times_are_kept_and_grading_finds_them(sort, tmp_path):
    files = {"bob_774_1001_06_rfm.ipynb": notebook(), "zw_771_1002_06_rfm.ipynb": notebook("a=1")}
    out = tmp_path / "submissions"
    assert write_collected(sort(packed(files)), out) == []
    times = read_times(out / "times.csv")
    path = out / "bob" / "06_rfm.ipynb"
    assert times.of("bob", "06_rfm", path)[0] == datetime(2027, 3, 12, 0)
    assert datetime.fromtimestamp(path.stat().st_mtime) == datetime(2027, 3, 12, 0)
    assert path.read_bytes() == notebook()
    assert strangers(out, {each.id for each in CLASS}) == []
    again = {"bob_774_1003_06_rfm.ipynb": notebook("b=2"), "x_771_1004_04_database.ipynb": b"{}"}
    (told,) = write_collected(sort(packed(again)), out)
    assert told == "bob: 06_rfm is replaced by bob_774_1003_06_rfm.ipynb"
    assert len(read_times(out / "times.csv").listed) == 3


def test_a_notebook_without_a_time_takes_the_time_of_an_earlier_one_away(sort, tmp_path):
    out = tmp_path / "submissions"
    early = {"bob_774_1001_06_rfm.ipynb": notebook(), "zw_771_1002_06_rfm.ipynb": notebook()}
    write_collected(sort(packed(early)), out)
    again = {"bob_774_1003_06_rfm.ipynb": notebook("late = 1")}
    write_collected(sort(packed(again, when=NOON)), out)
    assert {*read_times(out / "times.csv").listed} == {("2023001", "06")}


def test_the_moment_of_packing_is_no_time_of_handing_in(sort, tmp_path):
    files = {"bob_774_1001_06_rfm.ipynb": notebook(), "zw_771_1002_06_rfm.ipynb": notebook()}
    taken = sort(packed(files, when=NOON))
    assert {each.handed_in for each in taken} == {None}
    write_collected(taken, tmp_path / "out")
    assert not (tmp_path / "out" / "times.csv").exists()


def test_the_times_inside_a_student_s_own_zip_are_not_believed(sort):
    early = packed({"06_rfm.ipynb": notebook(), "data/mine.parquet": b""})
    assert {each.handed_in for each in sort({"bob.zip": early})} == {None}
    outer = {"x_9_9999_y.txt": b"", "bob_774_1001_bob.zip": early}
    assert {each.handed_in for each in sort(packed(outer)) if each.used} == {
        datetime(2027, 3, 12, 1)
    }


# when misused


@pytest.mark.parametrize(
    ("name", "content", "note"),
    [
        ("Eve/06_rfm.ipynb", notebook(), "nobody on the roster has such an id, e-mail or name"),
        ("Bob_5_assignsubmission_file_/06_rfm.ipynb", notebook(), "the name 'Bob' is that of"),
        ("2023001/essay.docx", b"x", "it is no notebook, and is left out"),
        ("2023001/broken.zip", b"PK\x03\x04", "the zip cannot be read"),
        ("2023001/06_rfm.ipynb", b"[" * 99_999, ""),
        ("2023001/06_rfm.ipynb", b"", "left out: the file is empty"),
        ("2023001/notes.txt", b"x", ""),
    ],
)
def test_what_cannot_be_used_is_named_and_the_others_are_collected(sort, name, content, note):
    taken = sort({name: content, "al/06_rfm.ipynb": notebook()})
    assert ("al", "06_rfm") in pairs(taken)
    notes = [each.note for each in taken if each.note]
    assert len(notes) == bool(note)
    assert note in "".join(notes)


def test_a_zip_that_unpacks_to_more_than_any_work_is_refused_and_the_rest_collected(
    sort, monkeypatch
):
    monkeypatch.setattr(download, "_LARGEST_INNER", 1_000)
    bomb = packed({f"06_rfm ({n}).ipynb": b" " * 600 for n in range(2)})
    taken = sort({"bob.zip": bomb, "al/06_rfm.ipynb": notebook()})
    assert pairs(taken) == {("al", "06_rfm")}
    assert [each.note for each in taken if each.note] == ["the zip unpacks to more than 0 MB"]


def test_a_path_that_climbs_writes_nowhere_else(sort, tmp_path):
    taken = sort(packed({"bob_774_1001_x/../../../06_rfm.ipynb": notebook()}))
    write_collected(taken, tmp_path / "in" / "out")
    written = {path.name for path in tmp_path.rglob("*.ipynb")}
    assert written <= {"06_rfm.ipynb"}
    assert not (tmp_path / "06_rfm.ipynb").exists()


def test_the_command_names_what_it_left_out_and_who_sent_nothing(tmp_path):
    write_roster(tmp_path / "roster.csv", CLASS)
    (tmp_path / "course.yaml").write_text("key: 0123456789abcdef\n", encoding="utf-8")
    files = {"zw_771_1001_06_rfm (1).ipynb": notebook(), "eve_9_1002_06_rfm.ipynb": notebook()}
    (tmp_path / "moodle.zip").write_bytes(packed(files))
    asked = ["course", "collect", tmp_path / "moodle.zip", "--course", tmp_path / "course.yaml"]
    found = CliRunner().invoke(main, [*map(str, asked), "--out", str(tmp_path / "in")])
    assert found.exit_code == 0
    assert "eve_9_1002_06_rfm.ipynb: left out: nobody on the roster" in found.output
    assert f"1 notebooks of 1 of 5 students are in {tmp_path / 'in'}" in found.output
    assert "Nothing came from 4: 2023002, al, bob, bob2" in found.output
    listed = (tmp_path / "in" / "collected.csv").read_text(encoding="utf-8-sig")
    assert listed.splitlines()[2].startswith('eve_9_1002_06_rfm.ipynb,,,,"left out')
