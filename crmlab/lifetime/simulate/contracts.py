"""Subscribers who leave for one of several reasons, at rates that change with their age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_positive, stream_of
from crmlab._shapes import Simulated
from crmlab._words import N_
from crmlab.errors import OutOfRangeError

DAYS_OF_MONTH = 365.25 / 12
HAZARDS = {
    N_("price"): (0.040, 0.015, 0.006),
    N_("service"): (0.015, 0.010, 0.008),
    N_("moved"): (0.005, 0.005, 0.005),
}


def simulate_contracts(
    n: int,
    *,
    hazards: Mapping[str, Sequence[float]] | None = None,
    cuts: Sequence[float] = (12, 24),
    start: str = "2020-01-01",
    recorded_from: str = "2022-01-01",
    end: str = "2024-12-31",
    seed: int | np.random.SeedSequence | np.random.Generator,
) -> Simulated:
    """Contracts that end by one of several reasons, some begun before anybody kept a record.

    Model
    -----
    Customers sign on days at an even chance from `start` to `end`. At age t months reason k ends
    the contract at rate h_k(t), constant between the `cuts`; the first to come wins. So
        S(t) = exp(-sum_k H_k(t)),  F_k(t) = integral from 0 to t of S(u) h_k(u) du
    with H_k the integral of h_k. The record begins on `recorded_from`: whoever left before is
    in no table, and who was there is seen from that day on.

    Parameters
    ----------
    n : int
        Who ever signs; fewer are in the record.
    hazards : mapping of reason to rates a month, one more than `cuts`; optional
        By default price, service and moved; leaving for the price becomes rarer with age.
    cuts : months at which the rates change, rising
    start, recorded_from, end : str, "YYYY-MM-DD"
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per contract in the record
        customer_id : int64
        started_on : datetime64[us], day of signing
        seen_from : datetime64[us], that day, or the first of the record
        left_on : datetime64[us]; NaT for who is still there on `end`
        reason : str; missing for who is still there
    truth : DataFrame, one row per customer who ever signed
        customer_id : int64
        months : float64, how long the contract lasts in the end
        reason : str, by which it ends
        recorded : bool, whether `data` has the customer

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, a rate is not above 0, a reason has not one rate more than there are
        `cuts`, there is no reason, `cuts` or dates do not rise, or `seed` is no seed.

    Source
    ------
    Competing risks: Prentice et al. (1978), doi:10.2307/2530374.

    Examples
    --------
    >>> contracts, truth = simulate_contracts(1000, seed=1)
    >>> len(truth), len(contracts), int(contracts["left_on"].isna().sum())
    (1000, 828, 356)
    """
    rng = stream_of(seed, "simulate_contracts")
    require_at_least("n", n, 1)
    rates, reasons = _rates(hazards or HAZARDS, cuts)
    first, record, last = (np.datetime64(day, "D") for day in (start, recorded_from, end))
    if not first <= record < last:
        raise OutOfRangeError(
            f"start, recorded_from and end must rise; got {start}, {recorded_from}, {end}."
        )

    months = _lives(rng.exponential(size=n), rates.sum(axis=0), np.array([*cuts]))
    band = np.searchsorted(np.array([*cuts], dtype=float), months, side="right")
    share = (rates / rates.sum(axis=0)).cumsum(axis=0)[:, band]
    reason = np.array(reasons, dtype=object)[(rng.random(n) > share).sum(axis=0)]
    signed = first + rng.integers(0, (last - first).astype(int) + 1, n)
    gone = signed + np.maximum(np.ceil(months * DAYS_OF_MONTH), 1).astype("m8[D]")
    recorded = gone > record
    left = gone <= last
    data = pd.DataFrame(
        {
            "customer_id": np.arange(n),
            "started_on": signed.astype("M8[us]"),
            "seen_from": np.maximum(signed, record).astype("M8[us]"),
            "left_on": np.where(left, gone, np.datetime64("NaT")).astype("M8[us]"),
            "reason": pd.Series(reason, dtype="str").where(left),
        }
    )
    truth = {"customer_id": np.arange(n), "months": months, "reason": reason.astype(str)}
    return Simulated(
        data[recorded].reset_index(drop=True), pd.DataFrame(truth).assign(recorded=recorded)
    )


def _rates(
    hazards: Mapping[str, Sequence[float]], cuts: Sequence[float]
) -> tuple[np.ndarray, list[str]]:
    """Return the rates, reasons by bands of age, and the reasons' names."""
    edges = [0.0, *cuts]
    if any(b <= a for a, b in pairwise(edges)):
        raise OutOfRangeError(f"cuts must be months that rise above 0; got {[*cuts]}.")
    for reason, values in hazards.items():
        if len(values) != len(edges):
            raise OutOfRangeError(
                f"{len(cuts)} cuts make {len(edges)} rates of each reason; {reason!r} has "
                f"{len(values)}."
            )
        for rate in values:
            require_positive(f"every rate of {reason!r}", rate)
    if not hazards:
        raise OutOfRangeError("name at least one reason to leave.")
    return np.array([[*values] for values in hazards.values()]), [*hazards]


def _lives(needed: np.ndarray, rate: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """Return the ages at which the cumulative hazard reaches what is `needed`."""
    edges = np.append(0.0, cuts)
    upto = np.append(0.0, (rate[:-1] * np.diff(edges)).cumsum())
    band = np.searchsorted(upto, needed, side="right") - 1
    return edges[band] + (needed - upto[band]) / rate[band]
