"""Customers of several branches who say whether they would recommend us, or say nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, ndtr

from crmlab._checks import Seed, require_at_least, require_probability, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

REGULAR_SHARE, REGULAR_LIFT = 0.4, 0.8
# A customer answers k or less when the feeling lies at or below the k-th of these.
CUTS = -0.6 + 0.45 * (np.arange(10) - 6)


def simulate_recommendation(
    n: int,
    *,
    branches: int = 20,
    spread: float = 0.15,
    answer: float = 1.0,
    by_kind: float = 0.0,
    by_feeling: float = 0.0,
    seed: Seed,
) -> Simulated:
    """Simulate answers of 0 to 10 to "would you recommend us?", and who keeps silent.

    Model
    -----
    Branch k has an effect b_k ~ N(0, spread). Customer i goes to one branch (all branches are as
    large, but for one customer) and is "regular" with a chance of 0.4, else "casual". The feeling
        z = b_k + 0.8 * regular + N(0, 1)
    gives the score: the number of the ten cuts -3.3, -2.85, …, 0.75 that lie below z. So a branch
    has, with Phi the normal distribution,
        nps_k = 100 * sum over kinds of share * (Phi(m - 0.3) - Phi(-0.6 - m)),   m = b_k (+ 0.8).
    A customer who is asked answers with a chance of
        expit(logit(answer) + by_kind * (regular - 0.4) + by_feeling * z)
    and everybody does if `answer` is 1. With `by_kind` alone the silence hangs on something known,
    and weights correct it; with `by_feeling` it hangs on the answer itself, and nothing can.

    Parameters
    ----------
    n : int
        Customers who are asked, at least one per branch.
    branches : int, at least 1
    spread : float, 0 or more
        Standard deviation of the branches' effects.
    answer : float in (0, 1]
        Share who answer where nothing else matters; 1 for all.
    by_kind, by_feeling : float
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        branch : str, "branch 01" and so on
        kind : str, "regular" or "casual"
        answered : bool
        score : float64, 0 to 10; NaN for who did not answer
    truth : DataFrame, one row per branch
        branch : str
        nps : float64, points, of all its customers, silent or not

    Raises
    ------
    OutOfRangeError
        If `branches` is below 1, `n` below `branches`, `answer` lies outside (0, 1], `spread` is
        below 0, `by_kind` or `by_feeling` is not finite, or `seed` is no seed.

    See Also
    --------
    crmlab.loyalty.measure.net_promoter : measures it, with an interval.
    crmlab.loyalty.measure.response_weights : corrects silence that hangs on what is known.

    Examples
    --------
    >>> data, truth = simulate_recommendation(2_000, seed=1)
    >>> bool(data["score"].between(0, 10).all()), len(truth)
    (True, 20)
    """
    require_real(spread=spread, by_kind=by_kind, by_feeling=by_feeling)
    rng = stream_of(seed, "simulate_recommendation")
    require_at_least("branches", branches, 1)
    require_at_least("n", n, branches)
    require_probability("answer", answer)
    for name, value in (("spread", spread), ("by_kind", by_kind), ("by_feeling", by_feeling)):
        if not np.isfinite(value):
            raise OutOfRangeError(f"{name} must be a finite number; got {value!r}.")
    if spread < 0:
        raise OutOfRangeError(f"spread must be 0 or more; got {spread!r}.")

    effect = spread * rng.normal(size=branches)
    branch = np.arange(n) % branches
    regular = rng.random(n) < REGULAR_SHARE
    feeling = effect[branch] + REGULAR_LIFT * regular + rng.normal(size=n)
    score = np.searchsorted(CUTS, feeling).astype("float64")
    odds = np.log(answer) - np.log1p(-answer) if answer < 1 else np.inf
    odds = odds + by_kind * (regular - REGULAR_SHARE) + by_feeling * feeling
    answered = rng.random(n) < expit(odds)
    names = pd.Series([f"branch {one:02d}" for one in range(1, branches + 1)], dtype="str")
    data = {
        "customer_id": np.arange(1, n + 1),
        "branch": names.to_numpy()[branch],
        "kind": np.where(regular, "regular", "casual"),
        "answered": answered,
        "score": np.where(answered, score, np.nan),
    }
    frame = pd.DataFrame(data).astype({"branch": "str", "kind": "str"})
    nps = (1 - REGULAR_SHARE) * _nps(effect) + REGULAR_SHARE * _nps(effect + REGULAR_LIFT)
    return Simulated(frame, pd.DataFrame({"branch": names, "nps": nps}))


def _nps(mean: np.ndarray) -> np.ndarray:
    """Return the net promoter score of customers whose feeling has this mean."""
    return 100 * (ndtr(mean - CUTS[8]) - ndtr(CUTS[6] - mean))
