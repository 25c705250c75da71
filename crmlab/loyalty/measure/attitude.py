"""Who is loyal in heart and in deed, and whether satisfaction moves money."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_once,
    require_real,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab._regression import LeastSquares, least_squares
from crmlab.errors import OutOfRangeError

LEAST = 4
CLASSES = {(True, True): "true", (True, False): "latent", (False, True): "spurious"}


def loyalty_classes(
    customers: pd.DataFrame,
    *,
    attitude: str = "attitude",
    behaviour: str = "share_of_wallet",
    attitude_above: float = 4.0,
    behaviour_above: float = 0.5,
) -> pd.DataFrame:
    """Loyalty (忠诚度) of each customer by what they feel and what they do.

    High is strictly above the line. Who feels and does it is "true"; who only feels it "latent";
    who only does it "spurious" (虚假忠诚), held by habit, nearness or lack of choice; else "none".

    Parameters
    ----------
    customers : DataFrame, one row per customer
        customer_id; `attitude` and `behaviour` : numbers
    attitude, behaviour : str
    attitude_above, behaviour_above : float
        The lines; the defaults are the middles of 1 to 7 and of a share.

    Returns
    -------
    DataFrame, one row per customer, in the order given
        customer_id
        loyalty : str, "true", "latent", "spurious" or "none"

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If a column or a value is missing or no number, a customer stands twice, or share_of_wallet
        lies outside 0 to 1.

    Source
    ------
    Dick and Basu (1994), doi:10.1177/0092070394222001.

    See Also
    --------
    crmlab.loyalty.simulate.simulate_loyalty : customers whose class is known.

    Examples
    --------
    >>> people = pd.DataFrame(
    ...     {"customer_id": [1, 2], "attitude": [6.0, 2.0], "share_of_wallet": [0.9, 0.9]}
    ... )
    >>> loyalty_classes(people)
       customer_id   loyalty
    0            1      true
    1            2  spurious
    """
    require_real(attitude_above=attitude_above, behaviour_above=behaviour_above)
    require_columns(customers, "customer_id", attitude=attitude, behaviour=behaviour)
    require_rows(customers)
    require_values(customers, "customer_id", attitude, behaviour)
    require_numbers(customers, attitude, behaviour)
    require_once(customers, "customer_id", "customers")
    if behaviour == "share_of_wallet" and not customers[behaviour].between(0, 1).all():
        raise OutOfRangeError(
            f"{behaviour} must be a share, 0 to 1; it reaches from {customers[behaviour].min():g} "
            f"to {customers[behaviour].max():g}. Divide percent by 100."
        )
    feels = customers[attitude].to_numpy("float64") > attitude_above
    does = customers[behaviour].to_numpy("float64") > behaviour_above
    names = [CLASSES.get(one, "none") for one in zip(feels.tolist(), does.tolist(), strict=True)]
    return pd.DataFrame(
        {
            "customer_id": customers["customer_id"].to_numpy(),
            "loyalty": pd.Series(names, dtype="str"),
        }
    )


def within_between(
    panel: pd.DataFrame,
    *,
    outcome: str = "spend_next_cny",
    cause: str = "satisfaction",
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Effects of satisfaction on spending within a customer, and between customers.

    `pooled` throws all rows together. `within` compares each customer with themselves: does a
    month above their own usual bring more? `between` compares customers' usual levels, and holds
    all that makes satisfied customers other people. Only the first can be moved by satisfying.
    `difference` is between less within; where it is not 0, a pooled number means neither.

    Parameters
    ----------
    panel : DataFrame, one row per customer and wave
        `customer`; `cause`, `outcome` : numbers, the outcome of the time after
    outcome, cause, customer : str

    Returns
    -------
    DataFrame, four rows
        effect : str, "pooled", "within", "between", "difference"
        coefficient, standard_error, low, high : float64, outcome per point of the cause, with the
            95 % interval by leaving out each customer: errors may be anything within one

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If the cause never varies within customers or between them, or there are too few.

    Source
    ------
    Mundlak (1978), doi:10.2307/1913646. Leaving out clusters: MacKinnon, Nielsen and Webb (2023),
    doi:10.1002/jae.2969.

    See Also
    --------
    crmlab.loyalty.simulate.simulate_satisfaction_panel : a world for each.

    Examples
    --------
    >>> panel = pd.DataFrame({"customer_id": [1, 1, 2, 2, 3, 3, 4, 4]})
    >>> panel = panel.assign(satisfaction=[1, 3, 5, 7] * 2, spend_next_cny=[5.0, 5, 9, 9] * 2)
    >>> within_between(panel)[["effect", "coefficient"]].round(2)
           effect  coefficient
    0      pooled          0.8
    1      within         -0.0
    2     between          1.0
    3  difference          1.0
    """
    require_columns(panel, outcome=outcome, cause=cause, customer=customer)
    require_rows(panel)
    require_values(panel, outcome, cause, customer)
    require_numbers(panel, outcome, cause)
    who = pd.factorize(panel[customer])[0].astype(np.intp)
    x, y = panel[cause].to_numpy("float64"), panel[outcome].to_numpy("float64")
    usual = (bincount(who, x) / bincount(who))[who]
    change = x - usual
    if np.abs(change).max() < 1e-12 * max(np.abs(x).max(), 1e-300):
        raise OutOfRangeError(
            f"{cause} never varies within a customer, so only differences between customers can be "
            "seen. Ask the same customers again."
        )
    if np.ptp(usual) < 1e-12 * max(np.abs(x).max(), 1e-300):
        raise OutOfRangeError(
            f"all customers have the same mean of {cause}, so nothing can be seen between them."
        )
    size = int(who.max()) + 1
    if size < LEAST:
        raise OutOfRangeError(f"{size} customer(s) are too few; at least 4 customers are needed.")
    ones = np.ones(len(x))
    named = [f"{cause} within customers", f"{cause} between customers"]
    both = _without_each(np.column_stack([change, usual, ones]), y, who, [*named, "the constant"])
    pooled = _without_each(np.column_stack([x, ones]), y, who, [cause, "the constant"])
    apart = np.array([-1.0, 1, 0])
    gap = LeastSquares(
        np.array([apart @ both.coefficients]),
        np.array([[apart @ both.covariance @ apart]]),
        both.freedom,
    )
    parts = [pooled.table().iloc[:1], both.table().iloc[:2], gap.table()]
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "effect", pd.Series(["pooled", "within", "between", "difference"], dtype="str"))
    return table


def _without_each(x: np.ndarray, y: np.ndarray, who: np.ndarray, names: list[str]) -> LeastSquares:
    """Return the regression, its covariance from leaving out each customer in turn."""
    fit = least_squares(x, y, names=names, clusters=who)
    size = int(who.max()) + 1
    order = np.argsort(who, kind="stable")
    begin = np.searchsorted(who[order], np.arange(size))
    squares = np.add.reduceat((x[:, :, None] * x[:, None, :])[order], begin, axis=0)
    products = np.add.reduceat((x * y[:, None])[order], begin, axis=0)
    rest = squares.sum(axis=0) - squares
    if np.linalg.cond(rest).max() > 1e12:
        raise OutOfRangeError(
            "one customer alone holds all differences; without them nothing can be told."
        )
    each = np.linalg.solve(rest, (products.sum(axis=0) - products)[..., None])[..., 0]
    away = each - each.mean(axis=0)
    return LeastSquares(fit.coefficients, away.T @ away * (size - 1) / size, size - 1)
