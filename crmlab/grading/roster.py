"""Who takes the course: a roster as a teacher, a spreadsheet or a platform writes it."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from crmlab.data._encoding import find_encoding
from crmlab.data._source import source_of
from crmlab.errors import CrmlabError
from crmlab.grading.paper import defused, legible, write_whole

NAME = "roster.csv"
# What names a file on any system: no dot at its end, none of the names that Windows keeps.
_STUDENT = re.compile(r"(?!(con|prn|aux|nul|com\d|lpt\d)(\.|$))\w([\w.@+-]{0,78}[\w@+-])?", re.I)
# A spreadsheet's ways of writing a text that looks like a number, and of cutting a number short.
_AS_TEXT = re.compile(r"""^(?:="+|'(?=\d))|"+$""")
_CUT = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
_EXCEL = (".xlsx", ".xlsm", ".xls", ".ods")
# How we write what a spreadsheet would take for a formula.
_DEFUSED = re.compile(r"^'(?=[-=+@])")
_NAMED_WITHIN = 20
# Headings without case, spaces and marks: our own, those of Moodle's and of Canvas's lists of
# participants, and the usual Chinese ones. Of two columns the one named first here counts.
HEADINGS = {
    "id": ["studentid", "sisuserid", "idnumber", "学号", "学生编号", "编号", "studentnumber", "id"],
    "name": ["name", "fullname", "student", "studentname", "姓名", "学生姓名", "全名", "名字"],
    "first": ["firstname", "givenname", "名"],
    "last": ["lastname", "surname", "familyname", "姓", "姓氏"],
    "email": ["email", "emailaddress", "mail", "邮箱", "电子邮箱", "电子邮件", "电子邮件地址"],
    "login": ["login", "sisloginid", "username", "loginid", "用户名", "登录名"],
    "lms": ["lmsid", "canvasid", "moodleid", "id"],
    "group": ["group", "groups", "section", "class", "班级", "小组", "组"],
}
# What Canvas writes in its list that is nobody.
_NOBODY = {"pointspossible", "studenttest", "teststudent"}
# Below a list: how many stand in it.
_SUMS = {"合计", "总计", "小计", "共计", "total", "sum"}


class RosterError(CrmlabError):
    """A roster has faults; all of them are listed at once."""


@dataclass(frozen=True)
class Student:
    """One line of a roster; what it does not say is empty."""

    id: str
    name: str = ""
    email: str = ""
    login: str = ""
    lms: str = ""
    group: str = ""


def bare(text: str) -> str:
    """Return `text` without case, spaces and marks, however its letters are encoded.

    Examples
    --------
    >>> bare("Lovelace, Ada"), bare("ＡＤＡ lovelace")
    ('lovelaceada', 'adalovelace')
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def read_roster(path: Path) -> dict[str, str]:
    """Return names by student id, in the order of the roster; see `read_students`."""
    return {each.id: each.name for each in read_students(path)}


def read_students(path: Path) -> list[Student]:
    """Return who stands in a roster.

    Parameters
    ----------
    path : Path
        CSV, divided by commas, semicolons or tabs, in UTF-8 or as Excel saves it in China, or an
        Excel workbook: with the columns student_id and name, or as Moodle and Canvas export their
        lists of participants. Lines without anything are passed over. Without ids, login names
        or else e-mail addresses serve as ids.

    Raises
    ------
    RosterError
        If it cannot be read, has no column for ids or names, or has faults; each one is named.
    """
    rows = table_of(path)
    places, header = _columns(path.name, rows)
    found = [(line, _student(row, places)) for line, row in rows[header + 1 :]]
    found = [
        (line, each)
        for line, each in found
        if bare(each.name) not in _NOBODY and bare(each.id) not in _SUMS
    ]
    faults = [*_faults(found)]
    if faults or not found:
        raise RosterError(f"{path.name}: " + ("; ".join(faults) or "there is no student"))
    return [student for _, student in found]


def write_roster(path: Path, students: Iterable[Student]) -> None:
    """Write a roster that `read_students` and spreadsheets read, whole or not at all."""
    text = StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(["student_id", "name", "email", "login", "lms_id", "group"])
    rows = ([s.id, s.name, s.email, s.login, s.lms, s.group] for s in students)
    sheet.writerows([defused(cell) for cell in row] for row in rows)
    write_whole(path, text.getvalue().encode("utf-8-sig"))


def joined(
    path: Path, students: list[Student], *, add: bool
) -> tuple[list[Student], list[Student]]:
    """Return those of `students` who are to be served, and the roster as it is then.

    With `add` those who are new join the roster that is at `path`, and they alone are served.
    Nothing is written, so that a release which is cut short serves them the next time.

    Raises
    ------
    RosterError
        If a roster is there and holds others; a roster is never overwritten.
    """
    there = read_students(path) if path.is_file() else []
    known = {each.id for each in there}
    new = [each for each in students if each.id not in known]
    if add or not there:
        return new, [*there, *new]
    gone = known - {each.id for each in students}
    if new or gone:
        told = [f"{len(new)} more ({', '.join(each.id for each in new[:3])})"] if new else []
        told += [f"{len(gone)} fewer ({', '.join(sorted(gone)[:3])})"] if gone else []
        raise RosterError(
            f"{path} is the roster of this course, and yours has {' and '.join(told)} students. "
            "Nothing is overwritten: --add adds those who are new and writes their zips alone; to "
            f"begin anew, move {path.name} away"
        )
    return students, there


def table_of(path: Path) -> list[tuple[int, list[str]]]:
    """Return the lines of a table that hold anything, each with its number and its cells."""
    return [*_filled(_rows(path))]


def _rows(path: Path) -> list[list[str]]:
    """Return the cells of a file as text."""
    source = source_of(path)
    if path.suffix.casefold() in _EXCEL:
        from crmlab.data._source import blaming

        with blaming(path.name), source.seekable() as stream:
            from python_calamine import CalamineWorkbook

            sheet = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0)
            return [[_written(cell) for cell in row] for row in sheet.to_python()]
    raw = path.read_bytes()
    text = raw.decode(find_encoding(source, None).value)
    head = text.lstrip().partition("\n")[0]
    between = max(",;\t", key=head.count)
    try:
        return [*csv.reader(StringIO(text, newline=""), delimiter=between, strict=True)]
    except csv.Error as error:
        raise RosterError(
            f"{path.name} is no CSV: {error}. Save it as CSV UTF-8 in your spreadsheet"
        ) from error


