"""Prospects of whom we know a few things, and who of them becomes a lasting customer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

# Principle: chance that a prospect meets it, and what meeting it adds to the log odds to last.
MEETS = {
    "own person": (0.5, 0.3),
    "long view": (0.4, 1.2),
    "elastic": (0.3, 0.8),
    "part to play": (0.5, 0.2),
    "prospects": (0.5, 0.6),
    "caution": (0.7, 1.0),
}
EFFECTS = {name: effect for name, (_, effect) in MEETS.items()}
BASE = -2.5


def simulate_prospects(
    n: int,
    *,
    effects: Mapping[str, float] = EFFECTS,
    base: float = BASE,
    unknown_share: float = 0.0,
    seed: Seed,
) -> Simulated:
    """Simulate what a firm knows of `n` prospects, and who becomes a lasting customer.

    Model
    -----
    A prospect meets the six principles independently, with chances .5 .4 .3 .5 .5 .7, and
        log odds of lasting = base + sum of the effects of the principles met
    by default .3 for being known as a person of their own, 1.2 for the long view, .8 for asking
    for better products, .2 for a part to play, .6 for the financial prospects, 1.0 for no
    warnings. So the principles do not weigh the same, and their plain count cannot be the best
    score there is. A share `unknown_share` of all values is not known to the firm.

    Parameters
    ----------
    n : int
        Prospects, at least 1.
    effects : mapping of principle to float
        What a score should foretell; all 0: nothing does.
    base : float
        Log odds of lasting of a prospect who meets none.
    unknown_share : float in [0, 1]
    seed : int, SeedSequence or Generator
        Same seed, same prospects.

    Returns
    -------
    data : DataFrame, one row per prospect
        prospect_id : int64
        needs_known, planning_years, improvements_asked, parts_to_play, category_spend_cny,
        warnings : float64, what shows each principle; NaN where unknown. Met means 2, 3, 1, 1,
            3,000 CNY or more, and no warning.
    truth : DataFrame, one row per prospect
        prospect_id : int64
        lasting_probability : float64
        lasting : bool

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `unknown_share` lies outside [0, 1], `effects` does not name the six
        principles, or `seed` is no seed.

    See Also
    --------
    crmlab.customers.measure.score_prospects : counts the principles met.

    Examples
    --------
    >>> data, truth = simulate_prospects(1_000, seed=1)
    >>> len(data), round(float(truth["lasting_probability"].mean()), 2)
    (1000, 0.39)
    """
    require_real(base=base, unknown_share=unknown_share)
    rng = stream_of(seed, "simulate_prospects")
    require_at_least("n", n, 1)
    if {*effects} != {*MEETS}:
        raise OutOfRangeError(f"effects must name {[*MEETS]}; got {[*effects]}.")
    if not 0 <= unknown_share <= 1:
        raise OutOfRangeError(f"unknown_share must lie in [0, 1]; got {unknown_share!r}.")

    chance = np.array([share for share, _ in MEETS.values()])
    met = rng.random((n, len(MEETS))) < chance
    own, long, elastic, part, money, caution = met.T
    fields = {
        "needs_known": np.where(own, 2 + rng.poisson(1.0, n), rng.integers(0, 2, n)),
        "planning_years": np.where(long, 3 + rng.poisson(2.0, n), rng.integers(0, 3, n)),
        "improvements_asked": np.where(elastic, 1 + rng.poisson(0.5, n), 0),
        "parts_to_play": np.where(part, rng.integers(1, 5, n), 0),
        "category_spend_cny": np.where(
            money, 3_000 + rng.gamma(2.0, 1_500.0, n), rng.uniform(100, 2_990, n)
        ).round(-1),
        "warnings": np.where(caution, 0, 1 + rng.poisson(0.5, n)),
    }
    unknown = rng.random((n, len(MEETS))) < unknown_share
    probability = expit(base + met @ np.array([effects[name] for name in MEETS]))
    number = np.arange(1, n + 1)
    data = {"prospect_id": number}
    for place, (name, values) in enumerate(fields.items()):
        data[name] = np.where(unknown[:, place], np.nan, values)
    lasting = rng.random(n) < probability
    truth = {"prospect_id": number, "lasting_probability": probability, "lasting": lasting}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
