"""A town in which some sell to the people they know: cards, orders, and who brought whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab.customers.simulate import simulate_people
from crmlab.database.cards.fields import card_fields
from crmlab.social.simulate.direct_selling import DirectSelling, simulate_sellers

FIRST_DAY = "2023-01-01"
CITIES = ("Shanghai", "Hangzhou", "Wuhan", "Chengdu", "Xi'an")
LINES = {"nutrition": 0.35, "cosmetics": 0.30, "personal care": 0.20, "home care": 0.15}
DAYS_BETWEEN = 30.0
ORDER_LOG_MEAN, ORDER_LOG_SD = 5.0, 0.6
FRIENDS = 3.0
TABOOS = ("none", "calls at night", "talk of age", "talk of money")
CLUBS = ("none", "choir", "sports club", "parents' council", "neighbours")
HEALTH = {"good": 0.7, "fair": 0.25, "poor": 0.05}


@dataclass(frozen=True)
class Selling:
    """What a direct-selling firm knows; every customer has the number of the person.

    cards             customer_id and the fields of `card_fields()`, one row for each seller and
                      each customer served; health and medical_history are empty unless asked for
    sellers           seller_id, customer_id, recruited_by, started_on, region
    seller_customers  customer_id, seller_id, since, channel (salesperson, referral, web site)
    referrals         customer_id, referred_by: sellers by who recruited them, customers by the
                      seller or, by referral, by an earlier customer of the same seller; nobody
                      brought those of the web site
    sales             sale_id, customer_id, seller_id, sold_on, line, amount_cny
    """

    cards: pd.DataFrame
    sellers: pd.DataFrame
    seller_customers: pd.DataFrame
    referrals: pd.DataFrame
    sales: pd.DataFrame


class SimulatedSelling(NamedTuple):
    """What the firm sees, and each seller's hidden activity (seller_id, activity)."""

    data: Selling
    truth: pd.DataFrame


def simulate_direct_selling(
    n: int,
    *,
    share: float = 0.1,
    served_share: float = 0.8,
    evenness: float = 1.0,
    sensitive: bool = False,
    days: int = 730,
    seed: Seed,
) -> SimulatedSelling:
    """Simulate a town of `n` people, a share of whom sells to the others.

    Model
    -----
    Sellers, their recruits and customers are those of `simulate_sellers`, among people who come
    to town on any of the days, all equally likely. A customer brought by referral was brought by
    one of the earlier customers of the same seller, all equally likely (the first one by the
    seller). A customer orders an exponential time (mean 30 days) after the last order, from the
    day the first contact was made, for a lognormal amount (median 148 CNY, sigma 0.6) of one of
    four lines (.35 .30 .20 .15). So a seller's sales go with the number of customers and the
    time since each of them came, and these with the hidden activity.

    Parameters
    ----------
    n : int
        People, at least 1.
    share, served_share : float in [0, 1]
        Who sells, and who of the others is served.
    evenness : float above 0
        The smaller, the more of the recruits and customers a few sellers have.
    sensitive : bool
        Fill health and medical history; otherwise they are empty.
    days : int
        Days that are seen, from 2023-01-01.
    seed : int, SeedSequence or Generator
        Same seed, same town.

    Returns
    -------
    data : Selling
    truth : DataFrame, one row per seller: seller_id, activity

    Raises
    ------
    OutOfRangeError
        If `n` or `days` is below 1, `share` or `served_share` lies outside [0, 1], `evenness` is
        not above 0, or `seed` is no seed.

    See Also
    --------
    crmlab.database.card_fields : what stands on the cards.
    crmlab.social.measure.reach_through_network : whom one customer leads to.

    Examples
    --------
    >>> data, truth = simulate_direct_selling(500, seed=1)
    >>> len(data.cards) == len(data.sellers) + len(data.seller_customers)
    True
    """
    require_real(share=share, served_share=served_share)
    require_at_least("n", n, 1)
    require_at_least("days", days, 1)
    rng = stream_of(seed, "simulate_direct_selling")
    people = _people(rng, n, days)
    last_day = np.datetime64(FIRST_DAY) + (days - 1)
    drawn = simulate_sellers(
        people,
        share=share,
        last_day=str(last_day),
        served_share=served_share,
        evenness=evenness,
        seed=rng,
    )
    known = drawn.sellers["customer_id"], drawn.seller_customers["customer_id"]
    cards = _cards(rng, people, pd.concat(known), sensitive=sensitive)
    data = Selling(
        cards=cards,
        sellers=drawn.sellers,
        seller_customers=drawn.seller_customers,
        referrals=_referrals(rng, drawn),
        sales=_sales(rng, drawn.seller_customers, last_day),
    )
    return SimulatedSelling(data, drawn.truth)


