"""Questionnaires filled in with care, or without, and by people who really mean it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

PATTERNS = ("incomplete", "no answer", "one-sided", "middle", "contradiction")


def simulate_questionnaires(
    n: int,
    *,
    items: int = 20,
    careless: float = 0.03,
    devoted: float = 0.05,
    mixed: bool = True,
    seed: Seed,
) -> Simulated:
    """Simulate answers from 1 to 5 to `items` statements, with five patterns planted.

    Model
    -----
    The first three quarters of the statements praise, the last quarter (stored last) is the
    opposite of the first statements, one by one: q16 of 20 says the opposite of q1. A person of
    opinion f ~ N(0, 1) answers 3 + 1.1 f + .7 e, rounded into 1 to 5, and 6 less that where the
    statement is an opposite. A share `devoted` means it: f is 4, and they tick the end of every
    scale, as they are asked. A share `careless` each:
        incomplete      stops after a third of the statements
        no answer       leaves out the third and the fifth statement, and answers all others
        one-sided       begins with care, and from some point before two fifths on ticks 4 or 5,
                        the same to the end
        middle          ticks 3, but for one answer in twenty
        contradiction   agrees (4 or 5) to every opposite and to what it is the opposite of
    With `mixed`, everybody is asked in an order of their own; else as stored.

    Parameters
    ----------
    n : int
        People, at least 1.
    items : int, at least 8
    careless, devoted : float; together at most 1, careless counting five times
    mixed : bool
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per person
        respondent_id : int64
        q1, q2, … : float64, 1 to 5, or missing
        asked : str, the names of the statements in the order in which they were asked
    truth : DataFrame, one row per person, keyed like `data`
        respondent_id : int64
        pattern : str, one of the five, "devoted" or "none"

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `items` below 8, `careless` or `devoted` below 0, 5 * careless + devoted
        above 1, or `seed` is no seed.

    See Also
    --------
    crmlab.collection.measure.precheck : looks for the five.

    Examples
    --------
    >>> data, truth = simulate_questionnaires(1_000, seed=1)
    >>> truth["pattern"].value_counts()["one-sided"]
    np.int64(27)
    """
    require_real(careless=careless, devoted=devoted)
    require_at_least("n", n, 1)
    require_at_least("items", items, 8)
    if not careless >= 0 or not devoted >= 0 or 5 * careless + devoted > 1:
        raise OutOfRangeError(
            "careless and devoted must be shares, and 5 * careless + devoted at most 1; got "
            f"{careless!r} and {devoted!r}."
        )
    rng = stream_of(seed, "simulate_questionnaires")
    kinds = [*PATTERNS, "devoted", "none"]
    odds = [careless] * 5 + [devoted, 1 - 5 * careless - devoted]
    pattern = rng.choice(len(kinds), n, p=odds)
    praise = items - items // 4
    opposite = np.arange(items) >= praise
    opinion = np.where(pattern == 5, 4.0, rng.standard_normal(n))
    answers = np.clip(np.rint(3 + 1.1 * opinion[:, None] + 0.7 * rng.standard_normal((n, items))),
                      1, 5)  # fmt: skip
    answers = np.where(opposite, 6 - answers, answers)
    order = rng.random((n, items)).argsort(axis=1) if mixed else np.tile(np.arange(items), (n, 1))
    place = order.argsort(axis=1)

    is_a = {kind: (pattern == at)[:, None] for at, kind in enumerate(kinds)}
    answers = np.where(is_a["incomplete"] & (place >= items // 3), np.nan, answers)
    left_out = np.isin(np.arange(items), [2, 4])
    answers = np.where(is_a["no answer"] & left_out, np.nan, answers)
    tick = rng.integers(4, 6, (n, 1))
    begins = rng.uniform(0, 0.4, (n, 1)) * items
    answers = np.where(is_a["one-sided"] & (place >= begins), tick, answers)
    in_the_middle = is_a["middle"] & (rng.random((n, items)) >= 0.05)
    answers = np.where(in_the_middle, 3, answers)
    in_pairs = opposite | (np.arange(items) < items // 4)
    agree = rng.integers(4, 6, (n, items))
    answers = np.where(is_a["contradiction"] & in_pairs, agree, answers)

    names = np.array([f"q{i + 1}" for i in range(items)])
    person = np.arange(1, n + 1)
    data: dict[str, Any] = {"respondent_id": person}
    data |= {name: answers[:, i] for i, name in enumerate(names)}
    data["asked"] = pd.Series([" ".join(names[row]) for row in order], dtype="str")
    truth = {"respondent_id": person, "pattern": pd.Series(np.array(kinds)[pattern], dtype="str")}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
