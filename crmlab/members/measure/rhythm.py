"""Repurchase month by month, and how much later the gaps that are still open will end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError
from crmlab.lifetime.measure import kaplan_meier
from crmlab.members.measure.gaps import repurchase_gaps

_GROUPS = 50


@dataclass(frozen=True)
class GapLength:
    """What `gap_length` returns, in days.

    mean_of_seen : float, mean of the gaps that ended: too short
    mean : float, of all gaps, each counted up to the horizon at most
    low, high : float, 95% interval of it; NaN with fewer than 2 members
    horizon_days : int
    """

    mean_of_seen: float
    mean: float
    low: float
    high: float
    horizon_days: int


def gap_survival(gaps: pd.DataFrame) -> pd.DataFrame:
    """Share of gaps still open after so many days: Kaplan-Meier on the gaps of `repurchase_gaps`.

    Gaps that are still open on the last day count for as long as they were watched. The interval
    comes from leaving out one of 50 groups of members after another (the jackknife), so gaps of
    one member may hang together.

    Parameters
    ----------
    gaps : DataFrame, as returned by `repurchase_gaps`
        customer_id; gap_days : int64; returned : bool

    Returns
    -------
    DataFrame, one row per length that was seen, and 0
        days : float64
        at_risk : int64, gaps watched for so long
        waiting : float64, share of gaps longer than `days`
        low, high : float64, 95% interval, on the scale of log(-log waiting); NaN where the share
            is 1 or 0, and with fewer than 2 members

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError
        If a column, a value or every row is missing.

    See Also
    --------
    gap_length : the mean that goes with it.
    crmlab.members.plot.plot_gap_survival : draws this frame.

    Source
    ------
    The curve: as `crmlab.lifetime.measure.kaplan_meier`; its interval: as `gap_length`.

    Examples
    --------
    >>> gaps = pd.DataFrame({"customer_id": [1, 2, 2], "gap_days": [10, 20, 20],
    ...     "returned": [True, False, True]})
    >>> gap_survival(gaps)[["days", "at_risk", "waiting"]].round(3)
       days  at_risk  waiting
    0   0.0        3    1.000
    1  10.0        3    0.667
    2  20.0        2    0.333
    """
    require_columns(gaps, "customer_id", "gap_days", "returned")
    require_values(gaps, "customer_id")
    found = kaplan_meier(gaps, duration="gap_days", ended="returned")
    names = {"time": "days", "survival": "waiting"}
    table = found.rename(columns=names)[["days", "at_risk", "waiting"]]
    waiting, low, high = (table["waiting"].to_numpy(), *np.full((2, len(table)), np.nan))
    ends, at_risk = _by_group(gaps, int(gaps["gap_days"].max()))
    if len(ends) > 1:
        without = _curve(ends.sum(axis=0) - ends, at_risk.sum(axis=0) - at_risk)
        error = _reach(without)[table["days"].to_numpy(np.intp)]
        some = (waiting > 0) & (waiting < 1)
        # The error of log(-log waiting), by the delta method.
        reach = np.exp(error[some] / (waiting[some] * -np.log(waiting[some])))
        low[some], high[some] = waiting[some] ** reach, waiting[some] ** (1 / reach)
    return table.assign(low=low, high=high)


def gap_length(gaps: pd.DataFrame, *, horizon_days: int) -> GapLength:
    """Mean gap, open ones included, each counted up to a horizon at most.

    The area under `gap_survival` up to the horizon. The interval comes from leaving out one of 50
    groups of members after another (the jackknife), so gaps of one member may hang together.

    Parameters
    ----------
    gaps : DataFrame, as returned by `repurchase_gaps`
        customer_id; gap_days : int64; returned : bool
    horizon_days : int
        At least 1. Beyond the longest gap watched nothing is known.

    Returns
    -------
    GapLength

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or gap_days are below 0 or no whole days.
    EmptyError
        If there are no gaps.
    OutOfRangeError
        If `horizon_days` is below 1, or no gap was watched up to the horizon.

    Source
    ------
    Restricted mean: Irwin (1949), doi:10.1017/S0022172400014443; the delete-a-group jackknife:
    Kott (2001), Journal of Official Statistics 17(4), 521-526.

    Examples
    --------
    Two gaps ended after 10 days; one has been open for 30.

    >>> gaps = pd.DataFrame({"customer_id": [1, 2, 3], "gap_days": [10, 10, 30],
    ...     "returned": [True, True, False]})
    >>> found = gap_length(gaps, horizon_days=30)
    >>> round(found.mean_of_seen, 1), round(found.mean, 1)
    (10.0, 16.7)
    """
    require_columns(gaps, "customer_id", "gap_days", "returned")
    require_values(gaps, "customer_id", "gap_days")
    require_numbers(gaps, "gap_days")
    require_truths(gaps, "returned")
    require_at_least("horizon_days", horizon_days, 1)
    if not len(gaps):
        raise EmptyError("there are no gaps; at least one is needed.")

    days, ended = gaps["gap_days"].to_numpy(np.intp), gaps["returned"].to_numpy(bool)
    longest = int(days.max())
    if longest < 1:
        raise OutOfRangeError("no gap was watched for a day yet, so their mean is not known.")
    if longest < horizon_days and not ended[days == longest].all():
        raise OutOfRangeError(
            f"no gap was watched for more than {longest} days, so nothing is known up to "
            f"{horizon_days}. Take horizon_days={longest} or less."
        )
    ends, at_risk = _by_group(gaps, horizon_days)
    mean = float(_curve(ends.sum(axis=0), at_risk.sum(axis=0))[:-1].sum())
    without = _curve(ends.sum(axis=0) - ends, at_risk.sum(axis=0) - at_risk)[:, :-1].sum(axis=1)
    reach = float(_reach(without)) if len(ends) > 1 else np.nan
    seen = float(days[ended].mean()) if ended.any() else np.nan
    return GapLength(seen, mean, mean - reach, mean + reach, horizon_days)


def _by_group(gaps: pd.DataFrame, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each of 50 groups of members, the ends and who is at risk on days 0 to `last`."""
    watched = gaps["gap_days"].to_numpy("float64")
    if strange := watched[watched % 1 != 0].tolist():
        raise BadRowsError(f"gaps are counted in whole days; got {strange[:5]}. Round gap_days up.")
    if (watched < 0).any():
        raise BadRowsError(
            f"{(watched < 0).sum()} row(s) have gap_days below 0. Make the gaps with "
            "repurchase_gaps(purchases)."
        )
    days, ended = watched.astype(np.intp), gaps["returned"].to_numpy(bool)
    member = pd.factorize(gaps["customer_id"], sort=True)[0]
    shape = min(_GROUPS, int(member.max()) + 1), last + 1
    cell = member % shape[0] * shape[1] + np.minimum(days, last)
    # A gap longer than the last day is one that was watched up to it.
    ends = bincount(cell[ended & (days <= last)], minlength=shape[0] * shape[1]).reshape(shape)
    at_risk = bincount(cell, minlength=ends.size).reshape(shape)
    return ends, at_risk[:, ::-1].cumsum(axis=1)[:, ::-1]


