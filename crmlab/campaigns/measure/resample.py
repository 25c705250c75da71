"""Tests and intervals by drawing again: who was treated, and which customers there were."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, stream_of
from crmlab.campaigns.trial import arms_of

_GROUPS = 256  # of amounts, where more than so many times eight were paid
_BLOCK = 1 << 22


@dataclass(frozen=True)
class RandomisationTest:
    """How often chance alone parts the groups as far as the lot did."""

    effect: float
    p_value: float
    assignments: int
    exact: bool


def randomisation_test(
    trial: pd.DataFrame,
    *,
    outcome: str = "spend",
    treated: str = "treated",
    draws: int = 10_000,
    customer: str = "customer_id",
    seed: Seed,
) -> RandomisationTest:
    """Return a test by lots drawn again (随机化检验), as if the treatment did nothing.

    Then every outcome stands whatever the lot said, and any other lot was as likely. Of all lots
    with as many treated, the p-value is the share that parts the means as far or farther. It
    needs no law of large numbers: with 8 stores it is right, where an interval is a guess.

    Parameters
    ----------
    trial : DataFrame, one row per what was drawn for: a customer, or a store
        `treated` : bool; `outcome` : number, or True and False
    outcome, treated, customer : str
    draws : int, at least 100
        Lots at most: where there are no more of them, each is counted once, and the test is exact.
    seed : int, SeedSequence or Generator

    Returns
    -------
    RandomisationTest
        effect : float, treated less control; p_value : float, two-sided
        assignments : int, lots looked at; exact : bool

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError
        As `treatment_effect`; one treated and one other are enough.

    Source
    ------
    Fisher (1935), The design of experiments, chapter 2; drawn lots: Phipson and Smyth (2010),
    doi:10.2202/1544-6115.1585.

    Examples
    --------
    >>> trial = pd.DataFrame({"treated": [True] * 3 + [False] * 3, "spend": [7, 8, 9, 4, 5, 6.0]})
    >>> found = randomisation_test(trial, seed=1)
    >>> found.p_value, found.assignments
    (0.1, 20)
    """
    require_at_least("draws", draws, 100)
    _, arm, y = arms_of(trial, treated=treated, outcome=outcome, customer=customer, least=1)
    n, k = len(y), int(arm.sum())
    effect = float(y[arm].mean() - y[~arm].mean())
    centred = y - y.mean()
    found = abs(centred[arm].sum())
    # Sums of floats in another order may differ in the last digit: as far is far enough.
    limit = found - 1e-9 * max(np.abs(centred).sum(), 1e-300)
    if comb(n, k) <= draws:
        sums = np.array([centred[list(lot)].sum() for lot in combinations(range(n), k)])
        return RandomisationTest(effect, float((np.abs(sums) >= limit).mean()), len(sums), True)
    rng, far, done = stream_of(seed, "randomisation_test"), 0, 0
    order = np.sort(centred)  # so that row order does not matter
    while done < draws:
        many = min(draws - done, max(1, _BLOCK // n))
        lots = rng.random((many, n)).argpartition(k - 1, axis=1)[:, :k]
        far += int((np.abs(order[lots].sum(axis=1)) >= limit).sum())
        done += many
    return RandomisationTest(effect, (1 + far) / (1 + draws), draws, False)


@dataclass(frozen=True)
class BootstrapDifference:
    """A difference in means with its 95% interval by resampling."""

    effect: float
    standard_error: float
    low: float
    high: float


def bootstrap_difference(
    trial: pd.DataFrame,
    *,
    outcome: str = "spend",
    treated: str = "treated",
    draws: int = 1_000,
    customer: str = "customer_id",
    seed: Seed,
) -> BootstrapDifference:
    """Return the difference of the groups' means with its 95% interval by resampling (自助法).

    Nobody is copied a million times: how many of those who spent nothing are drawn is one binomial
    number, and amounts that were paid are drawn in groups of like size, whose sums have the mean
    and the variance that drawing them one by one has.

    Parameters
    ----------
    trial, outcome, treated, customer
        As in `treatment_effect`.
    draws : int, at least 100
    seed : int, SeedSequence or Generator

    Returns
    -------
    BootstrapDifference
        effect, standard_error, low, high : float, the latter two the middle 95% of the draws

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError
        As `treatment_effect`.

    Source
    ------
    Efron (1979), doi:10.1214/aos/1176344552.

    Examples
    --------
    >>> trial = pd.DataFrame({"treated": [True] * 500 + [False] * 500,
    ...                       "spend": [0.0, 30.0] * 250 + [0.0, 20.0] * 250})
    >>> found = bootstrap_difference(trial, seed=1)
    >>> found.effect, found.low < 5 < found.high
    (5.0, True)
    """
    require_at_least("draws", draws, 100)
    _, arm, y = arms_of(trial, treated=treated, outcome=outcome, customer=customer)
    rng = stream_of(seed, "bootstrap_difference")
    means = _means(y[arm], draws, rng) - _means(y[~arm], draws, rng)
    low, high = np.quantile(means, [0.025, 0.975])
    effect = float(y[arm].mean() - y[~arm].mean())
    return BootstrapDifference(effect, float(means.std(ddof=1)), float(low), float(high))


def _means(values: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return the means of resamples of `values`."""
    paid = np.sort(values[values != 0])
    n = len(values)
    if not len(paid):
        return np.zeros(draws)
    groups = np.array_split(paid, min(_GROUPS, len(paid))) if len(paid) > 8 * _GROUPS else None
    if groups is None:
        many = rng.multinomial(n, np.append(np.full(len(paid), 1 / n), 1 - len(paid) / n), draws)
        return many[:, :-1] @ paid / n
    size = np.array([len(group) for group in groups])
    mean = np.array([group.mean() for group in groups])
    spread = np.array([group.var() for group in groups])
    many = rng.multinomial(n, np.append(size, n - len(paid)) / n, draws)[:, :-1]
    return (many @ mean + np.sqrt(many @ spread) * rng.standard_normal(draws)) / n
