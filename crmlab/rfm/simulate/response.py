"""Answers to an offer that depend on recency, frequency and money as strongly as we choose."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit

from crmlab._checks import Seed, require_at_least, require_probability, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

_EFFECTS = {"recency": 0.8, "frequency": 0.5, "monetary": 0.2}


def simulate_response(
    n: int,
    *,
    effects: Mapping[str, float] = _EFFECTS,
    base_rate: float = 0.1,
    seed: Seed,
) -> Simulated:
    """Recency, frequency and money of customers, and who of them responds to an offer.

    Model
    -----
    days_since_last  ~ Exponential(mean 120), whole days
    frequency        ~ 1 + Poisson(lambda) with lambda ~ Exponential(mean 4)
    ticket           ~ LogNormal(median 50, sigma 0.8);  monetary = frequency * ticket
    log-odds of a response = c + e_R z_R + e_F z_F + e_M z_M
    with z the standardised logarithms of 1 + days_since_last (times -1, so that a positive
    effect says that recent buyers respond better), frequency and monetary, and c such that
    the mean probability is `base_rate`.

    Parameters
    ----------
    n : int, 2 or more
        Customers who get the offer.
    effects : mapping with recency, frequency, monetary
        Change of the log-odds per standard deviation. What a forecast should find.
    base_rate : float in (0, 1)
        Mean probability to respond.
    seed : int, SeedSequence or Generator
        Same seed, same frames.

    Returns
    -------
    data : DataFrame, one row per customer, the columns of `rfm` and the response
        customer_id, days_since_last, frequency : int64
        monetary, ticket : float64, money to cents
        tenure_days : int64
        responded : int64, 0 or 1
    truth : DataFrame, one row per customer
        customer_id : int64
        response_probability : float64

    Raises
    ------
    OutOfRangeError
        If there are fewer than two customers, `effects` does not name the three, or
        `base_rate` is not below 1.

    See Also
    --------
    crmlab.rfm.measure.decile_table : shows how well a score forecasts the response.

    Examples
    --------
    >>> customers, truth = simulate_response(1_000, base_rate=0.25, seed=1)
    >>> float(truth["response_probability"].mean().round(6))
    0.25
    """
    rng = stream_of(seed)
    require_at_least("n", n, 2)
    require_probability("base_rate", base_rate)
    if base_rate == 1:
        raise OutOfRangeError("base_rate must be below 1: if everybody responds, no score matters.")
    if {*effects} != {*_EFFECTS}:
        raise OutOfRangeError(f"effects must name {[*_EFFECTS]}; got {[*effects]}.")

    days = rng.exponential(120, n).astype("int64")
    frequency = 1 + rng.poisson(rng.exponential(4, n))
    ticket = rng.lognormal(np.log(50), 0.8, n)
    monetary = (frequency * ticket).round(2)
    logs = np.array([-np.log1p(days), np.log(frequency), np.log(monetary)])
    spread = logs.std(axis=1, keepdims=True)
    z = (logs - logs.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    odds = np.array([effects[name] for name in _EFFECTS]) @ z
    limit = np.abs(odds).max() + 40
    level = brentq(lambda c: expit(c + odds).mean() - base_rate, -limit, limit)
    probability = expit(level + odds)

    customers = np.arange(1, n + 1)
    data = {
        "customer_id": customers,
        "days_since_last": days,
        "frequency": frequency.astype("int64"),
        "monetary": monetary,
        "ticket": monetary / frequency,
        "tenure_days": days + rng.poisson(60 * (frequency - 1)),
        "responded": (rng.random(n) < probability).astype("int64"),
    }
    truth = {"customer_id": customers, "response_probability": probability}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
