"""As a new instructor would: a roster, a release, submissions of every quality, a gradebook."""

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from crmlab.classroom import check, load_mine
from crmlab.classroom.source import read
from crmlab.cli import main
from crmlab.grading import box
from crmlab.grading.course import read_course
from crmlab.grading.release import release
from crmlab.grading.roster import read_roster

from .corpus import solved_notebook

MORE = """# %% [markdown]
# # 91 · More

# %%
from crmlab.classroom import check

# %% [markdown] objective="add"
# **91.1** What is one and one? As `two`.

# %% tags=["solution"]
two = 1 + 1

# %%
check("91.1", two)
"""
SHOP = Path(__file__).parents[1] / "exercises" / "source" / "90_shop.py"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """An instructor's folder with a course, a roster and an exercise of one's own."""
    desk = tmp_path_factory.mktemp("desk")
    (desk / "unseen").mkdir()
    (desk / "unseen" / SHOP.name).write_bytes(SHOP.read_bytes())
    names = "student_id,name\nann,Ann\nbob,Bob <b>\ncy,陈\n"
    (desk / "roster.csv").write_text(names, encoding="utf-8")
    course = 'name: A course\nkey: abcdefghijklmnopqrst\nunseen: unseen\nchapters: ["90"]\n'
    (desk / "course.yaml").write_text(course, encoding="utf-8")
    return desk


def crmlab(*arguments):
    run = CliRunner().invoke(main, ["course", *map(str, arguments)])
    return run.exit_code, run.output


@pytest.fixture(scope="module")
def graded(desk):
    """Release; let Ann solve all, Bob read medians for means, Cy hand nothing in; grade."""
    course = ("--course", desk / "course.yaml")
    assert crmlab("release", desk / "roster.csv", "--out", desk / "release", *course)[0] == 0
    for student in ("ann", "bob"):
        with zipfile.ZipFile(desk / "release" / f"{student}.zip") as packed:
            packed.extractall(desk / "back")
        notebook = solved_notebook(read(SHOP))
        if student == "bob":
            text = json.dumps(notebook).replace(".mean()", ".median()")
            notebook = json.loads(text)
        path = desk / "back" / student / "90_shop.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
    (desk / "back" / "stranger").mkdir()
    return crmlab("grade", desk / "back", "--out", desk / "grades", "--jobs", 2, *course)


def test_a_zip_holds_what_a_student_needs_and_no_secret(desk, graded):
    with zipfile.ZipFile(desk / "release" / "ann.zip") as packed:
        names = packed.namelist()
        text = b"".join(packed.read(name) for name in names)
    assert sorted(names) == [
        "ann/90_shop.ipynb",
        "ann/README.txt",
        "ann/crmlab-bundle.json",
        "ann/data/90.json",
        "ann/data/90.parquet",
    ]
    for secret in (b"abcdefghijklmnopqrst", b"groupby", b"value_counts", b"def world"):
        assert secret not in text


def test_every_zip_is_different_and_the_same_when_made_again(desk, graded, tmp_path):
    course = ("--course", desk / "course.yaml")
    crmlab("release", desk / "roster.csv", "--out", tmp_path, *course)
    zips = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert zips == {path.name: path.read_bytes() for path in (desk / "release").iterdir()}
    assert len({*zips.values()}) == 3


def test_two_processes_release_the_same_as_one(desk, tmp_path):
    course = read_course(desk / "course.yaml")
    roster = {f"s{number}": "" for number in range(9)}
    one, two = (
        {
            path.name: path.read_bytes()
            for path in release(course, roster, tmp_path / name, jobs=jobs)
        }
        for name, jobs in (("one", 1), ("two", 2))
    )
    assert one == two
    assert len({*one.values()}) == 9


def test_it_says_what_was_found(desk, graded):
    code, said = graded
    assert code == 0, said
    assert "Not on the roster, left out: stranger" in said
    assert "3 notebooks: 1 not handed in, 0 did not run to their end" in said
    assert "2 open answers wait for a level in" in said


