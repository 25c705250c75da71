"""From what a platform lets one download to a folder per student: nothing is lost without a word.

Who a file belongs to is told by what the platform wrote, never by what lies inside the file.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from crmlab.classroom.source import number_of
from crmlab.grading.course import GROUPS
from crmlab.grading.download import CANVAS, MOODLE, Found, files_of
from crmlab.grading.paper import legible, write_whole
from crmlab.grading.roster import Student, bare
from crmlab.grading.sheet import write_table
from crmlab.grading.submission import COLLECTED, UnreadableError
from crmlab.grading.times import NAME as TIMES

# Canvas dates what it packs with the moment of packing; times so close together are no one's.
_PACKED_WITHIN = timedelta(minutes=5)
# By what a file is told that a platform names after a group.
GROUP = "group"
# What browsers, JupyterLab, Canvas and file managers add to the name of a second copy.
_COPY = re.compile(r"([ _-]*(\(\d+\)|copy ?\d*|副本 ?(\(\d+\))?|复件)|-\d{1,2})+$", re.IGNORECASE)
_ENDING = re.compile(r"(\.ipynb|\.json|\.txt)+$", re.IGNORECASE)
_ASKED = re.compile(r"""(?:check|hint|load_mine)\(\s*["'](\d\d[a-z]?)\b""")


@dataclass(frozen=True)
class Taken:
    """What became of a file: whose it is and of which chapter, or a `note` why it is not used."""

    place: str
    student: str = ""
    chapter: str = ""
    by: str = ""
    note: str = ""
    handed_in: datetime | None = None
    content: bytes = b""

    @property
    def used(self) -> bool:
        """Whether the file is handed to the grading."""
        return bool(self.content)


def collect(
    download: Path,
    students: Sequence[Student],
    chapters: Iterable[str],
    *,
    together: Collection[str] = (),
) -> list[Taken]:
    """Return each file of a download with its student and chapter, or why it has none.

    Parameters
    ----------
    download : Path
        An archive of Moodle's or Canvas's, or a folder that holds such archives, or a folder or
        zip per student, or an unpacked archive. Zips within zips are opened, two deep.
    students : sequence of Student
        Matched by id, by the platform's number or login, by e-mail address, by name, or by the
        name of a group, whose first student then stands for it.
    chapters : iterable of str
        Names of the exercises, such as "06_rfm". A copy's name ("06_rfm (1)", "-Copy1") is known;
        a notebook under any other name is known by the questions it checks.
    together : collection of str, optional
        Numbers of the chapters that groups hand in together; what a group handed in of another
        chapter is left out.

    Returns
    -------
    list of Taken
        Of several notebooks of one student and chapter the latest is used; where the platform
        tells no times, the one whose name sorts last. The others say so in `note`.
    """
    named = {number_of(each): each for each in chapters}
    owners = _Owners(students)
    files = files_of(download, lambda name: bool(owners.of((name,))[0]))
    return _timed(_latest([_taken(each, owners, named, together) for each in files]))


def write_collected(taken: Sequence[Taken], out: Path) -> list[str]:
    """Write what was collected as `out/<student>/<chapter>.ipynb`, and say what a person must know.

    `out/times.csv` holds the times of the platform's archive, which grading reads by itself,
    `out/collected.csv` a line for each file of the download. What an earlier run wrote for the same
    student and chapter is replaced, and told.
    """
    told = []
    for each in taken:
        if each.used:
            path = out / each.student / f"{each.chapter}.ipynb"
            if path.is_file() and path.read_bytes() != each.content:
                told.append(f"{each.student}: {each.chapter} is replaced by {_shown(each)}")
            write_whole(path, each.content)
            if each.handed_in:
                stamp = each.handed_in.timestamp()
                os.utime(path, (stamp, stamp))
    columns = ["place", "student", "chapter", "by", "note", "handed_in"]
    rows = [[getattr(each, name) or "" for name in columns] for each in taken]
    write_table(pd.DataFrame(rows, columns=["file", *columns[1:]]).astype(str), out / COLLECTED)
    _write_times(taken, out / TIMES)
    return told + [f"{_shown(each)}: {each.note}" for each in taken if each.note]


def _shown(each: Taken) -> str:
    return legible(each.place, 120, lines=False)


def _write_times(taken: Sequence[Taken], path: Path) -> None:
    """Add the platform's times to those of earlier downloads.

    A notebook that comes without a time takes an earlier one's away, since that was of another.
    """
    columns = ["student_id", "chapter", "handed_in"]
    known = pd.DataFrame(columns=columns)
    if path.is_file():
        known = pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False)
    used = [each for each in taken if each.used]
    rows = [[each.student, number_of(each.chapter), str(each.handed_in or "")] for each in used]
    both = pd.concat([known, pd.DataFrame(rows, columns=columns)], ignore_index=True)
    both = both.drop_duplicates(columns[:2], keep="last")
    if path.is_file() or both["handed_in"].ne("").any():
        write_table(both[both["handed_in"] != ""], path)


