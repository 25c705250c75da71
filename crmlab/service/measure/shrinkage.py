"""What to believe of each treatment with each group, and how far that may be off."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab._purchases import as_frame, plain_values
from crmlab.errors import BadRowsError, OutOfRangeError


class Trials(NamedTuple):
    """Trials by degree, everybody first: means and counts have a row per group, treatments across.

    `groups` has the group of each trial, `first` a trial of each customer, `noise` the variance of
    trials of one treatment with one customer, known from `free` differences.
    """

    levels: tuple[str, ...]
    means: list[np.ndarray]
    counts: list[np.ndarray]
    groups: list[np.ndarray]
    first: np.ndarray
    noise: float
    free: int


class Degree(NamedTuple):
    """What is believed of each group and treatment, and the variance with which it is true.

    `real` is the variance between groups that is not luck, `real_error` its standard error.
    """

    reliability: float
    believed: np.ndarray
    doubt: np.ndarray
    real_error: float


def as_trials(
    trials: pd.DataFrame, *, levels: tuple[str, ...], treatment: str, profit: str
) -> Trials:
    """Return trials as means and counts by degree, or say what is missing in them."""
    trials = as_frame(trials)
    levels = tuple([levels] if isinstance(levels, str) else levels)
    require_columns(trials, *levels, treatment=treatment, profit=profit)
    require_rows(trials)
    require_values(trials, *levels, treatment, profit)
    require_at_least("the number of levels", len(levels), 1)
    trials = trials.assign(**{profit: plain_values(trials[profit])})
    require_numbers(trials, profit)
    which, names = pd.factorize(plain_values(trials[treatment]), sort=True)
    require_at_least("the number of treatments", len(names), 2)
    y = trials[profit].to_numpy("float64")
    means, counts, groups = _means(trials, levels, which, len(names), y)
    free = len(y) - counts[-1].size
    if free < 1:
        raise OutOfRangeError(
            f"each {levels[-1]!r} tried each treatment once; two trials of each are needed to tell "
            "luck from difference."
        )
    noise = ((y - means[-1][groups[-1], which]) ** 2).sum() / free
    first = np.unique(groups[-1], return_index=True)[1]
    return Trials(levels, means, counts, groups, first, float(noise), free)


def _means(
    trials: pd.DataFrame, levels: tuple[str, ...], which: np.ndarray, kinds: int, y: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """Return for everybody and each level: means and counts by treatment, and each row's group."""
    means, counts, groups = [], [], [np.zeros(len(y), np.int64)]
    for name in levels:
        groups.append(pd.factorize(plain_values(trials[name]), sort=True)[0])
        pairs = np.unique(np.stack([groups[-1], groups[-2]]), axis=1)[0]
        if len(pairs) > len(np.unique(pairs)):
            raise BadRowsError(
                f"some values of {name!r} belong to two groups of the level before. Levels go from "
                "coarse to fine, and each group has one parent."
            )
    for name, group in zip(("everybody", *levels), groups, strict=True):
        size = (int(group.max()) + 1, kinds)
        count = bincount(group * kinds + which, minlength=size[0] * kinds).reshape(size)
        if (count == 0).any():
            raise BadRowsError(
                f"{int((count == 0).any(axis=1).sum())} group(s) of {name!r} never tried every "
                "treatment, so their best is not known. Leave them out, or take a coarser level."
            )
        counts.append(count)
        means.append(bincount(group * kinds + which, y, size[0] * kinds).reshape(size) / count)
    return means, counts, groups


def degrees(
    read: Trials, *, noise: float = 0.0, real: dict[int, float] | None = None
) -> list[Degree]:
    """Return each degree, everybody first; as if noise, or what is real, were so much more."""
    kinds, noise, real = read.means[0].shape[1], max(read.noise + noise, 0.0), real or {}
    found = [Degree(np.nan, read.means[0], noise / read.counts[0], 0.0)]
    for level in range(1, len(read.means)):
        mean, count, group = read.means[level], read.counts[level], read.groups[level]
        parent = read.groups[level - 1][np.unique(group, return_index=True)[1]]
        luck = noise * (1 / count - 1 / read.counts[level - 1][parent])
        apart = mean - read.means[level - 1][parent]
        # What a group spends whatever is done says nothing of which treatment is best.
        whatever = apart.mean(axis=1, keepdims=True)
        apart, seen = apart - whatever, luck * (1 - 1 / kinds)
        square = (apart**2).mean(axis=1)
        between = max(max(square.mean() - seen.mean(), 0.0) + real.get(level, 0.0), 0.0)
        reliability = between / np.maximum(between + seen, 1e-300)
        believed = found[-1].believed[parent] + whatever + reliability * apart
        error = float(np.sqrt(square.var() / max(len(square) - 1, 1)))
        found.append(Degree(float(reliability.mean()), believed, reliability * luck, error))
    return found


def gain_errors(read: Trials, found: list[Degree]) -> np.ndarray:
    """Return the standard error of each degree's gain over the one before.

    Two things can be wrong: what is believed of those whose treatment changes, by `doubt`; and the
    noise and what is real, which say how far to shrink. The gain is taken as straight in these.
    """
    own = [group[read.first] for group in read.groups]

    def gains(noise: float, real: dict[int, float]) -> np.ndarray:
        made = degrees(read, noise=noise, real=real)
        best = [one.believed.max(axis=1)[code] for one, code in zip(made, own, strict=True)]
        return np.diff([one.mean() for one in best])

    shifts = [(read.noise * np.sqrt(2 / read.free), {})]
    shifts += [(0.0, {level: one.real_error}) for level, one in enumerate(found[1:], 1)]
    variance = np.zeros(len(found) - 1)
    for noise, real in shifts:
        less = gains(-noise, {level: -error for level, error in real.items()})
        variance += ((gains(noise, real) - less) / 2) ** 2
    pick = [one.believed.argmax(axis=1)[code] for one, code in zip(found, own, strict=True)]
    for level in range(1, len(found)):
        for one, code in zip(found[: level + 1], own, strict=False):
            size, kinds = one.doubt.size, one.doubt.shape[1]
            new, old = (
                bincount(code * kinds + pick[at], minlength=size) for at in (level, level - 1)
            )
            change = (new - old).reshape(one.doubt.shape) / len(read.first)
            variance[level - 1] += (one.doubt * change**2).sum()
    return np.sqrt(variance)
