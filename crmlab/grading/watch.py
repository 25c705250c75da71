"""Runs a process and stops it when it takes too much; whatever it does, it ends as a record."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_GLANCE_SECONDS = 0.1
_KB, _MB = 1_024, 1_000_000


@dataclass(frozen=True)
class Limits:
    """What one submission may take; memory and processor count for all its processes."""

    seconds: float = 60
    cpu_seconds: int = 60
    memory_bytes: int = 2_000 * _MB
    processes: int = 20
    disk_bytes: int = 50 * _MB
    printed_bytes: int = 1 * _MB
    answered_bytes: int = 4 * _MB


@dataclass(frozen=True)
class Ended:
    """How a process ended: what it printed and answered, and why it was stopped, if it was."""

    printed: bytes
    answered: bytes
    reason: str
    seconds: float


def watch(
    command: Sequence[str],
    job: bytes,
    limits: Limits,
    environment: Mapping[str, str],
    *,
    cwd: str = "/",
) -> Ended:
    """Start `command`, read what it prints and answers within `limits`, and see it dead.

    The process reads `job` from its standard input, and finds the number of the pipe that takes
    its answers in the variable CRMLAB_ANSWERS.
    """
    started = time.monotonic()
    answers, write = os.pipe()
    with tempfile.TemporaryFile() as task:
        task.write(job)
        task.seek(0)
        process = subprocess.Popen(
            command,
            stdin=task,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(write,),
            env={**environment, "CRMLAB_ANSWERS": str(write)},
            cwd=cwd,
            start_new_session=True,
        )
    os.close(write)
    assert process.stdout is not None
    try:
        caps = {process.stdout.fileno(): limits.printed_bytes, answers: limits.answered_bytes}
        said, reason = _listen(process, caps, limits, started)
    finally:
        _stop(process)
        process.stdout.close()
        os.close(answers)
    printed, answered = (bytes(text[: caps[pipe]]) for pipe, text in said.items())
    reason = reason or _why(process.returncode, limits)
    return Ended(printed, answered, reason, time.monotonic() - started)


def _listen(
    process: subprocess.Popen[bytes], caps: dict[int, int], limits: Limits, started: float
) -> tuple[dict[int, bytearray], str]:
    """Read until the process ends or passes a limit; return what it said, and which limit."""
    said = {pipe: bytearray() for pipe in caps}
    with selectors.DefaultSelector() as selector:
        for pipe in caps:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            over = process.poll() is not None
            ready = selector.select(0 if over else _GLANCE_SECONDS)
            if over and not ready:  # a process left behind may still hold the pipes open
                break
            for key, _ in ready:
                chunk = os.read(key.fd, 65_536)
                said[key.fd] += chunk
                if not chunk:
                    selector.unregister(key.fd)
            printed, answered = (len(said[pipe]) > cap for pipe, cap in caps.items())
            if printed:
                return said, f"stopped: it printed more than {limits.printed_bytes / _MB:g} MB"
            if answered:
                return said, f"stopped: its answers pass {limits.answered_bytes / _MB:g} MB"
            if time.monotonic() - started > limits.seconds:
                return said, f"stopped: it took longer than {limits.seconds:g} seconds"
            if memory_of(process.pid) > limits.memory_bytes:
                return said, f"stopped: it used more than {limits.memory_bytes / _MB:g} MB memory"
    return said, ""


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Kill the process with all that it started; in a box, its first process takes all along."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _why(code: int, limits: Limits) -> str:
    """Return what an exit code says; a shell's way of naming signals is bubblewrap's as well."""
    number = -code if code < 0 else code - 128
    if number == signal.SIGXCPU:
        return f"stopped: it used more than {limits.cpu_seconds} seconds of processor time"
    if number in {int(each) for each in signal.Signals}:
        return f"ended by the signal {signal.Signals(number).name}"
    return f"ended by itself with exit code {code}" if code else ""


def memory_of(pid: int) -> int:
    """Return the bytes of memory that `pid` and all its descendants hold now (0 off Linux)."""
    held, waiting = 0, [pid]
    while waiting:
        here = Path("/proc", str(waiting.pop()))
        with suppress(OSError):
            pages = (here / "statm").read_text(encoding="ascii").split()[1]
            held += int(pages) * os.sysconf("SC_PAGE_SIZE")
            for task in (here / "task").iterdir():
                waiting += (task / "children").read_text(encoding="ascii").split()
    return held
