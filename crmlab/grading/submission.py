"""Finds and reads what students handed in, without believing any of it."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from crmlab._words import N_, _
from crmlab.classroom.source import number_of
from crmlab.grading.paper import legible
from crmlab.grading.times import NAME as TIMES
from crmlab.grading.times import Times

COLLECTED = "collected.csv"  # what `collect` tells of a download, beside the students' folders
LARGEST = 20_000_000
_LARGEST_ZIP = 50_000_000
MOST_CELLS = 2_000
LONGEST_CODE = 1_000_000
_MOST_NAMED = 3
_BROKEN = N_("the file is no notebook: its JSON is broken")


class UnreadableError(Exception):
    """A submission cannot be read; its text is the reason a student sees."""


@dataclass(frozen=True)
class Submission:
    """One student's notebook of one chapter: its code cells, or why there are none.

    `cut` says what was left out of a notebook that is longer than any honest one; `other` names
    notebooks that may be this one under a wrong name.
    """

    student: str
    chapter: str
    cells: tuple[str, ...] = ()
    handed_in: datetime | None = None
    time_from: str = ""
    digest: str = ""
    reason: str = ""
    cut: str = ""
    other: tuple[str, ...] = ()


def find_all(
    folder: Path,
    students: set[str],
    name: str,
    *,
    others: Iterable[str] = (),
    times: Times | None = None,
) -> Iterator[Submission]:
    """Yield a submission for each of `students`: `folder/<student>/<name>.ipynb` or a zip of it.

    A student who handed nothing in, or something that cannot be read, gets a submission that
    says so. A notebook that bears neither `name` nor one of `others` is named there.
    """
    known = {f"{each}.ipynb" for each in (name, *others)}
    for student in sorted(students):
        try:
            yield _found(folder, student, name, known, times or Times())
        except UnreadableError as error:
            yield Submission(student, name, reason=legible(str(error), 300, lines=False))
        except Exception as error:  # whatever a stranger's file makes a library do
            why = f"{type(error).__name__}: {error}"
            reason = _("the submission cannot be read: {why}").format(why=why)
            yield Submission(student, name, reason=legible(reason, 300, lines=False))


def _found(folder: Path, student: str, name: str, known: set[str], times: Times) -> Submission:
    """Return what a student handed in as `name`."""
    wanted = f"{name}.ipynb"
    place = _place_of(folder, student, wanted)
    other = _near(name, sorted(set(_names(folder, student)) - known))
    if place is None:
        packed = (folder / f"{student}.zip").is_file()
        none = _("the zip holds no {file}") if packed else _("no {file} was handed in")
        reason = none.format(file=wanted)
        if other:
            there = _("{reason}; there is {names}: rename it to {file} to have it graded")
            reason = there.format(reason=reason, names=named(other), file=wanted)
        return Submission(student, name, reason=reason, other=other)
    raw = _unzipped(place, wanted) if place.suffix == ".zip" else read_file(place)
    when, source = times.of(student, name, place)
    digest = hashlib.sha256(raw).hexdigest()
    try:
        cells, cut = code_cells(raw)
    except UnreadableError as error:
        return Submission(student, name, (), when, source, digest, str(error), other=other)
    return Submission(student, name, cells, when, source, digest, cut=cut, other=other)


def named(names: Iterable[str]) -> str:
    """Return file names as a sentence may hold them, a few of them at most."""
    shown = [repr(legible(each, 80, lines=False)) for each in names]
    more = [_("{n} more").format(n=len(shown) - _MOST_NAMED)] if len(shown) > _MOST_NAMED else []
    return ", ".join([*shown[:_MOST_NAMED], *more])


def strangers(folder: Path, students: set[str]) -> list[str]:
    """Return what lies in the folder of submissions and belongs to nobody on the roster."""
    names = (path.stem if path.suffix == ".zip" else path.name for path in folder.iterdir())
    names = (name for name in names if name not in (COLLECTED, TIMES))
    return sorted(name for name in names if name not in students and not name.startswith("."))


def _place_of(folder: Path, student: str, wanted: str) -> Path | None:
    """Return the notebook's file, or the zip that should hold it; a link is neither."""
    for path in (folder / student / wanted, folder / student / student / wanted):
        if _exists(path):
            if any(each.is_symlink() for each in (path, path.parent, folder / student)):
                raise UnreadableError(_("the notebook is a symbolic link, not a file"))
            return path
    packed = folder / f"{student}.zip"
    if packed.is_file() and not packed.is_symlink():
        with open_zip(packed) as file:
            if any(_is_wanted(each, wanted) for each in file.infolist()):
                return packed
    return None


