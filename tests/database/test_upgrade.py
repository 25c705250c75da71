"""Version 1 becomes version 2: every row arrives, or nothing changes."""

import datetime
import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pandas as pd
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.cli import main
from crmlab.company import load_company
from crmlab.database import open_database, upgrade, version
from crmlab.database.migration import run
from crmlab.database.migration.run import told
from crmlab.database.migration.versions.v1 import CUSTOMERS, PURCHASES
from crmlab.database.schema import metadata, table
from crmlab.errors import (
    BadRowsError,
    DatabaseError,
    NotAllowedError,
    OutOfRangeError,
    UnknownNameError,
)

DAY = datetime.date(2024, 5, 1)
MOVED = ["customers", "purchases", "addresses", "households", "people"]


def customer(number, name="王芳", city=None, address=None, postcode=None, **known):
    return {"customer_id": number, "name": name, "phone": None, "email": None, "birth_date": None,
            "city": city, "address": address, "postcode": postcode, **known}  # fmt: skip


def bought(number, customer_id, amount=9.5, **other):
    return {"purchase_id": number, "customer_id": customer_id, "date": DAY, "amount": amount,
            "channel": "shop", "store": "Wuhan", "category": "skin care", **other}  # fmt: skip


SMALL = (
    [
        customer(3, "李军", "Wuhan", "1 Lake Road, 2-301", "000001", birth_date=DAY, phone="+1"),
        customer(4, "李燕", "Wuhan", "1 Lake Road, 2-301", "000001", email="yan@example.org"),
        customer(5, "苏燕敏", "Chengdu", "1 Lake Road, 2-301", "000001"),
        customer(6, "O'Brien; drop table people; --", address="1 Lake Road, 2-301"),
        customer(7, "曹桂怡", city="Wuhan"),
        customer(8, "曹桂怡", city="Wuhan"),
        customer(9),
        customer(10, address="1 Lake Road, 2-301"),
    ],
    [bought(1, 3), bought(2, 3, -9.5, channel="online"), bought(5, 9, 0.1 + 0.2)],
)


def fill(engine, customers, purchases):
    """Make a database of version 1 that holds these rows."""
    upgrade(engine, to=1)
    with engine.begin() as connection:
        connection.execute(CUSTOMERS.insert(), customers)
        if purchases:
            connection.execute(PURCHASES.insert(), purchases)


def rows(engine, one):
    with engine.connect() as connection:
        found = connection.execute(sa.select(one).order_by(*one.primary_key.columns))
        return [dict(row) for row in found.mappings()]


def told_again(engine):
    """Return what version 1 said, as version 2 has it."""
    people, homes, places = (table(name) for name in ("people", "households", "addresses"))
    columns = [people.c[name] for name in ("customer_id", "name", "phone", "email", "birth_date")]
    columns += [places.c.city, places.c.line.label("address"), places.c.postcode]
    query = sa.select(*columns).select_from(people.outerjoin(homes).outerjoin(places))
    with engine.connect() as connection:
        found = connection.execute(query.order_by(people.c.customer_id)).mappings()
        return [dict(row) for row in found]


# by hand, on every engine


def test_an_empty_database_gets_every_table_once(database):
    assert version(database) == 0
    report = upgrade(database)
    assert version(database) == 2
    assert {*sa.inspect(database).get_table_names()} == {*metadata.tables, "crmlab_version"}
    assert report["rows_after"].sum() == 0
    assert [*report.dtypes.astype(str)] == ["int64", "str", "str", "int64", "int64"]
    again = upgrade(database)
    assert again.empty
    assert [*again.dtypes] == [*report.dtypes]


@pytest.mark.curriculum("S44")
def test_every_customer_and_purchase_is_kept_with_every_value(database):
    fill(database, *SMALL)
    report = upgrade(database)
    assert told_again(database) == SMALL[0]
    assert rows(database, table("purchases")) == SMALL[1]
    moved = report[report["rows_before"] + report["rows_after"] > 0].set_index("table")
    assert [*moved.index] == MOVED
    assert [*moved["change"]] == ["dissolved", "kept", "made", "made", "made"]
    assert [*moved["rows_before"]] == [8, 3, 0, 0, 0]
    assert [*moved["rows_after"]] == [0, 3, 6, 6, 8]


