"""Promotions, whom they reach, whom they leave in peace, and what they cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_columns
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

RESPONSE_DAYS = 14
# What each feature of a design adds to the lift, as a share of the average lift.
COLOURS = {"red": 0.4, "blue": 0.0, "green": -0.4}
MEDIA = {"network": 0.2, "TV": 0.0, "radio": 0.0, "newspaper": -0.2}
HOURS = {9: -0.3, 12: 0.0, 15: 0.0, 20: 0.3}
TYPES = ("price cut", "telephone", "sales event", "print", "broadcast", "web advertisement")
AUDIENCES = ("all members", "lapsed customers", "new customers", "big spenders")
SENSITIVITY_SHAPE = 2.0
TICKET_SHAPE = 4.0


@dataclass(frozen=True)
class Campaigns:
    """What the firm knows of its promotions.

    promotions, one row per promotion, by start
        promotion_id : int64
        type, description, medium, colour, audience : str, the design and whom it is for
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
    n_customers: int,
    *,
    promotions: int = 24,
    lift: float = 0.06,
    usual: float = 0.2,
    targeted_share: float = 0.3,
    held_out_share: float = 0.2,
    seed: int,
) -> SimulatedCampaigns:
    """Simulate the promotions of two years among customers who stay, with a share held out.

    Model
    -----
    A promotion's lift is `lift` times 1 + what its colour, medium and hour add:
        red +0.4, blue 0, green -0.4; network +0.2, newspaper -0.2, TV and radio 0;
        9 o'clock -0.3, 20 o'clock +0.3, noon and 15 o'clock 0
    A customer's sensitivity ~ Gamma(2, 1/2), mean 1, hidden; what they say of promotions follows
    it. For each promotion `targeted_share` of the customers are drawn at random, and of those
    `held_out_share` are left in peace. A contact makes its customer buy within 14 days with
    probability min(1, lift * sensitivity); everybody drawn also buys in them of their own accord
    with probability `usual`. So what a promotion causes among those contacted is, on average,
        P(bought | contacted) - P(bought | held out) = (1 - usual) * E[min(1, lift * sensitivity)]

    Parameters
    ----------
    n_customers, promotions : int
        At least 1.
    lift, usual, targeted_share, held_out_share : float in [0, 1]
        As above; `lift` at most 0.3.
    seed : int
        Same seed, same campaigns.

    Returns
    -------
    data : Campaigns
    truth : CampaignsTruth

    Raises
    ------
    OutOfRangeError
        If a number is outside its range.

    Examples
    --------
    >>> data, truth = simulate_campaigns(1_000, promotions=2, seed=1)
    >>> len(data.promotions), data.targets["held_out"].mean().round(1)
    (2, np.float64(0.2))
    """
    require_at_least("n_customers", n_customers, 1)
    _require_share("usual", usual)
    rng = np.random.default_rng(seed)
    kinds = draw_promotions(
        rng, promotions, first_day="2023-01-01", last_day="2024-12-31", lift=lift
    )
    people = draw_sensitivity(rng, np.arange(1, n_customers + 1))
    everybody = people.assign(
        from_day=pd.Timestamp("1990-01-01"), until=None, alive_until=None, mean_ticket=1.0
    ).astype({"until": "M8[us]", "alive_until": "M8[us]"})
    drawn = draw_targets(
        rng,
        kinds,
        everybody,
        targeted_share=targeted_share,
        held_out_share=held_out_share,
        contact_limit=31,
        overcontact_dropout=0.0,
    )
    bought = drawn["caused"] | (rng.random(len(drawn)) < usual)
    targets = drawn[["promotion_id", "customer_id", "held_out"]].assign(bought=bought)
    hidden = drawn[["promotion_id", "customer_id", "response_probability", "caused"]]
    truth = CampaignsTruth(kinds.truth, people[["customer_id", "sensitivity"]], hidden)
    return SimulatedCampaigns(Campaigns(kinds.data, targets), truth)


def draw_promotions(
    rng: np.random.Generator, n: int, *, first_day: str, last_day: str, lift: float
) -> Simulated:
    """Return `n` promotions spread over the days, and their lifts: see `simulate_campaigns`."""
    if n < 0:
        raise OutOfRangeError(f"promotions must be 0 or more; got {n!r}.")
    if not 0 <= lift <= 0.3:
        raise OutOfRangeError(f"lift must lie between 0 and 0.3; got {lift!r}.")
    first, last = np.datetime64(first_day, "D"), np.datetime64(last_day, "D")
    # Answers end within the days: the last promotion starts two weeks before.
    room = int((last - first).astype(int)) - RESPONSE_DAYS
    colour, medium, hour = (rng.choice([*table], n) for table in (COLOURS, MEDIA, HOURS))
    starts_at = rng.integers(0, max(room, 1), n).astype("m8[D]") + hour.astype("m8[h]")
    order = np.argsort(starts_at, kind="stable")
    colour, medium, hour, starts_at = (one[order] for one in (colour, medium, hour, starts_at))
    kind, audience = rng.choice(TYPES, n), rng.choice(AUDIENCES, n)
    paid = rng.lognormal(9, 0.4, n).round(-2), rng.choice([0.1, 0.5, 1.0, 3.0], n)
    added = [
        [table[key] for key in found.tolist()]
        for table, found in ((COLOURS, colour), (MEDIA, medium), (HOURS, hour))
    ]
    number = np.arange(1, n + 1)
    described = [f"{c} design at {h}:00" for c, h in zip(colour, hour, strict=True)]
    data = pd.DataFrame(
        {
            "promotion_id": number,
            "type": pd.Series(kind, dtype="str"),
            "description": pd.Series(described, dtype="str"),
            "medium": pd.Series(medium, dtype="str"),
            "colour": pd.Series(colour, dtype="str"),
            "audience": pd.Series(audience, dtype="str"),
            "starts_at": first.astype("M8[us]") + starts_at,
            "fixed_cost_cny": paid[0],
            "variable_cost_cny": paid[1],
        }
    )
    lifts = lift * (1 + np.sum(added, axis=0)) if n else np.zeros(0)
    return Simulated(data, pd.DataFrame({"promotion_id": number, "lift": lifts}))


