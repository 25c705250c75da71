"""What a points programme brings, and what it costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_positive,
    require_probability,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._regression import LeastSquares, least_squares
from crmlab.errors import OutOfRangeError


def programme_effect(
    trial: pd.DataFrame, *, margin: float = 0.3, point_cny: float = 0.02
) -> pd.DataFrame:
    """Effect of a points programme (积分计划) on spending and profit, by a control group.

    Members against others compares big spenders with small ones. The lottery of the invitation
    compares like with like: all invited, members or not, with all who were not. Divided by the
    share who joined, that is what it did to those who did. Spending before takes luck out.

    Parameters
    ----------
    trial : DataFrame, one row per customer
        invited : bool, at random; joined : bool, invited ones only
        spend_before_cny, spend_after_cny : float64
        points_redeemed, points_earned : float64
    margin : float in (0, 1]
        Of a CNY of sales.
    point_cny : float above 0
        What a redeemed point costs.

    Returns
    -------
    DataFrame, one row per quantity
        quantity : str
            "members less others"   naive difference in spending, CNY per member
            "effect per invited"    by the lottery, CNY
            "effect per member"     the same per member, CNY
            "cost per invited"      of points redeemed, CNY
            "profit per invited"    margin of the effect less cost, CNY
            "breakage"              share of points earned that is never redeemed
        value, standard_error, low, high : float64, with the 95 % interval

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If somebody joined uninvited, nobody joined or was left out, points redeemed are below 0 or
        more than were earned, nobody earned any, `margin` lies outside (0, 1], or `point_cny` is
        not above 0.

    Source
    ------
    Per member: Bloom (1984), doi:10.1177/0193841X8400800205. Errors allow unequal spread: White
    (1980), doi:10.2307/1912934.

    See Also
    --------
    crmlab.loyalty.simulate.simulate_points : such a trial, with a known gain.

    Examples
    --------
    >>> from crmlab.loyalty import simulate_points
    >>> trial, _ = simulate_points(20_000, lift=0.10, seed=1)
    >>> programme_effect(trial).set_index("quantity")["value"].round(1).head(3)
    quantity
    members less others    144.3
    effect per invited      19.1
    effect per member       38.2
    Name: value, dtype: float64
    """
    numbers = ["spend_before_cny", "spend_after_cny", "points_earned", "points_redeemed"]
    require_columns(trial, "invited", "joined", *numbers)
    require_rows(trial)
    require_values(trial, *numbers)
    require_numbers(trial, *numbers)
    require_truths(trial, "invited", "joined")
    require_probability("margin", margin)
    require_positive("point_cny", point_cny)
    asked, joined = trial["invited"].to_numpy(bool), trial["joined"].to_numpy(bool)
    if (joined & ~asked).any():
        rows = np.flatnonzero(joined & ~asked).tolist()
        raise OutOfRangeError(
            f"row(s) {rows[:10]} joined uninvited, so the lottery did not decide who could."
        )
    if not joined.any() or asked.all() or joined.all():
        raise OutOfRangeError("some must have joined, and some must have been left out at random.")

    before, after, earned, redeemed = (trial[one].to_numpy("float64") for one in numbers)
    if (redeemed > earned).any() or (redeemed < 0).any():
        rows = np.flatnonzero((redeemed > earned) | (redeemed < 0)).tolist()
        raise OutOfRangeError(
            f"row(s) {rows[:10]} redeem more points than they earned, or below none. Take both "
            "numbers of the same time."
        )
    if not earned.any():
        raise OutOfRangeError("nobody earned a point, so there is no programme to measure.")
    cost = point_cny * redeemed
    effect = _effect(asked, before, after)
    member = _effect(asked, before, after, through=joined)
    profit = _effect(asked, before, margin * after - cost)
    spent = _effect(asked, before, cost)
    lost = earned.sum() - redeemed.sum()
    ratio = lost / earned.sum()
    miss = earned - redeemed - ratio * earned
    # Rows without points miss nothing.
    broken = np.sqrt((miss**2).sum()) / earned.sum()
    parts = {
        "members less others": _effect(joined, None, after),
        "effect per invited": effect,
        "effect per member": member,
        "cost per invited": spent,
        "profit per invited": profit,
        "breakage": LeastSquares(np.array([ratio]), np.array([[broken**2]]), len(trial) - 1),
    }
    table = pd.concat([one.table() for one in parts.values()], ignore_index=True)
    table = table.rename(columns={"coefficient": "value"})
    table.insert(0, "quantity", pd.Series([*parts], dtype="str"))
    return table


def _effect(
    treated: np.ndarray,
    before: np.ndarray | None,
    after: np.ndarray,
    through: np.ndarray | None = None,
) -> LeastSquares:
    """Return the difference of two groups, each with its own line on the spending before.

    With `through`, by whom the treated were reached: the difference divided by theirs.
    """
    n = len(after)
    where = treated.astype("float64")
    columns = [np.ones(n), where]
    if before is not None:
        away = before - before.mean()
        columns += [away, away * where]
    x = np.column_stack(columns)
    each = np.arange(n)
    names = ["1", "treated", "before", "before of the treated"]
    fit = least_squares(x, after, names=names, clusters=each)
    if through is None:
        return LeastSquares(fit.coefficients[1:2], fit.covariance[1:2, 1:2], fit.freedom)
    share = least_squares(x, through.astype("float64"), names=names, clusters=each)
    ratio = fit.coefficients[1] / share.coefficients[1]
    # The ratio misses by what after - ratio * through misses, over the share reached.
    both = least_squares(x, after - ratio * through, names=names, clusters=each)
    covariance = both.covariance[1:2, 1:2] / share.coefficients[1] ** 2
    return LeastSquares(np.array([ratio]), covariance, fit.freedom)
