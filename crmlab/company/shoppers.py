"""Who shops at Hehua and what they buy: each persona by its own laws, with and after the window."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from crmlab._groups import repeat, stable_order
from crmlab.company.calendar import season
from crmlab.company.log import (
    CATEGORIES,
    CITIES,
    NEVER,
    WEB_SHOP,
    Columns,
    Log,
    chosen,
    dates,
    order_by_day,
    place_in,
    rows_of,
    texts,
    together,
)
from crmlab.company.personas import PERSONAS, Persona
from crmlab.lifetime.simulate.log import purchase_log, refunded_rows

_season = cache(season)  # the same for every persona of every block

REFUND_WITHIN_DAYS = 14


def draw_shoppers(
    rng: np.random.Generator,
    n_customers: int,
    *,
    churn: float = 1.0,
    stays: bool = False,
    busy: pd.Series | None = None,
) -> tuple[Log, Columns]:
    """Return all purchases and refunds until the future's end, and who makes them.

    `churn` times the first parameter of every persona's law of dropout makes customers leave
    sooner or later. With `stays` nobody leaves and nothing is given back: what each customer
    would ever buy, which no other parameter has a hand in. `busy` is how busy each day is, the
    season when omitted.

    Returns
    -------
    log : Log, by day and customer: customer, day, amount (below 0 for a refund), channel,
        store, category, bought. If everybody stays it is by customer and day, and has key, the
        place of each row by day and customer, for bought
    people : columns of one row per customer, in the order of joining
        customer_id, persona and city (their places), the hidden traits of
        `crmlab.lifetime.simulate`, and per_purchase and refund_share: calls to the service desk,
        and goods sent back, for each purchase
    """
    said = {"churn": churn, "stays": stays, "busy": _season() if busy is None else busy}
    log, people = _draw_personas(rng, n_customers, **said)
    city = _places(rng, CITIES, n_customers)
    people["city"] = city
    category = _places(rng, CATEGORIES, len(log["day"]))
    log["category"] = category[log["key"]] if stays else category
    online = log.pop("online")
    log["channel"] = online.astype(np.int8)
    log["store"] = np.where(online, np.int8(WEB_SHOP), city[log["customer"]])
    return log, people


def _draw_personas(
    rng: np.random.Generator, n_customers: int, *, churn: float, stays: bool, busy: pd.Series
) -> tuple[Log, Columns]:
    """Return all purchases and refunds, and the hidden traits in the order of joining."""
    logs: list[Log] = []
    traits: list[Log] = []
    sizes = _sizes(n_customers)
    for persona, size in zip(PERSONAS, sizes, strict=True):
        if size:
            log, trait = _draw_persona(rng, persona, size, churn=churn, stays=stays, busy=busy)
            log["customer"] += sum(len(one["joined"]) for one in traits)
            if not stays:
                log["bought"] += sum(len(one["bought"]) for one in logs)
            logs.append(log)
            traits.append(trait)
    people = together(traits)
    joining = np.lexsort([rng.permutation(n_customers), people["joined"]])
    people = rows_of(people, joining)
    persona = repeat(np.arange(len(PERSONAS)), sizes)[joining]
    columns = {
        "customer_id": np.arange(1, n_customers + 1),
        "joined_on": dates(people["joined"]),
        "rate_per_week": people["per_week"],
        "dropout_probability": people["chance"],
        "mean_ticket": people["mean_ticket"],
        "dropped_out_on": dates(people["left"]),
        "persona": persona,
        "per_purchase": np.array([persona.enquiries for persona in PERSONAS])[persona],
        "refund_share": np.array([persona.refunds for persona in PERSONAS])[persona],
    }
    log = together(logs)
    log["customer"] = place_in(joining)[log["customer"]]
    if stays:
        log = rows_of(log, stable_order(log["customer"]))
        return log | {"key": place_in(stable_order(log["day"]))}, columns
    order = order_by_day(log)
    log = rows_of(log, order)
    return log | {"bought": place_in(order)[log["bought"]]}, columns


def frame_of_people(people: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row per customer as a frame, persona as text and city categorical."""
    named = {
        "persona": texts([persona.name for persona in PERSONAS], people["persona"]),
        "city": chosen("city", people["city"]),
    }
    return pd.DataFrame({**people, **named}, copy=False)


def _sizes(n_customers: int) -> list[int]:
    """Return how many customers each persona has: the rounded steps of the summed-up shares."""
    until = np.cumsum([persona.share for persona in PERSONAS]) * n_customers
    return np.diff(np.floor(until + 0.5).astype(int), prepend=0).tolist()


def _draw_persona(
    rng: np.random.Generator,
    persona: Persona,
    n_customers: int,
    *,
    churn: float,
    stays: bool,
    busy: pd.Series,
) -> tuple[Log, Log]:
    """Return the purchases and refunds of one persona's customers, and their hidden traits."""
    drawn = purchase_log(
        rng,
        n_customers,
        rate=persona.rate,
        dropout=(persona.dropout[0] * churn, persona.dropout[1]),
        ticket=persona.ticket,
        n_days=len(busy),
        joining_days=persona.joining_days,
        season=busy,
        stratified=True,
        stays=stays,
    )
    n = len(drawn.day)
    online = rng.random(n) < persona.online
    refunds = refunded_rows(rng, n, share=persona.refunds, within_days=REFUND_WITHIN_DAYS)
    names = ("joined", "per_week", "chance", "mean_ticket")
    traits = {name: getattr(drawn, name) for name in names}
    log = {name: getattr(drawn, name) for name in ("customer", "day", "amount")}
    if stays:
        return {**log, "online": online}, {**traits, "left": np.full(n_customers, NEVER)}
    last = np.append(np.flatnonzero(np.diff(drawn.customer)), n - 1)
    traits["left"] = np.where(drawn.dropped, drawn.day[last], NEVER)
    day = drawn.day[refunds.row] + refunds.days_later
    row = refunds.row[day < len(busy)]
    log = {
        "customer": np.concatenate([drawn.customer, drawn.customer[row]]),
        "day": np.concatenate([drawn.day, day[day < len(busy)]]),
        "amount": np.concatenate([drawn.amount, -drawn.amount[row]]),
        "online": np.concatenate([online, online[row]]),
        "bought": np.concatenate([np.arange(n), row]),
    }
    return log, traits


def _places(rng: np.random.Generator, shares: Mapping[str, float], n: int) -> np.ndarray:
    """Return `n` places in `shares` in random order, each as often as its share says."""
    level = (np.arange(n) + 0.5) / n
    until = np.searchsorted(level, np.cumsum([*shares.values()])[:-1], side="right")
    counts = np.diff(until, prepend=0, append=n)
    return rng.permutation(repeat(np.arange(len(shares), dtype=np.int8), counts))
