"""Pyramids: customers cut into tiers by what they spend, or by the profit they bring."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import floor

import numpy as np
import pandas as pd

from crmlab._groups import repeat
from crmlab._words import N_
from crmlab.errors import CrmlabError, OutOfRangeError
from crmlab.pyramid.measure.ranking import PROFIT, one_per_customer, ranked, require_positive_total

TIERS = (N_("VIP"), N_("major"), N_("ordinary"), N_("small"))
METALS = (N_("platinum"), N_("gold"), N_("silver"), N_("iron"), N_("lead"))
TIER_CUTS = (0.01, 0.05, 0.20)
METAL_CUTS = (0.01, 0.05, 0.20, 0.80)


def pyramid_tiers(
    spend: pd.DataFrame | pd.Series,
    *,
    value: str | None = None,
    cuts: Sequence[float] = TIER_CUTS,
    names: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Tier of each customer: VIP, major, ordinary or small, by rank of spend.

    `cuts` are cumulative ("the top 1 %, 5 % and 20 %"), tiers are net of the tiers above
    them: with the default cuts the tiers hold 1, 4, 15 and 80 % of the customers. The
    headcount down to a cut is ``floor(cut * n + 1/2)``, so tiers always sum to n; customers of
    equal spend are ranked by their id, so row order never matters. In a base of less than 50
    the top 1 % is nobody.

    Parameters
    ----------
    spend : DataFrame, one row per customer, as returned by `rfm`; or Series indexed by id
        customer_id, and the net spend in the period you look at. Negative totals are allowed.
    value : str, optional
        Column of the money; monetary, spend or profit, the first that stands, when omitted.
    cuts : increasing shares of customers, each between 0 and 1
    names : str, one more than cuts, best tier first; optional
        By default VIP, major, ordinary, small for three cuts, and the range of ranks
        ("top 10%", "10-50%", "50-100%") for any other number of them.

    Returns
    -------
    DataFrame, one row per customer, sorted by customer_id
        customer_id : as in the index of `spend`
        spend : float64
        tier : str

    Raises
    ------
    OutOfRangeError
        If the cuts do not rise between 0 and 1, or there are no customers.
    BadRowsError
        If a customer has no spend, or more than one row.
    CrmlabError
        If `spend` is no Series of numbers, or the names do not fit the cuts.

    See Also
    --------
    pyramid : the same, one row per tier.
    migration : how customers move between two such frames.

    Source
    ------
    Zeithaml, V. A., Rust, R. T. and Lemon, K. N. (2001). The customer pyramid: creating and
    serving profitable customers. California Management Review 43(4), 118-142.
    doi:10.2307/41166104

    Examples
    --------
    >>> spend = pd.Series([900.0, 50.0, 50.0, 20.0], index=["Ann", "Cy", "Bob", "Dee"])
    >>> pyramid_tiers(spend, cuts=[0.25, 0.50], names=["top", "middle", "rest"])
      customer_id  spend    tier
    0         Ann  900.0     top
    1         Bob   50.0  middle
    2          Cy   50.0    rest
    3         Dee   20.0    rest
    """
    money = one_per_customer(spend, value, "spend")
    return _cut(ranked(money), cuts, tier_names(cuts, names), "spend")


