"""upsert: by hand, against a dict, and when misused; on SQLite, DuckDB and PostgreSQL."""

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.database import Upserted, load_tables, upsert
from crmlab.database.schema import metadata
from crmlab.errors import (
    BadRowsError,
    DatabaseError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
)
from tests.database.conftest import ENGINES, empty_database
from tests.database.test_load_tables import PRICES, PRODUCTS, SHOP, fault

OWN = sa.MetaData()
STOCK = sa.Table(
    "stock",
    OWN,
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("packs", sa.BigInteger),
    sa.Column("open", sa.Boolean),
    sa.Column("note", sa.Text),
)
STAFF = sa.Table(
    "staff",
    OWN,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("boss", sa.Text, sa.ForeignKey("staff.id")),
)
sa.Table("keyless", OWN, sa.Column("word", sa.Text))


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, tmp_path_factory):
    """A database with all that this module writes into."""
    with empty_database(request, request.param, tmp_path_factory.mktemp("own")) as opened:
        OWN.create_all(opened)
        metadata.create_all(opened, tables=[metadata.tables[name] for name in SHOP])
        yield opened


@pytest.fixture
def shop(engine):
    """Two products; the first has two prices."""
    for name in SHOP:
        with engine.begin() as connection:
            connection.execute(sa.delete(metadata.tables[name]))
    load_tables(engine, {"products": PRODUCTS, "prices": PRICES.head(2)})
    return engine


def stored(engine, name):
    table = metadata.tables.get(name, OWN.tables.get(name))
    with engine.connect() as connection:
        return [*map(tuple, connection.execute(sa.select(table).order_by(*table.primary_key)))]


# by hand


def test_new_rows_are_inserted_changed_ones_updated_and_equal_ones_left(shop):
    given = pd.DataFrame(
        {"product_id": [3, 2, 1], "category": "hair", "brand": ["new", "Lian", "莲"], "size": 2}
    )
    assert upsert(shop, "products", given) == Upserted(inserted=1, updated=1, unchanged=1)
    assert stored(shop, "products") == [
        (1, "hair", "莲", 2),
        (2, "hair", "Lian", 2),
        (3, "hair", "new", 2),
    ]


def test_twice_the_same_is_once(shop):
    given = PRICES.assign(price_cny=[10.0, 11.0, 7.0])
    assert upsert(shop, "prices", given) == Upserted(1, 1, 1)
    once = stored(shop, "prices")
    assert upsert(shop, "prices", given) == Upserted(0, 0, 3)
    assert stored(shop, "prices") == once


def test_only_the_columns_that_are_given_change(shop):
    given = pd.DataFrame({"size": [7], "product_id": [1]})
    assert upsert(shop, "products", given) == Upserted(0, 1, 0)
    assert stored(shop, "products") == [(1, "护肤", "莲", 7), (2, "hair", "Lian", 2)]
    assert upsert(shop, "products", given[["product_id"]]) == Upserted(0, 0, 1)


def test_a_row_that_others_refer_to_can_change_on_every_engine(shop):
    assert upsert(shop, "products", PRODUCTS.assign(brand="renamed")) == Upserted(0, 2, 0)
    assert len(stored(shop, "prices")) == 2


def test_a_missing_value_empties_a_field_and_counts_once(engine):
    day = pd.to_datetime(["2024-01-01"])
    full = pd.DataFrame(
        {"place": "Wuhan", "day": day, "packs": [5], "open": [True], "note": ['"\n\\N']}
    )
    empty = full.assign(packs=np.nan, open=None, note=None)
    steps = [full, empty, empty, full, full]
    counts = [upsert(engine, "stock", step, metadata=OWN) for step in steps]
    updated, same = Upserted(0, 1, 0), Upserted(0, 0, 1)
    assert counts == [Upserted(1, 0, 0), updated, same, updated, same]


def test_no_rows_change_nothing(shop):
    assert upsert(shop, "products", PRODUCTS.head(0)) == Upserted(0, 0, 0)


# against a dict, which is what a table with a key is

keys = st.tuples(st.sampled_from(["荷", "h", ""]), st.dates().map(str))
entries = st.tuples(  # packs, open, note
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.booleans(),
    st.none() | st.sampled_from(["", "NULL", "'", "\\"]),
)
frames = st.dictionaries(keys, entries, max_size=4)
COLUMNS = ["place", "day", "packs", "open", "note"]


