"""What to offer one customer next, if the customer agreed to any offer."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import sqlalchemy as sa

from crmlab._checks import require_at_least
from crmlab.database.query.person import consent, day_asked, person
from crmlab.database.query.reading import run_query
from crmlab.database.schema import metadata

_T = metadata.tables
_DAY = _T["purchases"].c.date


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
