"""Chance by name and number: what one row draws does not depend on which other rows there are.

A random stream gives its numbers in turn, so one row more moves all that follow. Here the number
of a row is a function of a key, a purpose and the row's own number. Two worlds with one key that
differ in a single row then differ in nothing else: what differs is caused.

Source
------
The mixing is that of SplitMix64: Steele, Lea and Flood (2014), doi:10.1145/2660193.2660195.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv, ndtri

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ONE, _TWO = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


class Chance:
    """Numbers in (0, 1), and draws of usual laws, for rows that have numbers of their own.

    Examples
    --------
    >>> chance = Chance(np.random.default_rng(1))
    >>> both, one = chance("buys", [3, 8]), chance("buys", [8])
    >>> bool(both[1] == one[0])
    True
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._key = int(rng.integers(0, 2**64, dtype=np.uint64))

    def __call__(self, purpose: str, row: ArrayLike) -> NDArray[np.float64]:
        """Return a number in (0, 1) for each row, uniform and independent between purposes."""
        named = crc32(purpose.encode("utf-8")) * int(_TWO) + self._key
        start = _mixed(np.array([named % 2**64], dtype=np.uint64))
        state = np.asarray(row).astype(np.uint64)
        state *= _GOLDEN
        state += start
        level = (_mixed(state) >> np.uint64(11)).astype(np.float64)
        level += 0.5
        level *= 2.0**-53
        return level

    def normal(self, purpose: str, row: ArrayLike) -> NDArray[np.float64]:
        """Return standard normal numbers."""
        return ndtri(self(purpose, row))

    def exponential(self, purpose: str, row: ArrayLike, mean: ArrayLike = 1.0) -> NDArray:
        """Return exponential numbers of these means."""
        return -np.log(self(purpose, row)) * np.asarray(mean)

    def gamma(self, purpose: str, row: ArrayLike, shape: float) -> NDArray[np.float64]:
        """Return gamma numbers of this shape and scale 1."""
        return gammaincinv(shape, self(purpose, row))

    def days(self, purpose: str, row: ArrayLike, least: int, most: int) -> NDArray:
        """Return numbers of days from `least` to `most`, all equally likely."""
        return self.whole(purpose, row, least, most).astype("m8[D]")

    def whole(self, purpose: str, row: ArrayLike, least: int, most: int) -> NDArray[np.int64]:
        """Return whole numbers from `least` to `most`, all equally likely."""
        return least + np.floor(self(purpose, row) * (most - least + 1)).astype(np.int64)

    def place(self, purpose: str, row: ArrayLike, shares: Iterable[float]) -> NDArray[np.int64]:
        """Return places in `shares`, each as likely as its share."""
        until = np.cumsum([*shares])
        level = self(purpose, row) * until[-1]
        return np.minimum(np.searchsorted(until, level, side="right"), len(until) - 1)

    def poisson(self, purpose: str, row: ArrayLike, mean: ArrayLike) -> NDArray[np.int64]:
        """Return Poisson counts of these means, each of them below 700."""
        level = self(purpose, row)
        mean = np.broadcast_to(np.asarray(mean, dtype=float), level.shape)
        count, part = np.zeros(level.shape, dtype=np.int64), np.exp(-mean)
        left, open_ = level - part, np.flatnonzero(level > part)
        left, part, mean = left[open_], part[open_], mean[open_]
        while open_.size:
            count[open_] += 1
            part = part * mean / count[open_]
            left = left - part
            # Far out in the tail a term is too small to be seen, and the sum is complete.
            on = (left > 0) & ((part > 1e-300) | (count[open_] < mean))
            open_, left, part, mean = open_[on], left[on], part[on], mean[on]
        return count


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix the state in its place: 64 bits each of which depends on all bits that stood there."""
    state ^= state >> np.uint64(30)
    state *= _ONE
    state ^= state >> np.uint64(27)
    state *= _TWO
    state ^= state >> np.uint64(31)
    return state
