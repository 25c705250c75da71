"""What is released to one student: whose it is, and for each chapter its data and sealed keys.

A chapter has files of its own, so that one that is handed out later takes none of the others'.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from crmlab._words import ENGLISH
from crmlab.classroom.judge import Key, key_of
from crmlab.classroom.solve import Solved, seed_of, solve_for, world
from crmlab.classroom.source import Exercise, number_of
from crmlab.errors import CrmlabError

NAME = "crmlab-bundle.json"
_VERSION = 2


@dataclass(frozen=True)
class Task:
    """One question as a released notebook knows it.

    `partial` says which share of the points a verdict earns that is nearly right.
    """

    key: Key | None
    objective: str
    hints: tuple[str, ...]
    rubric: tuple[str, ...]
    partial: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Bundle:
    """What one student got: whose it is, and the task of every question.

    `languages` says by chapter which language its replies are in, where that is not English.
    """

    course: str
    student: str
    tasks: dict[str, Task]
    folder: Path
    languages: dict[str, str] = field(default_factory=dict)

    def data(self, chapter: str) -> pd.DataFrame:
        """Return the student's own data of `chapter`."""
        return pd.read_parquet(self.folder / data_name(chapter))


def data_name(chapter: str) -> str:
    """Return where a chapter's own data stand inside a bundle."""
    return f"data/{number_of(chapter)}.parquet"


def keys_name(chapter: str) -> str:
    """Return where a chapter's sealed keys stand inside a bundle."""
    return f"data/{number_of(chapter)}.json"


def make(course: str, key: str, student: str, exercises: Sequence[Exercise]) -> dict[str, bytes]:
    """Return the files of one student's bundle, notebooks apart, by name."""
    files = {NAME: _json({"version": _VERSION, "course": course, "student": student})}
    for exercise in exercises:
        tasks: dict[str, Any] = {}
        mine = own_data(exercise, key, student)
        if mine is not None:
            files[data_name(exercise.chapter)] = mine.to_parquet(index=False)
        for name, solved in solve_for(exercise, mine).items():
            asked = solved.question
            salt = hmac.digest(key.encode(), f"{student}\n{name}".encode(), hashlib.sha256).hex()
            tasks[name] = {
                "key": None if asked.rubric else _released(solved, salt),
                "objective": asked.objective,
                "hints": asked.hints,
                "rubric": asked.rubric,
                "partial": asked.partial,
            }
        spoken = {"language": exercise.spoken} if exercise.spoken != ENGLISH else {}
        files[keys_name(exercise.chapter)] = _json({**spoken, "tasks": tasks})
    return files


def _json(written: dict[str, Any]) -> bytes:
    return json.dumps(written, ensure_ascii=False, indent=1).encode()


def _released(solved: Solved, salt: str) -> dict[str, Any]:
    """Return a sealed key without the digests of rough roundings.

    Whoever had them would find an answer's first two digits in a hundred tries, and the other
    two in a hundred more, where the digits that are graded take nine thousand.
    """
    return key_of(solved, salt=salt, with_rough=False).to_json()


def own_data(exercise: Exercise, key: str, student: str) -> pd.DataFrame | None:
    """Return the data that only `student` has, if the exercise has such data."""
    if not any("world" in cell.tags for cell in exercise.cells):
        return None
    return world(exercise, seed_of(key, student, exercise.chapter)).data


def here(folder: Path) -> Bundle | None:
    """Return the bundle in `folder`, if it holds one."""
    path = folder / NAME
    if not path.is_file():
        return None
    tasks: dict[str, Task] = {}
    spoken: dict[str, str] = {}
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        course, student = about["course"], about["student"]
        for path in sorted(folder.glob(keys_name("*"))):
            chapter = json.loads(path.read_text(encoding="utf-8"))
            tasks |= {name: _task(each) for name, each in chapter["tasks"].items()}
            spoken |= {path.stem: chapter["language"]} if "language" in chapter else {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CrmlabError(
            f"{path.name} is damaged ({error!r}). Take it anew from the zip file you were given."
        ) from error
    return Bundle(course, student, tasks, folder, spoken)


def _task(written: dict[str, Any]) -> Task:
    """Return the task that `make` wrote."""
    return Task(
        Key.from_json(written["key"]) if written["key"] else None,
        written["objective"],
        tuple(written["hints"]),
        tuple(written["rubric"]),
        written.get("partial", {}),
    )
