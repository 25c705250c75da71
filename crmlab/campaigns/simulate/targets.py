"""Whom a promotion is drawn for, what the contact causes, and whom it drives away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlab._checks import Seed, require_columns, stream_of
from crmlab._shapes import Simulated
from crmlab.campaigns.simulate.designs import RESPONSE_DAYS
from crmlab.errors import OutOfRangeError

SENSITIVITY_SHAPE = 2.0
TICKET_SHAPE = 4.0
REACTIONS = ("dislikes", "ignores", "welcomes")


def simulate_sensitivity(customer_id: np.ndarray, *, seed: Seed) -> pd.DataFrame:
    """Return customer_id, the hidden sensitivity, and promotion_reaction, what customers say.

    The more sensitive half welcomes promotions, the least sensitive fifth dislikes them, the
    others ignore them; one in ten says any of the three.

    Parameters
    ----------
    customer_id : array of int
    seed : int, SeedSequence or Generator

    Raises
    ------
    OutOfRangeError
        If `seed` is no seed.
    """
    rng = stream_of(seed, "simulate_sensitivity")
    n = len(customer_id)
    sensitivity = rng.gamma(SENSITIVITY_SHAPE, 1 / SENSITIVITY_SHAPE, n)
    # The fifth and the median of Gamma(2, 1/2).
    place = np.digitize(sensitivity, [0.4122, 0.8392])
    place = np.where(rng.random(n) < 0.1, rng.integers(0, 3, n), place)
    return pa.table(
        {
            "customer_id": customer_id,
            "sensitivity": sensitivity,
            "promotion_reaction": pa.array(REACTIONS).take(pa.array(place)),
        }
    ).to_pandas()


def simulate_targets(
    promotions: Simulated,
    customers: pd.DataFrame,
    *,
    targeted_share: float = 0.3,
    held_out_share: float = 0.2,
    contact_limit: int = 31,
    overcontact_dropout: float = 0.0,
    seed: Seed,
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
    promotions : Simulated, of `simulate_promotions`
    customers : DataFrame
        customer_id, sensitivity, mean_ticket, and the days from_day, until, alive_until
    targeted_share, held_out_share, overcontact_dropout : float in [0, 1]
    contact_limit : int
    seed : int, SeedSequence or Generator

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

    Raises
    ------
    MissingColumnsError
        If `customers` lacks a column.
    OutOfRangeError
        If a share is none, or `seed` is no seed.
    """
    columns = ("customer_id", "sensitivity", "mean_ticket", "from_day", "until", "alive_until")
    require_columns(customers, *columns)
    for name, share in (("targeted_share", targeted_share), ("held_out_share", held_out_share)):
        require_share(name, share)
    require_share("overcontact_dropout", overcontact_dropout)
    rng = stream_of(seed, "simulate_targets")

    start = promotions.data["starts_at"].to_numpy("M8[us]")
    begin, until, alive_until = (
        _or_never(customers[name]) for name in ("from_day", "until", "alive_until")
    )
    may = (begin[:, None] <= start) & (until[:, None] > start)
    drawn = np.flatnonzero(may & (rng.random(may.shape) < targeted_share))
    held = (rng.random(may.shape) < held_out_share).ravel()[drawn]
    row, column = np.divmod(drawn, max(len(start), 1))
    rank = _rank_in_month(row, start.astype("M8[M]").astype(np.int64)[column], ~held)

    day = start.astype("M8[D]").astype("M8[us]")[column]
    buys_on = day + rng.integers(0, RESPONSE_DAYS, len(row)).astype("m8[D]")
    chance = promotions.truth["lift"].to_numpy()[column] * customers["sensitivity"].to_numpy()[row]
    chance = np.where(held | (alive_until[row] <= buys_on), 0.0, np.minimum(chance, 1.0))
    caused = rng.random(len(row)) < chance
    ticket = customers["mean_ticket"].to_numpy()[row]
    amount = ticket * rng.standard_gamma(TICKET_SHAPE, len(row)) / TICKET_SHAPE
    leaves = (rank > contact_limit) & (rng.random(len(row)) < overcontact_dropout)
    columns = {
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
    return pd.DataFrame(columns, copy=False)


def _or_never(day: pd.Series) -> np.ndarray:
    """Return the days of a column, with the end of time where there is none."""
    days = day.to_numpy("M8[us]")
    return np.where(np.isnat(days), np.datetime64(2**63 - 1, "us"), days)


def _rank_in_month(row: np.ndarray, month: np.ndarray, contacted: np.ndarray) -> np.ndarray:
    """Return how many contacts of its month each contact makes, itself among them.

    Rows stand by customer and month; who is held out has none.
    """
    is_first = (np.diff(row, prepend=-1) != 0) | (np.diff(month, prepend=-1) != 0)
    first = np.flatnonzero(is_first)
    total = contacted.cumsum()
    before = (total - contacted)[first]
    return np.where(contacted, total - np.repeat(before, np.diff(first, append=len(row))), 0)


def require_share(name: str, value: float) -> None:
    """Raise OutOfRangeError unless `value` lies in [0, 1]."""
    if not 0 <= value <= 1:
        raise OutOfRangeError(f"{name} must lie in [0, 1], a share not a percent; got {value!r}.")