class _Owners:
    """Who is meant by what a platform writes: the first of these keys that is one student's."""

    def __init__(self, students: Sequence[Student]) -> None:
        self._by: dict[str, dict[str, set[str]]] = {}
        self._first: dict[str, str] = {}
        for each in students:
            words = re.split(r"[\s,]+", each.name)
            turned = "".join(reversed([word for word in words if word]))
            for key, text in [
                ("id", each.id),
                ("platform's number", each.lms),
                ("login", each.login),
                ("e-mail", each.email),
                ("e-mail", each.email.partition("@")[0]),
                ("name", each.name),
                ("name", turned),
            ]:
                if bare(text):
                    self._by.setdefault(key, {}).setdefault(bare(text), set()).add(each.id)
            for group in GROUPS.split(each.group):
                self._first.setdefault(bare(group), each.id)

    def of(self, who: Iterable[str]) -> tuple[str, str]:
        """Return the student's id, and by what; or "" and why there is none."""
        ambiguous = ""
        for part in who:
            for key, text in self._keys(part):
                if key == GROUP and bare(text) and bare(text) in self._first:
                    return self._first[bare(text)], GROUP
                ids = self._by.get(key, {}).get(bare(text), set())
                if len(ids) == 1:
                    return next(iter(ids)), key
                if ids:
                    ambiguous = f"the {key} {text!r} is that of {sorted(ids)}"
                    break
        return "", ambiguous or "nobody on the roster has such an id, e-mail or name"

    def _keys(self, part: str) -> Iterator[tuple[str, str]]:
        """Yield what a part of a path may say, surest first."""
        stem = re.sub(r"\.(zip|ipynb)$", "", part, flags=re.IGNORECASE)
        for form in (MOODLE, CANVAS):
            if parts := form.fullmatch(part):
                yield "platform's number", parts["lms"]
                for key in ("name", "id", "login", "e-mail", GROUP):
                    yield key, parts["who"]
                return
        for text in (stem, _COPY.sub("", stem)):
            for key in ("id", "login", "e-mail", "name", GROUP):
                yield key, text
        # Folders such as "2023001 张伟", "张伟(2023001)" or "2023001_06_rfm".
        pieces = [piece for piece in re.split(r"[\s_()（）-]+", stem) if len(piece) > 1]
        for key in ("id", "name"):
            yield from ((key, piece) for piece in pieces)


def _taken(
    found: Found, owners: _Owners, named: Mapping[str, str], together: Collection[str]
) -> Taken:
    """Return whose a file is, and of which chapter."""
    blank = Taken(found.place, handed_in=found.when)
    if isinstance(found.content, UnreadableError):
        student, by = owners.of(found.who)
        return replace(blank, student=student, by=by if student else "", note=str(found.content))
    if not _is_notebook(found):
        told = found.name.casefold().endswith((".csv", ".json", ".txt", ".md", ".parquet"))
        return blank if told else replace(blank, note="it is no notebook, and is left out")
    student, by = owners.of(found.who)
    if not student:
        return replace(blank, note=f"left out: {by}")
    if not found.content:
        return replace(blank, student=student, by=by, note="left out: the file is empty")
    chapter, why = _chapter(found, named)
    if not chapter:
        return replace(blank, student=student, by=by, note=f"left out: {why}")
    if by == GROUP and number_of(chapter) not in together:
        advice = f'write together: ["{number_of(chapter)}"] in course.yaml to let it count for all'
        return replace(blank, student=student, by=by, note=f"left out: a group's; {advice}")
    note = f"taken for {chapter}: {why}" if why else ""
    if any((form := CANVAS.fullmatch(part)) and form["late"] for part in found.who):
        note = "; ".join(filter(None, [note, "Canvas marks it as late"]))
    return replace(blank, student=student, chapter=chapter, by=by, note=note, content=found.content)


def _is_notebook(found: Found) -> bool:
    """Return whether a file is a notebook, also one that a browser or Windows called .txt."""
    name = found.name.casefold()
    return ".ipynb" in name or (name.endswith((".json", ".txt")) and bool(_code(found.content)))


def _chapter(found: Found, named: Mapping[str, str]) -> tuple[str, str]:
    """Return the chapter of a notebook, and how it was told where the name does not say it."""
    stem = _COPY.sub("", _ENDING.sub("", found.name))
    if named.get(number_of(stem)) == stem:
        return stem, ""
    asked = {each for each in _ASKED.findall(_code(found.content)) if each in named}
    if len(asked) == 1:
        return named[asked.pop()], "by the questions in it"
    if number_of(stem) in named and not asked:
        return named[number_of(stem)], "by the number in its name"
    if asked:
        return "", f"it has questions of chapters {sorted(asked)}"
    return "", "neither its name nor a question in it belongs to a chapter of the course"


def _code(content: bytes | UnreadableError) -> str:
    """Return the code of a notebook as one text, or nothing."""
    try:
        cells = json.loads(content)["cells"] if isinstance(content, bytes) else []
        code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return "\n".join("".join(map(str, each)) for each in code)


def _timed(every: list[Taken]) -> list[Taken]:
    """Forget the times of an archive that tells but when it was packed."""
    known = [each.handed_in for each in every if each.handed_in]
    if known and max(known) - min(known) > _PACKED_WITHIN:
        return every
    return [replace(each, handed_in=None) for each in every]


def _latest(every: Sequence[Taken]) -> list[Taken]:
    """Leave of each student and chapter one notebook that is used, and say so of the others."""
    best: dict[tuple[str, str], Taken] = {}
    for each in sorted(every, key=lambda one: (one.handed_in or datetime.min, one.place)):
        if each.used:
            best[each.student, each.chapter] = each
    out = []
    for each in every:
        chosen = best.get((each.student, each.chapter), each)
        if not each.used or chosen is each or chosen.content == each.content:
            same = each.used and chosen is not each
            out.append(replace(each, content=b"", note="the same as another") if same else each)
            continue
        later = each.handed_in != chosen.handed_in
        why = "is later" if later else "has the name that sorts last"
        note = f"left out: of {each.student}'s {each.chapter}, {_shown(chosen)} {why}"
        out.append(replace(each, content=b"", note=note))
    return out
