"""Purchases of customers who drop out one day without saying so."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import betaincinv, gammaincinv

from crmlab._checks import require_at_least, require_positive, require_probability
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_purchases(
    n_customers: int,
    *,
    rate: tuple[float, float] = (0.243, 4.414),
    dropout: tuple[float, float] = (0.793, 2.426),
    ticket: tuple[float, float, float] = (6.25, 3.74, 15.44),
    start: str = "2024-01-01",
    n_days: int = 546,
    joining_days: int = 84,
    season: ArrayLike | None = None,
    stratified: bool = False,
    seed: int,
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
    n_customers : int
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
    seed : int
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
        If a parameter of a law is not positive, `n_customers` or `joining_days` is below 1,
        `n_days` is below `joining_days`, or `season` has another length or a negative day.

    See Also
    --------
    draw_purchases : the same from a random stream of your own.
    draw_refunds : money back for some of them.

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
    return draw_purchases(
        np.random.default_rng(seed),
        n_customers,
        rate=rate,
        dropout=dropout,
        ticket=ticket,
        start=start,
        n_days=n_days,
        joining_days=joining_days,
        season=season,
        stratified=stratified,
    )


def draw_purchases(
    rng: np.random.Generator,
    n_customers: int,
    *,
    rate: tuple[float, float],
    dropout: tuple[float, float],
    ticket: tuple[float, float, float],
    start: str,
    n_days: int,
    joining_days: int,
    season: ArrayLike | None = None,
    stratified: bool = False,
) -> Simulated:
    """Return what `simulate_purchases` documents, drawn from `rng`: model, frames, errors."""
    require_at_least("n_customers", n_customers, 1)
    require_at_least("joining_days", joining_days, 1)
    require_at_least("n_days", n_days, joining_days)
    for name, value in (("rate", rate), ("dropout", dropout), ("ticket", ticket)):
        for parameter in value:
            require_positive(f"every parameter of {name}", parameter)
    busy_until = _clock(season, n_days)

    per_week, chance, nu, joined = _traits(rng, n_customers, rate, dropout, ticket, stratified)
    joined *= joining_days
    customer, day, dropped = _purchase_days(rng, joined, per_week / 7, chance, busy_until)
    amount = np.maximum(rng.gamma(ticket[0], size=len(day)) / nu[customer], 0.01)

    first_day = np.datetime64(start, "D")
    last_row = np.searchsorted(customer, np.arange(n_customers), side="right") - 1
    data = {
        "customer_id": customer,
        "date": (first_day + day).astype("M8[us]"),
        "amount": amount.round(2),
    }
    truth = {
        "customer_id": np.arange(n_customers, dtype=np.int64),
        "joined_on": (first_day + joined.astype(np.int64)).astype("M8[us]"),
        "rate_per_week": per_week,
        "dropout_probability": chance,
        "mean_ticket": ticket[0] / nu,
        "dropped_out_on": np.where(dropped, data["date"][last_row], np.datetime64("NaT", "us")),
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def _clock(season: ArrayLike | None, n_days: int) -> np.ndarray:
    """Return the busyness summed up to the start of each day, and to the window's end."""
    weights = np.ones(n_days) if season is None else np.asarray(season, dtype=float)
    if weights.shape != (n_days,) or not (weights >= 0).all():
        raise OutOfRangeError(
            f"season must be {n_days} numbers of 0 or more, one for each day; got "
            f"{weights.size}, the smallest {weights.min(initial=np.inf):g}."
        )
    return np.concatenate([[0.0], weights.cumsum()])


