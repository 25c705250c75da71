"""How much to spend on winning and on keeping, where each further yuan brings less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar

from crmlab._checks import (
    numbers_of,
    require_at_least,
    require_kind,
    require_positive,
    require_probability,
    require_rate,
)
from crmlab.errors import OutOfRangeError


@dataclass(frozen=True)
class Returns:
    """Chance to win or keep somebody: ceiling * (1 - exp(-steepness * spend)).

    ceiling : float in (0, 1], the share who can be had at any price
    steepness : float above 0, per unit of money; ln 2 / steepness buys half the ceiling
    """

    ceiling: float
    steepness: float

    def __post_init__(self) -> None:
        """Refuse what is no share, or no gain."""
        require_probability("ceiling", self.ceiling)
        require_positive("steepness", self.steepness)

    @classmethod
    def through(cls, spend: float, rate: float, ceiling: float) -> Returns:
        """Return the curve through what is spent today and what comes of it.

        Blattberg and Deighton ask a manager three things: what is spent on one person, what share
        it wins, and what share any money could win.

        Raises
        ------
        OutOfRangeError
            If the rate is not below the ceiling, or a number is not above 0.

        Examples
        --------
        >>> Returns.through(10, 0.2, 0.4).steepness.__round__(4)
        0.0693
        """
        require_positive("spend", spend)
        require_probability("ceiling", ceiling)
        if not 0 < rate < ceiling:
            raise OutOfRangeError(f"rate must lie between 0 and the ceiling; got {rate!r}.")
        return cls(ceiling, float(-np.log1p(-rate / ceiling) / spend))

    def rate(self, spend: float | np.ndarray) -> np.ndarray:
        """Return the chance at each spend, or raise OutOfRangeError for one below 0."""
        spent = np.asarray(spend, dtype="float64")
        if not (spent >= 0).all():
            raise OutOfRangeError(f"spend must be 0 or more everywhere; got {spend!r:.60}.")
        return -self.ceiling * np.expm1(-self.steepness * spent)


@dataclass(frozen=True)
class BestBudget:
    """Where customer equity is highest: spend on each prospect and customer, and what they bring.

    win_spend, keep_spend : money for each prospect, and for each customer in a year
    won, kept : shares
    cost_per_win, cost_per_keep : money for each customer won, for each kept a year
    customer_value : money a customer brings, from the first year on
    equity : money for each prospect
    """

    win_spend: float
    keep_spend: float
    won: float
    kept: float
    cost_per_win: float
    cost_per_keep: float
    customer_value: float
    equity: float


def customer_equity(
    win_spend: float | np.ndarray,
    keep_spend: float | np.ndarray,
    *,
    win: Returns,
    keep: Returns,
    margin: float,
    discount: float = 0.1,
) -> np.ndarray:
    """Worth of a prospect on whom `win_spend` is spent, and `keep_spend` a year once a customer.

        a * (m + (m - R / r) * r / (1 + d - r)) - A

    where a and r are the chances that A and R buy, m is the margin of a year and d the discount.
    A year that is kept costs R / r, since R is spent on those who leave too.

    Parameters
    ----------
    win_spend, keep_spend : float or array, money, 0 or more
    win, keep : Returns
    margin : float above 0, money a year and customer
    discount : float in [0, 1), a year

    Returns
    -------
    ndarray of float64, money for each prospect

    Raises
    ------
    OutOfRangeError
        If `win_spend` or `keep_spend` is below 0, `margin` is not above 0, `discount` lies outside
        [0, 1), or later money counts in full and everybody can be kept.

    Source
    ------
    Blattberg and Deighton (1996), Manage marketing by the customer equity test, Harvard Business
    Review 74(4), 136-144.

    Examples
    --------
    >>> win, keep = Returns(0.4, 0.05), Returns(0.7, 0.1)
    >>> float(customer_equity(20, 10, win=win, keep=keep, margin=100).round(2))
    18.46
    """
    require_positive("margin", margin)
    require_rate("discount", discount, or_none=True)
    for name, side in (("win", win), ("keep", keep)):
        require_kind(name, side, Returns, "the returns on spending: Returns(0.4, 0.05)")
    if not 1 + discount > keep.ceiling:
        raise OutOfRangeError(
            "where everybody can be kept for ever and later money counts in full, a customer has "
            "no finite worth. Take a discount above 0, or a ceiling below 1."
        )
    spent, kept_for = numbers_of("win_spend", win_spend), numbers_of("keep_spend", keep_spend)
    if not all(((one >= 0) & (one < np.inf)).all() for one in (spent, kept_for)):
        raise OutOfRangeError("win_spend and keep_spend must be finite, 0 or more.")
    rate = keep.rate(kept_for)
    value = margin + (margin * rate - kept_for) / (1 + discount - rate)
    return win.rate(spent) * value - spent


def best_budget(*, win: Returns, keep: Returns, margin: float, discount: float = 0.1) -> BestBudget:
    """Find what to spend on each prospect and each customer: where customer equity is highest.

    A customer is worth more or less whatever winning cost, so keeping is settled first, and then
    winning goes on until the last yuan brings a yuan of customer value.

    Parameters
    ----------
    win, keep : Returns
    margin : float above 0, money a year and customer
    discount : float in [0, 1), a year

    Returns
    -------
    BestBudget
        With spends of 0 where spending never pays.

    Raises
    ------
    OutOfRangeError
        As `customer_equity`.

    See Also
    --------
    budget_curve : customer equity on either side of it, also for a fixed budget.

    Source
    ------
    As `customer_equity`.

    Examples
    --------
    >>> best = best_budget(win=Returns(0.4, 0.05), keep=Returns(0.7, 0.1), margin=100)
    >>> round(best.win_spend, 1), round(best.keep_spend, 1)
    (26.3, 25.7)
    """
    terms = {"win": win, "keep": keep, "margin": margin, "discount": discount}
    customer_equity(0, 0, **terms)  # which checks them

    def value(spend: float) -> float:
        rate = float(keep.rate(spend))
        return margin + (margin * rate - spend) / (1 + discount - rate)

    keep_spend = _highest(value, margin)
    worth = value(keep_spend)
    gain = worth * win.ceiling * win.steepness
    win_spend = float(np.log(gain) / win.steepness) if gain > 1 else 0.0
    won, kept = float(win.rate(win_spend)), float(keep.rate(keep_spend))
    return BestBudget(
        win_spend=win_spend,
        keep_spend=keep_spend,
        won=won,
        kept=kept,
        cost_per_win=win_spend / won if won else np.nan,
        cost_per_keep=keep_spend / kept if kept else np.nan,
        customer_value=worth,
        equity=float(customer_equity(win_spend, keep_spend, **terms)),
    )


def budget_curve(
    *,
    budget: float,
    prospects: float,
    customers: float,
    win: Returns,
    keep: Returns,
    margin: float,
    discount: float = 0.1,
    shares: Iterable[float] | None = None,
) -> pd.DataFrame:
    """Return of one year's fixed budget, by the share of it that goes into keeping.

    A share s spends s * budget / customers on each customer and the rest on prospects, evenly.
    Whoever is a customer at the year's end, kept or won, is worth what a customer brings from then
    on if kept as `best_budget` says; so the split asks where the last yuan brings more.

    Parameters
    ----------
    budget : float above 0, money
    prospects, customers : float above 0
    win, keep : Returns
    margin : float above 0; discount : float in [0, 1)
    shares : numbers in [0, 1]; every hundredth when omitted

    Returns
    -------
    DataFrame, one row per share
        share_keeping : float64
        won, kept : float64, customers
        profit : float64, money: the value of those won and kept, less the budget
        is_best : bool, whether no other share has more

    Raises
    ------
    OutOfRangeError
        If `budget`, `prospects` or `customers` is not above 0, one of `shares` lies outside [0, 1]
        or there is none, or as `customer_equity`.

    See Also
    --------
    crmlab.lifetime.measure.budget_split : a budget over years, as the base grows or shrinks.
    crmlab.customers.plot.plot_budget_curve : draws this frame.

    Examples
    --------
    >>> sides = {"prospects": 1_000, "win": Returns(0.4, 0.05), "keep": Returns(0.7, 0.1)}
    >>> sides |= {"customers": 1_000, "margin": 100, "budget": 20_000}
    >>> curve = budget_curve(**sides, shares=[0, 0.5, 1])
    >>> curve[["won", "kept", "is_best"]].round(0)
         won   kept  is_best
    0  253.0    0.0    False
    1  157.0  442.0    False
    2    0.0  605.0     True
    """
    terms = {"budget": budget, "prospects": prospects, "customers": customers}
    for name, value in terms.items():
        require_positive(name, value)
    part = np.linspace(0, 1, 101) if shares is None else numbers_of("shares", shares)
    require_at_least("the number of shares", part.size, 1)
    if not ((part >= 0) & (part <= 1)).all():
        raise OutOfRangeError(
            f"shares must lie in [0, 1], not percents; got {part.tolist()!r:.60}."
        )
    worth = best_budget(win=win, keep=keep, margin=margin, discount=discount).customer_value
    won = prospects * win.rate((1 - part) * budget / prospects)
    kept = customers * keep.rate(part * budget / customers)
    profit = (won + kept) * worth - budget
    return pd.DataFrame(
        {
            "share_keeping": part,
            "won": won,
            "kept": kept,
            "profit": profit,
            "is_best": profit >= profit.max(),
        }
    )


def _highest(value: object, margin: float) -> float:
    """Return the spend in [0, margin] at which `value` is highest."""
    # More than the margin of a year never comes back in it.
    grid = np.linspace(0, margin, 201)
    place = int(np.argmax([value(one) for one in grid]))  # pyright: ignore[reportCallIssue]
    low, high = grid[max(place - 1, 0)], grid[min(place + 1, 200)]
    found: Any = minimize_scalar(
        lambda one: -value(one),  # pyright: ignore[reportCallIssue]
        bounds=(low, high),
        method="bounded",
        options={"xatol": 1e-10 * margin},
    )
    return float(found.x) if value(found.x) > value(0.0) else 0.0  # pyright: ignore[reportCallIssue]
