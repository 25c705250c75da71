"""Questions in a reader's own SQL, and questions built from names and values."""

import datetime

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from crmlab.database import (
    Condition,
    build_query,
    fields_from,
    open_database,
    query_text,
    run_query,
    sql,
)
from crmlab.database.schema import metadata
from crmlab.errors import (
    AmbiguousError,
    CrmlabError,
    DatabaseError,
    MoreRowsWarning,
    OutOfRangeError,
    UnknownNameError,
)
from tests.database.conftest import ENGINES
from tests.database.hehua import hehua_on, small_tables

COUNTED = sa.select(sa.func.count()).select_from(metadata.tables["fans"])


@pytest.fixture(scope="module", params=ENGINES)
def hehua(request, tmp_path_factory):
    with hehua_on(request, request.param, tmp_path_factory.mktemp("query")) as engine:
        yield engine


@pytest.fixture(scope="module")
def lite(tmp_path_factory):
    with hehua_on(None, "sqlite", tmp_path_factory.mktemp("query")) as engine:
        yield engine


# By hand


def test_a_text_of_ones_own_is_answered_with_plain_dtypes_on_every_engine(hehua):
    found = sql(
        hehua,
        "select customer_id, max(date) as last, count(*) as n, sum(customer_id) as numbers, "
        "avg(purchase_id) as middle from purchases where customer_id <= :most and date >= :day "
        "group by customer_id order by customer_id",
        most=3,
        day="2023-02-01",
    )
    frame = small_tables()["purchases"]
    frame = frame[(frame["customer_id"] <= 3) & (frame["date"] >= "2023-02-01")]
    groups = frame.groupby("customer_id")
    expected = groups.agg(last=("date", "max"), n=("date", "size"), middle=("purchase_id", "mean"))
    expected.insert(2, "numbers", groups["customer_id"].sum())
    pd.testing.assert_frame_equal(found, expected.reset_index())


def test_days_truths_and_texts_are_what_the_dictionary_says(hehua):
    found = sql(hehua, "select starts_at, held_out from targets order by 1, customer_id limit 3")
    assert found.dtypes.astype(str).tolist() == ["datetime64[us]", "bool"]
    written = sql(hehua, "select birth_date from records order by record_id")["birth_date"]
    assert written.tolist() == small_tables()["records"]["birth_date"].tolist()
    empty = sql(hehua, "select fan_id, followed_on, source from fans where fan_id < 0")
    assert empty.dtypes.astype(str).tolist() == ["int64", "datetime64[us]", "str"]
    none = sql(hehua, "select withdrawn_on from consents where withdrawn_on is null limit 1")
    assert none.dtypes.astype(str).tolist() == ["datetime64[us]"]


@pytest.mark.parametrize(
    "day",
    [
        "2024-06-01",
        pd.Timestamp("2024-06-01"),
        datetime.date(2024, 6, 1),
        np.datetime64("2024-06-01"),
    ],
)
def test_a_day_may_be_handed_over_in_any_form(hehua, day):
    found = sql(hehua, "select count(*) as n from purchases where date >= :day", day=day)
    assert found.loc[0, "n"] == (small_tables()["purchases"]["date"] >= "2024-06-01").sum()


def test_an_hour_may_be_handed_over_too_and_a_list(hehua):
    when = pd.Timestamp("2024-06-06 15:00")
    found = sql(hehua, "select count(*) as n from targets where starts_at = :when", when=when)
    assert found.loc[0, "n"] == (small_tables()["targets"]["starts_at"] == when).sum() > 0
    wanted = np.array([3, 5])
    found = sql(hehua, "select count(*) as n from purchases where customer_id in :who", who=wanted)
    assert found.loc[0, "n"] == small_tables()["purchases"]["customer_id"].isin([3, 5]).sum()


def test_a_long_answer_is_cut_with_a_warning_and_whole_when_asked(hehua):
    every = len(small_tables()["people"])
    with pytest.warns(MoreRowsWarning, match="only the first 5 rows"):
        assert len(sql(hehua, "select * from people", max_rows=5)) == 5
    assert len(sql(hehua, "select * from people", max_rows=every)) == every
    assert len(sql(hehua, "select * from people", max_rows=None)) == every


def test_two_columns_of_one_name_are_both_there(lite):
    found = sql(lite, "select a.fan_id, b.fan_id from fans a join fans b on a.fan_id = b.fan_id")
    assert [*found.columns] == ["fan_id", "fan_id"]


