"""One customer, looked up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import sqlalchemy as sa

from crmlab._checks import day_of
from crmlab.database.query.fields import checked
from crmlab.database.query.reading import run_query
from crmlab.database.schema import metadata
from crmlab.errors import OutOfRangeError, UnknownNameError


def person(engine: sa.Engine, customer_id: int) -> pd.Series:
    """Return what the table people says of one customer.

    Raises OutOfRangeError for what is no number, UnknownNameError for one that nobody has.
    """
    if not isinstance(customer_id, (int, np.integer)) or isinstance(customer_id, bool):
        raise OutOfRangeError(f"customer_id must be a whole number; got {customer_id!r}.")
    people = metadata.tables["people"]
    number = people.columns["customer_id"]
    if abs(customer_id) < 2**63:
        found = run_query(engine, sa.select(people).where(number == int(customer_id)))
        if len(found):
            return found.iloc[0]
    query = sa.select(sa.func.count(), sa.func.min(number), sa.func.max(number))
    there, first, last = run_query(engine, query).iloc[0]
    words = f"there are {there:,.0f}, with numbers from {first:.0f} to {last:.0f}"
    words = words if there else "there are none yet"
    raise UnknownNameError(f"there is no customer {customer_id}; {words}.")


def day_asked(engine: sa.Engine, as_of: str | pd.Timestamp | None) -> pd.Timestamp:
    """Return the day `as_of`, or that of the last purchase there is."""
    if as_of is not None:
        return pd.Timestamp(day_of("as_of", as_of))
    bought = metadata.tables["purchases"].columns["date"]
    found = run_query(engine, sa.select(sa.func.max(bought).label("last")))
    if found["last"].isna().all():
        raise OutOfRangeError("there are no purchases; name the day with as_of=…")
    return pd.Timestamp(found["last"].max())


def consent(
    engine: sa.Engine, customer_id: int, purpose: str, day: pd.Timestamp
) -> tuple[bool, str]:
    """Return whether a customer's consent to a purpose stands at the end of a day, and why.

    Raises UnknownNameError for a purpose that no consent is asked for.
    """
    consents = metadata.tables["consents"].c
    purpose = checked(purpose, consents.purpose, "purpose")
    query = sa.select(consents.given_on, consents.withdrawn_on).where(
        consents.customer_id == int(customer_id),
        consents.purpose == purpose,
        consents.given_on <= day.date(),
    )
    found = run_query(engine, query)
    if found.empty:
        return False, f"never agreed to {purpose}"
    given, withdrawn = found.iloc[0]
    if withdrawn <= day:
        return False, f"withdrew the consent to {purpose} on {withdrawn:%Y-%m-%d}"
    return True, f"agreed to {purpose} on {given:%Y-%m-%d}"
