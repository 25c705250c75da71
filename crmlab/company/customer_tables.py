"""The tables of a block about people and what they buy, each drawn by its topic."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._chance import Chance
from crmlab._groups import bincount
from crmlab.behaviour.simulate import simulate_deliveries, simulate_lines, simulate_payments
from crmlab.collection.simulate import simulate_records
from crmlab.company.calendar import LAST_DAY
from crmlab.company.offer import Tables
from crmlab.company.world import Makers, World
from crmlab.service.simulate.aftersales import REASONS
from crmlab.social.simulate import simulate_referrals

RESPONSE_DAYS = 14
# Days are parted by this many, so that a customer and a day are one number.
SPAN = 100_000


def _people(world: World) -> Tables:
    tables = world.people[0]
    consents = tables["consents"]
    withdrawn = consents["withdrawn_on"].where(consents["withdrawn_on"] <= LAST_DAY)
    return {**tables, "consents": consents.assign(withdrawn_on=withdrawn)}


def _hidden(world: World) -> Tables:
    people = world.customers
    later = world.buying.purchases.loc[world.buying.purchases["date"] > LAST_DAY]
    row = world.row(later["customer_id"])
    is_bought = (later["amount"] > 0).to_numpy()
    in_window = people["dropped_out_on"] <= LAST_DAY
    columns = ["customer_id", "persona", "rate_per_week", "dropout_probability"]
    truth = people[columns].assign(
        mean_ticket_cny=people["mean_ticket"],
        sensitivity=people["sensitivity"],
        wallet_share=world.people[1]["wallet_share"].to_numpy(),
        reluctance=world.cards.truth["reluctance"].to_numpy(),
        dropped_out_on=people["dropped_out_on"].where(in_window),
        left_for=people["left_for"].where(in_window),
        future_purchases=bincount(row[is_bought], minlength=len(people)),
        future_spend_cny=bincount(row, later["amount"], len(people)).round(2),
    )
    return {"truth_customers": truth}


def _cards(world: World) -> Tables:
    return {"cards": world.cards.cards}


def _purchases(world: World) -> Tables:
    columns = ["purchase_id", "customer_id", "date", "amount", "channel", "store", "category"]
    return {"purchases": world.log[columns]}


def _hidden_of_purchases(world: World) -> Tables:
    hidden = world.bought[["purchase_id", "failed", "leaves", "promotion_id"]]
    return {"truth_purchases": hidden}


def _lines(world: World) -> Tables:
    before = world.block.first_id
    drawn = simulate_lines(
        world.bought, goods=world.firm.goods, before=before, seed=world.rng("lines")
    )
    return {"lines": drawn.lines}


def _payments(world: World) -> Tables:
    return {"payments": simulate_payments(world.log, seed=world.rng("payments"))}


def _deliveries(world: World) -> Tables:
    sent = world.bought.loc[world.bought["channel"] == "online"]
    home = world.people[0]["people"]["household_id"].to_numpy()
    address = home[world.row(sent["customer_id"])]
    table = simulate_deliveries(sent, address_id=address, seed=world.rng("deliveries"))
    table["arrived_on"] = table["arrived_on"].where(table["arrived_on"] <= LAST_DAY)
    return {"deliveries": table.loc[table["sent_on"] <= LAST_DAY]}


def _returns(world: World) -> Tables:
    back = world.log.loc[world.log["amount"] < 0]
    reason = Chance(world.rng("returns")).place("reason", back["key"], np.ones(len(REASONS)))
    returns = {
        "refund_id": back["purchase_id"].to_numpy(),
        "purchase_id": back["bought_id"].to_numpy(),
        "customer_id": back["customer_id"].to_numpy(),
        "returned_on": back["date"].to_numpy(),
        "reason": pd.Series(np.array(REASONS)[reason], dtype="str"),
        "amount_cny": -back["amount"].to_numpy(),
    }
    return {"returns": pd.DataFrame(returns)}


def _aftersales(world: World) -> Tables:
    return dict(vars(world.aftersales))


def _targets(world: World) -> Tables:
    targets, bought = world.buying.targets, world.bought
    keys = ["promotion_id", "customer_id"]
    drawn = targets[[*keys, "starts_at", "held_out"]]
    first, times = _answers(drawn, bought)
    within = times > 0
    answers = bought[["purchase_id", "date"]].iloc[first[within]]
    return {
        "targets": drawn,
        # Whatever the contact caused lies within the days.
        "truth_targets": targets[[*keys, "response_probability", "caused"]].assign(
            buys_anyway=times > targets["caused"].to_numpy()
        ),
        "responses": drawn.loc[within, keys].assign(
            purchase_id=answers["purchase_id"].to_numpy(), bought_on=answers["date"].to_numpy()
        ),
    }


def _answers(drawn: pd.DataFrame, bought: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the row of each target's first purchase within 14 days, and how many there are."""
    # They stand by day: a customer's own stay in their order.
    order = np.argsort(bought["customer_id"].to_numpy(), kind="stable")
    day = bought["date"].to_numpy("M8[D]").astype(np.int64)
    key = (bought["customer_id"].to_numpy() * SPAN + day)[order]
    start = drawn["starts_at"].to_numpy("M8[D]").astype(np.int64)
    wanted = drawn["customer_id"].to_numpy() * SPAN + start
    place, until = np.searchsorted(key, wanted), np.searchsorted(key, wanted + RESPONSE_DAYS)
    return np.append(order, 0)[place], until - place


