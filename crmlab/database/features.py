"""What a customer database is for: its five features, each answered by a query.

1. A dynamic query system: `build_query`, and `sql` for what it cannot say.
2. A structure that supports relationships: `relationship_view`.
3. Recognition of loyal customers: `loyal_customers`.
4. A reference on purchase behaviour: `purchase_reference`.
5. Personalised service: `personalised_service`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from numbers import Real
from typing import Any

import pandas as pd
import sqlalchemy as sa

from crmlab._checks import require_at_least
from crmlab.database.query.fields import checked
from crmlab.database.query.person import consent, day_asked, person
from crmlab.database.query.reading import run_query
from crmlab.database.query.wording import unknown
from crmlab.database.schema import metadata
from crmlab.errors import OutOfRangeError

_T = metadata.tables
_DAY = _T["purchases"].c.date
_WEEKDAY = (sa.cast(sa.extract("dow", _DAY), sa.Integer) + 6) % 7 + 1
BY: dict[str, sa.ColumnElement[Any]] = {
    "category": _T["purchases"].c.category,
    "channel": _T["purchases"].c.channel,
    "store": _T["purchases"].c.store,
    "month": sa.cast(sa.extract("month", _DAY), sa.BigInteger),
    "weekday": sa.cast(_WEEKDAY, sa.BigInteger),
}


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


def loyal_customers(
    engine: sa.Engine,
    *,
    loyalty: float = 0.5,
    tenure_days: int = 365,
    repeats: int = 3,
    active_days: int = 180,
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Who is loyal, and by which thresholds: all four must be met.

    Parameters
    ----------
    engine : Engine, from `open_database`
    loyalty : float in [0, 1], the least loyalty index (our share of the customer's spending)
    tenure_days : int, the least days since the first purchase
    repeats : int, the least days with a purchase after the first one
    active_days : int, the most days since the last purchase
    as_of : date, by default the day of the last purchase there is; later purchases do not count

    Returns
    -------
    DataFrame, one row per loyal customer, the most loyal first, then by customer_id
        customer_id : int64
        name : str
        loyalty_index : float64
        repeats : int64
        spend_cny : float64, less refunds
        first_on, last_on : datetime64[us], days of the first and last purchase
        tenure_days, days_since_last : int64

    Raises
    ------
    OutOfRangeError
        If a threshold is out of its range, or `as_of` no date.
    """
    if not isinstance(loyalty, Real) or not 0 <= loyalty <= 1:
        raise OutOfRangeError(f"loyalty is a share and must lie in [0, 1]; got {loyalty!r}.")
    for name, days in (("tenure_days", tenure_days), ("active_days", active_days)):
        require_at_least(name, days, 0)
    require_at_least("repeats", repeats, 0)
    day = day_asked(engine, as_of)

    people, bought = _T["people"].c, _T["purchases"].c
    on = sa.case((bought.amount > 0, bought.date))  # a refund is no purchase
    first, last = sa.func.min(on), sa.func.max(on)
    again = sa.func.count(sa.distinct(on)) - 1
    query = (
        sa.select(
            people.customer_id,
            people.name,
            people.loyalty_index,
            again.label("repeats"),
            sa.func.sum(bought.amount).label("spend_cny"),
            first.label("first_on"),
            last.label("last_on"),
        )
        .join_from(_T["people"], _T["purchases"])
        .where(bought.date <= day.date(), people.loyalty_index >= float(loyalty))
        .group_by(people.customer_id, people.name, people.loyalty_index)
        .having(
            again >= int(repeats),
            first <= _days_before(day, tenure_days),
            last >= _days_before(day, active_days),
        )
        .order_by(people.loyalty_index.desc(), people.customer_id)
    )
    found = run_query(engine, query, max_rows=None)
    return found.assign(
        tenure_days=(day - found["first_on"]).dt.days.astype("int64"),
        days_since_last=(day - found["last_on"]).dt.days.astype("int64"),
    )


def purchase_reference(
    engine: sa.Engine,
    *,
    by: str = "category",
    customer_id: int | None = None,
    category: str | None = None,
) -> pd.DataFrame:
    """Count what, how often, when and where one customer or a category buys, beside everybody.

    Refunds are left out.

    Parameters
    ----------
    engine : Engine, from `open_database`
    by : "category", "channel", "store", "month" (1-12) or "weekday" (1 Monday - 7 Sunday)
    customer_id : int, optional; everybody if omitted
    category : str, optional; every category if omitted

    Returns
    -------
    DataFrame, one row per value of `by` that anybody bought under, in order
        (the name in `by`) : str, or int64 for months and weekdays
        purchases : int64, of the customer or category
        share : float64, of their purchases; NaN when there are none at all
        share_of_all : float64, of all purchases of everybody
        times_usual : float64, the first share over the second
        spend_cny, mean_ticket_cny : float64
        gap_days : float64, mean days from one purchase to the next; NaN below 2 purchases
        last_on : datetime64[us]

    Raises
    ------
    UnknownNameError
        If there is no such `by`, customer, or category among the products.
    """
    if by not in [*BY]:
        raise unknown("way to look at purchases", by, [*BY])
    bought = _T["purchases"].c
    chosen = [bought.amount > 0]
    if customer_id is not None:
        person(engine, customer_id)
        chosen.append(bought.customer_id == int(customer_id))
    if category is not None:
        chosen.append(bought.category == checked(category, bought.category, "category"))
    every, own = _counts(by, chosen[:1]), _counts(by, chosen)
    purchases = sa.func.coalesce(own.c.purchases, 0)
    whole = sa.cast(sa.func.sum(purchases).over(), sa.Double)
    share = purchases / sa.func.nullif(whole, 0)
    of_all = every.c.purchases / sa.cast(sa.func.sum(every.c.purchases).over(), sa.Double)
    query = (
        sa.select(
            every.c.value.label(by),
            purchases.label("purchases"),
            share.label("share"),
            of_all.label("share_of_all"),
            (share / of_all).label("times_usual"),
            sa.func.coalesce(own.c.spend, 0.0).label("spend_cny"),
            (own.c.spend / own.c.purchases).label("mean_ticket_cny"),
            own.c.first_on,
            own.c.last_on,
        )
        .join_from(every, own, every.c.value == own.c.value, isouter=True)
        .order_by(every.c.value)
    )
    found = run_query(engine, query, max_rows=None)
    gaps = (found["purchases"] - 1).where(found["purchases"] > 1)
    found.insert(7, "gap_days", (found["last_on"] - found["first_on"]).dt.days / gaps)
    return found.drop(columns="first_on")


