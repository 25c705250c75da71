"""When a submission was handed in: by the list that the instructor names, else by its file.

Nothing inside a submission is asked. What a student packs may bear any date, so that a file's own
time is only believed where there is no better source, and the gradebook says which it was.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from crmlab.classroom.source import number_of
from crmlab.errors import CrmlabError
from crmlab.grading.paper import legible

FILE = "file"
NAME = "times.csv"
_STAMP = "timestamp.txt"


class TimesError(CrmlabError):
    """The list of times has faults; all of them are listed at once."""


def zone_of(name: str) -> tzinfo:
    """Return a zone by its name, such as Asia/Shanghai."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:  # not known, or no name of one
        raise ValueError(f"{name!r} is no time zone; write one such as Asia/Shanghai") from error


def moment(text: str, zone: tzinfo | None = None) -> datetime:
    """Return a moment as the clock of the course shows it.

    Parameters
    ----------
    text : str
        ISO; it may end in an offset (+08:00), Z, or a zone's name (UTC, Europe/Berlin).
    zone : tzinfo, optional
        The zone of the course; by default this machine's. A text without a zone is in it.

    Examples
    --------
    >>> moment("2026-05-01 20:00 Asia/Shanghai", zone_of("UTC"))
    datetime.datetime(2026, 5, 1, 12, 0)
    """
    text = text.strip()
    day, _, last = text.rpartition(" ")
    named = bool(day) and not last[:1].isdigit() and last[:1] not in "+-"
    found = datetime.fromisoformat(day if named else text)
    if named:
        found = found.replace(tzinfo=zone_of(last))
    return local(found, zone)


def local(when: datetime, zone: tzinfo | None) -> datetime:
    """Return a moment on the clock of the course, to the second."""
    if when.tzinfo is not None:
        when = when.astimezone(zone).replace(tzinfo=None)
    return when.replace(microsecond=0)


@dataclass(frozen=True)
class Times:
    """What a list says, by student and chapter (chapter "" for every one); and the files' times."""

    listed: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    source: str = FILE
    zone: tzinfo | None = None

    def of(self, student: str, chapter: str, path: Path) -> tuple[datetime, str]:
        """Return when `student` handed `chapter` in, and who says so."""
        for key in ((student, number_of(chapter)), (student, "")):
            if key in self.listed:
                return self.listed[key], self.source
        when = datetime.fromtimestamp(path.lstat().st_mtime).astimezone(self.zone)
        return local(when, self.zone), FILE


def read_times(path: Path, zone: tzinfo | None = None) -> Times:
    """Return the times of handing in that `path` holds.

    Parameters
    ----------
    path : Path
        A CSV file with the columns student_id and handed_in, and chapter where chapters differ;
        or a folder of nbgrader's, <student_id>/<chapter>/timestamp.txt, filled by its collector
        and not by students.
    zone : tzinfo, optional
        See `moment`.

    Raises
    ------
    TimesError
        If it cannot be read, or has faults; each one is named.
    """
    rows = _stamps(path) if path.is_dir() else _lines(path)
    listed, faults = {}, []
    for where, student, chapter, text in rows:
        try:
            listed[student, number_of(chapter)] = moment(text, zone)
        except ValueError as error:
            faults.append(f"{where}: {legible(str(error), 100)}")
    if faults:
        raise TimesError(f"{path.name}: " + "; ".join(faults) + ". Write 2026-12-01 18:00+01:00")
    return Times(listed, path.name, zone)


def _stamps(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    for path in sorted(folder.glob(f"*/*/{_STAMP}")):
        *_, student, chapter, _ = path.parts
        yield f"{student}/{chapter}", student, chapter, path.read_text(encoding="utf-8")


def _lines(path: Path) -> Iterator[tuple[str, str, str, str]]:
    try:
        reader = csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig")))
        missing = {"student_id", "handed_in"} - {*(reader.fieldnames or [])}
        if missing:
            raise TimesError(
                f"{path.name}: missing {sorted(missing)}; the first line has "
                f"{reader.fieldnames or []}. Write student_id,chapter,handed_in"
            )
        for number, row in enumerate(reader, 2):
            names = ("student_id", "chapter", "handed_in")
            student, chapter, when = ((row.get(name) or "").strip() for name in names)
            yield f"line {number}", student, chapter, when
    except (UnicodeDecodeError, csv.Error) as error:
        raise TimesError(f"{path.name} is no CSV in UTF-8: {error}") from error
