"""Overlap of two groups that no other group explains: the interactions of a log-linear model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import false_discovery_control, norm

from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab.behaviour.measure.cross import group_columns, require_parts, truths
from crmlab.errors import OutOfRangeError

_STEPS, _ENOUGH, _RUNAWAY = 40, 1e-9, 12.0


def group_interactions(
    members: pd.DataFrame, *, groups: Sequence[str] | None = None
) -> pd.DataFrame:
    """How much each two groups go together once all the others are known.

    Two groups overlap because one leads to the other, or because a third leads to both: busy
    customers are in every group. The log-linear model of all pairs tells them apart:
        log P(groups) = constant + sum of a_j x_j + sum of b_jk x_j x_k
    and b_jk, the log odds ratio of j and k *given all the others*, is 0 for mere overlap. Each
    group is regressed on all others by logistic regression; a pair has two such numbers, whose mean
    is reported (pseudo-likelihood).

    Parameters
    ----------
    members : DataFrame, one row per customer of the base, as `cross_groups` reads it
    groups : list of columns, optional
        Put those among them that may explain the others, such as "bought last month".

    Returns
    -------
    DataFrame, one row per pair, in the order of the columns
        group_a, group_b : str
        log_odds : float64, the interaction; odds_ratio : float64, its exponential
        low, high : float64, the 95 % interval of `log_odds`
        p_value, q_value : float64; the second over all pairs, as a false-discovery rate

    Raises
    ------
    MissingColumnsError, BadRowsError
        As `cross_groups`.
    OutOfRangeError
        As `cross_groups`; also if a group follows from the others, or two never (or always) meet,
        so that their odds ratio is 0 or infinite.

    See Also
    --------
    cross_groups : the overlap itself.
    crmlab.behaviour.simulate.simulate_groups : two groups that interact among twenty that overlap.

    Source
    ------
    Besag (1975), doi:10.2307/2987782 (pseudo-likelihood); Ravikumar, Wainwright and Lafferty
    (2010), doi:10.1214/09-AOS691 (one logistic regression per column); Benjamini and Hochberg
    (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> from crmlab.behaviour.simulate import simulate_groups
    >>> members, truth = simulate_groups(20_000, groups=6, odds_ratio=3, seed=1)
    >>> found = group_interactions(members)[["group_a", "group_b", "q_value"]]
    >>> found[(found["group_a"] != "bought last month") & (found["q_value"] < 0.05)].iloc[0, 1]
    'bought under 50 yuan'
    """
    names = group_columns(members, groups)
    belongs = np.column_stack([truths(members[name]) for name in names])
    require_parts(names, belongs.sum(axis=0), len(members))
    # Customers who are alike are counted once, with their number as weight.
    kinds, place = np.unique(np.packbits(belongs, axis=1), axis=0, return_inverse=True)
    weight = bincount(place.ravel()).astype(float)
    kinds = np.unpackbits(kinds, axis=1)[:, : len(names)].astype(float)

    k = len(names)
    slope, error = np.zeros((k, k)), np.zeros((k, k))
    for column in range(k):
        others = np.delete(np.arange(k), column)
        design = np.column_stack([np.ones(len(kinds)), kinds[:, others]])
        fitted = _logistic(design, kinds[:, column], weight, names, column)
        slope[column, others], error[column, others] = fitted[0][1:], fitted[1][1:]
    one, other = np.triu_indices(k, 1)
    log_odds = (slope[one, other] + slope[other, one]) / 2
    spread = (error[one, other] + error[other, one]) / 2
    p_value = 2 * norm.sf(np.abs(log_odds) / spread)
    named = np.array(names, dtype=object)
    return pd.DataFrame(
        {
            "group_a": pd.Series(named[one], dtype="str"),
            "group_b": pd.Series(named[other], dtype="str"),
            "log_odds": log_odds,
            "low": log_odds - Z * spread,
            "high": log_odds + Z * spread,
            "odds_ratio": np.exp(log_odds),
            "p_value": p_value,
            "q_value": false_discovery_control(p_value),
        }
    )


def _logistic(
    design: np.ndarray, y: np.ndarray, weight: np.ndarray, names: Sequence[str], column: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the coefficients of a logistic regression and their standard errors, by Newton."""
    beta = np.zeros(design.shape[1])
    information = np.eye(len(beta))
    for _ in range(_STEPS):
        fitted = expit(design @ beta)
        information = design.T @ (design * (weight * fitted * (1 - fitted))[:, None])
        if np.linalg.cond(information) > 1e12:
            break
        step = np.linalg.solve(information, design.T @ (weight * (y - fitted)))
        beta = beta + step
        if np.abs(step).max() < _ENOUGH:
            return beta, np.sqrt(np.diag(np.linalg.inv(information)))
        if np.abs(beta).max() > _RUNAWAY:
            break
    others = [name for place, name in enumerate(names) if place != column]
    worst = others[int(np.abs(beta[1:]).argmax())]
    raise OutOfRangeError(
        f"{names[column]!r} and {worst!r} never meet, always meet, or follow from the others, so "
        "their odds ratio has no finite value. Leave one of them out: groups=[…]"
    )
