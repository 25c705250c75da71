"""Contacts that sell, to strangers and to customers, beside some left alone at random."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_probability, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

GROUPS = ("new", "existing")
SUCCESS = {"new": 0.15, "existing": 0.50}
# Who of them buys without a contact, all the same.
ANYWAY = {"new": 0.01, "existing": 0.42}
# A contact with a stranger takes half as long again.
COST = {"new": 30.0, "existing": 20.0}
# Margin of the sale, and what a new customer brings after it.
MARGIN = {"new": 250.0, "existing": 100.0}
SPREAD = 0.5


def simulate_selling(
    n: int,
    *,
    success: Mapping[str, float] = SUCCESS,
    anyway: Mapping[str, float] = ANYWAY,
    cost: Mapping[str, float] = COST,
    margin: Mapping[str, float] = MARGIN,
    control: float = 0.0,
    spread: float = SPREAD,
    seed: Seed,
) -> Simulated:
    """Simulate `n` strangers and `n` customers who are contacted, but some left alone at random.

    Model
    -----
    Of each group the rounded share `control`, drawn at random, is left alone and buys with chance
    `anyway`; the others are contacted and buy with chance `success`: of 10,000 contacts with
    strangers 1,500 sell, of as many with customers 5,000, so 6.67 and 2 contacts make a sale. A
    contact costs cost * exp(spread * N(0, 1) - spread^2 / 2), on average 30 and 20. So a sale to a
    stranger costs on average 30 / .15 = 200, one to a customer 20 / .5 = 40: the rule of 1:5. The
    margin of a sale has the means `margin` and the same spread. What a contact *adds* is
        margin * (success - anyway) - cost
    5 for a stranger and -12 for a customer: the cheap sales would have come anyway.

    Parameters
    ----------
    n : int, at least 1
        People in each group.
    success, anyway : mapping of "new" and "existing" to float in [0, 1]
        A contact does not put anybody off: success is not below anyway.
    cost, margin : mapping of the same to float, 0 or more, CNY
    control : float in [0, 1)
    spread : float, 0 or more
    seed : int, SeedSequence or Generator
        Same seed, same people.

    Returns
    -------
    data : DataFrame, one row per person, strangers first
        person_id : int64, from 1
        group : str, "new" or "existing"
        contacted, sold : bool
        cost_cny, margin_cny : float64; 0 without a contact, without a sale
    truth : DataFrame, one row per person: person_id, and buys_anyway (bool), who needs no contact

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, one of `success` or `anyway` lies outside [0, 1] or the first below the
        second, one of `cost` or `margin` or `spread` is below 0, `control` lies outside [0, 1), or
        `seed` is no seed.

    See Also
    --------
    crmlab.customers.measure.contact_yield : contacts per sale, cost per sale, what a contact adds.

    Examples
    --------
    >>> data, truth = simulate_selling(10_000, seed=1)
    >>> int(data["sold"].sum()), int(truth["buys_anyway"].sum())
    (6457, 4261)
    """
    require_real(control=control, spread=spread)
    require_at_least("n", n, 1)
    for name in GROUPS:
        if not 0 <= anyway.get(name, -1) <= success.get(name, -1) <= 1:
            raise OutOfRangeError(
                f"anyway and success of {name!r} must be shares in [0, 1], the second not below "
                f"the first; got {anyway.get(name)!r} and {success.get(name)!r}."
            )
        if not (0 <= cost.get(name, -1) < np.inf and 0 <= margin.get(name, -1) < np.inf):
            raise OutOfRangeError(f"cost and margin of {name!r} must be finite, 0 or more.")
    if not 0 <= control < 1:
        raise OutOfRangeError(
            f"control must lie in [0, 1), a share not a percent; got {control!r}."
        )
    if not 0 <= spread < np.inf:
        raise OutOfRangeError(f"spread must be a finite number of 0 or more; got {spread!r}.")
    rng = stream_of(seed, "simulate_selling")
    parts, alone = [], round(control * n)
    for name in GROUPS:
        contacted = rng.permutation(n) >= alone
        level = rng.random(n)
        would, sold = level < anyway[name], level < np.where(contacted, success[name], anyway[name])
        about = np.exp(spread * rng.normal(size=(2, n)) - spread**2 / 2)
        part = {"group": name, "contacted": contacted, "sold": sold}
        part |= {"cost_cny": np.where(contacted, cost[name] * about[0], 0.0).round(2)}
        part |= {"margin_cny": np.where(sold, margin[name] * about[1], 0.0).round(2)}
        parts.append(pd.DataFrame(part).assign(buys_anyway=would))
    people = pd.concat(parts, ignore_index=True).astype({"group": "str"})
    people.insert(0, "person_id", np.arange(1, 2 * n + 1))
    return Simulated(people.drop(columns="buys_anyway"), people[["person_id", "buys_anyway"]])


def simulate_spending(
    n: int,
    *,
    ceiling: float = 0.4,
    steepness: float = 0.05,
    spends: tuple[float, ...] = (5.0, 10.0, 20.0, 40.0, 80.0),
    seed: Seed,
) -> Simulated:
    """Simulate a test of how much to spend on a person: each level at random for `n` people.

    Model
    -----
    A person on whom `spend` is spent is won (or kept) with chance
        ceiling * (1 - exp(-steepness * spend))
    the falling returns of Blattberg and Deighton (1996).

    Parameters
    ----------
    n : int, at least 1
        People at each level.
    ceiling : float in (0, 1]
        Share who are won at any price.
    steepness : float above 0, per unit of money
    spends : numbers, 0 or more
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per level: spend (float64), people, successes (int64)
    truth : DataFrame, one row per level: spend, chance (float64)

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `ceiling` lies outside (0, 1], `steepness` is not above 0, `spends` are
        none or below 0, or `seed` is no seed.

    See Also
    --------
    crmlab.customers.model.SpendingResponse : finds ceiling and steepness.

    Examples
    --------
    >>> data, truth = simulate_spending(1_000, seed=1)
    >>> truth["chance"].round(2).tolist()
    [0.09, 0.16, 0.25, 0.35, 0.39]
    """
    require_real(steepness=steepness)
    require_at_least("n", n, 1)
    require_probability("ceiling", ceiling)
    level = np.array(spends, dtype="float64")
    if not 0 < steepness < np.inf or not level.size or not ((level >= 0) & (level < np.inf)).all():
        raise OutOfRangeError("steepness must be above 0, and spends one or more, none below 0.")
    rng = stream_of(seed, "simulate_spending")
    chance = -ceiling * np.expm1(-steepness * level)
    data = pd.DataFrame({"spend": level, "people": n, "successes": rng.binomial(n, chance)})
    return Simulated(data, pd.DataFrame({"spend": level, "chance": chance}))
