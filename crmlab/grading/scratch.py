"""Folders that last as long as one submission is graded, whatever becomes of the grader."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "crmlab-grading-"


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield an empty folder that is gone afterwards.

    The folder is locked as long as it is used. The lock ends with the process, even one that is
    killed, and then `sweep` knows that nobody will clean up any more.
    """
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        with _locked(folder, wait=True) as is_mine:
            if is_mine and folder.is_dir():  # no sweep was quicker
                try:
                    yield folder
                finally:
                    shutil.rmtree(folder, ignore_errors=True)
                return


def sweep() -> int:
    """Remove the folders that gradings of this user left when they were killed; return how many."""
    swept = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                continue
            with _locked(folder) as is_mine:
                if is_mine:
                    _end_those_of(folder)
                    shutil.rmtree(folder, ignore_errors=True)
                    swept += not folder.exists()
    return swept


def _end_those_of(folder: Path) -> None:
    """End boxes that show a folder without a grader: it was killed while they were being made."""
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if str(folder).encode() in told.read_bytes().split(b"\0"):
                os.kill(int(told.parent.name), signal.SIGKILL)


@contextmanager
def _locked(folder: Path, *, wait: bool = False) -> Iterator[bool]:
    """Yield whether the folder's lock is ours inside the block."""
    import fcntl  # not on Windows, where grading refuses before

    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield False
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        mine = True
    except OSError:
        mine = False
    try:
        yield mine
    finally:
        os.close(handle)
