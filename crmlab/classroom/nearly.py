"""What students hand in who are nearly right: a rounding, another unit, the other way round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from crmlab._words import N_
from crmlab.classroom.plain import Cell, Plain

# What students round to.
_DECIMALS = (1, 2, 3, 4, 5)
_SIGNIFICANT = (1, 2, 3, 4)
# From here on a whole number is a rounding; of a share it would be 0 or 1.
_WHOLE_FROM = 100
# Who only rounds up, or down, is told so from this many digits on: with fewer it is another number.
_FEWEST_CUT = 3


class Turn(NamedTuple):
    """What a student's number is turned into, and what is said if that is right.

    `of_share` is said instead where a share is asked for.
    """

    turned: Callable[[float], float]
    reply: str
    of_share: str

    def said(self, *, share: bool) -> str:
        """Return what is said, in English."""
        return self.of_share if share else self.reply


UNITS = (
    Turn(
        lambda x: x / 100,
        N_("your number is 100 times the answer. Is it a percent, or in cents?"),
        N_("your number is 100 times the answer. A share runs from 0 to 1."),
    ),
    Turn(
        lambda x: x * 100,
        N_("your number is a hundredth of the answer. Is it a share or a percent?"),
        N_("your number is a hundredth of the answer. Did you divide by 100 once too often?"),
    ),
    Turn(lambda x: x / 1000, *[N_("your number is 1,000 times the answer.")] * 2),
    Turn(lambda x: x * 1000, *[N_("your number is a thousandth of the answer.")] * 2),
)
TURNS = (
    Turn(lambda x: -x, *[N_("the size is right, the sign is not.")] * 2),
    Turn(
        lambda x: 1 - x,
        N_("you have one minus the answer."),
        N_("you have the share of all the others: one minus the answer."),
    ),
    Turn(
        lambda x: 1 / x if x else x,
        *[N_("you have one over the answer: what is divided by what?")] * 2,
    ),
)


def number(value: float) -> Plain:
    """Return a number as an answer."""
    return Plain("number", (), ((value,),))


def is_fraction(cell: Cell) -> bool:
    """Return whether a cell is a number that is not whole."""
    return type(cell) is float and cell != round(cell)


def digits_of(answer: Plain) -> int:
    """Return how many significant digits the numbers of an answer have: the most, at least one."""
    cells = [cell for row in answer.rows for cell in row]
    if answer.kind != "number":
        # Amounts that were all rounded to whole numbers are floats still.
        cells = [cell for cell in cells if is_fraction(cell)] or [
            cell for cell in cells if type(cell) is float
        ]
    return max(map(_digits, cells), default=1)  # pyright: ignore[reportArgumentType]


def _digits(value: float) -> int:
    return max(1, len(f"{value:.12e}".partition("e")[0].replace(".", "").strip("-0")))


def roughly(answer: Plain) -> Iterator[Plain]:
    """Yield what students hand in who round a number, or the numbers of a table."""
    if answer.kind == "number":
        if is_fraction(answer.value):
            yield from map(number, _roundings(float(answer.value)))  # pyright: ignore[reportArgumentType]
    elif fractions := [cell for row in answer.rows for cell in row if is_fraction(cell)]:
        for decimals in _decimals(min(map(abs, fractions))):  # pyright: ignore[reportArgumentType]
            rows = [
                tuple(round(cell, decimals) if is_fraction(cell) else cell for cell in row)  # pyright: ignore[reportArgumentType, reportCallIssue]
                for row in answer.rows
            ]
            yield Plain(answer.kind, answer.columns, tuple(rows))


def before(answer: Plain, turn: Turn) -> Iterator[Plain]:
    """Yield the roundings of the number from which `turn` would make the answer."""
    if answer.kind == "number" and is_fraction(answer.value):
        yield from map(number, _roundings(float(answer.value) / turn.turned(1.0)))  # pyright: ignore[reportArgumentType]


def _decimals(smallest: float) -> tuple[int, ...]:
    """Return the decimals to which numbers are rounded of which the smallest is `smallest`."""
    return (0, *_DECIMALS) if smallest >= _WHOLE_FROM else _DECIMALS


def _roundings(exact: float) -> Iterator[float]:
    """Yield a number rounded to decimals and to significant digits.

    Also rounded twice (0.4546 to 0.455, and on to 0.46), and rounded up or down.
    """
    decimals = _decimals(abs(exact))
    made = [round(exact, each) for each in decimals]
    made += [float(f"{exact:.{digits - 1}e}") for digits in _SIGNIFICANT]
    # A person rounds a half up, which Python does to an even digit.
    written = Decimal(repr(exact))
    first = written.adjusted() + 1
    steps = {-each for each in decimals} | {first - digits for digits in _SIGNIFICANT}
    for step in sorted(steps):
        unit = Decimal(1).scaleb(step)
        once = written.quantize(unit / 10, ROUND_HALF_UP)
        made += [float(each.quantize(unit, ROUND_HALF_UP)) for each in (written, once)]
        if first - step >= _FEWEST_CUT:
            made += [float(written.quantize(unit, way)) for way in (ROUND_FLOOR, ROUND_CEILING)]
    yield from filter(None, dict.fromkeys(made))


def turned_columns(answer: Plain, turn: Turn) -> Iterator[Plain]:
    """Yield a list or table with its fractions turned: those of one column, then of all."""
    width = len(answer.rows[0]) if answer.rows else 0
    fractions = [n for n in range(width) if any(is_fraction(row[n]) for row in answer.rows)]
    for chosen in [*({n} for n in fractions), {*fractions}]:
        rows = tuple(
            tuple(
                turn.turned(cell) if n in chosen and type(cell) in (int, float) else cell  # pyright: ignore[reportArgumentType]
                for n, cell in enumerate(row)
            )
            for row in answer.rows
        )
        yield replace(answer, rows=rows)