def test_a_built_query_joins_along_the_keys_and_shows_one_text_for_every_engine(hehua):
    query = build_query(
        "purchases",
        group_by=["addresses.city"],
        totals=["count", "sum amount", "mean people.income_cny"],
        where=[Condition("amount", ">", 0), Condition("people.gender", "=", "F")],
        order_by=["-sum_amount"],
    )
    text, values = query_text(query)
    assert text == (
        "SELECT addresses.city, count(*) AS count, sum(purchases.amount) AS sum_amount, "
        "avg(people.income_cny) AS mean_income_cny\n"
        "FROM purchases\n"
        "LEFT JOIN people ON people.customer_id = purchases.customer_id\n"
        "LEFT JOIN households ON households.household_id = people.household_id\n"
        "LEFT JOIN addresses ON addresses.address_id = households.address_id\n"
        "WHERE purchases.amount > :amount_1 AND people.gender = :gender_1\n"
        "GROUP BY addresses.city\n"
        "ORDER BY sum_amount DESC NULLS LAST, addresses.city NULLS LAST"
    )
    assert values == {"amount_1": 0, "gender_1": "F"}
    tables = small_tables()
    rows = tables["purchases"].merge(
        tables["people"][["customer_id", "gender", "household_id", "income_cny"]]
    )
    rows = rows.merge(tables["households"][["household_id", "address_id"]]).merge(
        tables["addresses"]
    )
    rows = rows[(rows["amount"] > 0) & (rows["gender"] == "F")]
    expected = rows.groupby("city").agg(
        count=("amount", "size"),
        sum_amount=("amount", "sum"),
        mean_income_cny=("income_cny", "mean"),
    )
    expected = expected.sort_values("sum_amount", ascending=False).reset_index()
    pd.testing.assert_frame_equal(run_query(hehua, query), expected, rtol=1e-9)
    pd.testing.assert_frame_equal(sql(hehua, text, **values), expected, rtol=1e-9)


CITIES = ["Wuhan", "Chengdu"]
CONDITIONS = [
    (Condition("amount", "!=", 0), lambda t: t["amount"] != 0),
    (Condition("amount", "<", 20), lambda t: t["amount"] < 20),
    (Condition("amount", "<=", 24.54), lambda t: t["amount"] <= 24.54),
    (Condition("date", ">=", pd.Timestamp("2024-01-01")), lambda t: t["date"] >= "2024-01-01"),
    (
        Condition("category", "in", ["make-up", "hair care"]),
        lambda t: t["category"].isin(["make-up", "hair care"]),
    ),
    (Condition("category", "in", []), lambda t: t["category"].isin([])),
    (Condition("category", "contains", "CARE"), lambda t: t["category"].str.contains("care")),
    (Condition("store", "contains", "%"), lambda t: t["store"].str.contains("%")),
    (Condition("store", "is known"), lambda t: t["store"].notna()),
    (Condition("store", "is empty"), lambda t: t["store"].isna()),
    (Condition("customer_id", "=", np.int64(5)), lambda t: t["customer_id"] == 5),
]


@pytest.mark.parametrize(
    ("condition", "meant"), CONDITIONS, ids=[str(one)[:60] for one, _ in CONDITIONS]
)
def test_each_operator_means_what_pandas_means(hehua, condition, meant):
    purchases = small_tables()["purchases"]
    expected = purchases[meant(purchases)].sort_values("purchase_id", ignore_index=True)
    found = run_query(hehua, build_query("purchases", where=[condition]), max_rows=None)
    pd.testing.assert_frame_equal(found, expected)


def test_truths_and_hours_are_compared_alike(hehua):
    where = [Condition("held_out", "=", True), Condition("starts_at", ">", "2024-06-01 12:00")]
    query = build_query("targets", where=where, limit=4)
    targets = small_tables()["targets"]
    expected = targets[targets["held_out"] & (targets["starts_at"] > "2024-06-01 12:00")]
    expected = expected.sort_values(["promotion_id", "customer_id"], ignore_index=True).head(4)
    pd.testing.assert_frame_equal(run_query(hehua, query), expected)
    text, values = query_text(query)
    pd.testing.assert_frame_equal(sql(hehua, text, **values), expected)


