"""repurchase, its gaps and its summary: by hand, against the formula, for any data, misused."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, LaterRowsWarning, MissingColumnsError, OutOfRangeError
from crmlab.members import repurchase, repurchase_gaps, repurchase_summary


def bought(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    return frame.astype({"date": "M8[us]", "amount": "float64"})


def on_days(customer, *days, amount=10.0):
    return [(customer, pd.Timestamp("2024-01-01") + pd.Timedelta(days=d), amount) for d in days]


# Ann comes on days 0, 10, 20 and 40; Bob once, and twice on that one day; Cy only brings back.
PURCHASES = bought(
    *on_days("Ann", 0, amount=90), *on_days("Ann", 10, 20, 40, amount=30),
    *on_days("Bob", 15, 15), ("Bob", "2024-01-20", -10.0), ("Cy", "2024-01-02", -5.0),
)  # fmt: skip

# by hand


@pytest.mark.curriculum("S82")
def test_days_0_10_20_40_make_3_returns_13_point_3_days_apart():
    ann = repurchase(PURCHASES).set_index("customer_id").loc["Ann"]
    assert ann["returns"] == 3
    assert round(ann["mean_gap_days"], 1) == 13.3


@pytest.mark.curriculum("S82")
def test_both_measures_overall_and_per_member():
    members = repurchase(PURCHASES)
    expected = pd.DataFrame(
        {
            "customer_id": ["Ann", "Bob", "Cy"],
            "returns": [3, 0, 0],
            "returns_per_year": [3.0, 0, 0],
            "mean_gap_days": [40 / 3, np.nan, np.nan],
            "spend_per_return": [30.0, np.nan, np.nan],
            "open_days": [0.0, 25, np.nan],
            "exposed_days": [40, 25, 0],
        }
    )
    pd.testing.assert_frame_equal(members, expected)
    found = repurchase_summary(members)
    assert (found.members, found.returning, found.returns) == (3, 1, 3)
    assert found.returns_per_member == 1
    assert found.mean_gap_days == pytest.approx(40 / 3)
    # Gaps still open count here: Ann's 40 days and Bob's 25, over three returns.
    assert found.days_per_return == pytest.approx(65 / 3)


def test_gaps_lead_from_each_purchase_day_to_the_next_or_to_the_end():
    expected = pd.DataFrame(
        {
            "customer_id": ["Ann"] * 4 + ["Bob"],
            "date": pd.to_datetime(
                ["2024-01-01", "2024-01-11", "2024-01-21", "2024-02-10", "2024-01-16"]
            ).astype("M8[us]"),
            "gap_days": [10, 10, 20, 0, 25],
            "returned": [True, True, True, False, False],
            "spend": [30.0, 30, 30, np.nan, np.nan],
        }
    )
    pd.testing.assert_frame_equal(repurchase_gaps(PURCHASES), expected)


def test_purchases_of_one_day_are_one_return_and_their_money_is_added():
    day = bought(*on_days(1, 0, 7, 7, 7))
    member = repurchase(day).iloc[0]
    assert (member["returns"], member["mean_gap_days"], member["spend_per_return"]) == (1, 7, 30)


def test_a_time_of_day_makes_no_second_day():
    times = bought(
        (1, "2024-01-01 09:00", 5), (1, "2024-01-01 23:59", 5), (1, "2024-01-03 00:01", 5)
    )
    assert repurchase_gaps(times)["gap_days"].tolist() == [2, 0]


def test_returns_are_counted_in_the_period_and_gaps_may_begin_before_it():
    members = repurchase(PURCHASES, months=1).set_index("customer_id")
    # (10 January, 10 February] holds Ann's days 10 (11 January), 20 and 40.
    assert members.loc["Ann", ["returns", "mean_gap_days"]].tolist() == [3, 40 / 3]
    assert members.loc["Ann", "returns_per_year"] == 36
    assert members.loc["Ann", "exposed_days"] == 31
    earlier = repurchase(bought(*on_days(1, 0, 30, 90)), months=1)
    assert earlier.loc[0, ["returns", "mean_gap_days"]].tolist() == [1, 60]


def test_a_return_on_the_day_the_period_counts_from_is_before_it():
    # A month before 1 March is 1 February: that day's return is not in (1 Feb, 1 Mar].
    members = repurchase(bought(*on_days(1, 0, 31, 60)), months=1)
    assert members["returns"].tolist() == [1]


def test_a_day_on_which_nothing_was_paid_is_no_visit():
    assert repurchase(bought(*on_days(1, 0), *on_days(1, 9, amount=0)))["returns"].tolist() == [0]


def test_as_of_ends_the_open_gaps_and_leaves_later_rows_out():
    with pytest.warns(LaterRowsWarning, match=r"1 row\(s\) after 2024-01-25"):
        gaps = repurchase_gaps(PURCHASES, as_of="2024-01-25")
    assert gaps["gap_days"].tolist() == [10, 10, 4, 9]
    later = repurchase_gaps(PURCHASES, as_of="2024-12-31")
    assert later["gap_days"].tolist()[-2:] == [325, 350]


def test_a_reader_may_keep_their_own_column_names():
    renamed = PURCHASES.set_axis(["card", "day", "paid"], axis=1)
    table = repurchase(renamed, customer="card", date="day", amount="paid")
    pd.testing.assert_frame_equal(table, repurchase(PURCHASES))


def test_the_month_up_to_its_last_day_is_that_month_and_no_day_more():
    # (31 May, 30 June]: of the returns on 31 May and on 1 June only the second is in it.
    june = bought((1, "2024-05-30", 1), (1, "2024-05-31", 1), (1, "2024-06-01", 1))
    assert repurchase(june, months=1, as_of="2024-06-30")["returns"].tolist() == [1]


def test_nobody_returned_and_nobody_ever_bought():
    once = repurchase_summary(repurchase(bought(*on_days(1, 0), *on_days(2, 5))))
    assert (once.returns, once.returns_per_member) == (0, 0)
    assert np.isnan([once.mean_gap_days, once.days_per_return]).all()
    refunds = repurchase(bought((1, "2024-01-01", -1.0)))
    assert refunds[["returns", "exposed_days"]].to_numpy().tolist() == [[0, 0]]


# against the formula


def test_counting_open_gaps_recovers_the_rate_that_closed_gaps_overstate():
    # Members of a year who return by a Poisson process every 100 days on average.
    rng, n, days, mean = np.random.default_rng(1), 4_000, 366, 100
    count = rng.poisson((days - 1) / mean, n)
    who = np.repeat(np.arange(n), count)
    when = rng.integers(1, days, count.sum())
    everybody = pd.DataFrame({"customer_id": np.arange(n), "day": 0})
    rows = pd.concat([everybody, pd.DataFrame({"customer_id": who, "day": when})])
    rows["date"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(rows["day"], unit="D")
    members = repurchase(rows.assign(amount=1.0), as_of="2024-12-31")
    found = repurchase_summary(members)
    # Days are whole: a day has a return at 1 - exp(-1/100). 3 standard errors at its count.
    expected = 1 / -np.expm1(-1 / mean)
    assert found.days_per_return == pytest.approx(expected, rel=3 / found.returns**0.5)
    assert found.mean_gap_days < 0.9 * expected


# for any data

days = st.dates(date(2023, 12, 1), date(2024, 2, 1))
amounts = st.integers(-2, 50)
rows = st.lists(st.tuples(st.integers(1, 4), days, amounts), min_size=1)


@settings(max_examples=50)
@given(rows)
def test_everybody_has_a_row_and_the_gaps_add_up(some):
    purchases = bought(*some)
    members = repurchase(purchases, months=24).set_index("customer_id")
    gaps = repurchase_gaps(purchases)
    assert {*members.index} == {*purchases["customer_id"]}
    visits = purchases[purchases["amount"] > 0].groupby("customer_id")["date"].nunique()
    returns = members["returns"]
    assert returns.sum() == gaps["returned"].sum()
    assert (returns[visits.index] == visits - 1).all()
    # All of a member's gaps, open one included, are the days since the first purchase.
    since_first = gaps.groupby("customer_id")["gap_days"].sum()
    assert (members["exposed_days"][since_first.index] == since_first).all()


@settings(max_examples=50)
@given(rows)
def test_row_order_does_not_matter_and_the_input_is_untouched(some):
    purchases = bought(*some)
    before = purchases.copy()
    backwards = repurchase(purchases.iloc[::-1])
    pd.testing.assert_frame_equal(repurchase(purchases), backwards)
    pd.testing.assert_frame_equal(purchases, before)


# when misused


def test_names_the_missing_column_and_the_argument_that_mends_it():
    with pytest.raises(MissingColumnsError, match=r"missing \['amount'\].* with amount=…"):
        repurchase(PURCHASES.drop(columns="amount"))


def test_lists_the_rows_without_a_value():
    with pytest.raises(BadRowsError, match=r"no customer_id: \[1\]"):
        repurchase(bought(("Ann", "2024-01-01", 1), (None, "2024-01-01", 1)))
    with pytest.raises(OutOfRangeError, match="amount must hold numbers"):
        repurchase(PURCHASES.astype({"amount": "str"}))


def test_refuses_no_months_no_rows_and_no_members():
    with pytest.raises(OutOfRangeError, match="months must be 1 or more; got 0"):
        repurchase(PURCHASES, months=0)
    with pytest.raises(OutOfRangeError, match="there are no rows"):
        repurchase(PURCHASES.head(0))
    with pytest.raises(OutOfRangeError, match="number of members must be 1 or more"):
        repurchase_summary(repurchase(PURCHASES).head(0))
