"""Dates whose year has two digits: the order of their parts is decided by all of them together."""

# pyarrow.compute makes its functions on import, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from crmlab._cells import Guess
from crmlab._words import N_, _
from crmlab.errors import AmbiguousError

# The place of year, month and day in each order, and how strptime calls it.
ORDERS = {
    "day first": ((2, 1, 0), "%d{0}%m{0}%y"),
    "month first": ((2, 0, 1), "%m{0}%d{0}%y"),
    N_("year first"): ((0, 1, 2), "%y{0}%m{0}%d"),
}


def century(year: np.ndarray) -> np.ndarray:
    """Return four-digit years, as strptime reads two digits: 69 is 1969, 68 is 2068."""
    return np.where(year < 69, year + 2000, year + 1900)


def ordered(
    parts: tuple[np.ndarray, np.ndarray, np.ndarray],
    marks: set[str],
    written: pa.StringArray,
    day_first: bool | None,
    *,
    widths: tuple[bool, bool],
    today: np.datetime64,
    days: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray],
    guesses: list[Guess],
) -> np.ndarray | None:
    """Return the days behind three numbers of two digits; None if no order fits all of them.

    Parameters
    ----------
    parts : the three numbers as they stand
    marks : what stands between them
    widths : whether the first, and the last, have two digits everywhere, as such years have
    day_first : what is known of the order; None decides by the numbers
    today : an order that puts some of them after it is dropped if another does not
    days : makes days of years, months and days, NaT where there is no such day

    Raises
    ------
    AmbiguousError
        If several orders fit.
    """
    names = [*ORDERS]
    if day_first is not None:
        names = names[:1] if day_first else names[1:]
    elif marks == {"."}:
        names = names[:1]
    found = {}
    first_fits, last_fits = widths
    for name in names:
        if not (first_fits if name == "year first" else last_fits):
            continue
        year, month, day = (parts[place] for place in ORDERS[name][0])
        read = days(century(year), month, day)
        if not np.isnat(read).any():
            found[name] = read
    past = {name: read for name, read in found.items() if (read <= today).all()}
    found = past or found
    if not found:
        return None
    first, *others = found.values()
    differ = [int(np.flatnonzero(first != other)[0]) for other in others if (first != other).any()]
    mark = min(marks)
    if differ:
        place = differ[0]
        ways = [
            f"date_format={ORDERS[name][1].format(mark)!r} if {written[place].as_py()!r} is "
            f"{read[place]}"
            for name, read in found.items()
        ]
        raise AmbiguousError(
            "years have two digits, and nothing tells which number is the year, the month or the "
            f"day. Say {', '.join(ways)}."
        )
    name = next(iter(found))
    if not len(first):
        return first
    why = _("{written} is {day}; else say date_format=")
    why = why.format(written=written[0].as_py(), day=first[0])
    guesses.append(Guess("two-digit years", _(name), why))
    return first
