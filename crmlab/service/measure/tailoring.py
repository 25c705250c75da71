"""How far to tailor an offer: for everybody, for each segment, or for each customer."""

from __future__ import annotations

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
from crmlab._intervals import Z
from crmlab._purchases import as_frame, plain_values
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError


def tailoring(
    trials: pd.DataFrame,
    *,
    levels: tuple[str, ...] = ("segment", "customer_id"),
    treatment: str = "treatment",
    profit: str = "profit",
) -> pd.DataFrame:
    """How far to tailor: one treatment for all, one for each group, one for each customer.

    At each level a group gets the treatment that looks best for it. What it *promised* is the mean
    of the best means, which is too much: who looks best was partly lucky (the winner's curse). What
    to *expect* is the mean after shrinking each group towards the group it belongs to, by the
    share of their differences that is not luck.

    Parameters
    ----------
    trials : DataFrame, one row per trial: the columns of `levels`, `treatment`, `profit`
        Every group has tried every treatment at least once, and the last level twice.
    levels : names of columns, from coarse to fine
        Each group of one belongs to one group of the level before; the last is the customer.
    treatment, profit : str

    Returns
    -------
    DataFrame, one row per level, "mass" (everybody) first
        degree : str
        customers, groups : int64
        reliability : float64, the share of the differences that is not luck (missing for mass)
        promised, expected : float64, profit per customer
        gain, gain_error : float64, of `expected` over the row before, and its standard error
            (missing for mass)

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a group lacks a treatment or belongs to two groups.
    OutOfRangeError
        If there are no trials, or too few to tell luck from difference.

    See Also
    --------
    crossover_cost : the cost of one more version at which finer is no longer better.

    Source
    ------
    Efron and Morris (1975), doi:10.1080/01621459.1975.10479864; the curse of the best-looking:
    Smith and Winkler (2006), doi:10.1287/mnsc.1050.0451.

    Examples
    --------
    >>> from crmlab.service.simulate import simulate_tailoring
    >>> trials, truth = simulate_tailoring(400, seed=1)
    >>> table = tailoring(trials)
    >>> table["degree"].tolist(), bool((table["promised"] >= table["expected"]).all())
    (['mass', 'segment', 'customer_id'], True)
    """
    rows, before = [], None
    for degree, reliability, mean, believed, group in _degrees(trials, levels, treatment, profit):
        first = np.unique(group[-1], return_index=True)[1]
        own = group[0][first]
        best = believed.max(axis=1)[own]
        more = best - (best if before is None else before)
        rows.append(
            {
                "degree": degree,
                "customers": len(own),
                "groups": len(mean),
                "reliability": reliability,
                "promised": mean.max(axis=1)[own].mean(),
                "expected": best.mean(),
                "gain": np.nan if before is None else more.mean(),
                "gain_error": np.nan if before is None else more.std() / np.sqrt(len(more)),
            }
        )
        before = best
    return pd.DataFrame(rows)


def best_treatments(
    trials: pd.DataFrame,
    *,
    degree: str | None = None,
    levels: tuple[str, ...] = ("segment", "customer_id"),
    treatment: str = "treatment",
    profit: str = "profit",
) -> pd.DataFrame:
    """Treatment that each customer should get, at a degree of tailoring, and what to expect of it.

    Parameters
    ----------
    trials, levels, treatment, profit : as in `tailoring`
    degree : str, default the last level
        One of `levels`, or "mass".

    Returns
    -------
    DataFrame, one row per customer: the last of `levels`, `treatment`, and expected (float64)

    Raises
    ------
    As `tailoring`; UnknownNameError
        If there is no such degree.

    Examples
    --------
    >>> from crmlab.service.simulate import simulate_tailoring
    >>> trials, _ = simulate_tailoring(40, seed=1)
    >>> best_treatments(trials, degree="mass")["treatment"].nunique()
    1
    """
    levels = tuple([levels] if isinstance(levels, str) else levels)
    degree = levels[-1] if degree is None else degree
    if degree not in ("mass", *levels):
        raise UnknownNameError.among("degree", degree, ["mass", *levels])
    made = _degrees(trials, levels, treatment, profit)
    _, _, _, believed, group = next(one for one in made if one[0] == degree)
    first = np.unique(group[-1], return_index=True)[1]
    own = believed[group[0][first]]
    frame = as_frame(trials)
    names = np.sort(plain_values(frame[treatment]).unique())
    return pd.DataFrame(
        {
            levels[-1]: plain_values(frame[levels[-1]]).to_numpy()[first],
            treatment: names[own.argmax(axis=1)],
            "expected": own.max(axis=1),
        }
    )


