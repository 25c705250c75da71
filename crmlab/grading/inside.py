"""Runs a submission's cells inside the box, and sends each answer out as one line of JSON.

`python -m crmlab.grading.inside` reads its job from standard input. Whatever happens in here is
the student's: nothing that comes out is believed to be more than a plain answer (see `said`).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import pandas as pd
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from crmlab._words import _, speaking
from crmlab.classroom.bundle import data_name
from crmlab.classroom.listening import listening
from crmlab.classroom.plain import NotPlainError, plain
from crmlab.grading.said import LONGEST_NOTE

# A quarter of all that may come out: a table kept by mistake does not cost the other answers.
_LONGEST_ANSWER = 1_000_000


class _TooLongError(BaseException):
    """A cell ran longer than it may; derived so that `except Exception` does not hide it."""


class _Reporter:
    """Hears every check of the notebook and writes its answer to the pipe at once."""

    def __init__(self, pipe: TextIO, folder: Path, spoken: str) -> None:
        self.answered: set[str] = set()
        self._pipe = pipe
        self._folder = folder
        self._spoken = spoken

    def tell(self, **line: Any) -> None:
        self._pipe.write(json.dumps(line) + "\n")
        self._pipe.flush()

    def check(self, name: str, answer: object) -> None:
        if answer is ...:
            return
        self.answered.add(str(name))
        with speaking(self._spoken):
            self._take(str(name), answer)

    def _take(self, name: str, answer: object) -> None:
        try:
            given = plain(answer).to_json()
            if len(json.dumps(given)) > _LONGEST_ANSWER:
                raise NotPlainError(_("your answer is longer than a megabyte."))
            self.tell(question=name, answer=given)
        except NotPlainError as error:
            self.tell(question=name, refused=str(error)[:LONGEST_NOTE])
        except Exception as error:
            why = _("the answer fails: {error}").format(error=type(error).__name__)
            self.tell(question=name, refused=why)

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
        _work(job, _Reporter(pipe, folder, job["language"]))
    sys.stdout.flush()
    os._exit(0)


def _work(job: dict[str, Any], reporter: _Reporter) -> None:
    """Run the cells in order, and then look for answers whose checks are gone."""
    shell = _shell()
    with listening(reporter):
        for number, code in enumerate(job["cells"], 1):
            note = _run(shell, code, job["cell_seconds"])
            if note:
                reporter.tell(cell=number, error=note[:LONGEST_NOTE])
        for name, expression in job["asks"].items():
            if name not in reporter.answered:
                _look(name, expression, shell.user_ns, reporter)
    reporter.tell(end=True)


class _Shell(InteractiveShell):
    """IPython, which is what runs the cells in Jupyter too, without a window or a pager."""

    system = InteractiveShell.system_raw

    def enable_gui(self, gui: str | None = None) -> None:
        """Run no loop of a window."""

    def _showtraceback(self, etype: object, evalue: object, stb: object) -> None:
        """Print nothing: what a cell ended with is told in one line."""

    def ask_exit(self) -> None:
        """Stay until the last cell."""


def _shell() -> _Shell:
    """Return a fresh shell that keeps no history on the disk."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = _Shell.instance(config=config, colors="nocolor")
    shell.set_hook("show_in_pager", lambda *_args, **_more: None)
    return shell


def _run(shell: _Shell, code: str, seconds: float) -> str:
    """Run one cell; return the last line of its error, or nothing."""
    try:
        with _Alarm(seconds):
            ended = shell.run_cell(code, store_history=True)
        error = ended.error_before_exec or ended.error_in_exec
    except BaseException as raised:  # while IPython was at work
        error = raised
    if error is None:
        return ""
    if isinstance(error, _TooLongError):
        return f"the cell took longer than {seconds:g} seconds"
    return traceback.format_exception_only(error)[-1].strip()


class _Alarm:
    """Raises after some seconds; those in which a busy machine had no processor do not count."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        self._waited = _waited()
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, _signal: int, _frame: FrameType | None) -> None:
        owed, self._waited = _waited() - self._waited, _waited()
        if owed <= self._seconds / 100:
            raise _TooLongError
        signal.setitimer(signal.ITIMER_REAL, owed)


def _waited() -> float:
    """Return the seconds in which this process was ready to run and found no processor."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/schedstat").read_text("ascii").split()[1]) / 1e9
    return 0.0


def _look(name: str, expression: str, variables: dict[str, Any], reporter: _Reporter) -> None:
    """Take the answer of a question whose check is gone from the variable the check would read."""
    with suppress(BaseException):
        reporter.check(name, eval(expression, variables))


if __name__ == "__main__":
    main()
