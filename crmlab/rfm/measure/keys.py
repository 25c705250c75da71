"""Customer ids as whole numbers from 0, in the order of the ids."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from math import prod
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlab._purchases import plain_ids

pc: Any = import_module("pyarrow.compute")  # made when it loads: no type checker knows it

_SPARE = 8  # a look-up table may have this many places per row
_LONGEST = 64  # bytes of a text that is read letter by letter
_BLOCK = 1 << 17  # bytes worked on at a time, so that they stay in the processor's cache


def numbered(ids: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Return the number of each row's customer, and the customers in the order of their numbers.

    Nothing is hashed or sorted where the ids can be the places of a look-up table.
    """
    if isinstance(ids.dtype, pd.CategoricalDtype):
        return _of_categories(ids)
    ids = plain_ids(ids)
    return _of_integers(ids.to_numpy()) if ids.dtype == "int64" else _of_text(ids)


def _of_integers(ids: np.ndarray) -> tuple[np.ndarray, pd.Index]:
    lowest, highest = int(ids.min()), int(ids.max())
    if highest - lowest > _SPARE * ids.size:
        return _hashed(ids)
    places = ids - lowest if lowest else ids
    seen = np.zeros(highest - lowest + 1, dtype=bool)
    seen[places] = True
    customers = pd.Index(np.flatnonzero(seen) + lowest)
    if seen.all():
        return places, customers
    return (np.cumsum(seen) - 1)[places], customers


def _of_categories(ids: pd.Series) -> tuple[np.ndarray, pd.Index]:
    places, present = _of_integers(ids.cat.codes.to_numpy("int64"))
    categories = pd.Index(plain_ids(pd.Series(ids.cat.categories[present], name=ids.name)))
    if (categories[1:] > categories[:-1]).all():
        return places, categories
    names, customers = numbered(pd.Series(categories))
    return names[places], customers


def _of_text(ids: pd.Series) -> tuple[np.ndarray, pd.Index]:
    spelled = _spelled(pa.array(ids, type=pa.large_string()))
    if spelled is None:
        numbers, customers = pd.factorize(ids, sort=True)
        return numbers, pd.Index(customers)
    numbers, customers = _of_integers(spelled)
    row = np.empty(len(customers), dtype=np.min_scalar_type(len(ids)))
    row[numbers] = np.arange(len(ids), dtype=row.dtype)
    return numbers, pd.Index(ids.take(row))


def _hashed(ids: np.ndarray) -> tuple[np.ndarray, pd.Index]:
    encoded = pa.array(ids).dictionary_encode()  # several times as fast as pandas' factorize
    found = encoded.dictionary.to_numpy()
    order = np.argsort(found)
    numbers = np.empty(len(found), dtype=np.int64)
    numbers[order] = np.arange(len(found))
    return numbers[encoded.indices.to_numpy()], pd.Index(found[order])


def _spelled(texts: pa.LargeStringArray | pa.ChunkedArray) -> np.ndarray | None:
    """Return whole numbers in the order of the texts, or None if int64 cannot hold them.

    Each letter, a byte of UTF-8, is a digit whose base is the span of the letters found at its
    place. Where some texts have ended, their digit lies below all letters.
    """
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    shortest, longest = pc.min_max(pc.binary_length(texts)).as_py().values()
    if longest > _LONGEST or not _in_a_row(texts).all():
        return None  # a zero byte would look like the end of a text

    low, high = _extremes(texts, longest)
    low += np.arange(longest) < shortest
    bases = [1 + int(most) - int(least) for least, most in zip(low, high, strict=True)]
    weights = [prod(bases[place + 1 :]) for place in range(longest)]
    if prod(bases) >= 2**63:
        return None

    weights, number = np.array(weights, dtype=np.int64), np.empty(len(texts), dtype=np.int64)
    lows = np.tile(low, (_rows(longest), 1))  # as large as a block: nothing is broadcast
    for rows, letters in _letters(texts, longest):
        digits = np.maximum(letters, lows[: len(letters)]) - lows[: len(letters)]
        number[rows] = np.vecdot(digits, weights)
    return number


def _extremes(texts: pa.LargeStringArray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what lies below all letters and the highest letter at each place of the texts."""
    low = np.full((_rows(width), width), 255, dtype=np.uint8)
    high = np.zeros_like(low)
    for _, letters in _letters(texts, width):
        lower, higher = low[: len(letters)], high[: len(letters)]
        np.minimum(lower, letters - np.uint8(1), out=lower)  # past the end this is 255
        np.maximum(higher, letters, out=higher)
    return low.min(axis=0), high.max(axis=0)


def _letters(texts: pa.LargeStringArray, width: int) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield the texts block by block as rows of `width` bytes, zeros past the end of a text."""
    for begin in range(0, len(texts), _rows(width)):
        block = texts[begin : begin + _rows(width)]
        letters = _in_a_row(block)
        if len(letters) < len(block) * width:
            letters = _in_a_row(pc.ascii_rpad(block, width, padding="\0"))
        yield slice(begin, begin + len(block)), letters.reshape(len(block), width)


def _rows(width: int) -> int:
    return 1 + _BLOCK // (1 + width)


def _in_a_row(texts: pa.LargeStringArray) -> np.ndarray:
    _, limits, letters = texts.buffers()
    limits = np.frombuffer(limits, dtype=np.int64)[texts.offset :][: len(texts) + 1]
    return np.frombuffer(letters or b"", dtype=np.uint8)[limits[0] : limits[-1]]