def test_what_is_empty_comes_last_up_and_down(hehua):
    for name in ("fax", "-fax"):
        query = build_query("people", ["fax"], order_by=[name])
        assert run_query(hehua, query)["fax"].isna().is_monotonic_increasing


def test_fields_of_one_name_bear_their_table_and_rows_have_a_fixed_order(lite):
    query = build_query("people", ["income_cny", "households.income_cny"], limit=1)
    assert [*run_query(lite, query)] == ["people_income_cny", "households_income_cny"]
    everything = build_query("interactions")  # a table without a key
    assert "ORDER BY interactions.fan_id, interactions.on_day" in query_text(everything)[0]
    assert fields_from("cards")[4] == "store"
    assert "people.name" in fields_from("returns")


def test_of_two_keys_to_a_table_the_one_of_the_same_name_is_followed(lite):
    text, _ = query_text(build_query("referrals", ["people.name"]))
    assert "people.customer_id = referrals.customer_id" in text
    text, _ = query_text(build_query("returns", ["purchases.amount"]))
    assert "purchases.purchase_id = returns.purchase_id" in text


def test_a_select_of_sqlalchemy_is_answered_too_and_it_cannot_write(lite):
    assert run_query(lite, COUNTED).iloc[0, 0] == len(small_tables()["fans"])
    with pytest.raises(OutOfRangeError, match="got Delete"):
        run_query(lite, sa.delete(metadata.tables["fans"]))


# When misused

WRITES = [
    "delete from fans",
    "drop table fans",
    "insert into tariffs values ('x', 1)",
    "with a as (select 1) delete from fans",
    "select 1; drop table fans",
    "commit; drop table fans",
    "begin",
    "set transaction read write",
    "copy fans to 'fans.csv'",
    "attach 'x.sqlite' as x",
    "vacuum into 'x.sqlite'",
    "pragma query_only = 0",
    "pragma writable_schema = 1",
    "explain analyze delete from fans",
    "create table x as select 1",
    "select * from (delete from fans returning *) as x",
]


@pytest.mark.parametrize("text", WRITES)
def test_no_text_changes_anything(hehua, text):
    with hehua.connect() as connection:  # prepared once before, as an application would
        before = connection.execute(COUNTED).scalar_one()
    with pytest.raises(DatabaseError):
        sql(hehua, text)
    with hehua.connect() as connection:
        assert connection.execute(COUNTED).scalar_one() == before > 0


def test_a_command_that_was_prepared_before_does_not_slip_through(hehua):
    text = "delete from fans where fan_id < 0"
    with hehua.begin() as connection:
        connection.exec_driver_sql(text)
    with pytest.raises(DatabaseError, match="only questions are answered"):
        sql(hehua, text)
    with hehua.begin() as connection:  # and the owner can write again
        connection.exec_driver_sql(text)


def test_a_misspelt_name_is_told_beside_those_that_are_there(hehua):
    with pytest.raises(UnknownNameError, match=r"no column 'nmae'. Did you mean 'name'"):
        sql(hehua, "select nmae from people")
    with pytest.raises(UnknownNameError, match=r"'amout'. Did you mean 'amount'.*'purchase_id'"):
        sql(hehua, "select p.amout from purchases as p")
    with pytest.raises(UnknownNameError, match=r"no table 'peple'. Did you mean 'people'"):
        sql(hehua, "select * from peple")


def test_a_text_that_is_not_understood_says_where(hehua):
    with pytest.raises(DatabaseError, match="near 'people', in line 2"):
        sql(hehua, "select name\nfro people\nwhere gender = 'F'")
    with pytest.raises(DatabaseError, match=r"only questions are answered here.*selec 1"):
        sql(hehua, "selec 1")
    for text in ("", "-- nothing"):
        with pytest.raises(DatabaseError, match="ends too soon"):
            sql(hehua, text)


