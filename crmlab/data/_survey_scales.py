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


def scales_of(
    numbers: dict[str, np.ndarray], said: Any, files: list[Rows], guesses: list[Guess]
) -> dict[str, Scale]:
    """Return the ends of each item's scale, or raise AmbiguousError where they are mixed."""
    given = said if isinstance(said, Mapping) else dict.fromkeys(numbers, said)
    for item, ends in given.items():
        if item not in numbers:
            raise MissingColumnsError.among([item], [*numbers], ["items"])
        if ends is not None and not (
            isinstance(ends, Sequence) and len(ends) == 2 and ends[0] < ends[1]
        ):
            raise OutOfRangeError(f"scale must be its two ends, such as (1, 5); got {ends!r}.")
    open_items = [item for item in numbers if given.get(item) is None]
    by_scale: dict[Scale, list[str]] = {}
    for item in open_items:
        by_scale.setdefault(_usual(numbers[item]), []).append(item)
    if len(by_scale) > 1:
        told = "; ".join(f"{low}-{high}: {names[:5]}" for (low, high), names in by_scale.items())
        small = min(by_scale.items(), key=lambda one: len(one[1]))
        rows = _rows_beyond(numbers, small[1], files)
        raise AmbiguousError(
            f"the items are on different scales ({told}; rows {rows} for instance). If all are on "
            f"the longest, say scale={_widest(by_scale)}; if they differ, say each, "
            f"scale={{{small[1][0]!r}: {small[0]}, …}}, and compare only what is on one scale."
        )
    _require_one_scale_in_files(numbers, open_items, files)
    if by_scale:
        ends = next(iter(by_scale))
        why = _("all answers lie on it; see scale=")
        guesses.append(Guess(N_("scale"), "-".join(map(str, ends)), why))
    found: dict[str, Scale] = {}
    for item in numbers:
        ends = given.get(item) or _usual(numbers[item])
        found[item] = (int(ends[0]), int(ends[1]))
    return found


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
