"""Customers who sell to the people they know: who recruited whom, whom each one serves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._chance import Chance
from crmlab._checks import Seed, require_columns, require_positive, stream_of
from crmlab.errors import OutOfRangeError

FOUNDERS = 0.05
DAYS_TO_START, DAYS_TO_SERVE = 60.0, 30.0
CHANNELS = {"salesperson": 0.5, "referral": 0.3, "web site": 0.2}


class DirectSelling(NamedTuple):
    """Sellers, whom they serve, and what only the simulator knows of each seller (truth)."""

    sellers: pd.DataFrame
    seller_customers: pd.DataFrame
    truth: pd.DataFrame


def simulate_sellers(
    people: pd.DataFrame,
    *,
    share: float = 0.1,
    served_share: float = 0.2,
    evenness: float = 1.0,
    last_day: str = "2024-12-31",
    seed: Seed,
) -> DirectSelling:
    """Return who of `people` sells, who recruited whom, and who buys from which seller.

    Model
    -----
    The rounded `share` of the people decides to sell, an exponential time (mean 60 days) after
    joining. Each seller has a hidden activity ~ Gamma(evenness) / evenness, mean 1. In the order
    of starting, the first 5 % of the sellers (at least one) are recruited by the firm, and every
    later one by one of those who started before, with chances as their activities. So, whatever
    the activities, seller number k of n, f of them founders, has on average
        1 + 1 / (f + 1) + 1 / (f + 2) + ... + 1 / (k - 1)    (k > f)
    sellers above. Of the people who do not sell, the rounded `served_share` is drawn at random;
    each chooses a seller with chances as the activities, and begins an exponential time (mean 30
    days) after the later of joining and the seller's start, half of them through the salesperson,
    .3 by a referral, .2 on the web site. What would begin after `last_day` is not there. Where
    people leave, all waits are cut to the time for which those concerned are there, and only who
    is there together with the seller is served.

    Parameters
    ----------
    people : DataFrame, one row per person
        customer_id : int64
        joined_on : datetime64[us]
        city : str
        dropped_out_on : datetime64[us], the last day, NaT for who stays; optional
    share, served_share : float in [0, 1]
    last_day : str
        The last day that is seen, such as "2024-12-31".
    evenness : float above 0
        The smaller, the more of the recruits and customers a few sellers have.
    seed : int, SeedSequence or Generator
        Same seed, same sellers.

    Returns
    -------
    sellers : DataFrame, one row per seller, by start and number
        seller_id, customer_id : int64, the same number: a seller is a customer too
        recruited_by : Int64, seller_id; missing for those whom the firm recruited
        started_on : datetime64[us], the day, never before the recruiter's
        region : str, the seller's city
    seller_customers : DataFrame, one row per customer served, by customer_id
        customer_id, seller_id : int64; nobody is served by two
        since : datetime64[us], the day
        channel : str, "salesperson", "referral" or "web site"
    truth : DataFrame, one row per seller, as `sellers`
        seller_id : int64
        activity : float64, mean 1 over all who decide to sell

    Raises
    ------
    MissingColumnsError
        If `people` lacks a column.
    OutOfRangeError
        If `share` or `served_share` lies outside [0, 1], `evenness` is not above 0, or `seed` is no
        seed.
    """
    require_columns(people, "customer_id", "joined_on", "city")
    for name, value in (("share", share), ("served_share", served_share)):
        if not 0 <= value <= 1:
            raise OutOfRangeError(f"{name} must lie in [0, 1], not a percent; got {value!r}.")
    require_positive("evenness", evenness)
    chance = Chance(stream_of(seed, "simulate_sellers"))

    n, number, gone = len(people), people["customer_id"].to_numpy(), _gone(people)
    joined, end = people["joined_on"].to_numpy("M8[D]"), np.datetime64(last_day, "D") + 1
    lot = chance("sells", number).argsort(kind="stable")
    who, rest = np.sort(lot[: round(share * n)]), lot[round(share * n) :]
    activity = chance.gamma("activity", number[who], evenness) / evenness
    wait = _wait(chance("starts after", number[who]), DAYS_TO_START, gone[who] - joined[who])
    every = pd.DataFrame(
        {
            "seller_id": number[who],
            "customer_id": number[who],
            "started_on": (joined[who] + wait).astype("M8[us]"),
            "region": people["city"].to_numpy()[who],
            "activity": activity,
            "until": np.minimum(gone[who], end - 1),
        }
    ).astype({"region": "str"})
    order = np.lexsort([number[who], joined[who] + wait])
    in_order = every.iloc[order]
    seen = in_order[in_order["started_on"] < end].reset_index(drop=True)
    above = _recruiters(chance("recruited by", seen["seller_id"]), seen["activity"].to_numpy())
    sellers = seen[["seller_id", "customer_id"]].assign(
        recruited_by=pd.Series(seen["seller_id"].to_numpy()[above], dtype="Int64").mask(above < 0),
        started_on=seen["started_on"],
        region=seen["region"],
    )
    served = people.iloc[rest].assign(until=gone[rest])
    customers = _customers(chance, served, every, round(served_share * len(rest)))
    customers = customers.loc[customers["since"] < end.astype("M8[us]")]
    truth = seen[["seller_id", "activity"]]
    return DirectSelling(sellers, customers.sort_values("customer_id", ignore_index=True), truth)


def _gone(people: pd.DataFrame) -> np.ndarray:
    """Return the last day of each, one too far to come for who stays."""
    never = np.datetime64("2150-01-01", "D")
    if "dropped_out_on" not in people:
        return np.full(len(people), never)
    day = people["dropped_out_on"].to_numpy("M8[D]")
    return np.where(np.isnat(day), never, day)


def _wait(level: np.ndarray, mean: float, most: np.ndarray) -> np.ndarray:
    """Return exponential times in whole days; what is over `most` days is counted anew."""
    days = (-np.log(level) * mean).astype(np.int64)
    return (days % (most.astype(np.int64) + 1)).astype("m8[D]")


def _recruiters(level: np.ndarray, activity: np.ndarray) -> np.ndarray:
    """Return the place of each seller's recruiter, -1 for the first ones."""
    n = len(activity)
    founders = max(1, round(FOUNDERS * n))
    later = np.arange(founders, n)
    return np.concatenate([np.full(min(founders, n), -1), _chosen(level[later], activity, later)])


