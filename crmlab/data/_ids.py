"""Keys and labels: whole numbers or text, never decimals."""

# pyarrow.compute makes its functions on import, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from crmlab._cells import Words, is_text, mean_total, own, words
from crmlab._words import _
from crmlab.data.report import Guess

_WHOLE = r"^(?:0|-?[1-9]\d{0,17})$"
_CUT = r"^\d(?:[.,]\d+)?[eE]\+\d+$"
_DIGITS = {16: 11, 32: 24, 64: 53}  # bits of a float, and of the whole numbers it can tell apart
_WITH_ZEROS = r"^(?:0|-?[1-9]\d{0,15})(?:\.0+)?$"
_ZEROS = r"^(0|-?[1-9]\d{0,15})\.0+$"
_GROUPED = r"^-?[1-9]\d{0,2}(?:,\d{3}){1,5}$"
_DECIMAL = r"^-?\d+\.\d*[1-9]\d*$"


@dataclass(frozen=True)
class Keys:
    """A key per row: numbers, or codes of `labels`; rows in `empty` have none.

    whole : whether the labels may become whole numbers, if all of them are
    guesses : what was guessed about them
    """

    codes: np.ndarray
    labels: pa.StringArray | None
    empty: np.ndarray
    whole: bool = True
    guesses: tuple[Guess, ...] = ()

    def values(self, rows: np.ndarray | slice) -> np.ndarray | pd.Series:
        """Return the keys of `rows` as int64 or str, missing ones as NaN."""
        if self.labels is None:
            return self.codes[rows]
        codes = self.codes[rows]
        taken = self.labels.take(pa.array(codes, mask=codes < 0))
        return pd.Series(taken.to_pandas(), dtype="str")

    def without(self, rows: np.ndarray) -> Keys:
        """Return the keys with none in `rows`; they are numbers if the others all are."""
        if self.labels is None or not len(rows):
            return self
        codes = self.codes.copy()
        codes[rows] = -1
        return _keys_of(Words(self.labels, self.codes).used(codes), self.guesses, whole=self.whole)

    def written(self, rows: np.ndarray) -> list[str]:
        """Return the keys of `rows` as text, missing ones as none at all."""
        there = ~np.isin(rows, self.empty)
        return [
            str(key) if known else "" for key, known in zip(self.values(rows), there, strict=True)
        ]


def as_text(numbers: Keys) -> Keys:
    """Return keys that are numbers as text, so that some rows can have none."""
    distinct, codes = np.unique(numbers.codes, return_inverse=True)
    codes[numbers.empty] = -1
    return replace(numbers, codes=codes, labels=pa.array(distinct).cast(pa.string()))


def keys(column: pa.ChunkedArray, what: str | None) -> Keys:
    """Return the keys in `column`, which messages call `what`.

    They are int64 where each is a whole number without leading zeros (12345.0 counts as
    12345), else text in plain letters; labels that are no keys (None) stay text as it stands.
    """
    lost = what is not None and _lost(column)
    if what and not lost and not is_text(column) and (typed := _typed(column)):
        return typed
    text = words(column if is_text(column) else column.cast(pa.string()))
    if not what:
        return Keys(text.codes, text.distinct, np.flatnonzero(text.codes < 0))
    text, wide = text.half_width()
    wide = np.count_nonzero(~mean_total(wide))
    guesses = _cut_short(text, what, lost)
    if wide:
        why = _("such as １２, which counts as 12; {n:,} written so").format(n=wide)
        guesses.append(Guess(what, _("full-width letters as plain ones"), why))
    if text.odd:
        why = _("{n:,} had unseen marks, or signs that keep a number text, around them")
        guesses.append(Guess(what, _("marks taken off"), why.format(n=text.odd)))
    found = _keys_of(text, guesses, whole=not lost)
    return found if found.labels is None else _one_spelling(found, what)


