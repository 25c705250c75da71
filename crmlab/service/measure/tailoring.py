"""How far to tailor an offer: for everybody, for each segment, or for each customer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_columns
from crmlab._intervals import Z
from crmlab._purchases import as_frame, plain_values
from crmlab.errors import UnknownNameError
from crmlab.service.measure.shrinkage import as_trials, degrees, gain_errors


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
        gain, gain_error : float64, of `expected` over the row before, and the standard error with
            which it tells what these customers truly bring (missing for mass)

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
    Efron and Morris (1975), doi:10.1080/01621459.1975.10479864; the error, where the share that is
    not luck is estimated too: Morris (1983), doi:10.1080/01621459.1983.10477920; the curse of the
    best-looking: Smith and Winkler (2006), doi:10.1287/mnsc.1050.0451.

    Examples
    --------
    >>> from crmlab.service.simulate import simulate_tailoring
    >>> trials, truth = simulate_tailoring(400, seed=1)
    >>> table = tailoring(trials)
    >>> table["degree"].tolist(), bool((table["promised"] >= table["expected"]).all())
    (['mass', 'segment', 'customer_id'], True)
    """
    read = as_trials(trials, levels=levels, treatment=treatment, profit=profit)
    found = degrees(read)
    own = [group[read.first] for group in read.groups]
    best = [one.believed.max(axis=1)[code] for one, code in zip(found, own, strict=True)]
    expected = np.array([one.mean() for one in best])
    return pd.DataFrame(
        {
            "degree": pd.Series(["mass", *read.levels], dtype="str"),
            "customers": len(read.first),
            "groups": [len(mean) for mean in read.means],
            "reliability": [one.reliability for one in found],
            "promised": [
                mean.max(axis=1)[code].mean() for mean, code in zip(read.means, own, strict=True)
            ],
            "expected": expected,
            "gain": np.r_[np.nan, np.diff(expected)],
            "gain_error": np.r_[np.nan, gain_errors(read, found)],
        }
    )


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
    read = as_trials(trials, levels=levels, treatment=treatment, profit=profit)
    place = ["mass", *levels].index(degree)
    own = degrees(read)[place].believed[read.groups[place][read.first]]
    frame = as_frame(trials)
    names = np.sort(plain_values(frame[treatment]).unique())
    return pd.DataFrame(
        {
            levels[-1]: plain_values(frame[levels[-1]]).to_numpy()[read.first],
            treatment: names[own.argmax(axis=1)],
            "expected": own.max(axis=1),
        }
    )


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
