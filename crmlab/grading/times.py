"""When a submission was handed in: by the list that the instructor names, else by its file.

Nothing inside a submission is asked. What a student packs may bear any date, so that a file's own
time is only believed where there is no better source, and the gradebook says which it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from crmlab.classroom.source import number_of
from crmlab.errors import CrmlabError
from crmlab.grading.paper import legible
from crmlab.grading.roster import HEADINGS, Student, bare, table_of

FILE = "file"
NAME = "times.csv"
_STAMP = "timestamp.txt"
# How lists call the moment: ours, Moodle's grading worksheet, Canvas, and the usual Chinese ones.
_MOMENTS = ["handedin", "lastmodifiedsubmission", "submittedat", "submitted", "submissiontime"]
_MOMENTS += [
    "submissiondate",
    "timesubmitted",
    "最后修改提交",
    "上次修改提交",
    "提交时间",
    "提交日期",
]
_NEVER = {"", "-", "—", "no submission", "未提交"}
_WEEKDAY = re.compile(r"^[^\W\d]+,\s*|\s*(?:星期|周)[一二三四五六日天]")
_CHAPTER = re.compile(r"(?<!\d)(\d\d[a-z]?)(?=[_. -])")


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
    try:
        found = datetime.fromisoformat(day if named else text)
    except ValueError:
        found, named = _written_out(text), False
    if named:
        found = found.replace(tzinfo=zone_of(last))
    return local(found, zone)


def _written_out(text: str) -> datetime:
    """Return a moment such as "Thursday, 5 March 2026, 5:55 PM"."""
    from crmlab._cells import arrow_of
    from crmlab._dates import dates

    parsed, _ = dates(arrow_of([_WEEKDAY.sub(" ", text)]), day_first=None, date_format=None)
    if len(parsed.unreadable) or len(parsed.empty):
        raise ValueError(f"{text!r} is no moment")
    return parsed.cells[0].item()


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


def read_times(path: Path, zone: tzinfo | None = None, students: Sequence[Student] = ()) -> Times:
    """Return the times of handing in that `path` holds.

    Parameters
    ----------
    path : Path
        A table (CSV or Excel) with the columns student_id and handed_in, and chapter where
        chapters differ, or as a platform exports it, such as Moodle's grading worksheet; or a
        folder of such tables, each with its chapter in its name (06_rfm.csv); or a folder of
        nbgrader's, <student_id>/<chapter>/timestamp.txt, filled by its collector and not by
        students.
    zone : tzinfo, optional
        See `moment`.
    students : sequence of Student, optional
        The roster: whom a line means that has an address, a login or a name and no student_id.

    Raises
    ------
    TimesError
        If it cannot be read, or has faults; each one is named.
    """
    rows = _folder(path, students) if path.is_dir() else _lines(path, students, "")
    listed, faults = {}, []
    for where, student, chapter, text in rows:
        try:
            listed[student, number_of(chapter)] = moment(text, zone)
        except ValueError as error:
            faults.append(f"{where}: {legible(str(error), 100)}")
    if faults:
        raise TimesError(f"{path.name}: " + "; ".join(faults) + ". Write 2026-12-01 18:00+01:00")
    return Times(listed, path.name, zone)


def _folder(folder: Path, students: Sequence[Student]) -> Iterator[tuple[str, str, str, str]]:
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.xls*")]):
        found = _CHAPTER.search(path.name)
        if not found:
            raise TimesError(f"{path.name} names no chapter; call it 06_{path.name}, say")
        for where, student, chapter, when in _lines(path, students, found[1]):
            yield f"{path.name}, {where}", student, chapter, when
    yield from _stamps(folder)


def _stamps(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    for path in sorted(folder.glob(f"*/*/{_STAMP}")):
        *_, student, chapter, _ = path.parts
        yield f"{student}/{chapter}", student, chapter, path.read_text(encoding="utf-8")


def _lines(
    path: Path, students: Sequence[Student], chapter: str
) -> Iterator[tuple[str, str, str, str]]:
    """Yield place, student, chapter and moment of each line that says when it was handed in."""
    (_, head), *rows = table_of(path) or [(1, [""])]
    heads = [bare(cell) for cell in head]
    when = next((heads.index(name) for name in _MOMENTS if name in heads), None)
    who = {
        role: heads.index(name)
        for role in ("id", "email", "login", "name")
        for name in HEADINGS[role][::-1]
        if name in heads
    }
    if not who or when is None:
        missing = [*([] if who else ["student_id"]), *(["handed_in"] if when is None else [])]
        raise TimesError(
            f"{path.name}: missing {missing}; the first line has {head}. "
            "Write student_id,chapter,handed_in"
        )
    which = heads.index("chapter") if "chapter" in heads else None
    for number, row in rows:
        cells = [*row, *[""] * (len(head) - len(row))]
        student = _student(students, {role: cells[place] for role, place in who.items()})
        if not student or ("handedin" not in heads and cells[when].casefold() in _NEVER):
            continue
        told = "" if which is None else cells[which]
        yield f"line {number}", student, chapter or told, cells[when]


def _student(students: Sequence[Student], said: Mapping[str, str]) -> str:
    """Return the id of whom a line means, "" if that is nobody of the roster."""
    if not students or said.get("id") in {each.id for each in students}:
        return said.get("id", "")
    for role, text in said.items():
        found = [
            each.id for each in students if bare(text) and bare(getattr(each, role)) == bare(text)
        ]
        if len(found) == 1:
            return found[0]
    return ""
