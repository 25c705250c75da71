"""Customer ids as whole numbers from 0, in the order of the ids."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlab._purchases import plain_ids

_SPARE = 8  # a look-up table may have this many places per row
_BLOCK = 1 << 16  # rows worked on at a time, so that they stay in the processor's cache


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
        return _factorized(pd.Series(ids))
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
        return _factorized(ids)
    numbers, customers = _of_integers(spelled)
    row = np.empty(len(customers), dtype=np.int64)
    row[numbers] = np.arange(len(ids))
    return numbers, pd.Index(ids.take(row))


def _factorized(ids: pd.Series) -> tuple[np.ndarray, pd.Index]:
    numbers, customers = pd.factorize(ids, sort=True)
    return numbers, pd.Index(customers)


def _spelled(texts: pa.LargeStringArray | pa.ChunkedArray) -> np.ndarray | None:
    """Return numbers that stand in the order of the texts, or None if they become too large.

    Each pair of letters is a digit, whose base is the number of pairs found at that place.
    """
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    _, limits, letters = texts.buffers()
    limits = np.frombuffer(limits, dtype=np.int64)[texts.offset :][: len(texts) + 1]
    letters = np.frombuffer(bytes(2) if letters is None else letters, dtype=np.uint8)
    letters = np.append(letters, np.zeros(2, dtype=np.uint8))
    if not letters[limits[0] : limits[-1]].all():
        return None  # a zero byte would look like the end of a text

    blocks = [slice(row, row + _BLOCK) for row in range(0, len(texts), _BLOCK)]
    number, span = np.zeros(len(texts), dtype=np.int64), 1
    digit = np.empty(len(texts), dtype=np.uint16)
    for place in range(0, int(np.diff(limits).max()), 2):
        seen = np.zeros(1 << 16, dtype=bool)
        for block in blocks:
            digit[block] = _pairs(limits[block.start : block.stop + 1], letters, place)
            seen[digit[block]] = True
        base = int(seen.sum())
        span *= base
        if span > _SPARE * len(texts):
            return None
        value = np.cumsum(seen) - 1
        for block in blocks if base > 1 else []:
            number[block] *= base
            number[block] += value[digit[block]]
    return number


def _pairs(limits: np.ndarray, letters: np.ndarray, place: int) -> np.ndarray:
    """Return the two letters at `place` of each text as one number, zeros past its end."""
    at = limits[:-1] + place
    left = limits[1:] - at
    if (left == left[0]).all() and left[0] > 0:  # of one length: nothing needs to be looked up
        apart = (int(left[0]) + place,)
        pairs = np.ndarray(len(at), ">u2", letters.data, offset=int(at[0]), strides=apart)
        return pairs.astype(np.uint16) & (0xFFFF if left[0] > 1 else 0xFF00)
    pairs = np.ndarray(len(letters) - 1, ">u2", letters.data, strides=(1,))
    found = pairs[np.minimum(at, limits[-1])].astype(np.uint16)
    if left.min() > 1:
        return found
    return np.where(left > 1, found, np.where(left == 1, found & 0xFF00, 0))
