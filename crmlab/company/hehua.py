"""Hehua as the first chapters meet it: purchases, customers, and the truth behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, stream_of
from crmlab._groups import bincount
from crmlab.company.calendar import FIRST_DAY, LAST_DAY
from crmlab.company.log import frame_of_log, plain
from crmlab.company.shoppers import draw_shoppers, frame_of_people

__all__ = ["Hehua", "HehuaTruth", "simulate_hehua"]

# Net CNY spent in the first calendar year that earned the card.
CARDS = {"gold": 3_000, "silver": 1_000}

PURCHASES = ["purchase_id", "customer_id", "date", "amount", "channel", "store", "category"]
CUSTOMERS = ["customer_id", "joined_on", "city", "card", "enquiries"]
TRUTH = ["customer_id", "persona", "rate_per_week", "dropout_probability", "mean_ticket_cny"]
TRUTH += ["dropped_out_on", "future_purchases", "future_spend_cny"]
DECIMALS = {"rate_per_week": 6, "dropout_probability": 6, "mean_ticket_cny": 2}


@dataclass(frozen=True)
class Hehua:
    """What the firm's own people can see.

    purchases, one row per purchase or refund, by date
        purchase_id : int64
        customer_id : int64
        date : datetime64[us], the day
        amount : float64, CNY to the fen; below 0 for a refund
        channel : str, "shop" or "online"
        store : str, the customer's home city, or "web shop"
        category : str, "skin care", "make-up", "hair care" or "household"
    customers, one row per customer, in the order of joining
        customer_id : int64
        joined_on : datetime64[us], day of the first purchase
        city : str, home city
        card : str, "gold", "silver" or "basic", by what was spent in the first calendar year
        enquiries : int64, calls to the service desk within the window
    """

    purchases: pd.DataFrame
    customers: pd.DataFrame


@dataclass(frozen=True)
class HehuaTruth:
    """What nobody at the firm knows.

    customers, one row per customer, in the order of joining
        customer_id : int64
        persona : str, the kind of customer, see `crmlab.company.PERSONAS`
        rate_per_week : float64, purchases a week while alive, the season apart
        dropout_probability : float64, chance to leave after each repeat purchase
        mean_ticket_cny : float64, CNY, mean of the amounts this customer would spend
        dropped_out_on : datetime64[us], day of the last purchase; NaT when not yet lost at the
            end of the window, which one-time customers, who hardly ever return, are not either
        future_purchases : int64, purchases in the half-year after the window
        future_spend_cny : float64, CNY, what they bring, less refunds
    """

    customers: pd.DataFrame


def simulate_hehua(n: int = 1_000, *, seed: Seed) -> tuple[Hehua, HehuaTruth]:
    """Two years of Hehua (2023 and 2024), and the half-year after that only the truth knows.

    Model
    -----
    Each persona of `crmlab.company.PERSONAS` has its share of the customers, who buy by the
    story of `crmlab.lifetime.simulate.simulate_purchases` with the persona's laws, drawn
    stratified, in the season of `crmlab.company.season`. Planted for chapters to find:
        * of 1,000 customers the top 20 % bring 80 % of the money, give or take 1.5 points;
        * Spring Festival and Double 11 are busy, the festival week itself is quiet;
        * loyal gold customers bring half the money; price hunters buy often, small and
          online, send things back and call the service desk; potential big-ticket customers
          buy rarely and much; the faded bought well and are gone; many came once;
        * refunds, whole and within two weeks; some fall due only after the window.
    Numbers of customers follow the order of joining and say nothing about the persona.

    Parameters
    ----------
    n : int
        Customers who ever join; each makes a first purchase within the two years.
    seed : int, SeedSequence or Generator
        Same seed, same firm.

    Returns
    -------
    company : Hehua
        purchases, customers
    truth : HehuaTruth
        customers

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, or `seed` is no seed.

    Examples
    --------
    >>> company, truth = simulate_hehua(100, seed=1)
    >>> len(company.customers), truth.customers["persona"].value_counts().iloc[0]
    (100, np.int64(33))
    """
    require_at_least("n", n, 1)

    rng = stream_of(seed)
    log, people = draw_shoppers(rng, n)
    purchases = plain(frame_of_log(log, before=0))
    people = plain(frame_of_people(people)).rename(columns={"mean_ticket": "mean_ticket_cny"})
    seen = purchases.loc[purchases["date"] <= LAST_DAY]
    later = purchases.loc[purchases["date"] > LAST_DAY]
    first_year = _net(seen.loc[seen["date"].dt.year == FIRST_DAY.year], n)
    people["card"] = np.select([first_year >= least for least in CARDS.values()], [*CARDS], "basic")
    people["enquiries"] = rng.poisson(people.pop("per_purchase") * _count(seen, n))
    people["dropped_out_on"] = people["dropped_out_on"].where(people["dropped_out_on"] <= LAST_DAY)
    people["future_purchases"] = _count(later, n)
    people["future_spend_cny"] = _net(later, n)
    company = Hehua(seen.loc[:, PURCHASES], people.loc[:, CUSTOMERS])
    return company, HehuaTruth(people.loc[:, TRUTH].round(DECIMALS))


def _count(log: pd.DataFrame, n: int) -> np.ndarray:
    """Return the purchases of every customer, refunds apart."""
    return bincount(log.loc[log["amount"] > 0, "customer_id"] - 1, minlength=n)


def _net(log: pd.DataFrame, n: int) -> np.ndarray:
    """Return the money of every customer, less refunds, to the fen."""
    return bincount(log["customer_id"] - 1, log["amount"], minlength=n).round(2)
