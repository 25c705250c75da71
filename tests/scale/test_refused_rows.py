"""What no engine may take for an amount or an id, shown with its row and its value."""

import sqlite3

import pandas as pd
import pyarrow as pa
import pytest
import sqlalchemy as sa

from crmlab.errors import BadRowsError
from crmlab.rfm import rfm
from crmlab.scale import PurchaseStore, duckdb_engine, postgresql_engine, spark_engine
from tests.servers import postgresql_server, spark_session

ENDLESS = "an amount that is no number, or is endless"
FRACTION = "an id that is no whole number"
GOOD = pd.DataFrame(
    {
        "customer_id": [1, 1, 2],
        "date": pd.to_datetime(["2024-01-01", "2024-01-11", "2024-01-21"]).astype("M8[us]"),
        "amount": [10.0, 20.0, 50.5],
    }
)


def in_sqlite(rows, kinds):
    connection = sqlite3.connect(":memory:")
    connection.execute("create table purchases (customer_id, date text, amount)")
    connection.executemany("insert into purchases values (?, ?, ?)", rows)
    return connection


def in_duckdb(rows, kinds):
    import duckdb

    connection = duckdb.connect()
    who, what = (kind.replace("float8", "double") for kind in kinds)
    connection.execute(f"create table purchases (customer_id {who}, date text, amount {what})")
    connection.executemany("insert into purchases values (?, ?, ?)", rows)
    return connection


def store_of(make, rows, kinds=("float8", "float8")):
    return PurchaseStore(make(rows, kinds), "purchases")


ENGINES = [in_sqlite, in_duckdb]


def filled(connection, rows, kinds):
    who, what = kinds
    connection.execute("drop table if exists purchases")
    connection.execute(f"create table purchases (customer_id {who}, date timestamp, amount {what})")
    with connection.cursor() as cursor:
        cursor.executemany("insert into purchases values (%s, %s, %s)", rows)
    return connection


# refused on every engine

CASES = [
    ([(1, "2024-01-01", "10.00"), (1, "2024-01-02", "1,200.00")], ("float8", "text"), ENDLESS),
    ([(1, "2024-01-01", "10.00"), (1, "2024-01-02", "abc")], ("float8", "text"), ENDLESS),
    ([(1, "2024-01-01", 1.0), (1, "2024-01-02", float("inf"))], ("float8", "float8"), ENDLESS),
    ([(1, "2024-01-01", 1.0), (1, "2024-01-02", -1e15)], ("float8", "float8"), ENDLESS),
    ([(1.0, "2024-01-01", 1.0), (1.5, "2024-01-02", 2.0)], ("float8", "float8"), FRACTION),
    ([(1.0, "2024-01-01", 1.0), (1.0, "2024-01-02", None)], ("float8", "float8"), "no amount"),
    ([(1.0, "2024-01-01", 1.0), (None, "2024-01-02", 1.0)], ("float8", "float8"), "no customer"),
]


def refuse(store, rows, fault):
    with pytest.raises(BadRowsError) as error:
        store()
    (found,) = error.value.table.to_dict("records")
    assert (found["row"], found["fault"]) == (2, fault)
    wrong = rows[1][0 if fault == FRACTION else 2]
    if wrong is not None:
        assert str(wrong).replace("inf", "").lower() in found["written"].lower()
    assert f"1 with {fault}: row 2 (" in str(error.value)


@pytest.mark.parametrize("make", ENGINES)
@pytest.mark.parametrize(("rows", "kinds", "fault"), CASES)
def test_a_row_that_is_no_purchase_is_refused_with_its_number_and_value(make, rows, kinds, fault):
    refuse(lambda: store_of(make, rows, kinds), rows, fault)


@pytest.mark.postgresql
def test_postgresql_refuses_them_too():
    import psycopg

    with postgresql_server() as url, psycopg.connect(url, autocommit=True) as connection:
        for rows, kinds, fault in CASES:
            opened = filled(connection, rows, kinds)
            refuse(lambda opened=opened: PurchaseStore(opened, "purchases"), rows, fault)
        text = filled(connection, [("1", "2024-01-01", " 12.50 ")], ("text", "text"))
        assert PurchaseStore(text, "purchases").rfm()["monetary"].tolist() == [12.5]


