"""Compares an answer with a question's key, and words what kind of wrong it is.

A key made for practice holds texts that stand for the right answer; a released one holds only
salted scrypt digests of them, so that neither answer nor solution travels. One rule serves both,
and grading too: what a check called right earns its points.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from crmlab._words import N_, _
from crmlab.classroom.plain import DIGITS, Cell, Plain, safe_digits, text_of, texts_of
from crmlab.classroom.solve import Solved

# What students round to.
_DECIMALS = (1, 2, 3, 4, 5)
_SIGNIFICANT = (2, 3, 4)
# What a student's number is turned into, and what it says about the number if that is right: in
# another unit, or turned otherwise.
_Turns = tuple[tuple[Callable[[float], float], str], ...]
_UNITS: _Turns = (
    (lambda x: x / 100, N_("your number is 100 times the answer. A share runs from 0 to 1.")),
    (
        lambda x: x * 100,
        N_("your number is a hundredth of the answer. Is it a share or a percent?"),
    ),
    (lambda x: x / 1000, N_("your number is 1,000 times the answer.")),
    (lambda x: x * 1000, N_("your number is a thousandth of the answer.")),
)
_TURNS: _Turns = (
    (lambda x: -x, N_("the size is right, the sign is not.")),
    (lambda x: 1 - x, N_("you have the share of all the others: one minus the answer.")),
    (lambda x: 1 / x if x else x, N_("you have one over the answer: what is divided by what?")),
)


class Verdict(NamedTuple):
    """What a check found.

    `kind` is right; rounded or unit, which earn a part; trap, shape, turned, short (of so few
    digits that a released check cannot tell) or unlike, which earn nothing; or open.
    """

    kind: str
    reply: str

    @property
    def right(self) -> bool:
        """Whether the answer earns all of its points."""
        return self.kind == "right"


@dataclass(frozen=True)
class Key:
    """What an answer is compared with; sealed when `salt` is not empty.

    `whole` says that roundings of the answer count for nothing: it is no number, or a whole one.
    """

    kind: str
    columns: tuple[str, ...]
    rows: int
    digits: int
    salt: str
    right: frozenset[str]
    rough: frozenset[str]
    traps: tuple[tuple[frozenset[str], str], ...]
    far: tuple[tuple[frozenset[str], str], ...] = ()
    whole: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the key as JSON can write it."""
        sets = {"right": sorted(self.right), "rough": sorted(self.rough)} | {
            name: [[sorted(texts), message] for texts, message in getattr(self, name)]
            for name in ("traps", "far")
        }
        plain = ("kind", "columns", "rows", "digits", "salt", "whole")
        return {name: getattr(self, name) for name in plain} | sets

    @classmethod
    def from_json(cls, loaded: dict[str, Any]) -> Key:
        """Return the key that `to_json` wrote."""
        sets = {"right": frozenset(loaded["right"]), "rough": frozenset(loaded["rough"])} | {
            name: tuple((frozenset(texts), message) for texts, message in loaded.get(name, []))
            for name in ("traps", "far")
        }
        return cls(**{**loaded, **sets, "columns": tuple(loaded["columns"])})


@lru_cache(maxsize=1000)
def seal(text: str, salt: str) -> str:
    """Return the digest that stands for `text`, or the text itself where there is no salt.

    Source: Percival and Josefsson (2016), The scrypt password-based key derivation function,
    doi:10.17487/RFC7914.
    """
    if not salt:
        return text
    return hashlib.scrypt(
        text.encode("utf-8", "replace"), salt=salt.encode(), n=2**13, r=8, p=1, dklen=16
    ).hex()


def key_of(solved: Solved, *, salt: str = "", with_rough: bool = True) -> Key:
    """Return the key of one question on one student's data, sealed if a `salt` is given.

    A known wrong answer that happens to be right on this student's data is left out. Without the
    texts of rough roundings nothing is sealed for them either, which takes most of the time.
    """
    answer, digits = solved.answer, safe_digits(solved.answer, solved.question.digits)
    texts = texts_of(answer, digits)
    traps = [(texts_of(wrong, digits), message) for wrong, message in solved.traps]
    rough = {text_of(each, digits) for each in _roughly(answer)} - texts
    far = [
        ({text_of(_number(each), digits) for each in _turned(answer, turned)}, reply)
        for turned, reply in _UNITS
    ]

    def sealed(each: frozenset[str] | set[str]) -> frozenset[str]:
        return frozenset(seal(text, salt) for text in each)

    return Key(
        answer.kind,
        answer.columns,
        len(answer.rows),
        digits,
        salt,
        sealed(texts),
        sealed(rough if with_rough else set()),
        tuple((sealed(wrong), message) for wrong, message in traps if not wrong & texts),
        tuple((sealed(each), reply) for each, reply in far if each and with_rough),
        whole=not rough,
    )


def _turned(answer: Plain, turned: Callable[[float], float]) -> Iterator[float]:
    """Yield the roundings of the number from which `turned` would make the answer."""
    if answer.kind == "number" and _is_fraction(answer.value):
        yield from _roundings(float(answer.value) / turned(1.0))  # pyright: ignore[reportArgumentType]