def test_one_house_and_room_in_one_city_is_one_household(database):
    fill(database, *SMALL)
    upgrade(database)
    # 3 and 4 share a room, 5 lives in another city; 6 and 10 gave no city, 7 and 8 no room.
    people, homes = rows(database, table("people")), rows(database, table("households"))
    assert [one["household_id"] for one in people] == [3, 3, 5, 6, 7, 8, None, 10]
    assert [(one["household_id"], one["address_id"]) for one in homes] == [
        (number, number) for number in (3, 5, 6, 7, 8, 10)
    ]
    assert {one["members"] for one in homes} == {None}  # what nobody asked is not known


@pytest.mark.curriculum("S44")
def test_the_shipped_customers_and_purchases_all_arrive(tmp_path):
    company, _ = load_company()
    homes = company.people.merge(company.households[["household_id", "address_id"]])
    frame = homes.merge(company.addresses).rename(columns={"line": "address"})
    frame = frame[[*CUSTOMERS.columns.keys()]].sort_values("customer_id")
    customers, purchases = (
        one.astype(object).where(one.notna(), None).to_dict("records")
        for one in (frame, company.purchases)
    )
    engine = open_database(tmp_path / "hehua.sqlite")
    fill(engine, customers, purchases)
    before = rows(engine, CUSTOMERS), rows(engine, PURCHASES)
    report = upgrade(engine).set_index("table")
    assert (told_again(engine), rows(engine, table("purchases"))) == before
    assert report.loc["people", "rows_after"] == len(company.people)
    assert report.loc["purchases", "rows_after"] == len(company.purchases)
    # Whoever shares an address in truth shares a household again.
    found = pd.DataFrame(rows(engine, table("people"))).set_index("customer_id")["household_id"]
    truth = homes.groupby("address_id")["customer_id"].transform("min")
    assert found.loc[homes["customer_id"]].tolist() == truth.tolist()
    engine.dispose()


# a failure in the middle


@contextmanager
def spoiled(engine, word, spoil):
    """Hand the first statement that contains `word` to `spoil` before the database sees it."""

    def before(connection, cursor, statement, parameters, context, executemany):
        return (spoil(statement) if word in statement else statement), parameters

    sa.event.listen(engine, "before_cursor_execute", before, retval=True)
    yield
    sa.event.remove(engine, "before_cursor_execute", before)


def broken(statement):
    raise RuntimeError("the power went off")


@pytest.mark.parametrize(
    "moment",
    [
        "DROP TABLE customers",
        "CREATE TABLE tariffs",
        "INSERT INTO purchases",
        "UPDATE crmlab_version",
    ],
)
def test_a_failure_in_the_middle_leaves_version_1_as_it_was(database, moment):
    fill(database, *SMALL)
    with (
        spoiled(database, moment, broken),
        pytest.raises(RuntimeError, match="power"),
    ):
        upgrade(database)
    assert version(database) == 1
    assert {*sa.inspect(database).get_table_names()} == {"customers", "purchases", "crmlab_version"}
    assert (rows(database, CUSTOMERS), rows(database, PURCHASES)) == SMALL
    upgrade(database)
    assert told_again(database) == SMALL[0]


def test_a_failure_from_nothing_leaves_nothing(database):
    with spoiled(database, "CREATE TABLE tariffs", broken), pytest.raises(RuntimeError):
        upgrade(database)
    assert version(database) == 0
    assert sa.inspect(database).get_table_names() == []


@pytest.mark.parametrize(
    ("into", "less"),
    [("purchases", "WHERE amount > 0"), ("people", "WHERE customer_id < 10")],
)
def test_a_row_that_does_not_arrive_is_noticed(database, into, less):
    fill(database, SMALL[0], SMALL[1][:2])
    with (
        spoiled(database, f"INSERT INTO {into} ", lambda said: f"{said} {less}"),
        pytest.raises(DatabaseError, match=r"1 row.* did not arrive whole"),
    ):
        upgrade(database)
    assert version(database) == 1


# for any data


