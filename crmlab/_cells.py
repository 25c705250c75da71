"""A column as it came: typed, or as words of which only the distinct ones are parsed."""

# pyarrow.compute makes its functions on import, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from unicodedata import normalize

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from crmlab._placeholders import BLANK
from crmlab._words import _

_EMPTY = pa.array(["", *sorted(BLANK), "（空白）"])
# Marks that have no width or turn the direction of what follows; in a cell nobody sees them.
_UNSEEN = r"[\x{AD}\x{61C}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{FEFF}]"
# How programs keep a number text: ="1001", '1001, `1001.
_AS_TEXT = {
    r"^[`\t]+(.+)$": r"\1",
    r"^['‘’´]+([\d=+(.-].*)$": r"\1",
    r'^=(?:T\()?"([^"]*)"\)?$': r"\1",
    r'^["“”]+([^"“”]+)["“”]+$': r"\1",
}
_ODD = np.zeros(256, dtype=bool)  # the first bytes of all of these in UTF-8
_ODD[[*b"`'=\"\t\r\n", 0xC2, 0xD8, 0xE1, 0xE2, 0xEF]] = True
# With an id before it, as where Excel puts subtotals: "1001 Total".
_TOTAL = (
    r"^(?:[\w-]*\d[\w-]* +)?[\s:*=._()-]*"
    r"(?:(?:(?:grand|sub|overall)[\s_-]*)?totals?|sum|summe|gesamt(?:summe)?"
    r"|[合总小共累]\s*计(?:金额)?|总\s*和|汇\s*总)"
    r"[\s:*=._()-]*$"
)


@dataclass(frozen=True)
class Words:
    """Text cells: the distinct ones, trimmed, and for each row which one it is (-1: nothing)."""

    distinct: pa.StringArray
    codes: np.ndarray
    odd: int = 0  # how many distinct cells had marks around them that a person cannot see

    def written(self, rows: np.ndarray) -> list[str]:
        """Return what stands in `rows`."""
        texts = self.distinct.take(pa.array(self.codes[rows].clip(min=0))).to_pylist()
        return [
            text if code >= 0 else "" for text, code in zip(texts, self.codes[rows], strict=True)
        ]

    def used(self, codes: np.ndarray) -> Words:
        """Return the words of other `codes`, without those that no row has any more."""
        there = np.unique(codes[codes >= 0])
        again = np.full(len(self.distinct) + 1, -1)
        again[there] = np.arange(len(there))
        return Words(self.distinct.take(pa.array(there)), again[codes], self.odd)

    def half_width(self) -> tuple[Words, pa.StringArray]:
        """Return the words with full-width letters and digits as plain ones; which changed."""
        plain = normal(self.distinct)
        if pc.any(pc.match_substring(plain, "  ")).as_py():
            plain = pc.replace_substring_regex(plain, " {2,}", " ")
        changed = self.distinct.filter(pc.not_equal(plain, self.distinct))
        if not len(changed):
            return self, changed
        encoded = plain.dictionary_encode()
        again = np.append(_codes(encoded.indices), np.int32(-1))
        return Words(encoded.dictionary, again[self.codes], self.odd), changed

    def spread(self, values: np.ndarray, nothing: Any) -> np.ndarray:
        """Return for each row the value of its word."""
        # A code of -1 picks the last value.
        return np.append(values, np.array([nothing], dtype=values.dtype))[self.codes]


@dataclass(frozen=True)
class Parsed:
    """A column as values, and the rows whose cells hold nothing or cannot be read.

    signs : the signs of currency beside amounts, where there are any
    """

    cells: np.ndarray
    empty: np.ndarray
    unreadable: np.ndarray
    written: list[str]
    signs: Words | None = None


@dataclass(frozen=True)
class Guess:
    """One thing the file did not say, how it was read, and why."""

    what: str
    value: str
    why: str

    def __str__(self) -> str:
        said = _("{what}: {value} ({why})")
        return said.format(what=_(self.what), value=self.value, why=self.why)


