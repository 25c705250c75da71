"""Runs a process and stops it when it takes too much; whatever it does, it ends as a record."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crmlab._words import _
from crmlab.grading.paper import legible

_GLANCE_SECONDS = 0.1
_KB, _MB = 1_024, 1_000_000
# A machine that is so busy that a process waits longer than it runs will not get quiet soon.
_PATIENCE = 3


@dataclass(frozen=True)
class Limits:
    """What one submission may take; memory and processor count for all its processes.

    Memory is what is held, not what is asked for. Seconds are those in which a processor was free.
    """

    seconds: float = 60
    cpu_seconds: int = 60
    memory_bytes: int = 2_000 * _MB
    processes: int = 20
    disk_bytes: int = 50 * _MB
    printed_bytes: int = 1 * _MB
    answered_bytes: int = 4 * _MB


@dataclass(frozen=True)
class Ended:
    """How a process ended: what it printed and answered, and why it was stopped, if it was.

    `busy` says that the machine had so little time for it that it may end otherwise next time.
    """

    printed: bytes
    answered: bytes
    reason: str
    seconds: float
    busy: bool = False


def watch(
    command: Sequence[str],
    job: bytes,
    limits: Limits,
    environment: Mapping[str, str],
    *,
    cwd: str = "/",
    handed: Sequence[int] = (),
) -> Ended:
    """Start `command`, read what it prints and answers within `limits`, and see it dead.

    The process reads `job` from its standard input, and finds the number of the pipe that takes
    its answers in the variable CRMLAB_ANSWERS. It gets the open files `handed` too.
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
            pass_fds=(write, *handed),
            env={**environment, "CRMLAB_ANSWERS": str(write)},
            cwd=cwd,
            start_new_session=True,
        )
    os.close(write)
    assert process.stdout is not None
    try:
        caps = {process.stdout.fileno(): limits.printed_bytes, answers: limits.answered_bytes}
        said, reason, busy = _listen(process, caps, limits, started)
    finally:
        _stop(process)
        process.stdout.close()
        os.close(answers)
    printed, answered = (bytes(text[: caps[pipe]]) for pipe, text in said.items())
    reason = reason or _why(process.returncode, limits, printed)
    return Ended(printed, answered, reason, time.monotonic() - started, busy)


def _listen(
    process: subprocess.Popen[bytes], caps: dict[int, int], limits: Limits, started: float
) -> tuple[dict[int, bytearray], str, bool]:
    """Read until the process ends or passes a limit; return what it said, which limit, if busy."""
    said = {pipe: bytearray() for pipe in caps}
    with selectors.DefaultSelector() as selector:
        for pipe in caps:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            over = process.poll() is not None
            ready = selector.select(0 if over else _GLANCE_SECONDS)
            if over and not ready:  # a process left behind may still hold the pipes open
                break
            for key, _events in ready:
                chunk = os.read(key.fd, 65_536)
                said[key.fd] += chunk
                if not chunk:
                    selector.unregister(key.fd)
            printed, answered = (len(said[pipe]) > cap for pipe, cap in caps.items())
            if printed:
                reason = _stopped(_("it printed more than {n} MB"), limits.printed_bytes / _MB)
                return said, reason, False
            if answered:
                reason = _stopped(_("its answers pass {n} MB"), limits.answered_bytes / _MB)
                return said, reason, False
            reason, busy = _passed(process.pid, limits, time.monotonic() - started)
            if reason:
                return said, reason, busy
    return said, "", False


def _passed(pid: int, limits: Limits, seconds: float) -> tuple[str, bool]:
    """Return which limit a running process has passed, and whether a busy machine is to blame."""
    if memory_of(pid) > limits.memory_bytes and memory_of(pid, fairly=True) > limits.memory_bytes:
        return _stopped(_("it used more than {n} MB memory"), limits.memory_bytes / _MB), False
    if processor_of(pid) > limits.cpu_seconds:
        return _too_much(limits), False
    # Asked twice, since the kernel may leave out a child while others end.
    if seconds > limits.seconds and seconds - max(waited_of(pid), waited_of(pid)) > limits.seconds:
        return _stopped(_("it took longer than {n} seconds"), limits.seconds), False
    if seconds > _PATIENCE * limits.seconds:
        most = _PATIENCE * limits.seconds
        return _stopped(_("it took longer than {n} seconds on a busy machine"), most), True
    return "", False


def _too_much(limits: Limits) -> str:
    return _stopped(_("it used more than {n} seconds of processor time"), limits.cpu_seconds)


def _stopped(why: str, number: float) -> str:
    return _("stopped: {why}").format(why=why.format(n=f"{number:g}"))


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Kill the process with all that it started; in a box, its first process takes all along."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _why(code: int, limits: Limits, printed: bytes) -> str:
    """Return what an exit code says; a shell's way of naming signals is bubblewrap's as well."""
    number = -code if code < 0 else code - 128
    if number == signal.SIGXCPU:
        return _too_much(limits)
    if number in {int(each) for each in signal.Signals}:
        return _("ended by the signal {name}").format(name=signal.Signals(number).name)
    itself = _("ended by itself with exit code {code}").format(code=code)
    return f"{itself}{_last(printed)}" if code else ""


def _last(printed: bytes) -> str:
    """Return the last line that a process printed, which mostly says why it ended."""
    lines = printed.decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f": {legible(last, 200, lines=False)}" if last else ""


# What the kernel tells of a process and all its descendants; nothing off Linux.


def memory_of(pid: int, *, fairly: bool = False) -> int:
    """Return the bytes of memory that `pid` and its descendants hold now, or have had swapped out.

    Pages that several of them share count for each, or, counted `fairly`, once among them. That
    takes longer, and is not told of every process.
    """
    held = 0
    for here in _family(pid):
        with suppress(OSError):
            try:
                names = ("Pss", "SwapPss") if fairly else ("VmRSS", "VmSwap")
                held += _sum_of(here / ("smaps_rollup" if fairly else "status"), names)
            except PermissionError:
                held += _sum_of(here / "status", ("VmRSS", "VmSwap"))
    return held


def _sum_of(path: Path, names: tuple[str, ...]) -> int:
    """Return the sum of some lines such as `VmRSS:  151800 kB`, in bytes."""
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = (line.split() for line in text.split("\n"))
    return _KB * sum(int(line[1]) for line in lines if line and line[0].rstrip(":") in names)


def processor_of(pid: int) -> float:
    """Return the seconds of processor time of `pid` and its descendants, the ended ones too."""
    ticks = 0
    for here in _family(pid):
        with suppress(OSError):
            text = (here / "stat").read_text(encoding="utf-8", errors="replace")
            ticks += sum(map(int, text.rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def waited_of(pid: int) -> float:
    """Return the most seconds that a thread of `pid` or a descendant waited for a processor."""
    waited = 0
    for here in _family(pid):
        with suppress(OSError):
            for task in (here / "task").iterdir():
                waited = max(waited, int((task / "schedstat").read_text("ascii").split()[1]))
    return waited / 1e9


def _family(pid: int) -> Iterator[Path]:
    """Yield the folder in /proc of `pid`, and those of all its descendants."""
    waiting = [pid]
    while waiting:
        here = Path("/proc", str(waiting.pop()))
        with suppress(OSError):
            for task in (here / "task").iterdir():
                waiting += map(int, (task / "children").read_text("ascii").split())
            yield here
