"""Opening a database: what works on every engine, and what a student types wrong."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from crmlab.database import open_database
from crmlab.database.connection import database_errors, require_engine
from crmlab.database.schema import metadata, table
from crmlab.errors import BadRowsError, DatabaseError, MissingToolError, OutOfRangeError

# by hand


@pytest.mark.parametrize("name", ["hehua.sqlite", "hehua.db", "荷华 1.SQLITE3", "hehua.duckdb"])
def test_a_file_is_made_and_found_again(tmp_path, name):
    engine = open_database(tmp_path / name)
    with engine.begin() as connection:
        connection.execute(sa.text("create table kept (x integer)"))
    engine.dispose()
    assert (tmp_path / name).stat().st_size > 0
    again = open_database(str(tmp_path / name))
    assert sa.inspect(again).get_table_names() == ["kept"]
    again.dispose()


def test_a_url_names_a_file_too(tmp_path):
    for scheme in ("sqlite", "duckdb"):
        path = (tmp_path / f"hehua.{scheme}").as_posix()
        engine = open_database(f"{scheme}:///{path}")
        assert engine.dialect.name == scheme
        engine.dispose()
        assert Path(path).exists()


def test_a_database_in_memory_ends_with_its_engine():
    first, second = open_database(":memory:"), open_database(":memory:")
    metadata.create_all(first)
    assert sa.inspect(first).get_table_names()
    assert not sa.inspect(second).get_table_names()


def test_a_path_of_windows_is_no_scheme():
    from crmlab.database.connection import _address

    address = _address(r"C:\Users\王芳\hehua.sqlite")
    assert address.drivername == "sqlite"
    assert address.database == r"C:\Users\王芳\hehua.sqlite"


# for every engine


def test_foreign_keys_are_enforced(database):
    metadata.create_all(database)
    with pytest.raises(BadRowsError, match=r"(?i)^no: .*foreign key"):
        insert(database, table("children"), {"child_id": 1, "household_id": 5, "name": "小明"})


def test_a_transaction_that_fails_leaves_no_table_behind(database):
    with database.connect() as connection:  # and ends without a commit
        metadata.create_all(connection)
        assert sa.inspect(connection).has_table("people")
    assert sa.inspect(database).get_table_names() == []


def test_what_a_database_says_is_told_without_the_statement(database):
    metadata.create_all(database)
    secret = {"customer_id": 1, "name": "王芳", "phone": "+1-200-555-0100", "gender": "X"}
    with pytest.raises(BadRowsError, match=r"(?i)check") as told:
        insert(database, table("people"), secret)
    assert "555-0100" not in str(told.value)
    assert "\n" not in str(told.value)
    with pytest.raises(DatabaseError, match=r"(?i)nowhere"):
        insert(database, sa.table("nowhere", sa.column("x")), {"x": 1})


def insert(engine, one, row):
    with database_errors("no"), engine.begin() as connection:
        connection.execute(one.insert(), [row])


# when misused


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:pw@host/hehua",
        "sqlite://u:pw@host/hehua",
        "postgresql://u:pw@host:port/hehua",
        "://",
        "",
        "hehua",
        "hehua.csv",
        "https://example.org/hehua.sqlite",
        "x'; drop table people; --",
        None,
    ],
)
def test_what_names_no_database_is_refused_without_its_password(url):
    with pytest.raises(OutOfRangeError, match="names no database") as told:
        open_database(url)
    assert "pw" not in str(told.value).replace("user:password", "")
    assert "postgresql://user:password@host:5432/name" in str(told.value)


def test_a_server_that_is_off_is_told_without_the_password():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(DatabaseError, match=r"cannot be opened: .*refused") as told:
        open_database(f"postgresql://crmlab:s3cret@127.0.0.1:{port}/hehua")
    assert "s3cret" not in str(told.value)


@pytest.mark.postgresql
def test_a_database_that_the_server_has_not_is_named(postgresql_url):
    with pytest.raises(DatabaseError, match=r'"nowhere" does not exist'):
        open_database(postgresql_url.replace("/postgres", "/nowhere"))


@pytest.mark.parametrize("ending", ["sqlite", "duckdb"])
def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path, ending):
    path = tmp_path / f"letter.{ending}"
    path.write_text("Dear customer, " * 500, encoding="utf-8")
    with pytest.raises(DatabaseError, match=r"letter\.\w+ cannot be opened"):
        open_database(path)
    assert path.read_text(encoding="utf-8") == "Dear customer, " * 500


@pytest.mark.parametrize("ending", ["sqlite", "duckdb"])
def test_a_folder_that_is_not_there_is_told(tmp_path, ending):
    with pytest.raises(DatabaseError, match="cannot be opened"):
        open_database(tmp_path / "nowhere" / f"hehua.{ending}")


@pytest.mark.parametrize(
    ("url", "module"), [("hehua.duckdb", "duckdb_engine"), ("postgresql://u@h/x", "psycopg")]
)
def test_a_driver_that_is_missing_is_named_with_what_to_type(tmp_path, url, module):
    # A Python of its own, since SQLAlchemy remembers the drivers it has seen.
    program = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from crmlab.database import open_database\n"
        f"open_database({url!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert MissingToolError.__name__ in done.stderr
    assert "python -m pip install duckdb duckdb-engine" in done.stderr.splitlines()[-1]


def test_only_an_engine_is_an_engine():
    with pytest.raises(OutOfRangeError, match=r"open_database.* got 'hehua\.sqlite'"):
        require_engine("hehua.sqlite")