def test_everything_promised_is_there(desk, graded):
    assert {path.name for path in (desk / "grades").glob("[!.]*")} == {
        "canvas.csv",
        "feedback",
        "gradebook.csv",
        "items.csv",
        "items.html",
        "marks",
        "moodle.csv",
        "open.csv",
        "outcomes.csv",
        "regraded.csv",
        "similar.csv",
        "totals.csv",
    }


def test_the_gradebook_has_everybodys_marks(desk, graded):
    book = pd.read_csv(desk / "grades" / "gradebook.csv", encoding="utf-8-sig", dtype=str)
    points = book.astype({"score": float}).groupby("student_id")["score"].sum()
    assert points.to_dict() == {"ann": 4.0, "bob": 3.0, "cy": 0.0}
    assert book.query("student_id == 'bob'")["reply"].iloc[0] == "That is the median."
    assert {*book.query("student_id == 'cy'")["reason"]} == {"no 90_shop.ipynb was handed in"}


def test_feedback_is_whole_escaped_and_fetches_nothing(desk, graded):
    page = (desk / "grades" / "feedback" / "bob.html").read_text(encoding="utf-8")
    assert "Bob &lt;b&gt;" in page
    assert "That is the median." in page
    assert "<li>says what would change it</li>" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "data:image/png" in (desk / "grades" / "items.html").read_text(encoding="utf-8")


def test_a_second_run_changes_nothing(desk, graded):
    files = [path for path in (desk / "grades").rglob("*") if path.is_file()]
    before = {path: path.read_bytes() for path in files}
    course = ("--course", desk / "course.yaml")
    code, said = crmlab("grade", desk / "back", "--out", desk / "grades", *course)
    assert (code, said) == graded
    assert {path: path.read_bytes() for path in files} == before


def test_a_changed_submission_is_graded_anew(desk, graded, tmp_path):
    course = ("--course", desk / "course.yaml")
    path = desk / "back" / "bob" / "90_shop.ipynb"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(".median()", ".mean()"), encoding="utf-8")
    try:
        crmlab("grade", desk / "back", "--out", desk / "grades", *course)
        book = pd.read_csv(desk / "grades" / "gradebook.csv", encoding="utf-8-sig")
        assert book.query("student_id == 'bob'")["score"].sum() == 4
        record = pd.read_csv(desk / "grades" / "regraded.csv", encoding="utf-8-sig")
        assert record["why"].tolist() == ["handed in anew"]
        assert record["student_id"].tolist() == ["bob"]
    finally:
        path.write_text(before, encoding="utf-8")


# without a box, and when misused


def test_without_a_box_it_says_what_is_not_protected_and_grades_the_same(desk, graded, tmp_path):
    course = ("--course", desk / "course.yaml", "--out", tmp_path)
    code, said = crmlab("grade", desk / "back", "--unsafe-no-sandbox", "--jobs", 1, *course)
    assert code == 0, said
    assert box.UNPROTECTED[:40] in said
    book = pd.read_csv(tmp_path / "gradebook.csv", encoding="utf-8-sig")
    assert book["score"].sum() == 7


def test_without_a_box_it_refuses_unless_told(desk, graded, tmp_path, monkeypatch):
    monkeypatch.setattr(box, "why_not", lambda: "bubblewrap is on holiday")
    course = ("--course", desk / "course.yaml", "--out", tmp_path)
    code, said = crmlab("grade", desk / "back", *course)
    assert code == 1
    assert "cannot be boxed here: bubblewrap is on holiday" in said
    assert "--unsafe-no-sandbox" in said


def test_nothing_handed_in_is_said(desk, tmp_path):
    course = ("--course", desk / "course.yaml", "--out", tmp_path)
    (tmp_path / "empty").mkdir()
    assert (
        crmlab("grade", tmp_path / "empty", *course)[1]
        .strip()
        .endswith("Nobody handed anything in.")
    )