def draw_sensitivity(rng: np.random.Generator, customer_id: np.ndarray) -> pd.DataFrame:
    """Return customer_id, the hidden sensitivity, and promotion_reaction, what customers say.

    The more sensitive half welcomes promotions, the least sensitive fifth dislikes them, the
    others ignore them; one in ten says any of the three.
    """
    n = len(customer_id)
    sensitivity = rng.gamma(SENSITIVITY_SHAPE, 1 / SENSITIVITY_SHAPE, n)
    # The fifth and the median of Gamma(2, 1/2).
    place = np.digitize(sensitivity, [0.4122, 0.8392])
    place = np.where(rng.random(n) < 0.1, rng.integers(0, 3, n), place)
    said = np.array(["dislikes", "ignores", "welcomes"])[place]
    return pd.DataFrame(
        {
            "customer_id": customer_id,
            "sensitivity": sensitivity,
            "promotion_reaction": pd.Series(said, dtype="str"),
        }
    )


def draw_targets(
    rng: np.random.Generator,
    promotions: Simulated,
    customers: pd.DataFrame,
    *,
    targeted_share: float,
    held_out_share: float,
    contact_limit: int,
    overcontact_dropout: float,
) -> pd.DataFrame:
    """Return who was drawn for which promotion, what it caused, and whom it drove away.

    Model
    -----
    As `simulate_campaigns`, for customers who may be contacted from `from_day` on and before
    `until`, and who buy no more after `alive_until` (NaT: no end), which contacts cannot change.
    Every contact of a calendar month after the first `contact_limit` makes its customer leave
    with probability `overcontact_dropout`.

    Parameters
    ----------
    rng : Generator
    promotions : Simulated, of `draw_promotions`
    customers : DataFrame
        customer_id, sensitivity, mean_ticket, and the days from_day, until, alive_until
    targeted_share, held_out_share, overcontact_dropout : float in [0, 1]
    contact_limit : int

    Returns
    -------
    DataFrame, one row per promotion and customer, by customer and promotion
        promotion_id, customer_id : int64
        starts_at : datetime64[us]
        held_out : bool
        contact_in_month : int64, 1 for the first contact of a month; 0 when held out
        response_probability : float64, 0 when held out or gone
        caused : bool
        buys_on : datetime64[us], the day on which the contact makes them buy, if it does
        amount : float64, what they then spend: mean_ticket times Gamma(4) / 4
        leaves : bool
    """
    columns = ("customer_id", "sensitivity", "mean_ticket", "from_day", "until", "alive_until")
    require_columns(customers, *columns)
    for name, share in (("targeted_share", targeted_share), ("held_out_share", held_out_share)):
        _require_share(name, share)
    _require_share("overcontact_dropout", overcontact_dropout)

    start = promotions.data["starts_at"].to_numpy("M8[us]")
    begin, until = (customers[side].to_numpy("M8[us]")[:, None] for side in ("from_day", "until"))
    may = (begin <= start) & ~(until <= start)
    drawn = may & (rng.random(may.shape) < targeted_share)
    held_out = rng.random(may.shape) < held_out_share
    rank = _rank_in_month(drawn & ~held_out, start.astype("M8[M]"))
    row, column = np.nonzero(drawn)
    held, rank = held_out[row, column], rank[row, column]

    day = start[column].astype("M8[D]").astype("M8[us]")
    buys_on = day + rng.integers(0, RESPONSE_DAYS, len(row)).astype("m8[D]")
    alive = ~(customers["alive_until"].to_numpy("M8[us]")[row] <= buys_on)
    chance = promotions.truth["lift"].to_numpy()[column] * customers["sensitivity"].to_numpy()[row]
    chance = np.where(held | ~alive, 0.0, np.minimum(chance, 1.0))
    caused = rng.random(len(row)) < chance
    ticket = customers["mean_ticket"].to_numpy()[row]
    amount = ticket * rng.standard_gamma(TICKET_SHAPE, len(row)) / TICKET_SHAPE
    leaves = (rank > contact_limit) & (rng.random(len(row)) < overcontact_dropout)
    return pd.DataFrame(
        {
            "promotion_id": promotions.data["promotion_id"].to_numpy()[column],
            "customer_id": customers["customer_id"].to_numpy()[row],
            "starts_at": start[column],
            "held_out": held,
            "contact_in_month": rank,
            "response_probability": chance,
            "caused": caused,
            "buys_on": buys_on,
            "amount": np.maximum(amount, 0.01).round(2),
            "leaves": leaves,
        }
    )


def _rank_in_month(contacted: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Return how many contacts of its month each contact makes, itself among them."""
    total = contacted.cumsum(axis=1)
    if not total.size:
        return total
    is_first = np.r_[True, month[1:] != month[:-1]]
    before = np.flatnonzero(is_first)[np.cumsum(is_first) - 1]
    until_then = np.c_[np.zeros(len(total), dtype=total.dtype), total][:, before]
    return np.where(contacted, total - until_then, 0)


def _require_share(name: str, value: float) -> None:
    """Raise OutOfRangeError unless `value` lies in [0, 1]."""
    if not 0 <= value <= 1:
        raise OutOfRangeError(f"{name} must lie in [0, 1], a share not a percent; got {value!r}.")
