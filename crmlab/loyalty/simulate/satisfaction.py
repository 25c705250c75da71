"""Customers who rate parts of a service and the whole, with weights that we choose."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtr

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab._words import N_
from crmlab.errors import OutOfRangeError

WEIGHTS = {
    N_("product"): 0.35,
    N_("price"): 0.10,
    N_("delivery"): 0.15,
    N_("staff"): 0.30,
    N_("after-sales"): 0.10,
}
LEVELS = 9


def simulate_satisfaction(
    n: int,
    *,
    weights: Mapping[str, float] = WEIGHTS,
    halo: float = 0.5,
    noise: float = 1.0,
    seed: Seed,
) -> Simulated:
    """Simulate ratings of the drivers of satisfaction, and the satisfaction they make.

    Model
    -----
    Each customer has a mood g ~ N(0, 1); driver j feels like
        z_j = sqrt(halo) * g + sqrt(1 - halo) * u_j,    u_j ~ N(0, 1)
    and is rated 1 to 9, the ninth of the normal curve in which z_j lies. The slider for the whole
    shows
        overall = sum of weight_j * rating_j + Uniform(-noise, noise)
    so with weights that sum to 1 and a noise of 1 it lies in 0 to 10. The mood makes every driver
    go together with the whole, even one of weight 0; a regression tells them apart.

    Parameters
    ----------
    n : int
        Customers who answer, at least 1.
    weights : mapping of driver to float
        What a regression should recover.
    halo : float in [0, 1)
        Correlation of the drivers.
    noise : float, 0 or more
    seed : int, SeedSequence or Generator
        Same seed, same answers.

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        one column per driver : int64, 1 to 9
        overall : float64
    truth : DataFrame, one row per driver: driver (str), weight (float64)

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, there are no drivers, `halo` lies outside [0, 1), `noise` is below 0, or
        `seed` is no seed.

    See Also
    --------
    crmlab.loyalty.measure.satisfaction_drivers : recovers the weights.

    Examples
    --------
    >>> data, truth = simulate_satisfaction(500, seed=1)
    >>> bool(data["overall"].between(0, 10).all()), round(float(truth["weight"].sum()), 2)
    (True, 1.0)
    """
    require_real(halo=halo, noise=noise)
    rng = stream_of(seed, "simulate_satisfaction")
    require_at_least("n", n, 1)
    require_at_least("the number of drivers", len(weights), 1)
    if not 0 <= halo < 1:
        raise OutOfRangeError(f"halo must lie in [0, 1); got {halo!r}.")
    if not 0 <= noise < np.inf:
        raise OutOfRangeError(f"noise must be a finite number of 0 or more; got {noise!r}.")

    mood, own = rng.normal(size=(n, 1)), rng.normal(size=(n, len(weights)))
    level = ndtr(np.sqrt(halo) * mood + np.sqrt(1 - halo) * own)
    ratings = np.minimum(1 + np.floor(LEVELS * level).astype("int64"), LEVELS)
    weight = np.array([*weights.values()], dtype="float64")
    overall = ratings @ weight + rng.uniform(-noise, noise, n)
    data = pd.DataFrame(ratings, columns=[*weights])
    data.insert(0, "customer_id", np.arange(1, n + 1))
    truth = pd.DataFrame({"driver": pd.Series([*weights], dtype="str"), "weight": weight})
    return Simulated(data.assign(overall=overall), truth)
