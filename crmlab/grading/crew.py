"""Spreads work over processes, each item a unit that may fail alone.

Unlike a pool of the standard library, a crew outlives a worker that is killed, ends at once on
Ctrl-C, and ends with the process that called it, even if that is killed.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import connection, get_context, parent_process
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class LostError(Exception):
    """A worker was killed, or ended by itself, while it had an item."""


def spread(
    run: Callable[[Item], Result], work: Sequence[Item], *, jobs: int, apart: bool = False
) -> Iterator[tuple[Item, Result | Exception]]:
    """Yield each item with its result, or with the error it ended in, as soon as that is known.

    Parameters
    ----------
    run : callable
        Takes one item; can be pickled, as the items and results can.
    work : sequence
    jobs : int
        Processes at a time; with 1 the work is done here, unless `apart` asks for a process.
    """
    if jobs == 1 and not apart:
        for item in work:
            yield item, _attempt(run, item)
        return
    left, crew = deque(work), _Crew(run)
    try:
        while left or crew.busy:
            while left and len(crew.busy) < jobs:
                crew.give(left.popleft())
            yield from crew.finished()
    finally:
        crew.end()


def _attempt(run: Callable[[Item], Result], item: Item) -> Result | Exception:
    try:
        return run(item)
    except Exception as error:
        return error


class _Crew:
    """Workers that wait for an item, and workers that have one."""

    def __init__(self, run: Callable[[Any], Any]) -> None:
        self.busy: dict[Any, tuple[Any, Any]] = {}
        self._idle: list[tuple[Any, Any]] = []
        self._run = run

    def give(self, item: Any) -> None:
        """Give an item to a worker that waits, or to a new one."""
        pipe, worker = self._idle.pop() if self._idle else self._hired()
        self.busy[pipe] = (worker, item)
        with suppress(OSError):  # it has died in the meantime, which `finished` sees
            pipe.send(item)

    def finished(self) -> Iterator[tuple[Any, Any]]:
        """Wait for the next workers to be ready; yield their items."""
        ready: list[Any] = connection.wait([*self.busy])
        for pipe in ready:
            worker, item = self.busy.pop(pipe)
            try:
                outcome = pipe.recv()
                self._idle.append((pipe, worker))
            except (EOFError, OSError):
                worker.join()
                pipe.close()
                outcome = LostError(f"its process ended ({_how(worker.exitcode)})")
            yield item, outcome

    def end(self) -> None:
        """Kill every worker, whatever it does."""
        every = [*self._idle, *((pipe, worker) for pipe, (worker, _) in self.busy.items())]
        for _, worker in every:
            worker.kill()
        for pipe, worker in every:
            worker.join()
            pipe.close()

    def _hired(self) -> tuple[Any, Any]:
        """Start a worker, deaf to Ctrl-C until it can end without a word."""
        context = get_context("spawn")
        mine, theirs = context.Pipe()
        worker = context.Process(target=_serve, args=(theirs, self._run), daemon=True)
        here = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGINT, signal.SIG_IGN) if here else None
        try:
            worker.start()
        finally:
            if here:
                signal.signal(signal.SIGINT, before)
        theirs.close()
        return mine, worker


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _serve(pipe: connection.Connection, run: Callable[[Any], Any]) -> None:
    """Do what a worker does until nobody sends any more."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        outcome = _attempt(run, item)
        pipe.send(_portable(outcome) if isinstance(outcome, Exception) else outcome)


def _portable(error: Exception) -> Exception:
    """Return an error that can be sent: itself, or its words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with_parent() -> None:
    """Wait for the parent's end, and follow it at once."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
