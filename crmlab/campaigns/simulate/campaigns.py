"""Promotions, whom they reach, whom they leave in peace, and what they cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab.campaigns.simulate.designs import simulate_promotions
from crmlab.campaigns.simulate.targets import (
    require_share,
    simulate_sensitivity,
    simulate_targets,
)


@dataclass(frozen=True)
class Campaigns:
    """What the firm knows of its promotions.

    promotions, one row per promotion, by start
        promotion_id : int64
        type, description, medium, colour, audience : str, the design and whom it is for
        intention : str, what it should do with them and why this colour, medium and hour
        starts_at : datetime64[us], day and hour of every contact
        fixed_cost_cny, variable_cost_cny : float64, for the whole and for each contact
    targets, one row per promotion and customer drawn for it
        promotion_id, customer_id : int64
        held_out : bool, drawn and then left in peace, for comparison
        bought : bool, bought within 14 days
    """

    promotions: pd.DataFrame
    targets: pd.DataFrame


@dataclass(frozen=True)
class CampaignsTruth:
    """What only the simulator knows.

    promotions  promotion_id, lift: chance that a contact makes an average customer buy
    customers   customer_id, sensitivity: times that chance
    targets     promotion_id, customer_id, response_probability, caused: bool
    """

    promotions: pd.DataFrame
    customers: pd.DataFrame
    targets: pd.DataFrame


class SimulatedCampaigns(NamedTuple):
    """What the firm sees, and what the promotions really did."""

    data: Campaigns
    truth: CampaignsTruth


def simulate_campaigns(
    n: int,
    *,
    promotions: int = 24,
    lift: float = 0.06,
    usual: float = 0.2,
    targeted_share: float = 0.3,
    held_out_share: float = 0.2,
    seed: Seed,
) -> SimulatedCampaigns:
    """Simulate the promotions of two years among customers who stay, with a share held out.

    Model
    -----
    A promotion's lift is `lift` times 1 + what its colour, medium and hour add:
        red +0.4, blue 0, green -0.4; network +0.2, newspaper -0.2, TV and radio 0;
        9 o'clock -0.3, 20 o'clock +0.3, noon and 15 o'clock 0
    Its intention follows from audience, colour, medium and hour: it says what the firm hopes.
    A customer's sensitivity ~ Gamma(2, 1/2), mean 1, hidden; what they say of promotions follows
    it. For each promotion `targeted_share` of the customers are drawn at random, and of those
    `held_out_share` are left in peace. A contact makes its customer buy within 14 days with
    probability min(1, lift * sensitivity); everybody drawn also buys in them of their own accord
    with probability `usual`. So what a promotion causes among those contacted is, on average,
        P(bought | contacted) - P(bought | held out) = (1 - usual) * E[min(1, lift * sensitivity)]

    Parameters
    ----------
    n, promotions : int
        At least 1, and 0 or more.
    lift, usual, targeted_share, held_out_share : float in [0, 1]
        As above; `lift` at most 0.3.
    seed : int, SeedSequence or Generator
        Same seed, same campaigns.

    Returns
    -------
    data : Campaigns
    truth : CampaignsTruth

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `promotions` below 0, `lift` lies outside [0, 0.3], `usual`,
        `targeted_share` or `held_out_share` outside [0, 1], or `seed` is no seed.

    Examples
    --------
    >>> data, truth = simulate_campaigns(1_000, promotions=2, seed=1)
    >>> len(data.promotions), data.targets["held_out"].mean().round(1)
    (2, np.float64(0.2))
    """
    require_real(
        promotions=promotions,
        lift=lift,
        usual=usual,
        targeted_share=targeted_share,
        held_out_share=held_out_share,
    )
    require_at_least("n", n, 1)
    require_share("usual", usual)
    rng = stream_of(seed, "simulate_campaigns")
    kinds = simulate_promotions(promotions, lift=lift, seed=rng)
    people = simulate_sensitivity(np.arange(1, n + 1), seed=rng)
    everybody = people.assign(
        from_day=pd.Timestamp("1990-01-01"), until=None, alive_until=None, mean_ticket=1.0
    ).astype({"until": "M8[us]", "alive_until": "M8[us]"})
    drawn = simulate_targets(
        kinds,
        everybody,
        targeted_share=targeted_share,
        held_out_share=held_out_share,
        seed=rng,
    )
    bought = drawn["caused"] | (rng.random(len(drawn)) < usual)
    targets = drawn[["promotion_id", "customer_id", "held_out"]].assign(bought=bought)
    hidden = drawn[["promotion_id", "customer_id", "response_probability", "caused"]]
    truth = CampaignsTruth(kinds.truth, people[["customer_id", "sensitivity"]], hidden)
    return SimulatedCampaigns(Campaigns(kinds.data, targets), truth)
