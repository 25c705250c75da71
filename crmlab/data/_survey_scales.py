"""On which scale each item of a survey is, and whether scales are mixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from crmlab._words import N_, _
from crmlab.data._survey_rows import Rows
from crmlab.data.report import Guess
from crmlab.errors import AmbiguousError, MissingColumnsError, OutOfRangeError

Scale = tuple[int, int]
_SCALES = ((1, 5), (1, 6), (1, 7), (1, 9), (1, 10), (0, 10))


def ends_said(said: Any, items: Sequence[str]) -> dict[str, Scale]:
    """Return the ends that the caller gave, by item."""
    given = said if isinstance(said, Mapping) else dict.fromkeys(items, said)
    for item, ends in given.items():
        if item not in items:
            raise MissingColumnsError.among([item], [*items], ["items"])
        if ends is not None and not (
            isinstance(ends, Sequence) and len(ends) == 2 and ends[0] < ends[1]
        ):
            raise OutOfRangeError(f"scale must be its two ends, such as (1, 5); got {ends!r}.")
    return {item: (int(ends[0]), int(ends[1])) for item, ends in given.items() if ends is not None}


def scales_of(
    numbers: dict[str, np.ndarray],
    given: Mapping[str, Scale],
    ladders: Mapping[str, int],
    files: list[Rows],
    guesses: list[Guess],
) -> dict[str, Scale]:
    """Return the ends of each item's scale, or raise AmbiguousError where they are mixed.

    Words have as many points as their ladder, whether or not its ends were ticked.
    """
    own = {
        item: (1, ladders[item]) if item in ladders else _usual(values)
        for item, values in numbers.items()
    }
    open_items = [item for item in numbers if item not in given]
    by_scale: dict[Scale, list[str]] = {}
    for item in open_items:
        by_scale.setdefault(own[item], []).append(item)
    if len(by_scale) > 1:
        told = "; ".join(f"{low}-{high}: {names[:5]}" for (low, high), names in by_scale.items())
        small = min(by_scale.items(), key=lambda one: len(one[1]))
        rows = _rows_beyond(numbers, small[1], files)
        raise AmbiguousError(
            f"the items are on different scales ({told}; rows {rows} for instance). If all are on "
            f"the longest, say scale={_widest(by_scale)}; if they differ, say each, "
            f"scale={{{small[1][0]!r}: {small[0]}, …}}, and compare only what is on one scale."
            + _hint(_codes(numbers, small[1]))
        )
    counted = [item for item in open_items if item not in ladders]
    _require_one_scale_in_files(numbers, counted, files)
    codes = _codes(numbers, counted)
    if codes:
        ends = next(iter(by_scale))
        raise AmbiguousError(
            f"beside {codes} all answers lie together, and nobody ticked what lies between, so "
            f"these are answers on {ends[0]}-{ends[1]} or codes. If answers, say scale={ends}."
            + _hint(codes)
        )
    if by_scale:
        ends = next(iter(by_scale))
        why = _("all answers lie on it; see scale=")
        guesses.append(Guess(N_("scale"), "-".join(map(str, ends)), why))
    return own | {**given}


def _codes(numbers: dict[str, np.ndarray], items: Sequence[str]) -> list[int]:
    """Return numbers that look like codes: 0, 8 or 9 beside answers up to 5, or 0 beside up to 7.

    They would make a longer scale of a shorter one: 1-9 or 0-10.
    """
    seen = {*np.concatenate([numbers[item] for item in items] or [np.empty(0)]).tolist()}
    seen = {int(one) for one in seen if 0 <= one <= 10}
    for codes, end in (({0, 8, 9}, 5), ({0}, 7)):
        if seen & codes and seen - codes and max(seen - codes) <= end:
            return sorted(seen & codes)
    return []


def _hint(codes: list[int]) -> str:
    return f' If {codes} mean "don\'t know", say dont_know={codes}.' if codes else ""


def _usual(values: np.ndarray) -> Scale:
    """Return the shortest usual scale that most answers lie on; codes of one value are no scale."""
    seen = values[~np.isnan(values)]
    inside = seen[(seen >= 0) & (seen <= 10)]
    if not len(inside):
        return (1, 5)
    low, high = inside.min(), inside.max()
    return next(ends for ends in _SCALES if ends[0] <= low and high <= ends[1])


def _widest(by_scale: Mapping[Scale, Any]) -> Scale:
    return min(low for low, _ in by_scale), max(high for _, high in by_scale)


def _rows_beyond(numbers: dict[str, np.ndarray], items: list[str], files: list[Rows]) -> list[int]:
    """Return the numbers of a few rows in which an item shows its scale."""
    where = [number for file in files for number in file.numbers]
    values = numbers[items[0]]
    return [where[at] for at in np.flatnonzero(values == np.nanmax(values))[:3].tolist()]


def _require_one_scale_in_files(
    numbers: dict[str, np.ndarray], items: list[str], files: list[Rows]
) -> None:
    """Raise AmbiguousError if one file's answers end at 5 and another's at 10, say."""
    if len(files) < 2 or not items:
        return
    ends, begin = {}, 0
    for file in files:
        part = [numbers[item][begin : begin + len(file.rows)] for item in items]
        ends[file.name] = _usual(np.concatenate(part))
        begin += len(file.rows)
    if len({*ends.values()}) > 1:
        raise AmbiguousError(
            f"the files are on different scales: {ends}. If they are on one, say it with scale=…; "
            "if not, read each apart and bring them to one scale before they are put together."
        )
