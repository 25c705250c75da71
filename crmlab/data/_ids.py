"""Keys and labels: whole numbers or text, never decimals."""

# pyarrow.compute makes its functions on import, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from crmlab.data._cells import Words, is_text, own, words

_WHOLE = r"^(?:0|-?[1-9]\d{0,17})$"
_WITH_ZEROS = r"^(?:0|-?[1-9]\d{0,15})(?:\.0+)?$"


@dataclass(frozen=True)
class Keys:
    """A key per row: numbers, or codes of `labels`; rows in `empty` have none."""

    codes: np.ndarray
    labels: pa.StringArray | None
    empty: np.ndarray

    def values(self, rows: np.ndarray | slice) -> np.ndarray | pd.Series:
        """Return the keys of `rows` as int64 or str, missing ones as NaN."""
        if self.labels is None:
            return self.codes[rows]
        codes = self.codes[rows]
        taken = self.labels.take(pa.array(codes, mask=codes < 0))
        return pd.Series(taken.to_pandas(), dtype="str")

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
    return Keys(codes, pa.array(distinct).cast(pa.string()), numbers.empty)


def keys(column: pa.ChunkedArray, *, numbers: bool = True) -> Keys:
    """Return the keys in `column`.

    They are int64 where each is a whole number without leading zeros (12345.0 counts as
    12345), else text as it stands; labels that are no keys (`numbers=False`) stay text.
    """
    if not is_text(column):
        if numbers and (typed := _typed(column)):
            return typed
        column = column.cast(pa.string())
    text = words(column)
    empty = np.flatnonzero(text.codes < 0)
    if numbers and (whole := _whole(text)) is not None:
        # An empty row counts as number 0 until it is set aside.
        return Keys(text.spread(whole, 0), None, empty)
    return Keys(text.codes, text.distinct, empty)


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