def _curve(ends: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    """Return the product-limit curve, along the last axis."""
    return np.cumprod(1 - ends / np.maximum(at_risk, 1), axis=-1)


def _reach(without: np.ndarray) -> np.ndarray:
    """Return half a 95% interval, from the estimates that leave out one group after another."""
    groups = len(without)
    spread = (groups - 1) / groups * ((without - without.mean(axis=0)) ** 2).sum(axis=0)
    return t.ppf(0.975, groups - 1) * np.sqrt(spread)


def repurchase_by_month(
    purchases: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Repurchase frequency and mean repurchase days of each calendar month.

    Parameters
    ----------
    purchases, as_of, customer, date, amount
        As for `repurchase_gaps`.

    Returns
    -------
    DataFrame, one row per calendar month from the first purchase to `as_of`
        month : datetime64[us], its first day
        members : int64, who had bought before the month ended
        returns : int64, days with a purchase after an earlier one
        returns_per_member : float64
        mean_gap_days : float64, of the gaps that ended in the month; NaN without one. In a young
            club it grows by itself: long gaps have not had the time to end

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `repurchase`; also if nobody bought anything.

    See Also
    --------
    crmlab.members.plot.plot_repurchase_by_month : draws this frame.

    Examples
    --------
    >>> dates = pd.to_datetime(["2024-01-01", "2024-01-11", "2024-02-10"])
    >>> purchases = pd.DataFrame({"customer_id": 7, "date": dates, "amount": 5.0})
    >>> repurchase_by_month(purchases)[["month", "returns", "mean_gap_days"]]
           month  returns  mean_gap_days
    0 2024-01-01        1           10.0
    1 2024-02-01        1           30.0
    """
    columns = {"customer": customer, "date": date, "amount": amount}
    gaps = repurchase_gaps(purchases, as_of=as_of, **columns)
    if not len(gaps):
        raise EmptyError("nobody bought anything, so nobody can return.")
    opened = gaps["date"].to_numpy("M8[D]")
    ended = opened + gaps["gap_days"].to_numpy()
    first = opened.min().astype("M8[M]")
    months = np.arange(first, ended.max().astype("M8[M]") + 1)

    returned = gaps["returned"].to_numpy()
    place = (ended[returned].astype("M8[M]") - first).astype(np.intp)
    joined = opened[~gaps["customer_id"].duplicated().to_numpy()]
    came = bincount((joined.astype("M8[M]") - first).astype(np.intp), minlength=len(months))
    returns = bincount(place, minlength=len(months))
    days = bincount(place, gaps["gap_days"].to_numpy()[returned], minlength=len(months))
    members = came.cumsum()
    return pd.DataFrame(
        {
            "month": months.astype("M8[us]"),
            "members": members.astype("int64"),
            "returns": returns.astype("int64"),
            "returns_per_member": returns / members,
            "mean_gap_days": days / np.where(returns > 0, returns, np.nan),
        }
    )