def test_parameters_must_fit_the_text(lite):
    for text, given in (("select :a as x", {}), ("select 1 as x", {"a": 1})):
        with pytest.raises(OutOfRangeError, match="the text asks for the parameters"):
            sql(lite, text, **given)
    with pytest.raises(OutOfRangeError, match="at least one value"):
        sql(lite, "select name from people where customer_id in :who", who=[])
    with pytest.raises(OutOfRangeError, match="must be a text; got int"):
        sql(lite, 5)
    with pytest.raises(OutOfRangeError, match="max_rows"):
        sql(lite, "select 1 as x", max_rows=0)
    with pytest.raises(OutOfRangeError, match="got str"):
        run_query(lite, "select 1")
    assert sql(lite, "select 1 as x where :day is null and :some is null", day=pd.NaT, some=pd.NA)[
        "x"
    ].tolist() == [1]
    some = "select count(*) as n from people where customer_id in :who"
    assert sql(lite, some, who=range(1, 4))["n"].tolist() == [3]
    assert sql(lite, "select :x as x", x=np.array(3))["x"].tolist() == [3]


def test_what_a_driver_cannot_take_is_a_readable_error(hehua):
    for value in (object(), 2**70):
        with pytest.raises(CrmlabError):
            sql(hehua, "select name from people where gender = :x", x=value)
    for text in ("select 'a\0b' as x", "select '\ud800' as x"):
        with pytest.raises(DatabaseError, match="cannot be written down"):
            sql(hehua, text)


def test_a_database_of_the_readers_own_is_told_its_own_tables():
    shop = open_database(":memory:")
    pd.DataFrame({"product": ["tea"], "quantity": [2]}).to_sql("lines", shop, index=False)
    with pytest.raises(UnknownNameError, match=r"no table 'purchases'.*\['lines'\]"):
        sql(shop, "select * from purchases")
    with pytest.raises(UnknownNameError, match=r"no column 'price'.*\['product', 'quantity'\]"):
        sql(shop, "select price from lines")


def test_an_empty_database_says_what_makes_its_tables():
    with pytest.raises(
        DatabaseError, match=r"no table 'fans' here yet; upgrade\(engine\) makes it"
    ):
        sql(open_database(":memory:"), "select * from fans")


MISUSES = [
    (lambda: build_query("peple"), UnknownNameError, "Did you mean 'people'"),
    (lambda: fields_from("peple"), UnknownNameError, "Did you mean 'people'"),
    (lambda: build_query("people", ["nmae"]), UnknownNameError, "Did you mean 'name'"),
    (lambda: build_query("people", ["purchases.amount"]), AmbiguousError, "Ask for purchases"),
    (lambda: build_query("people", ["x.name"]), UnknownNameError, "no field 'x.name'"),
    (lambda: build_query("people", ["name"], totals=["count"]), OutOfRangeError, "for rows or for"),
    (lambda: build_query("people", totals=["median income_cny"]), UnknownNameError, "no total"),
    (lambda: build_query("people", totals=["sum name"]), OutOfRangeError, "name holds string"),
    (lambda: build_query("people", totals=["count name"]), OutOfRangeError, "counts rows"),
    (lambda: build_query("people", limit=0), OutOfRangeError, "limit"),
    (lambda: Condition("name", "like", "x"), UnknownNameError, "no operator 'like'"),
]
VALUES = [
    ("customer_id", "=", "5", "holds integer"),
    ("customer_id", "=", True, "holds integer"),
    ("customer_id", "=", 5.5, "holds integer"),
    ("customer_id", "=", 2**70, "no number as large"),
    ("amount", ">", float("nan"), "no number as large"),
    ("amount", ">", "much", "holds number"),
    ("date", ">", 20240101, "must be a date"),
    ("date", ">", "soon", "must be a date"),
    ("category", "=", 5, "holds string"),
    ("category", ">", "a", "numbers and days only"),
    ("amount", "contains", "5", "texts only"),
    ("category", "contains", "", "looks for a text"),
    ("category", "in", "make-up", "a list of values"),
    ("category", "is empty", "x", "takes no value"),
]


@pytest.mark.parametrize(("ask", "error", "words"), MISUSES)
def test_a_question_that_cannot_be_built_says_why(ask, error, words):
    with pytest.raises(error, match=words):
        ask()


@pytest.mark.parametrize(("field", "operator", "value", "words"), VALUES)
def test_a_value_of_another_type_is_refused(field, operator, value, words):
    with pytest.raises(OutOfRangeError, match=words):
        build_query("purchases", where=[Condition(field, operator, value)])


def test_a_value_that_no_row_can_have_is_told_beside_those_there_are():
    with pytest.raises(UnknownNameError, match=r"no category 'skincare'. Did you mean 'skin care'"):
        build_query("purchases", where=[Condition("category", "=", "skincare")])
