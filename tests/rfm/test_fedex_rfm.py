"""fedex_rfm and growth_target: the course's codes and bands, by hand and for any data."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab._checks import months_before
from crmlab.errors import BadRowsError, LaterRowsWarning, MissingColumnsError, OutOfRangeError
from crmlab.rfm import fedex_rfm, growth_target, simulate_shippers


def shipped(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    return frame.astype({"date": "datetime64[us]", "amount": "float64"})


# Ann ships in both halves of 2024, Bob in the first quarter only, and has a refund in the second.
SHIPMENTS = shipped(
    ("Ann", "2024-01-01", 10),
    ("Ann", "2024-06-30 23:59", 20),
    ("Ann", "2024-09-30", 30),
    ("Bob", "2024-03-31", 40),
    ("Bob", "2024-04-01", -5),
    ("Old", "2023-12-31", 99),
)

# by hand


@pytest.mark.curriculum("S62")
def test_last_shipment_in_the_first_quarter_codes_1_in_the_second_2():
    table = fedex_rfm(SHIPMENTS, as_of="2024-12-31", periods=2)
    expected = pd.DataFrame(
        {
            "customer_id": ["Ann", "Ann", "Bob", "Bob"],
            "period": [1, 2, 1, 2],
            "last_shipment": ["2024-06-30 23:59", "2024-09-30", "2024-03-31", None],
            "recency": [2, 1, 1, 0],
            "frequency": [2, 1, 1, 0],
            "monetary": [30.0, 30.0, 35.0, 0.0],
        }
    ).astype({"last_shipment": "datetime64[us]"})
    pd.testing.assert_frame_equal(table.drop(columns="score"), expected)


@pytest.mark.curriculum("S62")
def test_read_as_a_rank_the_newer_quarter_codes_1_and_none_3():
    calendar, rank = (
        fedex_rfm(SHIPMENTS, as_of="2024-12-31", periods=2, recency_code=code)
        for code in ("calendar", "rank")
    )
    assert rank["recency"].to_list() == [1, 2, 2, 3]
    pd.testing.assert_frame_equal(rank.drop(columns="recency"), calendar.drop(columns="recency"))


@pytest.mark.curriculum("S62")
@pytest.mark.parametrize(
    ("as_of", "first_day", "quarter_ends", "second_quarter"),
    [
        ("2024-06-30", "2024-01-01", "2024-03-31", "2024-04-01"),
        ("2024-12-31", "2024-07-01", "2024-09-30", "2024-10-01"),
        ("2024-02-29", "2023-09-01", "2023-11-30", "2023-12-01"),
        ("2024-05-15", "2023-11-16", "2024-02-15", "2024-02-16"),
        # A last day stays a last day, as everywhere in the kit: six months before the 31st of
        # August is the 29th of February, and its quarter ends with May.
        ("2024-08-31", "2024-03-01", "2024-05-31", "2024-06-01"),
        ("2024-05-30", "2023-12-01", "2024-02-29", "2024-03-01"),
    ],
)
def test_a_half_year_is_two_quarters_of_three_months_up_to_the_day(
    as_of, first_day, quarter_ends, second_quarter
):
    before = pd.Timestamp(first_day) - pd.Timedelta(seconds=1)
    days = [before, first_day, quarter_ends, second_quarter, as_of]
    rows = shipped(*((str(number), day, 1) for number, day in enumerate(days)))
    table = fedex_rfm(rows, as_of=as_of, periods=1)
    assert table["customer_id"].to_list() == ["1", "2", "3", "4"]
    assert table["recency"].to_list() == [1, 1, 2, 2]


def test_scores_each_of_the_three_by_rank_over_all_rows_and_adds_them_up():
    # Four rows: recency 2, 1, 1, 0; frequency 2, 1, 1, 0; money 30, 30, 35, 0. Middle
    # ranks m of ties, 1 + 5 * (2 m - 1) // 8: 4, 2.5, 2.5, 1 make 5, 3, 3, 1; same; and 3, 3, 5, 1.
    table = fedex_rfm(SHIPMENTS, as_of="2024-12-31", periods=2)
    assert table["score"].to_list() == [5 + 5 + 3, 3 + 3 + 3, 3 + 3 + 5, 1 + 1 + 1]


def test_looks_back_four_half_years_by_default_and_leaves_later_rows_out():
    with pytest.warns(LaterRowsWarning, match=r"1 row\(s\) after 2024-06-30"):
        table = fedex_rfm(SHIPMENTS, as_of="2024-06-30")
    assert table.query("customer_id == 'Old'")["frequency"].to_list() == [0, 0, 1, 0]


# growth targets, by hand


@pytest.mark.curriculum("S64")
def test_targets_lead_to_the_next_band_and_the_vouchers_are_20_25_30():
    table = growth_target(pd.Series([1, 3, 4, 7, 8, 10]))
    # The course prints 15% for the 14.3% of 7 -> 8: rounding (I12), within a point.
    assert table["growth"].round(3).to_list() == [3.0, 0.333, 1.0, 0.143, 0.375, 0.1]
    assert table["growth"].iloc[3] == pytest.approx(0.15, abs=0.01)
    assert table["next_frequency"].to_list() == [4, 4, 8, 8, 11, 11]
    assert table["voucher_usd"].to_list() == [20, 20, 25, 25, 30, 30]
    assert table["band"].to_list() == ["low"] * 2 + ["normal"] * 2 + ["high"] * 2


@pytest.mark.curriculum("S64")
def test_very_high_has_no_target_and_no_voucher():
    table = growth_target(pd.Series([11, 400]))
    assert table["band"].to_list() == ["very high", "very high"]
    assert table[["next_frequency", "growth", "voucher_usd"]].isna().to_numpy().all()


def test_takes_one_number_or_a_series_whose_index_it_keeps():
    assert growth_target(2)["growth"].to_list() == [1.0]
    frequency = pd.Series([2.0, 5.0], index=["Ann", "Bob"])
    assert growth_target(frequency).index.to_list() == ["Ann", "Bob"]


# for any data

days = st.integers(0, 800).map(lambda day: pd.Timestamp("2023-01-01") + pd.Timedelta(days=day))
rows = st.lists(st.tuples(st.integers(1, 4), days, st.floats(-9, 99)), min_size=1, max_size=20)


@settings(max_examples=30)
@given(rows, st.integers(1, 4))
def test_every_customer_has_every_period_and_the_shipments_are_all_there(rows, periods):
    shipments = shipped(*rows)
    table = fedex_rfm(shipments, periods=periods)
    last = shipments["date"].max().to_numpy().astype("M8[D]")
    known = shipments[shipments["date"] >= months_before(last, 6 * periods) + 1]
    assert len(table) == periods * known["customer_id"].nunique()
    assert table["frequency"].sum() == (known["amount"] > 0).sum()
    assert table["monetary"].sum() == pytest.approx(known["amount"].sum(), abs=1e-4)
    assert (table["recency"].eq(0) == table["frequency"].eq(0)).all()
    assert (table["last_shipment"].isna() == table["frequency"].eq(0)).all()
    assert table["score"].between(3, 15).all()


@settings(max_examples=30)
@given(rows)
def test_row_order_does_not_matter_and_the_input_is_untouched(rows):
    shipments = shipped(*rows)
    before = shipments.copy()
    backwards = fedex_rfm(shipments.iloc[::-1].reset_index(drop=True))
    pd.testing.assert_frame_equal(fedex_rfm(shipments), backwards)
    pd.testing.assert_frame_equal(shipments, before)


@given(st.integers(1, 10**9))
def test_the_target_is_the_least_growth_that_changes_the_band(frequency):
    row = growth_target(frequency).loc[0]
    if row["band"] == "very high":
        assert frequency >= 11
    else:
        reached = round(frequency * (1 + row["growth"]))
        assert growth_target(reached).loc[0, "band"] != row["band"]
        assert growth_target(reached - 1).loc[0, "band"] == row["band"]


def test_numbers_and_names_may_be_customers():
    shipments = simulate_shippers(30, seed=1).data
    named = shipments.assign(customer_id=shipments["customer_id"].astype("str"))
    by_number, by_name = fedex_rfm(shipments), fedex_rfm(named)
    assert by_number["customer_id"].dtype == np.int64
    assert by_name["frequency"].sum() == by_number["frequency"].sum()


# when misused


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"recency_code": "newest"}, "recency_code must be 'calendar' or 'rank'; got 'newest'"),
        ({"periods": 0}, "periods must be 1 or more; got 0"),
        ({"as_of": "2029-12-31"}, "there are no shipments from 2028-01-01 to 2029-12-31"),
    ],
)
def test_refuses_what_gives_no_half_years(arguments, words):
    with pytest.raises(OutOfRangeError, match=words):
        fedex_rfm(SHIPMENTS, **arguments)


def test_names_missing_columns_and_rows():
    with pytest.raises(MissingColumnsError, match=r"missing \['amount'\]; .* with amount=…"):
        fedex_rfm(SHIPMENTS.rename(columns={"amount": "usd"}))
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no amount: \[0\]"):
        fedex_rfm(shipped(("A", "2024-01-01", None)))


@pytest.mark.parametrize("frequency", [0, -1, 2.5, float("nan"), float("inf"), "many"])
def test_refuses_a_frequency_that_is_in_no_band(frequency):
    with pytest.raises(OutOfRangeError, match="whole numbers of 1 or more; 1 of 2 are not"):
        growth_target(pd.Series([3, frequency], dtype=object))
