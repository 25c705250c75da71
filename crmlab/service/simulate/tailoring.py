"""What each treatment is worth with each customer, of which a firm sees a few noisy trials."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_tailoring(
    n: int,
    *,
    segments: int = 8,
    treatments: int = 4,
    trials: int = 4,
    between: float = 1.0,
    personal: float = 1.0,
    noise: float = 3.0,
    seed: Seed,
) -> Simulated:
    """Simulate trials of every treatment with every customer.

    Model
    -----
    The profit of a treatment t with customer i of segment s is
        10 + b[s, t] + c[i, t] + noise,
    where b, c and the noise are normal with deviations `between`, `personal` and `noise`. Let e be
    the mean of the largest of `treatments` standard normal numbers (1.03 for 4). Who knows all
    personal values gains e * personal more than by treating all alike, where segments are alike.
    Who has `trials` of each and takes the best mean gains e * personal**2 / root, where root**2 =
    personal**2 + noise**2 / trials, and is promised e * root: the winner's curse.

    Parameters
    ----------
    n : int
        Customers, at least `segments`.
    segments, treatments, trials : int; at least 1, 2 and 2
    between, personal, noise : float, 0 or more
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per trial
        customer_id, segment, treatment, trial : int64
        profit : float64
    truth : DataFrame, one row per customer and treatment: customer_id, segment, treatment, value

    Raises
    ------
    OutOfRangeError
        If `segments` is below 1, `treatments` or `trials` below 2, `n` below `segments`; `between`,
        `personal` or `noise` below 0; or `seed` is no seed.

    See Also
    --------
    crmlab.service.measure.tailoring : how far to go.

    Examples
    --------
    >>> trials, truth = simulate_tailoring(10, seed=1)
    >>> len(trials), len(truth)
    (160, 40)
    """
    require_real(between=between, personal=personal, noise=noise)
    for name, number, least in (("segments", segments, 1), ("treatments", treatments, 2)):
        require_at_least(name, number, least)
    require_at_least("trials", trials, 2)
    require_at_least("n", n, segments)
    for name, size in (("between", between), ("personal", personal), ("noise", noise)):
        if not 0 <= size < np.inf:
            raise OutOfRangeError(f"{name} must be a finite number of 0 or more; got {size!r}.")
    rng = stream_of(seed, "simulate_tailoring")
    segment = np.arange(n) % segments
    value = 10 + rng.normal(0, between, (segments, treatments))[segment]
    value = value + rng.normal(0, personal, (n, treatments))
    profit = value[..., None] + rng.normal(0, noise, (n, treatments, trials))
    who, treatment, trial = (axis.ravel() for axis in np.indices(profit.shape))
    data = {
        "customer_id": who,
        "segment": segment[who],
        "treatment": treatment,
        "trial": trial,
        "profit": profit.ravel(),
    }
    truth = {
        "customer_id": repeat(np.arange(n), treatments),
        "segment": repeat(segment, treatments),
        "treatment": np.tile(np.arange(treatments), n),
        "value": value.ravel(),
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
