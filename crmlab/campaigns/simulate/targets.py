"""Whom a promotion is drawn for, what the contact causes, and whom it drives away."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlab._chance import Chance
from crmlab._checks import Seed, require_columns, stream_of
from crmlab._groups import repeat, stable_order
from crmlab._shapes import Simulated
from crmlab.campaigns.simulate.designs import RESPONSE_DAYS
from crmlab.campaigns.simulate.seen import Seen
from crmlab.errors import OutOfRangeError

SENSITIVITY_SHAPE = 2.0
TICKET_SHAPE = 4.0
# The columns of the targets, in their order.
COLUMNS = ("promotion_id", "customer_id", "starts_at", "held_out", "contact_in_month")
COLUMNS += ("response_probability", "caused", "buys_on", "amount", "leaves")
Columns = dict[str, np.ndarray]
_NOTHING = {
    "pair": np.empty(0, dtype=np.int64),
    "contact_in_month": np.empty(0, dtype=np.int64),
    "gone": np.empty(0, dtype=bool),
    "leaves": np.empty(0, dtype=bool),
}
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
    history: pd.DataFrame | None = None,
    targeted_share: float = 0.3,
    held_out_share: float = 0.2,
    contact_limit: int = 31,
    overcontact_dropout: float = 0.0,
    leaves_after: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
    seed: Seed,
) -> pd.DataFrame:
    """Return who was drawn for which promotion, what it caused, and whom it drove away.

    Model
    -----
    As `simulate_campaigns`, for customers who may be contacted from `from_day` on and before
    `until`, and who buy no more after `alive_until` (NaT: no end), which contacts cannot change.
    Every contact of a calendar month after the first `contact_limit` makes its customer leave
    with probability `overcontact_dropout`.
    With a `history` a promotion is for its audience only, as the firm sees it on that day:
        new customers      joined within the 180 days before
        lapsed customers   have bought, but not within the 90 days before
        big spenders       have spent 800 CNY or more so far, refunds not taken off
    Chance belongs to the pair of customer and promotion: another share or limit draws no pair anew.

    Parameters
    ----------
    promotions : Simulated, of `simulate_promotions`
    customers : DataFrame
        customer_id, sensitivity, mean_ticket, and the days from_day, until, alive_until; with a
        history joined_on too
    history : DataFrame, optional
        customer_id, date, amount: what they buy of their own accord, until alive_until
    targeted_share, held_out_share, overcontact_dropout : float in [0, 1]
        Shares of the audience, of those drawn, and of contacts beyond the limit.
    contact_limit : int
    leaves_after : function of arrays (promotion_id, customer_id), optional
        Who leaves after the purchase that this promotion makes this customer do: array of bool.
        With a history only.
    seed : int, SeedSequence or Generator

    Returns
    -------
    DataFrame, one row per promotion and customer, by customer and promotion
        promotion_id, customer_id : int64
        starts_at : datetime64[us]
        held_out : bool
        contact_in_month : int64, 1 for the first contact of a month; 0 when held out
        response_probability : float64, chance that the contact causes a purchase beside those of
            their own accord; 0 when held out or gone
        caused : bool
        buys_on : datetime64[us], the day on which the contact makes them buy, if it does
        amount : float64, what they then spend: mean_ticket times Gamma(4) / 4; else missing
        leaves : bool

    Raises
    ------
    MissingColumnsError
        If `customers` lacks a column.
    OutOfRangeError
        If `targeted_share`, `held_out_share` or `overcontact_dropout` lies outside [0, 1], or
        `seed` is no seed.
    """
    columns = ("customer_id", "sensitivity", "mean_ticket", "from_day", "until", "alive_until")
    require_columns(customers, *columns, *(() if history is None else ("joined_on",)))
    for name, share in (("targeted_share", targeted_share), ("held_out_share", held_out_share)):
        require_share(name, share)
    require_share("overcontact_dropout", overcontact_dropout)

    chance = Chance(stream_of(seed, "simulate_targets"))
    designs = _designs(promotions)
    firm = _Firm(customers, history, contact_limit)
    parts = [firm.drawn(chance, design, targeted_share) for design in designs]
    pairs = _pairs(designs, parts, firm.id)
    pairs |= _luck(chance, pairs, customers, held_out_share, overcontact_dropout)
    pairs["sore"] = np.zeros(len(pairs["row"]), dtype=bool)
    if leaves_after is not None and history is not None:
        would = np.flatnonzero(pairs["caused"])
        who = (pairs[name][would] for name in ("promotion_id", "customer_id"))
        pairs["sore"][would] = leaves_after(*who)
    until = np.cumsum([0, *map(len, parts)])
    shown = [firm.reach(design, pairs, *until[k : k + 2]) for k, design in enumerate(designs)]
    seen = _together([_NOTHING, *shown])
    order = stable_order(pairs["promotion_id"][seen["pair"]])
    order = order[stable_order(pairs["row"][seen["pair"][order]])]
    seen = {name: column[order] for name, column in seen.items()}
    gone, pair = seen.pop("gone"), seen.pop("pair")
    rows = {name: seen[name] if name in seen else pairs[name][pair] for name in COLUMNS}
    rows["response_probability"][gone], rows["amount"][gone] = 0.0, np.nan
    rows["caused"] &= ~gone
    return pd.DataFrame(rows, copy=False)


class _Design(NamedTuple):
    """A promotion: its number, start, audience and lift."""

    number: int
    start: np.datetime64
    audience: str
    lift: float


def _designs(promotions: Simulated) -> list[_Design]:
    """Return the promotions in their order."""
    data, truth = promotions
    lift = dict(zip(truth["promotion_id"], truth["lift"], strict=True))
    start, number = data["starts_at"].to_numpy("M8[us]"), data["promotion_id"].tolist()
    audience = data["audience"].tolist()
    return [_Design(*said, lift[said[0]]) for said in zip(number, start, audience, strict=True)]


def _together(parts: list[Columns]) -> Columns:
    """Return the columns of all parts, one after another."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _pairs(designs: list[_Design], parts: list[np.ndarray], number: np.ndarray) -> Columns:
    """Return each promotion with each of the customers, by row, whom it is drawn for."""
    row = np.concatenate([np.empty(0, dtype=np.int64), *parts])
    times = np.array([len(part) for part in parts], dtype=np.int64)
    return {
        "row": row,
        "promotion_id": repeat(np.array([one.number for one in designs], dtype=np.int64), times),
        "customer_id": number[row],
        "starts_at": repeat(np.array([one.start for one in designs], dtype="M8[us]"), times),
        "lift": repeat(np.array([one.lift for one in designs], dtype=float), times),
    }


