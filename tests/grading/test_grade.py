"""Whole gradings, without a box: one submission, one report, one line never stops a class."""

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmlab.classroom.bundle import own_data
from crmlab.classroom.solve import solve_for
from crmlab.classroom.source import read
from crmlab.classroom.strip import stripped
from crmlab.grading import box, grade, marks, reports
from crmlab.grading.course import Course, LateRule
from crmlab.grading.sheet import COLUMNS, open_levels, write_open
from crmlab.grading.watch import Ended

from .corpus import FULL, code_cell

SHOP = Path(__file__).parents[1] / "exercises" / "source" / "90_shop.py"
KEY = "k" * 16
REPORTS = [
    "gradebook.csv",
    "regraded.csv",
    "totals.csv",
    "open.csv",
    "moodle.csv",
    "canvas.csv",
    "items.csv",
]
REPORTS += ["outcomes.csv", "items.html", "similar.csv", "feedback"]
END = b'{"end": true}\n'


def right(student):
    """Return the lines that the checks of a solved notebook write."""
    exercise = read(SHOP)
    solved = solve_for(exercise, own_data(exercise, KEY, student))
    lines = [{"question": name, "answer": each.answer.to_json()} for name, each in solved.items()]
    return "".join(json.dumps(line) + "\n" for line in lines).encode() + END


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A course whose box says, for each notebook, the lines that stand for it in `said`."""
    return make_desk(tmp_path, monkeypatch)


def make_desk(folder, monkeypatch):
    class Desk:
        course = Course(key=KEY, chapters=("90",), unseen=folder / "unseen", folder=folder)
        said = {}  # noqa: RUF012
        runs = []  # noqa: RUF012

        def hand_in(self, student, said, name="90_shop.ipynb"):
            notebook = stripped(read(SHOP))
            notebook["cells"].insert(0, code_cell(f"# {student}"))
            path = folder / "in" / student / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(notebook), encoding="utf-8")
            self.said[student] = said

        def grade(self, *students, **settings):
            roster = dict.fromkeys(students, "A name")
            plan = grade.plan(self.course, roster, folder / "in", folder / "out", **settings)
            marked = [*grade.grade(plan, jobs=1)]
            lines = [*reports.write_reports(plan, marked, roster)]
            return {each.student: each for each in marked}, "\n".join(lines)

        def book(self):
            return pd.read_csv(folder / "out" / "gradebook.csv", dtype=str, encoding="utf-8-sig")

    def run(_, job, **settings):
        name = json.loads(job)["cells"][0].removeprefix("# ")
        Desk.runs.append(name)
        said = Desk.said.get(name, END)
        if isinstance(said, Exception):
            raise said
        return said if isinstance(said, Ended) else Ended(b"", said, "", 0.1)

    monkeypatch.setattr(box, "run", run)
    for name in ("unseen", "in", "out"):
        (folder / name).mkdir()
    (folder / "unseen" / SHOP.name).write_bytes(SHOP.read_bytes())
    return Desk()


# nothing answered


def test_where_nobody_answered_an_open_question_all_reports_are_written(desk, tmp_path):
    desk.hand_in("ann", END)
    marked, said = desk.grade("ann")
    assert marked["ann"].score == 0
    assert "could not be written" not in said
    assert {*REPORTS, "marks"} == {path.name for path in (tmp_path / "out").glob("[!.]*")}
    assert (tmp_path / "out" / "open.csv").read_text(encoding="utf-8-sig").count("\n") == 1


def test_a_book_without_an_open_question_makes_an_empty_sheet(tmp_path):
    book = pd.DataFrame(
        [{"assignment": "06_rfm", "question": "06.1", "student_id": "a", "kind": "missing"}]
    ).assign(answer="")
    path = tmp_path / "open.csv"
    write_open(path, book, open_levels(path, {"a"}))
    assert path.read_text(encoding="utf-8-sig") == ",".join(COLUMNS) + "\n"
    assert open_levels(path, {"a"}).empty


def test_a_chapter_that_nobody_handed_in_or_that_has_no_pairs_stops_nothing(desk, tmp_path):
    text = SHOP.read_text(encoding="utf-8")
    for name in ("91_other.py", "92_third.py"):
        other = text.replace("90.", f"{name[:2]}.").replace('"90"', f'"{name[:2]}"')
        (tmp_path / "unseen" / name).write_text(other, encoding="utf-8")
    object.__setattr__(desk.course, "chapters", ("90", "91", "92"))
    desk.hand_in("ann", right("ann"))
    desk.hand_in("bob", END, "92_third.ipynb")
    _, said = desk.grade("ann", "bob")
    assert "could not be written" not in said
    assert {*desk.book()["assignment"]} == {"90_shop", "92_third"}


# in Chinese


def test_a_course_in_chinese_answers_its_students_in_chinese(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(type(desk), "course", replace(desk.course, language="zh"))
    wrong = right("bob").replace(b"[[", b"[[1").replace(END, b"")
    desk.hand_in("ann", right("ann"))
    desk.hand_in("bob", wrong)
    desk.hand_in("cy", END, "90_shp.ipynb")
    with desk.course.spoken():
        desk.grade("ann", "bob", "cy")
    page = {
        name: (tmp_path / "out" / "feedback" / f"{name}.html").read_text(encoding="utf-8")
        for name in ("ann", "bob", "cy")
    }
    assert '<html lang="zh-Hans">' in page["ann"]
    assert "等待批阅。" in page["ann"]
    assert "4/7 分" in page["ann"]
    assert "还没运行到最后一个单元格就自行结束了。在此之前的答案算分。" in page["bob"]
    assert "没有提交 90_shop.ipynb；但有 &#39;90_shp.ipynb&#39;" in page["cy"]
    moodle = (tmp_path / "out" / "moodle.csv").read_text(encoding="utf-8-sig")
    assert "3 题中答对 3 题; 1 道开放题等待老师批阅" in moodle
    for each in page.values():  # a person reads no English but the exercise's own
        theirs = r"(?s)<style.*?</style>|<small>.*?</small>|<ol>.*?</ol>|你的答案：[^<]*|<[^>]*>"
        assert not re.search("Waits|points|Handed|answer|Right", re.sub(theirs, "", each))


# a unit that fails alone


def test_a_submission_on_which_grading_fails_has_its_reason_and_the_others_their_marks(desk):
    desk.hand_in("ann", right("ann"))
    desk.hand_in("bob", RuntimeError("\x1b[2J no\nway"))
    marked, said = desk.grade("ann", "bob")
    assert (marked["ann"].score, marked["bob"].score) == (FULL, 0)
    reason = r"could not be graded: RuntimeError: \x1b[2J no\nway"
    assert {*desk.book().query("student_id == 'bob'")["reason"]} == {reason}
    assert f"bob: 90_shop {reason}" in said
    desk.said["bob"] = right("bob")
    assert desk.grade("ann", "bob")[0]["bob"].score == FULL
    assert desk.runs == ["ann", "bob", "bob"]


def test_a_question_on_which_judging_fails_costs_that_question(desk, monkeypatch):
    real = marks.judge

    def judge(answer, key):
        if answer.kind == "text":
            raise OverflowError("too large")
        return real(answer, key)

    monkeypatch.setattr(marks, "judge", judge)
    desk.hand_in("ann", right("ann"))
    marked, said = desk.grade("ann")
    assert [mark.kind for mark in marked["ann"].marks] == ["right", "right", "ungraded", "open"]
    assert "ann: 90_shop a question could not be graded" in said


@pytest.mark.parametrize("name", [name for name in REPORTS if name not in ("open.csv",)])
def test_a_report_that_fails_is_said_and_the_others_stand(desk, tmp_path, monkeypatch, name):
    made = {"items.html": "write_items", "feedback": "write_feedback"}.get(name)
    real = reports.write_table

    def fail(*_):
        raise KeyError("$\\bad$")

    if made:
        monkeypatch.setattr(reports, made, fail)
    else:
        monkeypatch.setattr(
            reports, "write_table", lambda t, p: fail() if p.name == name else real(t, p)
        )
    desk.hand_in("ann", right("ann"))
    _, said = desk.grade("ann")
    assert said.count("could not be written") == 1
    assert f"{name} could not be written, the other reports are there. KeyError" in said
    there = {path.name for path in (tmp_path / "out").glob("[!.]*")}
    assert {*REPORTS, "marks"} - there == {name}


# what is kept


def test_a_stop_for_time_on_a_busy_machine_is_tried_once_more_and_never_kept(desk):
    desk.hand_in("ann", Ended(b"", b"", "stopped: it took longer than 180 seconds", 180, busy=True))
    desk.hand_in("bob", Ended(b"", b"", "stopped: it took longer than 60 seconds", 60))
    marked, said = desk.grade("ann", "bob")
    assert desk.runs == ["ann", "bob", "ann"]
    assert not marked["ann"].final
    assert "ann: 90_shop stopped: it took longer than 180 seconds; run it once more" in said
    desk.said["ann"] = right("ann")
    assert desk.grade("ann", "bob")[0]["ann"].score == FULL
    assert desk.runs == ["ann", "bob", "ann", "ann"]


def test_marks_of_a_run_without_a_box_are_not_taken_for_boxed_ones(desk):
    desk.hand_in("ann", right("ann"))
    desk.grade("ann", unsafe=True)
    assert {*desk.book()["boxed"]} == {"no"}
    desk.grade("ann")
    assert {*desk.book()["boxed"]} == {"yes"}
    assert desk.runs == ["ann", "ann"]


def test_a_misnamed_notebook_is_named_on_the_console_and_in_the_book(desk):
    desk.hand_in("ann", END, "90_shop (1).ipynb")
    _, said = desk.grade("ann")
    reason = "no 90_shop.ipynb was handed in; there is '90_shop (1).ipynb'"
    assert f"ann: {reason}" in said
    assert desk.book()["reason"].str.startswith(reason).all()


def test_times_of_files_are_told_where_lateness_costs(desk):
    object.__setattr__(desk.course, "late", LateRule(per_day=0.1))
    desk.hand_in("ann", right("ann"))
    _, said = desk.grade("ann")
    assert "a student can set these: name your platform's list with --times" in said
    assert {*desk.book()["time_from"]} == {"file"}


# for any data

_names = st.sampled_from(["90.1", "90.2", "90.3", "90.4", "06.1", "$x$", ""])
_cells = st.one_of(st.floats(), st.integers(), st.text(max_size=9), st.none(), st.booleans())
_answers = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["number", "text", "flag", "nothing", "list", "table", "x"]),
        "columns": st.lists(st.text(max_size=5) | st.just("$\\bad$"), max_size=2),
        "rows": st.lists(st.lists(_cells, max_size=2), max_size=3),
    }
)
_lines = st.one_of(
    st.fixed_dictionaries({"question": _names, "answer": _answers}),
    st.fixed_dictionaries({"question": _names, "refused": st.text()}),
    st.fixed_dictionaries({"cell": st.integers(), "error": st.text()}),
    st.recursive(_cells, lambda each: st.lists(each) | st.dictionaries(st.text(), each)),
)
_pipes = st.lists(_lines.map(lambda line: json.dumps(line).encode()) | st.binary(), max_size=6)
_sources = st.one_of(st.text(max_size=40), st.lists(st.text() | st.integers()), st.none())
_notebooks = st.fixed_dictionaries(
    {
        "cells": st.lists(
            st.fixed_dictionaries({"cell_type": st.sampled_from(["code", "x"]), "source": _sources})
            | _cells,
            max_size=4,
        ),
        "metadata": _cells | st.fixed_dictionaries({"kernelspec": _cells}),
    }
)


@st.composite
def _zips(draw):
    """Return a zip with some bytes changed."""
    method = draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 8]))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as file:
        file.writestr("90_shop.ipynb", json.dumps(draw(_notebooks)))
        file.writestr("é.ipynb", "{}")
    raw = bytearray(whole.getvalue())
    for place in draw(st.lists(st.integers(0, len(raw) - 1), max_size=4)):
        raw[place] = draw(st.integers(0, 255))
    return bytes(raw)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_pipes, min_size=3, max_size=3), _notebooks, _zips())
def test_whatever_is_handed_in_everybody_has_marks_and_every_report_is_there(
    tmp_path_factory, pipes, notebook, packed
):
    folder = tmp_path_factory.mktemp("fuzz")
    with pytest.MonkeyPatch.context() as patch:
        desk = make_desk(folder, patch)
        desk.hand_in("good", right("good"))
        for number, lines in enumerate(pipes):
            desk.hand_in(f"pipe{number}", b"\n".join([*lines, b""]))
        desk.hand_in("notebook", END)
        path = folder / "in" / "notebook" / "90_shop.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
        (folder / "in" / "zip.zip").write_bytes(packed)
        marked, said = desk.grade("good", "pipe0", "pipe1", "pipe2", "notebook", "zip", "absent")
        assert "could not be" not in said
        assert {*REPORTS, "marks"} == {each.name for each in (folder / "out").glob("[!.]*")}
        assert len([*(folder / "out" / "feedback").iterdir()]) == len(marked) == 7
        assert marked["good"].score == FULL
        book = desk.book()
        assert book.groupby("student_id").size().to_dict() == dict.fromkeys(marked, 4)
        points = book[["score", "max_score"]].astype(float)
        assert points["score"].between(0, points["max_score"]).all()
        assert not book.map(lambda cell: str(cell).startswith(("=", "@", "+"))).any(axis=None)
