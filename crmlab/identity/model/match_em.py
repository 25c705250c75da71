"""EM for two kinds of pairs, on how often each pattern of levels is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class TwoKinds:
    """What EM finds.

    share : float in (0, 1), share of matches
    m, u : lists of float64 arrays, per field how often matches and others reach each level
    errors : list of pairs of float64 arrays, their standard errors
    steps : int
    settled : bool, whether no number moves any more
    gain : float, log likelihood above that of one kind of pairs
    """

    share: float
    m: list[np.ndarray]
    u: list[np.ndarray]
    errors: list[tuple[np.ndarray, np.ndarray]]
    steps: int
    settled: bool
    gain: float


def two_kinds(patterns: np.ndarray, count: np.ndarray, *, max_iter: int, tol: float) -> TwoKinds:
    """Say in turn which pairs are matches, and how often each kind reaches each level."""
    tops = patterns.max(axis=0, initial=0)
    reached = [
        (patterns[:, [at]] == np.arange(top + 1)).astype("float64") for at, top in enumerate(tops)
    ]
    belongs, before, step = _first_guess(patterns, tops), None, 0
    while True:
        step += 1
        share = (belongs @ count + 0.5) / (count.sum() + 1)
        m = [_frequencies(belongs * count, one) for one in reached]
        u = [_frequencies((1 - belongs) * count, one) for one in reached]
        as_match = np.log(share) + _log_likelihood(reached, m)
        either = np.logaddexp(as_match, np.log(1 - share) + _log_likelihood(reached, u))
        belongs = np.exp(as_match - either)
        now = np.concatenate([[share], *m, *u])
        settled = before is not None and bool(np.abs(now - before).max() < tol)
        if settled or step == max_iter:
            break
        before = now
    alone = _log_likelihood(reached, [_frequencies(count, one) for one in reached])
    errors = _errors(reached, count, belongs, share, [*zip(m, u, strict=True)])
    gain = float(count @ (either - alone))
    return TwoKinds(float(share), m, u, errors, step, settled, gain)


def patterns_of(levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the different rows of `levels`, sorted, and how often each is there."""
    kinds = levels.max(axis=0, initial=0) + 2
    place = np.cumprod([1, *kinds[:0:-1]])[::-1]
    codes, count = np.unique((levels + 1) @ place, return_counts=True)
    return codes[:, None] // place % kinds - 1, count


def _first_guess(patterns: np.ndarray, tops: np.ndarray) -> np.ndarray:
    """Return a first probability of being a match: high where most of what is there agrees."""
    seen = (patterns >= 0) & (tops > 0)
    reached = np.where(seen, patterns / np.maximum(tops, 1), 0).sum(axis=1)
    return np.where(reached > seen.sum(axis=1) / 2, 0.9, 0.1)


def _frequencies(weights: np.ndarray, reached: np.ndarray) -> np.ndarray:
    """Return how often each level is reached, with one more pair spread over all of them.

    So what was never seen is rare, and not impossible.
    """
    counts = weights @ reached
    return (counts + 1 / len(counts)) / (counts.sum() + 1)


def _log_likelihood(reached: Sequence[np.ndarray], frequencies: Sequence[np.ndarray]) -> np.ndarray:
    """Return the log likelihood of each pattern of levels; what is missing adds nothing."""
    parts = [one @ np.log(often) for one, often in zip(reached, frequencies, strict=True)]
    return np.sum(parts, axis=0)


def _errors(
    reached: Sequence[np.ndarray],
    count: np.ndarray,
    belongs: np.ndarray,
    share: float,
    frequencies: Sequence[tuple[np.ndarray, np.ndarray]],
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return standard errors of m and u per field, from the outer products of the scores.

    Berndt, E. K. et al. (1974). Estimation and inference in nonlinear structural models. Annals of
    Economic and Social Measurement, 3, 653-665. The most frequent level is left out, as all levels
    sum to 1; its error is that of the sum of the others. Levels that fewer than one pair is
    expected to reach are taken as given, and have no error.
    """
    scores, places = [(belongs / share - (1 - belongs) / (1 - share))[:, None]], []
    at = 1
    for one, pair in zip(reached, frequencies, strict=True):
        for kind, frequency in zip((belongs, 1 - belongs), pair, strict=True):
            base = int(frequency.argmax())
            seen = (kind * count) @ one >= 1
            free = np.flatnonzero(seen & (np.arange(len(seen)) != base))
            slope = one[:, free] / frequency[free] - one[:, [base]] / frequency[base]
            scores.append(kind[:, None] * slope)
            places.append((base, free, np.arange(at, at + len(free)), len(frequency)))
            at += len(free)
    score = np.hstack(scores)
    covariance = np.linalg.pinv(score.T @ (score * count[:, None]), hermitian=True)
    errors = []
    for base, free, own, levels in places:
        block = covariance[np.ix_(own, own)]
        error = np.full(levels, np.nan)
        error[free], error[base] = np.sqrt(np.diag(block).clip(0)), np.sqrt(max(block.sum(), 0))
        errors.append(error)
    return [*zip(errors[::2], errors[1::2], strict=True)]
