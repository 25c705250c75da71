"""Interviews on paper, some of which never took place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_interviews(
    n: int,
    *,
    interviewers: int = 20,
    cheats: int = 2,
    made_up: float = 0.5,
    items: int = 12,
    seed: Seed,
) -> Simulated:
    """Simulate interviews with answers from 1 to 5, of which a few interviewers made some up.

    Model
    -----
    Interview k belongs to interviewer k mod `interviewers`. A person answers item i with
    3 + .7 m[j] + .8 f + .9 e, rounded into 1 to 5, where f (the person) and e are N(0, 1), and m[j]
    ~ N(0, .3^2) is the district of interviewer j: honest interviewers differ too. It takes a
    log-normal time, 18 minutes in the median, spread .25, times a pace of the interviewer, spread
    .15. A cheat makes each interview up with probability `made_up`: answers are written
    from 3 + .5 f + .6 e, and half of these sheets take all but a third of the answers from an
    earlier one of theirs; that takes seven tenths of the time.

    Parameters
    ----------
    n : int
        Interviews, at least 1.
    interviewers : int, at least 1
    cheats : int, from 0 to `interviewers`; which ones is random
    made_up : float in [0, 1]
    items : int, at least 2
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per interview
        interview_id, interviewer : int64
        minutes : float64
        q1, q2, … : int64, 1 to 5
    truth : DataFrame, one row per interview, keyed like `data`
        interview_id : int64
        made_up, cheat : bool; cheat is whether its interviewer is one

    Raises
    ------
    OutOfRangeError
        If `n` or `interviewers` is below 1, `items` below 2, `cheats` lies outside 0 to
        `interviewers`, `made_up` outside [0, 1], or `seed` is no seed.

    See Also
    --------
    crmlab.collection.measure.fabrication_signs : looks for them.

    Examples
    --------
    >>> data, truth = simulate_interviews(400, seed=1)
    >>> int(truth["made_up"].sum()), data.groupby("interviewer")["minutes"].median().min().round(1)
    (20, np.float64(11.8))
    """
    require_real(made_up=made_up)
    require_at_least("n", n, 1)
    require_at_least("interviewers", interviewers, 1)
    require_at_least("cheats", cheats, 0)
    require_at_least("items", items, 2)
    if cheats > interviewers or not 0 <= made_up <= 1:
        raise OutOfRangeError(
            f"cheats must be at most {interviewers}, and made_up a share; got {cheats} and "
            f"{made_up!r}."
        )
    rng = stream_of(seed, "simulate_interviews")
    who = np.arange(n) % interviewers
    cheat = np.zeros(interviewers, dtype=bool)
    cheat[rng.permutation(interviewers)[:cheats]] = True
    false = cheat[who] & (rng.random(n) < made_up)
    district = rng.normal(0, 0.3, interviewers)[who]
    person = rng.standard_normal((n, 1))
    noise = rng.standard_normal((n, items))
    honest = 3 + 0.7 * district[:, None] + 0.8 * person + 0.9 * noise
    invented = 3 + 0.5 * person + 0.6 * noise
    sheets = np.clip(np.rint(np.where(false[:, None], invented, honest)), 1, 5).astype(np.int64)
    copies = false & (rng.random(n) < 0.5) & (np.arange(n) >= interviewers)
    for k in np.flatnonzero(copies):
        earlier = rng.integers(0, k // interviewers)
        taken = rng.permutation(items)[items // 3 :]
        sheets[k, taken] = sheets[k % interviewers + earlier * interviewers, taken]
    pace = np.exp(rng.normal(0, 0.15, interviewers))[who]
    minutes = 18 * pace * np.exp(rng.normal(0, 0.25, n)) * np.where(false, 0.7, 1.0)
    number = np.arange(1, n + 1)
    data: dict[str, Any] = {"interview_id": number, "interviewer": who + 1, "minutes": minutes}
    data |= {f"q{i + 1}": sheets[:, i] for i in range(items)}
    truth = {"interview_id": number, "made_up": false, "cheat": cheat[who]}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
