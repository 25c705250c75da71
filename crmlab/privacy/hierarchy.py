"""Ladders from what is known exactly to what is not told at all, one per kind of column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_days,
    require_list,
    require_numbers,
    require_positive,
    require_series,
)
from crmlab.errors import OutOfRangeError

__all__ = ["Hierarchy", "dates", "numbers", "prefixes", "whole"]

ANY = "*"


@dataclass(frozen=True)
class Hierarchy:
    """Names of the steps, finest first, and how a column's values are told at each of them.

    steps : tuple of str; the last one, "*", tells nothing
    told : callable, (different values, number of the step) -> their words
    """

    steps: tuple[str, ...]
    told: Callable[[pd.Series, int], pd.Series]

    def __call__(self, values: pd.Series, step: int) -> pd.Series:
        """Return `values` as told at `step`, str, indexed as `values`.

        Raises OutOfRangeError if there is no such step, or the ladder is not for such values.
        """
        require_series("values", values, "postcode")
        if step not in range(len(self.steps)):
            raise OutOfRangeError(f"there is no step {step}; there are {[*enumerate(self.steps)]}.")
        codes, different = pd.factorize(values)
        if step == len(self.steps) - 1:
            words = pd.Series([ANY] * len(different), dtype="str")
        else:
            words = self.told(pd.Series(different, name=values.name), step).astype("str")
        return words.reset_index(drop=True).reindex(codes).set_axis(values.index)


def dates(*, years: Sequence[int] = (5, 10, 20)) -> Hierarchy:
    """Return the ladder day, month, year, bands of years (each a multiple of the one before), "*".

    Raises OutOfRangeError if a band is no multiple of the one before: people would then be split
    who were together one step below.

    Parameters
    ----------
    years : sequence of int, years of each wider band

    Examples
    --------
    >>> born = pd.Series(pd.to_datetime(["1987-03-09"]))
    >>> [dates()(born, step).iloc[0] for step in range(7)]
    ['1987-03-09', '1987-03', '1987', '1985-1989', '1980-1989', '1980-1999', '*']
    """
    _require_nested("years", years)

    def told(values: pd.Series, step: int) -> pd.Series:
        require_days(*_named(values))
        if step < 3:
            unit = "DMY"[step]
            words = values.to_numpy().astype(f"M8[{unit}]").astype("U")
            return pd.Series(words)
        width = years[step - 3]
        return _ranges(values.dt.year // width * width, width)

    return Hierarchy(("day", "month", "year", *(f"{one} years" for one in years), ANY), told)


def numbers(*, widths: Sequence[int]) -> Hierarchy:
    """Return the ladder exact, bands of whole numbers (each a multiple of the one before), "*".

    Raises OutOfRangeError if a band is no multiple of the one before.

    Parameters
    ----------
    widths : sequence of int, widths of the bands, each a multiple of the one before

    Examples
    --------
    >>> [numbers(widths=[5, 10])(pd.Series([37]), step).iloc[0] for step in range(4)]
    ['37', '35-39', '30-39', '*']
    """
    _require_nested("widths", widths)

    def told(values: pd.Series, step: int) -> pd.Series:
        require_numbers(*_named(values))
        if step == 0:
            return values
        width = widths[step - 1]
        return _ranges(values // width * width, width)

    return Hierarchy(("exact", *(f"{one} wide" for one in widths), ANY), told)


def prefixes(*lengths: int) -> Hierarchy:
    """Return the ladder whole code, its first characters (fewer each step), "*".

    Raises OutOfRangeError if the lengths do not fall.

    Parameters
    ----------
    *lengths : int, characters that are kept, fewer each step

    Examples
    --------
    >>> [prefixes(5, 4)(pd.Series(["001203"]), step).iloc[0] for step in range(4)]
    ['001203', '00120…', '0012…', '*']
    """
    for length in reversed(lengths):
        require_at_least("the last length", length, 1)
    if [*lengths] != sorted({*lengths}, reverse=True):
        raise OutOfRangeError(f"lengths must fall from step to step; got {[*lengths]}.")

    def told(values: pd.Series, step: int) -> pd.Series:
        _require_text(values)
        return values if step == 0 else values.str[: lengths[step - 1]] + "…"

    return Hierarchy(("whole", *(f"first {one}" for one in lengths), ANY), told)


def whole() -> Hierarchy:
    """Return the ladder of two steps: the value, or nothing.

    Examples
    --------
    >>> [whole()(pd.Series(["F"]), step).iloc[0] for step in range(2)]
    ['F', '*']
    """
    return Hierarchy(("value", ANY), lambda values, step: values)


def _ranges(low: pd.Series, width: int) -> pd.Series:
    """Return words such as 1985-1989 for bands that start at `low`."""
    first, last = low.to_numpy().astype("U"), (low + width - 1).to_numpy().astype("U")
    return pd.Series(np.char.add(np.char.add(first, "-"), last))


def _named(values: pd.Series) -> tuple[pd.DataFrame, str]:
    """Return `values` as a frame of one column, and what it is called."""
    name = "values" if values.name is None else str(values.name)
    return values.to_frame(name), name


def _require_text(values: pd.Series) -> None:
    """Raise OutOfRangeError unless `values` are text."""
    if not pd.api.types.is_string_dtype(values.astype("object")):
        _, name = _named(values)
        raise OutOfRangeError(
            f"{name} must hold text; got {values.dtype}. "
            f"Convert it first: frame[{name!r}].astype('str')"
        )


def _require_nested(name: str, widths: Sequence[int]) -> None:
    """Raise OutOfRangeError unless each width is a multiple of the one before."""
    require_list(name, widths, "[5, 10, 20]")
    for narrow, wide in pairwise([1, *widths]):
        require_positive("each width", wide)
        if wide % narrow or wide == narrow:
            raise OutOfRangeError(
                f"each band must be a multiple of the one before; {wide} is none of {narrow}."
            )