@pytest.mark.spark
@pytest.mark.java
def test_spark_refuses_them_too():
    with spark_session() as session:
        for rows, kinds, fault in CASES:
            what = kinds[1].replace("float8", "double").replace("text", "string")
            schema = f"customer_id double, date string, amount {what}"
            typed = [(who and float(who), day, amount) for who, day, amount in rows]
            session.createDataFrame(typed, schema).createOrReplaceTempView("purchases")
            refuse(lambda: PurchaseStore(session, "purchases"), rows, fault)


@pytest.mark.parametrize("make", ENGINES)
def test_numbers_written_as_text_and_whole_ids_held_as_floats_are_what_they_say(make):
    rows = [(1.0, "2024-01-01", "12.50"), (1.0, "2024-01-02", "-2.5"), (2.0, "2024-01-02", "+7")]
    table = store_of(make, rows, ("float8", "text")).rfm()
    assert table["customer_id"].tolist() == [1, 2]
    assert table["monetary"].tolist() == [10, 7]


def test_a_column_of_sqlite_with_numbers_among_text_is_refused():
    rows = [("a", "2024-01-01", 1.0), (7, "2024-01-02", 2.0)]
    with pytest.raises(BadRowsError, match="1 with a number among ids that are text: row 2"):
        store_of(in_sqlite, rows)
    with pytest.raises(BadRowsError, match="1 with an id that is no whole number: row 2"):
        store_of(in_sqlite, rows[::-1])


# connections as they are


def test_a_store_takes_a_connection_or_an_engine_as_it_is(tmp_path):
    import duckdb

    plain = sqlite3.connect(tmp_path / "a.sqlite")
    GOOD.to_sql("purchases", plain, index=False)
    plain.commit()
    ducks = duckdb.connect()
    ducks.execute("create table purchases as select * from GOOD")
    engine = sa.create_engine(f"sqlite:///{tmp_path}/a.sqlite")
    with engine.connect() as opened:
        for connection in (plain, ducks, engine, opened, duckdb_engine(ducks)):
            store = PurchaseStore(connection, "purchases")
            pd.testing.assert_frame_equal(store.rfm(), rfm(GOOD))
    plain.close()
    engine.dispose()


def test_an_engine_of_sqlalchemy_for_duckdb_is_one_of_duckdb(tmp_path):
    engine = sa.create_engine(f"duckdb:///{tmp_path}/a.duckdb")
    with engine.begin() as opened:
        opened.exec_driver_sql("create table purchases (customer_id int, date date, amount double)")
        opened.exec_driver_sql("insert into purchases values (7, '2024-01-01', 2.5)")
    assert PurchaseStore(engine, "purchases").rfm()["monetary"].tolist() == [2.5]
    engine.dispose()


@pytest.mark.postgresql
def test_a_store_takes_psycopg_and_sqlalchemy_for_postgresql():
    import psycopg

    with postgresql_server() as url, psycopg.connect(url, autocommit=True) as connection:
        filled(connection, GOOD.astype({"date": str}).to_numpy().tolist(), ("bigint", "float8"))
        engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        for one in (connection, engine, postgresql_engine(connection)):
            pd.testing.assert_frame_equal(PurchaseStore(one, "purchases").rfm(), rfm(GOOD))
        engine.dispose()


@pytest.mark.spark
@pytest.mark.java
def test_a_store_takes_a_session_of_spark():
    with spark_session() as session:
        rows = pa.Table.from_pandas(GOOD, preserve_index=False)
        session.createDataFrame(rows).createOrReplaceTempView("purchases")
        for one in (session, spark_engine(session)):
            pd.testing.assert_frame_equal(PurchaseStore(one, "purchases").rfm(), rfm(GOOD))
