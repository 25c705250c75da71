"""One treated unit, or one series alone: synthetic control and interrupted time series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar, nnls

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_key,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._purchases import as_frame, plain_values
from crmlab._regression import least_squares
from crmlab.errors import OutOfRangeError, UnknownNameError

_HEAVY = 1e4


@dataclass(frozen=True)
class SyntheticControl:
    """A treated unit beside a mixture of others.

    weights  DataFrame, one row per other unit, the heaviest first: unit, weight
    path     DataFrame, one row per time: week; treated, synthetic, gap (float64)
    effect   float, mean gap from week 0 on; as a share of the synthetic one: relative
    p_value  float, share of units, this one among them, whose gap stands out as much
    """

    weights: pd.DataFrame
    path: pd.DataFrame
    effect: float
    relative: float
    p_value: float


def synthetic_control(
    panel: pd.DataFrame,
    *,
    treated: Any,
    outcome: str = "sales",
    unit: str = "city",
    week: str = "week",
) -> SyntheticControl:
    """Return what a treated unit would have done, by a mixture of others (合成控制法).

    Weights are not below 0, sum to 1, and bring the mixture as near to the treated unit before
    week 0 as they can. Each other unit is then treated in play (安慰剂检验): its gap after, over
    its misfit before, says how far a unit stands out by chance. Where no mixture fits, because the
    unit is larger than all others, say, the gap is no effect: look at the path before.

    Parameters
    ----------
    panel : DataFrame, one row per unit and week: `unit`; `week`, 0 is the first with treatment;
        `outcome` : number
    treated : the value of `unit` that was treated
    outcome, unit, week : str

    Returns
    -------
    SyntheticControl

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or a value is missing or of the wrong kind, or a unit has a week twice.
    OutOfRangeError
        If there is no such unit, fewer than 2 others have every week, or there are fewer than 2
        weeks before week 0, or none from it on.

    See Also
    --------
    crmlab.campaigns.plot.plot_synthetic_control : draws the path.

    Source
    ------
    Abadie, Diamond and Hainmueller (2010), doi:10.1198/jasa.2009.ap08746.

    Examples
    --------
    >>> weeks = pd.DataFrame({
    ...     "city": [*"AAAABBBBCCCC"], "week": [-3, -2, -1, 0] * 3,
    ...     "sales": [15.0, 25, 15, 28, 10, 30, 10, 20, 20, 20, 20, 20]})
    >>> found = synthetic_control(weeks, treated="A")
    >>> found.weights["weight"].round(2).tolist(), round(found.effect, 2)
    ([0.5, 0.5], 8.0)
    """
    table, before = _wide(panel, outcome, unit, week)
    if treated not in table.columns:
        raise UnknownNameError.among(unit, treated, map(str, table.columns[:20]))
    require_at_least("the number of other units with every week", table.shape[1] - 1, 2)
    values = table.to_numpy("float64")
    place = [*table.columns].index(treated)
    fits = [_mixture(values, before, one) for one in range(values.shape[1])]
    gaps = np.stack([values[:, one] - fit[1] for one, fit in enumerate(fits)], axis=1)
    misfit = np.sqrt((gaps[before] ** 2).mean(axis=0))
    tiny = 1e-12 * np.abs(values).mean()
    stands = np.sqrt((gaps[~before] ** 2).mean(axis=0)) / np.maximum(misfit, tiny)
    weight, synthetic = fits[place]
    others = table.columns.delete(place)
    path = {"week": table.index.to_numpy("int64"), "treated": values[:, place]}
    path |= {"synthetic": synthetic, "gap": gaps[:, place]}
    effect = float(gaps[~before, place].mean())
    weights = pd.DataFrame({"unit": others.to_numpy(), "weight": weight})
    return SyntheticControl(
        weights=weights.sort_values("weight", ascending=False, ignore_index=True),
        path=pd.DataFrame(path),
        effect=effect,
        relative=effect / float(synthetic[~before].mean()),
        p_value=float((stands >= stands[place] * (1 - 1e-9)).mean()),
    )


def interrupted_series(
    series: pd.DataFrame, *, outcome: str = "sales", week: str = "week"
) -> pd.DataFrame:
    """Interrupted time series (中断时间序列): a jump and a bend of the line at week 0.

    Nothing but the series itself stands for what would have been: its line before goes on. Whatever
    else happened in week 0, a holiday, a rival's strike, is taken for the effect. An error may hang
    together with the one of the week before, by a share that is learned from the series, by
    restricted likelihood: the plain one makes that share, and so the intervals, too small.

    Parameters
    ----------
    series : DataFrame, one row per week: `week`, 0 is the first with treatment; `outcome`
    outcome, week : str

    Returns
    -------
    DataFrame, three rows
        effect : str; "trend before" per week, "jump" at week 0, "bend": change of the trend
        value, standard_error, low, high : float64, with the 95% interval

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or a value is missing or of the wrong kind, or a week stands twice.
    OutOfRangeError
        If there are fewer than 8 weeks on a side, or a week is missing between others.

    Source
    ------
    Wagner, Soumerai, Zhang and Ross-Degnan (2002), doi:10.1046/j.1365-2710.2002.00430.x; errors:
    Cheang and Reinsel (2000), doi:10.1080/01621459.2000.10474318.

    Examples
    --------
    >>> sales = [8.0, 9, 11, 12, 12, 13, 15, 16, 22, 23, 23, 24, 26, 27, 27, 28]
    >>> series = pd.DataFrame({"week": range(-8, 8), "sales": sales})
    >>> interrupted_series(series)["value"].round(1).tolist()
    [1.1, 4.9, -0.2]
    """
    frame = as_frame(series)
    require_columns(frame, outcome=outcome, week=week)
    require_rows(frame)
    require_values(frame, outcome, week)
    frame = frame[[week, outcome]].apply(plain_values)
    require_numbers(frame, outcome, week)
    require_key(frame, week)
    frame = frame.sort_values(week)
    at = frame[week].to_numpy("float64")
    late = at >= 0
    if min(late.sum(), (~late).sum()) < 8:
        raise OutOfRangeError(
            f"{(~late).sum()} weeks before week 0 and {late.sum()} from it on; at least 8 of each "
            "are needed. Count weeks from the first with treatment."
        )
    if (np.diff(at) != 1).any():
        raise OutOfRangeError(
            f"a week is missing after week {at[:-1][np.diff(at) != 1][0]:g}; errors of neighbours "
            "hang together, so every week is needed."
        )
    x = np.stack([np.ones(len(at)), at, late, at * late], axis=1).astype("float64")
    y = frame[outcome].to_numpy("float64")
    best: Any = minimize_scalar(_misfit, bounds=(-0.99, 0.99), args=(x, y), method="bounded")
    share = float(best.x)
    names = ["level", "trend before", "jump", "bend"]
    fit = least_squares(_freed(x, share), _freed(y, share), names=names)
    table = fit.table().rename(columns={"coefficient": "value"})
    table.insert(0, "effect", pd.Series(names, dtype="str"))
    return table.iloc[1:].reset_index(drop=True)


def _freed(values: np.ndarray, share: float) -> np.ndarray:
    """Return a series less `share` of the week before; the first week as spread as the others."""
    rest = values[1:] - share * values[:-1]
    return np.concatenate([(1 - share**2) ** 0.5 * values[:1], rest])


def _misfit(share: float, x: np.ndarray, y: np.ndarray) -> float:
    """Return minus twice the restricted log-likelihood of `share`, but for a constant."""
    free = _freed(x, share)
    q, r = np.linalg.qr(free)
    left = _freed(y, share)
    left = left - q @ (q.T @ left)
    spread = max(left @ left, 1e-300)
    size = 2 * np.log(np.abs(np.diag(r))).sum()
    return float((len(y) - x.shape[1]) * np.log(spread) + size - np.log(1 - share**2))


def _wide(
    panel: pd.DataFrame, outcome: str, unit: str, week: str
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return a row per week and a column per unit that has them all, and which weeks are before."""
    frame = as_frame(panel)
    require_columns(frame, outcome=outcome, unit=unit, week=week)
    require_rows(frame)
    require_values(frame, outcome, unit, week)
    frame = frame[[unit, week, outcome]].apply(plain_values)
    require_numbers(frame, outcome, week)
    require_key(frame, unit, week)
    table = frame.pivot_table(index=week, columns=unit, values=outcome, sort=True)
    table = table.dropna(axis=1)
    before = table.index.to_numpy("float64") < 0
    if before.sum() < 2 or before.all():
        raise OutOfRangeError(
            f"{before.sum()} weeks before week 0 and {(~before).sum()} from it on; at least 2 and "
            "1 are needed. Count weeks from the first with treatment."
        )
    return table, before


def _mixture(values: np.ndarray, before: np.ndarray, one: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights of the other units, and their mixture in every week."""
    others = np.delete(values, one, axis=1)
    scale = np.abs(values[before]).mean()
    # That weights sum to 1 is one more equation, which weighs far more than the others.
    heavy = _HEAVY * np.ones((1, others.shape[1]))
    weight, _ = nnls(
        np.concatenate([others[before] / scale, heavy]),
        np.append(values[before, one] / scale, _HEAVY),
    )
    weight /= weight.sum()
    return weight, others @ weight
