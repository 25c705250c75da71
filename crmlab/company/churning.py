"""What a scenario asks of the whole firm: how soon customers leave, how far tickets spread."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from crmlab._groups import bincount
from crmlab._shapes import Simulated
from crmlab.campaigns.simulate import simulate_promotions
from crmlab.company.buying import Buying, draw_buying
from crmlab.company.calendar import FIRST_DAY, LAST_DAY, WINDOW
from crmlab.company.scenario import Scenario
from crmlab.company.streams import BLOCK, Block, blocks, stream
from crmlab.errors import OutOfRangeError
from crmlab.lifetime.simulate.concentration import Spread, spread_for

LEAST, MOST = 0.01, 30.0
STEPS = 10
# Blocks on which the spread of tickets is found: the share errs by 0.3 points at most.
LOOKED_AT = 8


def promotions_of(seed: int, scenario: Scenario, n: int = 1_000) -> Simulated:
    """Return the promotions of a world, which are the same for all its customers."""
    return simulate_promotions(
        scenario.promotions,
        lift=scenario.promotion_lift,
        customers=n,
        seed=stream(seed, "promotions"),
        **WINDOW,
    )


def solved(seed: int, scenario: Scenario, n: int) -> tuple[float, Spread | None]:
    """Return the times of the usual dropout, and the spread of tickets, that a scenario asks for.

    Raises
    ------
    OutOfRangeError
        If no world has them; the message says of both what can be had.
    """
    wrong, churn, spread = [], scenario.churn, None
    try:
        churn = churn_of(seed, scenario)
    except OutOfRangeError as error:
        wrong.append(str(error))
    try:
        spread = spread_of(seed, scenario, n, churn)
    except OutOfRangeError as error:
        wrong.append(f"{'With the usual dropout ' if wrong else ''}{error}")
    if wrong:
        raise OutOfRangeError(" ".join(wrong))
    return churn, spread


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


@cache
def spread_of(seed: int, scenario: Scenario, n: int, churn: float) -> Spread | None:
    """Return the spread of tickets with which the scenario's concentration comes about.

    It is found on the whole firm, or on its first 65,536 customers, and is one for all blocks.
    """
    if scenario.concentration is None:
        return None
    promotions, found = promotions_of(seed, scenario), None
    # The second look mends what a spread of tickets changes in whom promotions are for.
    for _ in range(2):
        parts = [
            _spend(draw_buying(seed, scenario, block, promotions, churn=churn, spread=found))
            for block in blocks(n)[:LOOKED_AT]
        ]
        spend, mean_ticket = np.concatenate(parts, axis=1)
        more = spread_for(spend, mean_ticket, share=scenario.concentration)
        found = more if found is None else found.then(more)
    return found


def _spend(buying: Buying) -> np.ndarray:
    """Return what each customer of a block spends in the window, and the mean ticket."""
    people, log = buying.customers, buying.purchases
    log = log.iloc[: log["date"].searchsorted(LAST_DAY, side="right")]
    row = log["customer_id"].to_numpy() - people["customer_id"].iloc[0]
    spend = bincount(row, log["amount"], len(people))
    return np.stack([spend, people["mean_ticket"].to_numpy()])


def _rolling(seed: int, scenario: Scenario, promotions: Simulated, churn: float) -> float:
    """Return the share of the first block's customers of 2023 who buy nothing in 2024."""
    block = Block(0, BLOCK, 0)
    log = draw_buying(seed, scenario, block, promotions, churn=churn).purchases
    bought = log["amount"].to_numpy() > 0
    customer, year = log["customer_id"].to_numpy()[bought], log["date"].dt.year[bought].to_numpy()
    before, after = (
        bincount(customer[year == FIRST_DAY.year + k], minlength=BLOCK + 1) > 0 for k in (0, 1)
    )
    return 1 - (before & after).sum() / before.sum()
