"""How often to contact members: the field's default, and a test that finds out."""

from __future__ import annotations

from statistics import NormalDist

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
from crmlab._intervals import wilson
from crmlab.errors import OutOfRangeError


def contact_plan(members: pd.DataFrame, *, least_returns: int = 3) -> pd.DataFrame:
    """Contact interval of each member by the field's default: as many days as between purchases.

    The mean of a few gaps is mostly luck, so who has fewer than `least_returns` gets the mean of
    all members. It is where to begin; `contact_test` finds out whether it is right.

    Parameters
    ----------
    members : DataFrame, as returned by `repurchase`
        customer_id; returns : int64; mean_gap_days : float64
    least_returns : int, at least 1

    Returns
    -------
    DataFrame, one row per member
        customer_id : as given
        interval_days : int64, rounded, at least 1
        basis : str, "own" or "all"

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or a value is missing, or is no number.
    OutOfRangeError
        If nobody returned, or `least_returns` is below 1.

    Source
    ------
    Contact frequency (沟通频率) after the mean repurchase days is this course's field rule.

    Examples
    --------
    >>> members = pd.DataFrame(
    ...     {"customer_id": [1, 2], "returns": [3, 1], "mean_gap_days": [40 / 3, 40.0]}
    ... )
    >>> contact_plan(members)
       customer_id  interval_days basis
    0            1             13   own
    1            2             20   all
    """
    require_columns(members, "customer_id", "returns", "mean_gap_days")
    require_at_least("least_returns", least_returns, 1)
    require_values(members, "returns")
    require_numbers(members, "returns")
    returns = members["returns"].to_numpy("int64")
    if not returns.sum():
        raise OutOfRangeError("nobody returned, so there are no repurchase days to go by.")
    again = members[members["returns"] > 0]
    require_values(again, "mean_gap_days")
    require_numbers(again, "mean_gap_days")
    own = members["mean_gap_days"].to_numpy("float64", na_value=np.nan)
    everybody = np.nansum(own * returns) / returns.sum()
    enough = returns >= least_returns
    days = np.where(enough, own, everybody)
    return pd.DataFrame(
        {
            "customer_id": members["customer_id"].to_numpy(),
            "interval_days": np.maximum(np.rint(days), 1).astype("int64"),
            "basis": pd.Series(np.where(enough, "own", "all"), dtype="str"),
        }
    )


def contact_test(
    trial: pd.DataFrame,
    *,
    interval: str = "interval_days",
    profit: str = "profit",
    left: str = "left",
    contacts: str = "contacts",
) -> pd.DataFrame:
    """Profit and loss of members at each contact interval of a randomised test.

    Parameters
    ----------
    trial : DataFrame, one row per member, whose interval was drawn at random
        `interval` : whole days
        `profit` : number, margin less the cost of contacts over the test
        `left` : bool, left the club during the test
        `contacts` : number
    interval, profit, left, contacts : str
        Columns.

    Returns
    -------
    DataFrame, one row per interval, shortest first
        interval_days : int64
        members : int64
        contacts : float64, per member
        left, left_low, left_high : float64, share who left, Wilson's 95% interval
        profit, low, high : float64, mean per member and its 95% interval (Student)
        in_the_running : bool; False where the interval is worse than the best mean by more than
            luck explains (5% shared among all comparisons)

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are fewer than 2 intervals or 2 members at one, or an interval is no whole number.

    See Also
    --------
    crmlab.members.simulate.simulate_contacts : such a test, with a known best interval.
    crmlab.members.plot.plot_contact_test : draws this frame.

    Source
    ------
    5% shared among the comparisons, one-sided: the inequality of Bonferroni.

    Examples
    --------
    >>> trial = pd.DataFrame({"interval_days": [7] * 3 + [30] * 3, "contacts": 1, "left": False,
    ...     "profit": [1.0, 2, 3, 8, 9, 10]})
    >>> contact_test(trial)[["interval_days", "profit", "in_the_running"]]
       interval_days  profit  in_the_running
    0              7     2.0           False
    1             30     9.0            True
    """
    columns = [interval, profit, left, contacts]
    require_columns(trial, interval=interval, profit=profit, left=left, contacts=contacts)
    require_values(trial, *columns)
    require_numbers(trial, interval, profit, contacts)
    require_truths(trial, left)
    if (trial[interval].to_numpy("float64") % 1 != 0).any():
        raise OutOfRangeError(
            f"{interval} must be whole days, since each is a group of its own. Round it first: "
            f"trial[{interval!r}].round()"
        )
    groups = trial.groupby(interval, sort=True)
    n = groups.size().to_numpy()
    require_at_least("the number of intervals", len(n), 2)
    require_at_least("the members at each interval", int(n.min()), 2)

    mean, error = groups[profit].mean().to_numpy(), groups[profit].sem().to_numpy()
    reach = t.ppf(0.975, n - 1) * error
    gone = groups[left].sum().to_numpy("float64")
    low, high = wilson(gone, n)
    return pd.DataFrame(
        {
            "interval_days": groups.size().index.astype("int64"),
            "members": n.astype("int64"),
            "contacts": groups[contacts].mean().to_numpy(),
            "left": gone / n,
            "left_low": low,
            "left_high": high,
            "profit": mean,
            "low": mean - reach,
            "high": mean + reach,
            "in_the_running": _in_the_running(mean, error),
        }
    )


def _in_the_running(mean: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Return which means are not surely below the best, 5% shared among the comparisons."""
    best = int(mean.argmax())
    limit = NormalDist().inv_cdf(1 - 0.05 / max(len(mean) - 1, 1))
    return mean[best] - mean <= limit * np.hypot(error, error[best])
