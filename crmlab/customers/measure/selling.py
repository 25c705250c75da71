"""What a sale costs among strangers and among customers, and what a contact adds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._intervals import Z, wilson
from crmlab.errors import BadRowsError, OutOfRangeError

NEW, EXISTING = "new", "existing"
SMALL = 1e-12


@dataclass(frozen=True)
class CostRatio:
    """Cost of a sale to a stranger over that of a sale to a customer, with its 95 % interval."""

    ratio: float
    low: float
    high: float
    new: float
    existing: float


def contact_yield(contacts: pd.DataFrame) -> pd.DataFrame:
    """Success, contacts per sale, cost per sale, and what a contact adds, in each group.

    The first three look at who was contacted. What a contact *adds* needs people who were left
    alone at random: the mean margin of the contacted less that of the others, less the mean cost.

    Parameters
    ----------
    contacts : DataFrame, one row per person
        group : str
        contacted, sold : bool
        cost_cny, margin_cny : float64

    Returns
    -------
    DataFrame, one row per group, in the order of their first rows
        group : str
        contacts, sales : int64, of the contacted
        success, success_low, success_high : float64, sales per contact, Wilson's 95 % interval
        contacts_per_sale : float64; NaN without a sale
        cost_per_sale : float64, CNY; NaN without a sale
        adds, adds_low, adds_high : float64, CNY per contact, 95 % interval of unequal variances;
            NaN where fewer than two were left alone

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, EmptyError
        If a column or value is missing or of the wrong kind, a cost is below 0, or there are no
        rows.
    OutOfRangeError
        If in a group nobody was contacted.

    See Also
    --------
    cost_ratio : the rule of 1:5 with its interval.
    crmlab.customers.plot.plot_contact_yield : draws this frame.

    Examples
    --------
    >>> contacts = pd.DataFrame({"group": "new", "contacted": True, "cost_cny": 30.0,
    ...                          "sold": [True, False, False, False], "margin_cny": 0.0})
    >>> contact_yield(contacts)[["success", "contacts_per_sale", "cost_per_sale"]]
       success  contacts_per_sale  cost_per_sale
    0     0.25                4.0          120.0
    """
    contacts = _sound(contacts)

    rows = []
    for name in contacts["group"].unique():
        part = contacts[contacts["group"] == name]
        met = part[part["contacted"].astype(bool)]
        alone = part[~part["contacted"].astype(bool)]
        if met.empty:
            raise OutOfRangeError(f"in the group {name!r} nobody was contacted.")
        sales = int(met["sold"].sum())
        low, high = wilson(sales, len(met))
        row = {"group": str(name), "contacts": len(met), "sales": sales}
        row |= {"success": sales / len(met), "success_low": float(low), "success_high": float(high)}
        row["contacts_per_sale"] = len(met) / sales if sales else np.nan
        row["cost_per_sale"] = float(met["cost_cny"].sum()) / sales if sales else np.nan
        rows.append(row | _added(met, alone))
    return pd.DataFrame(rows).astype({"group": "str"})


def cost_ratio(contacts: pd.DataFrame, *, new: str = NEW, existing: str = EXISTING) -> CostRatio:
    """How many times as much a sale to a stranger costs as one to a customer: the rule of 1:5.

    The interval is symmetric on the log scale (delta method): each cost per sale is a ratio of
    two sums over independent contacts. Where the contacts of a group are all alike, as one is,
    nothing shows their spread, and the ends are NaN.

    Parameters
    ----------
    contacts : DataFrame, as `contact_yield` takes it
    new, existing : str
        Names of the two groups.

    Returns
    -------
    CostRatio
        ratio, low, high : float; new, existing : float, cost per sale, CNY

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, EmptyError
        As `contact_yield`.
    OutOfRangeError
        If a group has no sale or no cost, so that there is no ratio.

    Examples
    --------
    >>> contacts = pd.DataFrame({"group": ["new"] * 4 + ["existing"] * 2, "contacted": True,
    ...     "sold": [True, False, False, False, True, False], "cost_cny": [30.0] * 4 + [20.0] * 2,
    ...     "margin_cny": 0.0})
    >>> cost_ratio(contacts).ratio
    3.0
    """
    contacts = _sound(contacts)
    costs, variance = [], 0.0
    for name in (new, existing):
        met = contacts[(contacts["group"] == name) & contacts["contacted"].astype(bool)]
        sold, cost = met["sold"].to_numpy("float64"), met["cost_cny"].to_numpy("float64")
        if not sold.sum() or not cost.sum():
            there = sorted(contacts["group"].unique())
            raise OutOfRangeError(
                f"the group {name!r} has no sale or no cost, so there is no ratio; the groups are "
                f"{there}. Name them with new=… and existing=…"
            )
        costs.append(cost.sum() / sold.sum())
        miss = cost / cost.mean() - sold / sold.mean()
        variance += miss.var() / (len(met) - 1) if np.ptp(miss) > SMALL else np.nan
    ratio, reach = costs[0] / costs[1], Z * np.sqrt(variance)
    low, high = ratio * np.exp(-reach), ratio * np.exp(reach)
    return CostRatio(float(ratio), float(low), float(high), float(costs[0]), float(costs[1]))


def _sound(contacts: pd.DataFrame) -> pd.DataFrame:
    """Return contacts that hold what is needed."""
    names = ("group", "contacted", "sold", "cost_cny", "margin_cny")
    require_columns(contacts, *names)
    require_rows(contacts)
    require_values(contacts, *names)
    require_truths(contacts, "contacted", "sold")
    require_numbers(contacts, "cost_cny", "margin_cny")
    low = np.flatnonzero(contacts["cost_cny"] < 0)
    if low.size:
        raise BadRowsError(
            f"{len(low)} row(s) have a cost below 0: {low[:10].tolist()}. A cost is money spent, "
            "0 or more; turn its sign if it is booked as an outflow."
        )
    return contacts


def _added(met: pd.DataFrame, alone: pd.DataFrame) -> dict[str, float]:
    """Return what a contact adds, where people were left alone to compare with."""
    if len(alone) < 2 or len(met) < 2:
        return dict.fromkeys(("adds", "adds_low", "adds_high"), np.nan)
    net = (met["margin_cny"] - met["cost_cny"]).to_numpy("float64")
    other = alone["margin_cny"].to_numpy("float64")
    adds = net.mean() - other.mean()
    reach = Z * np.sqrt(net.var(ddof=1) / len(net) + other.var(ddof=1) / len(other))
    return {"adds": adds, "adds_low": adds - reach, "adds_high": adds + reach}
