"""What, how often, when and where is bought: a customer or a category beside everybody."""

from __future__ import annotations

from typing import Any

import pandas as pd
import sqlalchemy as sa

from crmlab.database.query.fields import checked
from crmlab.database.query.person import person
from crmlab.database.query.reading import run_query
from crmlab.database.query.wording import unknown
from crmlab.database.schema import metadata

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
