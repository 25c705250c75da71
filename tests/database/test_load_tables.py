"""load_tables: by hand, for any data, and when misused; on SQLite, DuckDB and PostgreSQL."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.company import load_company
from crmlab.database import load_tables, open_database, upsert
from crmlab.database.loading import batches, engines
from crmlab.database.schema import metadata
from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    CrmlabError,
    DatabaseError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
)
from tests.database.conftest import ENGINES, empty_database

PRODUCTS = pd.DataFrame(
    {"product_id": [1, 2], "category": ["护肤", "hair"], "brand": ["莲", "Lian"], "size": [1, 2]}
)
PRICES = pd.DataFrame(
    {
        "product_id": [1, 1, 2],
        "valid_from": pd.to_datetime(["2023-01-01", "2024-01-01", "2023-01-01"]),
        "price_cny": [10.0, 10.5, 7.0],
    }
)
SHOP = {"prices": PRICES, "products": PRODUCTS}  # the child first: the order is not ours to mind

OWN = sa.MetaData(
    naming_convention={
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)
SAMPLES = sa.Table(
    "samples",
    OWN,
    sa.Column("row", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("whole", sa.BigInteger),
    sa.Column("number", sa.Double),
    sa.Column("text", sa.Text),
    sa.Column("flag", sa.Boolean),
    sa.Column("day", sa.Date),
    sa.Column("moment", sa.DateTime),
)
STAFF = sa.Table(
    "staff",
    OWN,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("boss", sa.Text, sa.ForeignKey("staff.id"), index=True),
)


@pytest.fixture(scope="module", params=ENGINES)
def samples(request, tmp_path_factory):
    """A database with tables of our own, products and prices, for all tests of this module."""
    with empty_database(request, request.param, tmp_path_factory.mktemp("own")) as engine:
        OWN.create_all(engine)
        metadata.create_all(engine, tables=[metadata.tables[name] for name in SHOP])
        yield engine


@pytest.fixture
def shop(samples):
    """The same database with no price and only one product in it."""
    for name in SHOP:
        with samples.begin() as connection:
            connection.execute(sa.delete(metadata.tables[name]))
    load_tables(samples, {"products": PRODUCTS.head(1).assign(product_id=9, brand="old")})
    return samples


def stored(engine, name):
    """Return the rows of a table in the order of its key."""
    table = metadata.tables.get(name, OWN.tables.get(name))
    with engine.connect() as connection:
        return [*map(tuple, connection.execute(sa.select(table).order_by(*table.primary_key)))]


def brands(engine):
    return [row[2] for row in stored(engine, "products")]


def at_once(monkeypatch, rows):
    """Let so many rows travel at once."""
    for room in (batches, engines):
        monkeypatch.setattr(room, "ROWS", rows)


def fault(error):
    """Return field, row, value and rule of the first fault that an error carries."""
    return tuple(error.value.table[["field", "row", "value", "rule"]].iloc[0])


# by hand


def test_a_parent_comes_before_its_children_whatever_the_order_of_the_tables(shop):
    assert [*load_tables(shop, SHOP).items()] == [("products", 2), ("prices", 3)]
    assert stored(shop, "products") == [
        (1, "护肤", "莲", 1),
        (2, "hair", "Lian", 2),
        (9, "护肤", "old", 1),
    ]
    assert stored(shop, "prices") == [
        (1, dt.date(2023, 1, 1), 10.0),
        (1, dt.date(2024, 1, 1), 10.5),
        (2, dt.date(2023, 1, 1), 7.0),
    ]


def test_columns_may_come_in_any_order_and_the_frame_is_left_alone(shop):
    turned, before = PRODUCTS[PRODUCTS.columns[::-1]], PRODUCTS.copy()
    load_tables(shop, {"products": turned})
    assert stored(shop, "products")[:2] == [(1, "护肤", "莲", 1), (2, "hair", "Lian", 2)]
    pd.testing.assert_frame_equal(PRODUCTS, before)


def test_a_child_may_refer_to_a_parent_that_was_there_before(shop):
    load_tables(shop, {"prices": PRICES.head(1).assign(product_id=9)})
    assert stored(shop, "prices") == [(9, dt.date(2023, 1, 1), 10.0)]


def test_progress_counts_the_rows_of_all_tables(shop, monkeypatch):
    at_once(monkeypatch, 2)
    said = []
    load_tables(shop, SHOP, progress=lambda done, of: said.append((done, of)))
    assert said == [(2, 5), (4, 5), (5, 5)]


def test_no_rows_and_no_tables_are_nothing_to_load(shop):
    assert load_tables(shop, {}) == {}
    assert load_tables(shop, {"prices": PRICES.head(0)}) == {"prices": 0}


def test_whole_numbers_stay_whole_where_some_are_missing(samples):
    frame = sample([{"whole": 2**53 + 1}, {}])
    load(samples, frame.assign(whole=frame["whole"].astype("Int64")))
    assert [row[1] for row in stored(samples, "samples")] == [2**53 + 1, None]
    load(samples, sample([{"whole": 3.0}, {"whole": np.nan}]).astype({"whole": "float64"}))
    assert [row[1] for row in stored(samples, "samples")] == [3, None]


def test_whatever_pandas_calls_missing_is_null(samples):
    for nothing in (None, np.nan, pd.NA, pd.NaT):
        load(samples, sample([{}]).fillna(nothing).assign(row=1))
        assert stored(samples, "samples") == [(1, *[None] * 6)]
    empty = {"number": np.nan, "moment": pd.NaT, "text": pd.Series([None], dtype="category")}
    load(samples, sample([{}]).assign(**empty))
    assert stored(samples, "samples") == [(0, *[None] * 6)]


def test_days_and_texts_may_come_as_python_dates_and_categories(samples):
    frame = sample([{"day": dt.date(2024, 2, 29), "text": "赞", "flag": True}])
    load(samples, frame.astype({"text": "category"}))
    assert stored(samples, "samples")[0][3:6] == ("赞", True, dt.date(2024, 2, 29))


def test_a_table_may_refer_to_itself(samples):
    staff = pd.DataFrame({"id": ["a", "b", "c", "d"], "boss": ["c", None, "d", "b"]})
    orphan = {"staff": staff.assign(boss=["c", "z", "d", "b"])}
    with pytest.raises(BadRowsError, match=r"staff.boss, row 1: 'z' .* one of staff.id") as error:
        load_tables(samples, orphan, metadata=OWN)
    assert fault(error) == ("boss", 1, "z", "one of staff.id")
    load_tables(samples, {"staff": staff}, metadata=OWN)
    assert stored(samples, "staff") == [("a", "c"), ("b", None), ("c", "d"), ("d", "b")]
    load_tables(samples, {"staff": pd.DataFrame({"id": ["e"], "boss": ["a"]})}, metadata=OWN)
    assert stored(samples, "staff")[4] == ("e", "a")
    assert load_tables(samples, {"staff": staff.head(0)}, metadata=OWN) == {"staff": 0}


@pytest.mark.postgresql
def test_an_empty_table_of_postgresql_gets_its_references_and_indexes_back(
    request, tmp_path, monkeypatch
):
    at_once(monkeypatch, 2)
    table = metadata.tables["lines"]
    names = ["addresses", "households", "people", "products", "purchases", "lines"]
    with empty_database(request, "postgresql", tmp_path) as engine:
        metadata.create_all(engine, tables=[metadata.tables[name] for name in names])
        before = keys_and_indexes(engine, "lines")
        seen = []

        def look(done, of):
            if done == of:
                with engine.connect() as connection:
                    seen.append(connection.scalar(sa.text("select count(*) from pg_locks")))

        load_tables(engine, {"products": PRODUCTS})
        orphans = pd.DataFrame(
            {
                **dict.fromkeys(table.c.keys(), 1.0),
                "line_id": [1, 2, 3],
                "product_id": 1,
                "purchase_id": [5, 6, 7],
            }
        )
        with pytest.raises(BadRowsError, match=r"purchase_id, row 0: '5' .* purchases.purchase_id"):
            load_tables(engine, {"lines": orphans}, progress=look)
        assert seen[0] > 0
        assert keys_and_indexes(engine, "lines") == before
        assert {len(keys) for keys in before} == {2}
        load_tables(engine, {"lines": orphans.head(0)})
        assert stored(engine, "lines") == []


def test_what_was_set_aside_is_back_when_the_rows_are_in(samples, monkeypatch):
    if samples.dialect.name == "duckdb":
        pytest.skip("nothing is set aside, and it cannot tell its references")
    staff = pd.DataFrame({"id": ["a", "b", "c"], "boss": [None, "a", "b"]})
    before = keys_and_indexes(samples, "staff")
    assert {len(keys) for keys in before} == {1}
    asked = []
    listener = (samples, "before_cursor_execute", lambda *said: asked.append(said[2]))
    sa.event.listen(*listener)
    at_once(monkeypatch, 2)
    load(samples, staff, "staff")
    sa.event.remove(*listener)
    assert any(sql.strip().startswith("DROP INDEX") for sql in asked)
    assert keys_and_indexes(samples, "staff") == before
    with pytest.raises(BadRowsError, match=r"one of staff\.id"):
        load_tables(samples, {"staff": staff.assign(id=["x", "y", "z"], boss="?")}, metadata=OWN)


def keys_and_indexes(engine, name):
    """Return how PostgreSQL itself tells the references and indexes of a table."""
    look = sa.inspect(engine)
    keys = sorted((key["name"], key["referred_table"]) for key in look.get_foreign_keys(name))
    return keys, sorted((one["name"], *one["column_names"]) for one in look.get_indexes(name))


# for any data

FIELDS = [name for name in SAMPLES.c.keys() if name != "row"]  # noqa: SIM118 - not a dict


def sample(rows):
    """Return a frame of samples, with nothing where a row says nothing."""
    values = [{name: row.get(name) for name in FIELDS} for row in rows]
    return pd.DataFrame(values, columns=FIELDS, dtype=object).assign(row=range(len(rows)))


def load(engine, frame, name="samples"):
    """Load a frame into a table of our own, which is emptied before."""
    with engine.begin() as connection:
        connection.execute(sa.delete(OWN.tables[name]).where(sa.text("1 = 1")))
    return load_tables(engine, {name: frame}, metadata=OWN)


AWKWARD = ["", '"', "'", "\\", "\\N", "\\.", "\t", "a\r\nb", "\n\\.\n", ",", "NULL", "荷华", "😀"]
letters = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
values = st.fixed_dictionaries(
    {},
    optional={
        "whole": st.integers(-(2**63), 2**63 - 1),
        "number": st.floats(allow_nan=False),
        "text": st.sampled_from(AWKWARD) | st.text(letters),
        "flag": st.booleans(),
        "day": st.dates(),
        "moment": st.datetimes(),
    },
)


@settings(max_examples=30)
@given(rows=st.lists(values, max_size=6))
def test_every_value_comes_back_as_it_was(samples, rows):
    with pytest.MonkeyPatch.context() as patch:
        at_once(patch, 2)
        load(samples, sample(rows))
    expected = [(number, *map(row.get, FIELDS)) for number, row in enumerate(rows)]
    assert stored(samples, "samples") == expected
    assert all(type(row[1]) in (int, type(None)) for row in stored(samples, "samples"))


# when misused


@pytest.mark.parametrize(
    ("table", "changes", "expected"),
    [
        ("prices", {"product_id": [1, 2, 77]},
         ("product_id", 2, "77", "one of products.product_id")),
        ("prices", {"price_cny": [1.0, -1.0, 1.0]}, ("price_cny", 1, "-1.0", "minimum 0.01")),
        ("prices", {"price_cny": [1.0, np.nan, 1.0]}, ("price_cny", 1, "", "required")),
        ("products", {"product_id": [1, 1]}, ("product_id", 1, "1", "unique in products")),
        ("products", {"product_id": [1, 9]}, ("product_id", 1, "9",
          "unique in products, which has it already; upsert would change that row")),
        ("products", {"size": [1, 41]}, ("size", 1, "41", "maximum 40")),
        ("products", {"size": [1.0, 1.5]}, ("size", 1, "1.5", "type integer")),
        ("products", {"size": [1, "XL"]}, ("size", 1, "XL", "type integer")),
        ("products", {"size": [1, 2**70]}, ("size", 1, str(2**70), "type integer")),
        ("products", {"size": [True, False]}, ("size", -1, "", "type integer, not bool")),
        ("products", {"brand": [1, 2]}, ("brand", -1, "", "type string, not int64")),
        ("products", {"brand": ["a", "b\0"]},
         ("brand", 1, "b\0", "text without the character \\0")),
        ("products", {"brand": pd.Series(["a", "\ud800"], dtype=object)},
         ("brand", 1, "\\ud800", "type string")),
    ],
)  # fmt: skip
def test_a_breach_names_field_row_value_and_rule_and_the_old_state_stays(
    shop, table, changes, expected
):
    broken = SHOP | {table: SHOP[table].assign(**changes)}
    with pytest.raises(BadRowsError, match=f"left as it was. {table}.{expected[0]}") as error:
        load_tables(shop, broken)
    assert fault(error) == expected
    assert brands(shop) == ["old"]
    load_tables(shop, SHOP)
    assert brands(shop) == ["莲", "Lian", "old"]


@pytest.mark.parametrize(
    ("days", "rule"),
    [
        (["2023-01-01", "2023-01-01 13:00", "2023-01-02"], "a day without an hour"),
        (["2023-01-01", "12023-01-01", "2023-01-02"], "a year from 1 to 9999"),
    ],
)
def test_a_day_is_a_day_of_our_calendar(shop, days, rule):
    days = np.array(days, dtype="M8[us]")
    with pytest.raises(BadRowsError, match=rule) as error:
        load_tables(shop, SHOP | {"prices": PRICES.assign(valid_from=days)})
    assert fault(error)[:2] == ("valid_from", 1)


def test_times_need_no_zone_and_no_nanoseconds(samples):
    when = pd.DatetimeIndex(["2024-01-01 00:00:00.000000001"])
    with pytest.raises(BadRowsError, match="a time in microseconds"):
        load(samples, sample([{}]).assign(moment=when))
    with pytest.raises(BadRowsError, match="type datetime, not timestamp"):
        load(samples, sample([{}]).assign(moment=when.floor("s").tz_localize("UTC")))


@pytest.mark.parametrize(
    ("field", "mixed"),
    [
        ("day", [dt.date(2024, 1, 1), dt.datetime(2024, 1, 1, 13)]),
        ("moment", [dt.datetime(2024, 1, 1, 13), dt.date(2024, 1, 1)]),
        ("number", [1.5, True]),
        ("text", ["a", b"b"]),
        ("flag", [True, 1]),
    ],
)
def test_values_of_two_kinds_in_one_column_are_not_guessed_at(samples, field, mixed):
    frame = sample([{}, {}, {}]).assign(**{field: pd.Series([None, *mixed], dtype=object)})
    with pytest.raises(BadRowsError, match=f"samples.{field}, row 2") as error:
        load(samples, frame)
    assert fault(error)[:3] == (field, 2, str(mixed[1]))


def test_whole_numbers_that_a_float_cannot_hold_are_refused_for_numbers(samples):
    with pytest.raises(BadRowsError, match="type number"):
        load(samples, sample([{}, {}]).assign(number=[1, 2**53 + 1]))


def test_rows_are_counted_over_all_that_travelled(shop, monkeypatch):
    at_once(monkeypatch, 2)
    many = pd.DataFrame({"product_id": range(1, 22), "category": "x", "brand": "y", "size": 1})
    with pytest.raises(BadRowsError, match=r"row 5: '99' .* \(16 rows break this rule\)") as error:
        load_tables(shop, {"products": many.assign(size=[1] * 5 + [99] * 16)})
    assert error.value.table["row"].tolist() == [5, 6, 7, 8, 9]
    with pytest.raises(BadRowsError, match=r"row 20: '1\.5'"):
        load_tables(shop, {"products": many.assign(size=[1.0] * 20 + [1.5])})


def test_all_rules_that_are_broken_are_told_at_once(shop):
    broken = PRODUCTS.assign(size=[0, 41], brand=["a", None])
    with pytest.raises(BadRowsError, match=r"brand.*required.*minimum 1.*maximum 40") as error:
        load_tables(shop, {"products": broken})
    assert len(error.value.table) == 3


def test_a_column_that_is_missing_unknown_or_there_twice_is_named(shop):
    with pytest.raises(MissingColumnsError, match=r"products lacks \['size'\]"):
        load_tables(shop, {"products": PRODUCTS.drop(columns="size")})
    with pytest.raises(UnknownNameError, match="no column of products 'colour'"):
        load_tables(shop, {"products": PRODUCTS.assign(colour="red")})
    with pytest.raises(AmbiguousError, match=r"more than one column called \['size'\]"):
        load_tables(shop, {"products": pd.concat([PRODUCTS, PRODUCTS[["size"]]], axis=1)})
    with pytest.raises(OutOfRangeError, match="products must be a DataFrame; got list"):
        load_tables(shop, {"products": [1]})
    assert brands(shop) == ["old"]


@pytest.mark.parametrize(
    "name", ["products; drop table products", 'products" --', "truth_customers", "sqlite_master", 7]
)
def test_a_table_that_is_not_ours_is_refused_before_the_database_is_asked(shop, name):
    with pytest.raises(UnknownNameError, match="there is no table"):
        load_tables(shop, {name: PRODUCTS})
    assert brands(shop) == ["old"]


def test_texts_that_look_like_sql_are_only_texts(shop):
    evil = ["'); drop table products; --", '"; delete from prices; --']
    load_tables(shop, {"products": PRODUCTS.assign(brand=evil)})
    assert brands(shop) == [*evil, "old"]


def test_columns_that_look_like_sql_are_refused(shop):
    with pytest.raises(UnknownNameError, match="no column of products"):
        load_tables(shop, {"products": PRODUCTS.rename(columns={"size": "size) select 1; --"})})


def test_a_database_without_the_table_says_what_to_type(database):
    with pytest.raises(DatabaseError, match=r"no table 'products' .* crmlab database up"):
        load_tables(database, SHOP)


def test_what_the_dictionary_does_not_know_is_told_in_the_words_of_the_database(samples):
    own = sa.MetaData()
    table = sa.Table("dice", own, sa.Column("eyes", sa.BigInteger), sa.CheckConstraint("eyes < 7"))
    own.create_all(samples)
    try:
        with pytest.raises(DatabaseError, match=r"refused, and is left as it was: .*(?i:check)"):
            load_tables(samples, {"dice": pd.DataFrame({"eyes": [6, 7]})}, metadata=own)
        with samples.connect() as connection:
            assert connection.execute(sa.select(table)).all() == []
    finally:
        own.drop_all(samples)


def test_a_database_that_is_gone_is_an_error_of_ours(shop):
    if shop.dialect.name != "postgresql":
        pytest.skip("only a server can go")

    others = "pid <> pg_backend_pid() and datname = current_database()"
    kill = sa.text(f"select pg_terminate_backend(pid) from pg_stat_activity where {others}")

    def end(done, of):
        with shop.connect() as other:
            other.execute(kill)

    with pytest.raises(CrmlabError, match="left as it was"):
        load_tables(shop, SHOP, progress=end)
    assert brands(shop) == ["old"]


def test_what_are_no_frames_by_name_is_refused():
    for tables in ([PRODUCTS], None, load_company()[0]):
        with pytest.raises(OutOfRangeError, match=r"such as \{'people': frame\}; got"):
            load_tables(open_database(":memory:"), tables)


def test_a_frame_where_a_name_belongs_is_refused():
    with pytest.raises(UnknownNameError, match=r"there is no table <class 'pandas.DataFrame'>"):
        upsert(open_database(":memory:"), PRODUCTS, "products")


@pytest.mark.parametrize("odd", [np.array([1j, 2j]), pd.arrays.SparseArray([1, 2])])
def test_columns_that_no_database_has_are_named(odd):
    engine = open_database(":memory:")
    metadata.create_all(engine, tables=[metadata.tables["products"]])
    with pytest.raises(BadRowsError, match=r"products\.size: expected: type integer, not "):
        load_tables(engine, {"products": PRODUCTS.assign(size=odd)})
