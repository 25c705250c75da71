"""PurchaseStore and open_purchases: names of the reader's own, files, and what is refused."""

import sqlite3

import pandas as pd
import pytest

from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    LaterRowsWarning,
    OutOfRangeError,
    WrongTypeError,
)
from crmlab.pyramid import concentration
from crmlab.rfm import rfm
from crmlab.scale import PurchaseStore, open_purchases, sqlite_engine
from crmlab.scale.blocks import blocks, composed

PURCHASES = pd.DataFrame(
    {
        "customer_id": [7, 7, 9],
        "date": pd.to_datetime(["2024-01-01", "2024-01-11", "2024-01-21"]).astype("M8[us]"),
        "amount": [10.0, 20.0, 50.0],
    }
)


def in_sqlite(purchases, table="purchases", **columns):
    connection = sqlite3.connect(":memory:")
    purchases.to_sql(table, connection, index=False)
    return PurchaseStore(sqlite_engine(connection), table, **columns)


# by hand


@pytest.mark.parametrize(
    ("ending", "write"),
    [
        (".parquet", PURCHASES.to_parquet),
        (".csv", lambda path: PURCHASES.to_csv(path, index=False)),
        (".csv.gz", lambda path: PURCHASES.to_csv(path, index=False)),
    ],
)
def test_files_are_measured_without_reading_them_into_a_frame(tmp_path, ending, write):
    write(tmp_path / f"some{ending}")
    with open_purchases(tmp_path / f"*{ending}", memory="1GB") as store:
        pd.testing.assert_frame_equal(store.rfm(), rfm(PURCHASES))


def test_a_reader_may_keep_their_own_names_whatever_stands_in_them():
    renamed = PURCHASES.set_axis(['who "is" it', "select", "amount; drop table sales"], axis=1)
    columns = dict(zip(["customer", "date", "amount"], renamed.columns, strict=True))
    store = in_sqlite(renamed, 'sales"', **columns)
    pd.testing.assert_frame_equal(store.rfm(), rfm(PURCHASES))


def test_the_text_of_a_query_makes_a_table_of_its_result():
    connection = sqlite3.connect(":memory:")
    PURCHASES.to_sql("purchases", connection, index=False)
    store = PurchaseStore(sqlite_engine(connection), "purchases")
    connection.execute(f"create table customers as {store.query('rfm')}")
    (frequency,) = connection.execute("select frequency from customers where customer_id = 7")
    assert frequency == (2,)


def test_the_query_of_any_measure_with_a_row_per_customer_takes_the_arguments_of_its_method():
    store = in_sqlite(PURCHASES)
    asked = {
        "rfm": {"count": "days"},
        "rfm_scores": {"bins": 3},
        "rfm_segments": {"bins": 3, "segments": {"all": "recency > 0"}},
        "pyramid_tiers": {"cuts": (0.5,)},
        "repurchase_gaps": {},
        "repurchase": {"months": 1},
        "quadrants": {"months": 1},
    }
    for name, arguments in asked.items():
        rows = store.engine.fetch(store.query(name, **arguments))
        assert len(rows) == len(getattr(store, name)(**arguments)), name


def test_one_more_cent_for_the_share_takes_one_more_customer():
    # 80 % of 10.01 is 8.008: 8.00 of the first is not enough, so the second counts too.
    purchases = PURCHASES.assign(customer_id=[7, 8, 9], amount=[8.0, 2.0, 0.01])
    found = in_sqlite(purchases).concentration()
    assert found.customers_for_share == pytest.approx(2 / 3)
    assert found == concentration(purchases.set_index("customer_id")["amount"])


def test_who_bought_in_one_month_only_is_lost_or_new():
    purchases = PURCHASES.assign(date=pd.to_datetime(["2024-01-31", "2024-02-29", "2024-02-29"]))
    moves = in_sqlite(purchases).migration("2024-01-31", months=1, cuts=(0.5,), names="AB")
    moved = moves[moves["customers"] > 0].set_index(["before", "after"])["customers"].to_dict()
    # One of one is the upper half; of two in February, 9 with 50.0 is.
    assert moved == {("A", "B"): 1, ("new", "A"): 1}
    moves = in_sqlite(purchases.iloc[[0, 2]]).migration("2024-01-31", months=1)
    assert moves.query("customers > 0")["movement"].tolist() == ["lost", "new"]


# for any data


@pytest.mark.parametrize("name", blocks())
def test_every_block_says_what_it_returns_and_reads_from_blocks_that_exist(name):
    block = blocks()[name]
    read = {each for other in blocks().values() for each in other.after}
    assert block.returns or name in {*read, "visits_by_day"}
    given = {"log", "marks", "cells", "periods", "period_marks"}
    given |= {"month_ends", "churn_ends", "card_windows"}
    assert {*block.after} <= {*blocks(), *given}
    assert {*block.returns.values()} <= {"", "int", "float", "bool", "date"}


