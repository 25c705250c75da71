"""Who shops at Hehua and what they buy: each persona by its own laws, with and after the window."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd

from crmlab._groups import repeat
from crmlab.company.calendar import season
from crmlab.company.log import (
    CATEGORIES,
    CITIES,
    NEVER,
    WEB_SHOP,
    Log,
    by_day,
    chosen,
    dates,
    texts,
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
) -> tuple[Log, pd.DataFrame]:
    """Return all purchases and refunds until the future's end, and who makes them.

    `churn` times the first parameter of every persona's law of dropout makes customers leave
    sooner or later. With `stays` nobody leaves and nothing is given back: what each customer
    would ever buy, which no other parameter has a hand in. `busy` is how busy each day is, the
    season when omitted.

    Returns
    -------
    log : Log, by day and customer: customer, day, amount (below 0 for a refund), channel,
        store, category, and bought unless everybody stays
    people : DataFrame, one row per customer, in the order of joining
        customer_id, persona, city, the hidden traits of `crmlab.lifetime.simulate`, and
        per_purchase and refund_share: calls to the service desk, and goods sent back, for each
        purchase
    """
    said = {"churn": churn, "stays": stays, "busy": _season() if busy is None else busy}
    log, people = _draw_personas(rng, n_customers, **said)
    city = _places(rng, CITIES, n_customers)
    people["city"] = chosen("city", city)
    log["category"] = _places(rng, CATEGORIES, len(log["day"]))
    online = log.pop("online")
    log["channel"] = online.astype(np.int8)
    log["store"] = np.where(online, np.int8(WEB_SHOP), city[log["customer"]])
    return log, people


def _draw_personas(
    rng: np.random.Generator, n_customers: int, *, churn: float, stays: bool, busy: pd.Series
) -> tuple[Log, pd.DataFrame]:
    """Return all purchases and refunds by date, and the hidden traits in the order of joining."""
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
    people = _together(traits)
    joining = np.lexsort([rng.permutation(n_customers), people["joined"]])
    people = {name: column[joining] for name, column in people.items()}
    persona = repeat(np.arange(len(PERSONAS)), sizes)[joining]
    frame = pd.DataFrame(
        {
            "customer_id": np.arange(1, n_customers + 1),
            "joined_on": dates(people["joined"]),
            "rate_per_week": people["per_week"],
            "dropout_probability": people["chance"],
            "mean_ticket": people["mean_ticket"],
            "dropped_out_on": dates(people["left"]),
            "persona": texts([persona.name for persona in PERSONAS], persona),
            "per_purchase": np.array([persona.enquiries for persona in PERSONAS])[persona],
            "refund_share": np.array([persona.refunds for persona in PERSONAS])[persona],
        }
    )
    log = _together(logs)
    number = np.empty(n_customers, dtype=np.int64)
    number[joining] = np.arange(n_customers)
    log["customer"] = number[log["customer"]]
    return by_day(log), frame


def _together(parts: list[Log]) -> Log:
    """Return the columns of all parts, one after another."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


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
    last = np.append(np.flatnonzero(np.diff(drawn.customer)), n - 1)
    left = np.where(drawn.dropped, drawn.day[last], NEVER)
    names = ("joined", "per_week", "chance", "mean_ticket")
    traits = {name: getattr(drawn, name) for name in names} | {"left": left}
    log = {name: getattr(drawn, name) for name in ("customer", "day", "amount")}
    if stays:
        return {**log, "online": online}, traits
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
