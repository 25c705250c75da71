"""crmlab.grading.crew and scratch: units that fail alone, and nothing left behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from crmlab.grading.crew import LostError, spread
from crmlab.grading.scratch import scratch, sweep


class OddError(Exception):
    """An error that cannot be sent as it is."""

    def __init__(self, one, two):
        super().__init__(one)
        self.two = two


def run(item):
    if item == "fails":
        raise ValueError("in words")
    if item == "odd":
        raise OddError("one", "two")
    if item == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    return f"{item}!"


WORK = ["a", "fails", "b", "dies", "c", "odd", "d"]
KILLED = """
import sys
from crmlab.grading import box
from crmlab.grading.crew import spread
from crmlab.grading.scratch import scratch
from crmlab.grading.watch import Limits

def work(item):
    code = "import time; time.sleep(600)  # " + sys.argv[1]
    with scratch() as folder:
        box.run(["-c", code], folder=folder, limits=Limits(seconds=600))

if __name__ == "__main__":
    [*spread(work, ["a", "b", "c"], jobs=2)]
"""


# by hand


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_item_has_its_result_or_its_error(jobs):
    work = [item for item in WORK if jobs > 1 or item != "dies"]
    found = dict(spread(run, work, jobs=jobs))
    assert [*sorted(found)] == sorted(work)
    assert [found[item] for item in "abcd"] == ["a!", "b!", "c!", "d!"]
    assert repr(found["fails"]) == "ValueError('in words')"
    assert "one" in str(found["odd"])
    if jobs > 1:
        assert isinstance(found["dies"], LostError)
        assert str(found["dies"]) == "its process ended (signal SIGKILL)"


def test_alone_and_apart_a_worker_that_dies_takes_nobody_along():
    assert [str(found) for _, found in spread(run, ["dies", "a"], jobs=1, apart=True)] == [
        "its process ended (signal SIGKILL)",
        "a!",
    ]


def test_a_folder_is_gone_afterwards_and_not_swept_while_it_is_used(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch() as folder:
        (folder / "data").mkdir()
        assert sweep() == 0
        assert folder.is_dir()
    assert [*tmp_path.iterdir()] == []


def test_what_a_killed_grading_left_is_swept_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "crmlab-grading-left" / "data").mkdir(parents=True)
    (tmp_path / "crmlab-mine").mkdir()
    (tmp_path / "crmlab-grading-link").symlink_to(tmp_path / "crmlab-mine")
    assert sweep() == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "crmlab-grading-link",
        "crmlab-mine",
    ]


def test_a_box_whose_grader_is_gone_is_ended_with_its_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / "crmlab-grading-left"
    folder.mkdir()
    code = "import time; print('here', flush=True); time.sleep(600)"
    with subprocess.Popen(
        [sys.executable, "-c", code, folder], stdout=subprocess.PIPE
    ) as forgotten:
        assert forgotten.stdout.readline()  # only now is its command line sure to be seen
        assert sweep() == 1
        assert forgotten.wait(60) == -signal.SIGKILL


# however it ends


def left(token):
    """Return the command lines that hold `token`."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes())
        except OSError:  # it has ended in the meantime
            continue
    return [line for line in lines if token.encode() in line]


def wait_until(true, seconds=60):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_grading_that_is_killed_or_interrupted_takes_its_workers_and_boxes_along(
    tmp_path, monkeypatch, end
):
    script, temporary = tmp_path / "script.py", tmp_path / "tmp"
    script.write_text(KILLED, encoding="utf-8")
    temporary.mkdir()
    token = str(tmp_path / "token")
    grading = subprocess.Popen(
        [sys.executable, str(script), token],
        env={**os.environ, "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        runs = sys.executable.encode() + b"\0-B"  # in the box, which is made by then
        wait_until(lambda: sum(line.startswith(runs) for line in left(token)) == 2)
        if end == signal.SIGINT:
            os.killpg(grading.pid, end)  # as a terminal does: the workers get it too
        else:
            grading.kill()
        said = grading.communicate()[1].decode()
        wait_until(lambda: not left(token))
    finally:
        grading.kill()
    assert said.count("Traceback") == (end == signal.SIGINT)  # the grader's own, and no worker's
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    sweep()
    assert [*temporary.iterdir()] == []