def test_only_whole_numbers_become_part_of_a_query():
    with pytest.raises(ValueError, match="invalid literal for int"):
        composed("rfm", given={"log": "select 1"}, numbers={"as_of": "1; drop table purchases"})


# when misused


def test_warns_of_rows_after_the_day_it_is_asked_for():
    with pytest.warns(LaterRowsWarning, match=r"1 row\(s\) after 2024-01-12 are left out"):
        table = in_sqlite(PURCHASES).rfm(as_of="2024-01-12")
    assert table["customer_id"].tolist() == [7]


@pytest.mark.parametrize(("as_of", "word"), [("2023-12-31", "before the first"), ("soon", "soon")])
def test_refuses_a_day_without_rows_or_that_is_none(as_of, word):
    with pytest.raises(OutOfRangeError, match=word):
        in_sqlite(PURCHASES).rfm(as_of=as_of)


def test_counts_rows_that_cannot_be_used_and_shows_where_they_are():
    with pytest.raises(BadRowsError, match="1 with no date that SQLite can read: row 1 ") as error:
        in_sqlite(
            PURCHASES.assign(amount=[1.0, None, 2.0], date=["soon", "2024-01-01", "2024-01-02"])
        )
    assert "1 with no amount: row 2 (" in str(error.value)
    assert error.value.table["row"].tolist() == [1, 2]


def test_refuses_what_is_no_connection():
    with pytest.raises(WrongTypeError, match=r"from a connection to DuckDB.*got builtins\.str"):
        PurchaseStore("purchases.sqlite", "purchases")


def test_refuses_an_empty_table():
    with pytest.raises(OutOfRangeError, match="number of purchases must be 1 or more; got 0"):
        in_sqlite(PURCHASES.head(0))


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda store: store.rfm(count="weeks"), "'purchases' or 'days'; got 'weeks'"),
        (lambda store: store.rfm_scores(bins=1), "bins must be 2 or more"),
        (lambda store: store.rfm_scores(bins=10), "digits hold scores up to 9"),
        (lambda store: store.pyramid(cuts=(20,)), "not percents"),
        (lambda store: store.repurchase(months=0), "months must be 1 or more"),
        (lambda store: store.rolling_churn(window=0), "window must be 1 or more"),
        (lambda store: store.rolling_churn(window=1, back_within=2), "no longer than the window"),
        (lambda store: store.rolling_churn(), "are 24 months of purchases; there are 1"),
        (lambda store: store.effective_cards(windows=3), "windows must be a list"),
        (lambda store: store.effective_cards(min_amount=0), "min_amount must be a finite number"),
        (lambda store: store.lorenz(points=0), "points must be 1 or more"),
        (lambda store: store.concentration(top=20), "a share not a percent"),
        (lambda store: store.migration("2024-01-21"), "before must be the earlier day"),
        (lambda store: store.migration("2023-01-21"), "before 2023-01-21 lies before the first"),
        (lambda store: store.query("pyramid"), r"a query makes one of .* got 'pyramid'"),
    ],
)
def test_refuses_what_the_pandas_form_refuses(call, word):
    with pytest.raises(OutOfRangeError, match=word):
        call(in_sqlite(PURCHASES))


def test_refuses_a_move_from_a_period_in_which_nobody_bought():
    purchases = PURCHASES.assign(date=pd.to_datetime(["2024-01-01", "2024-06-01", "2024-06-02"]))
    with pytest.raises(OutOfRangeError, match=r"one of the periods of 1 month\(s\)"):
        in_sqlite(purchases).migration("2024-04-30", months=1)


def test_refuses_rules_that_leave_somebody_out_and_tiers_called_as_those_who_are_not_there():
    with pytest.raises(OutOfRangeError, match="exactly one segment"):
        in_sqlite(PURCHASES).rfm_segments(segments={"best": "recency == 5"})
    with pytest.raises(CrmlabError, match="not 'new' or 'lost'"):
        in_sqlite(PURCHASES).migration("2024-01-11", cuts=(0.5,), names=["new", "old"])


def test_refuses_a_limit_that_duckdb_does_not_understand(tmp_path):
    PURCHASES.to_parquet(tmp_path / "some.parquet")
    with (
        pytest.raises(CrmlabError, match="must have a number"),
        open_purchases(tmp_path / "*.parquet", memory="much"),
    ):
        pass


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("no.parquet", None, "there is no file"),
        ("some.xlsx", "x", "name .parquet, .csv or .csv.gz"),
        ("some.parquet", "no parquet", "DuckDB cannot open"),
    ],
)
def test_refuses_files_it_cannot_read(tmp_path, name, text, word):
    if text:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CrmlabError, match=word), open_purchases(tmp_path / name):
        pass
