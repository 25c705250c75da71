"""Accounts of a firm that sells to firms: what is on file, and the potential behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_positive, require_real, stream_of
from crmlab._groups import repeat
from crmlab.errors import OutOfRangeError

INDUSTRIES = {"hotels": 0.4, "spas": 0.3, "retail chains": 0.2, "hospitals": 0.1}
# The buying centre (采购中心) of Webster and Wind (1972).
ROLES = ("user", "influencer", "buyer", "decider", "gatekeeper")
NEEDS = ("lower price", "quick delivery", "own label", "training", "one invoice")
OWNERS = ("Chen", "Lin", "Ma", "Wu")
POTENTIAL_LOG_MEAN, POTENTIAL_LOG_SD = 12.0, 1.2
SPEED_KM_H, HOURS_THERE = 50.0, 2.0
GAIN, HALF = 0.1, 2.0


@dataclass(frozen=True)
class Accounts:
    """What the firm has on file: accounts, people, needs, opportunities; one frame each."""

    accounts: pd.DataFrame
    people: pd.DataFrame
    needs: pd.DataFrame
    opportunities: pd.DataFrame


class SimulatedAccounts(NamedTuple):
    """What is on file, and what each account really buys and would yield."""

    data: Accounts
    truth: pd.DataFrame


def simulate_accounts(
    n: int, *, estimate_spread: float = 0.5, heard: float = 0.5, seed: Seed
) -> SimulatedAccounts:
    """Simulate `n` accounts whose potential the firm can only estimate.

    Model
    -----
    What account i buys of such goods in a year, from anybody, is its potential P_i, hidden:
        log P_i ~ N(12, 1.2**2).
    We have a share of wallet w_i ~ Beta(2, 3) of it, so sales are w_i P_i; the two are
    independent, so the biggest customer is not the one with most left to win. The salesperson's
    estimate of the potential is P_i exp(N(0, estimate_spread**2)), and at least the sales.
    v visits in a year win
        gain_i(v) = 0.1 (P_i - sales_i) (1 - exp(-v / 2)),
    each visit less than the one before. A visit takes 2 hours and the way: the account lies at
    (x, y), uniform in a square of 100 km with us in the middle, driven to and fro at 50 km/h.
    The buying centre has five roles; a person in each, known to us with a chance of `heard`. Each
    of five needs is there with a chance of 0.4 and then on file with a chance of `heard`. Every
    need on file opens an opportunity worth 2 % of the potential, won with a chance of 0.2 + 0.5 w.

    Parameters
    ----------
    n : int
        Accounts, at least 1.
    estimate_spread : float above 0
        Standard deviation of the logarithm of the estimates' errors.
    heard : float in [0, 1]
        How much of people and needs gets on file.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : Accounts
        accounts : account_id int64; industry, owner str; sites int64; x_km, y_km, visit_hours,
            sales_cny, estimated_potential_cny float64
        people : account_id; role str; known bool
        needs : account_id; need str; those on file
        opportunities : opportunity_id, account_id int64; need str; value_cny, chance float64, the
            chance as the salesperson says it, which here is right
    truth : DataFrame, one row per account
        account_id; potential_cny, share_of_wallet float64; needs int64, those that are there

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `estimate_spread` is not above 0, `heard` lies outside [0, 1], or `seed`
        is no seed.

    Source
    ------
    Buying centre: Webster and Wind (1972), doi:10.1177/002224297203600204. The rest is ours.

    See Also
    --------
    crmlab.accounts.measure.visit_plan : whom to visit, in the hours there are.

    Examples
    --------
    >>> data, truth = simulate_accounts(200, seed=1)
    >>> bool((data.accounts["sales_cny"] < truth["potential_cny"]).all())
    True
    """
    require_real(heard=heard)
    rng = stream_of(seed, "simulate_accounts")
    require_at_least("n", n, 1)
    require_positive("estimate_spread", estimate_spread)
    if not 0 <= heard <= 1:
        raise OutOfRangeError(f"heard must be a share in [0, 1]; got {heard!r}.")
    number = np.arange(1, n + 1)
    potential = np.exp(rng.normal(POTENTIAL_LOG_MEAN, POTENTIAL_LOG_SD, n))
    wallet = rng.beta(2, 3, n)
    sales = wallet * potential
    guess = potential * np.exp(rng.normal(0, estimate_spread, n))
    place = rng.uniform(-50, 50, (n, 2))
    accounts = pd.DataFrame(
        {
            "account_id": number,
            "industry": _words(rng.choice([*INDUSTRIES], n, p=[*INDUSTRIES.values()])),
            "owner": _words(rng.choice(OWNERS, n)),
            "sites": 1 + rng.poisson(2, n),
            "x_km": place[:, 0],
            "y_km": place[:, 1],
            "visit_hours": HOURS_THERE + 2 * np.hypot(*place.T) / SPEED_KM_H,
            "sales_cny": sales,
            "estimated_potential_cny": np.maximum(guess, sales),
        }
    )
    people = pd.DataFrame(
        {
            "account_id": repeat(number, len(ROLES)),
            "role": _words(np.tile(ROLES, n)),
            "known": rng.random(n * len(ROLES)) < heard,
        }
    )
    there = rng.random((n, len(NEEDS))) < 0.4
    who, which = np.nonzero(there & (rng.random(there.shape) < heard))
    needs = pd.DataFrame({"account_id": number[who], "need": _words(np.array(NEEDS)[which])})
    opportunities = pd.DataFrame(
        {
            "opportunity_id": np.arange(1, len(needs) + 1),
            **needs,
            "value_cny": 0.02 * potential[who],
            "chance": 0.2 + 0.5 * wallet[who],
        }
    )
    truth = {"account_id": number, "potential_cny": potential, "share_of_wallet": wallet}
    truth = pd.DataFrame({**truth, "needs": there.sum(axis=1)})
    return SimulatedAccounts(Accounts(accounts, people, needs, opportunities), truth)


def _words(values: np.ndarray) -> pd.Series:
    return pd.Series(values, dtype="str")
