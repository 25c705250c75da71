"""Which way each customer is going: up, down, or down and up again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_probability,
    require_real,
    require_values,
)
from crmlab._words import N_
from crmlab.errors import BadRowsError, OutOfRangeError


def trajectory_group(
    periods: pd.DataFrame,
    *,
    value: str = "frequency",
    top: float = 0.10,
    least: float = 0.4,
) -> pd.DataFrame:
    """Group of each customer: the highest level first, the others by their trajectory.

    The share `top` of the customers with the highest mean value over the periods is taken
    first (its size rounded to the nearest number; ties are broken by customer id). For the
    others, log(1 + value) over the periods is split into orthonormal parts: a level, a slope
    and a bend. The largest part names the group: rising is "high growth", falling "fading",
    down and up again "revived". If it is below `least`, or if the course goes up and down
    again, the group is "other": nobody is forced into a story.

    Parameters
    ----------
    periods : DataFrame, as returned by `fedex_rfm`: one row per customer and period
        customer_id : int64 or str
        period : int64, the same three or more for every customer
        `value` : number of 0 or more
    value : str
        The column whose level and trajectory count.
    top : float in (0, 1]
        Share of customers taken first, by level.
    least : float of 0 or more
        Smallest slope or bend that counts. 0.4 is a standard error where a customer ships 6
        times in a half-year: the logarithm of a Poisson count of mean m has variance 1 / m.

    Returns
    -------
    DataFrame, one row per customer, sorted by customer_id
        customer_id : as in `periods`
        level : float64, mean value over the periods
        slope, bend : float64, of log(1 + value); above 0 where it rises, or dips in the middle
        group : str, "top 10%" (with the share asked for), "high growth", "revived", "fading"
            or "other"

    Raises
    ------
    MissingColumnsError
        If `periods` lacks one of the three columns.
    BadRowsError
        If a row lacks a value, or a customer lacks a period or has it twice.
    OutOfRangeError
        If there are fewer than three periods, a value is negative, `top` is no share or
        `least` is negative.

    See Also
    --------
    crmlab.rfm.simulate.simulate_shippers : shippers whose groups are known.
    trajectories : the mean trajectory of each group.

    Examples
    --------
    >>> periods = pd.DataFrame({
    ...     "customer_id": ["A"] * 3 + ["B"] * 3,
    ...     "period": [1, 2, 3, 1, 2, 3],
    ...     "frequency": [9, 4, 1, 20, 20, 20],
    ... })
    >>> trajectory_group(periods, top=0.5)[["customer_id", "level", "group"]]
      customer_id      level    group
    0           A   4.666667   fading
    1           B  20.000000  top 50%
    """
    require_real(least=least)
    require_columns(periods, "customer_id", "period", value=value)
    require_numbers(periods, value)
    require_values(periods, "customer_id", "period", value)
    require_probability("top", top)
    if not least >= 0:
        raise OutOfRangeError(f"least must be 0 or more; got {least!r}.")
    grid = _grid(periods, value)

    level = grid.mean(axis=1).to_numpy()
    first = np.argsort(-level, kind="stable")[: int(np.floor(top * len(level) + 0.5))]
    slope, bend = _parts(np.log1p(grid.to_numpy("float64")))
    names = np.array([N_("high growth"), N_("fading"), N_("revived"), N_("other")])
    parts = np.stack([slope, -slope, bend, -bend])
    group = np.where(parts.max(axis=0) < least, "other", names[parts.argmax(axis=0)]).astype(object)
    group[first] = f"top {100 * top:g}%"
    table = {"customer_id": grid.index, "level": level, "slope": slope, "bend": bend}
    return pd.DataFrame({**table, "group": pd.Series(group, dtype="str")})


def _grid(periods: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return `value` with a row per customer and a column per period, sorted, without holes."""
    keys = ["customer_id", "period"]
    twice = np.flatnonzero(periods.duplicated(keys))
    if twice.size:
        raise BadRowsError(
            f"{twice.size} row(s) repeat a customer's period: {twice.tolist()}. "
            f"Sum them up first: frame.groupby({keys}, as_index=False).sum()"
        )
    grid = periods.pivot(index="customer_id", columns="period", values=value).sort_index(axis=1)
    if grid.shape[1] < 3:
        raise OutOfRangeError(f"a trajectory needs 3 periods or more; got {grid.shape[1]}.")
    holes = grid.index[grid.isna().any(axis=1)]
    if len(holes):
        raise BadRowsError(
            f"{len(holes)} customer(s) lack a period, such as {holes[0]!r}. Give every customer "
            f"a row for every period, with 0 where nothing happened, as fedex_rfm does."
        )
    if (grid < 0).to_numpy().any():
        raise OutOfRangeError(f"{value} must be 0 or more; the least is {grid.to_numpy().min()}.")
    return grid


def _parts(courses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the slope and the bend of each row, as weights of orthonormal polynomials."""
    steps = np.linspace(-1, 1, courses.shape[1])
    basis, signs = np.linalg.qr(np.vander(steps, 3, increasing=True))
    slope, bend = (courses @ (basis * np.sign(np.diag(signs)))[:, 1:]).T
    return slope, bend


def trajectories(
    periods: pd.DataFrame, groups: pd.DataFrame, *, value: str = "score"
) -> pd.DataFrame:
    """Mean value of each group of customers, period by period.

    Parameters
    ----------
    periods : DataFrame, as returned by `fedex_rfm`
        customer_id, period : keys
        `value` : number
    groups : DataFrame, as returned by `trajectory_group`, or the truth of a simulator
        customer_id : one row per customer; customers without a group are refused
        group : str
    value : str
        The column to average.

    Returns
    -------
    DataFrame, one row per group and period, sorted by both
        group : str
        period : int64
        customers : int64
        mean : float64
        standard_error : float64, of the mean; missing for a single customer. The plot draws 95%
            intervals from it

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a row of `periods` lacks a value or its customer a group, or a customer has two groups.

    See Also
    --------
    crmlab.rfm.plot.plot_trajectories : draws this frame.

    Examples
    --------
    >>> periods = pd.DataFrame({"customer_id": [1, 2], "period": [1, 1], "score": [9, 11]})
    >>> groups = pd.DataFrame({"customer_id": [1, 2], "group": ["fading", "fading"]})
    >>> trajectories(periods, groups)
        group  period  customers  mean  standard_error
    0  fading       1          2  10.0             1.0
    """
    require_columns(periods, "customer_id", "period", value=value)
    require_numbers(periods, value)
    require_values(periods, "customer_id", "period", value)
    require_columns(groups, "customer_id", "group")
    require_values(groups, "customer_id", "group")
    twice = np.flatnonzero(groups.duplicated("customer_id"))
    if twice.size:
        raise BadRowsError(
            f"{twice.size} row(s) give a customer a second group: {twice.tolist()}. "
            f"Keep one row per customer."
        )

    known = groups.set_index("customer_id")["group"].reindex(periods["customer_id"])
    rows = periods.assign(group=known.to_numpy(), value=periods[value])
    lost = np.flatnonzero(rows["group"].isna())
    if lost.size:
        raise BadRowsError(
            f"{lost.size} row(s) of customers without a group: {lost.tolist()}. "
            f"Make the groups from the same frame: trajectory_group(periods)"
        )
    table = rows.groupby(["group", "period"])["value"].agg(["size", "mean", "sem"]).reset_index()
    return table.rename(columns={"size": "customers", "sem": "standard_error"})
