"""explain, add_index, drop_index: how a database finds its answer, before and after an index."""

import pandas as pd
import pytest

from crmlab.database import add_index, drop_index, explain, sql
from crmlab.errors import DatabaseError, OutOfRangeError, UnknownNameError
from tests.database.conftest import ENGINES
from tests.database.hehua import hehua_on, small_tables

ONE_DAY = "select count(*) as n from lines where amount_cny = :amount"
BUYER = "select sum(amount) as spend from purchases where customer_id = :who"
COLUMNS = ["step", "action", "table", "index", "rows_visited"]


@pytest.fixture(scope="module", params=ENGINES)
def hehua(request, tmp_path_factory):
    with hehua_on(request, request.param, tmp_path_factory.mktemp("explain")) as engine:
        if request.param == "postgresql":  # it plans by what it has counted
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("analyze")
        yield engine


@pytest.fixture(scope="module")
def lite(tmp_path_factory):
    with hehua_on(None, "sqlite", tmp_path_factory.mktemp("explain")) as engine:
        yield engine


# By hand


def test_without_an_index_every_row_is_visited_and_with_one_only_those_wanted(hehua):
    lines = small_tables()["lines"]
    amount = float(lines["amount_cny"].iloc[0])
    before = explain(hehua, ONE_DAY, amount=amount)
    assert before.to_dict("records") == [
        {"step": 1, "action": "scan", "table": "lines", "index": "", "rows_visited": len(lines)}
    ]
    assert add_index(hehua, "lines", "amount_cny") == "ix_lines_amount_cny"
    add_index(hehua, "lines", "amount_cny")  # a second time changes nothing
    after = explain(hehua, ONE_DAY, amount=amount)
    assert after["action"].tolist() == ["search by index"]
    assert after["rows_visited"].tolist() == [(lines["amount_cny"] == amount).sum()]
    if hehua.dialect.name != "duckdb":
        assert after["index"].tolist() == ["ix_lines_amount_cny"]
    assert drop_index(hehua, "lines", "amount_cny") == "ix_lines_amount_cny"
    drop_index(hehua, "lines", "amount_cny")
    pd.testing.assert_frame_equal(explain(hehua, ONE_DAY, amount=amount), before)


def test_a_row_asked_for_by_its_key_is_the_only_one_visited(hehua):
    found = explain(hehua, "select quantity from lines where line_id = :line", line=7)
    found = found.drop(columns="index")
    # DuckDB does not say which index it used.
    action = "search by index" if hehua.dialect.name == "duckdb" else "search by key"
    assert found.to_dict("records") == [
        {"step": 1, "action": action, "table": "lines", "rows_visited": 1}
    ]


def test_explaining_leaves_nothing_behind(hehua):
    explain(hehua, BUYER, who=1)
    assert sql(hehua, "select count(*) as n from purchases").loc[0, "n"] == len(
        small_tables()["purchases"]
    )
    with hehua.begin() as connection:
        connection.exec_driver_sql("delete from fans where fan_id < 0")


def test_sqlite_shows_joins_under_their_tables_names_not_their_aliases(lite):
    found = explain(
        lite,
        "select p.name, sum(b.amount) as spend from people p join purchases as b "
        "on b.customer_id = p.customer_id where p.customer_id = :who group by p.name order by 2",
        who=7,
    )
    n = (small_tables()["purchases"]["customer_id"] == 7).sum()
    assert found["table"].tolist() == ["people", "purchases"]
    assert found["action"].tolist() == ["search by key", "search by index"]
    assert found["index"].tolist() == ["", "ix_purchases_customer_id_date"]
    assert found["rows_visited"].tolist() == [1, n]


def test_sqlite_reads_a_whole_index_as_a_scan_and_builds_one_of_its_own_from_every_row(lite):
    found = explain(lite, "select count(*) as n from purchases")
    assert found.loc[0, ["action", "rows_visited"]].tolist() == [
        "scan",
        len(small_tables()["purchases"]),
    ]
    found = explain(
        lite, "select count(*) as n from people a join fans b on a.birth_date = b.followed_on"
    )
    assert found["action"].tolist() == ["scan", "scan"]
    assert sorted(found["rows_visited"]) == sorted(
        [len(small_tables()["people"]), len(small_tables()["fans"])]
    )


def test_what_visits_no_table_has_no_steps(hehua):
    found = explain(hehua, "with a as (select 1 as x) select x from a")
    assert found.empty
    assert [*found] == COLUMNS
    assert found["rows_visited"].dtype == "int64"


# When misused


def test_only_one_question_is_explained(hehua):
    for text in ("delete from fans", "select 1; drop table fans", "explain select 1; select 2"):
        with pytest.raises(DatabaseError):
            explain(hehua, text)
    with pytest.raises(UnknownNameError, match=r"Did you mean 'amount'"):
        explain(hehua, "select amout from purchases")
    assert sql(hehua, "select count(*) as n from fans").loc[0, "n"] > 0


def test_an_index_needs_a_table_and_fields_that_are_there(hehua):
    for work in (add_index, drop_index):
        with pytest.raises(UnknownNameError, match="Did you mean 'people'"):
            work(hehua, "peple", "name")
        with pytest.raises(UnknownNameError, match="Did you mean 'name'"):
            work(hehua, "people", "nmae")
        with pytest.raises(OutOfRangeError, match="at least one field"):
            work(hehua, "people")
        with pytest.raises(UnknownNameError, match="no field"):
            work(hehua, "people", ["name", "city"])
        assert work(hehua, "people", "fax", "fax") == "ix_people_fax"
