"""Customers who pass through five stages, of which only the purchases are seen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_positive, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

STAGES = ("acquisition", "growth", "maturity", "decline", "termination")
# A month's chances, from the stage of the row.
CHAIN = (
    (0.80, 0.16, 0.00, 0.00, 0.04),
    (0.00, 0.82, 0.13, 0.04, 0.01),
    (0.00, 0.02, 0.91, 0.07, 0.00),
    (0.00, 0.04, 0.06, 0.75, 0.15),
    (0.00, 0.00, 0.00, 0.00, 1.00),
)
# Mean purchases a month.
PACE = (0.3, 3.0, 8.0, 2.0, 0.0)
TICKET, SPREAD = 40.0, 0.4


def simulate_lifecycle(
    n: int,
    *,
    months: int = 36,
    chain: tuple[tuple[float, ...], ...] | np.ndarray = CHAIN,
    memory: float = 0.0,
    pace: float = 1.0,
    seed: Seed,
) -> Simulated:
    """Simulate `n` customers who pass through five stages (客户生命周期), a step each month.

    Model
    -----
    A customer begins in acquisition, in a month drawn at random from the first two thirds of the
    `months`, and is watched to the end: the stay in the last stage is cut off (right-censored).
    From stage j the next month's stage is k with chance chain[j][k]. With `memory` m it is, with
    chance m, the stage of the month before j, if the chain lets one step there: a chain of second
    order. In stage k a customer buys Poisson(pace * PACE[k]) times a month, PACE being .3, 3, 8,
    2 and 0, for 40 yuan each, times exp(.4 N(0, 1)) a month.

    Of those who reach no end, the mean months in each stage are the rows of (I - Q)^-1, where Q
    is the chain among the first four stages.

    Parameters
    ----------
    n : int, at least 1
    months : int, at least 3
    chain : 5 x 5 numbers in [0, 1] whose rows sum to 1
    memory : float in [0, 1)
    pace : float above 0
        How quickly everybody buys; a pace of .15 makes customers whom rules mistake.
    seed : int, SeedSequence or Generator
        Same seed, same customers.

    Returns
    -------
    data : DataFrame, one row per customer and month from the first, by both
        customer_id, month : int64, both from 1
        purchases : int64
        spend : float64, CNY
    truth : DataFrame, one row per row of `data`
        customer_id, month : int64
        stage : str

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `months` below 3, `pace` is not above 0, `memory` lies outside [0, 1),
        `chain` is no such table, or `seed` is no seed.

    See Also
    --------
    crmlab.customers.measure.transition_matrix : recovers the chain.
    crmlab.customers.measure.life_stages : finds stages by rule.

    Examples
    --------
    >>> data, truth = simulate_lifecycle(500, seed=1)
    >>> truth["stage"].nunique(), data["month"].max()
    (5, np.int64(36))
    """
    require_real(memory=memory)
    require_at_least("n", n, 1)
    require_at_least("months", months, 3)
    require_positive("pace", pace)
    try:
        steps = np.asarray(chain, dtype="float64")
    except (TypeError, ValueError):  # words, or rows of unlike length
        steps = np.empty(0)
    if steps.shape != (5, 5) or (steps < 0).any() or not np.allclose(steps.sum(axis=1), 1):
        raise OutOfRangeError("chain must be 5 x 5 chances, the rows of which sum to 1.")
    if not 0 <= memory < 1:
        raise OutOfRangeError(f"memory must lie in [0, 1); got {memory!r}.")
    rng = stream_of(seed, "simulate_lifecycle")
    begins = rng.integers(0, max(2 * months // 3, 1), n)
    until = np.cumsum(steps, axis=1)
    until[:, -1] = 1.0
    stage = np.zeros((n, months), dtype="int64")
    before = now = np.zeros(n, dtype="int64")
    for month in range(1, months):
        level, keeps = rng.random(n), rng.random(n) < memory
        following = (level[:, None] >= until[now]).sum(axis=1)
        back = keeps & (steps[now, before] > 0)
        following = np.where(back, before, following)
        following = np.where(month <= begins, 0, following)
        before, now = now, following
        before = np.where(month <= begins, 0, before)
        stage[:, month] = now
    stays = np.arange(months) >= begins[:, None]
    rows = stage[stays]
    number = repeat(np.arange(1, n + 1), months - begins)
    month = np.broadcast_to(np.arange(1, months + 1), (n, months))[stays]
    bought = rng.poisson(pace * np.array(PACE)[rows])
    spend = bought * TICKET * np.exp(SPREAD * rng.normal(size=len(rows)))
    data = pd.DataFrame({"customer_id": number, "month": month, "purchases": bought})
    names = pd.Series(np.array(STAGES)[rows], dtype="str")
    return Simulated(
        data.assign(spend=spend.round(2)), data[["customer_id", "month"]].assign(stage=names)
    )
