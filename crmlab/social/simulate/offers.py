"""Two offers of the course: flowers by reposts, and a price set by the hour of arrival."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_positive, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError
from crmlab.social.simulate.fans import require_share

# When guests come who are not told of a price: lunch, supper, and a few in between.
HOURS = np.array([11, 12, 13, 14, 17, 18, 19, 20, 21, 22])
WEIGHTS = np.array([0.08, 0.17, 0.1, 0.03, 0.06, 0.16, 0.18, 0.12, 0.07, 0.03])
BILL, SPREAD = 80.0, 0.4


def simulate_reposts(
    n: int, *, first: float = 8.0, passed_on: float = 0.6, seed: Seed
) -> Simulated:
    """Simulate how often each of `n` posts that promise a flower per repost is reposted.

    Model
    -----
    A post is reposted by Poisson(first) of the fans, and each repost by Poisson(passed_on) others,
    generation by generation. The mean is first / (1 - passed_on) and the variance first /
    (1 - passed_on)^3: near 1 most posts stay small and a few run away.

    Parameters
    ----------
    n : int, at least 1
        Posts.
    first : float, above 0
    passed_on : float in [0, 1)
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per post: post_id, reposts (int64)
    truth : DataFrame: post_id, generations (int64, until nobody passed it on)

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `first` is not above 0, `passed_on` lies outside [0, 1), or `seed` is no
        seed.

    Source
    ------
    Total size of a branching process: Harris (1963), The Theory of Branching Processes, section
    I.13.

    Examples
    --------
    >>> posts, truth = simulate_reposts(100, seed=1)
    >>> len(posts)
    100
    """
    require_real(passed_on=passed_on)
    require_at_least("n", n, 1)
    require_positive("first", first)
    if not 0 <= passed_on < 1:
        raise OutOfRangeError(
            f"passed_on must lie in [0, 1), or a post may be reposted for ever; got {passed_on!r}."
        )
    rng = stream_of(seed, "simulate_reposts")
    now = rng.poisson(first, n)
    total, generations = np.zeros(n, dtype="int64"), np.zeros(n, dtype="int64")
    while now.any():
        total += now
        generations += now > 0
        now = rng.poisson(passed_on * now)
    number = np.arange(1, n + 1)
    data = pd.DataFrame({"post_id": number, "reposts": total})
    return Simulated(data, pd.DataFrame({"post_id": number, "generations": generations}))


def simulate_arrivals(
    n: int,
    *,
    told: float = 0.5,
    comes: float = 0.5,
    wins: float = 0.3,
    patience_cny: float = 12.0,
    seed: Seed,
) -> Simulated:
    """Simulate `n` guests in town, some of whom are told that the hour they arrive sets the price.

    Model
    -----
    A share `comes` of the guests would come anyway, at a usual hour (lunch and supper), and pay a
    lognormal bill of mean 80. The rounded share `told`, drawn at random, hears of the offer. Who is
    told weighs all 24 hours: a bill B at hour h is worth
        B * (1 - share paid at h) - annoyance * hours from the usual hour (round the clock)
    more than the usual hour at its full price, with annoyance ~ Exponential(patience_cny), and
    takes the best. A share `wins` of those who would not have come does, at the best hour, if told.

    Parameters
    ----------
    n : int, at least 1
    told, comes, wins : float in [0, 1]
    patience_cny : float, above 0
        Mean yuan that an hour's shift must save.
    seed : int, SeedSequence or Generator
        Same seed, same guests.

    Returns
    -------
    data : DataFrame, one row per guest
        guest_id : int64; told, came : bool
        hour : Int64, from 1 to 24, missing for who did not come
        bill_cny : float64, full price; 0 for who did not come
    truth : DataFrame: guest_id; usual_hour : int64; comes_anyway : bool; annoyance_cny : float64

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `told`, `comes` or `wins` lies outside [0, 1], `patience_cny` is not
        above 0, or `seed` is no seed.

    See Also
    --------
    crmlab.social.measure.arrival_offer : told beside not told.

    Examples
    --------
    >>> guests, truth = simulate_arrivals(1_000, seed=1)
    >>> int(guests["told"].sum())
    500
    """
    require_real(told=told, comes=comes, wins=wins)
    require_at_least("n", n, 1)
    for name, share in {"told": told, "comes": comes, "wins": wins}.items():
        require_share(name, share)
    require_positive("patience_cny", patience_cny)
    rng = stream_of(seed, "simulate_arrivals")
    usual = HOURS[np.searchsorted(np.cumsum(WEIGHTS) / WEIGHTS.sum(), rng.random(n))]
    anyway, won = rng.random(n) < comes, rng.random(n) < wins
    annoyance = rng.exponential(patience_cny, n)
    bill = (BILL * np.exp(SPREAD * rng.normal(size=n) - SPREAD**2 / 2)).round(2)
    hears = rng.permutation(n) < round(told * n)
    clock = np.arange(1, 25)
    far = np.abs(clock - usual[:, None])
    far = np.minimum(far, 24 - far)
    paid = np.minimum((clock - 1) % 12 + 1, 10) / 10
    best = clock[(bill[:, None] * (1 - paid) - annoyance[:, None] * far).argmax(axis=1)]
    came = anyway | (hears & won)
    number = np.arange(1, n + 1)
    data = pd.DataFrame(
        {
            "guest_id": number,
            "told": hears,
            "came": came,
            "hour": pd.Series(np.where(hears, best, usual), dtype="Int64").mask(~came),
            "bill_cny": np.where(came, bill, 0.0),
        }
    )
    truth = {"guest_id": number, "usual_hour": usual, "comes_anyway": anyway}
    return Simulated(data, pd.DataFrame(truth | {"annoyance_cny": annoyance}))
