"""One spelling for what a reader cannot tell apart: ids, and names looked for in cells."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd

from crmlab.errors import OutOfRangeError

_TELLING = 5  # letters that a name has at least; shorter ones stand in many words


def spelled(values: pd.Series) -> pd.Series:
    """Return ids in one spelling each: whole numbers, or text without what nobody sees.

    Raises OutOfRangeError if they are fractions, or too large for all digits of a float.
    """
    if pd.api.types.is_float_dtype(values.dtype):
        numbers = values.to_numpy("float64")
        if (numbers != np.floor(numbers)).any() or (abs(numbers) >= 2**53).any():
            raise OutOfRangeError(
                f"{values.name} holds fractions, or numbers too large for a float, which may have "
                "lost digits. Read the column as text: dtype={...: 'str'}"
            )
        return pd.Series(numbers.astype("int64"), index=values.index, name=values.name)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values
    codes, different = pd.factorize(values)
    spellings = [_spelling(one) for one in different]
    return pd.Series([spellings[code] for code in codes], index=values.index, name=values.name)


def _spelling(value: object) -> object:
    """Return one id in plain letters; whole numbers of text stay as they are written."""
    if not isinstance(value, str):
        return int(value) if isinstance(value, float) and value.is_integer() else value
    letters = unicodedata.normalize("NFKC", value)
    seen = "".join(one for one in letters if unicodedata.category(one) != "Cf")
    return re.sub(r"^(-?\d+)\.0+$", r"\1", seen.strip())


def plain(values: pd.Series) -> pd.Series:
    """Return cells as text in which names are looked for: small letters, no marks, no blanks."""
    codes, different = pd.factorize(values)
    bare = ["".join(str(_spelling(one)).casefold().split()) for one in different]
    cells = ["" if code < 0 else bare[code] for code in codes]
    return pd.Series(cells, dtype="object", name=values.name)


def is_number(values: pd.Series) -> bool:
    """Return whether a column holds numbers or days, which may agree by chance."""
    return values.dtype.kind in "iufbM" or pd.api.types.is_numeric_dtype(values.dtype)


def can_tell(name: str) -> bool:
    """Return whether a name is long enough not to stand in other words by chance."""
    return len(name) >= (_TELLING if name.isascii() else 2)
