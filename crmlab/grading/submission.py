"""Finds and reads what students handed in, without believing any of it."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

LARGEST = 20_000_000
_MOST_CELLS = 2_000
_LARGEST_CELL = 200_000


class UnreadableError(Exception):
    """A submission cannot be read; its text is the reason a student sees."""


@dataclass(frozen=True)
class Submission:
    """One student's notebook of one chapter: its code cells, or why there are none."""

    student: str
    chapter: str
    cells: tuple[str, ...] = ()
    handed_in: datetime | None = None
    digest: str = ""
    reason: str = ""


def find_all(folder: Path, students: set[str], name: str) -> Iterator[Submission]:
    """Yield a submission for each of `students`: `folder/<student>/<name>.ipynb` or a zip of it.

    A student who handed nothing in gets a submission that says so.
    """
    for student in sorted(students):
        try:
            raw, when = _bytes_of(folder, student, f"{name}.ipynb")
        except UnreadableError as error:
            yield Submission(student, name, reason=str(error))
            continue
        digest = hashlib.sha256(raw).hexdigest()
        try:
            yield Submission(student, name, code_cells(raw), when, digest)
        except UnreadableError as error:
            yield Submission(student, name, (), when, digest, str(error))


def strangers(folder: Path, students: set[str]) -> list[str]:
    """Return what lies in the folder of submissions and belongs to nobody on the roster."""
    names = (path.stem if path.suffix == ".zip" else path.name for path in folder.iterdir())
    return sorted(name for name in names if name not in students and not name.startswith("."))


def _bytes_of(folder: Path, student: str, name: str) -> tuple[bytes, datetime]:
    """Return a notebook's bytes and when it was handed in, from a folder or from a zip."""
    for path in (folder / student / name, folder / student / student / name):
        if path.is_symlink() or path.parent.is_symlink():
            raise UnreadableError("the notebook is a symbolic link, not a file")
        if path.exists():
            return _read(path), _time_of(path)
    packed = folder / f"{student}.zip"
    if packed.is_file() and not packed.is_symlink():
        return _unzipped(packed, name), _time_of(packed)
    raise UnreadableError(f"no {name} was handed in")


def _read(path: Path) -> bytes:
    """Read an ordinary file of bearable size; never follow a link, never wait for a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _NO_WAIT)
    except OSError as error:
        raise UnreadableError(f"the notebook cannot be read: {error.strerror}") from error
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise UnreadableError("the notebook is not an ordinary file")
        return _bounded(file.read(LARGEST + 1))


_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


def _bounded(raw: bytes) -> bytes:
    if len(raw) > LARGEST:
        raise UnreadableError(f"the notebook is larger than {LARGEST // 1_000_000} MB")
    return raw


def _unzipped(path: Path, name: str) -> bytes:
    """Read the one member that counts, into memory; nothing is ever unpacked to the disk."""
    try:
        with zipfile.ZipFile(path) as packed:
            found = [each for each in packed.infolist() if _is_wanted(each, name)]
            if not found:
                raise UnreadableError(f"the zip holds no {name}")
            with packed.open(found[0]) as file:
                return _bounded(file.read(LARGEST + 1))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise UnreadableError(f"the zip cannot be read: {error}") from error


def _is_wanted(member: zipfile.ZipInfo, name: str) -> bool:
    """Return whether a member is the notebook, at the top or one folder down, and no link."""
    parts = member.filename.split("/")
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return parts[-1] == name and len(parts) <= 2 and ".." not in parts and not is_link


def _time_of(path: Path) -> datetime:
    """Return when something was handed in: by `timestamp.txt` beside it, else the file's time."""
    try:
        text = _read(path.parent / "timestamp.txt").decode().strip()
        return datetime.fromisoformat(text.removesuffix(" UTC"))
    except (UnreadableError, ValueError):
        return datetime.fromtimestamp(path.lstat().st_mtime).replace(microsecond=0)


def code_cells(raw: bytes) -> tuple[str, ...]:
    """Return the code of a notebook's cells, or refuse with a reason a student understands."""
    try:
        loaded: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("the file is no notebook: its JSON is broken") from error
    if not isinstance(loaded, dict) or not isinstance(loaded.get("cells"), list):
        raise UnreadableError("the file is no notebook: it has no cells")
    _require_python(loaded.get("metadata"))
    cells = []
    for cell in loaded["cells"][:_MOST_CELLS]:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            text = cell.get("source", "")
            text = "".join(map(str, text)) if isinstance(text, list) else str(text)
            cells.append(text[:_LARGEST_CELL])
    if not cells:
        raise UnreadableError("the notebook has no code cells")
    return tuple(cells)


def _require_python(meta: Any) -> None:
    """Refuse a notebook of another language."""
    spec = meta.get("kernelspec") if isinstance(meta, dict) else None
    spec = spec if isinstance(spec, dict) else {}
    language = str(spec.get("language") or spec.get("name") or "python").lower()
    if not language.startswith("python"):
        raise UnreadableError(f"the notebook's kernel is {language[:30]!r}, not Python")
