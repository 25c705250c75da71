"""crmlab.grading.times: who says when something was handed in, and in which zone."""

# ruff: noqa: E501 (platforms have long lines)

import os
from datetime import datetime

import pytest

from crmlab.grading.course import CourseError, read_course
from crmlab.grading.roster import Student
from crmlab.grading.submission import find_all
from crmlab.grading.times import Times, TimesError, moment, read_times, zone_of

SHANGHAI = zone_of("Asia/Shanghai")


# by hand


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-05-01 12:00", datetime(2026, 5, 1, 12)),
        ("2026-05-01T12:00:00.5Z", datetime(2026, 5, 1, 20)),
        ("2026-05-01 12:00+02:00", datetime(2026, 5, 1, 18)),
        ("2026-05-01 12:00 +0200", datetime(2026, 5, 1, 18)),
        ("2026-05-01 12:00:00.250000 UTC", datetime(2026, 5, 1, 20)),
        ("2026-01-01 12:00 Europe/Berlin", datetime(2026, 1, 1, 19)),
        ("2026-07-01 12:00 Europe/Berlin", datetime(2026, 7, 1, 18)),
    ],
)
def test_a_moment_is_shown_on_the_clock_of_the_course(text, when):
    assert moment(text, SHANGHAI) == when


def test_a_list_says_when_by_chapter_or_for_all(tmp_path):
    path = tmp_path / "moodle.csv"
    text = "student_id,chapter,handed_in\nann,06_rfm,2026-05-01 12:00\nann,,2026-05-02 12:00Z\n"
    path.write_text(text, encoding="utf-8-sig")
    times = read_times(path, SHANGHAI)
    assert times.of("ann", "06_rfm", path) == (datetime(2026, 5, 1, 12), "moodle.csv")
    assert times.of("ann", "07_pyramid", path) == (datetime(2026, 5, 2, 20), "moodle.csv")
    os.utime(path, (0, 0))
    assert times.of("bob", "06_rfm", path) == (datetime(1970, 1, 1, 8), "file")


def test_a_chapter_with_a_letter_has_its_own_time(tmp_path):
    path = tmp_path / "moodle.csv"
    text = "student_id,chapter,handed_in\nann,04,2026-05-01 12:00\nann,04b,2026-05-02 12:00\n"
    path.write_text(text, encoding="utf-8")
    times = read_times(path, SHANGHAI)
    assert times.of("ann", "04_database", path)[0] == datetime(2026, 5, 1, 12)
    assert times.of("ann", "04b_identity", path)[0] == datetime(2026, 5, 2, 12)


def test_the_folder_of_nbgraders_collector_is_read(tmp_path):
    stamp = tmp_path / "submitted" / "ann" / "06_rfm" / "timestamp.txt"
    stamp.parent.mkdir(parents=True)
    stamp.write_text("2026-05-01 12:00:00.123 UTC\n", encoding="utf-8")
    times = read_times(tmp_path / "submitted", SHANGHAI)
    assert times.of("ann", "06_rfm", stamp) == (datetime(2026, 5, 1, 20), "submitted")


def test_what_lies_in_a_students_folder_is_not_believed(tmp_path):
    (tmp_path / "ann").mkdir()
    notebook = tmp_path / "ann" / "90_shop.ipynb"
    notebook.write_text("{}", encoding="utf-8")
    os.utime(notebook, (1e9, 1e9))
    for said in ("1970-01-01 00:00:00", "2026-05-01 12:00:00+02:00", "2026 UTC", "\x00"):
        (tmp_path / "ann" / "timestamp.txt").write_text(said, encoding="utf-8")
        (found,) = find_all(tmp_path, {"ann"}, "90_shop", times=Times(zone=SHANGHAI))
        assert (found.handed_in, found.time_from) == (datetime(2001, 9, 9, 9, 46, 40), "file")