def _luck(
    chance: Chance,
    pairs: Columns,
    customers: pd.DataFrame,
    held_out: float,
    overcontact_dropout: float,
) -> Columns:
    """Return what chance has in store for each pair, should the customer be there to see it."""
    key, row = (pairs["customer_id"] << 16) + pairs["promotion_id"], pairs["row"]
    held = chance("held out", key) < held_out
    day = pairs["starts_at"].astype("M8[D]") + chance.days("buys on", key, 0, RESPONSE_DAYS - 1)
    sensitivity = customers["sensitivity"].to_numpy()[row]
    often = np.where(held, 0.0, np.minimum(pairs["lift"] * sensitivity, 1.0))
    caused = chance("caused", key) < often
    who = np.flatnonzero(caused)
    ticket = customers["mean_ticket"].to_numpy()[row[who]] / TICKET_SHAPE
    amount = np.full(len(row), np.nan)
    spent = chance.gamma("amount", key[who], TICKET_SHAPE) * ticket
    amount[who] = np.maximum(spent, 0.01).round(2)
    # Nobody's number lies below 0: it need not be looked up.
    leaves = chance("leaves", key) < overcontact_dropout if overcontact_dropout else held & False
    return {
        "held_out": held,
        "response_probability": often,
        "caused": caused,
        "buys_on": day.astype("M8[us]"),
        "amount": amount,
        "leaves": leaves,
    }


class _Firm:
    """What the firm sees of its customers from one promotion to the next."""

    def __init__(
        self, customers: pd.DataFrame, history: pd.DataFrame | None, contact_limit: int
    ) -> None:
        self.id = customers["customer_id"].to_numpy()
        days = ("from_day", "until", "alive_until")
        self.begin, self.until, self.alive = (_or_never(customers[name]) for name in days)
        self.month, self.contacts = np.datetime64("1900-01"), np.zeros(len(self.id), np.int64)
        self.limit = contact_limit
        self.log = None if history is None else Seen(customers, history)

    def drawn(self, chance: Chance, design: _Design, share: float) -> np.ndarray:
        """Return whom chance draws for a promotion among those who may then be contacted."""
        number, start = design.number, design.start
        may = (self.begin <= start) & (self.until > start)
        if self.log is not None and design.audience == "new customers":
            may &= self.log.is_new(start)
        row = np.flatnonzero(may)
        return row[np.flatnonzero(chance("drawn", (self.id[row] << 16) + number) < share)]

    def reach(self, design: _Design, pairs: Columns, first: int, until: int) -> Columns:
        """Return for which pairs a promotion is among those drawn, and note what it causes."""
        start = design.start
        pair = np.arange(first, until)
        if self.log is not None:
            self.log.until(start, self.alive)
            row = pairs["row"][first:until]
            pair = pair[self.log.audience(design.audience, start, self.alive, row)]
        row, held = pairs["row"][pair], pairs["held_out"][pair]
        if start.astype("M8[M]") != self.month:
            self.month = start.astype("M8[M]")
            self.contacts[:] = 0
        self.contacts[row] += ~held
        contact = np.where(held, 0, self.contacts[row])
        gone = self.alive[row] <= pairs["buys_on"][pair]
        if self.log is not None:
            who = pair[pairs["caused"][pair] & ~gone]
            self.log.expect(*(pairs[name][who] for name in ("row", "buys_on", "amount", "sore")))
        leaves = pairs["leaves"][pair] & (contact > self.limit)
        self.alive[row[leaves]] = np.minimum(self.alive[row[leaves]], start)
        return {"pair": pair, "contact_in_month": contact, "gone": gone, "leaves": leaves}


def _or_never(day: pd.Series) -> np.ndarray:
    """Return the days of a column, with a day too far to come where there is none."""
    days = day.to_numpy("M8[us]")
    return np.where(np.isnat(days), np.datetime64("2150-01-01", "us"), days)


def require_share(name: str, value: float) -> None:
    """Raise OutOfRangeError unless `value` lies in [0, 1]."""
    if not 0 <= value <= 1:
        raise OutOfRangeError(f"{name} must lie in [0, 1], a share not a percent; got {value!r}.")