def _customers(
    chance: Chance, served: pd.DataFrame, sellers: pd.DataFrame, most: int
) -> pd.DataFrame:
    """Return whom the first `most` buy from who meet a seller, since when and by which channel."""
    if sellers.empty:
        served = served.iloc[:0]
    # Whom they choose does not depend on who began first, so that it stays if that changes.
    number, weight = served["customer_id"].to_numpy(), sellers["activity"].to_numpy()
    choice = _chosen(chance("served by", number), weight, np.full(len(served), len(sellers)))
    began = sellers["started_on"].to_numpy("M8[D]")[choice]
    since = np.maximum(served["joined_on"].to_numpy("M8[D]"), began)
    until = np.minimum(
        served["until"].to_numpy("M8[D]"), sellers["until"].to_numpy("M8[D]")[choice]
    )
    meet = np.flatnonzero(since <= until)[:most]
    number, choice, since, room = number[meet], choice[meet], since[meet], (until - since)[meet]
    channel = chance.place("channel", number, CHANNELS.values())
    return pd.DataFrame(
        {
            "customer_id": number,
            "seller_id": sellers["seller_id"].to_numpy()[choice],
            "since": (since + _wait(chance("served after", number), DAYS_TO_SERVE, room)).astype(
                "M8[us]"
            ),
            "channel": pd.Series(np.array([*CHANNELS])[channel], dtype="str"),
        }
    )


def _chosen(level: np.ndarray, activity: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Return one of the first `among` places for each, with chances as the activities."""
    until = np.append(0.0, np.cumsum(activity))
    place = np.searchsorted(until, level * until[among], side="right") - 1
    return np.minimum(place, among - 1)