TEXTS = st.none() | st.sampled_from(["", " ", "Wuhan", "a", "A", "'); drop table people; --", "张"])


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(1, 10**12), TEXTS, TEXTS, TEXTS, TEXTS, st.none() | st.dates()),
        min_size=1, max_size=8, unique_by=lambda row: row[0],
    ),
    st.lists(st.tuples(st.integers(0, 7), st.floats(-1e9, 1e9)), max_size=8),
)  # fmt: skip
def test_whatever_version_1_holds_arrives(people, spent):
    customers = [
        customer(number, phone or "x", city, address, postcode, phone=phone, birth_date=born)
        for number, phone, city, address, postcode, born in sorted(people, key=lambda row: row[0])
    ]
    purchases = [
        bought(number, customers[who % len(customers)]["customer_id"], amount)
        for number, (who, amount) in enumerate(spent, start=1)
    ]
    engine = open_database(":memory:")
    fill(engine, customers, purchases)
    upgrade(engine)
    assert told_again(engine) == customers
    assert rows(engine, table("purchases")) == purchases
    engine.dispose()


# what version 2 has no place for


def test_values_without_a_place_are_refused_and_listed(database):
    purchases = [bought(1, 3, channel="fair"), bought(2, 3, category=None), bought(4, 3),
                 bought(6, 3, channel=None, store=None)]  # fmt: skip
    fill(database, [customer(0), customer(3)], purchases)
    with pytest.raises(
        BadRowsError, match=r"no place for 5 value.*purchases 1: channel"
    ) as told_of:
        upgrade(database)
    listed = told_of.value.table.sort_values(["table", "id", "field"])
    found = [tuple(row) for row in listed.itertuples(index=False)]
    assert found == [
        ("customers", 0, "customer_id", 0),
        ("purchases", 1, "channel", "fair"),
        ("purchases", 2, "category", None),
        ("purchases", 6, "channel", None),
        ("purchases", 6, "store", None),
    ]
    assert version(database) == 1
    assert rows(database, PURCHASES) == purchases


def test_a_column_of_the_firms_own_would_be_lost_so_it_is_refused(database):
    fill(database, *SMALL)
    with database.begin() as connection:
        connection.execute(sa.text("alter table customers add column nickname text"))
    for ask in (upgrade, version):
        with pytest.raises(DatabaseError, match=r"without a place \['nickname'\]"):
            ask(database)
    assert len(rows(database, CUSTOMERS)) == 8


def test_tables_of_the_firms_own_are_left_alone(database):
    fill(database, *SMALL)
    with database.begin() as connection:
        connection.execute(sa.text("create table diary (line text)"))
        connection.execute(sa.text("insert into diary values ('a good day')"))
    upgrade(database)
    with database.connect() as connection:
        assert connection.scalar(sa.text("select line from diary")) == "a good day"


# databases that are not ours


@pytest.mark.parametrize("there", ["people", "customers", "tariffs"])
def test_tables_with_our_names_that_are_not_ours_are_refused(database, there):
    with database.begin() as connection:
        connection.execute(sa.text(f"create table {there} (x integer)"))
    for ask in (upgrade, version):
        with pytest.raises(DatabaseError, match=rf"\['{there}'\].*an empty database"):
            ask(database)
    assert sa.inspect(database).get_table_names() == [there]


def test_a_strange_table_beside_version_1_is_not_written_into(database):
    fill(database, *SMALL)
    with database.begin() as connection:
        connection.execute(sa.text("create table people (x integer)"))
    with pytest.raises(DatabaseError, match=r"\['people'\]"):
        upgrade(database)


def test_a_database_of_a_newer_crmlab_is_refused(database):
    upgrade(database)
    with database.begin() as connection:
        connection.execute(sa.text("update crmlab_version set version_num = '3'"))
    with pytest.raises(DatabaseError, match=r"version '3', and this crmlab knows \[1, 2\]"):
        upgrade(database)


def test_a_table_that_another_crmlab_left_out_is_named(database):
    upgrade(database)
    with database.begin() as connection:
        connection.execute(sa.text("drop table offices"))
    with pytest.raises(DatabaseError, match=r"offices is not that of version 2: missing .*city"):
        upgrade(database)


def test_there_is_no_way_back(database):
    upgrade(database)
    with pytest.raises(NotAllowedError, match="version 1 has no room"):
        upgrade(database, to=1)
    assert version(database) == 2


# when misused


@pytest.mark.parametrize("to", [0, 3, -1, "2; drop table people", 1.0, [2]])
def test_versions_there_are_none_of_are_refused(to):
    with pytest.raises(UnknownNameError, match=r"no version .* \['1', '2'\]"):
        upgrade(open_database(":memory:"), to=to)