def _exists(path: Path) -> bool:
    """Return whether there is such a path; a folder that cannot be entered says so."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise UnreadableError(
            _("the folder cannot be read: {why}").format(why=error.strerror)
        ) from error
    return True


def _names(folder: Path, student: str) -> Iterator[str]:
    """Yield the names of all notebooks that a student handed in."""
    for place in (folder / student, folder / student / student):
        if place.is_dir() and not place.is_symlink():
            yield from (path.name for path in place.iterdir() if _is_notebook(path.name))
    packed = folder / f"{student}.zip"
    if packed.is_file() and not packed.is_symlink():
        with suppress(UnreadableError), open_zip(packed) as file:
            yield from (n for n in (_parts(m)[-1] for m in file.infolist()) if _is_notebook(n))


def _is_notebook(name: str) -> bool:
    return ".ipynb" in name.casefold() and not name.startswith(".")


def _near(name: str, others: list[str]) -> tuple[str, ...]:
    """Return the names that may stand for `name`; where none is near, those near to nothing."""
    number, _bar, topic = name.casefold().partition("_")
    near = [each for each in others if topic in each.casefold() or _is_numbered(each, number)]
    numbered = [each for each in others if each[:2].isdigit()]
    return tuple(near or [each for each in others if each not in numbered])


def _is_numbered(name: str, number: str) -> bool:
    """Return whether a file's name begins with a chapter's number: 04 is not 04b."""
    return name.startswith(number) and number_of(name) in (number, name)


@contextmanager
def open_zip(file: Path | BytesIO, largest: int = _LARGEST_ZIP) -> Iterator[zipfile.ZipFile]:
    """Open a zip, unless its list of contents alone could fill the memory.

    Damaged streams, names and numbers make the library raise nearly anything.
    """
    size = file.stat().st_size if isinstance(file, Path) else len(file.getbuffer())
    if size > largest:
        raise UnreadableError(_("the zip is larger than {n} MB").format(n=largest // 1_000_000))
    try:
        with zipfile.ZipFile(file) as packed:
            yield packed
    except UnreadableError:
        raise
    except Exception as error:
        raise UnreadableError(_("the zip cannot be read: {why}").format(why=error)) from error


def read_file(path: Path) -> bytes:
    """Read an ordinary file of bearable size; never follow a link, never wait for a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _NO_WAIT)
    except OSError as error:
        raise UnreadableError(
            _("the notebook cannot be read: {why}").format(why=error.strerror)
        ) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableError(_("the notebook is not an ordinary file"))
    with os.fdopen(handle, "rb") as file:
        return _bounded(file.read(LARGEST + 1))


_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


def _bounded(raw: bytes) -> bytes:
    if len(raw) > LARGEST:
        raise UnreadableError(
            _("the notebook is larger than {n} MB").format(n=LARGEST // 1_000_000)
        )
    return raw


def _unzipped(path: Path, name: str) -> bytes:
    """Read the one member that counts, into memory; nothing is ever unpacked to the disk."""
    with open_zip(path) as packed:
        (found, *_) = [each for each in packed.infolist() if _is_wanted(each, name)]
        with packed.open(found) as file:
            return _bounded(file.read(LARGEST + 1))


def _is_wanted(member: zipfile.ZipInfo, name: str) -> bool:
    """Return whether a member is the notebook, at the top or one folder down, and no link."""
    parts = _parts(member)
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return parts[-1] == name and len(parts) <= 2 and ".." not in parts and not is_link


def _parts(member: zipfile.ZipInfo) -> list[str]:
    """Return the parts of a member's path; some programs of Windows write backslashes."""
    return member.filename.replace("\\", "/").split("/")


def code_cells(raw: bytes) -> tuple[tuple[str, ...], str]:
    """Return the code of a notebook's cells, and what was cut off, if anything was.

    Raises
    ------
    UnreadableError
        With a reason that a student understands.
    """
    try:
        loaded: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(_(_BROKEN)) from error
    if not isinstance(loaded, dict) or not isinstance(loaded.get("cells"), list):
        raise UnreadableError(_("the file is no notebook: it has no cells"))
    _require_python(loaded.get("metadata"))
    every = [c for c in loaded["cells"] if isinstance(c, dict) and c.get("cell_type") == "code"]
    if not every:
        raise UnreadableError(_("the notebook has no code cells"))
    cells, room = [], LONGEST_CODE
    for cell in every[:MOST_CELLS]:
        text = _source(cell, room)
        room -= len(text)
        if room < 0:
            break
        cells.append(text)
    if not cells:
        first = _("its first code cell is longer than {n} characters")
        raise UnreadableError(first.format(n=f"{LONGEST_CODE:,}"))
    cut = len(every) - len(cells)
    left = _(
        "its last {n} code cells were left out: {cells} code cells and {letters} characters of "
        "code are run at most"
    ).format(n=f"{cut:,}", cells=f"{MOST_CELLS:,}", letters=f"{LONGEST_CODE:,}")
    return tuple(cells), left if cut else ""


def _source(cell: dict[str, Any], room: int) -> str:
    """Return a cell's code, as text that can be written as UTF-8."""
    source = cell.get("source", "")
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    return text[: room + 1].encode("utf-8", "replace").decode()


def _require_python(meta: Any) -> None:
    """Refuse a notebook of another language."""
    spec = meta.get("kernelspec") if isinstance(meta, dict) else None
    spec = spec if isinstance(spec, dict) else {}
    language = str(spec.get("language") or spec.get("name") or "python").lower()
    if not language.startswith("python"):
        named = legible(language, 30, lines=False)
        raise UnreadableError(
            _("the notebook's kernel is {kernel}, not Python").format(kernel=repr(named))
        )