def _written(cell: object) -> str:
    """Return a cell of a workbook as a person reads it: an id that Excel holds as 7.0 is 7."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _filled(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each line that has anything in it."""
    for line, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield line, cells


def _columns(name: str, rows: Sequence[tuple[int, list[str]]]) -> tuple[dict[str, int], int]:
    """Return the column of each role, and which line holds the headings."""
    for header, (_, row) in enumerate(rows[:_NAMED_WITHIN]):
        heads = [bare(cell) for cell in row]
        places: dict[str, int] = {}
        for role, known in HEADINGS.items():
            free = [head for head in known if head in heads]
            free = [head for head in free if heads.index(head) not in places.values()]
            if free:
                places[role] = heads.index(free[0])
        if "id" not in places:
            instead = next((role for role in ("login", "email") if role in places), None)
            places |= {"id": places[instead]} if instead else {}
        if "id" in places and {"name", "first", "last"} & {*places}:
            return places, header
    head = rows[0][1] if rows else []
    raise RosterError(
        f"{name}: no line names a column for ids and one for names; the first line has {head}. "
        "Write student_id,name, or 学号,姓名"
    )


def _student(row: Sequence[str], places: dict[str, int]) -> Student:
    """Return who stands in a line."""
    cells = {role: row[place] if place < len(row) else "" for role, place in places.items()}
    cells = {role: _DEFUSED.sub("", text) for role, text in cells.items()}
    first, last = cells.pop("first", ""), cells.pop("last", "")
    between = "" if f"{last}{first}" and not f"{last}{first}".isascii() else " "
    parts = (last, first) if not between else (first, last)
    cells["name"] = cells.get("name") or between.join(part for part in parts if part)
    cells["id"] = _plain_id(cells["id"])
    return Student(**{role: legible(text, 200, lines=False) for role, text in cells.items()})


def _plain_id(text: str) -> str:
    """Return an id without what nobody sees: width, marks of a text, the .0 of a number."""
    seen = [
        each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf"
    ]
    return re.sub(r"^(\d+)\.0$", r"\1", _AS_TEXT.sub("", "".join(seen)).strip())


def _faults(found: Sequence[tuple[int, Student]]) -> Iterator[str]:
    """Yield what is wrong with the ids."""
    seen: dict[str, tuple[int, str]] = {}
    for line, student in found:
        if _CUT.fullmatch(student.id):
            yield f"line {line}: a spreadsheet has cut {student.id!r}; format the column as text"
        elif not _STUDENT.fullmatch(student.id):
            advice = "use letters and digits, 80 at most"
            yield f"line {line}: {student.id!r} cannot name a file; {advice}"
        first, same = seen.setdefault(student.id.casefold(), (line, student.id))
        if first == line:
            continue
        if same == student.id:
            yield f"line {line}: {student.id!r} stands there twice"
        else:
            yield (
                f"line {line}: {student.id!r} and {same!r} differ in case alone, and Windows takes "
                "their files for one; change one of them"
            )
