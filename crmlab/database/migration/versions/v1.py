"""Version 1: start small and useful. Customers with one address each, and what they bought."""

from __future__ import annotations

import sqlalchemy as sa

from crmlab.database.schema import NAMES

revision = "1"
down_revision = None

V1 = sa.MetaData(naming_convention=NAMES)
CUSTOMERS = sa.Table(
    "customers",
    V1,
    sa.Column("customer_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phone", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("birth_date", sa.Date),
    sa.Column("city", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("postcode", sa.Text),
)
PURCHASES = sa.Table(
    "purchases",
    V1,
    sa.Column("purchase_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("customer_id", sa.ForeignKey("customers.customer_id"), nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("amount", sa.Double, nullable=False),
    sa.Column("channel", sa.Text),
    sa.Column("store", sa.Text),
    sa.Column("category", sa.Text),
)


def upgrade() -> None:
    """Make the two tables."""
    from alembic import op

    V1.create_all(op.get_bind())
