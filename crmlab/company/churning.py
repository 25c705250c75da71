"""How soon customers must leave for a given share of a year's customers to be gone the next."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from crmlab._shapes import Simulated
from crmlab.campaigns.simulate import simulate_promotions
from crmlab.company.buying import draw_buying
from crmlab.company.calendar import FIRST_DAY, WINDOW
from crmlab.company.scenario import Scenario
from crmlab.company.streams import BLOCK, Block, stream
from crmlab.errors import OutOfRangeError

LEAST, MOST = 0.01, 30.0
STEPS = 10


def promotions_of(seed: int, scenario: Scenario) -> Simulated:
    """Return the promotions of a world, which are the same for all its customers."""
    return simulate_promotions(
        scenario.promotions,
        lift=scenario.promotion_lift,
        seed=stream(seed, "promotions"),
        **WINDOW,
    )


@cache
def churn_of(seed: int, scenario: Scenario) -> float:
    """Return the times of the usual dropout with which the scenario's rolling churn comes about.

    It is found by bisection on a whole block of customers with all that the firm does to them, so
    it is the same for a small world and for a large one. A block has about 5,300 customers who
    buy in 2023; their share has a standard error of at most 0.7 points, and that of the world
    comes on top of it.

    Raises
    ------
    OutOfRangeError
        If no dropout gives that share, since failures, contacts and a slow pace alone make more
        customers stay away, or none makes as many leave; the message says what can be had.
    """
    wanted = scenario.rolling_churn
    if wanted is None:
        return scenario.churn
    promotions = promotions_of(seed, scenario)
    scenario = replace(scenario, concentration=None)  # moves money, and no purchases
    low, high = np.log(LEAST), np.log(MOST)
    least, most = (_rolling(seed, scenario, promotions, times) for times in (LEAST, MOST))
    if not least <= wanted <= most:
        raise OutOfRangeError(
            f"no dropout gives a rolling churn of {wanted:g} here; between {least:.2f} and "
            f"{most:.2f} can be had. Failures and contacts that drive away are in it too."
        )
    for _ in range(STEPS):
        middle = (low + high) / 2
        found = _rolling(seed, scenario, promotions, np.exp(middle))
        low, high = (middle, high) if found < wanted else (low, middle)
    return float(np.exp((low + high) / 2))


def _rolling(seed: int, scenario: Scenario, promotions: Simulated, churn: float) -> float:
    """Return the share of the first block's customers of 2023 who buy nothing in 2024."""
    block = Block(0, BLOCK, 0)
    log = draw_buying(seed, scenario, block, promotions, churn=churn).purchases
    bought = log["amount"].to_numpy() > 0
    customer, year = log["customer_id"].to_numpy()[bought], log["date"].dt.year[bought].to_numpy()
    before, after = (
        np.bincount(customer[year == FIRST_DAY.year + k], minlength=BLOCK + 1) > 0 for k in (0, 1)
    )
    return 1 - (before & after).sum() / before.sum()