def _one_spelling(found: Keys, what: str) -> Keys:
    """Return keys with 1001.0 and 1,001 as 1001, and the warning that some differ in case only."""

    def matched(pattern: str) -> pa.BooleanArray:
        return pc.match_substring_regex(found.labels, pattern)

    guesses = [*found.guesses]
    zeros = matched(_ZEROS)
    if pc.any(zeros).as_py() and not pc.any(matched(_DECIMAL)).as_py():
        why = _("{n:,} written with .0, as programs do that hold numbers as floats")
        guesses.append(Guess(what, _("1001.0 as 1001"), why.format(n=pc.sum(zeros).as_py())))
        found = _respelled(found, _ZEROS, r"\1")
    grouped = matched(_GROUPED)
    if pc.any(grouped).as_py() and pc.all(pc.or_(grouped, matched(_WHOLE))).as_py():
        why = _("{n:,} written with commas, as tables show numbers")
        why = why.format(n=pc.sum(grouped).as_py())
        found = _respelled(found, ",", "")
        guesses.append(Guess(what, _("1,001 as 1001"), why))
        return _keys_of(Words(found.labels, found.codes), guesses, whole=found.whole)
    labels = found.labels
    low = pc.utf8_lower(labels)
    # Where all letters are small, or all large, none can differ in that.
    both = not (low.equals(labels) or pc.utf8_upper(labels).equals(labels))
    if both and (alike := len(low) - pc.count_distinct(low).as_py()):
        why = _(
            "{n:,} differ from another in capital letters only, and count as others; if they are "
            "the same, bring the column to small letters before reading"
        )
        guesses.append(Guess(what, _("kept apart by case"), why.format(n=alike)))
    return replace(found, guesses=(*guesses,))


def _respelled(found: Keys, pattern: str, spelling: str) -> Keys:
    """Return keys with a pattern in their labels replaced, and those that become alike as one."""
    encoded = pc.replace_substring_regex(found.labels, pattern, spelling).dictionary_encode()
    again = np.append(encoded.indices.to_numpy(), np.int32(-1))
    return replace(found, labels=encoded.dictionary, codes=again[found.codes])


def _keys_of(text: Words, guesses: Sequence[Guess], *, whole: bool) -> Keys:
    """Return words as keys: as whole numbers if they may be and all are."""
    empty = np.flatnonzero(text.codes < 0)
    if whole and (numbers := _whole(text)) is not None:
        # An empty row counts as number 0 until it is set aside.
        return Keys(text.spread(numbers, 0), None, empty, whole, (*guesses,))
    return Keys(text.codes, text.distinct, empty, whole, (*guesses,))


def _lost(column: pa.ChunkedArray) -> bool:
    """Return whether numbers in `column` are too large for all digits of a float."""
    if not pa.types.is_floating(column.type):
        return False
    most = 2.0 ** _DIGITS[column.type.bit_width]
    return bool(pc.any(pc.greater_equal(pc.abs(column.cast(pa.float64())), most)).as_py())


def _cut_short(text: Words, what: str, lost: bool) -> list[Guess]:
    """Return a warning if long numbers lost their last digits before they came here."""
    if not lost and not pc.any(pc.match_substring_regex(text.distinct, _CUT)).as_py():
        return []
    # No id is shown: a page for others prints this too.
    why = _(
        "numbers such as 1.23457E+11 were too long for Excel, or for a float: their last digits "
        "are lost, and different ones may have become one; export that column anew as text"
    )
    return [Guess(what, _("kept as text, digits are lost"), why)]


def _typed(column: pa.ChunkedArray) -> Keys | None:
    """Return the keys of a column of numbers; None if one of them is no whole number."""
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return None
    empty = np.flatnonzero(column.is_null(nan_is_null=True).to_numpy())
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    if empty.size:
        column = pc.fill_null(column, 0)
    try:
        whole = column.cast(pa.int64())
    except pa.ArrowInvalid:
        return None
    return Keys(own(whole), None, empty)


def _whole(text: Words) -> np.ndarray | None:
    """Return the distinct words as whole numbers; None unless all of them are."""
    for pattern in (_WHOLE, _WITH_ZEROS):
        if pc.all(pc.match_substring_regex(text.distinct, pattern)).as_py():
            digits = pc.replace_substring_regex(text.distinct, r"\.0+$", "")
            return digits.cast(pa.int64()).to_numpy()
    return None
