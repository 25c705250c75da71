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
    """The address of one server for all these tests; each takes a database of its own there."""
    with postgresql_server() as url:
        yield url


@pytest.fixture(params=ENGINES)
def database(request, tmp_path):
    """An empty database, on each engine in turn; `database.url` opens it once more."""
    with empty_database(request, request.param, tmp_path) as engine:
        yield engine


@contextmanager
def empty_database(request, name, folder):
    """Open an empty database: a file in `folder`, or one more on the server."""
    if name == "postgresql":
        server = request.getfixturevalue("postgresql_url")
        made = f"test{next(NUMBERS)}"
        engine = open_database(server)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text(f"create database {made}"))
        engine.dispose()
        url = server.replace("/postgres", f"/{made}")
    else:
        url = folder / f"hehua.{name}"
    engine = open_database(url)
    yield engine
    engine.dispose()