@dataclass(frozen=True)
class NextContact:
    """What to say to one customer next, or why nothing may be said.

    allowed : bool, whether the customer's consent stands on the day asked about
    why : str
    category : str, bought most often; of equals the one with more spending; None if not allowed
    channel : str, bought in most often
    products : DataFrame, product_id, brand, size, buyers: of this category, not bought yet,
        what most others have bought first; no rows if not allowed
    """

    customer_id: int
    name: str
    allowed: bool
    why: str
    category: str | None
    channel: str | None
    products: pd.DataFrame = field(repr=False, compare=False)


def personalised_service(
    engine: sa.Engine,
    customer_id: int,
    *,
    purpose: str = "marketing",
    offers: int = 3,
    as_of: str | pd.Timestamp | None = None,
) -> NextContact:
    """Choose what to offer one customer next, if the customer agreed to any offer.

    Parameters
    ----------
    engine : Engine, from `open_database`
    customer_id : int
    purpose : str, what the customer must have agreed to
    offers : int, how many products at most
    as_of : date, by default the day of the last purchase there is; what came later is not known

    Raises
    ------
    UnknownNameError
        If there is no such customer, or no consent is ever asked for such a purpose.
    OutOfRangeError
        If `offers` is below 1, or `as_of` no date.
    """
    require_at_least("offers", offers, 1)
    who, day = person(engine, customer_id), day_asked(engine, as_of)
    allowed, why = consent(engine, customer_id, purpose, day)
    category = _favourite(engine, customer_id, "category", day) if allowed else None
    channel = _favourite(engine, customer_id, "channel", day) if allowed else None
    if allowed and category is None and not pd.isna(who["favourite_category"]):
        category = str(who["favourite_category"])
    products = _not_yet(engine, customer_id, category, offers, day)
    return NextContact(int(customer_id), who["name"], allowed, why, category, channel, products)


def _days_before(day: pd.Timestamp, days: int) -> date:
    """Return the day so many days earlier, or the first one there is."""
    try:
        return day.date() - timedelta(days=int(days))
    except OverflowError:
        return date.min


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


def _counts(by: str, chosen: list[Any]) -> sa.Subquery:
    """Return the purchases that are chosen, counted by one of the ways to look at them."""
    return (
        sa.select(
            BY[by].label("value"),
            sa.func.count().label("purchases"),
            sa.func.sum(_T["purchases"].c.amount).label("spend"),
            sa.func.min(_DAY).label("first_on"),
            sa.func.max(_DAY).label("last_on"),
        )
        .where(*chosen)
        .group_by(BY[by])
        .subquery()
    )


def _favourite(engine: sa.Engine, customer_id: int, what: str, day: pd.Timestamp) -> str | None:
    """Return what the customer bought most often by a day; of equals that with more spending."""
    bought = _T["purchases"].c
    query = (
        sa.select(bought[what].label("what"))
        .where(bought.customer_id == int(customer_id), bought.amount > 0, day.date() >= _DAY)
        .group_by(bought[what])
        .order_by(sa.func.count().desc(), sa.func.sum(bought.amount).desc(), bought[what])
        .limit(1)
    )
    found = run_query(engine, query)
    return None if found.empty else str(found.loc[0, "what"])


def _not_yet(
    engine: sa.Engine, customer_id: int, category: str | None, offers: int, day: pd.Timestamp
) -> pd.DataFrame:
    """Return the products of a category that most others bought by a day, the customer not."""
    products, lines, bought = _T["products"].c, _T["lines"].c, _T["purchases"].c
    sold = (
        sa.select(lines.product_id, bought.customer_id)
        .join_from(_T["lines"], _T["purchases"])
        .where(day.date() >= _DAY)
        .distinct()
        .cte("sold")
    )
    has = sa.select(sold.c.product_id).where(sold.c.customer_id == int(customer_id))
    buyers = sa.func.count(sold.c.customer_id)
    query = (
        sa.select(products.product_id, products.brand, products["size"], buyers.label("buyers"))
        .join_from(_T["products"], sold, products.product_id == sold.c.product_id, isouter=True)
        .where(products.category == category, products.product_id.not_in(has))
        .group_by(products.product_id, products.brand, products["size"])
        .order_by(buyers.desc(), products.product_id)
        .limit(int(offers))
    )
    return run_query(engine, query)
