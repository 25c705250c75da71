"""crmlab.grading.paper: texts and files that only show what they say."""

import csv
from io import StringIO

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.grading.paper import defused, legible, write_whole
from crmlab.grading.sheet import write_table

# by hand


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("陈 小姐\u3000é", "陈 小姐\u3000é"),
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
        ("\x9b2J\x00", r"\x9b2J\x00"),
        ("\u202egpj.exe\u200b", r"\u202egpj.exe\u200b"),
        ("\ud800", r"\ud800"),
        ("\u2028", r"\u2028"),
        ("👩\u200d🔬 می\u200cخواهم", "👩\u200d🔬 می\u200cخواهم"),
    ],
)
def test_what_cannot_be_seen_is_written_as_its_escape(text, seen):
    assert legible(text) == seen


def test_a_name_is_one_line_and_as_long_as_it_may_be():
    assert legible("a\nb\tc", lines=False) == r"a\nb\tc"
    assert legible("abcdef", 3) == "abc"


@pytest.mark.parametrize(
    "text", ["-3", "+2.5", "-1e-5", "3,5", "2026-05-01", "a-b", "x=1", "", "'"]
)
def test_numbers_and_words_stay_as_they_are(text):
    assert defused(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd", "'+cmd"),
        ('-2+3+HYPERLINK("http://x")', '\'-2+3+HYPERLINK("http://x")'),
        ("-2-3", "'-2-3"),
        ("＝1+1", "'＝1+1"),
        ("＋1+A1", "'＋1+A1"),
        ("−1+A1", "'−1+A1"),
        ("\n=1", "\n'=1"),
        (" \t=1", " \t'=1"),
        ("\r=1", "\n'=1"),
        ("well;=1+1", "well;'=1+1"),
        ("well\n\n@x", "well\n\n'@x"),
        ("\u200b=1", r"\u200b=1"),
    ],
)
def test_a_formula_is_none_wherever_a_cell_may_begin(text, safe):
    assert defused(text) == safe


def test_a_lone_carriage_return_does_not_split_a_row(tmp_path):
    frame = pd.DataFrame({"answer": ["a\rb", "=1\r\n=2"], "level": [1.0, 2.0], "mixed": [1, "=x"]})
    write_table(frame, tmp_path / "t.csv")
    text = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    assert "\r" not in text
    assert [*csv.reader(StringIO(text))][1:] == [["a\nb", "1", "1"], ["'=1\n'=2", "2", "'=x"]]


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "deep" / "open.csv"
    write_whole(path, "levels")
    with pytest.raises(TypeError):
        write_whole(path, 3)
    assert path.read_text(encoding="utf-8") == "levels"
    assert [each.name for each in path.parent.iterdir()] == ["open.csv"]


# for any data


@given(st.text())
def test_no_text_acts_on_a_terminal_or_a_spreadsheet(text):
    shown = legible(text)
    assert shown.encode().decode() == shown
    assert not {*shown} & {*map(chr, (*range(9), *range(11, 32), *range(127, 160)))}
    assert legible(shown) == shown
    for part in defused(text).replace(";", "\n").replace("\t", "\n").split("\n"):
        cell = part.lstrip()
        assert not cell.startswith(("=", "@", "＝", "＠")), text
