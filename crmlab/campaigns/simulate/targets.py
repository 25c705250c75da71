"""Whom a promotion is drawn for, what the contact causes, and whom it drives away."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlab._chance import Chance
from crmlab._checks import Seed, require_columns, stream_of
from crmlab._groups import bincount, stable_order
from crmlab._shapes import Simulated
from crmlab.campaigns.simulate.designs import RESPONSE_DAYS
from crmlab.errors import OutOfRangeError

SENSITIVITY_SHAPE = 2.0
TICKET_SHAPE = 4.0
# Days are parted by this many, so that a customer and a day are one number.
SPAN = 100_000
NEW_DAYS, LAPSED_DAYS, BIG_SPEND = 180, 90, 800.0
# The columns of the targets, in their order.
COLUMNS = ("promotion_id", "customer_id", "starts_at", "held_out", "contact_in_month")
COLUMNS += ("response_probability", "caused", "buys_on", "amount", "leaves")
Columns = dict[str, np.ndarray]
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
        If a share is none, or `seed` is no seed.
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
    pairs = _together([_nobody(), *parts])
    pairs |= _luck(chance, pairs, customers, held_out_share, overcontact_dropout)
    pairs["sore"] = np.zeros(len(pairs["row"]), dtype=bool)
    if leaves_after is not None and history is not None:
        would = np.flatnonzero(pairs["caused"])
        who = (pairs[name][would] for name in ("promotion_id", "customer_id"))
        pairs["sore"][would] = leaves_after(*who)
    until = np.cumsum([0, *(len(part["row"]) for part in parts)])
    shown = [
        firm.reach(
            design, {name: column[until[k] : until[k + 1]] for name, column in pairs.items()}
        )
        for k, design in enumerate(designs)
    ]
    rows = _together(shown) if shown else {**pairs, "contact_in_month": until[:0]}
    order = stable_order(rows["promotion_id"])
    order = order[stable_order(rows["row"][order])]
    return pd.DataFrame({name: rows[name][order] for name in COLUMNS}, copy=False)


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


def _nobody() -> Columns:
    """Return the columns of the pairs that may be drawn, without rows."""
    kinds = {"row": "int64", "promotion_id": "int64", "customer_id": "int64"}
    kinds |= {"starts_at": "M8[us]", "lift": "float64"}
    return {name: np.empty(0, dtype=kind) for name, kind in kinds.items()}


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
        self.log = None if history is None else _Log(customers, history)

    def drawn(self, chance: Chance, design: _Design, share: float) -> Columns:
        """Return whom chance draws for a promotion among those who may then be contacted."""
        number, start = design.number, design.start
        row = np.flatnonzero((self.begin <= start) & (self.until > start))
        row = row[chance("drawn", (self.id[row] << 16) + number) < share]
        return {
            "row": row,
            "promotion_id": np.full(len(row), number),
            "customer_id": self.id[row],
            "starts_at": np.full(len(row), start),
            "lift": np.full(len(row), design.lift),
        }

    def reach(self, design: _Design, pairs: Columns) -> Columns:
        """Return whom a promotion is for among those drawn, and what it causes; note it."""
        start = design.start
        if self.log is not None:
            self.log.until(start, self.alive)
            may = self.log.audience(design.audience, start, self.alive, pairs["row"])
            pairs = {name: column[may] for name, column in pairs.items()}
        row, held = pairs["row"], pairs["held_out"]
        if start.astype("M8[M]") != self.month:
            self.month = start.astype("M8[M]")
            self.contacts[:] = 0
        self.contacts[row] += ~held
        contact = np.where(held, 0, self.contacts[row])
        gone = self.alive[row] <= pairs["buys_on"]
        shown = {
            **pairs,
            "contact_in_month": contact,
            "response_probability": np.where(gone, 0.0, pairs["response_probability"]),
            "caused": pairs["caused"] & ~gone,
            "amount": np.where(gone, np.nan, pairs["amount"]),
            "leaves": pairs["leaves"] & (contact > self.limit),
        }
        self._remember(shown, start)
        return shown

    def _remember(self, shown: Columns, start: np.datetime64) -> None:
        """Note what a promotion caused, and who leaves for it."""
        if self.log is not None:
            who = np.flatnonzero(shown["caused"])
            self.log.expect(*(shown[name][who] for name in ("row", "buys_on", "amount", "sore")))
        gone = shown["row"][shown["leaves"]]
        self.alive[gone] = np.minimum(self.alive[gone], start)


class _Log:
    """Who has bought what until a day, of their own accord and for promotions."""

    def __init__(self, customers: pd.DataFrame, history: pd.DataFrame) -> None:
        n = len(customers)
        self.joined = customers["joined_on"].to_numpy("M8[D]").astype(np.int64)
        row = pd.Index(customers["customer_id"]).get_indexer(pd.Index(history["customer_id"]))
        day = history["date"].to_numpy("M8[D]").astype(np.int64)
        order = stable_order(day)
        order = order[stable_order(row[order])]
        self.key = (row * SPAN + day)[order]
        # In cents, so that a sum is what it is whatever stands before it.
        cents = np.rint(history["amount"].to_numpy()[order] * 100).astype(np.int64)
        self.spent = np.append(0, cents.cumsum())
        count = bincount(row, minlength=n)
        self.first = count.cumsum() - count
        self.last_caused, self.more = np.full(n, -SPAN), np.zeros(n, dtype=np.int64)
        kinds = {"row": "int64", "day": "M8[us]", "amount": "float64", "sore": "bool"}
        self.due = {name: np.empty(0, dtype=kind) for name, kind in kinds.items()}

    def audience(
        self, audience: str, start: np.datetime64, alive: np.ndarray, row: np.ndarray
    ) -> np.ndarray:
        """Return which of the customers in `row` are those a promotion that starts then is for."""
        today = start.astype("M8[D]").astype(np.int64)
        if audience == "new customers":
            return (self.joined[row] < today) & (self.joined[row] >= today - NEW_DAYS)
        if audience not in ("big spenders", "lapsed customers"):
            return np.ones(len(row), dtype=bool)
        left = alive[row].astype("M8[D]").astype(np.int64)
        first = self.first[row]
        place = np.searchsorted(self.key, np.minimum(today - 1, left) + row * SPAN, side="right")
        if audience == "big spenders":
            return self.spent[place] - self.spent[first] + self.more[row] >= BIG_SPEND * 100
        last = np.where(place > first, self.key[place - 1] % SPAN, -SPAN)
        last = np.maximum(last, self.last_caused[row])
        return (place > first) & (last < today - LAPSED_DAYS)

    def expect(self, *columns: np.ndarray) -> None:
        """Note purchases that a promotion will have caused: row, day, amount, and who leaves."""
        self.due = {
            name: np.concatenate([column, more])
            for (name, column), more in zip(self.due.items(), columns, strict=True)
        }

    def until(self, start: np.datetime64, alive: np.ndarray) -> None:
        """Note what was bought before the day of `start`, and in `alive` who has left for it."""
        now = self.due["day"] < start.astype("M8[D]")
        past = {name: column[now] for name, column in self.due.items()}
        self.due = {name: column[~now] for name, column in self.due.items()}
        sore = past["sore"]
        np.minimum.at(alive, past["row"][sore], past["day"][sore])
        done = past["day"] <= alive[past["row"]]
        row, days = past["row"][done], past["day"][done].astype("M8[D]").astype(np.int64)
        np.maximum.at(self.last_caused, row, days)
        np.add.at(self.more, row, np.rint(past["amount"][done] * 100).astype(np.int64))


def _or_never(day: pd.Series) -> np.ndarray:
    """Return the days of a column, with a day too far to come where there is none."""
    days = day.to_numpy("M8[us]")
    return np.where(np.isnat(days), np.datetime64("2150-01-01", "us"), days)


def require_share(name: str, value: float) -> None:
    """Raise OutOfRangeError unless `value` lies in [0, 1]."""
    if not 0 <= value <= 1:
        raise OutOfRangeError(f"{name} must lie in [0, 1], a share not a percent; got {value!r}.")
