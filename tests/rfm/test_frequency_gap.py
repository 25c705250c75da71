"""frequency_gap: who has room and who is leaving, by hand and against hidden dropouts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from crmlab.errors import LaterRowsWarning, OutOfRangeError
from crmlab.lifetime import simulate_purchases
from crmlab.rfm import frequency_gap


def bought(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "date"]).assign(amount=10.0)
    return frame.astype({"date": "datetime64[us]"})


# On 31 March: Slow came on 1 January, 15 February; Gone on each of the first 9 days of January;
# New once; Busy every ten days to the end.
BUSY = pd.date_range("2024-01-01", "2024-03-31", freq="10D")
PURCHASES = bought(
    ("Slow", "2024-01-01"),
    ("Slow", "2024-02-15"),
    ("Slow", "2024-02-15"),
    *(("Gone", f"2024-01-0{day}") for day in range(1, 10)),
    ("New", "2024-02-29"),
    *(("Busy", day) for day in BUSY),
)

# by hand


def test_a_slow_customer_has_room_and_a_quick_one_gone_silent_is_a_sign_of_churn():
    table = frequency_gap(PURCHASES, per_week=1).set_index("customer_id")
    assert table["reading"].to_dict() == {
        "Busy": "room",
        "Gone": "churn",
        "New": "unknown",
        "Slow": "room",
    }
    # Silent for 45 after 45 days with one repeat, and for 82 after 8 days with eight.
    assert table["silence_chance"]["Slow"] == pytest.approx(45 / 90)
    assert table["silence_chance"]["Gone"] == pytest.approx((8 / 90) ** 8)
    assert table["silence_chance"]["Busy"] == 1
    assert np.isnan(table["silence_chance"]["New"])
    assert table["usual_gap_days"].round(2).dropna().to_dict() == {
        "Busy": 10,
        "Gone": 1,
        "Slow": 45,
    }


def test_expectation_is_the_pace_of_all_times_the_weeks_of_each():
    table = frequency_gap(PURCHASES).set_index("customer_id")
    # Repeats 1 + 8 + 0 + 9 over 90 + 90 + 31 + 90 days.
    per_day = 18 / 301
    assert table["expected_frequency"]["Slow"] == pytest.approx(1 + 90 * per_day)
    assert table["gap"]["New"] == pytest.approx(-31 * per_day)
    assert table["reading"]["Busy"] == "as expected"
    assert (table["gap"] + table["expected_frequency"] == table["frequency"]).all()


def test_a_world_of_first_purchases_today_expects_one():
    table = frequency_gap(bought(("A", "2024-01-01"), ("B", "2024-01-01")))
    assert table["expected_frequency"].to_list() == [1, 1]
    assert table["reading"].to_list() == ["as expected"] * 2


def test_a_heavy_buyer_gone_silent_is_a_sign_of_churn_above_all_expectation():
    table = frequency_gap(PURCHASES, per_week=0.1).set_index("customer_id")
    assert table["gap"]["Gone"] > 0
    assert table["reading"]["Gone"] == "churn"
    assert table["reading"]["Busy"] == "as expected"


def test_who_only_brought_something_back_is_unknown():
    refund = bought(("A", "2024-01-01"), ("A", "2024-01-15"), ("R", "2024-01-01"))
    table = frequency_gap(refund.assign(amount=[10.0, 10.0, -5.0]))
    assert table["frequency"].to_list() == [2, 0]
    assert table["reading"].to_list() == ["as expected", "unknown"]


def test_later_purchases_are_left_out_with_a_word():
    with pytest.warns(LaterRowsWarning):
        table = frequency_gap(PURCHASES, as_of="2024-01-31")
    assert table["frequency"].sum() == 1 + 9 + 4


# against the truth


@pytest.mark.curriculum("S60")
@pytest.mark.parametrize("seed", range(20))
def test_room_and_churn_are_told_apart_with_an_auc_above_three_quarters_the_gap_alone_does_less(
    seed,
):
    # A shop of regulars: a purchase in 4 weeks on average, one in 7 repeats the last.
    purchases, truth = simulate_purchases(6_000, rate=(2, 8), dropout=(1, 6), seed=seed)
    table = frequency_gap(purchases, as_of="2025-06-29").merge(truth, on="customer_id")
    below = table[table["reading"].isin(["room", "churn"])]
    gone = below["dropped_out_on"].notna()
    # 3 standard errors of an AUC are at most 3 * sqrt(0.25 / the rarer kind).
    rarer = min(gone.sum(), (~gone).sum())
    error = 3 * np.sqrt(0.25 / rarer)
    assert roc_auc_score(gone, -below["silence_chance"]) >= 0.75 + error
    assert roc_auc_score(gone, -below["gap"]) < roc_auc_score(gone, -below["silence_chance"]) - 0.1


def test_among_customers_who_never_drop_out_a_silence_below_the_chance_is_as_rare_as_it_says():
    # Nobody drops out (a chance of about 1e-6 a purchase), so gaps are exponential and the
    # chance is uniform: P(silence_chance < c) = c, for who had two purchases when it began.
    rng = np.random.default_rng(1)
    n, repeats = 20_000, 3
    gaps = np.ceil(rng.exponential(300, (n, repeats + 1)))
    days = np.cumsum(np.column_stack([np.zeros(n), gaps[:, :repeats]]), axis=1)
    silence = gaps[:, -1]
    # Everybody is seen just before the next purchase: shift them to end on the same day.
    days += (20_000 - silence - days[:, -1])[:, None]
    purchases = pd.DataFrame(
        {
            "customer_id": np.repeat(np.arange(n), repeats + 1),
            "date": np.datetime64("1970-01-01", "us") + days.ravel().astype("m8[D]"),
            "amount": 1.0,
        }
    )
    chances = frequency_gap(purchases, as_of=str(np.datetime64(20_000, "D")))["silence_chance"]
    for c in (0.05, 0.5):
        # 3 standard errors of a share at n, and 0.002 for gaps rounded to days.
        tolerance = 3 * np.sqrt(c * (1 - c) / n) + 0.002
        assert (chances < c).mean() == pytest.approx(c, abs=tolerance)


# for any data

days = st.integers(0, 90).map(lambda day: pd.Timestamp("2024-01-01") + pd.Timedelta(days=day))
purchase_rows = st.lists(st.tuples(st.integers(1, 5), days), min_size=1, max_size=30)


@settings(max_examples=30)
@given(purchase_rows)
def test_row_order_does_not_matter_and_every_customer_gets_a_reading(rows):
    purchases = bought(*rows)
    before = purchases.copy()
    table = frequency_gap(purchases)
    pd.testing.assert_frame_equal(table, frequency_gap(purchases.iloc[::-1]))
    pd.testing.assert_frame_equal(purchases, before)
    assert table["customer_id"].to_list() == sorted(purchases["customer_id"].unique())
    assert table["reading"].isin(["as expected", "room", "churn", "unknown"]).all()
    assert table["silence_chance"].dropna().between(0, 1).all()


# when misused


def test_refuses_an_expectation_of_nothing_and_a_chance_in_percent():
    with pytest.raises(OutOfRangeError, match="per_week must be a finite number above 0; got 0"):
        frequency_gap(PURCHASES, per_week=0)
    with pytest.raises(OutOfRangeError, match="share not a percent; got 5"):
        frequency_gap(PURCHASES, chance=5)