def is_text(column: pa.ChunkedArray) -> bool:
    """Return whether `column` holds words."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def words(column: pa.ChunkedArray) -> Words:
    """Return the text of `column`, its distinct words trimmed of blanks at their ends."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries()
    if not column.num_chunks:
        return Words(pa.array([], pa.string()), np.empty(0, dtype=np.int32))
    codes = np.concatenate([_codes(chunk.indices) for chunk in column.chunks])
    written = column.chunk(0).dictionary.cast(pa.string())
    trimmed, odd = _bare(written)
    nothing = pc.is_in(pc.utf8_lower(trimmed), value_set=_EMPTY)
    encoded = pc.if_else(nothing, pa.scalar(None, pa.string()), trimmed).dictionary_encode()
    again = np.append(_codes(encoded.indices), np.int32(-1))
    return Words(encoded.dictionary, again[codes], odd)


def _bare(written: pa.StringArray) -> tuple[pa.StringArray, int]:
    """Return words without blanks and unseen marks around them, and how many had such marks."""
    trimmed = pc.utf8_trim_whitespace(written)
    if not _ODD[np.frombuffer(written.buffers()[2] or b"", dtype=np.uint8)].any():
        return trimmed, 0
    bare = pc.utf8_trim_whitespace(pc.replace_substring_regex(trimmed, _UNSEEN, ""))
    for pattern, kept in _AS_TEXT.items():
        bare = pc.utf8_trim_whitespace(pc.replace_substring_regex(bare, pattern, kept))
    return bare, pc.sum(pc.not_equal(bare, trimmed)).as_py() or 0


def _codes(indices: pa.Array) -> np.ndarray:
    """Return `indices` with -1 for nothing."""
    return pc.fill_null(indices.cast(pa.int32()), -1).to_numpy(zero_copy_only=False)


def own(column: pa.ChunkedArray) -> np.ndarray:
    """Return the values of `column` in memory that nobody else looks at."""
    values = column.to_numpy()
    return values if values.flags.writeable else values.copy()


def arrow_of(cells: Any) -> pa.ChunkedArray:
    """Return a pandas Series or a list of cells as Arrow; cells of mixed kinds become text."""
    try:
        column = pa.array(cells, from_pandas=True)
        if _loses_meaning(column.type, cells):
            raise TypeError
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        column = pa.array([_text(cell) for cell in cells], pa.string())
    column = pa.chunked_array([column]) if isinstance(column, pa.Array) else column
    return simple(column)


def _loses_meaning(kind: pa.DataType, cells: Any) -> bool:
    """Return whether Arrow has made numbers of periods, or one zone of several."""
    if isinstance(kind, pa.BaseExtensionType):
        return True
    zoned = pa.types.is_timestamp(kind) and kind.tz
    return bool(zoned) and str(getattr(cells, "dtype", "object")) == "object"


def simple(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return `column` as numbers, times or text: every other type as the text it would print."""
    kind = column.type
    if pa.types.is_dictionary(kind) and not is_text(column):
        return simple(column.cast(kind.value_type))
    if is_text(column) or pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return column
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return column
    if pa.types.is_null(kind):
        return column.cast(pa.string())
    return pa.chunked_array([pa.array([_text(cell) for cell in column.to_pylist()], pa.string())])


def _text(cell: Any) -> str | None:
    """Return one cell as the text a file would hold: 12345.0 as '12345', a time in ISO form."""
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float | np.floating) and float(cell).is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return str(cell)


def normal(words: pa.StringArray) -> pa.StringArray:
    """Return words in Unicode's form NFKC, so that what looks alike is alike.

    Some releases of Arrow leave a letter and its mark apart; Python puts those together.
    """
    plain = pc.utf8_normalize(words, "NFKC")
    apart = pc.match_substring_regex(plain, r"\pM")
    if not pc.any(apart).as_py():
        return plain
    whole = [normalize("NFKC", word) for word in plain.filter(apart).to_pylist()]
    return pc.replace_with_mask(plain, apart, pa.array(whole, plain.type))


def mean_total(words: pa.StringArray) -> np.ndarray:
    """Return for each word whether it means a total."""
    plain = pc.utf8_lower(normal(words))
    return pc.match_substring_regex(plain, _TOTAL).to_numpy(zero_copy_only=False)