def _people(rng: np.random.Generator, n: int, days: int) -> pd.DataFrame:
    """Return people who come to town over the days, with what `simulate_people` asks of them."""
    came = np.datetime64(FIRST_DAY, "D") + np.sort(rng.integers(0, days, n)).astype("m8[D]")
    words = {"favourite_category": "cosmetics", "promotion_reaction": "ignores"}
    people = pd.DataFrame(
        {
            "customer_id": np.arange(1, n + 1),
            "joined_on": came.astype("M8[us]"),
            "city": rng.choice(CITIES, n),
            "spend_cny_per_year": 1_000.0,
            "is_lost": False,
            **words,
        }
    )
    return people.astype(dict.fromkeys([*words, "city"], "str"))


def _cards(
    rng: np.random.Generator, people: pd.DataFrame, known: pd.Series, *, sensitive: bool
) -> pd.DataFrame:
    """Return the cards of the `known`, by number; what is sensitive is drawn always."""
    n = len(people)
    drawn = simulate_people(people, consent_share=1.0, sensitive=sensitive, seed=rng)
    tables = drawn.data
    homes = tables.households.merge(tables.addresses, on="address_id")
    homes = homes[["household_id", "members", "spouse_birth_date", "spouse_hobby", "line"]]
    table = tables.people.merge(homes, on="household_id", how="left")
    health = rng.choice([*HEALTH], n, p=[*HEALTH.values()])
    table = table.rename(columns={"lifestyle": "habits", "motive": "what_matters"}).assign(
        address=table["line"],
        family_members=table["members"] - 1,
        health=pd.Series(health, dtype="str") if sensitive else pd.Series([None] * n, dtype="str"),
        taboo=pd.Series(rng.choice(TABOOS, n), dtype="str"),
        friends_named=rng.poisson(FRIENDS, n),
        club=pd.Series(rng.choice(CLUBS, n), dtype="str"),
    )
    table = table[["customer_id", *card_fields()["field"]]]
    return table.loc[table["customer_id"].isin(known)].reset_index(drop=True)


def _referrals(rng: np.random.Generator, drawn: DirectSelling) -> pd.DataFrame:
    """Return who was brought by whom, by customer."""
    served = drawn.seller_customers.sort_values(["seller_id", "since", "customer_id"])
    before = served.groupby("seller_id").cumcount().to_numpy()
    first = np.arange(len(served)) - before
    earlier = first + np.floor(rng.random(len(served)) * before).astype("int64")
    number, seller = served["customer_id"].to_numpy(), served["seller_id"].to_numpy()
    is_referral = (served["channel"] == "referral").to_numpy() & (before > 0)
    by = np.where(is_referral, number[earlier] if len(served) else number, seller)
    came = (served["channel"] != "web site").to_numpy()
    recruits = drawn.sellers.dropna(subset=["recruited_by"])
    table = pd.DataFrame(
        {
            "customer_id": np.append(recruits["seller_id"].to_numpy(), number[came]),
            "referred_by": np.append(recruits["recruited_by"].to_numpy("int64"), by[came]),
        }
    )
    return table.sort_values("customer_id", ignore_index=True)


def _sales(rng: np.random.Generator, served: pd.DataFrame, last_day: np.datetime64) -> pd.DataFrame:
    """Return the orders of every customer served, by day and customer."""
    since = served["since"].to_numpy("M8[D]")
    open_days = (last_day + 1 - since).astype("int64")
    count = rng.poisson(open_days / DAYS_BETWEEN)
    row = repeat(np.arange(len(served)), count)
    day = since[row] + np.floor(rng.random(len(row)) * open_days[row]).astype("m8[D]")
    place = rng.choice(len(LINES), len(row), p=[*LINES.values()])
    amount = rng.lognormal(ORDER_LOG_MEAN, ORDER_LOG_SD, len(row)).round(2)
    sales = pd.DataFrame(
        {
            "customer_id": served["customer_id"].to_numpy()[row],
            "seller_id": served["seller_id"].to_numpy()[row],
            "sold_on": day.astype("M8[us]"),
            "line": pd.Series(np.array([*LINES])[place], dtype="str"),
            "amount_cny": amount,
        }
    )
    sales = sales.sort_values(["sold_on", "customer_id"], kind="stable", ignore_index=True)
    sales.insert(0, "sale_id", np.arange(1, len(sales) + 1))
    return sales