def pyramid(
    spend: pd.DataFrame | pd.Series,
    *,
    value: str | None = None,
    cuts: Sequence[float] = TIER_CUTS,
    names: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Headcount and money of each tier of the customer pyramid.

    The rules for ties and rounding are those of `pyramid_tiers`.

    Parameters
    ----------
    spend : DataFrame with one row per customer, or Series indexed by customer
    value : str, optional; the column of the spend
    cuts : sequence of float, cumulative shares of customers, rising, inside 0 to 1
    names : sequence of str, optional; one more than cuts, best first

    Returns
    -------
    DataFrame, one row per tier, best tier first; a tier may be empty
        tier : str
        customers : int64, sums to the number of customers
        spend : float64
        share_of_customers, share_of_spend : float64, each summing to 1; where customers have
            a negative spend, the share of a tier may lie outside 0 to 1
        mean_spend : float64, NaN for an empty tier

    Raises
    ------
    CrmlabError
        As `pyramid_tiers`; also an OutOfRangeError if the total spend is not above 0.

    See Also
    --------
    crmlab.pyramid.plot.plot_pyramid : draws this frame.

    Examples
    --------
    >>> spend = pd.Series([70.0, 20.0, 10.0, 0.0])
    >>> pyramid(spend, cuts=[0.5]).round(2)
          tier  customers  spend  share_of_customers  share_of_spend  mean_spend
    0  top 50%          2   90.0                 0.5             0.9        45.0
    1  50-100%          2   10.0                 0.5             0.1         5.0
    """
    tiers = pyramid_tiers(spend, value=value, cuts=cuts, names=names)
    require_positive_total(tiers["spend"], "spend")
    return _by_tier(tiers, tier_names(cuts, names), "spend")


def metal_tiers(
    profit: pd.DataFrame | pd.Series,
    *,
    value: str | None = None,
    cuts: Sequence[float] = METAL_CUTS,
) -> pd.DataFrame:
    """Metal of each customer: platinum, gold, silver, iron or lead, by rank of profit.

    The field names five metals and no cut-offs; 1, 4, 15, 60 and 20 % are a suggestion. Lead is
    the lowest tier *or* whoever costs money: a customer whose profit is negative is lead
    at any rank, so lead can be larger than its share, never smaller.

    Parameters
    ----------
    profit : DataFrame, one row per customer, as returned by `net_value`; or Series indexed by id
        customer_id, and what each brings in the period, after the costs you count.
    value : str, optional
        Column of the money; profit or net_value, the first that stands, when omitted.
    cuts : four increasing shares of customers, each between 0 and 1
        Cumulative, as in `pyramid_tiers`, whose rules for rounding and ties hold here too.

    Returns
    -------
    DataFrame, one row per customer, sorted by customer_id
        customer_id : as in the index of `profit`
        profit : float64
        tier : str

    Raises
    ------
    CrmlabError
        As `pyramid_tiers`, or if there are not four cuts.

    Source
    ------
    The tiers by profit: Zeithaml, Rust and Lemon (2001), doi:10.2307/41166104, with four metals.
    The five metals are this course's field rule, and the cuts a suggestion of crmlab.

    Examples
    --------
    >>> profit = pd.Series([90.0, 40.0, 20.0, 5.0, -3.0], index=[*"abcde"])
    >>> metal_tiers(profit, cuts=[0.2, 0.4, 0.6, 0.8])["tier"].tolist()
    ['platinum', 'gold', 'silver', 'iron', 'lead']
    """
    money = one_per_customer(profit, value, "profit", PROFIT)
    tiers = _cut(ranked(money, "profit"), cuts, tier_names(cuts, METALS), "profit")
    loses_money = tiers["profit"] < 0
    return tiers.assign(tier=tiers["tier"].mask(loses_money, METALS[-1]))


def metal_pyramid(
    profit: pd.DataFrame | pd.Series,
    *,
    value: str | None = None,
    cuts: Sequence[float] = METAL_CUTS,
) -> pd.DataFrame:
    """Headcount and profit of each metal of the five-tier pyramid.

    Parameters
    ----------
    profit : DataFrame with one row per customer, or Series indexed by customer
    value : str, optional; the column of the profit
    cuts : sequence of float, cumulative shares of customers, rising, inside 0 to 1

    Returns
    -------
    DataFrame, one row per metal, platinum first; a tier may be empty
        tier : str
        customers : int64, sums to the number of customers
        profit : float64
        share_of_customers : float64
        share_of_profit : float64, of the total after losses, so that platinum to iron may
            hold more than 1 and lead less than 0; NaN if the total is not above zero
        mean_profit : float64, NaN for an empty tier

    Raises
    ------
    CrmlabError
        As `metal_tiers`.

    Source
    ------
    As `metal_tiers`.

    Examples
    --------
    >>> profit = pd.Series([90.0, 40.0, 20.0, 5.0, -5.0])
    >>> metal_pyramid(profit, cuts=[0.2, 0.4, 0.6, 0.8])[["tier", "share_of_profit"]].round(2)
           tier  share_of_profit
    0  platinum             0.60
    1      gold             0.27
    2    silver             0.13
    3      iron             0.03
    4      lead            -0.03
    """
    return _by_tier(metal_tiers(profit, value=value, cuts=cuts), METALS, "profit")


def tier_names(cuts: Sequence[float], names: Sequence[str] | None) -> list[str]:
    """Return the names of the tiers between `cuts`, best first; refuse cuts that are none."""
    edges = [0, *cuts, 1]
    if len(edges) < 3 or not all(low < high for low, high in pairwise(edges)):
        raise OutOfRangeError(
            "cuts must be cumulative shares of customers (not percents, not net shares) that "
            f"rise between 0 and 1, such as (0.01, 0.05, 0.20); got {[*cuts]}."
        )
    if names is None:
        names = TIERS if len(cuts) == len(TIERS) - 1 else _ranges(edges)
    if len({*names}) != len(cuts) + 1 or len(names) != len(cuts) + 1:
        raise CrmlabError(
            f"{len(cuts)} cuts make {len(cuts) + 1} tiers, each with a name of its own; "
            f"got {[*names]}."
        )
    return [*names]


def _ranges(edges: Sequence[float]) -> list[str]:
    """Return 'top 10%', '10-50%', '50-100%' for the edges 0, .1, .5, 1."""
    top, *lower = (f"{100 * edge:g}%" for edge in edges[1:])
    return [f"top {top}", *(f"{a.rstrip('%')}-{b}" for a, b in pairwise([top, *lower]))]


def headcount(cut: float, n: int) -> int:
    """Return floor(cut * n + 1/2), with `cut` taken as the decimal number it is written as."""
    return floor(Fraction(str(cut)) * n + Fraction(1, 2))


def _cut(money: pd.Series, cuts: Sequence[float], names: Sequence[str], column: str):
    """Return a row per customer of the ranked `money`, with the tier its rank falls in."""
    heads = [0, *(headcount(cut, len(money)) for cut in cuts), len(money)]
    tier = repeat(np.array(names, dtype=object), np.diff(heads))
    ids = money.index.rename("customer_id")
    tiers = pd.DataFrame({column: money.to_numpy(), "tier": tier}, index=ids)
    return tiers.astype({"tier": "str"}).sort_index().reset_index()


def _by_tier(tiers: pd.DataFrame, names: Sequence[str], column: str) -> pd.DataFrame:
    """Return a row per tier of `names`, empty ones too: headcount, money, shares and mean."""
    table = tiers.groupby("tier")[column].agg(["size", "sum"]).reindex([*names], fill_value=0)
    table.columns = pd.Index(["customers", column])
    total = float(tiers[column].to_numpy().sum())
    table["share_of_customers"] = table["customers"] / len(tiers)
    table[f"share_of_{column}"] = table[column] / total if total > 0 else np.nan
    table[f"mean_{column}"] = table[column] / table["customers"]
    return table.rename_axis("tier").reset_index()
