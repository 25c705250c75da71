"""The schema: Hehua fits into it on every engine, and what breaks a rule stays out."""

import datetime

import pytest
import sqlalchemy as sa

from crmlab.company import load_company
from crmlab.database.connection import database_errors
from crmlab.database.schema import TYPES, metadata, rules, table
from crmlab.dictionary import schemas, written
from crmlab.errors import BadRowsError, UnknownNameError
from tests.database.conftest import ENGINES, empty_database

PERSON = {"customer_id": 10**6, "name": "王芳"}
BOUGHT = {"purchase_id": 10**6, "customer_id": 1, "date": datetime.date(2024, 5, 1), "amount": 9.5}
BOUGHT |= {"channel": "shop", "store": "Wuhan", "category": "skin care"}
PLACE = {"address_id": 10**6, "city": "Harbin"}


@pytest.fixture(scope="module")
def company():
    return load_company()[0]


@pytest.fixture(scope="module", params=ENGINES)
def loaded(request, company, tmp_path_factory):
    """A database that holds all the shipped company, on each engine in turn."""
    with empty_database(request, request.param, tmp_path_factory.mktemp("schema")) as engine:
        metadata.create_all(engine)
        with engine.begin() as connection:
            for one in metadata.sorted_tables:
                insert(connection, one, company)
        yield engine


def insert(connection, one, company):
    """Insert the rows of a table, plainly; DuckDB takes row after row at leisure, but frames."""
    if connection.dialect.name == "duckdb":
        connection.exec_driver_sql("register", ("given", getattr(company, one.name)))
        given = sa.table("given", *map(sa.column, one.columns.keys()))
        connection.execute(one.insert().from_select([*one.columns.keys()], sa.select(given)))
    elif rows := rows_of(company, one.name):
        connection.execute(one.insert(), rows)


def rows_of(company, name):
    """Return the rows of a table as a database takes them, None where nothing is known."""
    frame = getattr(company, name)
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def refused(engine, statement, *rows):
    """Return whether a statement breaks a rule; whether or not, nothing of it stays."""
    try:
        with database_errors("no"), engine.connect() as connection:
            connection.execute(statement, *rows)
    except BadRowsError:
        return True
    return False


# the shipped company


def test_all_of_the_shipped_company_fits(loaded, company):
    with loaded.connect() as connection:
        for name, one in metadata.tables.items():
            rows = connection.scalar(sa.select(sa.func.count()).select_from(one))
            assert rows == len(getattr(company, name)), name


def test_what_comes_out_is_what_went_in(loaded, company):
    for name in ("people", "purchases", "targets"):
        one = metadata.tables[name]
        with loaded.connect() as connection:
            found = connection.execute(sa.select(one).order_by(*one.primary_key)).mappings().all()
        key = [*one.primary_key.columns.keys()]
        expected = sorted(rows_of(company, name), key=lambda row: [row[part] for part in key])
        dates = {c.name for c in one.columns if isinstance(c.type, sa.Date)}
        for row in expected:
            row |= {field: row[field].date() for field in dates if row[field]}
        assert [*map(dict, found)] == expected


# every rule of the dictionary


def test_a_value_beyond_a_rule_is_refused_in_every_table(loaded, company):
    tried = 0
    for name, one in metadata.tables.items():
        if getattr(company, name).empty:
            continue
        for field in schemas()[name]["fields"]:
            for bad in beyond(name, field):
                assert refused(loaded, sa.update(one).values({field["name"]: bad})), (field, bad)
                tried += 1
    assert tried > 100


def beyond(name, field):
    """Return a value beyond each limit of a field that a database keeps."""
    asked = field["constraints"]
    if field["name"] not in rules(name):
        return []
    low = [asked["minimum"] - 1] if "minimum" in asked else []
    high = [asked["maximum"] + 1] if "maximum" in asked else []
    return low + high + (["nobody's"] if "enum" in asked else [])


def test_what_must_be_known_is_refused_when_missing(loaded, company):
    for name, one in metadata.tables.items():
        for column in one.columns:
            if not column.nullable and not getattr(company, name).empty:
                assert refused(loaded, sa.update(one).values({column.name: None})), column


