"""Whom and what a customer is tied to, from every table that tells."""

from __future__ import annotations

from typing import Any

import pandas as pd
import sqlalchemy as sa

from crmlab.database.query.person import person
from crmlab.database.query.reading import run_query
from crmlab.database.schema import metadata

_T = metadata.tables


def relationship_view(engine: sa.Engine, customer_id: int) -> pd.DataFrame:
    """Who and what a customer is tied to: home, referrals and sellers both ways, card, contacts.

    Parameters
    ----------
    engine : Engine, from `open_database`
    customer_id : int

    Returns
    -------
    DataFrame, one row per tie, by relation and number
        relation : str, "lives with", "spouse", "brought by", "brought", "served by" (a direct
            seller), "serves", "card", "fan", "contact"
        table : str, where it is written
        number : int64, the number of the other customer, of the home, card, fan or contact
        name : str, of the person or the card's policy; NaN where there is none
        since : datetime64[us], the day; NaT where none is known
        about : str, the reason, store, source or channel

    Raises
    ------
    UnknownNameError
        If there is no such customer.
    """
    home = person(engine, customer_id)["household_id"]
    ties = _ties(int(customer_id), None if pd.isna(home) else int(home))
    placed = [tie.add_columns(sa.literal(place).label("place")) for place, tie in enumerate(ties)]
    every = sa.union_all(*placed).subquery()
    found = run_query(
        engine, sa.select(every).order_by(every.c.place, every.c.number), max_rows=None
    )
    return found.drop(columns="place")


def _ties(me: int, home: int | None) -> list[Any]:
    """Return the SELECT of each kind of tie of a customer, in the order they are shown in."""
    people, homes, referrals = _T["people"].c, _T["households"].c, _T["referrals"].c
    cards, fans, contacts = _T["cards"].c, _T["fans"].c, _T["contacts"].c
    policies, served = _T["policies"].c, _T["seller_customers"].c
    no_day, no_text = sa.cast(sa.null(), sa.Date), sa.cast(sa.null(), sa.Text)
    return [
        _tie("lives with", people.customer_id, people.name, no_day, no_text).where(
            people.household_id == home, people.customer_id != me
        ),
        _tie("spouse", homes.household_id, homes.spouse_name, no_day, no_text)
        .join_from(_T["households"], _T["people"])
        .where(people.customer_id == me, homes.spouse_name.is_not(None)),
        _tie("brought by", people.customer_id, people.name, referrals.referred_on, referrals.reason)
        .join_from(_T["referrals"], _T["people"], referrals.referred_by == people.customer_id)
        .where(referrals.customer_id == me),
        _tie("brought", people.customer_id, people.name, referrals.referred_on, referrals.reason)
        .join_from(_T["referrals"], _T["people"], referrals.customer_id == people.customer_id)
        .where(referrals.referred_by == me),
        _tie("served by", people.customer_id, people.name, served.since, served.channel)
        .join_from(_T["seller_customers"], _T["sellers"])
        .join(_T["people"], _T["sellers"].c.customer_id == people.customer_id)
        .where(served.customer_id == me),
        _tie("serves", people.customer_id, people.name, served.since, served.channel)
        .join_from(_T["seller_customers"], _T["sellers"])
        .join(_T["people"], served.customer_id == people.customer_id)
        .where(_T["sellers"].c.customer_id == me),
        _tie("card", cards.card_id, policies.name, cards.opened_on, cards.store)
        .join_from(_T["cards"], _T["policies"])
        .where(cards.customer_id == me),
        _tie("fan", fans.fan_id, no_text, fans.followed_on, fans.source).where(
            fans.customer_id == me
        ),
        _tie(
            "contact", contacts.contact_id, no_text, contacts.contacted_on, contacts.channel
        ).where(contacts.customer_id == me),
    ]


def _tie(relation: str, number: Any, name: Any, since: Any, about: Any) -> Any:
    """Return the SELECT of one kind of tie."""
    table = number.table if relation != "spouse" else _T["households"]
    return sa.select(
        sa.literal(relation, sa.Text).label("relation"),
        sa.literal(table.name, sa.Text).label("table"),
        number.label("number"),
        name.label("name"),
        since.label("since"),
        about.label("about"),
    )