@settings(max_examples=15)
@given(steps=st.lists(frames, min_size=1, max_size=3))
def test_a_table_ends_as_a_dict_that_is_updated_would(engine, steps):
    with engine.begin() as connection:
        connection.execute(sa.delete(STOCK))
    expected = {}
    for step in steps:
        rows = [(*key, *entry) for key, entry in step.items()]
        frame = pd.DataFrame(rows, columns=COLUMNS, dtype=object)
        frame["day"] = frame["day"].to_numpy("M8[us]")
        new = sum(key not in expected for key in step)
        equal = sum(expected.get(key) == entry for key, entry in step.items())
        done = upsert(engine, "stock", frame, metadata=OWN)
        assert done == Upserted(new, len(step) - new - equal, equal)
        expected |= step
    there = {(row[0], str(row[1])): row[2:] for row in stored(engine, "stock")}
    assert there == expected


# when misused


def test_a_key_that_stands_twice_is_refused(shop):
    twice = pd.concat([PRICES, PRICES.head(1).assign(price_cny=99.0)])
    with pytest.raises(BadRowsError, match=r"unique in prices together with valid_from") as error:
        upsert(shop, "prices", twice)
    assert fault(error)[:3] == ("product_id", 3, "1")
    assert len(stored(shop, "prices")) == 2


def test_a_key_that_is_missing_is_refused(shop):
    with pytest.raises(BadRowsError, match=r"product_id, row 1: nothing is there"):
        upsert(shop, "products", PRODUCTS.assign(product_id=[1, np.nan]))
    with pytest.raises(MissingColumnsError, match=r"products lacks \['product_id'\]"):
        upsert(shop, "products", PRODUCTS.drop(columns="product_id"))


def test_new_rows_need_what_the_table_requires(shop):
    given = pd.DataFrame({"product_id": [1, 5], "size": [3, 3]})
    with pytest.raises(MissingColumnsError, match=r"1 row\(s\) are new .*\['category', 'brand'\]"):
        upsert(shop, "products", given)
    assert stored(shop, "products")[0] == (1, "护肤", "莲", 1)


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("products", {"size": [3, 99]}, ("size", 1, "99", "maximum 40")),
        ("products", {"brand": ["a", None]}, ("brand", 1, "", "required")),
        ("products", {"size": [3, "XL"]}, ("size", 1, "XL", "type integer")),
        ("prices", {"product_id": [1, 77, 2]},
         ("product_id", 1, "77", "one of products.product_id")),
    ],
)  # fmt: skip
def test_a_breach_is_named_and_the_old_state_stays(shop, name, changes, expected):
    before = stored(shop, name)
    with pytest.raises(BadRowsError) as error:
        upsert(shop, name, SHOP[name].assign(**changes))
    assert fault(error) == expected
    assert stored(shop, name) == before
    assert sum(vars(upsert(shop, name, SHOP[name])).values()) == len(SHOP[name])


@pytest.mark.parametrize("name", ["products; drop table products", "crmlab_staged", "truth_fans"])
def test_a_table_that_is_not_ours_is_refused(shop, name):
    with pytest.raises(UnknownNameError, match="there is no table"):
        upsert(shop, name, PRODUCTS)


def test_a_column_that_is_not_ours_is_refused(shop):
    with pytest.raises(UnknownNameError, match="no column of products"):
        upsert(shop, "products", PRODUCTS.assign(**{'size" = 0; --': 1}))


def test_a_table_without_a_key_has_no_rows_to_find(engine):
    with pytest.raises(OutOfRangeError, match=r"keyless has no key .* use load_tables"):
        upsert(engine, "keyless", pd.DataFrame({"word": ["a"]}), metadata=OWN)


def test_what_duckdb_cannot_do_is_said_and_the_others_do_it(engine):
    def change(**columns):
        return upsert(engine, "staff", pd.DataFrame(columns), metadata=OWN)

    change(id=["head"], boss=[None])
    change(id=["a", "b"], boss=["head", "head"])
    if engine.dialect.name == "duckdb":
        with pytest.raises(DatabaseError, match="DuckDB cannot insert a row together with"):
            change(id=["c", "d"], boss=["d", None])
        change(id=["e"], boss=["a"])
        with pytest.raises(DatabaseError, match="DuckDB cannot change a key or a reference in"):
            change(id=["a"], boss=["b"])
        assert stored(engine, "staff")[0] == ("a", "head")
    else:
        assert change(id=["c", "d"], boss=["d", None]) == Upserted(2, 0, 0)
        assert change(id=["a"], boss=["b"]) == Upserted(0, 1, 0)
