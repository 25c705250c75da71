"""Arithmetic of retention: how long customers stay, and what a point of churn is worth."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_list,
    require_positive,
    require_probability,
    require_rate,
    require_real,
)
from crmlab.errors import OutOfRangeError


def expected_life(churn: Iterable[float], *, after: int = 5) -> pd.DataFrame:
    """Mean and median life under a constant churn, beside the share that is still there.

    "20 % a year" means that the mean customer stays five years, not that the base is renewed in
    five: a third is still there then, and some stay for decades.

    Parameters
    ----------
    churn : shares lost in a period, each in (0, 1]
    after : int, periods after which to count the survivors

    Returns
    -------
    DataFrame, one row per churn
        churn : float64
        mean_life : float64, periods begun: 1 / churn
        median_life : int64, periods after which half or fewer are left
        after : int64
        survivors : float64, share left after so many periods: (1 - churn) ** after

    Raises
    ------
    OutOfRangeError
        If a churn is no share in (0, 1], or `after` is below 0.

    Examples
    --------
    >>> expected_life([0.20, 0.15]).round(3)
       churn  mean_life  median_life  after  survivors
    0   0.20      5.000            4      5      0.328
    1   0.15      6.667            5      5      0.444
    """
    require_list("churn", churn, "[0.20, 0.15]")
    rates = [*churn]
    for rate in rates:
        require_probability("churn", rate)
    require_at_least("after", after, 0)
    lost = np.array(rates, dtype="float64")
    with np.errstate(divide="ignore"):
        half = np.ceil(np.log(0.5) / np.log1p(-lost) - 1e-12)
    return pd.DataFrame(
        {
            "churn": lost,
            "mean_life": 1 / lost,
            "median_life": np.maximum(half, 1).astype(np.int64),
            "after": after,
            "survivors": (1 - lost) ** after,
        }
    )


def retention_value(
    retention: float, *, margin: float = 1.0, discount: float = 0.10, acquisition: float = 0.0
) -> float:
    """Return what a customer brings over a lifetime: margin * r / (1 + d - r), less acquisition.

    The margin of a period is paid at its end by those who stayed through it. Retention and
    discount never change, which no real cohort obeys; see `ShiftedBetaGeometric`.

    Parameters
    ----------
    retention : float, in [0, 1); share that stays through a period
    margin : float, above 0; what a customer brings in a period
    discount : float in (0, 1); of money one period from now
    acquisition : float, cost of winning the customer

    Raises
    ------
    OutOfRangeError
        If `retention` is no share below 1, `margin` is not above 0, or `discount`
        not in (0, 1).

    Source
    ------
    Gupta, Lehmann and Stuart (2004), doi:10.1509/jmkr.41.1.7.25084.

    Examples
    --------
    >>> round(retention_value(0.80, discount=0.10), 3), round(retention_value(0.85), 3)
    (2.667, 3.4)
    """
    require_real(retention=retention, acquisition=acquisition)
    if not 0 <= retention < 1:
        raise OutOfRangeError(f"retention must be a share from 0 to below 1; got {retention!r}.")
    require_positive("margin", margin)
    require_rate("discount", discount)
    return margin * retention / (1 + discount - retention) - acquisition


def value_elasticity(retention: float, *, discount: float) -> float:
    """Return by how many percent value rises if retention rises by one percent of itself.

    It is 1 + r / (1 + d - r), and itself rises with retention: the better the firm keeps its
    customers, the more the next point is worth.

    Parameters
    ----------
    retention : float, in [0, 1); share that stays through a period
    discount : float in (0, 1); of money one period from now

    Source
    ------
    Gupta, Lehmann and Stuart (2004), doi:10.1509/jmkr.41.1.7.25084.

    Examples
    --------
    >>> [round(value_elasticity(r, discount=0.12), 1) for r in (0.7, 0.8, 0.9)]
    [2.7, 3.5, 5.1]
    """
    require_real(retention=retention)
    return 1 + retention_value(retention, discount=discount)


def retention_gain(
    churn: float,
    *,
    lower_by: float = 0.05,
    margin: float = 1.0,
    discount: float = 0.10,
    acquisition: float = 0.0,
) -> pd.DataFrame:
    """Profit per customer before and after churn is lowered, by both readings of "5 %".

    Reichheld and Sasser report profits higher by 25 to 85 % where 5 % fewer customers left.
    Five *points* take a churn of 20 % to 15 %; five percent *of itself* take it to 19 %.

    Parameters
    ----------
    churn : float in (0, 1), share of customers lost a period
    lower_by : float in (0, 1)
        0.05 for "5 %".
    margin, discount, acquisition : float
        Of a period, per period, and once.

    Returns
    -------
    DataFrame, two rows
        reading : "points" or "relative"
        churn_before, churn_after : float64
        value_before, value_after : float64, as `retention_value`
        gain : float64, share by which value rises; missing where there was none to rise from

    Raises
    ------
    OutOfRangeError
        If `churn` or `discount` lies outside (0, 1), `lower_by` is not above 0 or above `churn`, or
        `margin` is not above 0.

    Source
    ------
    Reichheld and Sasser (1990), Zero defections: quality comes to services, Harvard Business
    Review 68(5), 105-111.

    Examples
    --------
    >>> retention_gain(0.20)[["reading", "churn_after", "gain"]].round(3)
        reading  churn_after   gain
    0    points         0.15  0.275
    1  relative         0.19  0.047
    """
    require_real(acquisition=acquisition)
    require_probability("churn", churn)
    require_probability("lower_by", lower_by)
    if lower_by > churn or churn == 1:
        raise OutOfRangeError(
            f"churn of {churn:g} cannot fall by {lower_by:g} points, and must be below 1."
        )
    terms = {"margin": margin, "discount": discount, "acquisition": acquisition}
    before = retention_value(1 - churn, **terms)
    lowered = np.array([churn - lower_by, churn * (1 - lower_by)])
    # A churn of nothing at all is a perpetuity.
    after = np.array([margin * (1 - c) / (discount + c) - acquisition for c in lowered])
    return pd.DataFrame(
        {
            "reading": ["points", "relative"],
            "churn_before": churn,
            "churn_after": lowered,
            "value_before": before,
            "value_after": after,
            "gain": after / before - 1 if before > 0 else np.nan,
        }
    )
