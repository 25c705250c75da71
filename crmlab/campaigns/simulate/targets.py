"""Whom a promotion is drawn for, what the contact causes, and whom it drives away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlab._chance import Chance
from crmlab._checks import Seed, require_columns, stream_of
from crmlab._groups import bincount
from crmlab._shapes import Simulated
from crmlab.campaigns.simulate.designs import RESPONSE_DAYS
from crmlab.errors import OutOfRangeError

SENSITIVITY_SHAPE = 2.0
TICKET_SHAPE = 4.0
# Days are parted by this many, so that a customer and a day are one number.
SPAN = 100_000
NEW_DAYS, LAPSED_DAYS, BIG_SPEND = 180, 90, 800.0
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
    firm = _Firm(customers, history, leaves_after)
    parts = [_nobody()]
    for design in promotions.data.merge(promotions.truth, on="promotion_id").itertuples():
        shown = firm.reach(chance, design, targeted_share, held_out_share)
        leaves = chance("leaves", shown["key"]) < overcontact_dropout
        shown["leaves"] = leaves & (shown["contact_in_month"] > contact_limit)
        firm.remember(shown)
        parts.append(shown)
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort([rows["promotion_id"], rows.pop("row")])
    del rows["key"]
    return pd.DataFrame({name: column[order] for name, column in rows.items()}, copy=False)


def _nobody() -> dict[str, np.ndarray]:
    """Return the columns of the targets, and the place and number of each row, without rows."""
    kinds = {"row": "int64", "key": "int64", "promotion_id": "int64", "customer_id": "int64"}
    kinds |= {"starts_at": "M8[us]", "held_out": "bool", "contact_in_month": "int64"}
    kinds |= {"response_probability": "float64", "caused": "bool", "buys_on": "M8[us]"}
    kinds |= {"amount": "float64", "leaves": "bool"}
    return {name: np.empty(0, dtype=kind) for name, kind in kinds.items()}


class _Firm:
    """What the firm sees of its customers from one promotion to the next."""

    def __init__(
        self, customers: pd.DataFrame, history: pd.DataFrame | None, leaves_after: Callable | None
    ) -> None:
        self.id = customers["customer_id"].to_numpy()
        days = ("from_day", "until", "alive_until")
        self.begin, self.until, self.alive = (_or_never(customers[name]) for name in days)
        self.trait = {k: customers[k].to_numpy() for k in ("sensitivity", "mean_ticket")}
        self.month, self.contacts = np.datetime64("1900-01"), np.zeros(len(self.id), np.int64)
        self.log = None if history is None else _Log(customers, history)
        self.leaves_after = leaves_after

    def reach(self, chance: Chance, design: Any, targeted: float, held_out: float) -> dict:
        """Return whom a promotion is drawn for, and what it causes."""
        number, start = design.promotion_id, design.starts_at.to_datetime64().astype("M8[us]")
        may = (self.begin <= start) & (self.until > start)
        if self.log is not None:
            self.log.until(start, self.alive)
            may &= self.log.audience(design.audience, start, self.alive)
        row = np.flatnonzero(may)
        key = (self.id[row] << 16) + number
        row = row[chance("drawn", key) < targeted]
        key = (self.id[row] << 16) + number
        held = chance("held out", key) < held_out

        if start.astype("M8[M]") != self.month:
            self.month, self.contacts = start.astype("M8[M]"), np.zeros(len(self.id), np.int64)
        self.contacts[row] += ~held
        buys_on = start.astype("M8[D]") + chance.days("buys on", key, 0, RESPONSE_DAYS - 1)
        gone = held | (self.alive[row] <= buys_on)
        often = np.where(gone, 0.0, np.minimum(design.lift * self.trait["sensitivity"][row], 1.0))
        caused = chance("caused", key) < often
        who = np.flatnonzero(caused)
        amount = np.full(len(row), np.nan)
        ticket = self.trait["mean_ticket"][row[who]] / TICKET_SHAPE
        spent = chance.gamma("amount", key[who], TICKET_SHAPE) * ticket
        amount[who] = np.maximum(spent, 0.01).round(2)
        return {
            "row": row,
            "key": key,
            "promotion_id": np.full(len(row), number),
            "customer_id": self.id[row],
            "starts_at": np.full(len(row), start),
            "held_out": held,
            "contact_in_month": np.where(held, 0, self.contacts[row]),
            "response_probability": often,
            "caused": caused,
            "buys_on": buys_on.astype("M8[us]"),
            "amount": amount,
        }

    def remember(self, shown: dict) -> None:
        """Note what a promotion caused, and who leaves for it."""
        if self.log is not None:
            caused = {k: column[shown["caused"]] for k, column in shown.items()}
            said = caused["promotion_id"], caused["customer_id"]
            sore = self.leaves_after(*said) if self.leaves_after else np.zeros(len(said[0]), bool)
            self.log.expect(caused["row"], caused["buys_on"], caused["amount"], sore)
        gone = shown["row"][shown["leaves"]]
        self.alive[gone] = np.minimum(self.alive[gone], shown["starts_at"][shown["leaves"]])


class _Log:
    """Who has bought what until a day, of their own accord and for promotions."""

    def __init__(self, customers: pd.DataFrame, history: pd.DataFrame) -> None:
        n = len(customers)
        self.joined = customers["joined_on"].to_numpy("M8[D]").astype(np.int64)
        row = pd.Index(customers["customer_id"]).get_indexer(pd.Index(history["customer_id"]))
        day = history["date"].to_numpy("M8[D]").astype(np.int64)
        self.key = row * SPAN + day
        order = np.argsort(self.key, kind="stable")
        self.key = self.key[order]
        # In cents, so that a sum is what it is whatever stands before it.
        cents = np.rint(history["amount"].to_numpy()[order] * 100).astype(np.int64)
        self.spent = np.append(0, cents.cumsum())
        count = bincount(row, minlength=n)
        self.first = count.cumsum() - count
        self.last_caused, self.more = np.full(n, -SPAN), np.zeros(n, dtype=np.int64)
        kinds = {"row": "int64", "day": "M8[us]", "amount": "float64", "sore": "bool"}
        self.due = {name: np.empty(0, dtype=kind) for name, kind in kinds.items()}

    def audience(self, audience: str, start: np.datetime64, alive: np.ndarray) -> np.ndarray:
        """Return who belongs to an audience on the day a promotion starts."""
        today = start.astype("M8[D]").astype(np.int64)
        if audience == "new customers":
            return (self.joined < today) & (self.joined >= today - NEW_DAYS)
        left = alive.astype("M8[D]").astype(np.int64)
        seen = np.minimum(today - 1, left) + np.arange(len(left)) * SPAN
        place = np.searchsorted(self.key, seen, side="right")
        if audience == "big spenders":
            return self.spent[place] - self.spent[self.first] + self.more >= BIG_SPEND * 100
        if audience == "lapsed customers":
            last = np.where(place > self.first, self.key[place - 1] % SPAN, -SPAN)
            last = np.maximum(last, self.last_caused)
            return (place > self.first) & (last < today - LAPSED_DAYS)
        return np.ones(len(left), dtype=bool)

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
