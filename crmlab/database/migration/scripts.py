"""Alembic runs the script of a version; it is loaded for that alone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from crmlab.database.schema import KEPT_IN


class DuckDBImpl(PostgresqlImpl):
    """Tells Alembic to speak to DuckDB as to PostgreSQL, whose language it knows."""

    __dialect__ = "duckdb"


def run_script(connection: sa.Connection, number: int) -> None:
    """Bring a database from the version before to `number`, and write the number into it."""
    scripts = ScriptDirectory(Path(__file__).parent)
    context = MigrationContext.configure(connection, opts={"version_table": KEPT_IN})
    with Operations.context(context):
        scripts.get_revision(str(number)).module.upgrade()
    context.stamp(scripts, str(number))
