"""check, hint, load_mine and progress, as a student uses them: in practice and in a bundle."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from crmlab import classroom
from crmlab._words import speaking
from crmlab.classroom import check, hint, load_mine, progress, record
from crmlab.classroom.bundle import NAME
from crmlab.classroom.listening import listening
from crmlab.errors import CrmlabError
from crmlab.grading.course import Course
from crmlab.grading.release import release

SECRET = "a key that nobody knows"


@pytest.fixture(params=["practice", "bundle"])
def place(request, desk, shop, monkeypatch):
    """The student's folder: an empty one for practice, or one unpacked from a released zip."""
    if request.param == "bundle":
        monkeypatch.setattr(Course, "exercises", lambda *_: [shop])
        (path,) = release(Course(key=SECRET), {"ann": "Ann"}, desk)
        with zipfile.ZipFile(path) as packed:
            packed.extractall(desk)
        monkeypatch.chdir(desk / "ann")
    return request.param


def said(capsys):
    return capsys.readouterr().out.strip()


# by hand


def test_a_right_answer_takes_one_line(place, capsys):
    mine = load_mine("90")
    capsys.readouterr()
    check("90.1", mine["spend"].mean())
    assert said(capsys) == "90.1 · Right."


def test_a_wrong_one_says_what_kind_and_offers_a_hint(place, capsys):
    mine = load_mine("90")
    capsys.readouterr()
    check("90.1", mine["spend"].sum())
    assert said(capsys) == '90.1 · not yet. That is the total. Need a hint? hint("90.1")'
    check("90.1", mine["spend"].mean() * 100)
    assert said(capsys).startswith("90.1 · not yet. unit: your number is 100 times")
    check("90.1", mine)
    assert said(capsys).startswith("90.1 · not yet. shape: the question asks for a number")


def test_hints_come_one_by_one_and_then_all_again(place, capsys):
    lines = []
    for _ in range(3):
        hint("90.1")
        lines.append(said(capsys))
    assert lines[0] == "90.1 · hint 1 of 2: Which column is money?"
    assert lines[1] == "90.1 · hint 2 of 2: A mean has one line."
    assert lines[2].startswith("90.1 · all hints again: Which")
    check("90.1", 1.5)
    assert "Need a hint" not in said(capsys)
    hint("90.3")
    assert said(capsys) == "90.3 · this question has no hint."


def test_nothing_answered_is_no_try(place, capsys):
    check("90.1", ...)
    assert said(capsys) == "90.1 · not answered yet: replace ... with your work."
    assert record.read() == {}


def test_an_open_answer_is_kept_and_shows_its_levels(place, capsys):
    check("90.4", "Gold is worth a letter, because it brings more than it costs.")
    lines = said(capsys).splitlines()
    assert lines[0] == "90.4 · 12 words. This one waits for your teacher. Which level is it?"
    levels = ["names a number", "compares it", "says what would change it"]
    assert lines[1:] == [f"  {number} · {level}" for number, level in enumerate(levels, 1)]
    check("90.4", 3)
    assert said(capsys) == "90.4 · write your answer as a text in quotes."
    assert (record.read()["90.4"]["right"], record.read()["90.4"]["waits"]) == (False, True)
    assert "◷ waits for your teacher</td><td>90.4" in progress().value
    assert "0 of 4 objectives met" in progress().value


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Gold is worth a letter.", "5 words say too little"),
        ("Gold!", "1 word says too little"),
        ("金卡值得写信。", "6 words say too little"),
        (3, "write your answer as a text in quotes"),
        ("", "not answered yet"),
        (" ", "not answered yet"),
    ],
)
def test_an_open_answer_of_a_few_words_is_refused(text, refused, place, capsys):
    check("90.4", text)
    assert said(capsys).startswith(f"90.4 · {refused}")
    assert not record.read().get("90.4", record.FRESH)["waits"]


def test_ten_chinese_characters_are_ten_words(place, capsys):
    check("90.4", "金卡值得写信，因为它带来的多。")
    assert "13 words. This one waits" in said(capsys)


def test_a_rounded_answer_is_told_what_it_earns(place, capsys):
    check("90.1", float(f"{load_mine('90')['spend'].mean():.1e}"))
    line = said(capsys).splitlines()[-1]
    if place == "practice":
        assert "rounding: right so far" in line
        assert "As it stands it earns two thirds of the points." in line
    else:  # a released check must not help to search for the answer
        assert "rounding: a number of 2 digits cannot be compared" in line


def test_practice_data_say_that_everybody_has_them(place, capsys):
    load_mine("90")
    told = "These are practice data, the same for everybody."
    assert said(capsys) == (told if place == "practice" else "")


def test_a_faked_answer_is_refused(place, capsys):
    class Equal(float):
        def __eq__(self, other):
            return True

        __hash__ = float.__hash__

    check("90.1", Equal(3))
    assert said(capsys).startswith("90.1 · not yet: your answer is of the kind 'Equal'")


