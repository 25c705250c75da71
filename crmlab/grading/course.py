"""course.yaml: what an instructor says once, read with clear errors."""

from __future__ import annotations

import fnmatch
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from crmlab._words import speaking
from crmlab.classroom.source import Exercise, number_of
from crmlab.classroom.unseen import as_met, chapters_of_kit, own_exercises
from crmlab.errors import CrmlabError
from crmlab.grading.course_fields import NAME, READERS, LateRule, moments, refuse_unknown
from crmlab.grading.roster import Student
from crmlab.grading.times import Times, local, read_times

# Between the groups of one student, as Moodle and Canvas list them.
GROUPS = re.compile(r"\s*(?:[,;，；、]|\band\b)\s*")


class _Loader(yaml.SafeLoader):
    """Reads as a person does: 0042 and 18:00 are texts, and so are yes and no."""


_INT, _BOOL = "tag:yaml.org,2002:int", "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [each for each in known if each[0] not in (_INT, _BOOL)]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_INT, re.compile(r"[-+]?(0|[1-9]\d*)$"), [*"-+0123456789"])


class CourseError(CrmlabError):
    """course.yaml has faults; all of them are listed at once."""


@dataclass(frozen=True)
class Course:
    """What course.yaml says; only the key is needed."""

    key: str
    name: str = "crmlab course"
    chapters: tuple[str, ...] = ()
    due: Mapping[str, datetime] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    late: LateRule = field(default_factory=LateRule)
    unseen: Path | None = None
    zone: tzinfo | None = None
    times: Path | None = None
    extensions: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    excused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drop_lowest: int = 0
    groups: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    together: Mapping[str, str] = field(default_factory=dict)
    group_of: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    folder: Path = Path()

    def due_for(self, student: str, chapter: str) -> datetime | None:
        """Return when a chapter is due for one student.

        An extension comes before the date of the student's group, and that before the rule; of
        several groups the latest date counts.
        """
        number = number_of(chapter)
        if number in (own := self.extensions.get(student, {})):
            return own[number]
        groups = self._groups(student)
        dates = [self.groups[g][number] for g in groups if number in self.groups.get(g, {})]
        return max(dates, default=self.due.get(number))

    def _groups(self, student: str) -> list[str]:
        return [name for name in GROUPS.split(self.group_of.get(student, "")) if name]

    def team_of(self, student: str, chapter: str) -> str:
        """Return the group with which a student hands a chapter in, "" if alone."""
        pattern = self.together.get(number_of(chapter))
        teams = fnmatch.filter(self._groups(student), pattern) if pattern else []
        return teams[0] if teams else ""

    def taught_to(self, students: Sequence[Student]) -> Course:
        """Return the course with the groups of its students.

        Raises
        ------
        CourseError
            If it speaks of a student or a group that the roster does not have.
        """
        self.require_known(each.id for each in students)
        have = sorted({name for each in students for name in GROUPS.split(each.group) if name})
        for name in self.groups:
            if name not in have:
                known = f"; there are {', '.join(have)}" if have else ", which names no groups"
                raise CourseError(f"{NAME}: groups: nobody on the roster is in {name!r}{known}")
        made = replace(self, group_of={each.id: each.group for each in students})
        for chapter, pattern in self.together.items():
            if not fnmatch.filter(have, pattern):
                known = f"there are {', '.join(have)}" if have else "it names no groups"
                raise CourseError(
                    f"{NAME}: together: {chapter}: no group of the roster is {pattern!r}; {known}"
                )
            for each in students:
                if len(teams := fnmatch.filter(made._groups(each.id), pattern)) > 1:
                    raise CourseError(
                        f"{NAME}: together: {each.id} is in {' and in '.join(teams)}; say which "
                        f'groups hand in together, such as {{"{chapter}": "Team *"}}'
                    )
        return made

    def require_known(self, students: Iterable[str]) -> None:
        """Refuse extensions and excuses for somebody who is not on the roster."""
        roster = [*students]
        for name, who in (("extensions", self.extensions), ("excused", self.excused)):
            for student in who:
                if student not in roster:
                    near = get_close_matches(student, roster, n=1)
                    advice = f"; did you mean {near[0]!r}?" if near else ""
                    raise CourseError(f"{NAME}: {name}: {student!r} is not on the roster{advice}")

    def spoken(self) -> AbstractContextManager[None]:
        """Speak the language of the course inside the block, where it names one."""
        return speaking(self.language) if self.language else nullcontext()

    def now(self) -> datetime:
        """Return this moment on the clock of the course."""
        return local(datetime.now().astimezone(), self.zone)

    def handed_in(self, students: Sequence[Student] = ()) -> Times:
        """Return the times of handing in that the course names, or else the files' own."""
        if not self.times:
            return Times(zone=self.zone)
        return read_times(self.times, self.zone, students)

    @property
    def secrets(self) -> tuple[Path, ...]:
        """The paths that no submission may see."""
        return (self.folder.resolve(), *([self.unseen.resolve()] if self.unseen else []))

    def exercises(self, only: Iterable[str] = ()) -> list[Exercise]:
        """Return the exercises of the course, or `only` some, with those of one's own."""
        with self.spoken():
            return self._exercises(only)

    def _exercises(self, only: Iterable[str]) -> list[Exercise]:
        own = own_exercises(self.unseen) if self.unseen else {}
        have = [*self.chapters] or self.known()
        wanted = [number_of(each.zfill(2) if each.isdigit() else each) for each in only]
        if unknown := [each for each in wanted if each not in have]:
            raise CourseError(f"the course has no chapter {unknown[0]!r}; it has {', '.join(have)}")
        chosen = [chapter for chapter in have if not wanted or chapter in wanted]
        if nowhere := [each for each in chosen if each not in self.known()]:
            known = ", ".join(self.known())
            raise CourseError(f"there is no exercise for chapter {nowhere[0]!r}; there are {known}")
        return [as_met(chapter, own.get(chapter, ())) for chapter in chosen]

    def known(self) -> list[str]:
        """Return the numbers of the chapters that have an exercise, the kit's or one's own."""
        own = own_exercises(self.unseen) if self.unseen else {}
        return sorted({*chapters_of_kit(), *own})


