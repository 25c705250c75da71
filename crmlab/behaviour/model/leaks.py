"""Columns that know the future: too good to be true, and empty on the day they are needed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from crmlab._checks import require_at_least, require_columns
from crmlab._groups import repeat
from crmlab.behaviour.model.columns import Design, outcome_of
from crmlab.behaviour.model.propensity import PropensityModel
from crmlab.credit.measure import auc
from crmlab.errors import EmptyError, OutOfRangeError

_ALARM = 0.001


def leak_report(X: pd.DataFrame, y: Any, *, fresh: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Return which columns know the outcome and look otherwise on the day they are needed.

    A column that is written *after* the outcome knows it, and is empty when the next customers
    are to be judged. So two things are measured of each column: what it alone foretells, in rows
    that its model has not seen (two halves, each by the other's), and whether its values among
    fresh customers, whose outcome is still open, are those of the past.

    Parameters
    ----------
    X : DataFrame, the columns a model is to read, at least two
    y : column of True and False, beside `X`
    fresh : DataFrame, the same columns of customers as they stand when the model is asked
    seed : int
        Of the halves.

    Returns
    -------
    DataFrame, one row per column, the most telling first
        column : str
        alone, alone_low, alone_high : float64, AUC of a boosted model of this column, with 95 %
        others : float64, AUC of all other columns together
        moved_p : float64, of a chi-square test that fresh values are those of the past
        leaks : bool; it foretells the outcome (`alone_low` above one half) and has moved (by
            Bonferroni, one false alarm in a thousand tables). Ask when the column is written: it
            knows the future, or the world has changed.

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are fewer than two columns, or `y` is no such column.
    EmptyError
        If there are no fresh customers.

    Source
    ------
    Kaufman, Rosset, Perlich and Stitelman (2012), doi:10.1145/2382577.2382579.

    Examples
    --------
    >>> from crmlab.behaviour.simulate import simulate_prospects
    >>> past, truth = simulate_prospects(2_000, leak=True, seed=1)
    >>> fresh, _ = simulate_prospects(1_000, leak=True, answered=False, seed=2)
    >>> asked = ["visits", "days_since_last", "channel", "thank_you_calls"]
    >>> leak_report(past[asked], past["buys"], fresh=fresh).query("leaks")["column"].tolist()
    ['thank_you_calls']
    """
    require_at_least("seed", seed, 0)
    require_columns(X)
    if X.shape[1] < 2:
        raise OutOfRangeError(f"at least 2 columns are needed; the frame has {[*X.columns]}.")
    design = Design(X)
    design.numbers(fresh)
    if not len(fresh):
        raise EmptyError("there are no fresh customers; without them no column can have moved.")
    happened = outcome_of(y, X)
    half = np.random.default_rng(seed).permutation(len(X)) % 2 == 0
    rows = []
    for column in X:
        area = _area(X[[column]], happened, half)
        others = _area(X.drop(columns=[column]), happened, half)[0]
        moved = _moved(X[column], fresh[column], number=column not in design.words)
        leaks = area[1] > 0.5 and moved < _ALARM / X.shape[1]
        rows.append((str(column), *area, others, moved, leaks))
    names = ["column", "alone", "alone_low", "alone_high", "others", "moved_p", "leaks"]
    table = pd.DataFrame(rows, columns=names).astype({"column": "str"})
    order = (-table["alone"]).argsort(kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _moved(past: pd.Series, fresh: pd.Series, *, number: bool) -> float:
    """Return the p value of the test that two columns have the same law, in at most ten bins."""
    both = [past, fresh]
    if number:
        edges = np.unique(np.quantile(past.to_numpy("float64"), np.arange(1, 10) / 10))
        both = [np.searchsorted(edges, one.to_numpy("float64"), side="left") for one in both]
    counts = pd.crosstab(
        np.concatenate([np.asarray(one, dtype=str) for one in both]),
        repeat([0, 1], [len(past), len(fresh)]),
    )
    if len(counts) < 2:
        return 1.0
    found: Any = chi2_contingency(counts.to_numpy())
    return float(found.pvalue)


def _area(X: pd.DataFrame, happened: np.ndarray, half: np.ndarray) -> tuple[float, float, float]:
    """Return the AUC of a boosted model on halves that it has not seen, with its interval."""
    chance = np.empty(len(X))
    for side in (half, ~half):
        model = PropensityModel("boosting", calibrate=False).fit(X[~side], happened[~side])
        chance[side] = model.predict(X[side])
    found = auc(pd.DataFrame({"points": chance, "defaults": happened == 0}))
    return found.auc, found.low, found.high
