"""What a programme did where nobody drew a control group: before and after, beside others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    require_columns,
    require_key,
    require_numbers,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._purchases import as_frame, plain_values
from crmlab._regression import least_squares
from crmlab.errors import BadRowsError, OutOfRangeError


def difference_in_differences(
    panel: pd.DataFrame,
    *,
    outcome: str = "sales",
    treated: str = "chain",
    after: str = "after",
    unit: str | None = None,
    log: bool = False,
) -> pd.DataFrame:
    """Difference-in-differences (双重差分): change of the treated less change of the others.

    With a `unit` (a station that is seen before and after) the change of each unit counts once.
    Without one, rows are separate observations, such as houses sold, and their errors are taken
    to be alike. What it rests on cannot be seen: that both would have changed alike.

    Parameters
    ----------
    panel : DataFrame, one row per observation
        `outcome` : number; `treated`, `after` : bool; `unit`, if named
    outcome, treated, after : str
    unit : str, optional
        Units that are not there both before and after are left out, as closed ones are.
    log : bool
        Compare logarithms, so that the effect is a share, not a number.

    Returns
    -------
    DataFrame, one row
        effect, standard_error, low, high : float64, with the 95% interval; with `log` as shares:
            exp(difference) - 1
        treated_before, treated_after, others_before, others_after : float64, means (of logarithms,
            with `log`)
        units : int64, units, or rows

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or a value is missing or of the wrong kind, a unit is treated at times only, or
        with `log` an outcome is not above 0.
    OutOfRangeError
        If one of the four groups is empty, or has fewer than 2 units.

    See Also
    --------
    event_study : week by week, to see whether the trends were parallel before.

    Source
    ------
    Card and Krueger (1994), American Economic Review 84(4), 772-793; errors of unit changes:
    Bertrand, Duflo and Mullainathan (2004), doi:10.1162/003355304772839588, section 4.

    Examples
    --------
    >>> panel = pd.DataFrame({"chain": [True] * 4 + [False] * 4, "after": [False, True] * 4,
    ...                       "sales": [10.0, 14, 12, 17, 8, 9, 7, 8]})
    >>> difference_in_differences(panel)["effect"].round(1).tolist()
    [3.5]
    """
    frame, y = panel_of(panel, outcome, log, treated, after)
    arm, late = (frame[name].to_numpy().astype(bool) for name in (treated, after))
    _require_four(arm, late, treated, after)
    if unit is None:
        means = [y[(arm == a) & (late == b)].mean() for a in (True, False) for b in (False, True)]
        x = np.stack([np.ones(len(y)), arm, late, arm & late], axis=1).astype("float64")
        fit = least_squares(x, y, names=["all", treated, after, "both"])
        row = fit.table().iloc[3]
        found = row["coefficient"], row["standard_error"], fit.freedom
        units = len(y)
    else:
        table = _before_after(frame, unit, treated, arm, late, y)
        found = _welch(table["after"] - table["before"], table["treated"].to_numpy(bool))
        part = table.groupby("treated")[["before", "after"]].mean().to_numpy("float64")
        means = [*part[1], *part[0]]
        units = len(table)
    names = ("treated_before", "treated_after", "others_before", "others_after")
    row = _interval(*found, log=log) | dict(zip(names, map(float, means), strict=True))
    return pd.DataFrame([row | {"units": units}]).astype({"units": "int64"})


def event_study(
    panel: pd.DataFrame,
    *,
    outcome: str = "sales",
    treated: str = "chain",
    unit: str = "station_id",
    week: str = "week",
    log: bool = True,
) -> pd.DataFrame:
    """Event study (事件研究): treated less others in each week, as against the weeks before 0.

    Where the trends were parallel, the weeks before 0 lie around nothing, and those after it show
    the effect. Each unit counts once, less its own mean before; units that are not there in every
    week are left out, as closed ones are.

    Parameters
    ----------
    panel : DataFrame, one row per unit and week: `unit`; `week`, 0 is the first with the programme;
        `treated` : bool; `outcome` : number
    outcome, treated, unit, week : str
    log : bool
        Compare logarithms, so that effects are shares.

    Returns
    -------
    DataFrame, one row per week
        week : int64
        effect, standard_error, low, high : float64, with the 95% interval of each week alone
        slope_before : float64, change of the effect per week before week 0, the same in each row
        slope_low, slope_high : float64, its interval: without 0 in it, the trends differ

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        As `difference_in_differences`; also if a unit has a week twice.
    OutOfRangeError
        If fewer than 2 units on a side are there in every week, or there are fewer than 2 weeks
        before week 0, or none from it on.

    See Also
    --------
    crmlab.campaigns.plot.plot_event_study : draws this frame.

    Examples
    --------
    >>> weeks = pd.DataFrame({"station_id": [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3,
    ...     "week": [-2, -1, 0] * 4, "chain": [True] * 6 + [False] * 6,
    ...     "sales": [10.0, 10, 13, 20, 20, 23, 5, 5, 6, 8, 8, 9]})
    >>> event_study(weeks, log=False)[["week", "effect"]]
       week  effect
    0    -2     0.0
    1    -1     0.0
    2     0     2.0
    """
    frame, y = panel_of(panel, outcome, log, treated, unit=unit, week=week)
    require_numbers(frame, week)
    frame = frame.assign(_y=y)
    require_key(frame, unit, week)
    arm = _arm_of_units(frame, unit, treated)
    table = frame.pivot_table(index=unit, columns=week, values="_y", sort=True).dropna()
    weeks = table.columns.to_numpy().astype("int64")
    before = weeks < 0
    if before.sum() < 2 or before.all():
        raise OutOfRangeError(
            f"{before.sum()} weeks before week 0 and {(~before).sum()} from it on; at least 2 and "
            "1 are needed. Count weeks from the first with the programme."
        )
    is_treated = arm.loc[table.index].to_numpy(bool)
    own = table.to_numpy("float64")
    own = own - own[:, before].mean(axis=1, keepdims=True)
    rows = [_interval(*_welch(column, is_treated), log=log) for column in own.T]
    at = weeks[before] - weeks[before].mean()
    slope = _welch(own[:, before] @ at / (at @ at), is_treated)
    told = _interval(*slope, log=log)
    study = pd.DataFrame(rows)
    study.insert(0, "week", weeks)
    return study.assign(slope_before=told["effect"], slope_low=told["low"], slope_high=told["high"])


def panel_of(
    panel: Any, outcome: str, log: bool, *truths: str, **named: str
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the panel with plain columns, and its outcome, or the logarithm of it."""
    frame = as_frame(panel)
    columns = [outcome, *truths, *named.values()]
    require_columns(frame, *truths, outcome=outcome, **named)
    require_rows(frame)
    require_values(frame, *columns)
    frame = frame.copy(deep=False)
    for name in columns:
        frame[name] = plain_values(frame[name])
    if "week" in named:
        require_numbers(frame, named["week"])
    require_numbers(frame, outcome)
    require_truths(frame, *(name for name in truths))
    y = frame[outcome].to_numpy("float64")
    if not log:
        return frame, y
    low = np.flatnonzero(y <= 0)
    if low.size:
        raise BadRowsError(
            f"{low.size} row(s) have no {outcome} above 0: {low[:10].tolist()}. Logarithms need "
            "them; set log=False, or leave out who sells nothing."
        )
    return frame, np.log(y)


def _require_four(arm: np.ndarray, late: np.ndarray, treated: str, after: str) -> None:
    """Raise OutOfRangeError unless there are rows in all four groups."""
    for a in (True, False):
        for b in (False, True):
            if not ((arm == a) & (late == b)).any():
                raise OutOfRangeError(
                    f"no row has {treated}={a} and {after}={b}; four groups are compared: treated "
                    "and others, before and after."
                )


def _arm_of_units(frame: pd.DataFrame, unit: str, treated: str) -> pd.Series:
    """Return whether each unit is treated, which may not change."""
    each = frame.groupby(unit)[treated].agg(["min", "max"])
    torn = each.index[(each["min"] != each["max"]).to_numpy()]
    if len(torn):
        raise BadRowsError(
            f"{len(torn)} value(s) of {unit} are {treated} at times only: {[*torn[:10]]}. A unit "
            "is treated or not; when it was is told by time."
        )
    return each["max"].astype(bool)


def _before_after(
    frame: pd.DataFrame, unit: str, treated: str, arm: np.ndarray, late: np.ndarray, y: np.ndarray
) -> pd.DataFrame:
    """Return the mean of each unit before and after, of those there in both."""
    require_columns(frame, unit=unit)
    require_values(frame, unit)
    sides = _arm_of_units(frame, unit, treated)
    table = frame.assign(_y=y, _late=late).pivot_table(index=unit, columns="_late", values="_y")
    table = table.dropna().set_axis(["before", "after"], axis=1)
    return table.assign(treated=sides.loc[table.index].to_numpy(bool))


def _welch(values: Any, treated: np.ndarray) -> tuple[float, float, float]:
    """Return the difference of two means of units, its error, and its degrees of freedom."""
    values = np.asarray(values, dtype="float64")
    one, other = values[treated], values[~treated]
    if min(len(one), len(other)) < 2:
        raise OutOfRangeError(
            f"{len(one)} treated and {len(other)} other units are there all the time; at least 2 "
            "of each are needed."
        )
    parts = np.array([one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)])
    free = np.array([len(one), len(other)]) - 1.0
    error = float(np.sqrt(parts.sum()))
    df = parts.sum() ** 2 / (parts**2 / free).sum() if error else np.inf
    return float(one.mean() - other.mean()), error, float(df)


def _interval(effect: float, error: float, df: float, *, log: bool) -> dict[str, float]:
    """Return effect, error, low and high; of logarithms as shares, the error by the delta rule."""
    reach = float(t.ppf(0.975, df)) * error
    low, high = effect - reach, effect + reach
    if not log:
        return {"effect": effect, "standard_error": error, "low": low, "high": high}
    return {
        "effect": float(np.expm1(effect)),
        "standard_error": float(np.exp(effect) * error),
        "low": float(np.expm1(low)),
        "high": float(np.expm1(high)),
    }