def read_course(path: Path) -> Course:
    """Return the course that `path` describes.

    Raises
    ------
    CourseError
        If the file is missing, is no YAML, or has faults; each one is named.
    """
    if not path.is_file():
        raise CourseError(
            f"there is no {path}. `crmlab course release` makes one; or name yours with --course"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
        loaded, tree = yaml.load(text, _Loader), yaml.compose(text, _Loader)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise CourseError(f"{path.name} is no YAML in UTF-8: {error}") from error
    if not isinstance(loaded, dict) or not isinstance(tree, yaml.MappingNode):
        raise CourseError(f"{path.name} should hold lines such as `name: Customer analytics`")
    faults: list[str] = [*_twice(tree)]
    course = Course(**_fields(loaded, path.parent, faults), folder=path.parent)
    faults += _nowhere(course)
    if faults:
        lines = {key.value: key.start_mark.line + 1 for key, _ in tree.value}
        raise CourseError(f"{path.name}: " + "; ".join(_placed(each, lines) for each in faults))
    return course


def _placed(fault: str, lines: dict[str, int]) -> str:
    """Return a fault with the line of the key that it begins with."""
    line = lines.get(fault.partition(":")[0])
    return f"line {line}: {fault}" if line else fault


def _twice(tree: yaml.MappingNode, within: str = "") -> Iterator[str]:
    """Yield the keys that stand twice; YAML would take the last in silence."""
    seen: dict[str, int] = {}
    for key, value in tree.value:
        line = key.start_mark.line + 1
        if key.value in seen:
            where = f"{within}: " if within else ""
            yield f"{where}{key.value} stands twice, in lines {seen[key.value]} and {line}"
        seen.setdefault(key.value, line)
        if isinstance(value, yaml.MappingNode):
            yield from _twice(value, within or key.value)


def _nowhere(course: Course) -> Iterator[str]:
    """Yield what speaks of chapters that the course does not have."""
    have = {*course.chapters} or {*course.known()}
    said: dict[str, Iterable[str]] = {"due": course.due, "weights": course.weights}
    said["together"] = course.together
    said["extensions"] = [chapter for own in course.extensions.values() for chapter in own]
    said["groups"] = [chapter for own in course.groups.values() for chapter in own]
    said["excused"] = [chapter for own in course.excused.values() for chapter in own]
    for name, chapters in said.items():
        for chapter in dict.fromkeys(chapters):
            if chapter not in have:
                yield f"{name}: there is no chapter {chapter}; there are {', '.join(sorted(have))}"


def _fields(loaded: dict[str, Any], folder: Path, faults: list[str]) -> dict[str, Any]:
    """Return the course's fields from what YAML held; append what is wrong to `faults`."""
    refuse_unknown(loaded, ("key", *READERS), "", faults)
    fields: dict[str, Any] = {"key": loaded.get("key", ""), "zone": None}
    if not isinstance(fields["key"], str) or len(fields["key"].strip()) < 16:
        faults.append("key: needs a text of 16 letters or more, known to nobody but you")
    for name, reader in READERS.items():
        if name in loaded:
            try:
                fields[name] = reader(loaded[name], folder)
            except (ValueError, TypeError, AttributeError) as error:
                faults.append(f"{name}: {error}")
    zone = fields["zone"]
    for name in ("due", "extensions", "groups"):
        said = fields.get(name, {})
        try:
            fields[name] = (
                moments(said, zone)
                if name == "due"
                else {who: moments(own, zone) for who, own in said.items()}
            )
        except (ValueError, TypeError) as error:
            faults.append(f"{name}: {error}")
    return fields


def found_course(path: Path, name: str) -> Course:
    """Return the course at `path`, made with a fresh key if there is none yet."""
    if not path.exists():
        text = f"# Keep this file: the key says which data each student gets.\nname: {name}\n"
        path.write_text(f"{text}key: {secrets.token_urlsafe(24)}\n", encoding="utf-8")
        path.chmod(0o600)
    return read_course(path)
