"""crmlab.grading.inside: what happens to a notebook's cells, seen without the box."""

import io
import json
import os
import sys

import pandas as pd
import pytest

from crmlab.grading import inside


class EndedError(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run cells as the box does, and return the lines that come out."""
    (tmp_path / "given" / "data").mkdir(parents=True)
    pd.DataFrame({"x": [1, 2]}).to_parquet(tmp_path / "given" / "data" / "90.parquet")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(inside.tempfile, "mkdtemp", lambda **_: str(tmp_path / "given" / "work"))

    def end(code):
        raise EndedError(code)

    monkeypatch.setattr(os, "_exit", end)

    def cells(*code, asks=None):
        out = tmp_path / "out"
        pipe = os.open(out, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        monkeypatch.setenv("CRMLAB_ANSWERS", str(pipe))
        monkeypatch.setattr(inside.shutil, "copytree", lambda _, to, **__: os.makedirs(to))
        job = {"cells": code, "asks": asks or {}, "folder": str(tmp_path / "given")}
        monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({**job, "cell_seconds": 0.3})))
        with pytest.raises(EndedError):
            inside.main()
        lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert lines.pop() == {"end": True}
        return lines

    return cells


CHECK = "from crmlab.classroom import check, load_mine\n"


def answer(question, kind, rows):
    return {"question": question, "answer": {"kind": kind, "columns": [], "rows": rows}}


def test_every_check_sends_its_answer(run):
    code = "check('90.1', load_mine('90')['x'].sum()); check('90.2', 'a'); check('90.3', ...)"
    assert run(CHECK + code) == [answer("90.1", "number", [[3]]), answer("90.2", "text", [["a"]])]


def test_an_error_is_told_and_the_next_cell_still_runs(run):
    assert run("1 / 0", "import sys; sys.exit()", CHECK + "check('90.1', 1)", "a b") == [
        {"cell": 1, "error": "ZeroDivisionError: division by zero"},
        {"cell": 2, "error": "SystemExit"},
        answer("90.1", "number", [[1]]),
        {"cell": 4, "error": "SyntaxError: invalid syntax"},
    ]


def test_a_cell_that_takes_too_long_is_left(run):
    assert run("while True: len([])") == [
        {"cell": 1, "error": "the cell took longer than 0.3 seconds"}
    ]


def test_what_only_jupyter_understands_is_left_out(run, capsys):
    assert run("%matplotlib inline\n!ls\n?print\ndisplay(3)") == []
    assert capsys.readouterr().out == "3\n"


def test_without_a_check_the_variable_it_would_read_is_taken(run):
    assert run("x = 4", asks={"90.1": "x", "90.2": "y"}) == [answer("90.1", "number", [[4]])]


def test_what_is_no_plain_answer_is_refused_whatever_it_does(run):
    lines = run(CHECK + "check('90.1', object())")
    assert [line["question"] for line in lines] == ["90.1"]
    assert "kind 'object'" in lines[0]["refused"]


def test_an_answer_that_fails_while_it_is_read_is_refused(run, monkeypatch):
    def fail(_):
        raise RuntimeError

    monkeypatch.setattr(inside, "plain", fail)
    assert run(CHECK + "check('90.1', 3)") == [
        {"question": "90.1", "refused": "the answer fails: RuntimeError"}
    ]
