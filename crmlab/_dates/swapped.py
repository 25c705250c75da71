"""Dates that Excel read half wrongly, and days that stand for no date at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from crmlab._cells import Guess
from crmlab._placeholders import PLACEHOLDER_DAYS
from crmlab._words import _
from crmlab.errors import AmbiguousError

_NAT = np.datetime64("NaT", "us")
_FILLED_IN = np.array(
    sorted(np.datetime64(day, "D") for day in PLACEHOLDER_DAYS if day.year >= 1900)
)
_FAR = np.timedelta64(5 * 365, "D")
_LONG = np.timedelta64(20 * 365, "D")
_FEW = 0.01


def unswapped(
    values: np.ndarray,
    ordered: np.ndarray,
    written: pa.StringArray,
    swapped: bool | None,
    guesses: list[Guess],
) -> np.ndarray:
    """Return dates with day and month exchanged where Excel did so, if that was said.

    Where 25/03/2024 stays text because there is no month 25, and 05/03/2024 beside it became
    the third of May, all days of the text lie above 12 and all other days do not.

    Parameters
    ----------
    ordered : bool per date, whether it was written like 25/03/2024

    Raises
    ------
    AmbiguousError
        If the dates look so and `swapped` is None.
    """
    real = ~ordered & ~np.isnat(values)
    text = ordered & ~np.isnat(values)
    if swapped is False or not (real.any() and text.any()):
        return values
    day = _day_of(values)
    looks_so = (day[text] > 12).all() and (day[real] <= 12).all()
    if not looks_so:
        return values
    if swapped is None:
        one, other = written.filter(pa.array(text))[0], written.filter(pa.array(real))[0]
        raise AmbiguousError(
            f"in text such as {one.as_py()!r} all days are above 12, and in dates such as "
            f"{other.as_py()!r} all are 12 or less, as where Excel took the day for the month in "
            f"{np.count_nonzero(real):,} of them. Say swapped=True to exchange day and month "
            "there, or swapped=False if they are right."
        )
    guesses.append(
        Guess(
            "dates",
            _("day and month exchanged"),
            _("in {n:,} different ones").format(n=np.count_nonzero(real)),
        )
    )
    return np.where(real, _exchanged(values), values)


def _day_of(values: np.ndarray) -> np.ndarray:
    """Return the day of the month."""
    return (values.astype("M8[D]") - values.astype("M8[M]").astype("M8[D]")).astype(np.int64) + 1


def _exchanged(values: np.ndarray) -> np.ndarray:
    """Return moments with day and month exchanged; NaT where there is no such day."""
    there = ~np.isnat(values) & (_day_of(values) <= 12)
    safe = np.where(there, values, np.datetime64("2000-01-01", "us"))
    years = safe.astype("M8[Y]")
    month = safe.astype("M8[M]").astype(np.int64) % 12
    turned = years.astype("M8[M]") + (_day_of(safe) - 1)
    clock = safe - safe.astype("M8[D]")
    moments = turned.astype("M8[D]") + month + clock
    return np.where(there, moments, _NAT)


def suspect_days(dates: np.ndarray, left: np.ndarray | None) -> np.ndarray:
    """Return the rows whose day is one that programs fill in, or far before all others.

    Only rows that are `left` count (None: all are).
    """
    there = dates if left is None else dates[left]
    if not len(there):
        return np.empty(0, dtype=np.int64)
    first, last = np.nanmin(there), np.nanmax(there)
    if first.astype("M8[D]") not in _FILLED_IN and not last - first >= _LONG:
        return np.empty(0, dtype=np.int64)
    days = dates.astype("M8[D]")
    known = np.isin(days, _FILLED_IN)
    rest = days[~known] if left is None else days[~known & left]
    rest = np.sort(rest[~np.isnat(rest)])
    odd = known & (days < rest[0] - _FAR) if len(rest) else np.zeros(len(days), dtype=bool)
    odd |= days < _lonely_before(rest)
    return np.flatnonzero(odd if left is None else odd & left)


def _lonely_before(days: np.ndarray) -> Any:
    """Return the day before which only few rows lie, years away from all others."""
    nowhere = np.datetime64("1800-01-01", "D")
    few = max(1, int(len(days) * _FEW))
    if len(days) < 3:
        return nowhere
    early = days[: few + 1]
    gaps = np.diff(early)
    far = np.flatnonzero(gaps > _LONG // 2)
    return early[far[-1] + 1] if len(far) else nowhere