def _traits(
    rng: np.random.Generator,
    n: int,
    rate: tuple[float, float],
    dropout: tuple[float, float],
    ticket: tuple[float, float, float],
    stratified: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return each customer's weekly rate, dropout probability, scale of amounts, joining in (0, 1).

    Stratified, each is the inverse of its law at levels of which every n-th part holds one.
    """
    (r, alpha), (a, b), (_, q, v) = rate, dropout, ticket
    if not stratified:
        return rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n), rng.gamma(q, 1 / v, n), rng.random(n)
    pace, loss, size, joined = ((rng.permutation(n) + rng.random(n)) / n for _ in range(4))
    return gammaincinv(r, pace) / alpha, betaincinv(a, b, loss), gammaincinv(q, size) / v, joined


def _purchase_days(
    rng: np.random.Generator,
    joined: np.ndarray,
    per_day: np.ndarray,
    chance: np.ndarray,
    busy_until: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return customer and day of every purchase, and who dropped out.

    Given their number, the times of a Poisson process are uniform; a customer makes the first
    few of them, up to the one after which they drop out.
    """
    n, days = len(joined), np.arange(len(busy_until))
    since = np.interp(joined, days, busy_until)
    span = busy_until[-1] - since
    would_make = rng.poisson(per_day * span)
    last_made = rng.geometric(np.maximum(chance, 1e-12))
    makes = np.minimum(would_make, last_made)

    owner = np.repeat(np.arange(n), would_make)
    # One sort puts every customer's uniforms in order, since owners already are.
    level = np.sort(owner + rng.random(len(owner))) - owner
    place = np.arange(len(owner)) - np.repeat(np.cumsum(would_make) - would_make, would_make)
    made = place < makes[owner]

    customer = np.repeat(np.arange(n, dtype=np.int64), makes + 1)
    is_first = np.diff(customer, prepend=-1) > 0
    time = np.empty(len(customer))
    time[is_first] = joined
    owner = owner[made]
    time[~is_first] = np.interp(since[owner] + level[made] * span[owner], busy_until, days)
    # Rounding may carry a time to the very end of the window, which is the next day.
    return customer, np.minimum(time.astype(np.int64), len(days) - 2), last_made <= would_make


def draw_refunds(
    rng: np.random.Generator, purchases: pd.DataFrame, *, share: float, within_days: int
) -> pd.DataFrame:
    """Return a refund for a `share` of `purchases`: the whole amount, negative, some days later.

    The frame has the columns and order of `purchases`; each refund follows its purchase by 1 to
    `within_days` days, all equally likely. Purchases are refunded independently of each other.
    """
    require_probability("share", share)
    require_at_least("within_days", within_days, 1)

    refunds = purchases.loc[rng.random(len(purchases)) < share]
    later = rng.integers(1, within_days, len(refunds), endpoint=True)
    return refunds.assign(
        date=refunds["date"] + pd.to_timedelta(later, unit="D"), amount=-refunds["amount"]
    )


def concentrate(
    purchases: pd.DataFrame,
    customers: pd.DataFrame,
    *,
    share: float,
    until: pd.Timestamp | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both frames with tickets spread so that the top 20 % bring a `share` of the spend.

    Each customer's mean ticket m and amounts are multiplied by (m / g)**k, where g is the
    geometric mean of the m; k is found by bisection, and is 0 where nothing changes. Amounts keep
    their law around each customer's own mean, and numbers of purchases stay as they are.

    Parameters
    ----------
    purchases : DataFrame with customer_id (1 to the number of customers) and amount
        Refunds count, as amounts below 0.
    customers : DataFrame with customer_id and mean_ticket, in the order of customer_id
    share : float in (0, 1]
    until : Timestamp, optional
        Day after which the spend does not count, though it is spread alike.

    Raises
    ------
    OutOfRangeError
        If no spread of tickets gives that share; the message says what can be had.
    """
    require_probability("share", share)
    ratio = np.log(customers["mean_ticket"].to_numpy())
    ratio = ratio - ratio.mean()
    counted = purchases if until is None else purchases.loc[purchases["date"] <= until]
    spend = np.bincount(counted["customer_id"] - 1, counted["amount"], len(ratio))
    top = max(1, round(0.2 * len(ratio)))

    def reached(power: float) -> float:
        scaled = np.sort(spend * np.exp(power * ratio))
        return scaled[-top:].sum() / scaled.sum()

    # Below -1 the usual ticket would be small for those who spend much: the share turns.
    low, high = -1.0, 5.0
    if not reached(low) <= share <= reached(high):
        raise OutOfRangeError(
            f"the top 20 % cannot bring {share:g} of the spend of these customers; between "
            f"{reached(low):.2f} and {reached(high):.2f} can be had."
        )
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < share else (low, middle)
    times = np.exp(high * ratio)
    amount = purchases["amount"].to_numpy() * times[purchases["customer_id"] - 1]
    whole = np.sign(amount) * np.maximum(np.abs(amount).round(2), 0.01)
    mean_ticket = customers["mean_ticket"] * times
    return purchases.assign(amount=whole), customers.assign(mean_ticket=mean_ticket)
