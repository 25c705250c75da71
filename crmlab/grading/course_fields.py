"""The keys of course.yaml, one reader each: what may stand there, or what to write instead."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from crmlab._words import LANGUAGES
from crmlab.classroom.source import number_of
from crmlab.grading.times import local, moment, zone_of

NAME = "course.yaml"
_END_OF_DAY = time(23, 59, 59)
_YEAR_FIRST = re.compile(r"\s*\d{4}\D")
_CHAPTER = re.compile(r"\d\d[a-z]?(_\w+)?")


@dataclass(frozen=True)
class LateRule:
    """Which share of the points a day of lateness costs, and how much at most."""

    per_day: float = 0.0
    at_most: float = 1.0
    grace_minutes: float = 0.0

    def penalty(self, raw_score: float, due: datetime | None, handed_in: datetime | None) -> float:
        """Return the points lost: each day begun counts, after the minutes of grace.

        Examples
        --------
        >>> rule = LateRule(per_day=0.1, at_most=0.5)
        >>> rule.penalty(10, datetime(2026, 5, 1, 12), datetime(2026, 5, 2, 13))
        2.0
        """
        if due is None or handed_in is None:
            return 0.0
        late = handed_in - due - timedelta(minutes=self.grace_minutes)
        days = max(0, math.ceil(late / timedelta(days=1)))
        return round(raw_score * min(self.at_most, self.per_day * days), 6)


def moments(due: dict[str, Any], zone: tzinfo | None) -> dict[str, datetime]:
    """Return due dates on the clock of the course, by chapter."""
    return {chapter: _on_the_clock(when, zone) for chapter, when in due.items()}


def refuse_unknown(
    loaded: dict[str, Any], known: tuple[str, ...], where: str, faults: list[str]
) -> None:
    """Append to `faults` every key that nobody reads, with the one that may be meant."""
    for name in loaded:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            advice = f"did you mean {near[0]!r}?" if near else f"known are {[*known]}"
            faults.append(f"{where}{name}: is not known; {advice}")


def _text(value: Any, _: Path) -> str:
    if not isinstance(value, str):
        raise ValueError(f"should be a text, not {value!r}")
    return value


def _chapter(value: Any) -> str:
    """Return a chapter as its number; YAML reads an unquoted 07 as the number 7."""
    text = f"{value:02d}" if isinstance(value, int) else str(value)
    if not _CHAPTER.fullmatch(text):
        raise ValueError(f'{value!r} is no chapter; write "06"')
    return number_of(text)


def _chapters(value: Any, _: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError('should be a list such as ["06", "07"]')
    return _once(_chapter(each) for each in value)


def _once(chapters: Iterable[str]) -> tuple[str, ...]:
    """Return chapters as they are, unless one stands twice, if spelt otherwise: 6 and "06"."""
    every = tuple(chapters)
    if twice := sorted({each for each in every if every.count(each) > 1}):
        raise ValueError(f"chapter {twice[0]} stands twice")
    return every


def _by_chapter(value: Any, example: str) -> dict[str, Any]:
    """Return a mapping with the numbers of chapters as its keys."""
    if not isinstance(value, dict):
        raise ValueError(f"should be a mapping such as {example}")
    return dict(zip(_once(_chapter(each) for each in value), value.values(), strict=True))


def _zone(value: Any, folder: Path) -> tzinfo:
    return zone_of(_text(value, folder))


def _together(value: Any, folder: Path) -> dict[str, str]:
    """Return the pattern of the groups that hand in together, by chapter."""
    if isinstance(value, list):
        return dict.fromkeys(_chapters(value, folder), "*")
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise ValueError('should be a list such as ["17"], or a mapping such as {"17": "Team *"}')
    return _by_chapter(value, '{"17": "Team *"}')


def _language(value: Any, folder: Path) -> str:
    if _text(value, folder) not in LANGUAGES:
        raise ValueError(f"should be one of {', '.join(LANGUAGES)}, not {value!r}")
    return value


def _due(value: Any, _: Path) -> dict[str, Any]:
    return _by_chapter(value, '{"06": 2026-12-01 18:00}')


def _extensions(value: Any, folder: Path) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict):
        raise ValueError('should be a mapping such as {ann: {"06": 2026-12-08}}')
    return {str(student): _due(own, folder) for student, own in value.items()}


def _excused(value: Any, folder: Path) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ValueError('should be a mapping such as {bob: ["06"]}')
    return {str(student): _chapters(own, folder) for student, own in value.items()}


def _count(value: Any, _: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"should be a whole number from 0, not {value!r}")
    return value


def _on_the_clock(when: Any, zone: tzinfo | None) -> datetime:
    """Return a moment on the clock of the course; a day alone means its end.

    The year stands first: nobody should lose points by 05/03, which is two days.
    """
    if isinstance(when, str):
        if not _YEAR_FIRST.match(when):
            raise ValueError(f"{when!r} is no date; write 2026-12-01 18:00")
        try:
            found = moment(when, zone)
        except ValueError:
            raise ValueError(f"{when!r} is no date; write 2026-12-01 18:00") from None
        return found if ":" in when else datetime.combine(found, _END_OF_DAY)
    if isinstance(when, datetime):
        return local(when, zone)
    if isinstance(when, date):
        return datetime.combine(when, _END_OF_DAY)
    raise ValueError(f"{when!r} is no date; write 2026-12-01 18:00")


def _number(value: Any, least: float = 0, most: float = math.inf) -> float:
    fits = isinstance(value, int | float) and math.isfinite(value) and least <= value <= most
    if isinstance(value, bool) or not fits:
        upper = "" if most == math.inf else f" to {most:g}"
        raise ValueError(f"should be a number from {least:g}{upper}, not {value!r}")
    return float(value)


def _weights(value: Any, _: Path) -> dict[str, float]:
    weights = _by_chapter(value, '{"06": 2}')
    return {chapter: _number(weight) for chapter, weight in weights.items()}


def _late(value: Any, _: Path) -> LateRule:
    if not isinstance(value, dict):
        raise ValueError("should be a mapping such as {per_day: 0.1, at_most: 0.5}")
    faults: list[str] = []
    refuse_unknown(value, ("per_day", "at_most", "grace_minutes"), "", faults)
    if faults:
        raise ValueError("; ".join(faults))
    most = {"grace_minutes": math.inf}
    return LateRule(**{name: _number(each, 0, most.get(name, 1)) for name, each in value.items()})


def _folder(value: Any, folder: Path) -> Path:
    path = folder / _text(value, folder)
    if not path.is_dir():
        raise ValueError(f"there is no folder {value!r} beside {NAME}")
    return path


def _there(value: Any, folder: Path) -> Path:
    path = folder / _text(value, folder)
    if not path.exists():
        raise ValueError(f"there is no {value!r} beside {NAME}")
    return path


READERS = {
    "name": _text,
    "chapters": _chapters,
    "due": _due,
    "weights": _weights,
    "late": _late,
    "unseen": _folder,
    "zone": _zone,
    "language": _language,
    "times": _there,
    "extensions": _extensions,
    "groups": _extensions,
    "together": _together,
    "excused": _excused,
    "drop_lowest": _count,
}
