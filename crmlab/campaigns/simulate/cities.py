"""Cities of which one gets a programme, and a series that something else may interrupt."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_cities(
    n: int,
    *,
    weeks: int = 26,
    lift: float = 0.1,
    size: float = 1.0,
    shock: float = 0.0,
    noise: float = 0.01,
    seed: Seed,
) -> Simulated:
    """Simulate the sales of `n` cities, of which the first gets a programme in week 0.

    Model
    -----
    Three hidden rhythms f1, f2, f3, random walks around 1, move all cities: city j sells
        100 * (w_j1 f1 + w_j2 f2 + w_j3 f3) * e,   (w_j1, w_j2, w_j3) ~ Dirichlet(1, 1, 1),
    log e ~ Normal(0, noise). The first city sells `size` times that, and times 1 + lift from week
    0 on; and in that week something else happens to it alone, times 1 + shock. With a size of 1 a
    mixture of other cities moves as it does; with a size of 2 none does.

    Parameters
    ----------
    n : int, at least 3
    weeks : int, at least 4
        Before and after, each.
    lift, shock : float above -1
    size : float above 0
    noise : float of 0 or more
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per city and week: city (str), week (int64), sales (float64)
    truth : DataFrame, one row per week of the first city: week (int64); without (float64), what it
        would have sold; effect (float64), what the programme added, the shock apart

    Raises
    ------
    OutOfRangeError
        If `n` is below 3, `weeks` below 4, `lift` or `shock` is not above -1, `size` not above 0,
        `noise` below 0, or `seed` is no seed.

    See Also
    --------
    crmlab.campaigns.measure.synthetic_control, crmlab.campaigns.measure.interrupted_series

    Examples
    --------
    >>> data, truth = simulate_cities(5, seed=1)
    >>> data["city"].nunique(), len(truth)
    (5, 52)
    """
    require_real(lift=lift, size=size, shock=shock, noise=noise)
    require_at_least("n", n, 3)
    require_at_least("weeks", weeks, 4)
    for name, value, least in (("lift", lift, -1), ("shock", shock, -1), ("size", size, 0)):
        if not least < value < np.inf:
            raise OutOfRangeError(f"{name} must be a finite number above {least}; got {value!r}.")
    if not 0 <= noise < np.inf:
        raise OutOfRangeError(f"noise must be a finite number of 0 or more; got {noise!r}.")
    rng = stream_of(seed, "simulate_cities")
    week = np.arange(-weeks, weeks)
    rhythm = np.exp(0.04 * rng.standard_normal((len(week), 3)).cumsum(axis=0))
    part = rng.dirichlet([1.0, 1.0, 1.0], n)
    sales = 100 * rhythm @ part.T * np.exp(noise * rng.standard_normal((len(week), n)))
    sales[:, 0] *= size * (1 + shock * (week >= 0))
    without = sales[:, 0].copy()
    sales[:, 0] *= 1 + lift * (week >= 0)
    names = pd.Series([f"city {one}" for one in range(1, n + 1)], dtype="str")
    data = {
        "city": names.iloc[repeat(np.arange(n), len(week))].reset_index(drop=True),
        "week": np.tile(week, n),
        "sales": sales.T.ravel(),
    }
    truth = {"week": week, "without": without, "effect": sales[:, 0] - without}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
