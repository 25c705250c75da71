"""Version 2: the whole schema. Homes and addresses stand apart, and no row of version 1 is lost.

Customers who give the same house and room in the same city are one household. An address that is
known in part only is nobody else's, and whoever gave none has no household yet.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import sqlalchemy as sa
from alembic import op

from crmlab.database.migration.versions.v1 import CUSTOMERS, PURCHASES, V1
from crmlab.database.schema import metadata, rules
from crmlab.errors import BadRowsError, DatabaseError

revision = "2"
down_revision = "1"

# Where each column of version 1 goes, by the table that takes it.
PEOPLE = {name: name for name in ("customer_id", "name", "phone", "email", "birth_date")}
ADDRESSES = {"city": "city", "line": "address", "postcode": "postcode"}
BOUGHT = {column.name: column.name for column in PURCHASES.columns}
MOVES = (("people", CUSTOMERS, PEOPLE), ("addresses", CUSTOMERS, ADDRESSES))
MOVES += (("purchases", PURCHASES, BOUGHT),)


def upgrade() -> None:
    """Set the rows of version 1 aside, make the tables, bring the rows in, and compare."""
    connection = op.get_bind()
    _require_room(connection)
    customers, purchases = _set_aside(connection, CUSTOMERS), _set_aside(connection, PURCHASES)
    V1.drop_all(connection)
    metadata.create_all(connection, checkfirst=False)
    _bring_in(connection, customers, purchases)
    _require_all(connection, customers, purchases)
    customers.drop(connection)
    purchases.drop(connection)


def _require_room(connection: sa.Connection) -> None:
    """Raise BadRowsError, with all of them, if version 2 has no place for a row."""
    found = []
    for name, old, fields in MOVES:
        (key,) = old.primary_key.columns
        given = {field: old.c[column] for field, column in fields.items()}
        needed = {
            field: column.is_not(None)
            for field, column in given.items()
            if not metadata.tables[name].c[field].nullable
        }
        for field, rule in [*needed.items(), *rules(name, given).items()]:
            query = sa.select(key, given[field]).where(sa.not_(rule)).order_by(key)
            for number, value in connection.execute(query):
                found.append((old.name, number, given[field].name, value))
    if found:
        first = "; ".join(f"{table} {i}: {field} {value!r}" for table, i, field, value in found[:5])
        error = BadRowsError(
            f"version 2 has no place for {len(found)} value(s) of version 1: {first}. Nothing was "
            "changed. Correct them first; dictionary('people') and dictionary('purchases') say "
            "what is allowed, and the frame error.table lists them all."
        )
        error.table = pd.DataFrame(found, columns=["table", "id", "field", "value"])
        raise error


def _set_aside(connection: sa.Connection, old: sa.Table) -> sa.Table:
    """Return a copy of a table of version 1, which lasts as long as the connection."""
    columns = [sa.Column(column.name, column.type) for column in old.columns]
    copy = sa.Table(f"v1_{old.name}", sa.MetaData(), *columns, prefixes=["TEMPORARY"])
    copy.create(connection)
    connection.execute(copy.insert().from_select([*copy.c.keys()], sa.select(old)))
    return copy


def _bring_in(connection: sa.Connection, customers: sa.Table, purchases: sa.Table) -> None:
    """Fill version 2 from the copies of version 1."""
    homes = sa.select(customers, _home(customers).label("home")).subquery()
    living = sa.select(homes.c.home).where(homes.c.home.is_not(None)).group_by(homes.c.home)
    lines = [sa.func.min(homes.c[column]) for column in ADDRESSES.values()]
    moves: list[tuple[str, list[str], Any]] = [
        ("addresses", ["address_id", *ADDRESSES], living.add_columns(*lines)),
        ("households", ["household_id", "address_id"], living.add_columns(homes.c.home)),
        (
            "people",
            [*PEOPLE, "household_id"],
            sa.select(*[homes.c[column] for column in PEOPLE.values()], homes.c.home),
        ),
        ("purchases", [*BOUGHT], sa.select(purchases)),
    ]
    for name, fields, rows in moves:
        connection.execute(metadata.tables[name].insert().from_select(fields, rows))


def _home(customers: sa.Table) -> sa.Case[Any]:
    """Return the number of the first customer of a customer's home; NULL if nothing is known."""
    parts = [customers.c[column] for column in ADDRESSES.values()]
    whole = sa.and_(*[sa.func.trim(customers.c[part]) != "" for part in ("city", "address")])
    first = sa.func.min(customers.c.customer_id).over(partition_by=parts)
    return sa.case(
        (whole, first),
        (sa.func.coalesce(*parts).is_not(None), customers.c.customer_id),
    )


def _require_all(connection: sa.Connection, customers: sa.Table, purchases: sa.Table) -> None:
    """Raise DatabaseError unless version 1 can be told from version 2, value for value."""
    people, homes, addresses, bought = (
        metadata.tables[name] for name in ("people", "households", "addresses", "purchases")
    )
    own = {column: people.c[field] for field, column in PEOPLE.items()}
    own |= {column: addresses.c[field] for field, column in ADDRESSES.items()}
    again = sa.select(*[own[column.name] for column in customers.c]).select_from(
        people.outerjoin(homes).outerjoin(addresses)
    )
    for old, new in ((customers, again), (purchases, sa.select(*[bought.c[c] for c in BOUGHT]))):
        lost = connection.scalar(
            sa.select(sa.func.count()).select_from(sa.select(old).except_(new).subquery())
        )
        if lost:
            raise DatabaseError(
                f"{lost} row(s) of {old.name} did not arrive whole; nothing changed."
            )
