"""Purchases of customers who drop out one day without saying so."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crmlab._checks import Seed, require_columns, stream_of
from crmlab._shapes import Simulated
from crmlab.lifetime.simulate.log import purchase_log, refunded_rows


def simulate_purchases(
    n: int,
    *,
    rate: tuple[float, float] = (0.243, 4.414),
    dropout: tuple[float, float] = (0.793, 2.426),
    ticket: tuple[float, float, float] = (6.25, 3.74, 15.44),
    start: str = "2024-01-01",
    n_days: int = 546,
    joining_days: int = 84,
    season: ArrayLike | None = None,
    stratified: bool = False,
    seed: Seed,
) -> Simulated:
    """Purchases of customers who buy at their own pace until they drop out unseen.

    Model
    -----
    Buy till you die (BG/NBD) with gamma-gamma spend. Each customer has
        rate_per_week        ~ Gamma(r, alpha), mean r / alpha
        dropout_probability  ~ Beta(a, b), mean a / (a + b)
        mean_ticket          = p / nu with nu ~ Gamma(q, v), mean p v / (q - 1)
    and joins with a first purchase at an even chance within the first `joining_days`. While
    alive the customer buys again by a Poisson process at that rate; right after each repeat
    purchase the customer drops out with that probability, and is never seen again. Amounts
    are Gamma(p, nu), independent of the rest. T weeks after joining,
        E[repeats]    = (a+b-1)/(a-1) (1 - (alpha/(alpha+T))^r 2F1(r, b; a+b-1; T/(alpha+T)))
        P(no repeat)  = (alpha/(alpha+T))^r
        P(alive)      = 2F1(r, a; a+b; -T/alpha)
    A `season` makes busy days pass faster: the rate on day d is the customer's times season[d].

    Parameters
    ----------
    n : int
        Customers who ever join; each has at least the first purchase.
    rate : (r, alpha), both positive
        Law of the customers' purchase rates; alpha in weeks. The default and that of the next
        two are the estimates for CDNOW.
    dropout : (a, b), both positive
        Law of the customers' dropout probabilities, per repeat purchase.
    ticket : (p, q, v), all positive
        Law of the amounts; v in money. Above q = 1 the mean ticket is finite.
    start : str, "YYYY-MM-DD"
        First day of the window.
    n_days, joining_days : int
        Length of the window and of its first part, in which customers join.
    season : sequence of n_days floats, optional
        How busy each day is beside a usual one; 0 is a closed day. Every day 1 when omitted.
    stratified : bool
        Spread the three hidden traits and the joining time evenly over their laws, one
        customer per n-th part, so that a small world shows the laws' shares, not luck's.
    seed : int, SeedSequence or Generator
        Same seed, same frames.

    Returns
    -------
    data : DataFrame, one row per purchase, sorted by customer and date
        customer_id : int64
        date : datetime64[us], the day; two purchases on one day are two rows
        amount : float64, money to cents, at least one cent
    truth : DataFrame, one row per customer
        customer_id : int64
        joined_on : datetime64[us], day of the first purchase
        rate_per_week : float64, purchases a week while alive
        dropout_probability : float64, per repeat purchase
        mean_ticket : float64, money, mean of the amounts this customer would spend
        dropped_out_on : datetime64[us], day of the last purchase; NaT when still alive at the
            end of the window

    Raises
    ------
    OutOfRangeError
        If a parameter of a law is not positive, `n` or `joining_days` is below 1, `n_days` is
        below `joining_days`, `season` has another length or a negative day, or `seed` is no seed.

    See Also
    --------
    simulate_refunds : money back for some of them.

    Source
    ------
    BG/NBD: Fader, Hardie and Lee (2005), doi:10.1287/mksc.1040.0098.
    Gamma-gamma: Fader, Hardie and Lee (2005), doi:10.1509/jmkr.2005.42.4.415.
    Stratified draws: Cochran (1977), Sampling Techniques, chapter 5.

    Examples
    --------
    >>> purchases, truth = simulate_purchases(2, n_days=1, joining_days=1, seed=0)
    >>> purchases[["customer_id", "date"]]
       customer_id       date
    0            0 2024-01-01
    1            1 2024-01-01
    """
    log = purchase_log(
        stream_of(seed),
        n,
        rate=rate,
        dropout=dropout,
        ticket=ticket,
        n_days=n_days,
        joining_days=joining_days,
        season=season,
        stratified=stratified,
    )
    first_day = np.datetime64(start, "D")
    last_row = np.append(np.flatnonzero(np.diff(log.customer)), len(log.customer) - 1)
    data = {
        "customer_id": log.customer,
        "date": (first_day + log.day).astype("M8[us]"),
        "amount": log.amount,
    }
    truth = {
        "customer_id": np.arange(n, dtype=np.int64),
        "joined_on": (first_day + log.joined).astype("M8[us]"),
        "rate_per_week": log.per_week,
        "dropout_probability": log.chance,
        "mean_ticket": log.mean_ticket,
        "dropped_out_on": np.where(log.dropped, data["date"][last_row], np.datetime64("NaT", "us")),
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def simulate_refunds(
    purchases: pd.DataFrame, *, share: float = 0.05, within_days: int = 14, seed: Seed
) -> pd.DataFrame:
    """Return a refund for a `share` of `purchases`: the whole amount, negative, some days later.

    Each refund follows its purchase by 1 to `within_days` days, all equally likely. Purchases
    are refunded independently of each other.

    Parameters
    ----------
    purchases : DataFrame with date and amount
    share : float in (0, 1]
    within_days : int, 1 or more
    seed : int, SeedSequence or Generator
        Same seed, same refunds.

    Returns
    -------
    DataFrame, one row per refund, with the columns and order of `purchases`

    Raises
    ------
    OutOfRangeError
        If `share` is no share, `within_days` is below 1, or `seed` is no seed.
    MissingColumnsError
        If a column is missing.

    Examples
    --------
    >>> purchases, _ = simulate_purchases(5, seed=1)
    >>> refunds = simulate_refunds(purchases, share=1.0, seed=1)
    >>> bool((refunds["amount"] == -purchases["amount"]).all())
    True
    """
    require_columns(purchases, "date", "amount")
    rng = stream_of(seed, "simulate_refunds")
    row, later = refunded_rows(rng, len(purchases), share=share, within_days=within_days)
    refunds = purchases.iloc[row]
    return refunds.assign(
        date=refunds["date"] + pd.to_timedelta(later, unit="D"), amount=-refunds["amount"]
    )
