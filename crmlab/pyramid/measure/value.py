"""What is left of a customer after the cost of serving, and who eats the profit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_once,
    require_positive,
    require_values,
)
from crmlab._words import N_
from crmlab.errors import BadRowsError, MixedCurrenciesError, OutOfRangeError
from crmlab.pyramid.measure.ranking import PROFIT, one_per_customer, ranked

# Shapiro's four kinds of customers: (margin is high, cost is high).
KINDS = {
    (True, False): "passive",
    (True, True): "carriage trade",
    (False, True): "aggressive",
    (False, False): "bargain basement",
}

_CENTERS = (N_("mean"), N_("median"))


def net_value(
    accounts: pd.DataFrame, service: pd.DataFrame, *, life_years: float = 5.0
) -> pd.DataFrame:
    """Count what each customer brings in a year: margin less service, upkeep and acquisition.

    ``net_value = margin - service - upkeep - acquisition_cost / life_years``, so the net values
    sum to the total margin less the total costs.

    Parameters
    ----------
    accounts : DataFrame, one row per customer
        customer_id : any
        margin, upkeep : float, money a year
        acquisition_cost : float, money, once
        spend : float, money a year; optional, handed on
        currency : str; optional, must then be that of `service`
    service : DataFrame, as returned by `cost_to_serve`, for the same year
        customer_id, cost, currency; customers without a row cost nothing to serve
    life_years : float above 0
        Years over which acquisition is spread: a yearly churn of 20 % makes 5.

    Returns
    -------
    DataFrame, one row per account, sorted by customer_id
        customer_id, and spend if there is one
        margin, service, upkeep, acquisition, net_value : float64, money a year

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If an account lacks a number or stands twice, or a served customer has no account.
    MixedCurrenciesError
        If accounts and service are in two currencies.
    OutOfRangeError
        If `life_years` is not positive.

    See Also
    --------
    whale_curve, value_cost, crmlab.pyramid.metal_pyramid : take this net value.

    Source
    ------
    Kaplan, R. S. and Narayanan, V. G. (2001). Measuring and managing customer profitability.
    Journal of Cost Management 15(5), 5-15.

    Examples
    --------
    >>> accounts = pd.DataFrame({
    ...     "customer_id": [8], "margin": [2000.0], "upkeep": [50.0], "acquisition_cost": [500.0]
    ... })
    >>> service = pd.DataFrame({"customer_id": [8], "cost": [1700.0], "currency": ["HKD"]})
    >>> net_value(accounts, service)[["service", "upkeep", "acquisition", "net_value"]]
       service  upkeep  acquisition  net_value
    0   1700.0    50.0        100.0      150.0
    """
    require_positive("life_years", life_years)
    _require_books(accounts, service)

    money = ["margin", "upkeep", "acquisition_cost"]
    kept = ["spend"] if "spend" in accounts else []
    table = accounts.set_index("customer_id")[[*kept, *money]].astype("float64").sort_index()
    cost = service.set_index("customer_id").reindex(table.index)["cost"]
    table.insert(len(kept) + 1, "service", cost.fillna(0.0).astype("float64"))
    table["acquisition"] = table.pop("acquisition_cost") / life_years
    costs = table["service"] + table["upkeep"] + table["acquisition"]
    table["net_value"] = table["margin"] - costs
    return table.reset_index()


def whale_curve(net_value: pd.DataFrame | pd.Series, *, value: str | None = None) -> pd.DataFrame:
    """Cumulated value of customers, most valuable first: it rises, and falls where they cost.

    Parameters
    ----------
    net_value : DataFrame, as returned by `net_value`; or Series indexed by id
        Money per customer; losses are negative.
    value : str, optional
        Column of the money; net_value or profit, the first that stands, when omitted.

    Returns
    -------
    DataFrame, one row per customer and one for nobody, most valuable first
        share_of_customers : float64, 0 to 1
        cumulative_value : float64, money
        share_of_total : float64, of the value of all customers, above 1 at the hump when some
            lose money; NaN if all together are not above zero

    Raises
    ------
    BadRowsError, CrmlabError, OutOfRangeError
        As `pyramid_tiers`.

    See Also
    --------
    crmlab.pyramid.plot.plot_whale_curve : draws this frame.

    Source
    ------
    Kaplan and Narayanan (2001), as in `net_value`.

    Examples
    --------
    >>> whale_curve(pd.Series([-20.0, 90.0, 30.0]))["cumulative_value"].tolist()
    [0.0, 90.0, 120.0, 100.0]
    """
    money = ranked(one_per_customer(net_value, value, "net value", PROFIT[::-1]), "net value")
    cumulated = np.append(0.0, np.cumsum(money.to_numpy()))
    return pd.DataFrame(
        {
            "share_of_customers": np.arange(len(cumulated)) / (len(cumulated) - 1),
            "cumulative_value": cumulated,
            "share_of_total": cumulated / cumulated[-1] if cumulated[-1] > 0 else np.nan,
        }
    )


def value_cost(net: pd.DataFrame, *, center: str = "median") -> pd.DataFrame:
    """Quadrant of each customer by margin and by the cost of serving.

    High means strictly above the line; whether a customer loses money is another question,
    answered by `net_value` itself.

    Parameters
    ----------
    net : DataFrame, as returned by `net_value`
    center : "mean" or "median", where the two lines stand

    Returns
    -------
    DataFrame, the rows and columns of `net`, and
        cost : float64, service, upkeep and acquisition together
        margin_line, cost_line : float64, the same in every row
        center : str, what stands at these lines, the same in every row
        kind : str, passive (high margin, low cost), carriage trade (both high),
            bargain basement (both low) or aggressive (low margin, high cost)

    Raises
    ------
    MissingColumnsError
        If `net` lacks a column.
    OutOfRangeError
        If `center` is neither, or there are no customers.

    See Also
    --------
    crmlab.pyramid.plot.plot_value_cost : draws this frame.

    Source
    ------
    Shapiro, B. P., Rangan, V. K., Moriarty, R. T. and Ross, E. B. (1987). Manage customers for
    profits (not just sales). Harvard Business Review 65(5), 101-108.

    Examples
    --------
    >>> net = pd.DataFrame({"margin": [9.0, 1.0], "service": [1.0, 5.0], "net_value": [8.0, -4.0],
    ...                     "upkeep": 0.0, "acquisition": 0.0})
    >>> value_cost(net)["kind"].tolist()
    ['passive', 'aggressive']
    """
    costs = ["service", "upkeep", "acquisition"]
    require_columns(net, "margin", *costs, "net_value")
    require_numbers(net, "margin", *costs)
    if center not in _CENTERS or net.empty:
        raise OutOfRangeError(
            f"center must be 'mean' or 'median' of at least one customer; got {center!r} "
            f"of {len(net)}."
        )

    margin = net["margin"].to_numpy("float64")
    cost = net[costs].to_numpy("float64").sum(axis=1)
    middle = np.mean if center == "mean" else np.median
    lines = middle(margin), middle(cost)
    pairs = zip(margin > lines[0], cost > lines[1], strict=True)
    return net.assign(
        cost=cost,
        margin_line=lines[0],
        cost_line=lines[1],
        center=center,
        kind=[KINDS[bool(high), bool(dear)] for high, dear in pairs],
    )


def _require_books(accounts: pd.DataFrame, service: pd.DataFrame) -> None:
    """Raise unless the two frames hold numbers of the same customers in one currency."""
    money = ["margin", "upkeep", "acquisition_cost"]
    require_columns(accounts, "customer_id", *money)
    require_columns(service, "customer_id", "cost", "currency")
    require_values(accounts, "customer_id", *money)
    require_values(service, "customer_id", "cost", "currency")
    require_numbers(accounts, *money)
    require_numbers(service, "cost")
    for frame, name in ((accounts, "accounts"), (service, "service")):
        require_once(frame, "customer_id", name)
    strangers = (
        pd.Index(service["customer_id"]).difference(pd.Index(accounts["customer_id"])).tolist()
    )
    if strangers:
        raise BadRowsError(
            f"{len(strangers)} served customer(s) have no account: {strangers[:10]}. "
            "Add their accounts, or leave their events out on purpose."
        )
    used = {*service["currency"].unique()}
    if "currency" in accounts:
        used |= {*accounts["currency"].unique()}
    if len(used) > 1:
        raise MixedCurrenciesError.of(used)
