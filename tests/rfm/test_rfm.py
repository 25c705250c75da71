"""rfm: by hand, against pandas, for any data, and when misused."""

from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    LaterRowsWarning,
    MissingColumnsError,
    OutOfRangeError,
)
from crmlab.rfm import rfm
from crmlab.rfm.measure import keys
from crmlab.rfm.measure import log as log_steps


def bought(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    return frame.astype({"date": "M8[us]", "amount": "float64"})


# Ann buys twice on one day and once later; Bob buys once; Cy only brings things back.
PURCHASES = bought(
    ("Ann", "2024-01-01", 10),
    ("Cy", "2024-01-05", -7),
    ("Ann", "2024-01-01", 20),
    ("Bob", "2024-01-11", 50),
    ("Ann", "2024-01-08", 30),
)
EXPECTED = pd.DataFrame(
    {
        "customer_id": ["Ann", "Bob", "Cy"],
        "days_since_last": [3, 0, 6],
        "frequency": [3, 1, 0],
        "monetary": [60.0, 50.0, -7.0],
        "ticket": [20.0, 50.0, np.nan],
        "tenure_days": [10, 0, 6],
    }
)

# by hand


def test_three_customers_and_one_who_only_returned_things():
    pd.testing.assert_frame_equal(rfm(PURCHASES), EXPECTED)


def test_counting_days_takes_two_purchases_of_a_day_as_one():
    table = rfm(PURCHASES, count="days")
    expected = EXPECTED.assign(frequency=[2, 1, 0], ticket=[30.0, 50.0, np.nan])
    pd.testing.assert_frame_equal(table, expected)


@pytest.mark.parametrize("amount", [-4, 0])
def test_a_refund_or_a_free_item_is_no_purchase_and_refreshes_nobody(amount):
    later = pd.concat([PURCHASES, bought(("Ann", "2024-01-11", amount))])
    ann = rfm(later).loc[0]
    assert (ann["days_since_last"], ann["frequency"]) == (3, 3)
    assert ann["monetary"] == 60 + amount


def test_as_of_is_the_end_of_that_day_and_later_rows_are_left_out_and_counted():
    at_noon = PURCHASES.assign(date=PURCHASES["date"] + pd.Timedelta(hours=12))
    with pytest.warns(LaterRowsWarning, match="2 row"):
        table = rfm(at_noon, as_of="2024-01-05")
    assert table["customer_id"].to_list() == ["Ann", "Cy"]
    assert table["days_since_last"].to_list() == [4, 0]
    assert table["monetary"].to_list() == [30, -7]


def test_the_warning_points_to_the_line_of_the_caller():
    with pytest.warns(LaterRowsWarning) as caught:
        rfm(PURCHASES, as_of="2024-01-05")
    assert caught[0].filename == __file__


def test_a_later_day_than_the_last_one_makes_everybody_older():
    table = rfm(PURCHASES, as_of=pd.Timestamp("2024-02-11 08:00"))
    assert table["days_since_last"].to_list() == [34, 31, 37]
    assert table["tenure_days"].to_list() == [41, 31, 37]


def test_days_before_1970_count_as_days():
    early = bought(("A", "1969-12-30", 5), ("A", "1970-01-02", 5), ("B", "1970-01-03", 5))
    assert rfm(early)["days_since_last"].to_list() == [1, 0]
    assert rfm(early)["tenure_days"].to_list() == [4, 0]
    assert rfm(early, count="days")["frequency"].to_list() == [2, 1]


def test_a_reader_may_keep_their_own_column_names():
    own = {"customer_id": "card", "date": "day", "amount": "sum"}
    table = rfm(PURCHASES.rename(columns=own), customer="card", date="day", amount="sum")
    pd.testing.assert_frame_equal(table, EXPECTED)


def test_equal_totals_are_equal_whatever_their_parts():
    cents = bought(*[("A", "2024-01-01", a) for a in (0.1, 0.2)], ("B", "2024-01-01", 0.3))
    assert rfm(cents)["monetary"].to_list() == [0.3, 0.3]


def test_money_that_cancels_out_is_a_plain_zero():
    nothing = rfm(bought(("A", "2024-01-01", 0.3), ("A", "2024-01-01", -0.1 - 0.2)))
    assert str(nothing["monetary"][0]) == "0.0"


IDS = {
    "dense": (pd.Series([3, 1, 2, 3, 1]), [1, 2, 3]),
    "from zero": (pd.Series([0, 1, 2, 0, 1]), [0, 1, 2]),
    "with gaps": (pd.Series([12, 10, 15, 12, 10]), [10, 12, 15]),
    "negative": (pd.Series([-3, 5, 0, -3, 5]), [-3, 0, 5]),
    "far apart": (pd.Series([7, 10**15, 8, 7, -(10**12)]), [-(10**12), 7, 8, 10**15]),
    "at both ends of int64": (pd.Series([-(2**63), 2**63 - 1] * 2 + [0]), [-(2**63), 0, 2**63 - 1]),
    "small": (pd.Series([3, 1, 2, 3, 1], dtype="uint8"), [1, 2, 3]),
    "nullable": (pd.Series([3, 1, 2, 3, 1], dtype="Int64"), [1, 2, 3]),
    "objects": (pd.Series([3, 1, 2, 3, 1], dtype=object), [1, 2, 3]),
    "whole floats": (pd.Series([3.0, 1.0, 2.0, 3.0, 1.0]), [1, 2, 3]),
    "text": (pd.Series([*"cabca"]), [*"abc"]),
    "text of any length": (
        pd.Series(["b", "ab", "", "abc", "客户"]),
        ["", "ab", "abc", "b", "客户"],
    ),
    "text too long to be read": (
        pd.Series([of * 65 for of in "cabca"]),
        [of * 65 for of in "abc"],
    ),
    "text objects": (pd.Series([*"cabca"], dtype=object), [*"abc"]),
    "text with a zero byte": (pd.Series(["a\0", "a", "b", "a", "a"]), ["a", "a\0", "b"]),
    "only nothing": (pd.Series([""] * 5), [""]),
    "categories": (pd.Series([*"cabca"], dtype="category"), [*"abc"]),
    "categories in an order of their own": (
        pd.Series(pd.Categorical([*"cabca"], categories=[*"zcab"], ordered=True)),
        [*"abc"],
    ),
    "categories of numbers": (pd.Series([30, 1, 2, 30, 1], dtype="category"), [1, 2, 30]),
}


@pytest.mark.parametrize(("ids", "customers"), IDS.values(), ids=IDS)
def test_customers_come_sorted_and_plain_whatever_their_ids_are(ids, customers):
    amounts = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    table = rfm(PURCHASES.assign(customer_id=ids, amount=amounts))
    # By hand: of texts that are objects, pandas before 3.1 sees none beyond a zero byte.
    expected = dict.fromkeys(customers, 0)
    for customer, amount in zip(ids, amounts, strict=True):
        expected[customer] += amount
    assert table["customer_id"].to_list() == customers
    assert table["monetary"].to_list() == [*expected.values()]
    assert table["customer_id"].dtype in ("int64", "str")


def test_a_part_of_a_log_is_read_from_where_it_begins():
    parts = [PURCHASES.iloc[1:], PURCHASES.iloc[1:4], PURCHASES.iloc[[1, 3, 4]]]
    for part in [*parts, pd.concat(parts)]:
        alone = bought(*part.itertuples(index=False, name=None))
        pd.testing.assert_frame_equal(rfm(part), rfm(alone))


# against pandas


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("many", [4_000_000, 1], ids=["one thread", "two threads"])
def test_a_long_log_agrees_with_a_group_by_of_pandas(text, many, monkeypatch):
    monkeypatch.setattr(log_steps, "_MANY", many)
    rng = np.random.default_rng(6)
    n = 70_000  # more rows than the blocks that texts are read in
    log = pd.DataFrame(
        {
            "customer_id": rng.integers(0, 9_000, n),
            "date": (np.datetime64("2021-01-01") + rng.integers(0, 900, n)).astype("M8[us]"),
            "amount": rng.gamma(2, 30, n).round(2),
        }
    )
    if text:
        log["customer_id"] = "C" + log["customer_id"].astype("str")
    groups = log.groupby("customer_id")
    last_day = log["date"].max()
    table = rfm(log).set_index("customer_id")
    pd.testing.assert_index_equal(table.index, groups.size().index)
    np.testing.assert_array_equal(table["frequency"], groups.size())
    np.testing.assert_allclose(table["monetary"], groups["amount"].sum(), atol=1e-6)
    np.testing.assert_array_equal(
        table["days_since_last"], (last_day - groups["date"].max()).dt.days
    )
    np.testing.assert_array_equal(table["tenure_days"], (last_day - groups["date"].min()).dt.days)
    days = rfm(log, count="days")["frequency"]
    np.testing.assert_array_equal(days, groups["date"].nunique())


def test_ids_that_a_table_cannot_hold_are_hashed_to_the_same_result():
    rng = np.random.default_rng(6)
    tokens = pd.Series([f"{token:032x}" for token in rng.integers(0, 2**62, 40)])
    log = PURCHASES.sample(200, replace=True, random_state=1, ignore_index=True)
    log["customer_id"] = tokens.sample(200, replace=True, random_state=1, ignore_index=True)
    by_token = rfm(log)
    as_categories = rfm(log.astype({"customer_id": "category"}))
    assert by_token["customer_id"].is_monotonic_increasing
    assert by_token["frequency"].sum() == (log["amount"] > 0).sum()
    pd.testing.assert_frame_equal(as_categories, by_token)


# for any data

days = st.dates(date(1969, 12, 1), date(1970, 2, 28))
amounts = st.integers(-300, 900).map(lambda cents: cents / 100)
logs = st.lists(st.tuples(st.sampled_from([1, 2, 3, 50_000_000]), days, amounts), min_size=1)


@given(logs, st.randoms(use_true_random=False))
def test_row_order_does_not_matter_and_the_input_is_untouched(rows, random):
    log = bought(*rows)
    before = log.copy()
    random.shuffle(rows)
    for count in ("purchases", "days"):
        pd.testing.assert_frame_equal(rfm(bought(*rows), count=count), rfm(log, count=count))
    pd.testing.assert_frame_equal(log, before)


@given(logs)
def test_agrees_with_a_plain_reading_of_the_definition(rows):
    log = bought(*rows)
    for customer, own in log.groupby("customer_id"):
        purchases = own[own["amount"] > 0]
        dates = (purchases if len(purchases) else own)["date"]
        last_day = log["date"].max()
        row = rfm(log).set_index("customer_id").loc[customer]
        assert row["frequency"] == len(purchases)
        assert row["monetary"] == pytest.approx(own["amount"].sum(), abs=1e-6)
        assert row["days_since_last"] == (last_day - dates.max()).days
        assert row["tenure_days"] == (last_day - dates.min()).days
        counted = rfm(log, count="days").set_index("customer_id").loc[customer]
        assert counted["frequency"] == purchases["date"].nunique()


@given(st.lists(st.text(max_size=5), min_size=1, max_size=30))
def test_text_ids_keep_their_order_and_none_are_mixed_up(ids):
    log = pd.DataFrame({"customer_id": pd.Series(ids, dtype="str")})
    log = log.assign(date=pd.Timestamp("2024-01-01").as_unit("us"), amount=1.0)
    table = rfm(log)
    # Code points and bytes of UTF-8 have the same order.
    assert table["customer_id"].to_list() == sorted({*ids})
    assert table["frequency"].to_list() == [ids.count(i) for i in sorted({*ids})]


@pytest.mark.parametrize("length", range(17, 21))
def test_long_text_ids_that_differ_in_their_last_letter_are_told_apart(length):
    # Up to 18 digits are one number of int64.
    ids = [first * (length - 1) + last for first in "09" for last in "0123456789"]
    log = pd.DataFrame({"customer_id": ids[::-1], "date": pd.Timestamp("2024-01-01"), "amount": 1})
    table = rfm(pd.concat([log, log.head(3)]))
    assert table["customer_id"].tolist() == ids
    assert table["frequency"].tolist() == [1] * 17 + [2] * 3


@given(st.data(), st.integers(0, 5), st.booleans())
def test_text_ids_keep_their_order_block_by_block(data, length, alike):
    texts = st.text("ab\u00e9\u4e2d", min_size=length if alike else 0, max_size=length)
    ids = data.draw(st.lists(texts, min_size=1, max_size=30))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "_BLOCK", 4)  # else only 100 kB of texts would be read in blocks
        log = pd.DataFrame({"customer_id": ids, "date": pd.Timestamp("2024-01-01"), "amount": 1.0})
        table = rfm(log)
    assert table["customer_id"].tolist() == sorted({*ids})
    assert dict(zip(table["customer_id"], table["frequency"], strict=True)) == Counter(ids)