MOODLE = """Identifier,Full name,ID number,Email address,Status,Grade,Last modified (submission),Last modified (grade)
Participant 11,Ann Ex,s1,ann@ex.org,Submitted for grading - ,-,"Friday, 1 May 2026, 5:55 PM",-
Participant 12,Bob Why,,bob@ex.org,"Submitted for grading - 2 hours late",-,"Saturday, 2 May 2026, 12:05 AM",-
Participant 13,Cy Zed,s3,cy@ex.org,No submission - ,-,-,-
Participant 14,Dora Tutor,,dora@ex.org,No submission - ,-,"Friday, 1 May 2026, 6:00 PM",-
"""
ROSTER = [
    Student("s1", "Ann Ex", "ann@ex.org"),
    Student("s2", "Bob Why", "bob@ex.org"),
    Student("s3", "Cy Zed"),
]


def test_moodles_grading_worksheet_says_when_and_who_has_no_number_is_known_by_address(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text(MOODLE, encoding="utf-8-sig")
    assert read_times(path, SHANGHAI, ROSTER).listed == {
        ("s1", ""): datetime(2026, 5, 1, 17, 55),
        ("s2", ""): datetime(2026, 5, 2, 0, 5),
    }


def test_a_worksheet_in_chinese_in_a_folder_tells_its_chapter_by_its_name(tmp_path):
    head = "全名,学号,上次修改（提交）\n"
    (tmp_path / "06_rfm.csv").write_bytes(
        f"{head}陈,s1,2026年5月1日 星期五 17:55\n王,s3,-\n".encode("gb18030")
    )
    (tmp_path / "CRM 07_pyramid grades.csv").write_text(
        "Student,ID,Submitted At\n陈,s1,2026-05-08T17:55:00Z\n", encoding="utf-8"
    )
    assert read_times(tmp_path, SHANGHAI, ROSTER).listed == {
        ("s1", "06"): datetime(2026, 5, 1, 17, 55),
        ("s1", "07"): datetime(2026, 5, 9, 1, 55),
    }


def test_due_dates_have_zones_too(tmp_path):
    (tmp_path / "times.csv").write_text(
        "student_id,handed_in\nann,2026-05-01 00:00Z\n", encoding="utf-8"
    )
    course = tmp_path / "course.yaml"
    text = (
        "key: abcdefghijklmnopqrst\nzone: Asia/Shanghai\ntimes: times.csv\n"
        'due: {"06": 2026-05-01 12:00:00+02:00, "07": "2026-05-01 12:00 UTC", '
        '"00": 2026-05-01 9:00:00}\n'
    )
    course.write_text(text, encoding="utf-8")
    made = read_course(course)
    assert [when.hour for when in made.due.values()] == [18, 20, 9]
    assert made.handed_in().of("ann", "06_rfm", course)[0] == datetime(2026, 5, 1, 8)


# when misused


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("student_id,when\n", r"missing \['handed_in'\]; the first line has"),
        ("student_id,handed_in\nann,soon\nbob,\n", "line 2: .*soon.*line 3: .*Write 2026-12-01"),
        ("student_id,handed_in\nann,5/3/2026\n", "line 2: .*could begin with the day"),
        (
            "student_id,handed_in\nann,2026-05-01 12:00 Moon/Crater\n",
            "'Moon/Crater' is no time zone",
        ),
    ],
)
def test_every_fault_of_a_list_is_named(tmp_path, text, fault):
    path = tmp_path / "times.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TimesError, match=fault):
        read_times(path)


def test_a_table_in_a_folder_must_name_its_chapter(tmp_path):
    (tmp_path / "grades.csv").write_text("student_id,handed_in\n", encoding="utf-8")
    with pytest.raises(TimesError, match=r"names no chapter; call it 06_grades\.csv"):
        read_times(tmp_path)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("zone: Moon", "zone: 'Moon' is no time zone"),
        ("times: no.csv", "times: there is no 'no.csv'"),
    ],
)
def test_a_course_names_faults_of_zone_and_times(tmp_path, line, fault):
    path = tmp_path / "course.yaml"
    path.write_text(f"key: abcdefghijklmnopqrst\n{line}\n", encoding="utf-8")
    with pytest.raises(CourseError, match=fault):
        read_course(path)
