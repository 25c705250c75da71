"""What can be wrong with a trial whose lots were fair: friends, novelty, too many ideas."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    Seed,
    require_at_least,
    require_one_of,
    require_positive,
    require_real,
    stream_of,
)
from crmlab._groups import bincount, repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_friends(
    n: int,
    *,
    circle: int = 5,
    draw: str = "customer",
    effect: float = 6.0,
    spill: float = 0.5,
    likeness: float = 0.3,
    seed: Seed,
) -> Simulated:
    """Simulate a campaign among circles of friends who tell each other of it (溢出).

    Model
    -----
    Customers stand in circles of `circle`; half of the customers are treated, or half of the
    circles. Spend is
        100 + 30 (sqrt(likeness) c + sqrt(1 - likeness) e)
            + effect * (treated + spill * share of the other friends who are treated),
    c of the circle and e of the customer standard normal. Treating everybody adds
    effect * (1 + spill) to each. Where single customers are drawn, friends of the control group
    are treated as often, and the difference is `effect` alone; where circles are drawn it is
    effect * (1 + spill).

    Parameters
    ----------
    n : int
        Circles, at least 4.
    circle : int, at least 2
    draw : "customer" or "circle"
    effect : float, CNY
    spill, likeness : float in [0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer: customer_id, circle_id (int64), treated (bool),
        spend (float64)
    truth : DataFrame, one row per customer: customer_id; effect (float64), of treating everybody

    Raises
    ------
    OutOfRangeError
        If `n` is below 4, `circle` below 2, `draw` is unknown, `spill` or `likeness` lies outside
        [0, 1], or `seed` is no seed.

    See Also
    --------
    crmlab.campaigns.measure.treatment_effect : with `store="circle_id"`.

    Examples
    --------
    >>> data, truth = simulate_friends(1_000, draw="circle", seed=1)
    >>> truth["effect"].iloc[0]
    np.float64(9.0)
    """
    require_real(effect=effect, spill=spill, likeness=likeness)
    require_at_least("n", n, 4)
    require_at_least("circle", circle, 2)
    require_one_of("draw", draw, ("customer", "circle"))
    for name, share in (("spill", spill), ("likeness", likeness)):
        if not 0 <= share <= 1:
            raise OutOfRangeError(f"{name} must lie in [0, 1], not a percent; got {share!r}.")
    rng = stream_of(seed, "simulate_friends")
    people = n * circle
    home = repeat(np.arange(n), circle)
    if draw == "circle":
        treated = (rng.permutation(n) < n // 2)[home]
    else:
        treated = rng.permutation(people) < people // 2
    friends = (bincount(home, treated.astype(float))[home] - treated) / (circle - 1)
    own = np.sqrt(likeness) * rng.standard_normal(n)[home]
    own = own + np.sqrt(1 - likeness) * rng.standard_normal(people)
    number = np.arange(1, people + 1)
    data = pd.DataFrame({"customer_id": number, "circle_id": home + 1, "treated": treated})
    data["spend"] = 100 + 30 * own + effect * (treated + spill * friends)
    return Simulated(data, pd.DataFrame({"customer_id": number, "effect": effect * (1 + spill)}))


def simulate_novelty(
    n: int,
    *,
    weeks: int = 12,
    lasting: float = 1.0,
    novel: float = 6.0,
    half_life: float = 1.5,
    seed: Seed,
) -> Simulated:
    """Simulate a trial over weeks in which a part of the effect is mere novelty (新奇效应).

    Model
    -----
    A treated customer spends in week t = 0, 1, ... on average
        lasting + novel * 2 ** (-t / half_life)   CNY
    more than the 20 of a customer in control; a week's spend is Gamma(1, mean).

    Parameters
    ----------
    n : int, at least 4
        Customers.
    weeks : int, at least 2
    lasting, novel : float, each above -10
    half_life : float above 0
        Weeks until half of what is novel is gone.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer and week: customer_id, week (int64), treated (bool),
        spend (float64)
    truth : DataFrame, one row per week: week (int64), effect (float64)

    Raises
    ------
    OutOfRangeError
        If `n` is below 4, `weeks` below 2, `lasting` or `novel` not above -10, `half_life` not
        above 0, or `seed` is no seed.

    See Also
    --------
    crmlab.campaigns.measure.effect_by_week : what is left of it.

    Examples
    --------
    >>> _, truth = simulate_novelty(10, weeks=4, half_life=1, seed=1)
    >>> truth["effect"].tolist()
    [7.0, 4.0, 2.5, 1.75]
    """
    require_real(lasting=lasting, novel=novel)
    require_at_least("n", n, 4)
    require_at_least("weeks", weeks, 2)
    require_positive("half_life", half_life)
    for name, value in (("lasting", lasting), ("novel", novel)):
        if not -10 < value < np.inf:
            raise OutOfRangeError(f"{name} must be a finite number above -10; got {value!r}.")
    rng = stream_of(seed, "simulate_novelty")
    treated = rng.permutation(n) < n // 2
    effect = lasting + novel * 2.0 ** (-np.arange(weeks) / half_life)
    mean = 20 + treated[:, None] * effect
    data = {
        "customer_id": repeat(np.arange(1, n + 1), weeks),
        "week": np.tile(np.arange(weeks), n),
        "treated": repeat(treated, weeks),
        "spend": (mean * rng.exponential(1.0, mean.shape)).ravel(),
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame({"week": np.arange(weeks), "effect": effect}))


def simulate_ideas(
    n: int,
    *,
    customers: int = 20_000,
    mean: float = 0.0,
    spread: float = 2.0,
    sd: float = 130.0,
    seed: Seed,
) -> Simulated:
    """Simulate trials of `n` ideas, among which the customers are split evenly.

    Model
    -----
    The effect of an idea ~ Normal(mean, spread). Its trial has customers / n customers, half of
    them in control, so that it measures effect + Normal(0, s) with s = 2 sd / sqrt(customers / n).
    Of an idea that measured x, one may expect w x + (1 - w) mean, w = spread**2 / (spread**2 +
    s**2): the best one measured more than it is worth.

    Parameters
    ----------
    n : int, at least 1
    customers : int, at least 4 for each idea
    mean : float; spread : float of 0 or more, CNY per customer
    sd : float above 0, of a customer's spend
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per idea: idea (int64), customers (int64); effect, standard_error
        (float64), as measured
    truth : DataFrame, one row per idea: idea (int64), effect (float64)

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `customers` below four for each idea, `mean` is not finite, `spread`
        below 0, `sd` not above 0, or `seed` is no seed.

    See Also
    --------
    crmlab.loyalty.measure.shrunken : what the best one is worth.

    Examples
    --------
    >>> ideas, truth = simulate_ideas(20, seed=1)
    >>> ideas["customers"].sum()
    np.int64(20000)
    """
    require_real(mean=mean, spread=spread)
    require_at_least("n", n, 1)
    require_at_least("customers", customers, 4 * n)
    require_positive("sd", sd)
    if not 0 <= spread < np.inf or not np.isfinite(mean):
        raise OutOfRangeError(f"spread must be 0 or more, mean finite; got {spread!r}, {mean!r}.")
    rng = stream_of(seed, "simulate_ideas")
    many = np.full(n, customers // n) + (np.arange(n) < customers % n)
    error = 2 * sd / np.sqrt(many)
    effect = rng.normal(mean, spread, n)
    idea = np.arange(1, n + 1)
    data = {"idea": idea, "customers": many.astype(np.int64)}
    data |= {"effect": rng.normal(effect, error), "standard_error": error}
    return Simulated(pd.DataFrame(data), pd.DataFrame({"idea": idea, "effect": effect}))
