"""A budget that can win new customers or keep old ones."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from crmlab._checks import (
    numbers_of,
    require_at_least,
    require_positive,
    require_probability,
    require_rate,
)
from crmlab.errors import OutOfRangeError


def budget_split(
    *,
    customers: float = 10_000,
    budget: float = 200_000,
    margin: float = 100,
    churn: float = 0.35,
    keep_cost: float = 20,
    win_cost: float = 100,
    years: int = 5,
    discount: float = 0.10,
    shares: Iterable[float] | None = None,
) -> pd.DataFrame:
    """Profit of a yearly budget by the share of it that goes into keeping customers.

    Keeping has falling returns: spending `keep_cost` on each customer a year halves the churn,
    twice as much quarters it. Winning has falling returns too: the first customer costs
    `win_cost`, and each further one more, so that the cost of the n-th of a year is
    ``win_cost * (1 + n / customers)``. Each year customers bring the margin, some leave,
    and the new ones join; nothing else changes.

    Parameters
    ----------
    customers : float, at the start
    budget : float, money a year
    margin : float, money per customer and year
    churn : float in (0, 1], a year, if nothing is done
    keep_cost, win_cost : float above 0; the 1:5 rule makes the second five times the first
    years : int
    discount : float in [0, 1), a year
    shares : shares of the budget for keeping, each in [0, 1]; every twentieth when omitted

    Returns
    -------
    DataFrame, one row per share
        share_keeping : float64
        churn : float64, of the first year
        won : float64, customers won in the first year
        customers : float64, at the end
        profit : float64, discounted margins of all years, less the budgets
        is_best : bool, whether no other share has a higher profit

    Raises
    ------
    OutOfRangeError
        If `customers`, `budget`, `margin`, `keep_cost` or `win_cost` is not above 0, `churn` lies
        outside (0, 1], `discount` outside [0, 1), `years` is below 1, or `shares` are none or
        outside [0, 1].

    Examples
    --------
    >>> budget_split(shares=[0, 0.5, 1])[["share_keeping", "churn", "won", "is_best"]].round(2)
       share_keeping  churn      won  is_best
    0            0.0   0.35  1832.16    False
    1            0.5   0.25   954.45     True
    2            1.0   0.18     0.00    False
    """
    terms = {"customers": customers, "budget": budget, "margin": margin}
    terms |= {"keep_cost": keep_cost, "win_cost": win_cost}
    for name, value in terms.items():
        require_positive(name, value)
    require_probability("churn", churn)
    require_at_least("years", years, 1)
    require_rate("discount", discount, or_none=True)
    keep = np.linspace(0, 1, 21) if shares is None else numbers_of("shares", shares)
    if not keep.ndim or not len(keep) or keep.min() < 0 or keep.max() > 1:
        raise OutOfRangeError(f"shares must be one or more numbers in 0 to 1; got {[*keep]!r:.60}.")

    there, profit = np.full(len(keep), float(customers)), np.zeros(len(keep))
    first: list[np.ndarray] = []
    # n customers cost win_cost * (n + n**2 / (2 customers)) together.
    ratio = (1 - keep) * budget / win_cost / customers
    won = customers * (np.sqrt(1 + 2 * ratio) - 1)
    for year in range(1, years + 1):
        lost = churn * 0.5 ** (keep * budget / there / keep_cost)
        first = first or [lost]
        profit += (there * margin - budget) * (1 + discount) ** -year
        there = there * (1 - lost) + won
    return pd.DataFrame(
        {
            "share_keeping": keep,
            "churn": first[0],
            "won": won,
            "customers": there,
            "profit": profit,
            "is_best": profit >= profit.max(),
        }
    )
