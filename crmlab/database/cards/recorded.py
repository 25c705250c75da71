"""The card of five blocks: what a firm records of each customer."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pandas as pd
import sqlalchemy as sa

from crmlab.database.cards.shape import Card, card_of
from crmlab.database.page import shown
from crmlab.database.query.person import day_asked, person
from crmlab.database.query.reading import run_query
from crmlab.database.schema import metadata

_T = metadata.tables


def customer_card(
    engine: sa.Engine, customer_id: int, *, as_of: str | pd.Timestamp | None = None
) -> Card:
    """Return the card of five blocks: value, needs, behaviour, satisfaction, concerns.

    Explicit needs (显性需求) are what the customer says or asks for, implicit ones (隐性需求) what
    purchases and answers to promotions tell. Value is money in, less the service and the contacts
    that it took, and whom the customer brought.

    Parameters
    ----------
    engine : Engine, from `open_database`
    customer_id : int
    as_of : date, by default the day of the last purchase there is; later days do not count

    Raises
    ------
    UnknownNameError, OutOfRangeError
        As `archive`.
    """
    who, day = person(engine, customer_id), day_asked(engine, as_of)
    facts = run_query(engine, _facts(int(customer_id), day)).iloc[0]
    lists = {name: _listed(engine, query) for name, query in _lists(int(customer_id), day).items()}
    spent = facts["spend"] - facts["service_cost"] - facts["promotion_cost"]
    told = {
        "value": {
            "spending, less refunds (CNY)": facts["spend"],
            "cost of service (CNY)": facts["service_cost"],
            "cost of promotions (CNY)": facts["promotion_cost"],
            "left of the spending (CNY)": spent,
            "customers brought": facts["brought"],
        },
        "needs": {
            "explicit: favourite category": who["favourite_category"],
            "explicit: asked of deliveries": lists["requirements"],
            "explicit: promotions": who["promotion_reaction"],
            "implicit: categories bought": lists["categories"],
            "implicit: motive": who["motive"],
            "implicit: answered promotions": f"{facts['responses']} of {facts['contacted']}",
        },
        "behaviour": {
            "purchases": facts["purchases"],
            "last purchase": facts["last_on"],
            "packs": facts["packs"],
            "pays by": lists["methods"],
            "background": ", ".join(shown(who[name]) for name in ("education", "job_type")),
            "credit limit (CNY)": who["credit_limit_cny"],
        },
        "satisfaction": {
            "ratings": facts["ratings"],
            "product, mean of 1-5": facts["product"],
            "service, mean of 1-5": facts["service"],
            "returns": facts["returns"],
        },
        "concerns": {
            "complaints": lists["causes"],
            "calls on the service desk": lists["desks"],
            "data may be used for": lists["agreed"],
        },
    }
    rows = [
        (block, name, shown(value), False)
        for block, lines in told.items()
        for name, value in lines.items()
    ]
    return card_of(customer_id, who["name"], f"Customer card on {shown(day)}", rows)


def _facts(customer_id: int, day: pd.Timestamp) -> Any:
    """Return the query of the numbers on the five-block card."""
    bought, lines, ratings = _T["purchases"].c, _T["lines"].c, _T["ratings"].c
    contacts, promotions, targets = _T["contacts"].c, _T["promotions"].c, _T["targets"].c
    responses, referrals, returns = _T["responses"].c, _T["referrals"].c, _T["returns"].c
    until, count = day.date(), sa.func.count()
    contacted = sa.and_(
        targets.customer_id == customer_id,
        targets.held_out.is_(False),
        targets.starts_at <= datetime.combine(until, time.max),
    )
    own = (bought.customer_id == customer_id, bought.date <= until)

    def summed(column: Any, table: Any, *met: Any) -> Any:
        return sa.select(sa.func.coalesce(sa.func.sum(column), 0)).select_from(table).where(*met)

    def counted(table: Any, *met: Any) -> Any:
        return sa.select(count).select_from(table).where(*met)

    rated = (ratings.customer_id == customer_id, ratings.rated_on <= until)
    served = (contacts.customer_id == customer_id, contacts.contacted_on <= until)
    facts = {
        "spend": summed(bought.amount, _T["purchases"], *own),
        "purchases": counted(_T["purchases"], *own, bought.amount > 0),
        "last_on": sa.select(sa.func.max(bought.date)).where(*own, bought.amount > 0),
        "packs": summed(lines.quantity, _T["lines"].join(_T["purchases"]), *own),
        "service_cost": summed(contacts.cost_cny, _T["contacts"], *served),
        "promotion_cost": summed(
            promotions.variable_cost_cny, _T["targets"].join(_T["promotions"]), contacted
        ),
        "contacted": counted(_T["targets"], contacted),
        "responses": counted(
            _T["responses"].join(
                _T["targets"],
                sa.and_(
                    responses.promotion_id == targets.promotion_id,
                    responses.customer_id == targets.customer_id,
                ),
            ),
            contacted,
            responses.bought_on <= until,
        ),
        "brought": counted(
            _T["referrals"], referrals.referred_by == customer_id, referrals.referred_on <= until
        ),
        "ratings": counted(_T["ratings"], *rated),
        "product": sa.select(sa.func.avg(ratings["product"])).where(*rated),
        "service": sa.select(sa.func.avg(ratings.service)).where(*rated),
        "returns": counted(
            _T["returns"], returns.customer_id == customer_id, returns.returned_on <= until
        ),
    }
    return sa.select(*(query.scalar_subquery().label(name) for name, query in facts.items()))


def _lists(customer_id: int, day: pd.Timestamp) -> dict[str, Any]:
    """Return the queries of the lists on the five-block card: what there is, and how often."""
    bought, deliveries, payments = _T["purchases"].c, _T["deliveries"].c, _T["payments"].c
    complaints, contacts, consents = _T["complaints"].c, _T["contacts"].c, _T["consents"].c
    until = day.date()
    own = (bought.customer_id == customer_id, bought.date <= until, bought.amount > 0)
    stands = sa.or_(consents.withdrawn_on.is_(None), consents.withdrawn_on > until)

    def often(column: Any, table: Any, *met: Any) -> Any:
        times = sa.func.count().label("times")
        query: Any = sa.select(column.label("what"), times).select_from(table).where(*met)
        return query.group_by(column).order_by(times.desc(), column)

    return {
        "categories": often(bought.category, _T["purchases"], *own),
        "methods": often(payments.method, _T["payments"].join(_T["purchases"]), *own),
        "requirements": often(
            deliveries.requirement,
            _T["deliveries"].join(_T["purchases"]),
            *own,
            deliveries.requirement != "none",
        ),
        "causes": often(
            complaints.cause,
            _T["complaints"],
            complaints.customer_id == customer_id,
            complaints.complained_on <= until,
        ),
        "desks": often(
            contacts.channel,
            _T["contacts"],
            contacts.customer_id == customer_id,
            contacts.contacted_on <= until,
        ),
        "agreed": often(
            consents.purpose,
            _T["consents"],
            consents.customer_id == customer_id,
            consents.given_on <= until,
            stands,
        ),
    }


def _listed(engine: sa.Engine, query: Any) -> str:
    """Return a list in words, the most frequent first: make-up 3, hair care."""
    found = run_query(engine, query)
    pairs = zip(found["what"], found["times"], strict=True)
    return ", ".join(f"{what} {times}" if times > 1 else str(what) for what, times in pairs)