def test_a_name_is_no_engine():
    for ask in (upgrade, version):
        with pytest.raises(OutOfRangeError, match="open_database"):
            ask("hehua.sqlite")


@pytest.mark.postgresql
def test_who_may_not_make_tables_is_told_so(postgresql_url):
    owner = open_database(postgresql_url)
    with owner.begin() as connection:
        connection.execute(sa.text("create role guest login"))
    guest = open_database(postgresql_url.replace("crmlab@", "guest@"))
    with pytest.raises(DatabaseError, match="nothing was changed: permission denied"):
        upgrade(guest)
    assert version(owner) == 0
    guest.dispose()
    owner.dispose()


@pytest.mark.postgresql
def test_two_who_upgrade_at_once_take_turns(postgresql_url):
    admin = open_database(postgresql_url)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("create database busy"))
    admin.dispose()
    engines = [open_database(postgresql_url.replace("/postgres", "/busy")) for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        reports = [*threads.map(upgrade, engines)]
    assert sorted(len(report) > 0 for report in reports) == [False, False, True]
    assert version(engines[0]) == 2
    for engine in engines:
        engine.dispose()


def test_a_file_that_may_not_be_written_is_told(tmp_path):
    open_database(tmp_path / "hehua.sqlite").dispose()
    path = (tmp_path / "hehua.sqlite").as_posix()
    engine = open_database(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(DatabaseError, match=r"nothing was changed: .*readonly"):
        upgrade(engine)
    engine.dispose()


# the versions themselves


def told_of(table):
    """Return all that a database of version 2 was told of a table, as text."""
    for column in table.columns:
        refers = [key.target_fullname for key in column.foreign_keys]
        yield f"{column} {column.type} {column.nullable} {column.primary_key} {refers}"
    for check in table.constraints:
        if isinstance(check, sa.CheckConstraint):
            yield str(check.sqltext.compile(compile_kwargs={"literal_binds": True}))
    yield from (str([*map(str, index.columns)]) for index in table.indexes)


def test_version_2_stays_as_it_was_released():
    lines = sorted(line for table in metadata.sorted_tables for line in told_of(table))
    digest = hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()
    assert digest[:16] == "b6e406a8851793eb", (
        "tables.yaml now makes other tables than those of the databases that readers have. Make a "
        "version 3: a file in crmlab/database/migration/versions that changes version 2 into "
        "it and keeps every row, and the tables of version 2 as they were beside it; then pin the "
        "new digest here."
    )


def test_each_version_follows_the_one_before():
    scripts = ScriptDirectory(run.__file__.removesuffix("run.py"))
    chain = [(one.revision, one.down_revision) for one in scripts.walk_revisions()]
    assert chain == [("2", "1"), ("1", None)]
    assert [*run.TABLES] == [1, 2]


# the command


def typed(*words):
    done = CliRunner().invoke(main, ["database", "up", *words])
    return done.exit_code, done.output


def test_the_command_tells_what_it_made_and_does_no_harm_twice(tmp_path):
    path = str(tmp_path / "hehua.sqlite")
    assert typed("--url", path, "--to", "1") == (
        0,
        "version 1: 2 tables made\nThe database has version 1\n",
    )
    engine = open_database(path)
    with engine.begin() as connection:
        connection.execute(CUSTOMERS.insert(), SMALL[0])
    engine.dispose()
    code, said = typed("--url", path)
    assert code == 0
    assert said.splitlines() == [
        f"version 2: {len(metadata.tables) - 1} tables made",
        "  customers (dissolved): 8 -> 0 rows",
        "  addresses (made): 0 -> 6 rows",
        "  households (made): 0 -> 6 rows",
        "  people (made): 0 -> 8 rows",
        "The database has version 2",
    ]
    assert typed("--url", path) == (0, "The database has version 2\n")


def test_the_command_says_in_one_line_what_is_wrong(tmp_path):
    code, said = typed("--url", "hehua.csv")
    assert code == 1
    assert said.startswith("Error: hehua.csv names no database")
    path = str(tmp_path / "hehua.sqlite")
    typed("--url", path)
    code, said = typed("--url", path, "--to", "1")
    assert code == 1
    assert said.startswith("Error: the database has version 2, and version 1 has no room")


def test_a_report_of_nothing_tells_nothing():
    engine = open_database(":memory:")
    upgrade(engine)
    assert told(upgrade(engine)) == []