def _degrees(
    trials: pd.DataFrame, levels: tuple[str, ...], treatment: str, profit: str
) -> list[tuple[str, float, np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]]:
    """Return for each degree: name, reliability, means, shrunken means, groups of the rows.

    Means have a row per group and a column per treatment, in order.
    """
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
    noise = _noise(y, which, means[-1], counts[-1], groups[-1], levels[-1])
    believed, found = means[0], []
    for level, (mean, group) in enumerate(zip(means, groups, strict=True)):
        reliability = np.full((1, 1), np.nan)
        if level:
            parent = groups[level - 1][np.unique(group, return_index=True)[1]]
            luck = noise * (1 / counts[level] - 1 / counts[level - 1][parent])
            apart = mean - means[level - 1][parent]
            # What a group spends whatever is done says nothing of which treatment is best.
            whatever = apart.mean(axis=1, keepdims=True)
            apart, luck = apart - whatever, luck * (1 - 1 / len(names))
            real = max((apart**2).mean() - luck.mean(), 0.0)
            reliability = real / np.maximum(real + luck, 1e-300)
            believed = believed[parent] + whatever + reliability * apart
        name = levels[level - 1] if level else "mass"
        found.append((name, float(reliability.mean()), mean, believed, (group, groups[-1])))
    return found


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


def _noise(
    y: np.ndarray,
    which: np.ndarray,
    mean: np.ndarray,
    count: np.ndarray,
    customer: np.ndarray,
    name: str,
) -> float:
    """Return the variance of trials of one treatment with one customer."""
    free = len(y) - count.size
    if free < 1:
        raise OutOfRangeError(
            f"each {name!r} tried each treatment once; two trials of each are needed to tell luck "
            "from difference."
        )
    return ((y - mean[customer, which]) ** 2).sum() / free


def crossover_cost(tailored: pd.DataFrame) -> pd.DataFrame:
    """Cost of one more version at which a finer degree stops paying, by expected and promised.

    A degree has one version for each of its groups. Finer pays while the cost of a version is below
    (profit of the finer degree - profit of the coarser) * customers / (groups it adds).

    Parameters
    ----------
    tailored : DataFrame, as returned by `tailoring`

    Returns
    -------
    DataFrame, one row per step from a degree to the next
        coarser, finer : str
        cost, low, high : float64, from what is expected, with its 95% interval
        promised : float64, from what was promised: too high, by the winner's curse

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    OutOfRangeError
        If there is only one degree.

    Examples
    --------
    >>> table = pd.DataFrame({"degree": ["mass", "each"], "customers": 10, "groups": [1, 10],
    ...     "promised": [5.0, 8.0], "expected": [5.0, 6.8], "gain": [None, 1.8], "gain_error": 0.1})
    >>> crossover_cost(table)[["cost", "promised"]].round(2).values.tolist()
    [[2.0, 3.33]]
    """
    tailored = as_frame(tailored)
    columns = ("degree", "customers", "groups", "promised", "expected", "gain", "gain_error")
    require_columns(tailored, *columns)
    require_at_least("the number of degrees", len(tailored), 2)
    degree = tailored["degree"].astype("str").to_numpy()
    groups, customers, promised, gain, error = (
        plain_values(tailored[name]).to_numpy("float64")
        for name in ("groups", "customers", "promised", "gain", "gain_error")
    )
    scale = customers[1:] / np.maximum(np.diff(groups), 1)
    return pd.DataFrame(
        {
            "coarser": degree[:-1],
            "finer": degree[1:],
            "cost": gain[1:] * scale,
            "low": (gain[1:] - Z * error[1:]) * scale,
            "high": (gain[1:] + Z * error[1:]) * scale,
            "promised": np.diff(promised) * scale,
        }
    )
