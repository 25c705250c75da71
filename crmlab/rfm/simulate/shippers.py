"""Shippers of parcels whose course over the half-years we chose."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated

GROUPS = ("top 10%", "high growth", "revived", "fading")
_TOP_SHARE = 0.10
_LEVEL, _TOP_LEVEL, _SPREAD = 8.0, 50.0, 0.35  # parcels a half-year, and sigma of their log


def simulate_shippers(
    n: int, *, periods: int = 4, end: str = "2024-12-31", seed: Seed
) -> Simulated:
    """Shipments of customers who revive, grow, fade, or stay at the top.

    Model
    -----
    A tenth of the customers, rounded to the nearest number, is "top 10%"; the others are
    "high growth", "revived" and "fading" in equal parts (any remainder goes to the first named
    of them), in random order. In half-year t = 1..T a customer ships Poisson(level * exp(s))
    parcels on days that are uniform in it, where

        log(level) ~ Normal(log m, 0.35),  m = 50 at the top and 8 elsewhere
        s = 0                                                  top 10%
        s = -1 to 1 in equal steps                             high growth
        s = 1 to -1 in equal steps                             fading
        s = 2 |2 (t - 1) / (T - 1) - 1| - 1                    revived: from 1 down and up again

    A parcel costs a lognormal amount with median 40 and sigma 0.5.

    Parameters
    ----------
    n : int
        Customers of the parcel service; some may ship nothing and then have no row in `data`.
    periods : int, 3 or more
        Half-years; with two, a revival cannot be seen.
    end : str, "YYYY-MM-DD"
        Last day of the last half-year; half-years are six calendar months.
    seed : int, SeedSequence or Generator
        Same seed, same frames.

    Returns
    -------
    data : DataFrame, one row per shipment, sorted by customer and date
        customer_id : int64
        date : datetime64[us]
        amount : float64, in USD, to the cent
    truth : DataFrame, one row per customer
        customer_id : int64
        group : str, "top 10%", "high growth", "revived" or "fading"
        level : float64, parcels a half-year at s = 0

    Raises
    ------
    OutOfRangeError
        If `n` is below 1 or `periods` is below 3.

    See Also
    --------
    crmlab.rfm.measure.trajectory_group : recovers the groups.

    Examples
    --------
    >>> shipments, truth = simulate_shippers(40, seed=1)
    >>> truth["group"].value_counts().sort_index().to_dict()
    {'fading': 12, 'high growth': 12, 'revived': 12, 'top 10%': 4}
    """
    rng = stream_of(seed)
    require_at_least("n", n, 1)
    require_at_least("periods", periods, 3)

    top = int(np.floor(_TOP_SHARE * n + 0.5))
    kind = np.concatenate([np.zeros(top, int), 1 + np.arange(n - top) % 3])
    kind = rng.permutation(kind)
    median = np.where(kind == 0, _TOP_LEVEL, _LEVEL)
    level = median * np.exp(rng.normal(0, _SPREAD, n))
    parcels = rng.poisson(level[:, None] * np.exp(_courses(periods)[kind]))

    starts = _half_years(np.datetime64(end, "D"), periods)
    customer, period = np.indices(parcels.shape).reshape(2, -1)
    customer, period = (repeat(index, parcels.ravel()) for index in (customer, period))
    length = np.diff(starts).astype(np.int64)[period]
    date = starts[period] + rng.integers(0, length)
    order = np.lexsort((date, customer))
    data = {
        "customer_id": customer[order].astype(np.int64),
        "date": date[order].astype("M8[us]"),
        "amount": np.round(rng.lognormal(np.log(40), 0.5, len(date)), 2),
    }
    customers = np.arange(n, dtype=np.int64)
    truth = {"customer_id": customers, "group": np.array(GROUPS)[kind], "level": level}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def _half_years(last_day: np.datetime64, periods: int) -> np.ndarray:
    """Return the first day of each half-year up to `last_day`, and the day after it."""
    after = pd.Timestamp.fromisoformat(str(last_day + 1))
    starts = [after - pd.DateOffset(months=6 * back) for back in range(periods, -1, -1)]
    return np.array(starts, dtype="M8[D]")


def _courses(periods: int) -> np.ndarray:
    """Return the s of the model, a row per group and a column per half-year."""
    rise = np.linspace(-1, 1, periods)
    return np.stack([0 * rise, rise, 2 * np.abs(rise) - 1, -rise])
