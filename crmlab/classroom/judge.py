"""Compares an answer with a question's key, and words what kind of wrong it is.

A key made for practice holds texts that stand for the right answer; a released one holds only
salted scrypt digests of them, so that neither answer nor solution travels. One rule serves both,
and grading too: what a check called right earns its points.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from crmlab._words import N_, _, ngettext, sentences
from crmlab.classroom.nearly import (
    TURNS,
    UNITS,
    Turn,
    before,
    digits_of,
    number,
    roughly,
    turned_columns,
)
from crmlab.classroom.plain import DIGITS, Plain, safe_digits, text_of, texts_of
from crmlab.classroom.shape import misshapen
from crmlab.classroom.solve import Solved
from crmlab.classroom.spelled import read_numbers

# A number of one digit may be a guess.
_FEWEST_ROUNDED = 2
_ONE_DIGIT = N_(
    "right so far, but one digit may be a guess: hand in at least {n} digits, unrounded."
)
# From here on, one more or one less is an end counted or a step rounded, and no other answer.
_MANY = 100
_SHARE = re.compile(r"\bshares?\b|比例|份额|占比", re.IGNORECASE)


class Verdict(NamedTuple):
    """What a check found.

    `kind` is right; rounded or unit, which earn a part; trap, shape, turned, short (one digit, or
    of so few that a released check cannot tell) or unlike, which earn nothing; or open.
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
    `share` says that the question asks for a share.
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
    share: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the key as JSON can write it."""
        sets = {"right": sorted(self.right), "rough": sorted(self.rough)} | {
            name: [[sorted(texts), message] for texts, message in getattr(self, name)]
            for name in ("traps", "far")
        }
        plain = ("kind", "columns", "rows", "digits", "salt", "whole", "share")
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
    share = _SHARE.search(solved.question.prompt) is not None
    rough = {text_of(each, digits) for each in roughly(answer)} - texts
    far = [
        ({text_of(each, digits) for each in before(answer, turn)}, turn.said(share=share))
        for turn in UNITS
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
        share=share,
    )


def judge(answer: Plain, key: Key) -> Verdict:
    """Return what is right or wrong with `answer`; the reply never holds what is asked for.

    A number may be typed as people write it, "50%" or "1,200".
    """
    verdict = _judged(answer, key)
    read = read_numbers(answer)
    if verdict.kind in ("right", "trap") or key.kind == "text" or read == answer:
        return verdict
    again = _judged(read, key)
    if read.kind != "number":
        return again if again.kind in ("right", "rounded", "unit") else verdict
    if again.right:
        return again
    typed, value = str(answer.value), f"{read.value:.10g}"
    if typed.strip() == value:
        return again
    said = _('"{typed}" is read as {number}:').format(typed=typed, number=value)
    return again._replace(reply=sentences(said, again.reply))


def _judged(answer: Plain, key: Key) -> Verdict:
    """Return the verdict on an answer whose numbers are numbers."""
    mine = _sealed(answer, key)
    if mine in key.right:
        return Verdict("right", _("Right."))
    for texts, message in key.traps:
        if mine in texts:
            return Verdict("trap", message)
    if reply := misshapen(answer, kind=key.kind, columns=key.columns, rows=key.rows):
        return Verdict("shape", reply)
    if mine in key.rough:
        if digits_of(answer) < _FEWEST_ROUNDED:
            return Verdict("short", _(_ONE_DIGIT).format(n=DIGITS))
        reply = _("right so far; hand in at least {n} digits, unrounded.")
        return Verdict("rounded", reply.format(n=DIGITS))
    if verdict := _in_another_unit(answer, mine, key):
        return verdict
    if answer.kind == "number":
        value = float(answer.value)  # pyright: ignore[reportArgumentType]
        if verdict := _turned(value, key):
            return verdict
        digits = digits_of(answer)
        if not (key.whole or key.rough) and digits < DIGITS:
            return Verdict("short", _short(digits))
    return Verdict("unlike", _(_UNLIKE[key.kind]))


def _in_another_unit(answer: Plain, mine: str, key: Key) -> Verdict | None:
    """Return the verdict on the right answer in percent, thousands or cents."""
    rounded = _("And it is rounded: {n} digits at least.").format(n=DIGITS)
    for turn in UNITS:
        reply = _(turn.said(share=key.share))
        if answer.kind == "number":
            if _is_right(answer, turn, key):
                return Verdict("unit", reply)
            continue
        for other in turned_columns(answer, turn):
            text = _sealed(other, key)
            if text in key.right:
                return Verdict("unit", reply)
            if text in key.rough:
                return Verdict("unit", sentences(reply, rounded))
    # A slide's number that the exercise refutes is no rounding in percent either.
    for turn in UNITS if answer.kind == "number" else ():
        other = _sealed(_after(answer, turn), key)
        for texts, message in key.traps:
            if other in texts:
                return Verdict("trap", message)
    for texts, reply in key.far:
        if mine in texts and digits_of(answer) < _FEWEST_ROUNDED:
            return Verdict("short", sentences(_(reply), rounded))
        if mine in texts:
            return Verdict("unit", sentences(_(reply), rounded))
    return None


def _turned(value: float, key: Key) -> Verdict | None:
    """Return the verdict on a number that is right the other way round, or but for one step."""
    for turn in TURNS:
        if _is_right(number(value), turn, key):
            return Verdict("turned", _(turn.said(share=key.share)))
    if not key.whole:
        return None
    if value != round(value):
        if any(_sealed(number(n), key) in key.right for n in (math.floor(value), math.ceil(value))):
            return Verdict("rounded", _("right so far, but a whole number is asked for."))
    elif abs(value) >= _MANY and any(_sealed(number(value + n), key) in key.right for n in (-1, 1)):
        return Verdict(
            "turned",
            _(
                "your number is one away from the answer. Was a step rounded, or one counted too "
                "often or not at all?"
            ),
        )
    return None


def _is_right(answer: Plain, turn: Turn, key: Key) -> bool:
    return _sealed(_after(answer, turn), key) in key.right


def _after(answer: Plain, turn: Turn) -> Plain:
    """Return a number turned; one that becomes too large stays what it is."""
    other = turn.turned(float(answer.value))  # pyright: ignore[reportArgumentType]
    return number(other) if math.isfinite(other) else answer


def _short(digits: int) -> str:
    """Return what is said of a number that is too short to be compared."""
    said = ngettext(
        "a number of {digits} digit cannot be compared. Hand in {n} at least, unrounded, as it "
        "comes out of your calculation.",
        "a number of {digits} digits cannot be compared. Hand in {n} at least, unrounded, as it "
        "comes out of your calculation.",
        digits,
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