def test_a_row_that_refers_to_nobody_is_refused_in_every_table(loaded, company):
    for name, one in metadata.tables.items():
        for column in one.columns:
            if column.foreign_keys and not getattr(company, name).empty:
                alien = 10**9 if isinstance(column.type, sa.BigInteger) else "nobody's"
                assert refused(loaded, sa.update(one).values({column.name: alien})), column
    assert refused(loaded, table("purchases").insert(), [BOUGHT | {"customer_id": 10**9}])


def test_a_row_that_others_refer_to_cannot_go(loaded):
    assert refused(loaded, table("people").delete())
    assert refused(loaded, table("promotions").delete())


def test_a_key_stands_once(loaded):
    assert refused(loaded, table("purchases").insert(), [BOUGHT | {"purchase_id": 1}])
    assert refused(loaded, table("consents").insert(), [
        {"customer_id": 1, "purpose": "research", "given_on": datetime.date(2024, 1, day)}
        for day in (1, 2)
    ])  # fmt: skip


# what a firm needs, though no simulated row has it


def test_a_customer_may_be_known_by_name_alone(loaded):
    assert not refused(loaded, table("people").insert(), [PERSON])
    assert refused(loaded, table("people").insert(), [PERSON | {"name": None}])


def test_business_goes_on_after_the_simulated_years_and_in_a_sixth_city(loaded):
    later = BOUGHT | {"date": datetime.date(2031, 1, 1), "store": "Harbin"}
    assert not refused(loaded, table("purchases").insert(), [later])
    assert not refused(loaded, table("people").insert(), [
        PERSON | {"birth_date": datetime.date(2013, 1, 1)}
    ])  # fmt: skip
    assert not refused(loaded, table("addresses").insert(), [PLACE])


def test_injection_is_a_value_like_any_other(loaded, company):
    robert = "Robert'); drop table ratings; --"
    people = table("people")
    with loaded.connect() as connection:
        connection.execute(people.insert(), [PERSON | {"name": robert}])
        found = connection.scalars(sa.select(people.c.name).where(people.c.name == robert)).all()
        ratings = connection.scalar(sa.select(sa.func.count()).select_from(table("ratings")))
    assert found == [robert]
    assert ratings == len(company.ratings)


# its form


def test_each_table_is_that_of_the_dictionary():
    assert [*metadata.tables] == [name for name in written() if not name.startswith("truth_")]
    for name, one in metadata.tables.items():
        fields = schemas()[name]["fields"]
        assert [*one.columns.keys()] == [field["name"] for field in fields]
        for column, field in zip(one.columns, fields, strict=True):
            assert isinstance(column.type, TYPES[field["type"]])
        assert [*one.primary_key.columns.keys()] == schemas()[name].get("primaryKey", [])


def test_promotions_and_transactions_ask_for_all_that_the_dictionary_requires():
    for name in ("purchases", "lines", "targets", "promotions"):
        asked = {field["name"] for field in schemas()[name]["fields"]
                 if field["constraints"].get("required")}  # fmt: skip
        assert {column.name for column in table(name).columns if not column.nullable} == asked


def test_what_is_looked_up_has_an_index_on_engines_that_use_them(loaded):
    wanted = set()
    for one in metadata.tables.values():
        led = [next(iter(key.columns.keys()), None) for key in (one.primary_key, *one.indexes)]
        assert {c.name for c in one.columns if c.foreign_keys} <= {*led}, one.name
        wanted |= {index.name for index in one.indexes}
    assert {"ix_purchases_customer_id_date", "ix_purchases_date", "ix_people_phone"} <= wanted
    if loaded.dialect.name != "duckdb":
        asked = sa.inspect(loaded)
        there = {index["name"] for name in metadata.tables for index in asked.get_indexes(name)}
        assert there == wanted


def test_the_plan_of_a_customers_purchases_uses_the_index(loaded):
    if loaded.dialect.name == "sqlite":
        bought = table("purchases")
        query = sa.select(bought).where(bought.c.customer_id == 7).order_by(bought.c.date)
        words = str(query.compile(loaded, compile_kwargs={"literal_binds": True}))
        with loaded.connect() as connection:
            plan = connection.exec_driver_sql(f"explain query plan {words}").all()
        assert "ix_purchases_customer_id_date" in plan[0].detail
        assert len(plan) == 1  # and no sorting


# when misused


@pytest.mark.parametrize("name", ["purchase", "people; drop table people", "truth_fans", ""])
def test_names_that_are_none_of_ours_are_refused(name):
    with pytest.raises(UnknownNameError, match="there is no table"):
        table(name)
