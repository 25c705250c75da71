"""Whole calendar months up to a day, as many as a file can fill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import months_before
from crmlab._words import _
from crmlab.report.words import day

LONGEST_MONTHS = 12


@dataclass(frozen=True)
class Periods:
    """Two spells of `months` calendar months: after `start` to `middle`, from there to `end`."""

    months: int
    start: pd.Timestamp
    middle: pd.Timestamp
    end: pd.Timestamp


def months_held(first: pd.Timestamp, as_of: pd.Timestamp, *, spells: int = 1) -> int:
    """Return how many whole months, 12 at most, each of `spells` equal spells can have.

    The last spell ends on `as_of`, and the earliest must not begin before `first`.

    Examples
    --------
    >>> first, as_of = pd.Timestamp("1997-01-01"), pd.Timestamp("1998-06-30")
    >>> months_held(first, as_of), months_held(first, as_of, spells=2)
    (12, 9)
    """
    day_before = _day(first) - 1
    fitting = (
        months
        for months in range(LONGEST_MONTHS, 0, -1)
        if months_before(_day(as_of), spells * months) >= day_before
    )
    return next(fitting, 0)


def last_two_periods(first: pd.Timestamp, as_of: pd.Timestamp) -> Periods | None:
    """Return the two longest equal periods that end on `as_of`, None without two whole months.

    Examples
    --------
    >>> last_two_periods(pd.Timestamp("1997-01-01"), pd.Timestamp("1998-06-30")).middle
    Timestamp('1997-09-30 00:00:00')
    >>> last_two_periods(pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-28")) is None
    True
    """
    months = months_held(first, as_of, spells=2)
    if not months:
        return None
    start, middle = (pd.Timestamp(months_before(_day(as_of), n)) for n in (2 * months, months))
    return Periods(months, start, middle, as_of)


def too_short(first: pd.Timestamp, as_of: pd.Timestamp) -> str:
    """Return why a file without two whole months has no two periods to compare."""
    said = _(
        "Too short for a comparison of two periods: it takes two months, and this file reaches "
        "from {first} to {as_of}."
    )
    return said.format(first=day(first), as_of=day(as_of))


def _day(moment: pd.Timestamp) -> np.datetime64:
    return moment.to_numpy().astype("M8[D]")