def test_own_data_are_a_new_copy_each_time(place):
    first = load_mine("90")
    first.loc[:, "spend"] = 0
    assert load_mine("90")["spend"].gt(0).all()


def test_released_data_are_the_students_own(place, desk, shop):
    from crmlab.classroom.bundle import own_data

    key, student = (SECRET, "ann") if place == "bundle" else ("practice", "")
    pd.testing.assert_frame_equal(load_mine("90"), own_data(shop, key, student))


# progress


def test_progress_fills_while_answers_come_and_stays(place, capsys):
    check("90.1", 3.5)
    widget = progress()
    assert "0 of 4 objectives met" in widget.value
    assert "… tried</td><td>90.1" in widget.value
    assert "○ open</td><td>90.2" in widget.value
    check("90.1", load_mine("90")["spend"].mean())
    assert "1 of 4 objectives met" in widget.value
    assert "✓ met</td><td>90.1" in widget.value
    check("90.1", 3.5)
    assert record.read()["90.1"] == {"tries": 3, "hints": 0, "right": True, "waits": False}


def test_a_damaged_record_is_said_and_begun_anew(desk, capsys):
    (desk / record.NAME).write_text("{", encoding="utf-8")
    assert record.read() == {}
    assert "is damaged" in said(capsys)


def test_a_folder_that_cannot_be_written_is_said(desk, capsys):
    (desk / (record.NAME + ".new")).mkdir()
    record.note("90.1", right=True)
    assert said(capsys).startswith("Your progress cannot be kept in this folder")


def test_before_anything_is_answered_progress_says_so(desk):
    assert "Nothing answered yet" in progress().value


# for a recorder


def test_while_a_notebook_is_recorded_nothing_is_said(desk, capsys):
    class Silent:
        heard = ()

        def check(self, name, answer):
            self.heard += ((name, answer),)

        def load(self, chapter):
            return chapter

    with listening(Silent()) as _, listening(recorder := Silent()):
        check("90.1", 3)
        hint("90.1")
        assert load_mine("90") == "90"
        assert progress() is None
        assert classroom.quiz("90") is None
    assert recorder.heard == (("90.1", 3),)
    assert said(capsys) == ""


# when misused


def test_an_unknown_question_or_chapter_is_named(place):
    with pytest.raises(CrmlabError, match=r"no question '90.9'; there are \['90.1'"):
        check("90.9", 3)
    with pytest.raises(CrmlabError, match="no exercise for chapter '89'"):
        check("89.1", 3)


def test_a_chapter_without_own_data_says_so(desk, monkeypatch):
    monkeypatch.setattr("crmlab.classroom.bundle.own_data", lambda *_: None)
    with pytest.raises(CrmlabError, match="chapter 90 has no data of your own"):
        load_mine("90")


@pytest.mark.parametrize(
    ("about", "keys", "damaged"),
    [
        ("{", '{"tasks": {}}', NAME),
        ('{"course": 1}', '{"tasks": {}}', NAME),
        ('{"course": "a", "student": "ann"}', "[", "90.json"),
        ('{"course": "a", "student": "ann"}', '{"tasks": []}', "90.json"),
        ('{"course": "a", "student": "ann"}', '{"tasks": {"90.1": {}}}', "90.json"),
    ],
)
def test_a_damaged_bundle_says_what_to_do(desk, about, keys, damaged):
    (desk / NAME).write_text(about, encoding="utf-8")
    (desk / "data").mkdir()
    (desk / "data" / "90.json").write_text(keys, encoding="utf-8")
    with pytest.raises(CrmlabError, match=rf"^{damaged} is damaged .* Take it anew from the zip"):
        check("90.1", 3)


def test_names_load_neither_drawing_nor_widgets():
    code = "from crmlab.classroom import check, hint, load_mine, progress, quiz; import sys"
    code += "; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert not {"matplotlib", "ipywidgets", "jupytext", "yaml"} & {*run.stdout.split()}


def test_the_record_is_plain_json(desk):
    check("90.1", 3)
    kept = json.loads((desk / record.NAME).read_text(encoding="utf-8"))
    assert kept == {"90.1": {"tries": 1, "hints": 0, "right": False, "waits": False}}


# in Chinese


def test_replies_hints_and_progress_come_in_the_language_spoken(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with speaking("zh"):
        check("00.1", 3)
        assert said(capsys) == (
            '00.1 · 还不对。题目要的是一个数，但不是这个数。需要提示吗？运行 hint("00.1")'
        )
        hint("00.1")
        assert said(capsys) == "00.1 · 提示 1/2：一行是一次购买，不是一位客户。"
        check("00.1", 8737)
        assert said(capsys).startswith("00.1 · 还不对。这是行数：一位客户有很多行。")
        table = progress().value
        assert "8 个学习目标中已达到 0 个" in table
        assert (
            "<td>… 试过</td><td>00.1</td><td style='text-align:left'>读出文件里有多少位客户"
            in table
        )
    hint("00.1")
    assert said(capsys) == "00.1 · hint 2 of 2: `nunique` counts different values."
