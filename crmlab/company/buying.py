"""Who buys what until when: shoppers, and what promotions, contacts and failures change."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._shapes import Simulated
from crmlab.campaigns.simulate import draw_sensitivity, draw_targets
from crmlab.company.calendar import LAST_DAY
from crmlab.company.scenario import Scenario
from crmlab.company.shoppers import CATEGORIES, draw_shoppers
from crmlab.company.streams import SHOPPERS, Block, stream
from crmlab.customers.simulate import draw_consents
from crmlab.lifetime.simulate import concentrate
from crmlab.service.simulate import draw_failures

NEVER = np.datetime64("NaT", "us")


class Buying(NamedTuple):
    """What the other tables of a block are drawn from.

    customers  one row per customer: the key, what is seen and what is hidden
    purchases  every purchase and refund until the end of the future, by date, with bought_id,
               promotion_id (0: of their own accord), failed, leaves and calls (a mean number)
    targets    of `crmlab.campaigns.simulate.draw_targets`, as they turned out
    """

    customers: pd.DataFrame
    purchases: pd.DataFrame
    targets: pd.DataFrame
    consents: pd.DataFrame


def draw_buying(seed: int, scenario: Scenario, block: Block, promotions: Simulated) -> Buying:
    """Return what one block buys, from its own streams."""
    rng = {
        table: stream(seed, table, block.number)
        for table in (SHOPPERS, "consents", "sensitivity", "targets", "promoted", "failures")
    }
    log, people = draw_shoppers(rng[SHOPPERS], block.customers, churn=scenario.churn)
    people = people.rename(columns={"mean_ticket_cny": "mean_ticket"})
    consents = draw_consents(rng["consents"], people, share=scenario.consent_share)
    reaction = draw_sensitivity(rng["sensitivity"], people["customer_id"].to_numpy())
    people = people.merge(reaction, on="customer_id")
    targets = draw_targets(
        rng["targets"],
        promotions,
        _reachable(people, consents),
        targeted_share=scenario.targeted_share,
        held_out_share=scenario.held_out_share,
        contact_limit=scenario.contact_limit,
        overcontact_dropout=scenario.overcontact_dropout,
    )
    log = _with_promoted(rng["promoted"], log.assign(promotion_id=0), targets, people)
    is_bought = log["amount"].to_numpy() > 0
    failures = draw_failures(
        rng["failures"],
        int(is_bought.sum()),
        rate=scenario.failure_rate,
        dropout=scenario.failure_dropout,
    )
    for name in ("failed", "leaves"):
        log[name] = False
        log.loc[is_bought, name] = failures[name].to_numpy()
    people = _with_exits(people, log, targets)
    log, targets = _until_exit(log, targets, people)
    if scenario.concentration is not None:
        log, people = concentrate(log, people, share=scenario.concentration, until=LAST_DAY)
    log["calls"] = people["per_purchase"].to_numpy()[log["customer_id"] - 1]
    return _numbered(block, Buying(people, log, targets, consents))


def _reachable(people: pd.DataFrame, consents: pd.DataFrame) -> pd.DataFrame:
    """Return from and until when marketing may contact each customer; NaT from: never."""
    said = consents.loc[consents["purpose"] == "marketing"].set_index("customer_id")
    said = said.reindex(people["customer_id"])
    return pd.DataFrame(
        {
            "customer_id": people["customer_id"],
            "sensitivity": people["sensitivity"],
            "mean_ticket": people["mean_ticket"],
            "from_day": said["given_on"].to_numpy(),
            "until": said["withdrawn_on"].to_numpy(),
            "alive_until": people["dropped_out_on"],
        }
    )


def _with_promoted(
    rng: np.random.Generator, log: pd.DataFrame, targets: pd.DataFrame, people: pd.DataFrame
) -> pd.DataFrame:
    """Return the purchases together with those that promotions cause."""
    caused = targets.loc[targets["caused"]]
    if caused.empty:
        return log
    online = rng.random(len(caused)) < 0.5
    city = people["city"].to_numpy()[caused["customer_id"] - 1]
    number = len(log) + np.arange(1, len(caused) + 1)
    more = pd.DataFrame(
        {
            "purchase_id": number,
            "bought_id": number,
            "customer_id": caused["customer_id"].to_numpy(),
            "date": caused["buys_on"].to_numpy(),
            "amount": caused["amount"].to_numpy(),
            "channel": np.where(online, "online", "shop"),
            "store": np.where(online, "web shop", city),
            "category": rng.choice([*CATEGORIES], len(caused), p=[*CATEGORIES.values()]),
            "promotion_id": caused["promotion_id"].to_numpy(),
        }
    ).astype({"channel": "str", "store": "str", "category": "str"})
    return pd.concat([log, more], ignore_index=True)


def _with_exits(people: pd.DataFrame, log: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return `people` with the day and reason of leaving: the first of all that lead to it."""
    exits = {"own will": people["dropped_out_on"].to_numpy("M8[us]")}
    for reason, rows, day in (
        ("service failure", log.loc[log["leaves"]], "date"),
        ("too many contacts", targets.loc[targets["leaves"]], "starts_at"),
    ):
        first = rows.groupby("customer_id")[day].min().reindex(people["customer_id"])
        exits[reason] = first.to_numpy("M8[us]").astype("M8[D]").astype("M8[us]")
    days = np.stack([*exits.values()])
    late = np.where(np.isnat(days), np.datetime64("9999-01-01", "us"), days)
    # At a tie what the firm did counts, which stands last.
    which = len(late) - 1 - late[::-1].argmin(axis=0)
    left = np.asarray(~np.isnat(days).all(axis=0))
    reason = pd.Series(np.array([*exits])[which], dtype="str").where(left)
    return people.assign(dropped_out_on=np.where(left, late.min(axis=0), NEVER), left_for=reason)


def _until_exit(
    log: pd.DataFrame, targets: pd.DataFrame, people: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return purchases and answers of customers who were still there; refunds follow theirs."""
    exit_day = people["dropped_out_on"].to_numpy("M8[us]")
    gone = exit_day[targets["customer_id"] - 1] < targets["buys_on"].to_numpy()
    targets = targets.assign(
        caused=targets["caused"] & ~gone,
        response_probability=targets["response_probability"].where(~gone, 0.0),
    )
    is_bought = log["amount"] > 0
    lost = is_bought & (log["date"].to_numpy() > exit_day[log["customer_id"] - 1])
    kept = ~log["bought_id"].isin(log.loc[lost, "bought_id"])
    log = log.loc[kept].sort_values(["date", "customer_id"], kind="stable", ignore_index=True)
    return log, targets


def _numbered(block: Block, made: Buying) -> Buying:
    """Return the same with purchases numbered by date, and all numbers those of the block."""
    old = made.purchases["purchase_id"].to_numpy()
    new = np.zeros(old.max() + 1, dtype=np.int64)
    new[old] = block.first_id + np.arange(1, len(old) + 1)
    log = made.purchases.assign(
        purchase_id=new[old], bought_id=new[made.purchases["bought_id"].to_numpy()]
    )
    frames = (made.customers, log, made.targets, made.consents)
    return Buying(
        *(frame.assign(customer_id=frame["customer_id"] + block.before) for frame in frames)
    )


def seen(log: pd.DataFrame) -> pd.DataFrame:
    """Return the rows until the end of the window."""
    return log.loc[log["date"] <= LAST_DAY]
