"""guess and reveal: a place to type, a file of one's own, and the truth beside it."""

import json

import numpy as np
import pandas as pd
import pytest

from crmlab.classroom import check, guess, guesses, reveal
from crmlab.classroom.listening import listening
from crmlab.errors import CrmlabError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder to work in, and a session in which nothing was typed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(guesses, "_typed", {})
    monkeypatch.setattr(guesses, "_in_percent", set())
    return tmp_path


def said(capsys):
    return capsys.readouterr().out.rstrip("\n")


# by hand


@pytest.mark.parametrize("blank", [..., None, "", " "])
def test_with_the_dots_or_nothing_it_says_how_to_type(blank, folder, capsys):
    guess("06.a", blank)
    assert said(capsys).startswith('06.a · no guess yet: type a number, "30%", a "text"')
    reveal("06.a", 0.3642)
    assert said(capsys) == "06.a · the truth: 0.364 (no guess was typed)"
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize(
    ("typed", "truth", "shown"),
    [
        ("30%", 0.36423, "your guess: 30% · the truth: 36.4%"),
        ("12,5 %", 0.36423, "your guess: 12.5% · the truth: 36.4%"),
        (0.3, 0.36423, "your guess: 0.3 · the truth: 0.364"),
        # Who types a percent as a number means a percent.
        (30, 0.36423, "your guess: 30% · the truth: 36.4%"),
        (1, 0.36423, "your guess: 1 · the truth: 0.364"),
        (200, 1234.567, "your guess: 200 · the truth: 1,235"),
        (200, 137, "your guess: 200 · the truth: 137"),
        ("27%", 27, "your guess: 27% · the truth: 27"),
        ("the young", "the old", "your guess: the young · the truth: the old"),
        (True, False, "your guess: True · the truth: False"),
        ([0.1, "20%"], [1 / 3, 0.5], "your guess: 10%, 20% · the truth: 33.3%, 50%"),
        ("30％", 0.36423, "your guess: 30% · the truth: 36.4%"),
        ("百分之30", 0.36423, "your guess: 30% · the truth: 36.4%"),
        ("1,200", 1234.567, "your guess: 1,200 · the truth: 1,235"),
        ("¥３００", 1234.567, "your guess: 300 · the truth: 1,235"),
        ("about 30", 0.36423, "your guess: about 30 · the truth: 0.364"),
        (["a", "b"], {"a": 1 / 3}, "your guess: a, b · the truth: a 0.333"),
    ],
)
def test_the_guess_stands_beside_the_truth(typed, truth, shown, capsys):
    guess("06.a", typed)
    assert said(capsys).endswith("It is kept; the answer comes further on.")
    reveal("06.a", truth)
    assert said(capsys) == f"06.a · {shown}"


def test_a_class_shows_its_spread(capsys):
    guess("06.a", "10%", 0.6, 0.3)
    reveal("06.a", 0.25)
    told = "30% in the middle of 3, from 10% to 60%"
    assert said(capsys).splitlines() == [
        f"06.a · your guess: {told}. It is kept; the answer comes further on.",
        f"06.a · your guess: {told} · the truth: 25%",
    ]
    guess("06.b", "gold", "silver")
    assert "your guess: gold | silver." in said(capsys)


def test_the_author_may_say_how_numbers_are_written(capsys):
    guess("06.a", 0.3)
    capsys.readouterr()
    reveal("06.a", 0.3642, form=".0%")
    assert said(capsys) == "06.a · your guess: 30% · the truth: 36%"
    guess("06.a", 36)
    capsys.readouterr()
    reveal("06.a", 0.0, form=".0%")
    assert said(capsys) == "06.a · your guess: 36% · the truth: 0%"


def test_every_run_is_kept_once_with_its_day(folder):
    for typed in ([0.2], [0.2], ["40%"], [[1, 2]], [0.1, 0.3]):
        guess("06.a", *typed)
    guess("06.b", "gold")
    kept = guesses.read(folder)
    assert [run["typed"] for run in kept["06.a"]] == [[0.2], [0.4], [[1, 2]], [0.1, 0.3]]
    assert [run["typed"] for run in kept["06.b"]] == [["gold"]]
    assert pd.Timestamp(kept["06.a"][0]["on"])


