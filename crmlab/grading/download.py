"""What a platform lets one download: every file in it, zips opened, with what the platform says.

Moodle packs `<name>_<number>_assignsubmission_file_/<file>`, or the same with `_<file>` at its end;
Canvas packs `<lastfirst>[_LATE]_<user>_<number>_<file>`; others pack a folder or a zip per student.
Nothing is ever unpacked to the disk.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crmlab.grading.submission import COLLECTED, LARGEST, UnreadableError, open_zip, read_file
from crmlab.grading.times import NAME as TIMES

MOODLE = re.compile(r"(?P<who>.+?)_(?P<lms>\d+)_assignsubmission_[a-z]+(_(?P<file>.*))?")
CANVAS = re.compile(r"(?P<who>[^_]+)(?P<late>_LATE)?_(?P<lms>\d+)_\d{3,}_(?P<file>.+)", re.I)
_LARGEST = 4_000_000_000  # bytes: a platform's archive of a large class
_DEEPEST = 2  # zips within the archive
_MOST = 20_000  # files
_LARGEST_INNER = 200_000_000  # bytes: what a student's own zip may unpack to


@dataclass(frozen=True)
class Found:
    """One file of the download.

    place : where it lies, as the download names it
    who : what the platform says of its owner, from the outside in
    content : its bytes, or why there are none
    when : the platform's time, if it is an archive of the platform's
    """

    place: str
    who: tuple[str, ...]
    content: bytes | UnreadableError
    when: datetime | None = None

    @property
    def name(self) -> str:
        """The name of the file itself, without what a platform put before it."""
        name = re.split(r"[/\\]", self.place)[-1]
        for form in (MOODLE, CANVAS):
            if (parts := form.fullmatch(name)) and parts["file"]:
                return parts["file"]
        return name


def files_of(download: Path, is_student: Callable[[str], bool]) -> Iterator[Found]:
    """Yield every file of a download, zips opened, two deep.

    A zip whose name `is_student` is that student's own, and its times are not believed.
    """
    if download.is_file():
        own = is_student(download.name)
        yield from _of_zip(download, "", (download.name,) if own else (), 1 if own else 0, None)
        return
    for path in sorted(download.rglob("*")):
        parts = path.relative_to(download).parts
        if path.is_symlink() or not path.is_file() or any(part.startswith(".") for part in parts):
            continue
        if parts[-1] in (COLLECTED, TIMES) and len(parts) == 1:
            continue
        place = "/".join(parts)
        if path.suffix.casefold() == ".zip":
            depth = 1 if len(parts) > 1 or is_student(path.name) else 0
            yield from _of_zip(path, place, parts, depth, None)
            continue
        try:
            yield Found(place, parts, read_file(path))
        except UnreadableError as error:
            yield Found(place, parts, error)


def _of_zip(
    file: Path | io.BytesIO, place: str, who: tuple[str, ...], depth: int, when: datetime | None
) -> Iterator[Found]:
    """Yield the files of a zip; those of a platform's own archive with its times."""
    try:
        with open_zip(file, _LARGEST) as packed:
            members = [each for each in packed.infolist() if not each.is_dir()]
            if len(members) > _MOST:
                raise UnreadableError(f"the zip holds more than {_MOST:,} files")
            if depth and sum(each.file_size for each in members) > _LARGEST_INNER:
                most = _LARGEST_INNER // 1_000_000
                raise UnreadableError(f"the zip unpacks to more than {most} MB")
            for member in members:
                yield from _of_member(packed, member, place, who, depth, when)
    except UnreadableError as error:
        yield Found(place or "the download", who, error, when)


def _of_member(
    packed: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    place: str,
    who: tuple[str, ...],
    depth: int,
    when: datetime | None,
) -> Iterator[Found]:
    """Yield a member of a zip, or the files of the zip it is."""
    name = _name_of(member)
    parts = tuple(name.split("/"))
    if any(part.startswith(".") or part == "__MACOSX" for part in parts):
        return
    inner = f"{place}/{name}" if place else name
    when = when if depth else _time_of(member)
    try:
        with packed.open(member) as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise UnreadableError(f"it is larger than {LARGEST // 1_000_000} MB")
    except UnreadableError as error:
        yield Found(inner, who + parts, error, when)
        return
    except Exception as error:  # whatever a stranger's zip makes the library raise
        yield Found(inner, who + parts, UnreadableError(f"it cannot be unpacked: {error}"), when)
        return
    if not name.casefold().endswith(".zip"):
        yield Found(inner, who + parts, content, when)
    elif depth < _DEEPEST:
        yield from _of_zip(io.BytesIO(content), inner, who + parts, depth + 1, when)
    else:
        yield Found(inner, who + parts, UnreadableError("zips are opened two deep at most"), when)


def _name_of(member: zipfile.ZipInfo) -> str:
    """Return a member's path; Chinese Windows packs GB18030 that zipfile reads as cp437."""
    name = member.filename
    if not member.flag_bits & 0x800 and not name.isascii():
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = member.filename
    return name.replace("\\", "/")


def _time_of(member: zipfile.ZipInfo) -> datetime | None:
    """Return a member's time; 1980 is what archives say that know none."""
    try:
        when = datetime(*member.date_time)
    except ValueError:
        return None
    return when if when.year > 1980 else None
