"""Running shoes that wear out, seen by an app that some runners let look."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_positive, require_probability, stream_of
from crmlab._shapes import Simulated


def simulate_running_shoes(
    n: int,
    *,
    wear: tuple[float, float] = (3.0, 700.0),
    weekly_km: tuple[float, float] = (20.0, 0.6),
    weeks: int = 40,
    consent: float = 0.7,
    seed: int | np.random.SeedSequence | np.random.Generator,
) -> Simulated:
    """Shoes of the runners of a fictional brand whose app knows how far they run.

    Model
    -----
    A shoe lasts W km, W ~ Weibull(shape, median): P(W > km) = 2 ** -(km / median) ** shape. A
    runner wears one pair at a time and replaces it at once, at a weekly distance of their own,
    lognormal around a median. The app comes into a life of running that is long under way: the
    pair on the feet is worn already, and long-lived pairs are met more often than they are made.

    Parameters
    ----------
    n : int
    wear : (shape, median in km)
    weekly_km : (median, sigma of the logarithm)
    weeks : int
        From the installation to today, for every runner.
    consent : float in (0, 1]
        Share of runners who let their runs be used; the data have no other's.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per pair worn by a consenting runner since the installation
        shoe_id, runner_id : int64
        km_at_install : float64, worn before the app saw it; 0 for pairs begun since
        km : float64, when it was replaced, or today
        replaced : bool
        weekly_km : float64, of the runner
    truth : DataFrame, one row per runner
        runner_id : int64
        consents : bool
        weekly_km : float64
        pairs : int64, worn since the installation

    Raises
    ------
    OutOfRangeError
        If `n` or `weeks` is below 1, `consent` lies outside (0, 1], a number of `wear` or
        `weekly_km` is not above 0, or `seed` is no seed.

    Source
    ------
    Length-biased sampling: Cox (1969), in New Developments in Survey Sampling, 506-527.

    Examples
    --------
    >>> shoes, truth = simulate_running_shoes(100, seed=1)
    >>> len(shoes), int(truth["consents"].sum())
    (151, 70)
    """
    require_at_least("n", n, 1)
    require_at_least("weeks", weeks, 1)
    require_probability("consent", consent)
    for name, pair in (("wear", wear), ("weekly_km", weekly_km)):
        for value in pair:
            require_positive(f"every number of {name}", value)
    rng = stream_of(seed, "simulate_running_shoes")
    shape, median = wear
    pace = weekly_km[0] * np.exp(weekly_km[1] * rng.normal(size=n))
    # A road of km that began long ago; the app joins somewhere after ten pairs or so.
    joins = median * rng.uniform(10, 20, n)
    ends = joins + pace * weeks
    pairs = int(np.ceil(ends.max() / median * 1.5)) + 20
    lasts = median * (rng.exponential(size=(n, pairs)) / np.log(2)) ** (1 / shape)
    until = lasts.cumsum(axis=1)
    since = until - lasts
    seen = (until > joins[:, None]) & (since < ends[:, None])
    agrees = rng.permutation(n) < np.floor(consent * n + 0.5)

    runner, pair = np.nonzero(seen)
    start, stop = since[runner, pair], until[runner, pair]
    worn = np.minimum(stop, ends[runner]) - start
    data = pd.DataFrame(
        {
            "shoe_id": np.arange(len(runner)),
            "runner_id": runner,
            "km_at_install": np.maximum(joins[runner] - start, 0),
            "km": worn,
            "replaced": stop <= ends[runner],
            "weekly_km": pace[runner],
        }
    )
    truth = {"runner_id": np.arange(n), "consents": agrees, "weekly_km": pace}
    return Simulated(
        data[agrees[runner]].reset_index(drop=True),
        pd.DataFrame(truth).assign(pairs=seen.sum(axis=1)),
    )
