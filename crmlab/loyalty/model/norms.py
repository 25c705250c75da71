"""Whether the buyers of a brand are more loyal than its share makes them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_real
from crmlab.loyalty.model.dirichlet import NBDDirichlet
from crmlab.loyalty.model.tallies import counted, left_out, reach_of


def loyalty_against_norm(
    choices: pd.DataFrame, *, customers: int | None = None, folds: int = 20
) -> pd.DataFrame:
    """Return whether buyers of each brand are more loyal than brands of its share usually have.

    Small brands have fewer buyers, who also buy a little less often: double jeopardy (双重危险).
    Only what lies beyond that norm says something about a brand.

    Parameters
    ----------
    choices : DataFrame, one row per purchase
        customer_id, brand
    customers : int, optional
        All who could buy; those with a purchase when omitted.
    folds : int, at least 5
        Customers are left out in so many groups for the intervals, drawn by a lottery that is the
        same for the same purchases.

    Returns
    -------
    DataFrame, one row per brand, largest share first
        brand : as given
        share, penetration : float64, as observed
        purchases_per_buyer, norm : float64, observed, and expected by `NBDDirichlet` of the data
        gap, low, high : float64, observed less norm, with a 95 % interval (jackknife)
        share_of_requirements, only_this : float64, as observed

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `NBDDirichlet.fit`, and if there are fewer buyers than `folds`.

    Source
    ------
    Ehrenberg, Goodhardt and Barwise (1990), doi:10.1177/002224299005400307. Jackknife: Miller
    (1974), doi:10.1093/biomet/61.1.1.

    Examples
    --------
    >>> from crmlab.loyalty import simulate_choices
    >>> choices, _ = simulate_choices(2_000, devoted={"Elm": 0.05}, seed=1)
    >>> table = loyalty_against_norm(choices, customers=2_000)
    >>> table.loc[table["low"] > 0, "brand"].tolist()
    ['Elm']
    """
    if customers is not None:
        require_real(customers=customers)
    require_at_least("folds", folds, 5)
    table, names, n = counted(choices, customers)
    gap = _gap(NBDDirichlet()._fit(table, names, n), table, n)
    left = [
        _gap(NBDDirichlet()._fit(part, names, some), part, some)
        for part, some in left_out(table, n, folds)
    ]
    reach = reach_of(np.array(left))

    buyers, total = (table > 0).sum(axis=0), table.sum(axis=1)
    bought = table.sum(axis=0)
    seen = pd.DataFrame(
        {
            "brand": names,
            "share": bought / bought.sum(),
            "penetration": buyers / n,
            "purchases_per_buyer": bought / buyers,
            "norm": bought / buyers - gap,
            "gap": gap,
            "low": gap - reach,
            "high": gap + reach,
            "share_of_requirements": bought / (total @ (table > 0)),
            "only_this": ((table > 0) & (table == total[:, None])).sum(axis=0) / buyers,
        }
    )
    return seen.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _gap(model: NBDDirichlet, table: np.ndarray, customers: int) -> np.ndarray:
    """Return purchases per buyer of each brand, less what the model expects."""
    share = model.shares_.to_numpy("float64")
    expected = model.M_ * share / model._bought(share, model.S_)
    return table.sum(axis=0) / (table > 0).sum(axis=0) - expected
