"""How unequally customers spend: the Lorenz curve, and the numbers read off it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import require_probability
from crmlab.pyramid.measure.ranking import one_per_customer, ranked, require_positive_total
from crmlab.pyramid.measure.tiers import headcount


@dataclass(frozen=True)
class Concentration:
    """What `concentration` returns; shares are in 0-1.

    customers, spend : headcount and total
    gini : 0 when all spend the same, towards 1 when one customer spends everything
    top, share_of_top : the best `top` of the customers (0.20) hold this share of the spend
    share, customers_for_share : the smallest share of customers that gives `share` (0.80)
    negative_customers : customers whose spend is below zero; with any, the Gini coefficient
        and `share_of_top` may exceed 1
    """

    customers: int
    spend: float
    gini: float
    top: float
    share_of_top: float
    share: float
    customers_for_share: float
    negative_customers: int


def concentration(
    spend: pd.DataFrame | pd.Series,
    *,
    value: str | None = None,
    top: float = 0.20,
    share: float = 0.80,
) -> Concentration:
    """How concentrated the spend is: Gini coefficient, and both readings of 80:20.

    "80 % of revenue from 20 % of customers" can be read two ways: which share do the top 20 %
    hold, and how few customers give 80 %. Both are here; on a curve through (20 %, 80 %) they
    agree, elsewhere they do not.

    Parameters
    ----------
    spend : DataFrame, one row per customer, as returned by `rfm`; or Series indexed by id
        Revenue, sales or profit: a rule stated for one does not hold for another.
    value : str, optional
        Column of the money; monetary, spend or profit, the first that stands, when omitted.
    top : float in (0, 1], share of customers; ``floor(top * n + 1/2)`` heads, as in `pyramid`
    share : float in (0, 1], share of spend

    Returns
    -------
    Concentration

    Raises
    ------
    OutOfRangeError
        If the total is not above zero, or `top` or `share` is no share.
    BadRowsError, CrmlabError
        As `pyramid_tiers`.

    See Also
    --------
    lorenz : the curve behind the numbers.

    Source
    ------
    Gini from the mean of the Lorenz curve: Dorfman, R. (1979). A formula for the Gini
    coefficient. Review of Economics and Statistics 61(1), 146-149. doi:10.2307/1924845

    Examples
    --------
    >>> found = concentration(pd.Series([80.0, 5.0, 5.0, 5.0, 5.0]))
    >>> found.share_of_top, found.customers_for_share, round(found.gini, 2)
    (0.8, 0.2, 0.6)
    """
    require_probability("top", top)
    require_probability("share", share)
    money = one_per_customer(spend, value, "spend")
    curve = lorenz(money)

    n, total = len(money), float(money.sum())
    from_top = 1 - curve["share_of_spend"].to_numpy()[::-1]
    # A sum of floats may fall short of the share by its last digits.
    enough = int(np.argmax(from_top >= share * (1 - 1e-12) - 1e-12))
    return Concentration(
        customers=n,
        spend=total,
        gini=_gini(curve["share_of_spend"].to_numpy()),
        top=top,
        share_of_top=float(from_top[headcount(top, n)]),
        share=share,
        customers_for_share=enough / n,
        negative_customers=int((money < 0).sum()),
    )


def lorenz(spend: pd.DataFrame | pd.Series, *, value: str | None = None) -> pd.DataFrame:
    """Lorenz curve: share of spend held by the lowest share of customers.

    Parameters
    ----------
    spend : DataFrame, one row per customer, as returned by `rfm`; or Series indexed by id
    value : str, optional
        Column of the money; monetary, spend or profit, the first that stands, when omitted.

    Returns
    -------
    DataFrame, one row per customer and one for nobody, lowest spender first
        share_of_customers : float64, 0 to 1
        share_of_spend : float64, 0 to 1; it dips below 0 where customers have a negative spend

    Raises
    ------
    OutOfRangeError
        If the total is not above zero.
    BadRowsError, CrmlabError
        As `pyramid_tiers`.

    See Also
    --------
    crmlab.pyramid.plot.plot_lorenz : draws this frame.

    Source
    ------
    Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. Publications of
    the American Statistical Association 9(70), 209-219. doi:10.2307/2276207

    Examples
    --------
    >>> lorenz(pd.Series([8.0, 1.0, 1.0]))
       share_of_customers  share_of_spend
    0            0.000000             0.0
    1            0.333333             0.1
    2            0.666667             0.2
    3            1.000000             1.0
    """
    money = ranked(one_per_customer(spend, value, "spend"))
    require_positive_total(money, "spend")

    cumulated = np.cumsum(money.to_numpy()[::-1])
    heads = np.arange(len(money) + 1)
    return pd.DataFrame(
        {
            "share_of_customers": heads / len(money),
            "share_of_spend": np.append(0.0, cumulated / cumulated[-1]),
        }
    )


def _gini(shares: np.ndarray) -> float:
    """Return 1 - 2 * (area under the Lorenz curve through `shares`), by trapezia."""
    return float(1 - np.sum(shares[1:] + shares[:-1]) / (len(shares) - 1))
