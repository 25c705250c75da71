"""quadrants and quadrant_summary: by hand, for any data, and when misused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.lifetime.simulate import simulate_purchases
from crmlab.members import quadrant_summary, quadrants, repurchase


def members(*rows):
    frame = pd.DataFrame(rows, columns=["returns_per_year", "spend_per_return"], dtype="float64")
    return frame.assign(returns=frame["returns_per_year"].astype("int64"))


# Lines at 4 returns and 50: means of (8, 8, 2, 2, 0) and of (80, 20, 80, 20).
FIVE = members((8, 80), (8, 20), (2, 80), (2, 20), (0, None))

# by hand


@pytest.mark.curriculum("S85")
def test_quadrants_count_against_the_clock_from_both_high():
    placed = quadrants(FIVE)
    assert placed["quadrant"].tolist() == [1, 4, 2, 3, 3]
    assert placed[["frequency_line", "ticket_line"]].drop_duplicates().to_numpy().tolist() == [
        [4, 50]
    ]
    names = ["gold", "often but small", "rare but large", "both low", "both low"]
    assert placed["quadrant_name"].tolist() == names
    pd.testing.assert_frame_equal(placed[FIVE.columns], FIVE)


def test_high_is_strictly_above_the_line():
    same = quadrants(members((3, 10), (3, 10)))
    assert same["quadrant"].tolist() == [3, 3]


def test_one_outlier_moves_the_mean_and_everybody_with_it_but_not_the_median():
    usual = [(4, 10), (5, 20), (6, 30), (7, 40)]
    rich = members(*usual, (5, 10_000))
    assert quadrants(rich)["quadrant"].isin([1, 2]).sum() == 1
    assert quadrants(rich, center="median")["ticket_line"].iloc[0] == 30
    assert quadrants(rich, center="median")["quadrant"].tolist() == [3, 3, 4, 1, 2]


def test_a_base_in_which_nobody_returned_is_low_all_over():
    placed = quadrants(members((0, None), (0, None)))
    assert placed["quadrant"].tolist() == [3, 3]
    summary = quadrant_summary(placed)
    assert summary["customers"].tolist() == [0, 0, 2, 0]
    assert summary["share_of_spend"].isna().all()


def test_the_summary_has_heads_money_and_strategy_of_all_four():
    summary = quadrant_summary(quadrants(FIVE))
    assert summary["quadrant"].tolist() == [1, 2, 3, 4]
    assert summary["customers"].tolist() == [1, 1, 2, 1]
    assert summary["share_of_customers"].tolist() == [0.2, 0.2, 0.4, 0.2]
    assert summary["returns"].tolist() == [8, 2, 2, 8]
    assert summary["spend"].tolist() == [640, 160, 40, 160]
    assert summary["share_of_spend"].tolist() == [0.64, 0.16, 0.04, 0.16]
    assert summary.loc[1, "strategy"] == "contact more often"
    assert "protect" in summary.loc[0, "strategy"]


# for any data


@pytest.mark.curriculum("S85")
@pytest.mark.parametrize("center", ["mean", "median"])
def test_four_parts_sum_to_n_and_the_lines_stand_at_the_center(center):
    table = repurchase(simulate_purchases(500, seed=3).data)
    placed = quadrants(table, center=center)
    assert quadrant_summary(placed)["customers"].sum() == 500
    assert placed["frequency_line"].iloc[0] == table["returns_per_year"].agg(center)
    assert placed["ticket_line"].iloc[0] == table["spend_per_return"].agg(center)
    gold = placed[placed["quadrant"] == 1]
    assert len(gold) > 0
    assert (gold["returns_per_year"] > gold["frequency_line"]).all()
    assert (gold["spend_per_return"] > gold["ticket_line"]).all()


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 99) | st.none()), min_size=1),
    st.sampled_from(["mean", "median"]),
)
def test_row_order_does_not_matter_and_the_input_is_untouched(rows, center):
    table = members(*rows)
    before = table.copy()
    backwards = quadrants(table.iloc[::-1], center=center).iloc[::-1]
    pd.testing.assert_frame_equal(quadrants(table, center=center), backwards)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("price", [9.9, 0.1, 19.99, 1e9 + 0.01])
@pytest.mark.parametrize("center", ["mean", "median"])
def test_where_all_pay_the_same_nobody_is_above_the_line(price, center):
    days = pd.date_range("2024-01-01", periods=7, freq="7D")
    rows = [(who, day, price) for who in range(1, 8) for day in days[: who % 3 + 2]]
    purchases = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    members = repurchase(purchases)
    assert (members["spend_per_return"] == members["spend_per_return"].iloc[0]).all()
    assert not quadrants(members, center=center)["quadrant"].isin([1, 2]).any()


# when misused


def test_refuses_another_center_and_no_members():
    with pytest.raises(
        OutOfRangeError, match=r"center must be one of \['mean', 'median'\]; got 'mode'"
    ):
        quadrants(FIVE, center="mode")
    with pytest.raises(OutOfRangeError, match="number of members must be 1 or more"):
        quadrants(FIVE.head(0))


def test_says_which_frame_it_wants_and_which_rows_have_a_gap():
    with pytest.raises(MissingColumnsError, match=r"missing \['spend_per_return'\]"):
        quadrants(FIVE.drop(columns="spend_per_return"))
    with pytest.raises(MissingColumnsError, match=r"missing \['quadrant'\]"):
        quadrant_summary(FIVE)
    with pytest.raises(BadRowsError, match=r"no returns_per_year: \[1\]"):
        quadrants(FIVE.head(2).assign(returns_per_year=[1.0, np.nan]))