def _social(world: World) -> Tables:
    tables = world.fans._asdict()
    tables["truth_fans"] = tables.pop("truth")
    past = _past(world)
    referrals = simulate_referrals(
        past,
        purchases=world.bought,
        share=world.scenario.referral_share,
        seed=world.rng("referrals"),
    )
    return {**tables, "referrals": referrals}


def _past(world: World) -> pd.DataFrame:
    """Return what makes a customer bring others: who is gone, was let down, or follows."""
    people, fans = world.customers, world.fans
    sore = world.bought.loc[world.bought["failed"]].groupby("customer_id")["date"].min()
    number = people["customer_id"]
    events = fans.follows.pivot(index="fan_id", columns="event", values="on_day")
    events = events.reindex(index=number, columns=["follow", "unfollow", "return"])
    events = events.astype("M8[us]")
    return people[["customer_id", "joined_on"]].assign(
        gone_on=people["dropped_out_on"],
        failed_on=sore.reindex(number).to_numpy("M8[us]"),
        followed_on=events["follow"].to_numpy(),
        unfollowed_on=events["unfollow"].to_numpy(),
        returned_on=events["return"].to_numpy(),
    )


def _records(world: World) -> Tables:
    tables = world.people[0]
    homes = tables["addresses"].rename(columns={"address_id": "household_id"})
    homes = homes[["household_id", "line"]].rename(columns={"line": "address"})
    people = tables["people"].merge(homes, on="household_id", how="left")
    scenario = world.scenario
    records = simulate_records(
        people.assign(joined_on=world.customers["joined_on"].to_numpy(), **_standing(world)),
        edit_share=scenario.edit_share,
        stale_share=scenario.stale_share,
        missing_share=scenario.missing_share,
        duplicate_share=scenario.duplicate_share,
        before=world.block.first_id,
        seed=world.rng("records"),
    )
    return {"records": records.data, "truth_records": records.truth}


def _standing(world: World) -> dict[str, np.ndarray]:
    """Return how likely each customer stands in each system: mostly if they were ever there."""
    number, bought = world.customers["customer_id"], world.bought
    online = (bought["channel"] == "online").to_numpy()
    callers = world.aftersales.contacts["customer_id"]
    been = {
        "in_till": (bought.loc[~online, "customer_id"], 0.9, 0.2),
        "in_web_shop": (bought.loc[online, "customer_id"], 1.0, 0.05),
        "in_service_desk": (callers, 1.0, 0.1),
    }
    return {
        name: np.where(number.isin(those), often, seldom)
        for name, (those, often, seldom) in been.items()
    }


# Which maker gives which tables.
OF_CUSTOMERS: Makers = {
    _people: ("people", "households", "addresses", "children", "consents"),
    _hidden: ("truth_customers",),
    _cards: ("cards",),
    _purchases: ("purchases",),
    _hidden_of_purchases: ("truth_purchases",),
    _lines: ("lines",),
    _payments: ("payments",),
    _deliveries: ("deliveries",),
    _returns: ("returns",),
    _aftersales: ("ratings", "complaints", "contacts"),
    _targets: ("targets", "responses", "truth_targets"),
    _social: ("fans", "follows", "interactions", "referrals", "truth_fans"),
    _records: ("records", "truth_records"),
}
