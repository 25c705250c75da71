"""Hands out: one zip per student, with the notebooks and the data that only this student has."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from crmlab.classroom.bundle import make
from crmlab.classroom.source import Exercise
from crmlab.classroom.strip import notebook_text
from crmlab.grading.course import Course
from crmlab.grading.crew import spread

# The earliest moment a zip can name: the same files make the same zip, byte for byte.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
# So few are written sooner than other processes are started.
_FEW = 8
_READ_ME = """{course}: the exercises of {name}

Unpack this zip, or type  crmlab lab --mine {student}.zip , which never overwrites your work.
Open the notebooks in Jupyter, answer, and run the checks. Hand in the notebooks (or this folder
as a zip named {student}.zip). Leave crmlab-bundle.json and the folder data where they are.
"""


def release(
    course: Course,
    roster: dict[str, str],
    out: Path,
    *,
    chapters: Sequence[str] = (),
    jobs: int | None = None,
) -> Iterator[Path]:
    """Write `out/<student>.zip` for everybody on the roster, and yield each path.

    A zip holds the stripped notebooks, the student's data, and sealed keys: no solution and no
    course key. The same course makes the same zips. With `chapters` these alone are in it, so that
    unpacking it touches no other work, and tells nothing of what is to come.

    Raises
    ------
    CourseError
        If the course has no such chapter.
    """
    exercises = course.exercises(chapters)
    out.mkdir(parents=True, exist_ok=True)
    write = partial(_write, course, exercises, out)
    jobs = 1 if len(roster) < _FEW else min(jobs or os.cpu_count() or 1, len(roster))
    for _, path in spread(write, [*roster.items()], jobs=jobs):
        if isinstance(path, Exception):
            raise path
        yield path


def _write(
    course: Course,
    exercises: Sequence[Exercise],
    out: Path,
    entry: tuple[str, str],
) -> Path:
    """Write the zip of one student."""
    student, name = entry
    read_me = _READ_ME.format(course=course.name, name=name or student, student=student)
    files = {f"{each.name}.ipynb": notebook_text(each).encode() for each in exercises}
    files |= {"README.txt": read_me.encode()}
    files |= make(course.name, course.key, student, exercises)
    path = out / f"{student}.zip"
    path.write_bytes(_zipped(student, files))
    return path


def _zipped(folder: str, files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(zipfile.ZipInfo(f"{folder}/{name}", _LONG_AGO), content)
    return packed.getvalue()
