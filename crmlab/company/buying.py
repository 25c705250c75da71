"""Who buys what until when: shoppers, and what promotions, contacts and failures change."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._shapes import Simulated
from crmlab.campaigns.simulate import simulate_sensitivity, simulate_targets
from crmlab.company.calendar import LAST_DAY
from crmlab.company.log import (
    CATEGORIES,
    NEVER,
    WEB_SHOP,
    Log,
    by_day,
    dates,
    days_of,
    frame_of_log,
    texts,
)
from crmlab.company.scenario import Scenario
from crmlab.company.shoppers import draw_shoppers
from crmlab.company.streams import SHOPPERS, Block, stream
from crmlab.customers.simulate import simulate_consents
from crmlab.lifetime.simulate import concentrate
from crmlab.service.simulate import simulate_failures

# Why customers leave. At a tie what the firm did counts, which stands last.
REASONS = ("own will", "service failure", "too many contacts")


class Buying(NamedTuple):
    """What the other tables of a block are drawn from.

    customers  one row per customer: the key, what is seen and what is hidden
    purchases  every purchase and refund until the end of the future, by date, with bought_id,
               promotion_id (0: of their own accord), failed and leaves
    targets    of `crmlab.campaigns.simulate.simulate_targets`, as they turned out
    """

    customers: pd.DataFrame
    purchases: pd.DataFrame
    targets: pd.DataFrame
    consents: pd.DataFrame


def draw_buying(
    seed: int, scenario: Scenario, block: Block, promotions: Simulated, *, churn: float
) -> Buying:
    """Return what one block buys, from its own streams; dropout is `churn` times the usual one."""
    rng = {
        table: stream(seed, table, block.number)
        for table in (SHOPPERS, "consents", "sensitivity", "targets", "promoted", "failures")
    }
    log, people = draw_shoppers(rng[SHOPPERS], block.customers, churn=churn)
    consents = simulate_consents(people, share=scenario.consent_share, seed=rng["consents"])
    reaction = simulate_sensitivity(people["customer_id"].to_numpy(), seed=rng["sensitivity"])
    people["sensitivity"] = reaction["sensitivity"]
    people["promotion_reaction"] = reaction["promotion_reaction"]
    targets = simulate_targets(
        promotions,
        _reachable(people, consents),
        targeted_share=scenario.targeted_share,
        held_out_share=scenario.held_out_share,
        contact_limit=scenario.contact_limit,
        overcontact_dropout=scenario.overcontact_dropout,
        seed=rng["targets"],
    )
    log = _with_promoted(rng["promoted"], log, targets, people["city"].cat.codes.to_numpy())
    log = _with_failures(rng["failures"], log, scenario)
    exit_day, people = _with_exits(people, log, targets)
    log, targets = _until_exit(log, targets, exit_day)
    purchases = frame_of_log(log, before=block.first_id)
    if scenario.concentration is not None:
        purchases, people = concentrate(
            purchases, people, share=scenario.concentration, until=LAST_DAY
        )
    frames = (people, purchases, targets, consents)
    return Buying(
        *(frame.assign(customer_id=frame["customer_id"] + block.before) for frame in frames)
    )


def _reachable(people: pd.DataFrame, consents: pd.DataFrame) -> pd.DataFrame:
    """Return from and until when marketing may contact each customer; NaT from: never."""
    said = (consents["purpose"] == "marketing").to_numpy()
    row = consents["customer_id"].to_numpy()[said] - 1
    sides = {"from_day": "given_on", "until": "withdrawn_on"}
    columns = {
        name: people[name].to_numpy() for name in ("customer_id", "sensitivity", "mean_ticket")
    }
    for side, day in sides.items():
        columns[side] = np.full(len(people), np.datetime64("NaT", "us"))
        columns[side][row] = consents[day].to_numpy()[said]
    return pd.DataFrame({**columns, "alive_until": people["dropped_out_on"]}, copy=False)


def _with_promoted(
    rng: np.random.Generator, log: Log, targets: pd.DataFrame, city: np.ndarray
) -> Log:
    """Return the purchases together with those that promotions cause."""
    own = {**log, "promotion_id": np.zeros(len(log["day"]), dtype=np.int64)}
    caused = np.flatnonzero(targets["caused"])
    n = len(caused)
    if not n:
        return own
    online = rng.random(n) < 0.5
    customer = targets["customer_id"].to_numpy()[caused] - 1
    more = {
        "customer": customer,
        "day": days_of(targets["buys_on"].to_numpy()[caused]),
        "amount": targets["amount"].to_numpy()[caused],
        "bought": len(log["day"]) + np.arange(n),
        "category": rng.choice(len(CATEGORIES), n, p=[*CATEGORIES.values()]).astype(np.int8),
        "channel": online.astype(np.int8),
        "store": np.where(online, np.int8(WEB_SHOP), city[customer]),
        "promotion_id": targets["promotion_id"].to_numpy()[caused],
    }
    return {name: np.concatenate([column, more[name]]) for name, column in own.items()}


def _with_failures(rng: np.random.Generator, log: Log, scenario: Scenario) -> Log:
    """Return the log with the purchases whose service fails, and who means to leave for it."""
    is_bought = log["amount"] > 0
    failures = simulate_failures(
        int(is_bought.sum()),
        rate=scenario.failure_rate,
        dropout=scenario.failure_dropout,
        seed=rng,
    )
    columns = {name: np.zeros(len(is_bought), dtype=bool) for name in ("failed", "leaves")}
    for name, column in columns.items():
        column[is_bought] = failures[name]
    return {**log, **columns}


def _with_exits(
    people: pd.DataFrame, log: Log, targets: pd.DataFrame
) -> tuple[np.ndarray, pd.DataFrame]:
    """Return the day of leaving, the first of all that lead to it; and `people` with the reason."""
    days = np.full((len(REASONS), len(people)), NEVER)
    days[0] = days_of(people["dropped_out_on"].to_numpy())
    sore, pestered = np.flatnonzero(log["leaves"]), np.flatnonzero(targets["leaves"])
    np.minimum.at(days[1], log["customer"][sore], log["day"][sore])
    start = days_of(targets["starts_at"].to_numpy()[pestered])
    np.minimum.at(days[2], targets["customer_id"].to_numpy()[pestered] - 1, start)
    first = days.min(axis=0)
    which = len(days) - 1 - days[::-1].argmin(axis=0)
    reason = texts(REASONS, which, missing=first == NEVER)
    return first, people.assign(dropped_out_on=dates(first), left_for=reason)


def _until_exit(log: Log, targets: pd.DataFrame, exit_day: np.ndarray) -> tuple[Log, pd.DataFrame]:
    """Return purchases and answers of customers who were still there; refunds follow theirs."""
    answers = days_of(targets["buys_on"].to_numpy())
    gone = exit_day[targets["customer_id"].to_numpy() - 1] < answers
    targets = targets.assign(
        caused=targets["caused"].to_numpy() & ~gone,
        response_probability=np.where(gone, 0.0, targets["response_probability"].to_numpy()),
    )
    lost = (log["amount"] > 0) & (log["day"] > exit_day[log["customer"]])
    return by_day(log, np.flatnonzero(~lost[log["bought"]])), targets
