"""Texts as they were typed, in one width and case."""

from __future__ import annotations

import unicodedata

import pandas as pd

from crmlab.errors import OutOfRangeError

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_MARKS = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("·•・", " "))


def clean(values: pd.Series) -> pd.Series:
    """Return texts in one width and case, with single spaces; empty ones are missing."""
    require_series(values)
    if values.dtype.kind == "f" and values.notna().any():
        raise OutOfRangeError(
            f"{values.name} holds floating-point numbers, which have lost what was typed. "
            f"Read it as text: pd.read_csv(…, dtype={{{values.name!r}: 'str'}})"
        )
    text = values.astype("str").to_numpy(dtype=object)
    clean = [None if pd.isna(one) else _plain(one) or None for one in text]
    return pd.Series(clean, values.index, dtype="str", name=values.name)


def require_series(values: pd.Series) -> None:
    """Raise OutOfRangeError unless `values` are a Series."""
    if not isinstance(values, pd.Series):
        raise OutOfRangeError(
            f"a Series is needed here, such as records['name']; got {type(values).__name__}."
        )


def _plain(text: str) -> str:
    """Return a text in one width and case, with single spaces."""
    if text.isascii():
        text = text.lower()
    else:
        for _ in range(2):  # a folded letter may have a normal form of its own
            text = unicodedata.normalize("NFKC", text).casefold()
        text = unicodedata.normalize("NFKC", text).translate(_MARKS)
    return " ".join(text.split())