def _roughly(answer: Plain) -> Iterator[Plain]:
    """Yield what students hand in who round a number, or the numbers of a table."""
    if answer.kind == "number":
        if _is_fraction(answer.value):
            yield from map(_number, _roundings(float(answer.value)))  # pyright: ignore[reportArgumentType]
    elif any(_is_fraction(cell) for row in answer.rows for cell in row):
        for decimals in _DECIMALS:
            rows = [
                tuple(round(cell, decimals) if _is_fraction(cell) else cell for cell in row)  # pyright: ignore[reportArgumentType, reportCallIssue]
                for row in answer.rows
            ]
            yield Plain(answer.kind, answer.columns, tuple(rows))


def _roundings(exact: float) -> Iterator[float]:
    """Yield a number rounded to decimals and to significant digits."""
    made = [round(exact, decimals) for decimals in _DECIMALS]
    made += [float(f"{exact:.{digits - 1}e}") for digits in _SIGNIFICANT]
    # A person rounds a half up, which Python does to an even digit.
    written = Decimal(repr(exact))
    steps = [-decimals for decimals in _DECIMALS]
    steps += [written.adjusted() + 1 - digits for digits in _SIGNIFICANT]
    made += [float(written.quantize(Decimal(1).scaleb(n), ROUND_HALF_UP)) for n in steps]
    yield from filter(None, dict.fromkeys(made))


def _is_fraction(cell: Cell) -> bool:
    return type(cell) is float and cell != round(cell)


def judge(answer: Plain, key: Key) -> Verdict:
    """Return what is right or wrong with `answer`; the reply never holds what is asked for."""
    mine = _sealed(answer, key)
    if mine in key.right:
        return Verdict("right", _("Right."))
    for texts, message in key.traps:
        if mine in texts:
            return Verdict("trap", message)
    if reply := _shape(answer, key):
        return Verdict("shape", reply)
    if mine in key.rough:
        reply = _("right so far; hand in at least {n} digits, unrounded.")
        return Verdict("rounded", reply.format(n=DIGITS))
    value = float(answer.value) if answer.kind == "number" else None  # pyright: ignore[reportArgumentType]
    if value is not None and (reply := _turned_right(value, _UNITS, key)):
        return Verdict("unit", reply)
    for texts, reply in key.far:
        if mine in texts:
            rounded = _("And it is rounded: {n} digits at least.").format(n=DIGITS)
            return Verdict("unit", f"{_(reply)} {rounded}")
    if value is not None:
        if reply := _turned_right(value, _TURNS, key):
            return Verdict("turned", reply)
        digits = _digits(value)
        if not (key.whole or key.rough) and digits < DIGITS:
            return Verdict("short", _short(digits))
    return Verdict("unlike", _(_UNLIKE[key.kind]))


def _turned_right(value: float, turns: _Turns, key: Key) -> str:
    """Return what is said of a number that one of `turns` makes right, or nothing."""
    for turned, reply in turns:
        other = turned(value)
        if math.isfinite(other) and _sealed(_number(other), key) in key.right:
            return _(reply)
    return ""


def _short(digits: int) -> str:
    """Return what is said of a number that is too short to be compared."""
    said = _(
        "a number of {digits} digit(s) cannot be compared. Hand in {n} at least, unrounded, as it "
        "comes out of your calculation."
    )
    return said.format(digits=digits, n=DIGITS)


_UNLIKE = {
    "number": N_("a number is what is asked for, but not this one."),
    "text": N_("a text is what is asked for, but not this one."),
    "flag": N_("it is the other one of True and False."),
    "nothing": N_("that is not the answer."),
    "list": N_("the list is as long as it should be, but not all that is in it is right."),
    "table": N_("the table has the right columns and rows, but not all that is in them is right."),
}


def _sealed(answer: Plain, key: Key) -> str:
    return seal(text_of(answer, key.digits), key.salt)


def _digits(value: float) -> int:
    """Return how many significant digits a number has, and at least one."""
    return max(1, len(f"{value:.15e}".partition("e")[0].replace(".", "").strip("-0")))


_A = {
    "number": N_("a number"),
    "text": N_("a text"),
    "flag": N_("a True or False"),
    "nothing": N_("a None"),
    "list": N_("a list"),
    "table": N_("a table"),
}


_YOUR = {"list": N_("your list"), "table": N_("your table")}


def _number(value: float) -> Plain:
    return Plain("number", (), ((value,),))


def _shape(answer: Plain, key: Key) -> str:
    """Return what is wrong with the answer's shape, or nothing."""
    if answer.kind != key.kind:
        said = _("the question asks for {wanted}, and yours is {given}.")
        return said.format(wanted=_(_A[key.kind]), given=_(_A[answer.kind]))
    if answer.columns != key.columns:
        said = _("the columns should be {wanted}; yours are {given}.")
        return said.format(wanted=[*key.columns], given=[*answer.columns])
    if len(answer.rows) != key.rows:
        said = (
            _("{yours} has {n} rows, more than it should.")
            if len(answer.rows) > key.rows
            else _("{yours} has {n} rows, fewer than it should.")
        )
        return said.format(yours=_(_YOUR[key.kind]), n=len(answer.rows))
    return ""
