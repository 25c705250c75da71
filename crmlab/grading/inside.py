"""Runs a submission's cells inside the box, and sends each answer out as one line of JSON.

`python -m crmlab.grading.inside` reads its job from standard input. Whatever happens in here is
the student's: nothing that comes out is believed to be more than a plain answer.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, TextIO

import pandas as pd

from crmlab.classroom.bundle import data_name
from crmlab.classroom.listening import listening
from crmlab.classroom.plain import NotPlainError, plain

_LONGEST_NOTE = 300


class _TooLongError(BaseException):
    """A cell ran longer than it may; derived so that `except Exception` does not hide it."""


class _Reporter:
    """Hears every check of the notebook and writes its answer to the pipe at once."""

    def __init__(self, pipe: TextIO, folder: Path) -> None:
        self.answered: set[str] = set()
        self._pipe = pipe
        self._folder = folder

    def tell(self, **line: Any) -> None:
        self._pipe.write(json.dumps(line) + "\n")
        self._pipe.flush()

    def check(self, name: str, answer: object) -> None:
        if answer is ...:
            return
        self.answered.add(str(name))
        try:
            self.tell(question=str(name), answer=plain(answer).to_json())
        except NotPlainError as error:
            self.tell(question=str(name), refused=str(error)[:_LONGEST_NOTE])
        except Exception as error:
            self.tell(question=str(name), refused=f"the answer fails: {type(error).__name__}")

    def load(self, chapter: str) -> pd.DataFrame:
        return pd.read_parquet(self._folder / data_name(chapter))


def main() -> None:
    """Read the job, run its cells, report, and end at once, threads or not."""
    job = json.load(sys.stdin)
    folder = Path(job["folder"])
    work = Path(tempfile.mkdtemp(prefix="work-"))
    shutil.copytree(folder, work, dirs_exist_ok=True)
    os.chdir(work)
    with os.fdopen(int(os.environ.pop("CRMLAB_ANSWERS")), "w", encoding="utf-8") as pipe:
        _work(job, _Reporter(pipe, folder))
    sys.stdout.flush()
    os._exit(0)


def _work(job: dict[str, Any], reporter: _Reporter) -> None:
    """Run the cells in order, and then look for answers whose checks are gone."""
    variables: dict[str, Any] = {"__name__": "__main__", "display": _display}
    with listening(reporter):
        for number, code in enumerate(job["cells"], 1):
            note = _run(code, f"<cell {number}>", variables, job["cell_seconds"])
            if note:
                reporter.tell(cell=number, error=note[:_LONGEST_NOTE])
        for name, expression in job["asks"].items():
            if name not in reporter.answered:
                _look(name, expression, variables, reporter)
    reporter.tell(end=True)


def _run(code: str, name: str, variables: dict[str, Any], seconds: float) -> str:
    """Run one cell; return the last line of its error, or nothing."""
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        exec(_compiled(code, name), variables)
    except _TooLongError:
        return f"the cell took longer than {seconds:g} seconds"
    except BaseException as error:
        return traceback.format_exception_only(error)[-1].strip()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return ""


def _compiled(code: str, name: str) -> CodeType:
    """Compile a cell; lines that only Jupyter understands are left out if it needs that."""
    try:
        return compile(code, name, "exec")
    except SyntaxError:
        lines = code.splitlines()
        kept = ["" if line.lstrip().startswith(("%", "!", "?")) else line for line in lines]
        return compile("\n".join(kept), name, "exec")


def _look(name: str, expression: str, variables: dict[str, Any], reporter: _Reporter) -> None:
    """Take the answer of a question whose check is gone from the variable the check would read."""
    try:
        value = eval(expression, variables)
    except BaseException:
        return
    reporter.check(name, value)


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLongError


def _display(*values: object, **_: object) -> None:
    """Stand in for the notebook's display."""
    print(*values)


if __name__ == "__main__":
    main()
