"""Customers who bring margin and ask for service, some more than they bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_positive, require_probability, stream_of
from crmlab._words import N_
from crmlab.pyramid.simulate.concentrated import simulate_concentrated

# Kind of event, cost of one in HKD, share of a customer's service cost it makes up on average.
# 17 HKD per transaction at the counter is the course's bank; the other two are ours.
_KINDS = (
    (N_("branch transaction"), 17.0, 0.60),
    (N_("enquiry"), 40.0, 0.35),
    (N_("online transaction"), 1.0, 0.05),
)


@dataclass(frozen=True)
class Service:
    """What the firm sees in a year: its accounts, the service they asked for, what it costs."""

    accounts: pd.DataFrame
    events: pd.DataFrame
    tariff: pd.DataFrame


class SimulatedService(NamedTuple):
    """What the firm sees, and what only the simulator knows."""

    data: Service
    truth: pd.DataFrame


def simulate_service(
    n: int,
    *,
    top: float = 0.20,
    share: float = 0.80,
    mean_spend: float = 6_000.0,
    margin_rate: float = 0.30,
    demanding: float = 0.20,
    appetite: tuple[float, float] = (0.20, 1.40),
    upkeep: float = 60.0,
    acquisition_cost: float = 300.0,
    life_years: float = 5.0,
    seed: Seed,
) -> SimulatedService:
    """Simulate a year of customers, of whom a planted share costs more than it brings.

    Model
    -----
    spend             as `simulate_concentrated`, stratified: the top 20 % hold exactly 80 %
    margin            margin_rate * spend
    demanding         every (1 / demanding)-th customer down the ranks of spend, so that each
                      tier has its share of them, the very top too
    service cost      Poisson counts of three kinds of event, in all worth on average
                      appetite * margin: the first appetite for the quiet, the second for the
                      demanding, who lose money however much they buy when it is above 1
    tenure_years      ~ Exponential(mean life_years), independent of all else
    so that  E[net value] = margin * (1 - appetite) - upkeep - acquisition_cost / life_years

    Parameters
    ----------
    n : int
        Customers.
    top, share, mean_spend
        Law of the yearly spend, as in `simulate_concentrated`; HKD.
    margin_rate : float in (0, 1]
        Margin before service, per HKD of spend.
    demanding : float in (0, 1]
        Share of customers who ask for much service.
    appetite : two floats above 0
        Expected service cost per HKD of margin, of the quiet and of the demanding.
    upkeep : float above 0
        Cost of keeping an account, HKD a year.
    acquisition_cost : float above 0
        Cost of winning a customer, HKD, once; by default five times the upkeep, as the 1:5
        rule says.
    life_years : float above 0
        Years over which acquisition is spread, and the mean tenure.
    seed : int, SeedSequence or Generator
        Same seed, same frames.

    Returns
    -------
    data : Service, a dataclass of three DataFrames
        accounts : customer_id (int64), tenure_years, spend, margin, upkeep, acquisition_cost
            (float64, HKD), currency (str); one row per customer
        events : customer_id (int64), event (str), count (int64); a row per customer and kind
            that happened
        tariff : event (str), cost (float64), currency (str). The counter's 17 HKD is the
            course's bank; the costs of an enquiry and of an online transaction are assumptions
    truth : DataFrame, one row per customer
        customer_id : int64
        demanding : bool
        expected_net_value : float64, HKD a year

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `margin_rate` or `demanding` lies outside (0, 1], `upkeep`,
        `acquisition_cost`, `life_years` or an appetite is not above 0, or as
        `simulate_concentrated`.

    See Also
    --------
    crmlab.pyramid.measure.net_value : recovers the expected net value.

    Source
    ------
    That long-lived customers need not be the profitable ones: Reinartz, W. J. and Kumar, V.
    (2000). On the profitability of long-life customers in a noncontractual setting. Journal
    of Marketing 64(4), 17-35. doi:10.1509/jmkg.64.4.17.18077

    Examples
    --------
    >>> service, truth = simulate_service(1_000, seed=1)
    >>> int(truth["demanding"].sum())
    200
    """
    rng = stream_of(seed)
    require_at_least("n", n, 1)
    require_probability("margin_rate", margin_rate)
    require_probability("demanding", demanding)
    for name, value in (("upkeep", upkeep), ("acquisition_cost", acquisition_cost)):
        require_positive(name, value)
    for value in (*appetite, life_years):
        require_positive("every appetite, and life_years,", value)

    accounts = simulate_concentrated(
        n, top=top, share=share, mean_spend=mean_spend, stratified=True, seed=rng
    ).data
    accounts["margin"] = margin_rate * accounts["spend"]
    rank = (-accounts["spend"].to_numpy()).argsort().argsort()
    wants = np.floor((rank + 1) * demanding + 0.5) > np.floor(rank * demanding + 0.5)
    hunger = np.where(wants, appetite[1], appetite[0])
    events = _events(rng, accounts["margin"].to_numpy() * hunger)
    accounts.insert(1, "tenure_years", rng.exponential(life_years, n))
    accounts = accounts.assign(upkeep=float(upkeep), currency="HKD")
    accounts.insert(5, "acquisition_cost", float(acquisition_cost))

    left = accounts["margin"] * (1 - hunger) - upkeep - acquisition_cost / life_years
    truth = accounts[["customer_id"]].assign(demanding=wants, expected_net_value=left)
    return SimulatedService(Service(accounts, events, _tariff()), truth)


def _events(rng: np.random.Generator, expected_cost: np.ndarray) -> pd.DataFrame:
    """Return Poisson counts of the three kinds of event that cost so much on average."""
    parts = []
    for kind, cost, part in _KINDS:
        count = rng.poisson(expected_cost * part / cost)
        customer = np.flatnonzero(count)
        parts.append(
            pd.DataFrame({"customer_id": customer, "event": kind, "count": count[customer]})
        )
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["customer_id", "event"], ignore_index=True)


def _tariff() -> pd.DataFrame:
    kinds, costs, _ = zip(*_KINDS, strict=True)
    return pd.DataFrame({"event": kinds, "cost": costs, "currency": "HKD"})
