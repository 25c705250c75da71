"""Whether forecasts come true: chances beside shares, and purchases beside purchases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_truths,
    require_values,
)
from crmlab._intervals import wilson
from crmlab.errors import OutOfRangeError


def calibration(
    forecasts: pd.DataFrame,
    *,
    chance: str = "p_alive",
    happened: str = "alive",
    groups: int = 10,
) -> pd.DataFrame:
    """Mean chance that was forecast, beside the share for whom it came true, in groups of size.

    Customers are sorted by their chance and cut into groups of like size; equal chances stay in
    one group, so there may be fewer.

    Parameters
    ----------
    forecasts : DataFrame, one row per customer
        a column of chances in [0, 1] and one of truths
    chance, happened : str
        Names of these columns.
    groups : int
        10 for deciles.

    Returns
    -------
    DataFrame, one row per group, lowest chances first
        group : int64, from 1
        customers : int64
        forecast : float64, mean chance
        share : float64, of those for whom it came true
        low, high : float64, Wilson's 95% interval of the share

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are fewer customers than groups, or a chance lies outside [0, 1].

    See Also
    --------
    crmlab.lifetime.plot.plot_calibration : draws this frame.

    Examples
    --------
    >>> forecasts = pd.DataFrame({"p_alive": [0.1, 0.2, 0.8, 0.9], "alive": [0, 0, 1, 1]})
    >>> calibration(forecasts, groups=2)[["group", "customers", "forecast", "share"]].round(2)
       group  customers  forecast  share
    0      1          2      0.15    0.0
    1      2          2      0.85    1.0
    """
    require_columns(forecasts, chance=chance, happened=happened)
    require_values(forecasts, chance, happened)
    require_numbers(forecasts, chance)
    require_truths(forecasts, happened)
    require_at_least("groups", groups, 1)
    require_at_least("the number of customers", len(forecasts), groups)
    p = forecasts[chance].to_numpy("float64")
    if p.min() < 0 or p.max() > 1:
        raise OutOfRangeError(f"{chance} must lie in 0 to 1; it goes from {p.min()} to {p.max()}.")
    table = pd.DataFrame({"p": p, "came": forecasts[happened].to_numpy("float64")}).sort_values("p")
    group = (table["p"].rank(method="average").to_numpy() - 0.5) * groups // len(table)
    by = table.groupby(group)
    n, came = by.size().to_numpy(), by["came"].sum().to_numpy()
    low, high = wilson(came, n)
    return pd.DataFrame(
        {
            "group": np.arange(1, len(n) + 1),
            "customers": n,
            "forecast": by["p"].mean().to_numpy(),
            "share": came / n,
            "low": low,
            "high": high,
        }
    )


def holdout_table(
    forecasts: pd.DataFrame,
    *,
    repeats: str = "repeats",
    expected: str = "expected_purchases",
    bought: str = "bought",
    most: int = 7,
) -> pd.DataFrame:
    """Purchases that customers made after the forecast, beside those expected, by past repeats.

    Parameters
    ----------
    forecasts : DataFrame, one row per customer
        repeats before the forecast, purchases expected, and purchases made since
    repeats, expected, bought : str
        Names of these columns.
    most : int
        Customers with so many repeats or more are one group.

    Returns
    -------
    DataFrame, one row per number of repeats
        repeats : int64; the last row stands for `most` and above
        customers : int64
        expected, bought : float64, means per customer
        low, high : float64, 95% interval of the mean bought (normal; missing for one customer)

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If a column or value is missing, or is no number.

    Source
    ------
    The figure of conditional expectations of Fader, Hardie and Lee (2005),
    doi:10.1287/mksc.1040.0098.

    Examples
    --------
    >>> forecasts = pd.DataFrame(
    ...     {"repeats": [0, 0, 9], "expected_purchases": [0.2, 0.4, 5.0], "bought": [0, 1, 4]})
    >>> holdout_table(forecasts)[["repeats", "customers", "expected", "bought"]]
       repeats  customers  expected  bought
    0        0          2       0.3     0.5
    1        7          1       5.0     4.0
    """
    require_columns(forecasts, repeats=repeats, expected=expected, bought=bought)
    require_values(forecasts, repeats, expected, bought)
    require_numbers(forecasts, repeats, expected, bought)
    require_at_least("most", most, 0)
    require_at_least("the number of customers", len(forecasts), 1)
    counted = forecasts[repeats].to_numpy("float64")
    if ((counted < 0) | (counted % 1 != 0)).any():
        raise OutOfRangeError(f"{repeats} are counted: whole numbers of 0 or more, in every row.")
    level = forecasts[repeats].clip(upper=most).astype("int64").rename("repeats")
    by = forecasts.groupby(level)
    mean, error = by[bought].mean(), by[bought].sem()
    table = pd.DataFrame({"customers": by.size(), "expected": by[expected].mean(), "bought": mean})
    table["low"], table["high"] = mean - 1.96 * error, mean + 1.96 * error
    return table.astype({"expected": float, "bought": float}).reset_index()
