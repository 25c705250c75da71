"""An empty database of each engine."""

from contextlib import contextmanager
from itertools import count

import pytest
import sqlalchemy as sa

from crmlab.database.connection import open_database
from tests.servers import postgresql_server

ENGINES = ["sqlite", "duckdb", pytest.param("postgresql", marks=pytest.mark.postgresql)]
NUMBERS = count()


@pytest.fixture(scope="session")
def postgresql_url():
    """The address of one server for all these tests; each takes a schema of its own there."""
    with postgresql_server() as url:
        yield url


@pytest.fixture(params=ENGINES)
def database(request, tmp_path):
    """An empty database, on each engine in turn; `database.url` opens it once more."""
    with empty_database(request, request.param, tmp_path) as engine:
        yield engine


@contextmanager
def empty_database(request, name, folder):
    """Open an empty database: a file in `folder`, or one more schema on the server.

    A schema takes no time; a whole database of PostgreSQL is 7 MB of files.
    """
    if name == "postgresql":
        server, made = request.getfixturevalue("postgresql_url"), f"test{next(NUMBERS)}"
        engine = open_database(server)
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema(made))
        engine.dispose()
        url = f"{server}?options=-csearch_path%3D{made}"
    else:
        url = folder / f"hehua.{name}"
    engine = open_database(url)
    yield engine
    engine.dispose()
