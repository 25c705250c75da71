"""Who buys what until when: what they would buy, and what the firm and chance make of it.

Everything that any customer would ever buy is drawn first, from the seed alone. What a scenario
then changes (who leaves when, whom a promotion moves, what fails) is decided row by row by
numbers that belong to the row, so that two scenarios of one seed differ in nothing but what
follows from their difference.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from crmlab._chance import Chance
from crmlab._groups import bincount
from crmlab._shapes import Simulated
from crmlab.behaviour.simulate.trade import DELIVERY_DAYS
from crmlab.campaigns.simulate import simulate_sensitivity, simulate_targets
from crmlab.company.calendar import FUTURE_UNTIL, rhythm
from crmlab.company.log import (
    CATEGORIES,
    NEVER,
    WEB_SHOP,
    Columns,
    Log,
    dates,
    days_of,
    frame_of_log,
    order_by_day,
    place_in,
    rows_of,
    texts,
    together,
)
from crmlab.company.scenario import Scenario
from crmlab.company.shoppers import REFUND_WITHIN_DAYS, draw_shoppers, frame_of_people
from crmlab.company.streams import SHOPPERS, Block, stream
from crmlab.customers.simulate import simulate_consents
from crmlab.lifetime.simulate.concentration import Spread

# Why customers leave. At a tie what the firm did counts, which stands last.
REASONS = ("own will", "service failure", "too many contacts")
LAST = int(days_of(np.array([FUTURE_UNTIL.to_datetime64()]))[0])
# The numbers of rows that promotions cause begin here: none of their own accord has so high a one.
CAUSED = 1 << 32
_rhythm = cache(rhythm)  # the same for every block


class Buying(NamedTuple):
    """What the other tables of a block are drawn from.

    customers  one row per customer: the key, what is seen and what is hidden
    purchases  every purchase and refund until the end of the future, by date, with bought_id, key
               (the number by which chance knows the purchase), promotion_id (0: of their own
               accord), failed and leaves
    targets    of `crmlab.campaigns.simulate.simulate_targets`, as they turned out
    """

    customers: pd.DataFrame
    purchases: pd.DataFrame
    targets: pd.DataFrame
    consents: pd.DataFrame


def draw_buying(
    seed: int,
    scenario: Scenario,
    block: Block,
    promotions: Simulated,
    *,
    churn: float,
    spread: Spread | None = None,
) -> Buying:
    """Return what one block buys; dropout is `churn` times the usual one, tickets are `spread`."""

    def rng(table: str) -> np.random.Generator:
        return stream(seed, table, block.number)

    said = {"churn": churn, "stays": True, "busy": _rhythm()}
    log, people = draw_shoppers(rng(SHOPPERS), block.customers, **said)
    chance = Chance(rng("buying"))
    people["dropout_probability"] = _with_loyalty(chance, people, scenario.spend_loyalty)
    n = len(people["customer_id"])
    if spread is not None:
        times = spread.times(people["mean_ticket"])
        people["mean_ticket"] = people["mean_ticket"] * times
        log["amount"] = np.maximum((log["amount"] * times[log["customer"]]).round(2), 0.01)
    joining = pd.DataFrame({name: people[name] for name in ("customer_id", "joined_on")})
    consents = simulate_consents(joining, share=scenario.consent_share, seed=rng("consents"))
    reaction = simulate_sensitivity(people["customer_id"], seed=rng("sensitivity"))
    people["sensitivity"] = reaction["sensitivity"].to_numpy()

    own_will = _own_will(chance, log, people)
    # Whatever the firm does, nothing is bought after it.
    log = rows_of(log, np.flatnonzero(log["day"] <= own_will[log["customer"]]))
    log |= _fates(chance, log["key"], scenario)
    exits = np.stack([own_will, _for(log, n)])

    def leaves_after(promotion_id: np.ndarray, customer_id: np.ndarray) -> np.ndarray:
        return _fates(chance, _caused(customer_id - 1, promotion_id), scenario)["leaves"]

    targets = simulate_targets(
        promotions,
        _reachable(people, consents, exits.min(axis=0)),
        history=_history(log),
        targeted_share=scenario.targeted_share,
        held_out_share=scenario.held_out_share,
        contact_limit=scenario.contact_limit,
        overcontact_dropout=scenario.overcontact_dropout,
        leaves_after=leaves_after,
        seed=rng("targets"),
    )
    caused = _promoted(chance, targets, people)
    caused |= _fates(chance, caused["key"], scenario)
    log = together([log, caused])
    exits = np.stack([exits[0], _for(log, n), _pestered(targets, n)])
    until = exits.min(axis=0)
    kept = np.flatnonzero(log["day"] <= until[log["customer"]])
    log = _with_refunds(chance, log, kept, people)
    log["promotion_id"] = _promotion_of(log["key"])
    said = {"promotion_reaction": reaction["promotion_reaction"], "left_for": _reason(exits)}
    frames = (
        frame_of_people({**people, **said, "dropped_out_on": dates(until)}),
        frame_of_log(log, before=block.first_id),
        _as_it_was(targets, until),
        consents,
    )
    for frame in frames:
        frame["customer_id"] += block.before
    return Buying(*frames)


def _with_loyalty(chance: Chance, people: Columns, loyalty: float) -> np.ndarray:
    """Return the chances to drop out, handed out anew within each persona.

    The rank of a customer's chance and that of the ticket then go against each other: their
    normal scores have the correlation -`loyalty`. The law of the chances stays as it is.
    """
    found = people["dropout_probability"].copy()
    noise = chance.normal("loyalty", people["customer_id"])
    for persona in np.unique(people["persona"]):
        rows = np.flatnonzero(people["persona"] == persona)
        n = len(rows)
        rank = people["mean_ticket"][rows].argsort().argsort()
        score = loyalty * ndtri((rank + 0.5) / n) + np.sqrt(1 - loyalty**2) * noise[rows]
        found[rows[score.argsort()]] = np.sort(found[rows])[::-1]
    return found


def _own_will(chance: Chance, log: Log, people: Columns) -> np.ndarray:
    """Return the day of the purchase after which each customer leaves of their own will.

    The number of repeat purchases up to it is geometric.
    """
    count = bincount(log["customer"], minlength=len(people["customer_id"]))
    first = np.cumsum(count) - count
    risk = np.clip(people["dropout_probability"], 1e-12, 1 - 1e-12)
    luck = np.log(chance("drops out", people["customer_id"]))
    repeats = 1 + np.minimum(np.floor(luck / np.log1p(-risk)), 1e9).astype(np.int64)
    place = first + np.minimum(repeats, count - 1)
    return np.where(repeats < count, log["day"][place], NEVER)


def ways_of(chance: Chance, key: np.ndarray, online: np.ndarray) -> Log:
    """Return how many days after it is bought each purchase is sent, and is then under way."""
    sent, place = np.zeros(len(key), dtype=np.int64), np.flatnonzero(online)
    way = sent.copy()
    sent[place] = chance.whole("sent", key[place], 0, 2)
    way[place] = 1 + chance.poisson("under way", key[place], DELIVERY_DAYS)
    return {"sent_after": sent, "under_way": way}


def _fates(chance: Chance, key: np.ndarray, scenario: Scenario) -> Log:
    """Return which purchases fail, and for which of these their customer leaves."""
    failed = chance("fails", key) < scenario.failure_rate
    leaves, place = np.zeros(len(key), dtype=bool), np.flatnonzero(failed)
    leaves[place] = chance("leaves for it", key[place]) < scenario.failure_dropout
    return {"failed": failed, "leaves": leaves}


def _caused(customer: np.ndarray, promotion_id: np.ndarray) -> np.ndarray:
    """Return the number by which chance knows the purchase that a promotion causes."""
    return CAUSED + (customer << 16) + promotion_id


def _promotion_of(key: np.ndarray) -> np.ndarray:
    """Return the promotion that causes the purchase of this number; 0: none."""
    return np.where(key < CAUSED, 0, key & 0xFFFF)


def _for(log: Log, n: int) -> np.ndarray:
    """Return the day of the first purchase whose failure each customer leaves for."""
    days, sore = np.full(n, NEVER), np.flatnonzero(log["leaves"])
    np.minimum.at(days, log["customer"][sore], log["day"][sore])
    return days


def _pestered(targets: pd.DataFrame, n: int) -> np.ndarray:
    """Return the day of the first contact that drives each customer away."""
    days, rows = np.full(n, NEVER), np.flatnonzero(targets["leaves"])
    start = days_of(targets["starts_at"].to_numpy()[rows])
    np.minimum.at(days, targets["customer_id"].to_numpy()[rows] - 1, start)
    return days


def _history(log: Log) -> pd.DataFrame:
    """Return what customers would buy of their own accord, as whoever aims a promotion sees it."""
    columns = {"customer_id": log["customer"] + 1, "date": dates(log["day"])}
    return pd.DataFrame({**columns, "amount": log["amount"]}, copy=False)


def _reachable(people: Columns, consents: pd.DataFrame, until: np.ndarray) -> pd.DataFrame:
    """Return from and until when marketing may contact each customer; NaT from: never."""
    said = (consents["purpose"] == "marketing").to_numpy()
    row = consents["customer_id"].to_numpy()[said] - 1
    sides = {"from_day": "given_on", "until": "withdrawn_on"}
    names = ("customer_id", "sensitivity", "mean_ticket", "joined_on")
    columns = {name: people[name] for name in names}
    for side, day in sides.items():
        columns[side] = np.full(len(until), np.datetime64("NaT", "us"))
        columns[side][row] = consents[day].to_numpy()[said]
    return pd.DataFrame({**columns, "alive_until": dates(until)}, copy=False)


def _promoted(chance: Chance, targets: pd.DataFrame, people: Columns) -> Log:
    """Return the purchases that promotions cause, as a log."""
    rows = np.flatnonzero(targets["caused"])
    names = ("customer_id", "promotion_id", "buys_on", "amount")
    number, promotion, day, amount = (targets[name].to_numpy()[rows] for name in names)
    customer = number - 1
    key = _caused(customer, promotion)
    online = chance("online", key) < 0.5
    return {
        "customer": customer,
        "day": days_of(day),
        "amount": amount,
        "category": chance.place("category", key, CATEGORIES.values()).astype(np.int8),
        "channel": online.astype(np.int8),
        "store": np.where(online, np.int8(WEB_SHOP), people["city"][customer]),
        "key": key,
    }


def _reason(exits: np.ndarray) -> pd.Series:
    """Return why customers leave on the first of these days; missing if on none."""
    which = len(exits) - 1 - exits[::-1].argmin(axis=0)
    return texts(REASONS, which, missing=exits.min(axis=0) == NEVER)


def _as_it_was(targets: pd.DataFrame, exit_day: np.ndarray) -> pd.DataFrame:
    """Return the targets with what contacts caused among those who were still there."""
    gone = exit_day[targets["customer_id"].to_numpy() - 1] < days_of(targets["buys_on"].to_numpy())
    return targets.assign(
        caused=targets["caused"].to_numpy() & ~gone,
        response_probability=np.where(gone, 0.0, targets["response_probability"].to_numpy()),
    )


def _with_refunds(chance: Chance, log: Log, kept: np.ndarray, people: Columns) -> Log:
    """Return these rows by day, and with them what is given back, one to 14 days after it came."""
    customer, day = log["customer"][kept], log["day"][kept]
    share = people["refund_share"][customer]
    back = np.flatnonzero(chance("given back", log["key"][kept]) < share)
    # Refunds of one day stand as their purchases do.
    back = back[np.lexsort([back, customer[back], day[back]])]
    key = log["key"][kept[back]]
    later = day[back] + chance.whole("given back after", key, 1, REFUND_WITHIN_DAYS)
    for days in ways_of(chance, key, log["channel"][kept[back]]).values():
        later += days
    back, later = back[later <= LAST], later[later <= LAST]
    bought = np.append(np.arange(len(kept)), back)
    day = np.append(day, later)
    # Rows are chosen and sorted at once: a log of millions is copied once.
    order = order_by_day({"customer": customer[bought], "day": day})
    bought = bought[order]
    log = rows_of(log, kept[bought]) | {"day": day[order], "bought": place_in(order)[bought]}
    refund = np.flatnonzero(order >= len(kept))
    log["amount"][refund] *= -1
    log["failed"][refund] = log["leaves"][refund] = False
    return log
