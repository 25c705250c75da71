"""Who shops at Hehua and what they buy: each persona by its own laws, with and after the window."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlab.company.calendar import FIRST_DAY, FUTURE_UNTIL, season
from crmlab.company.personas import PERSONAS, Persona
from crmlab.lifetime.simulate import draw_purchases, draw_refunds

_season = cache(season)  # the same for every persona of every block

REFUND_WITHIN_DAYS = 14
# Shares of customers by home city, and of purchases by category.
CITIES = {"Shanghai": 0.3, "Hangzhou": 0.2, "Wuhan": 0.2, "Chengdu": 0.2, "Xi'an": 0.1}
CATEGORIES = {"skin care": 0.4, "make-up": 0.25, "hair care": 0.15, "household": 0.2}


def draw_shoppers(
    rng: np.random.Generator, n_customers: int, *, churn: float = 1.0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return all purchases and refunds until the future's end, and who makes them.

    `churn` times the first parameter of every persona's law of dropout makes customers leave
    sooner or later.

    Returns
    -------
    purchases : DataFrame, one row per purchase or refund, by date
        purchase_id, customer_id : int64, from 1
        date : datetime64[us]
        amount : float64, below 0 for a refund
        channel, category, store : str
        bought_id : int64, the purchase itself, or the one that a refund gives back
    people : DataFrame, one row per customer, in the order of joining
        customer_id, persona, city, the hidden traits of `crmlab.lifetime.simulate`, and
        per_purchase, the mean calls to the service desk for each purchase
    """
    purchases, people = _draw_personas(rng, n_customers, churn)
    city = _places(rng, CITIES, len(people))
    people["city"] = _texts([*CITIES], city)
    purchases["category"] = _texts([*CATEGORIES], _places(rng, CATEGORIES, len(purchases)))
    online = purchases.pop("online").to_numpy()
    store = np.where(online, len(CITIES), city[purchases["customer_id"] - 1])
    purchases["channel"] = _texts(["shop", "online"], online.astype(np.int64))
    purchases["store"] = _texts([*CITIES, "web shop"], store)
    return purchases, people


def _draw_personas(
    rng: np.random.Generator, n_customers: int, churn: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return all purchases and refunds by date, and the hidden traits in the order of joining."""
    logs, traits, first_id, first_row = [], [], 0, 0
    for persona, size in zip(PERSONAS, _sizes(n_customers), strict=True):
        if size:
            log, trait = _draw_persona(rng, persona, size, churn)
            bought = log.index.to_numpy() + first_row
            logs.append(log.assign(customer_id=log["customer_id"] + first_id, bought_id=bought))
            traits.append(trait)
            first_id, first_row = first_id + size, first_row + len(log)
    people = pd.concat(traits, ignore_index=True)
    joining = np.lexsort([rng.permutation(n_customers), people["joined_on"]])
    people = people.iloc[joining].reset_index(drop=True)
    people["customer_id"] = np.arange(1, n_customers + 1)

    purchases = pd.concat(logs, ignore_index=True)
    purchases["customer_id"] = np.argsort(joining)[purchases["customer_id"]] + 1
    purchases = purchases.sort_values(["date", "customer_id"], kind="stable", ignore_index=True)
    purchases["purchase_id"] = np.arange(1, len(purchases) + 1)
    number = np.empty(first_row, dtype=np.int64)
    is_bought = purchases["amount"].to_numpy() > 0
    bought = purchases["bought_id"].to_numpy()
    number[bought[is_bought]] = purchases["purchase_id"].to_numpy()[is_bought]
    purchases["bought_id"] = number[bought]
    return purchases, people


def _sizes(n_customers: int) -> list[int]:
    """Return how many customers each persona has: the rounded steps of the summed-up shares."""
    until = np.cumsum([persona.share for persona in PERSONAS]) * n_customers
    return np.diff(np.floor(until + 0.5).astype(int), prepend=0).tolist()


def _draw_persona(
    rng: np.random.Generator, persona: Persona, n_customers: int, churn: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the purchases and refunds of one persona's customers, and their hidden traits."""
    busy = _season()
    purchases, truth = draw_purchases(
        rng,
        n_customers,
        rate=persona.rate,
        dropout=(persona.dropout[0] * churn, persona.dropout[1]),
        ticket=persona.ticket,
        start=f"{FIRST_DAY:%Y-%m-%d}",
        n_days=len(busy),
        joining_days=persona.joining_days,
        season=busy,
        stratified=True,
    )
    purchases["online"] = rng.random(len(purchases)) < persona.online
    refunds = draw_refunds(rng, purchases, share=persona.refunds, within_days=REFUND_WITHIN_DAYS)
    log = pd.concat([purchases, refunds.loc[refunds["date"] <= FUTURE_UNTIL]])
    truth = truth.rename(columns={"mean_ticket": "mean_ticket_cny"})
    return log, truth.assign(persona=persona.name, per_purchase=persona.enquiries)


def _places(rng: np.random.Generator, shares: dict[str, float], n: int) -> np.ndarray:
    """Return `n` places in `shares` in random order, each as often as its share says."""
    level = (rng.permutation(n) + 0.5) / n
    return np.searchsorted(np.cumsum([*shares.values()])[:-1], level)


def _texts(words: list[str], place: np.ndarray) -> pd.Series:
    """Return the word at each place, without making a Python string of any."""
    return pa.table({"word": pa.array(words).take(pa.array(place))}).to_pandas()["word"]
