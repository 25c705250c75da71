"""A pipeline of offers: stages, what salespeople say, and what came of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from crmlab._checks import Seed, require_at_least, require_positive, stream_of
from crmlab._shapes import Simulated

# Chance to win from each stage on, in the order of the pipeline.
STAGES = {"lead": 0.08, "qualified": 0.2, "offer": 0.4, "negotiation": 0.65}
# What a salesperson adds to the log odds of each deal, and how far hope stretches them.
SELLERS = {"Chen": (0.0, 1.0), "Lin": (1.0, 1.0), "Ma": (0.0, 2.0), "Wu": (-0.5, 1.0)}


def simulate_pipeline(n: int, *, spread: float = 0.6, seed: Seed) -> Simulated:
    """Simulate `n` deals at a stage, with what the salesperson says, and whether they were won.

    Model
    -----
    A deal is at one of four stages, earlier ones more often (40, 30, 20, 10 %). Its log odds are
    those of the stage (8, 20, 40, 65 %) plus N(0, spread**2); it is won with that chance p.
    Amounts are log-normal (mean of the log 11, standard deviation 1) and say nothing about p. The
    salesperson knows p, and says a chance with the log odds
        bias + stretch * logit(p) + N(0, 0.3**2),
    by who it is: Chen (0, 1) tells what is so, Lin (1, 1) hopes, Ma (0, 2) is too sure either way,
    Wu (-0.5, 1) is careful.

    Parameters
    ----------
    n : int
        Deals, at least 1.
    spread : float above 0
        How unlike the deals of one stage are.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per deal
        opportunity_id : int64; owner, stage : str; amount_cny : float64
        said : float64, the chance that the owner names; won : bool, known a quarter later
    truth : DataFrame, one row per deal: opportunity_id; chance : float64

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `spread` is not above 0, or `seed` is no seed.

    See Also
    --------
    crmlab.accounts.measure.win_rates, crmlab.accounts.measure.guess_quality
    crmlab.accounts.measure.pipeline_forecast

    Examples
    --------
    >>> deals, truth = simulate_pipeline(500, seed=1)
    >>> deals["stage"].value_counts().index[0]
    'lead'
    """
    rng = stream_of(seed, "simulate_pipeline")
    require_at_least("n", n, 1)
    require_positive("spread", spread)
    stage = rng.choice(len(STAGES), n, p=[0.4, 0.3, 0.2, 0.1])
    odds = logit(np.array([*STAGES.values()]))[stage] + rng.normal(0, spread, n)
    owner = rng.integers(0, len(SELLERS), n)
    bias, stretch = np.array([*SELLERS.values()])[owner].T
    data = pd.DataFrame(
        {
            "opportunity_id": np.arange(1, n + 1),
            "owner": pd.Series(np.array([*SELLERS])[owner], dtype="str"),
            "stage": pd.Series(np.array([*STAGES])[stage], dtype="str"),
            "amount_cny": np.exp(rng.normal(11, 1, n)),
            "said": expit(bias + stretch * odds + rng.normal(0, 0.3, n)),
            "won": rng.random(n) < expit(odds),
        }
    )
    return Simulated(data, data[["opportunity_id"]].assign(chance=expit(odds)))
