"""Whom to visit, and how often, in the hours there are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_positive,
    require_values,
)
from crmlab._groups import bincount
from crmlab._purchases import plain_ids
from crmlab.accounts.measure.known import known_accounts, plain, require_chances
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError

RULES = ("gain", "biggest")


def visit_plan(
    accounts: pd.DataFrame,
    *,
    hours: float,
    rule: str = "gain",
    most: int = 3,
    gain: float = 0.1,
    half: float = 2.0,
    potential: str = "estimated_potential_cny",
) -> pd.DataFrame:
    """Plan visits (拜访计划) that win most in the hours there are, or visit the biggest.

    v visits win gain * (potential - sales) * (1 - exp(-v / half)) in a year, as
    `simulate_accounts` has it; which accounts, and how many visits to each, is a knapsack of whole
    visits that scipy's `milp` solves exactly. The usual rule instead goes down the list of sales,
    visits each account `most` times, and skips those for which the hours no longer suffice.

    Parameters
    ----------
    accounts : DataFrame, one row per account
        account_id; visit_hours above 0, sales_cny, `potential` : float64
    hours : float above 0
        All hours for visits.
    rule : "gain" or "biggest"
    most : int, at least 1
        Visits to one account.
    gain, half : float above 0
        Of what visits win: a part of the room, half of which two visits or so bring.
    potential : str
        Column of what the account buys from anybody; sales where it is less.

    Returns
    -------
    DataFrame, one row per account that is visited, most visits and largest gain first
        account_id : int64 or str; visits : int64
        hours : float64, of all visits to it
        gain_cny : float64, what they win by this formula; a better estimate may say otherwise

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or an id stands twice.
    OutOfRangeError
        If `hours`, `gain`, `half` or a row's visit_hours is not above 0, `most` is below 1, or no
        visit fits into the hours.
    UnknownNameError
        If there is no such rule.

    See Also
    --------
    visit_gain : what a plan wins by another potential, such as the true one.

    Source
    ------
    The knapsack is Dantzig's (1957), doi:10.1287/opre.5.2.266.

    Examples
    --------
    >>> accounts = pd.DataFrame({"account_id": [1, 2], "sales_cny": [900.0, 100.0],
    ...     "visit_hours": [2.0, 2.0], "estimated_potential_cny": [1000.0, 900.0]})
    >>> visit_plan(accounts, hours=2)[["account_id", "visits"]].to_numpy().tolist()
    [[2, 1]]
    >>> visit_plan(accounts, hours=2, rule="biggest")[["account_id", "visits"]].to_numpy().tolist()
    [[1, 1]]
    """
    if rule not in RULES:
        raise UnknownNameError.among("rule", rule, RULES)
    for name, value in (("hours", hours), ("gain", gain), ("half", half)):
        require_positive(name, value)
    require_at_least("most", most, 1)
    require_columns(accounts, potential=potential)
    table = known_accounts(accounts, "visit_hours", "sales_cny", potential)
    table = table.sort_values("account_id", kind="stable", ignore_index=True)
    each = table["visit_hours"].to_numpy("float64")
    if not (each > 0).all():
        raise OutOfRangeError("visit_hours must be above 0; a visit that takes no time is none.")
    if not (each <= hours).any():
        raise OutOfRangeError(
            f"no visit fits into {hours:g} hours; the shortest takes {each.min():.3g}."
        )
    room = (table[potential] - table["sales_cny"]).clip(lower=0).to_numpy("float64")
    won = gain * room * -np.expm1(-np.arange(most + 1)[:, None] / half)
    sales = table["sales_cny"].to_numpy("float64")
    visits = _best(each, won, hours) if rule == "gain" else _biggest(each, sales, hours, most)
    plan = pd.DataFrame(
        {
            "account_id": table["account_id"],
            "visits": visits,
            "hours": visits * each,
            "gain_cny": won[visits, np.arange(len(table))],
        }
    )
    plan = plan[plan["visits"] > 0]
    order = ["visits", "gain_cny", "account_id"]
    return plan.sort_values(order, ascending=[False, False, True], ignore_index=True)


def visit_gain(
    plan: pd.DataFrame,
    truth: pd.DataFrame,
    *,
    gain: float = 0.1,
    half: float = 2.0,
) -> float:
    """Return what a plan of visits wins in a year by the true potential, in CNY.

    Parameters
    ----------
    plan : DataFrame, as returned by `visit_plan`
        account_id; visits : int64
    truth : DataFrame, one row per account
        account_id; potential_cny, share_of_wallet : float64, as `simulate_accounts` plants them
    gain, half : float above 0

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, visits are below 0, a share of wallet lies beyond 0 to 1,
        or truth lacks an account of the plan.

    Examples
    --------
    >>> plan = pd.DataFrame({"account_id": [1], "visits": [2]})
    >>> truth = pd.DataFrame({"account_id": [1], "potential_cny": [1e5], "share_of_wallet": [0.5]})
    >>> round(visit_gain(plan, truth))
    3161
    """
    require_columns(plan, "account_id", "visits")
    require_values(plan, "account_id", "visits")
    visits = plain(plan, "visits")
    require_numbers(visits, "visits")
    if (visits["visits"] < 0).any():
        raise BadRowsError("some visits are below 0; leave them out: plan[plan['visits'] > 0]")
    table = known_accounts(truth, "potential_cny", "share_of_wallet")
    require_chances(table, "share_of_wallet")
    for name, value in (("gain", gain), ("half", half)):
        require_positive(name, value)
    room = table["potential_cny"] * (1 - table["share_of_wallet"])
    mine = room.set_axis(table["account_id"]).reindex(plain_ids(plan["account_id"]))
    if mine.isna().any():
        lost = mine.index[mine.isna()].tolist()
        raise BadRowsError(f"truth lacks the account(s) {lost[:10]} of the plan.")
    won = gain * mine.to_numpy() * -np.expm1(-visits["visits"].to_numpy("float64") / half)
    return float(won.sum())


def _best(each: np.ndarray, won: np.ndarray, hours: float) -> np.ndarray:
    """Return how often to visit each, where `won[v]` is what v visits to each win in all."""
    most, n = len(won) - 1, len(each)
    worth = np.diff(won, axis=0)
    who, cost = np.tile(np.arange(n), most), np.tile(each, most)
    # A later visit is worth less than the one before, so no plan takes it without that one.
    worth = worth.ravel()
    scale = worth.max() if worth.max() > 0 else 1.0
    found = milp(
        -worth / scale,
        constraints=LinearConstraint(cost[None, :], ub=hours),
        bounds=Bounds(0, 1),
        integrality=np.ones(n * most),
        options={"mip_rel_gap": 1e-6},
    )
    taken = (found.x > 0.5) & (worth > 0)
    return bincount(who[taken], minlength=n)


def _biggest(each: np.ndarray, sales: np.ndarray, hours: float, most: int) -> np.ndarray:
    """Return visits down the list of sales, as long as the hours suffice."""
    visits, left = np.zeros(len(each), dtype=np.int64), hours
    for place in np.argsort(-sales, kind="stable"):
        # Three times a tenth is a little more than three tenths.
        visits[place] = min(most, int(left / each[place] + 1e-9))
        left = max(left - visits[place] * each[place], 0.0)
    return visits
