"""A pancake stall by a school: who orders before the bell, and who comes after it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_positive, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.social.simulate.fans import require_share

LESSON, WALK, SLOWEST, EVENNESS = 45.0, 2.0, 6.0, 4.0


def simulate_stall(
    n: int,
    *,
    preorder_share: float = 0.0,
    per_break: int = 60,
    service_minutes: float = 0.5,
    minutes_between: float = 240.0,
    seed: Seed,
) -> Simulated:
    """Simulate `n` orders at a stall: each break's students come at once, after the bell.

    Model
    -----
    Every `minutes_between` minutes a bell ends a lesson of 45 minutes, and `per_break` students
    want a pancake. A student walks 2 + 6 sqrt(U) minutes to the stall, U uniform in (0, 1), so
    that most are there between 6 and 8 minutes after the bell. The rounded `preorder_share` of
    each break's students, drawn at random, has ordered in the group at an even time of the lesson,
    and only collects. A pancake takes Gamma(4) minutes of mean `service_minutes`.

    Parameters
    ----------
    n : int
        Orders in all; the last break has what is left.
    preorder_share : float in [0, 1]
    per_break : int, at least 1
    service_minutes : float, above 0
        Mean time a pancake takes.
    minutes_between : float, 60 or more
        From bell to bell.
    seed : int, SeedSequence or Generator
        Same seed, same students: two shares differ only in who has ordered before.

    Returns
    -------
    data : DataFrame, one row per order, in the order in which orders reach the stall
        break_id : int64, from 0
        preordered : bool
        ordered_at, collects_at : float64, minutes since the stall began; alike for who did not
            order before
        service_minutes : float64
    truth : DataFrame, one row per break: break_id, bell_at (float64, minutes)

    Raises
    ------
    OutOfRangeError
        If `n` or `per_break` is below 1, `preorder_share` lies outside [0, 1], `service_minutes` is
        not above 0, `minutes_between` below 60, or `seed` is no seed.

    See Also
    --------
    crmlab.social.measure.queue_waits : who waits how long.

    Examples
    --------
    >>> orders, truth = simulate_stall(120, preorder_share=0.5, seed=1)
    >>> int(orders["preordered"].sum())
    60
    """
    require_real(preorder_share=preorder_share, minutes_between=minutes_between)
    require_at_least("n", n, 1)
    require_at_least("per_break", per_break, 1)
    require_share("preorder_share", preorder_share)
    require_positive("service_minutes", service_minutes)
    require_at_least("minutes_between", int(minutes_between), 60)
    rng = stream_of(seed, "simulate_stall")
    place = np.arange(n) // per_break
    bell = LESSON + place * minutes_between
    collects = bell + WALK + SLOWEST * np.sqrt(rng.random(n))
    early = bell - LESSON * rng.random(n)
    # The students of a break stand in the order of nothing, so the first of them are any.
    preordered = np.arange(n) % per_break < round(preorder_share * per_break)
    service = rng.gamma(EVENNESS, service_minutes / EVENNESS, n)
    ordered = np.where(preordered, early, collects)
    order = np.argsort(ordered, kind="stable")
    data = pd.DataFrame(
        {
            "break_id": place[order],
            "preordered": preordered[order],
            "ordered_at": ordered[order],
            "collects_at": collects[order],
            "service_minutes": service[order],
        }
    )
    breaks = np.arange(place[-1] + 1)
    truth = pd.DataFrame({"break_id": breaks, "bell_at": LESSON + breaks * minutes_between})
    return Simulated(data, truth)
