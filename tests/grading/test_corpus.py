"""Hostile and broken submissions: the right mark, a clear reason, and nothing outside changed."""

import hashlib
import socket
import tempfile
from pathlib import Path

import pytest

from crmlab.classroom.source import read
from crmlab.grading import grade, marks
from crmlab.grading.course import Course
from crmlab.grading.watch import Limits

from .corpus import write_class
from .test_box import FORTY_SLEEPERS, nothing_is_left, said

SHOP = Path(__file__).parents[1] / "exercises" / "source" / "90_shop.py"
LIMITS = Limits(
    seconds=60,
    cpu_seconds=8,
    memory_bytes=1_000_000_000,
    processes=20,
    disk_bytes=20_000_000,
    printed_bytes=200_000,
)


def fingerprint(*folders):
    """Return the names, kinds and contents of all that lies in `folders`, as one text."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            digest.update(f"{path}{path.lstat().st_mode}".encode())
            if path.is_file() and not path.is_symlink():
                digest.update(path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade the whole corpus once; return expectations, marks, and what was seen around it."""
    assert 0 < int(said(FORTY_SLEEPERS)) < LIMITS.processes  # before any bomb is tried
    root = tmp_path_factory.mktemp("course")
    submissions, unseen = root / "submissions", root / "unseen"
    submissions.mkdir()
    unseen.mkdir()
    source = unseen / SHOP.name
    source.write_bytes(SHOP.read_bytes())
    (root / "course.yaml").write_text("key: secret", encoding="utf-8")
    course = Course(key="k" * 16, chapters=("90",), unseen=unseen, folder=root)
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.MonkeyPatch.context() as patch:
        listener.settimeout(0.1)
        patch.setattr(marks, "CELL_SECONDS", 3)
        scratch = tmp_path_factory.mktemp("scratch")
        patch.setattr(tempfile, "tempdir", str(scratch))
        expected = write_class(
            submissions,
            read(source),
            source=str(source),
            neighbour=str(submissions / "good" / "90_shop.ipynb"),
            key=str(root / "course.yaml"),
            outside=str(submissions / "was-here"),
            port=listener.getsockname()[1],
        )
        before = fingerprint(root)
        out = tmp_path_factory.mktemp("grades")
        plan = grade.plan(course, dict.fromkeys(expected, ""), submissions, out, limits=LIMITS)
        marked = {each.student: each for each in grade.grade(plan, jobs=1)}
        with pytest.raises(TimeoutError):
            listener.accept()
    assert nothing_is_left()
    assert fingerprint(root) == before
    assert [*scratch.iterdir()] == []
    assert not [*Path("/tmp").glob("[0-9]")]  # where the corpus fills its disk
    return expected, marked, plan


def test_nobody_is_lost(graded):
    expected, marked, _ = graded
    assert {*marked} == {*expected}
    assert len(marked) > 30


def test_each_has_the_right_mark_and_its_reason(graded):
    expected, marked, _ = graded
    wrong = {}
    for student, (allowed, notes) in expected.items():
        got = marked[student]
        ended = any(
            got.score == points and (got.reason.startswith(reason) if reason else not got.reason)
            for points, reason in allowed
        )
        unsaid = [note for note in notes if not any(note in each for each in got.notes)]
        if unsaid or not ended:
            wrong[student] = (got.score, got.reason, got.notes, "not said:", unsaid)
    assert wrong == {}


def test_faked_answers_are_refused_by_name(graded):
    for mark in graded[1]["faked"].marks[:3]:
        assert (mark.kind, mark.points) == ("refused", 0)
        assert "kind 'A'" in mark.reply


def test_answers_at_the_end_of_what_numbers_and_texts_can_be_get_their_reply(graded):
    extreme, tiny = graded[1]["extreme"], graded[1]["tiny"]
    assert [mark.kind for mark in extreme.marks] == ["unlike", "shape", "unlike", "open"]
    assert extreme.marks[2].answer == "?\\x1b[2J\n=1+1"
    assert [mark.kind for mark in tiny.marks[:3]] == ["unlike", "right", "refused"]
    assert tiny.marks[2].reply == "your answer is longer than a megabyte."


def test_what_ends_otherwise_at_another_try_is_no_result_and_the_rest_is(graded):
    for student, marked in graded[1].items():
        assert marked.final, (student, marked.reason)


def test_a_second_run_takes_the_marks_that_are_there(graded, monkeypatch):
    _, marked, plan = graded
    monkeypatch.setattr(grade, "mark", lambda *_, **__: pytest.fail("graded again"))
    assert {each.student: each for each in grade.grade(plan)} == marked


def test_a_run_cut_short_goes_on_where_it_stopped(graded, monkeypatch):
    _, marked, plan = graded
    for student in ("good", "absent"):
        (plan.out / "marks" / "90_shop" / f"{student}.json").unlink()
    (plan.out / "marks" / "90_shop" / "no_code.json").write_text('{"half', encoding="utf-8")
    again = []
    real = grade.mark

    def noted(submission, exercise, **settings):
        again.append(submission.student)
        return real(submission, exercise, **settings)

    monkeypatch.setattr(grade, "mark", noted)
    assert {each.student: each for each in grade.grade(plan, jobs=1)} == marked
    assert sorted(again) == ["absent", "good", "no_code"]
