"""What a fee must bring, whether a giant would come, and what a war of coupons leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
import pandas as pd
from scipy.special import lambertw

from crmlab._checks import (
    numbers_of,
    require_at_least,
    require_kind,
    require_list,
    require_positive,
    require_real,
)
from crmlab.errors import OutOfRangeError

ROUNDS, STILL = 500, 1e-12


def break_even_orders(*, fee: float, margin: float) -> int:
    """Return how many extra orders pay a fee: the fee over the margin of an order, rounded up.

    Parameters
    ----------
    fee : float, 0 or more
        Of a month, say.
    margin : float, above 0
        Price less cost of an order.

    Returns
    -------
    int

    Raises
    ------
    OutOfRangeError
        If `fee` is below 0, or `margin` is not above 0.

    Examples
    --------
    >>> break_even_orders(fee=100, margin=2.5), break_even_orders(fee=100, margin=3)
    (40, 34)
    """
    require_real(fee=fee)
    require_positive("margin", margin)
    if not 0 <= fee < np.inf:
        raise OutOfRangeError(f"fee must be 0 or more; got {fee!r}.")
    # As they are written: 0.3 is three tenths, whatever a binary number makes of it.
    return ceil(Fraction(str(fee)) / Fraction(str(margin)))


def fee_curve(*, fee: float, margin: float, most: int = 100) -> pd.DataFrame:
    """Return what a channel with a monthly fee earns, by the extra orders that it brings.

    Parameters
    ----------
    fee : float, 0 or more
    margin : float, above 0
    most : int, at least 1
        Extra orders a month up to which to go.

    Returns
    -------
    DataFrame, one row per number of extra orders from 0
        orders : int64
        margin_cny, profit_cny : float64, before and after the fee
        pays : bool, whether the profit is 0 or more

    Raises
    ------
    OutOfRangeError
        If `most` is below 1, or as `break_even_orders`.

    See Also
    --------
    break_even_orders : where it begins to pay.

    Examples
    --------
    >>> fee_curve(fee=100, margin=2.5)["pays"].idxmax()
    40
    """
    require_real(fee=fee)
    require_at_least("most", most, 1)
    needed = break_even_orders(fee=fee, margin=margin)
    orders = np.arange(most + 1)
    earned = orders * float(margin)
    return pd.DataFrame(
        {
            "orders": orders,
            "margin_cny": earned,
            "profit_cny": (earned - fee).round(6),
            "pays": orders >= needed,
        }
    )


@dataclass(frozen=True)
class Seller:
    """A seller of pancakes: cost of a portion, its quality in yuan, and the fixed cost of a day.

    quality : what a buyer would pay more for its portion than for none, on average
    """

    cost: float
    quality: float
    fixed: float = 0.0


STALL, GIANT = Seller(2.5, 8.0, 0.0), Seller(2.0, 8.0, 800.0)


def entry_game(
    portions: Iterable[float], *, stall: Seller = STALL, giant: Seller = GIANT, scale: float = 1.0
) -> pd.DataFrame:
    """Return prices and profits of a stall alone, and against a giant, and whether the giant comes.

    Of `portions` a day that could be sold, seller i sells the share
        exp((quality_i - price_i) / scale) / (1 + the sum of such terms over the sellers)
    (some buy nothing). The best reply to the others' prices has a markup of
        scale * (1 + W(exp((quality - cost) / scale - 1) / (1 + the others' terms)))
    with Lambert's W. Both reply in turn until nobody moves: an equilibrium. The giant comes if its
    profit there is above 0; a price war that it cannot win keeps it away.

    Parameters
    ----------
    portions : list of numbers above 0
        Size of the market a day: how many would like a pancake.
    stall, giant : Seller
    scale : float, above 0
        How unlike buyers' tastes are, in yuan: the larger, the less a low price wins.

    Returns
    -------
    DataFrame, one row per size
        portions : float64
        price_alone, profit_alone : float64, of the stall without the giant
        price_stall, price_giant, sold_stall, sold_giant, profit_stall, profit_giant : float64,
            with both
        enters : bool
        stall_keeps : float64, its profit once the giant has decided

    Raises
    ------
    OutOfRangeError
        If one of `portions` or `scale` is not above 0.

    Source
    ------
    Logit demand and its equilibrium: Anderson, de Palma and Thisse (1992), Discrete Choice Theory
    of Product Differentiation, MIT Press. The best reply by Lambert's W: Aravindakshan and
    Ratchford (2011), Review of Marketing Science 9(1), doi:10.2202/1546-5616.1120.

    Examples
    --------
    >>> entry_game([100, 1_000])["enters"].tolist()
    [False, True]
    """
    require_list("portions", portions, "[100, 1000]")
    require_positive("scale", scale)
    sizes = numbers_of("portions", portions).tolist()
    for name, seller in (("stall", stall), ("giant", giant)):
        require_kind(name, seller, Seller, "a Seller, such as Seller(cost=2.5, quality=8)")
    for size in sizes:
        require_positive("portions", size)
    alone = equilibrium([stall], scale=scale)
    both = equilibrium([stall, giant], scale=scale)
    table = pd.DataFrame({"portions": pd.Series(sizes, dtype="float64")})
    size = table["portions"]
    profit = [
        size * float(both["share"][k]) * (float(both["price"][k]) - one.cost) - one.fixed
        for k, one in enumerate((stall, giant))
    ]
    mine = size * float(alone["share"][0]) * (float(alone["price"][0]) - stall.cost) - stall.fixed
    enters = profit[1] > 0
    return table.assign(
        price_alone=float(alone["price"][0]),
        profit_alone=mine,
        price_stall=float(both["price"][0]),
        price_giant=float(both["price"][1]),
        sold_stall=size * float(both["share"][0]),
        sold_giant=size * float(both["share"][1]),
        profit_stall=profit[0],
        profit_giant=profit[1],
        enters=enters,
        stall_keeps=np.where(enters, profit[0], mine),
    )


def equilibrium(sellers: list[Seller], *, scale: float) -> dict[str, np.ndarray]:
    """Return price and share of each seller once nobody's best reply moves."""
    cost = np.array([one.cost for one in sellers], dtype="float64")
    quality = np.array([one.quality for one in sellers], dtype="float64")
    price = cost + scale
    for _ in range(ROUNDS):
        before = price.copy()
        for k in range(len(sellers)):
            term = np.exp((quality - price) / scale)
            others = 1 + term.sum() - term[k]
            level = np.exp((quality[k] - cost[k]) / scale - 1) / others
            price[k] = cost[k] + scale * (1 + float(lambertw(level).real))
        if np.abs(price - before).max() < STILL:
            break
    term = np.exp((quality - price) / scale)
    return {"price": price, "share": term / (1 + term.sum())}


def coupon_war(
    *,
    sites: int,
    orders: float,
    margin: float,
    fixed: float,
    scale: float = 2.0,
) -> pd.DataFrame:
    """Return round by round how many sites are left when each outbids the others with coupons.

    The market has `orders` whatever is paid: coupons only move buyers from site to site. Site i of
    n sells the share exp(coupon_i / scale) of the sum of such terms. If all others give the same
    coupon, the best reply is to give it too where
        coupon = margin - scale n / (n - 1)
    (never below 0), so a site's profit is orders * scale / (n - 1) - fixed at most, whatever the
    margin was: the more sites, the nearer the whole margin goes to buyers. While that is below 0
    one site gives up, and the others reply anew.

    Parameters
    ----------
    sites : int, at least 2
    orders, margin : float, above 0
        Of the whole market in a round; of an order, before coupons, in yuan.
    fixed : float, 0 or more
        What a round costs each site.
    scale : float, above 0
        How loyal buyers are, in yuan of coupon.

    Returns
    -------
    DataFrame, one row per round, until nobody gives up
        round, sites : int64
        coupon, profit : float64, of each site
        burnt : float64, coupons of all

    Raises
    ------
    OutOfRangeError
        If `sites` is below 2, `orders`, `margin` or `scale` is not above 0, or `fixed` is below 0.

    See Also
    --------
    entry_game : two sellers who are not alike.

    Examples
    --------
    >>> coupon_war(sites=3, orders=1_000, margin=20.0, fixed=900.0)[["sites", "coupon", "profit"]]
       sites  coupon  profit
    0      3    17.0   100.0
    """
    require_real(fixed=fixed)
    require_at_least("sites", sites, 2)
    for name, value in {"orders": orders, "margin": margin, "scale": scale}.items():
        require_positive(name, value)
    if not 0 <= fixed < np.inf:
        raise OutOfRangeError(f"fixed must be 0 or more; got {fixed!r}.")
    rows: list[dict[str, float]] = []
    for left in range(sites, 0, -1):
        coupon = max(margin - scale * left / (left - 1), 0.0) if left > 1 else 0.0
        profit = orders / left * (margin - coupon) - fixed
        row = {"round": len(rows), "sites": left, "coupon": coupon, "profit": profit}
        rows.append(row | {"burnt": coupon * orders})
        if profit >= 0:
            break
    return pd.DataFrame(rows).astype({"round": "int64", "sites": "int64"})
