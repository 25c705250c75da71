"""crmlab.grading.inside: what happens to a notebook's cells, in a process without a box."""

import json

import pandas as pd
import pytest

from crmlab.grading import box, inside

CHECK = "from crmlab.classroom import check, load_mine\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run cells as the box does, and return what is printed and the lines that come out."""
    given = tmp_path_factory.mktemp("given")
    (given / "data").mkdir()
    pd.DataFrame({"x": [1, 2]}).to_parquet(given / "data" / "90.parquet")

    def cells(*code, asks=None, language="en"):
        job = {"cells": code, "asks": asks or {}, "folder": str(given), "cell_seconds": 2}
        job["language"] = language
        arguments = ["-m", "crmlab.grading.inside"]
        ended = box.run(arguments, json.dumps(job).encode(), folder=given, unsafe=True)
        lines = [json.loads(line) for line in ended.answered.splitlines()]
        assert lines[-1:] == [{"end": True}], ended
        return ended.printed.decode(), lines[:-1]

    return cells


def answer(question, kind, rows):
    return {"question": question, "answer": {"kind": kind, "columns": [], "rows": rows}}


def test_every_check_sends_its_answer_and_an_error_ends_its_cell_alone(run):
    _, lines = run(
        "1 / 0",
        "import sys; sys.exit()",
        CHECK + "check('90.1', load_mine('90')['x'].sum()); check('90.2', 'a'); check('90.3', ...)",
        "a b",
        "while True: len([])",
        "import time; time.sleep(60)",
        "async def f():\n    import asyncio\n    await asyncio.sleep(60)\nawait f()",
        "check('90.4', object())",
        asks={"90.1": "time", "90.5": "x_"},
    )
    assert lines == [
        {"cell": 1, "error": "ZeroDivisionError: division by zero"},
        {"cell": 2, "error": "SystemExit"},
        answer("90.1", "number", [[3]]),
        answer("90.2", "text", [["a"]]),
        {"cell": 4, "error": "SyntaxError: invalid syntax"},
        {"cell": 5, "error": "the cell took longer than 2 seconds"},
        {"cell": 6, "error": "the cell took longer than 2 seconds"},
        {"cell": 7, "error": "the cell took longer than 2 seconds"},
        {
            "question": "90.4",
            "refused": "your answer is of the kind 'object'. Hand in a plain number, text, "
            "list or table (DataFrame or Series).",
        },
    ]


def test_cells_are_what_jupyter_runs(run):
    printed, lines = run(
        CHECK + "get_ipython().run_line_magic('matplotlib', 'inline')\ncustomers = 3",
        "customers?\n?print\nprint??\n!echo from the shell\nfound = !echo 1; echo 2\n"
        "check('90.1', len(found))",
        "%timeit -n1 -r1 1\n40 + 2",
        "check('90.2', _); check('90.3', Out[3]); check('90.4', In[3][-2:])",
        "import asyncio\nawait asyncio.sleep(0)\ncheck('90.5', await asyncio.sleep(0, 'waited'))",
        "%%time\n%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "%%capture kept\nprint('unseen')",
        "display(customers); last = 7",
        "exit",
        "%nosuchmagic",
        asks={"90.6": "last", "90.7": "nowhere"},
    )
    assert lines == [
        answer("90.1", "number", [[2]]),
        answer("90.2", "number", [[42]]),
        answer("90.3", "number", [[42]]),
        answer("90.4", "text", [[" 2"]]),
        answer("90.5", "text", [["waited"]]),
        {
            "cell": 10,
            "error": "IPython.core.error.UsageError: Line magic function `%nosuchmagic` not found.",
        },
        answer("90.6", "number", [[7]]),
    ]
    assert "from the shell" in printed
    assert "unseen" not in printed


def test_an_answer_that_fails_while_it_is_read_is_refused(monkeypatch):
    class Pipe:
        def write(self, text):
            self.text = text

        def flush(self):
            pass

    def fail(_):
        raise RuntimeError

    monkeypatch.setattr(inside, "plain", fail)
    pipe = Pipe()
    inside._Reporter(pipe, None, "en").check("90.1", 3)
    assert json.loads(pipe.text) == {
        "question": "90.1",
        "refused": "the answer fails: RuntimeError",
    }


def test_the_alarm_waits_as_long_as_the_machine_was_busy(monkeypatch):
    rung, waited = [], iter([0.0, 5.0, 5.0, 5.001, 5.001])
    monkeypatch.setattr(inside, "_waited", lambda: next(waited))
    monkeypatch.setattr(inside.signal, "signal", lambda *_: None)
    monkeypatch.setattr(inside.signal, "setitimer", lambda _, seconds: rung.append(seconds))
    alarm = inside._Alarm(20)
    alarm.__enter__()
    alarm._ring(14, None)
    assert rung == [20, 5.0]
    with pytest.raises(inside._TooLongError):
        alarm._ring(14, None)
