"""Compares an answer with a question's key, and words what kind of wrong it is.

A key made for practice holds texts that stand for the right answer; a released one holds only
salted scrypt digests of them, so that neither answer nor solution travels. One rule serves both,
and grading too: what a check called right earns its points.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from crmlab.classroom.plain import DIGITS, Plain, safe_digits, text_of, texts_of
from crmlab.classroom.solve import Solved

_ROUGH = (2, 3)
# What a student's number is turned into, and what it says about the number if that is right.
_UNITS: tuple[tuple[Callable[[float], float], str], ...] = (
    (lambda x: x / 100, "your number is 100 times the answer. A share runs from 0 to 1."),
    (lambda x: x * 100, "your number is a hundredth of the answer. Is it a share or a percent?"),
    (lambda x: x / 1000, "your number is 1,000 times the answer."),
    (lambda x: x * 1000, "your number is a thousandth of the answer."),
    (lambda x: -x, "the size is right, the sign is not."),
    (lambda x: 1 - x, "you have the share of all the others: one minus the answer."),
    (lambda x: 1 / x if x else x, "you have one over the answer: what is divided by what?"),
)


class Verdict(NamedTuple):
    """What a check found: `kind` is right, shape, unit, trap, rounded, unlike, or open."""

    kind: str
    reply: str

    @property
    def right(self) -> bool:
        """Whether the answer earns its points."""
        return self.kind == "right"


@dataclass(frozen=True)
class Key:
    """What an answer is compared with; sealed when `salt` is not empty."""

    kind: str
    columns: tuple[str, ...]
    rows: int
    digits: int
    salt: str
    right: frozenset[str]
    rough: frozenset[str]
    traps: tuple[tuple[frozenset[str], str], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the key as JSON can write it."""
        traps = [[sorted(texts), message] for texts, message in self.traps]
        sets = {"right": sorted(self.right), "rough": sorted(self.rough), "traps": traps}
        plain = ("kind", "columns", "rows", "digits", "salt")
        return {name: getattr(self, name) for name in plain} | sets

    @classmethod
    def from_json(cls, loaded: dict[str, Any]) -> Key:
        """Return the key that `to_json` wrote."""
        traps = tuple((frozenset(texts), message) for texts, message in loaded["traps"])
        sets = {"right": frozenset(loaded["right"]), "rough": frozenset(loaded["rough"])}
        return cls(**{**loaded, **sets, "columns": tuple(loaded["columns"]), "traps": traps})


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


def key_of(solved: Solved, *, salt: str = "") -> Key:
    """Return the key of one question on one student's data, sealed if a `salt` is given.

    A known wrong answer that happens to be right on this student's data is left out.
    """
    answer, digits = solved.answer, safe_digits(solved.answer, solved.question.digits)
    texts = texts_of(answer, digits)
    traps = [(texts_of(wrong, digits), message) for wrong, message in solved.traps]
    rough: set[str] = set()
    if answer.kind == "number" and type(answer.value) is float:
        rounded = [round(answer.value, places) for places in _ROUGH]
        rough = {text_of(_number(value), digits) for value in rounded if value} - texts

    def sealed(each: frozenset[str] | set[str]) -> frozenset[str]:
        return frozenset(seal(text, salt) for text in each)

    return Key(
        answer.kind,
        answer.columns,
        len(answer.rows),
        digits,
        salt,
        sealed(texts),
        sealed(rough),
        tuple((sealed(wrong), message) for wrong, message in traps if not wrong & texts),
    )


def judge(answer: Plain, key: Key) -> Verdict:
    """Return what is right or wrong with `answer`; the reply never holds what is asked for."""
    mine = seal(text_of(answer, key.digits), key.salt)
    if mine in key.right:
        return Verdict("right", "Right.")
    for texts, message in key.traps:
        if mine in texts:
            return Verdict("trap", message)
    if reply := _shape(answer, key):
        return Verdict("shape", reply)
    if mine in key.rough:
        return Verdict("rounded", f"right so far; hand in at least {DIGITS} digits, unrounded.")
    for turned, reply in _UNITS if answer.kind == "number" else ():
        other = turned(answer.value)  # pyright: ignore[reportArgumentType]
        if (
            math.isfinite(other)
            and seal(text_of(_number(other), key.digits), key.salt) in key.right
        ):
            return Verdict("unit", reply)
    return Verdict("unlike", f"the {_A[key.kind][2:]} is of the right kind, its content is not.")


_A = {
    "number": "a number",
    "text": "a text",
    "flag": "a True or False",
    "nothing": "a None",
    "list": "a list",
    "table": "a table",
}


def _number(value: float) -> Plain:
    return Plain("number", (), ((value,),))


def _shape(answer: Plain, key: Key) -> str:
    """Return what is wrong with the answer's shape, or nothing."""
    if answer.kind != key.kind:
        return f"the question asks for {_A[key.kind]}, and yours is {_A[answer.kind]}."
    if answer.columns != key.columns:
        return f"the columns should be {[*key.columns]}; yours are {[*answer.columns]}."
    if len(answer.rows) != key.rows:
        more = "more" if len(answer.rows) > key.rows else "fewer"
        return f"your {key.kind} has {len(answer.rows)} rows, {more} than it should."
    return ""
