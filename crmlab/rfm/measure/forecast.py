"""How well a score forecasts who will respond."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_probability,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import wilson
from crmlab.errors import OutOfRangeError


def decile_table(
    table: pd.DataFrame,
    *,
    score: str = "rfm_score",
    response: str = "responded",
    groups: int = 10,
) -> pd.DataFrame:
    """Response of the customers in tenths, from the highest scores to the lowest.

    The first k of `groups` hold floor(k n / groups + 1/2) customers. Where a limit falls among
    equal scores, each of them counts in part, as if they were drawn at random: expected numbers
    that do not depend on the order of the rows.

    Parameters
    ----------
    table : DataFrame, one row per customer
        the score column, higher is better, and the response column, 0 or 1
    score, response : str
        Names of these columns.
    groups : int
        How many groups of equal size.

    Returns
    -------
    DataFrame, one row per group, best first
        score : str, the name of the score
        decile : int64, 1 has the highest scores
        customers : int64
        responders : float64, expected number
        response_rate : float64 in [0, 1]
        low, high : float64, Wilson's 95% interval of the rate
        lift : float64, response_rate / base_rate; missing if nobody responded
        base_rate : float64, share of all customers who responded
        random_low, random_high : float64, where the rate of as many customers drawn at random
            lies in 95 of 100 cases
        share_contacted, share_reached : float64, of all customers, and of all responders, up
            to and including this group

    Raises
    ------
    MissingColumnsError
        If `table` lacks one of the two columns.
    BadRowsError
        If one of them has a missing value.
    OutOfRangeError
        If there are fewer customers than groups, or a response is neither 0 nor 1.

    See Also
    --------
    compare_scores : several scores at one depth, with intervals of their differences.
    crmlab.rfm.plot.plot_deciles, crmlab.rfm.plot.plot_gains : draw this frame.

    Source
    ------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> table = pd.DataFrame({"rfm_score": [4, 3, 2, 1], "responded": [1, 1, 1, 0]})
    >>> halves = decile_table(table, groups=2)
    >>> halves[["decile", "customers", "response_rate", "share_reached"]]
       decile  customers  response_rate  share_reached
    0       1          2            1.0       0.666667
    1       2          2            0.5       1.000000
    """
    levels, responded = _levels(table, score), _responses(table, response)
    n = len(table)
    require_at_least("groups", groups, 1)
    require_at_least("the number of customers", n, groups)

    limits = (2 * np.arange(groups + 1) * n + groups) // (2 * groups)
    reached = _reached(levels, responded, np.ones(n), limits)
    customers, responders, total = np.diff(limits), np.diff(reached), responded.sum()
    low, high = wilson(responders, customers)
    luck = hypergeom.interval(0.95, n, int(total), customers)
    base = total / n
    return pd.DataFrame(
        {
            "score": score,
            "decile": np.arange(1, groups + 1),
            "customers": customers,
            "responders": responders,
            "response_rate": responders / customers,
            "low": low,
            "high": high,
            "lift": responders / customers / (base or np.nan),
            "base_rate": base,
            "random_low": luck[0] / customers,
            "random_high": luck[1] / customers,
            "share_contacted": limits[1:] / n,
            "share_reached": reached[1:] / (total or np.nan),
        }
    )


def compare_scores(
    table: pd.DataFrame,
    *,
    scores: Sequence[str] = ("rfm_score", "monetary"),
    against: str = "monetary",
    response: str = "responded",
    depth: float = 0.2,
    resamples: int = 500,
    seed: int,
) -> pd.DataFrame:
    """Response among the best customers of each score, beside chance and a naive rule.

    The best are a share `depth` of all customers; equal scores at the limit count in part. The
    95% intervals are percentiles of a bootstrap over customers, in which the limit moves too.

    Parameters
    ----------
    table : DataFrame, one row per customer
        the score columns, higher is better, and the response column, 0 or 1
    scores : sequence of str
        Columns to compare.
    against : str
        Column of the rule to beat: "monetary" contacts the top spenders.
    response : str
        Column of the response.
    depth : float in (0, 1]
        Share of the customers contacted.
    resamples : int
        Bootstrap samples.
    seed : int
        Same seed, same intervals.

    Returns
    -------
    DataFrame, one row per score in the order given
        score : str
        responders : float64, expected number among the contacted
        response_rate, low, high : float64 in [0, 1]
        lift, lift_low, lift_high : float64, response_rate over the rate of all customers,
            which is what contacting at random would bring; missing if nobody responded
        difference, difference_low, difference_high : float64, response_rate minus that of
            `against`

    Raises
    ------
    MissingColumnsError
        If `table` lacks one of the columns.
    BadRowsError
        If one of them has a missing value.
    OutOfRangeError
        If `depth` lies outside (0, 1], there are no customers, or a response is neither 0
        nor 1.

    See Also
    --------
    decile_table : one score over all depths.

    Source
    ------
    Efron (1979), doi:10.1214/aos/1176344552.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"rfm_score": [4, 3, 2, 1], "monetary": [1, 1, 1, 1], "responded": [1, 1, 0, 0]})
    >>> compare_scores(table, depth=0.5, seed=1)[["score", "response_rate", "lift", "difference"]]
           score  response_rate  lift  difference
    0  rfm_score            1.0   2.0         0.5
    1   monetary            0.5   1.0         0.0
    """
    require_at_least("seed", seed, 0)
    require_probability("depth", depth)
    require_at_least("resamples", resamples, 1)
    names = [*dict.fromkeys([*scores, against])]
    levels = {name: _levels(table, name) for name in names}
    responded = _responses(table, response)
    require_at_least("the number of customers", len(table), 1)

    rng, n = np.random.default_rng(seed), len(table)
    drawn = (bincount(rng.integers(0, n, n), minlength=n) for _ in range(resamples))
    base, rates, contacted = [], [], np.array([depth * n])
    for weights in chain([np.ones(n)], drawn):  # the sample itself comes first
        base.append(weights @ responded / n or np.nan)
        rates.append(
            [
                _reached(levels[name], responded, weights, contacted)[0] / contacted[0]
                for name in names
            ]
        )
    rate = dict(zip(names, np.array(rates).T, strict=True))
    rows = [
        {"score": name, "responders": rate[name][0] * depth * n}
        | _interval("response_rate", "", rate[name])
        | _interval("lift", "lift_", rate[name] / np.array(base))
        | _interval("difference", "difference_", rate[name] - rate[against])
        for name in scores
    ]
    return pd.DataFrame(rows)


def _levels(table: pd.DataFrame, score: str) -> np.ndarray:
    """Return the level of each customer: 0 for the highest score, equal for equal scores."""
    require_columns(table, score=score)
    require_values(table, score)
    require_numbers(table, score)
    return np.unique(-table[score].to_numpy("float64"), return_inverse=True)[1]


def _responses(table: pd.DataFrame, response: str) -> np.ndarray:
    """Return the response column as numbers, or raise if it holds others than 0 and 1."""
    require_columns(table, response=response)
    require_values(table, response)
    if not table[response].isin([0, 1]).all():
        raise OutOfRangeError(f"{response} must be 0 or 1 for every customer.")
    return table[response].to_numpy("float64")


def _reached(
    levels: np.ndarray, responded: np.ndarray, weights: np.ndarray, contacted: np.ndarray
) -> np.ndarray:
    """Return how many responders are among the first `contacted` customers, by level."""
    customers = np.cumsum(bincount(levels, weights))
    responders = np.cumsum(bincount(levels, weights * responded))
    return np.interp(contacted, np.append(0, customers), np.append(0, responders))


def _interval(name: str, prefix: str, sampled: np.ndarray) -> dict[str, float]:
    """Return the first value under `name` and the middle 95% of the others as its interval."""
    low, high = np.quantile(sampled[1:], [0.025, 0.975])
    return {name: sampled[0], f"{prefix}low": low, f"{prefix}high": high}
