"""What happens after a purchase: failures, what customers say, and the calls that cost money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._chance import Chance
from crmlab._checks import Seed, require_at_least, require_columns, require_real, stream_of
from crmlab._groups import repeat
from crmlab.errors import OutOfRangeError

COMPLAINS = 0.7
RATES = 0.3
# Chances of 1 to 5 stars for the service, when it held and when it failed.
HELD = (0.02, 0.05, 0.13, 0.35, 0.45)
FAILED = (0.40, 0.30, 0.15, 0.10, 0.05)
PRODUCT = (0.03, 0.07, 0.20, 0.35, 0.35)
CAUSES = ("late", "damaged", "wrong item", "rude", "billing")
REASONS = ("unsuitable", "damaged", "wrong item", "changed mind")
# CNY for each event, and the chance of each channel.
TARIFFS = {"counter": 15.0, "telephone": 25.0, "chat": 8.0, "web form": 3.0}
CHANNELS = (0.2, 0.4, 0.3, 0.1)
# No purchase leads to as many calls.
TURNS = 64


@dataclass(frozen=True)
class AfterSales:
    """What the firm sees after its purchases; the first columns of all are the keys.

    ratings     purchase_id, customer_id, rated_on, product and service (1 to 5)
    complaints  complaint_id, purchase_id, customer_id, complained_on, cause
    contacts    contact_id, customer_id, purchase_id, contacted_on, channel, minutes, cost_cny
    """

    ratings: pd.DataFrame
    complaints: pd.DataFrame
    contacts: pd.DataFrame


@dataclass(frozen=True)
class AfterSalesTruth:
    """Where the service really failed, and whom that drove away.

    purchases   purchase_id, failed (bool), leaves (bool; only after a failure)
    """

    purchases: pd.DataFrame


class SimulatedAfterSales(NamedTuple):
    """What the firm sees, and where it failed."""

    data: AfterSales
    truth: AfterSalesTruth


def simulate_aftersales(
    purchases: pd.DataFrame,
    *,
    failed: np.ndarray | None = None,
    failure_rate: float = 0.06,
    failure_dropout: float = 0.25,
    calls: float | np.ndarray = 0.15,
    before: int = 0,
    seed: Seed,
) -> SimulatedAfterSales:
    """Simulate what follows each of `purchases`, which themselves stay as they are.

    Model
    -----
    The service of a purchase fails with probability `failure_rate`, whoever bought; after each
    failure the customer means to leave with probability `failure_dropout`. So among customers
    otherwise alike, who had a failure and who had none,
        P(comes back | failure) = (1 - failure_dropout) * P(comes back | none)
    Of failures 70 % lead to a complaint within a week, and every complaint to a call. Three in ten
    purchases are rated within ten days: the service by the chances (.02 .05 .13 .35 .45) of 1 to 5
    stars where it held, (.40 .30 .15 .10 .05) where it failed; the product by chances of its own.
    Other calls come as Poisson with mean `calls` for each purchase, within a fortnight. A call
    lasts Gamma(2) times 4 minutes and costs its channel's tariff (`tariffs`).

    Parameters
    ----------
    purchases : DataFrame with purchase_id, customer_id, date
        Purchases only, no refunds. With arrived_on (the day itself where goods were carried home),
        ratings and complaints count from the arrival, and only what was sent can be late. With
        key, the number by which chance knows a purchase, which else is purchase_id.
    failed : array of bool, optional
        Which of the purchases failed, where that is known; nobody then leaves.
    failure_rate, failure_dropout : float in [0, 1]
    calls : float or array, 0 or more
        Of all purchases, or of each.
    before : int
        Complaints and contacts are numbered from the one after it.
    seed : int, SeedSequence or Generator
        Same seed, same events.

    Returns
    -------
    data : AfterSales
    truth : AfterSalesTruth

    Raises
    ------
    MissingColumnsError
        If `purchases` lacks one of the three columns.
    OutOfRangeError
        If there are no purchases, `failure_rate` or `failure_dropout` lies outside [0, 1], one of
        `calls` is below 0, or `seed` is no seed.

    Examples
    --------
    >>> bought = pd.DataFrame({"purchase_id": [1, 2], "customer_id": [7, 8],
    ...                        "date": pd.to_datetime(["2024-03-01", "2024-03-02"])})
    >>> data, truth = simulate_aftersales(bought, failure_rate=1, seed=1)
    >>> truth.purchases["failed"].tolist()
    [True, True]
    """
    require_real(failure_rate=failure_rate, failure_dropout=failure_dropout, before=before)
    require_columns(purchases, "purchase_id", "customer_id", "date")
    require_at_least("the number of purchases", len(purchases), 1)
    mean_calls = np.broadcast_to(np.asarray(calls, dtype=float), len(purchases))
    if not (mean_calls >= 0).all():
        raise OutOfRangeError(f"calls must be 0 or more; got {calls!r}.")
    rng = stream_of(seed, "simulate_aftersales")
    if failed is None:
        rates = {"rate": failure_rate, "dropout": failure_dropout}
        hidden = simulate_failures(len(purchases), **rates, seed=rng)
    else:
        hidden = pd.DataFrame({"failed": np.asarray(failed, dtype=bool), "leaves": False})
    truth = purchases[["purchase_id"]].reset_index(drop=True).join(hidden)
    data = _aftersales(Chance(rng), purchases, hidden["failed"].to_numpy(), mean_calls, before)
    return SimulatedAfterSales(data, AfterSalesTruth(truth))


def simulate_failures(
    n: int, *, rate: float = 0.06, dropout: float = 0.25, seed: Seed
) -> pd.DataFrame:
    """Return for each of `n` purchases whether it failed, and whether the customer then leaves.

    Parameters
    ----------
    n : int
    rate, dropout : float in [0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    DataFrame, one row per purchase: failed, leaves (bool; only after a failure)

    Raises
    ------
    OutOfRangeError
        If `n` is below 0, `rate` or `dropout` lies outside [0, 1], or `seed` is no seed.
    """
    require_at_least("n", n, 0)
    rng = stream_of(seed, "simulate_failures")
    for name, share in (("failure_rate", rate), ("failure_dropout", dropout)):
        if not 0 <= share <= 1:
            raise OutOfRangeError(f"{name} must lie in [0, 1], not a percent; got {share!r}.")
    failed = rng.random(n) < rate
    return pd.DataFrame({"failed": failed, "leaves": failed & (rng.random(n) < dropout)})


def _aftersales(
    chance: Chance,
    purchases: pd.DataFrame,
    failed: np.ndarray,
    calls: np.ndarray,
    before: int,
) -> AfterSales:
    """Return ratings, complaints and contacts; `failed` and `calls` stand beside `purchases`."""
    number, customer, bought = (
        purchases[name].to_numpy() for name in ("purchase_id", "customer_id", "date")
    )
    key = purchases["key"].to_numpy() if "key" in purchases else number
    bought = bought.astype("M8[us]")
    sent = "arrived_on" in purchases
    came = purchases["arrived_on"].to_numpy("M8[us]") if sent else bought
    rated = np.flatnonzero(chance("rates", key) < RATES)
    service = np.where(failed[rated, None], FAILED, HELD)
    ratings = {
        "purchase_id": number[rated],
        "customer_id": customer[rated],
        "rated_on": came[rated] + chance.days("rated after", key[rated], 1, 10),
        "product": _stars(chance("product", key[rated]), np.broadcast_to(PRODUCT, service.shape)),
        "service": _stars(chance("service", key[rated]), service),
    }
    sore = np.flatnonzero(failed & (chance("complains", key) < COMPLAINS))
    complained_on = came[sore] + chance.days("complained after", key[sore], 0, 7)
    # Who carried the goods home cannot complain that they came late.
    at_hand = sent & (came[sore] == bought[sore])
    all_of_them = chance.place("cause", key[sore], np.ones(len(CAUSES)))
    but_late = 1 + chance.place("cause", key[sore], np.ones(len(CAUSES) - 1))
    complaints = {
        "complaint_id": before + np.arange(1, len(sore) + 1),
        "purchase_id": number[sore],
        "customer_id": customer[sore],
        "complained_on": complained_on,
        "cause": _words(CAUSES, np.where(at_hand, but_late, all_of_them)),
    }
    count = chance.poisson("calls", key, calls)
    asked = repeat(np.arange(len(number)), count)
    turn = 1 + np.arange(len(asked)) - repeat(np.cumsum(count) - count, count)
    called = np.concatenate([sore, asked])
    key = key[called] * TURNS + np.minimum(np.concatenate([0 * sore, turn]), TURNS - 1)
    later = bought[asked] + chance.days("called after", key[len(sore) :], 0, 14)
    channel = chance.place("channel", key, CHANNELS)
    contacts = {
        "contact_id": before + np.arange(1, len(called) + 1),
        "customer_id": customer[called],
        "purchase_id": number[called],
        "contacted_on": np.concatenate([complained_on, later]),
        "channel": _words([*TARIFFS], channel),
        "minutes": (4.0 * chance.gamma("minutes", key, 2.0) + 0.05).round(1),
        "cost_cny": np.array([*TARIFFS.values()])[channel],
    }
    return AfterSales(*map(pd.DataFrame, (ratings, complaints, contacts)))


def _words(words: Sequence[str], place: np.ndarray) -> pd.Series:
    """Return the word at each place as text."""
    return pd.Series(np.array(words)[place], dtype="str")


def tariffs() -> pd.DataFrame:
    """Return what one service event costs: channel, cost_cny."""
    return pd.DataFrame(
        {"channel": pd.Series([*TARIFFS], dtype="str"), "cost_cny": [*TARIFFS.values()]}
    )


def _stars(level: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """Return 1 to 5 for each row of `chances`."""
    return 1 + (level[:, None] > np.cumsum(chances, axis=1)[:, :-1]).sum(axis=1)
