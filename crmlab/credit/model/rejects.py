"""Reject inference: what a file of approved loans says about those who got none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from crmlab._checks import (
    names_of,
    require_columns,
    require_numbers,
    require_real,
    require_same_order,
    require_truths,
    require_values,
)
from crmlab.credit.model.binning import OptimalBinner
from crmlab.errors import EmptyError, OutOfRangeError

METHODS = ("ignore", "reweight", "fuzzy")


def reject_inference(
    file: pd.DataFrame,
    *,
    columns: Sequence[str],
    special: Mapping[str, Sequence[Any]] | None = None,
    prudence: float = 1.5,
    approved: str = "approved",
    bad: str = "defaults",
) -> pd.DataFrame:
    """Return each applicant's chance of default, as three ways of reading the approved say.

    ignore    a regression on the approved alone, applied to all
    reweight  the same, each approved loan standing for 1 / P(approved) applicants like it
    fuzzy     the refused join twice, as a bad with weight q and a good with weight 1 - q; the
              odds of q are `prudence` times those that "ignore" gives

    The first two are right where approval depends on the file alone. Where the bank saw more (an
    officer's impression), the approved are better than their files, and both are too low for the
    refused. Fuzzy is as right as its `prudence`, which no file of approved loans can tell.

    Parameters
    ----------
    file : DataFrame, one row per applicant
    columns : names of the columns to judge by
    special : mapping of columns to special values, as for `OptimalBinner`
    prudence : float above 0
    approved, bad : str
        Columns with True or False, and with 1 or 0; the end of refused loans is not read.

    Returns
    -------
    DataFrame, one row per applicant, with the index of `file`
        approved : bool; ignore, reweight, fuzzy : float64, chances of default

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column is missing, or the end of an approved loan.
    EmptyError
        If nobody was refused, or nobody approved.
    OutOfRangeError
        If `prudence` is not above 0, or an end is not 1 or 0.

    Source
    ------
    Hand and Henley (1993), IMA Journal of Mathematics Applied in Business and Industry 5(1),
    45-55, doi:10.1093/imaman/5.1.45.

    Examples
    --------
    >>> from crmlab.credit.simulate import simulate_applicants
    >>> file, truth = simulate_applicants(2_000, approved=0.5, seed=1)
    >>> estimates = reject_inference(file, columns=["late_payments", "debt_to_income"])
    >>> refused = estimates[~estimates["approved"]]
    >>> refused[["ignore", "reweight", "fuzzy"]].mean().round(2).tolist()
    [0.09, 0.1, 0.11]
    """
    require_real(prudence=prudence)
    columns = names_of("columns", columns)
    require_columns(file, *columns, approved=approved, bad=bad)
    require_values(file, approved)
    require_truths(file, approved)
    if not 0 < prudence < np.inf:
        raise OutOfRangeError(f"prudence must be above 0; got {prudence!r}.")
    lent = file[approved].to_numpy("bool")
    if lent.all() or not lent.any():
        raise EmptyError("reject inference needs approved and refused applicants.")
    require_values(file.loc[lent], bad)
    require_truths(file.loc[lent, [bad]].infer_objects(), bad)  # the refused left holes in it
    end = file.loc[lent, bad].to_numpy("int64")
    shown = {name: values for name, values in (special or {}).items() if name in columns}
    binner = OptimalBinner(special=shown).fit(file.loc[lent, [*columns]], end)
    woe = np.asarray(binner.transform(file[[*columns]]))
    ignore = _chance(woe, woe[lent], end)

    access = np.asarray(OptimalBinner(special=shown).fit_transform(file[[*columns]], ~lent))
    propensity = np.clip(1 - _chance(access, access, ~lent), 0.02, 1)
    reweight = _chance(woe, woe[lent], end, 1 / propensity[lent])

    odds = prudence * ignore[~lent] / (1 - ignore[~lent])
    guess = odds / (1 + odds)
    n = len(guess)
    fuzzy = _chance(
        woe,
        np.vstack([woe[lent], woe[~lent], woe[~lent]]),
        np.concatenate([end, np.ones(n, "int64"), np.zeros(n, "int64")]),
        np.concatenate([np.ones(len(end)), guess, 1 - guess]),
    )
    found = {"approved": lent, "ignore": ignore, "reweight": reweight, "fuzzy": fuzzy}
    return pd.DataFrame(found, index=file.index)


def _chance(
    every: np.ndarray, known: np.ndarray, end: np.ndarray, weight: np.ndarray | None = None
) -> np.ndarray:
    """Return the chances of all from a regression on those whose end is known."""
    model = LogisticRegression(solver="newton-cholesky", max_iter=1_000)
    return model.fit(known, end, sample_weight=weight).predict_proba(every)[:, 1]


def reject_bias(estimates: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Return how wrong each way of reading the approved is about the refused, against the truth.

    Parameters
    ----------
    estimates : DataFrame, as returned by `reject_inference`
    truth : DataFrame, one row per applicant in the same order: defaults, True or 1

    Returns
    -------
    DataFrame, one row per method
        method : str
        forecast, happened : float64, mean chance and default rate of the refused
        bias : float64, forecast - happened
        standard_error : float64, of the bias, by the refused being so many

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column is missing, the two have the same index in another order, or a column holds
        no numbers, or not True and False.
    OutOfRangeError
        If the two frames have different lengths, or a chance is missing.

    Examples
    --------
    >>> from crmlab.credit.simulate import simulate_applicants
    >>> file, truth = simulate_applicants(2_000, approved=0.5, seed=1)
    >>> estimates = reject_inference(file, columns=["late_payments", "debt_to_income"])
    >>> reject_bias(estimates, truth)[["method", "forecast", "happened"]].round(2)
         method  forecast  happened
    0    ignore      0.09      0.21
    1  reweight      0.10      0.21
    2     fuzzy      0.11      0.21
    """
    require_columns(estimates, "approved", *METHODS)
    require_columns(truth, "defaults")
    require_truths(truth, "defaults")
    require_truths(estimates, "approved")
    require_numbers(estimates, *METHODS)
    if len(estimates) != len(truth):
        raise OutOfRangeError(f"{len(estimates)} estimates and {len(truth)} truths do not match.")
    require_same_order(estimates, truth)
    refused = ~estimates["approved"].to_numpy("bool")
    end = truth["defaults"].to_numpy("float64")[refused]
    rows = []
    for method in METHODS:
        gap = estimates[method].to_numpy()[refused] - end
        facts = {"forecast": gap.mean() + end.mean(), "happened": end.mean(), "bias": gap.mean()}
        rows.append({"method": method, **facts, "standard_error": gap.std() / len(gap) ** 0.5})
    return pd.DataFrame(rows).astype({"method": "str"})