def test_a_long_answer_is_cut(capsys):
    reveal("06.a", list(range(100)))
    assert said(capsys).endswith("10, 11, … (no guess was typed)")


def test_taking_the_guess_back_forgets_it(capsys):
    guess("06.a", 3)
    guess("06.a", ...)
    capsys.readouterr()
    reveal("06.a", 5)
    assert said(capsys) == "06.a · the truth: 5 (no guess was typed)"


# for whoever builds or tests


def test_a_record_in_the_folder_changes_nothing_that_is_shown(folder, capsys):
    (folder / guesses.NAME).write_text('{"06.a": [{"on": "2026-01-01", "typed": [7]}]}', "utf-8")
    guess("06.a", ...)
    capsys.readouterr()
    reveal("06.a", 5)
    assert said(capsys) == "06.a · the truth: 5 (no guess was typed)"


def test_while_a_notebook_is_recorded_nothing_is_said_or_kept(folder, capsys):
    class Silent:
        def check(self, name, answer): ...

        def load(self, chapter): ...

    with listening(Silent()):
        guess("06.a", 3)
        reveal("06.a", 5)
    assert said(capsys) == ""
    assert [*folder.iterdir()] == []


# a cell that the reader completes


@pytest.mark.parametrize(
    ("answer", "against", "reply"),
    [
        (..., 0.6, "not typed yet: write what belongs in place of the three dots, and run"),
        (0.6, 0.6, "Right."),
        (60, 0.6, "not yet. unit: your number is 100 times the answer."),
        (pd.Series([1, 2]), 0.6, "not yet. shape: the question asks for a number"),
        (print, 0.6, "not yet: your answer is of the kind"),
        ([1, 2], [1, 2], "Right."),
    ],
)
def test_a_completed_cell_is_compared_with_what_stands_there(answer, against, reply, capsys):
    check("06.b", answer, against)
    assert said(capsys).startswith(f"06.b · {reply}")


def test_a_completed_cell_is_not_counted(folder):
    check("06.b", 3, 3)
    assert [*folder.iterdir()] == []


# when misused


@pytest.mark.parametrize("name", ["06.1", "6.a", "a", "06", 6])
def test_a_name_is_a_chapter_and_a_letter(name):
    with pytest.raises(CrmlabError, match=r"a guess has its chapter's number and a letter"):
        guess(name, 3)
    with pytest.raises(CrmlabError, match="names no guess"):
        reveal(name, 3)


def test_a_guess_of_another_kind_is_not_kept(folder, capsys):
    guess("06.a", print)
    assert said(capsys) == "06.a · not kept: a guess is a number, a text in quotes or a list."
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize(
    "nothing",
    [
        float("nan"),
        np.nan,
        np.float64("nan"),
        pd.NA,
        pd.NaT,
        float("inf"),
        -np.inf,
        "nan",
        " NaN ",
        "inf",
        [],
        [0.3, None],
        [0.3, float("nan")],
        pd.DataFrame(),
        pd.Series([0.3, np.nan]),
    ],
)
def test_what_says_nothing_is_refused_in_words(nothing, folder, capsys):
    guess("03.b", 0.5)
    (folder / guesses.NAME).unlink()
    capsys.readouterr()
    guess("03.b", nothing)
    assert said(capsys).startswith("03.b · not kept: None, nan and infinity say nothing. Type")
    assert [*folder.iterdir()] == []
    reveal("03.b", 0.4)
    assert said(capsys).endswith("(no guess was typed)")


@pytest.mark.parametrize("text", ["{", "[]", '{"06.a": 3}', '{"06.a": [{"on": "today"}]}'])
def test_a_damaged_file_is_said_and_begun_anew(text, folder, capsys):
    (folder / guesses.NAME).write_text(text, "utf-8")
    guess("06.a", 3)
    assert "is damaged; guesses are kept anew." in said(capsys)
    assert [*json.loads((folder / guesses.NAME).read_text("utf-8"))] == ["06.a"]


def test_a_folder_that_cannot_be_written_is_said(folder, capsys):
    (folder / guesses.NAME).with_suffix(".new").mkdir()
    guess("06.a", 3)
    assert said(capsys).startswith("Your guess cannot be kept in this folder")
    reveal("06.a", 5)
    assert "your guess: 3" in said(capsys)
