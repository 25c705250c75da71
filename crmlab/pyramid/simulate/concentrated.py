"""Spend as concentrated as a rule of thumb says, and what the rule asks of a law of spend."""

from __future__ import annotations

from math import log

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from crmlab._checks import (
    Seed,
    require_at_least,
    require_one_of,
    require_positive,
    require_probability,
    stream_of,
)
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def lognormal_sigma(top: float, share: float) -> float:
    """Return the sigma of lognormal spend whose top `top` of customers hold `share` of it.

    The Lorenz curve of a lognormal is L(p) = Phi(z(p) - sigma), with z the normal quantile; so
    sigma = z(1 - top) - z(1 - share).

    Parameters
    ----------
    top : float, share of the customers
    share : float, share of the spend that they hold

    Raises
    ------
    OutOfRangeError
        If not ``0 < top <= share < 1``: the top cannot hold less than its share of heads.

    Source
    ------
    Kleiber, C. and Kotz, S. (2003). Statistical Size Distributions in Economics and Actuarial
    Sciences, chapter 4. doi:10.1002/0471457175

    Examples
    --------
    >>> round(lognormal_sigma(0.20, 0.80), 3)
    1.683
    """
    _require_rule(top, share)
    return float(ndtri(1 - top) - ndtri(1 - share))


def pareto_shape(top: float, share: float) -> float:
    """Return the shape of Pareto spend whose top `top` of customers hold `share` of it.

    The top p of a Pareto law hold p ** (1 - 1 / shape). At a shape below 2 its variance is
    infinite, and the share seen in a sample jumps about.

    Parameters
    ----------
    top, share : float
        As for `lognormal_sigma`.

    Raises
    ------
    OutOfRangeError
        If not ``0 < top < share < 1``.

    Source
    ------
    Kleiber and Kotz (2003), chapter 3. doi:10.1002/0471457175

    Examples
    --------
    >>> round(pareto_shape(0.20, 0.80), 2)
    1.16
    """
    _require_rule(top, share)
    if top == share:
        raise OutOfRangeError(f"no Pareto law spreads spend evenly; got top = share = {top!r}.")
    return 1 / (1 - log(share) / log(top))


def simulate_concentrated(
    n: int,
    *,
    top: float = 0.20,
    share: float = 0.80,
    distribution: str = "lognormal",
    mean_spend: float = 1_000.0,
    stratified: bool = False,
    seed: Seed,
) -> Simulated:
    """Spend of customers of whom, by law, the top 20 % hold 80 %.

    Model
    -----
    position ~ Uniform(0, 1), the share of the law's customers who spend less
    spend = quantile of the law at that position, with mean `mean_spend`, where
        lognormal   sigma = z(1 - top) - z(1 - share);  Gini = 2 Phi(sigma / sqrt(2)) - 1
        pareto      shape = 1 / (1 - log(share) / log(top));  Gini = 1 / (2 shape - 1)
    A sample shows the law's share with luck: at n = 20,000 give or take half a point for the
    lognormal, and many points for the Pareto, whose variance is infinite below shape 2.
    With `stratified`, customers hold the means of the n equal parts of the law, one each, so
    that the top k of n hold exactly what the law says.

    Parameters
    ----------
    n : int
        Customers, at least 1.
    top, share : float, 0 < top <= share < 1
        The rule: the top `top` of the customers hold `share` of the spend.
    distribution : "lognormal" or "pareto"
        The Pareto is there as a warning.
    mean_spend : float above 0
        Mean of the law, money.
    stratified : bool
        Whether luck is left out.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        spend : float64, money
    truth : DataFrame, one row per customer
        customer_id : int64
        position : float64 in (0, 1), share of the law's customers who spend less; the middle
            of the customer's part when `stratified`

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `mean_spend` is not above 0, `top` and `share` are no rule
        (``0 < top <= share < 1``), the distribution is neither, or `seed` is no seed.

    See Also
    --------
    crmlab.pyramid.measure.concentration : recovers the rule.

    Source
    ------
    Both Lorenz curves: Kleiber and Kotz (2003), doi:10.1002/0471457175.

    Examples
    --------
    >>> customers, _ = simulate_concentrated(1_000, stratified=True, seed=1)
    >>> top_200 = customers["spend"].nlargest(200).sum()
    >>> print(f"{top_200 / customers['spend'].sum():.1%}")
    80.0%
    """
    rng = stream_of(seed)
    require_at_least("n", n, 1)
    require_positive("mean_spend", mean_spend)
    laws = {"lognormal": _lognormal, "pareto": _pareto}
    require_one_of("distribution", distribution, laws)
    quantile, lorenz = laws[distribution](top, share)

    if stratified:
        edges = np.arange(n + 1) / n
        relative = np.diff(lorenz(edges)) * n
        part = rng.permutation(n)
        position, relative = (part + 0.5) / n, relative[part]
    else:
        position = rng.uniform(size=n)
        relative = quantile(position)
    customers = np.arange(n, dtype=np.int64)
    data = pd.DataFrame({"customer_id": customers, "spend": relative * mean_spend})
    return Simulated(data, pd.DataFrame({"customer_id": customers, "position": position}))


def _lognormal(top: float, share: float):
    """Return the quantile function of mean 1 and the Lorenz curve."""
    sigma = lognormal_sigma(top, share)

    def quantile(p: NDArray) -> NDArray:
        return np.exp(sigma * ndtri(p) - sigma**2 / 2)

    return quantile, lambda p: ndtr(ndtri(p) - sigma)


def _pareto(top: float, share: float):
    """Return the quantile function of mean 1 and the Lorenz curve."""
    power = 1 / pareto_shape(top, share)

    def quantile(p: NDArray) -> NDArray:
        return (1 - power) * (1 - p) ** -power

    return quantile, lambda p: 1 - (1 - p) ** (1 - power)


def _require_rule(top: float, share: float) -> None:
    require_probability("top", top)
    require_probability("share", share)
    if not top <= share < 1:
        raise OutOfRangeError(
            f"the top {top!r} of the customers cannot hold {share!r} of the spend: a rule needs "
            "0 < top <= share < 1."
        )