def test_grading_without_a_course_or_roster_says_what_is_missing(tmp_path):
    assert (
        "`crmlab course release` makes one"
        in crmlab("grade", tmp_path, "--course", tmp_path / "c")[1]
    )
    (tmp_path / "course.yaml").write_text("key: abcdefghijklmnopqrst", encoding="utf-8")
    code, said = crmlab("grade", tmp_path, "--course", tmp_path / "course.yaml")
    assert code == 1
    assert "name the roster with --roster" in said


def test_late_joiners_are_served_also_after_a_release_that_failed(tmp_path):
    for name, lines in {"roster.csv": "ann,Ann", "late.csv": "ann,Ann\nbob,Bob"}.items():
        (tmp_path / name).write_text(f"student_id,name\n{lines}\n", encoding="utf-8")
    (tmp_path / "course.yaml").write_text(f"key: {'k' * 16}\nchapters: [06]\n", encoding="utf-8")
    course = ("--course", tmp_path / "course.yaml", "--out", tmp_path / "out")
    late = ("release", tmp_path / "late.csv", *course)
    code, said = crmlab(*late)
    assert (code, "1 more (bob) students" in said) == (1, True)
    assert crmlab(*late, "--add", "--chapter", "07")[0] == 1
    assert read_roster(tmp_path / "roster.csv") == {"ann": "Ann"}
    assert "1 zips in" in crmlab(*late, "--add", "--chapter", "06")[1]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["bob.zip"]
    assert read_roster(tmp_path / "roster.csv") == {"ann": "Ann", "bob": "Bob"}
    assert "Nobody in late.csv is new" in crmlab(*late, "--add")[1]


def test_a_chapter_released_alone_tells_nothing_of_others_and_takes_none_of_their_keys(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "unseen").mkdir()
    (tmp_path / "unseen" / SHOP.name).write_bytes(SHOP.read_bytes())
    (tmp_path / "unseen" / "91_more.py").write_text(MORE, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("student_id,name\nann,Ann\n", encoding="utf-8")
    key = "key: abcdefghijklmnopqrst\nunseen: unseen\n"
    (tmp_path / "course.yaml").write_text(f'{key}chapters: ["90", "91"]\n', encoding="utf-8")
    course = ("--course", tmp_path / "course.yaml", "--out", tmp_path)
    packed = {}
    for chapter in ("90", "91"):
        assert crmlab("release", tmp_path / "roster.csv", *course, "--chapter", chapter)[0] == 0
        with zipfile.ZipFile(tmp_path / "ann.zip") as file:
            file.extractall(tmp_path / "mine")
            packed[chapter] = {name: file.read(name) for name in file.namelist()}
    one, two = packed["90"], packed["91"]
    assert {*one} & {*two} == {"ann/README.txt", "ann/crmlab-bundle.json"}
    assert all(one[name] == two[name] for name in {*one} & {*two})
    keys = json.loads(one["ann/data/90.json"])["tasks"]
    assert all(name.startswith("90.") for name in keys)
    monkeypatch.chdir(tmp_path / "mine" / "ann")
    check("90.1", load_mine("90")["spend"].mean())
    check("91.1", 2)
    assert capsys.readouterr().out == "90.1 · Right.\n91.1 · Right.\n"


def test_releasing_without_a_course_makes_one_and_keeps_the_roster(tmp_path, monkeypatch):
    monkeypatch.setattr("crmlab.grading.course.Course.exercises", lambda *_: [read(SHOP)])
    roster = tmp_path / "lists" / "spring.csv"
    roster.parent.mkdir()
    roster.write_text("student_id,name\nann,Ann\n", encoding="utf-8")
    course = ("--course", tmp_path / "course.yaml", "--out", tmp_path / "out")
    code, said = crmlab("release", roster, *course)
    assert code == 0
    assert "is made with a fresh key: keep it" in said
    assert read_roster(tmp_path / "roster.csv") == {"ann": "Ann"}
    assert oct((tmp_path / "course.yaml").stat().st_mode)[-3:] == "600"
    first = (tmp_path / "out" / "ann.zip").read_bytes()
    assert "fresh key" not in crmlab("release", roster, *course)[1]
    assert (tmp_path / "out" / "ann.zip").read_bytes() == first