# when misused


def test_names_the_missing_column_and_the_argument_that_mends_it():
    with pytest.raises(MissingColumnsError, match=r"\['amount'\]; .* with amount=…"):
        rfm(PURCHASES.drop(columns="amount"))


@pytest.mark.parametrize("column", ["customer_id", "date", "amount"])
def test_lists_every_row_without_a_value(column):
    holes = PURCHASES.copy()
    holes.loc[[1, 3], column] = None
    with pytest.raises(BadRowsError, match=rf"2 row\(s\) have no {column}: \[1, 3\]"):
        rfm(holes)


def test_lists_rows_without_a_category():
    holes = PURCHASES.replace({"customer_id": {"Cy": None}}).astype({"customer_id": "category"})
    with pytest.raises(BadRowsError, match=r"customer_id: \[1\]"):
        rfm(holes)


@pytest.mark.parametrize(
    "ids",
    [
        pd.Series([1.0, 2.5, 3.0, 1.0, 1.0]),
        pd.Series([1, "a", 2, 3, 4], dtype=object),
        pd.Series([2**63, 1, 2, 3, 4], dtype="uint64"),
        pd.Series([True, False, True, True, True]),
        pd.Series([1.5, 2, 2, 3, 1.5], dtype="category"),
        pd.to_datetime(pd.Series(["2024-01-01"] * 5)),
    ],
    ids=["floats", "mixed", "too large", "bools", "categories of floats", "dates"],
)
def test_refuses_ids_that_are_neither_whole_numbers_nor_text(ids):
    with pytest.raises(OutOfRangeError, match=r"customer_id must hold text, or whole numbers"):
        rfm(PURCHASES.assign(customer_id=ids))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": [*"12345"]}, "amount must hold numbers; got str"),
        ({"amount": True}, "amount must hold numbers; got bool"),
        ({"amount": [1, 2, 3, 4, np.inf]}, "must hold finite numbers"),
        ({"date": "2024-01-01"}, "date must hold dates"),
        ({"date": pd.Timestamp("2024-01-01", tz="Asia/Shanghai")}, "without a time zone"),
    ],
)
def test_refuses_amounts_and_dates_of_the_wrong_kind(change, words):
    with pytest.raises(OutOfRangeError, match=words):
        rfm(PURCHASES.assign(**change))


def test_refuses_an_empty_log_and_a_day_before_everything():
    with pytest.raises(OutOfRangeError, match="at least one"):
        rfm(PURCHASES.head(0))
    with pytest.raises(OutOfRangeError, match="before the first row"):
        rfm(PURCHASES, as_of="2023-12-31")


def test_refuses_another_word_for_count():
    with pytest.raises(CrmlabError, match="'purchases' or 'days'; got 'visits'"):
        rfm(PURCHASES, count="visits")
