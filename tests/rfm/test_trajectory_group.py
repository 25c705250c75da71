"""trajectory_group, trajectories and simulate_shippers: planted trajectories are found."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.rfm import (
    fedex_rfm,
    plot_trajectories,
    simulate_shippers,
    trajectories,
    trajectory_group,
)


def courses(**frequencies):
    """One row per customer and period, from the frequencies of each customer."""
    rows = [(c, t + 1, f) for c, row in frequencies.items() for t, f in enumerate(row)]
    return pd.DataFrame(rows, columns=["customer_id", "period", "frequency"])


FIVE = courses(
    Best=[40, 40, 40, 40], Down=[12, 8, 5, 2], Hump=[2, 9, 9, 2], Up=[2, 5, 8, 12], V=[9, 2, 2, 9]
)

# by hand


@pytest.mark.curriculum("S63")
def test_the_top_is_taken_first_and_the_rest_by_trajectory():
    table = trajectory_group(FIVE, top=0.2)
    names = ["top 20%", "fading", "other", "high growth", "revived"]
    assert table["group"].to_list() == names
    assert table["level"].to_list() == [40.0, 6.75, 5.5, 6.75, 5.5]


@pytest.mark.curriculum("S63")
def test_whoever_is_at_the_top_is_not_asked_for_a_trajectory():
    growing = courses(A=[10, 20, 40, 80], B=[1, 2, 4, 8])
    assert trajectory_group(growing, top=0.5)["group"].to_list() == ["top 50%", "high growth"]


def test_slope_and_bend_are_weights_of_orthonormal_polynomials():
    # log(1 + value) = 0, 1, 2, 3 and 1, 0, 0, 1 by choice of the values.
    table = trajectory_group(courses(A=np.expm1([0, 1, 2, 3]), B=np.expm1([1, 0, 0, 1])))
    # Slope: sum of (-3, -1, 1, 3) / sqrt(20) times the values; bend: (1, -1, -1, 1) / 2.
    assert table["slope"].to_list() == pytest.approx([10 / np.sqrt(20), 0])
    assert table["bend"].to_list() == pytest.approx([0, 1])


@pytest.mark.parametrize("n_periods", [3, 4, 5, 9])
def test_a_slope_is_positive_where_it_rises_whatever_the_number_of_periods(n_periods):
    up = range(1, n_periods + 1)
    table = trajectory_group(courses(A=up, B=[*up][::-1]), top=0.1)
    assert table["group"].to_list() == ["high growth", "fading"]


def test_a_course_that_hardly_moves_is_other_unless_one_asks_for_less():
    flat = courses(A=[5, 5, 6, 6])
    assert trajectory_group(flat)["group"].to_list() == ["other"]
    assert trajectory_group(flat, least=0)["group"].to_list() == ["high growth"]


def test_equal_levels_at_the_cut_are_told_apart_by_the_customer_id():
    # Enough of them that a sort which is not stable would mix them up.
    equal = courses(**{f"c{number:03}": [number % 2 + 1] * 3 for number in range(200)})
    first = trajectory_group(equal.iloc[::-1], top=0.1).query("group == 'top 10%'")
    assert first["customer_id"].to_list() == [f"c{number:03}" for number in range(1, 41, 2)]


def test_means_by_group_and_period_with_their_standard_error():
    groups = pd.DataFrame({"customer_id": [*"AB"], "group": ["up", "up"]})
    table = trajectories(courses(A=[1, 2], B=[3, 6]), groups, value="frequency")
    expected = pd.DataFrame(
        {
            "group": ["up", "up"],
            "period": [1, 2],
            "customers": [2, 2],
            "mean": [2.0, 4.0],
            "standard_error": [1.0, 2.0],
        }
    )
    pd.testing.assert_frame_equal(table, expected)


# against the truth


@pytest.mark.curriculum("S63")
@pytest.mark.parametrize("seed", range(20))
def test_nine_in_ten_planted_groups_are_found(seed):
    shipments, truth = simulate_shippers(1_000, seed=seed)
    periods = fedex_rfm(shipments, as_of="2024-12-31")
    for value in ("frequency", "monetary"):
        found = trajectory_group(periods, value=value).merge(truth, on="customer_id")
        # 3 standard errors of a share of 0.9 at n = 1,000 are 0.028.
        assert (found["group_x"] == found["group_y"]).mean() >= 0.9 + 0.028


def test_more_periods_show_the_same_groups():
    shipments, truth = simulate_shippers(2_000, periods=7, seed=7)
    periods = fedex_rfm(shipments, as_of="2024-12-31", periods=7)
    found = trajectory_group(periods).merge(truth, on="customer_id")
    assert (found["group_x"] == found["group_y"]).mean() >= 0.9 + 0.02


# the simulator, sentence by sentence


def test_groups_are_a_tenth_and_equal_parts_of_the_rest():
    truth = simulate_shippers(1_001, seed=1).truth
    sizes = truth["group"].value_counts().to_dict()
    assert sizes == {"top 10%": 100, "high growth": 301, "revived": 300, "fading": 300}


def test_columns_have_the_documented_dtypes_and_days_stay_inside_the_half_years():
    shipments, truth = simulate_shippers(200, periods=3, end="2024-06-30", seed=1)
    expected = {"customer_id": "int64", "date": "datetime64[us]", "amount": "float64"}
    assert shipments.dtypes.astype(str).to_dict() == expected
    expected = {"customer_id": "int64", "group": "str", "level": "float64"}
    assert truth.dtypes.astype(str).to_dict() == expected
    assert shipments["date"].min() == pd.Timestamp("2023-01-01")
    assert shipments["date"].max() == pd.Timestamp("2024-06-30")
    assert shipments.equals(shipments.sort_values(["customer_id", "date"], kind="stable"))


def test_parcels_follow_the_level_and_the_course_of_the_group():
    shipments, truth = simulate_shippers(6_000, seed=2)
    periods = fedex_rfm(shipments, as_of="2024-12-31").merge(truth, on="customer_id")
    swing = {
        "top 10%": [0, 0, 0, 0],
        "high growth": [-1, -1 / 3, 1 / 3, 1],
        "revived": [1, -1 / 3, -1 / 3, 1],
        "fading": [1, 1 / 3, -1 / 3, -1],
    }
    for (group, period), rows in periods.groupby(["group", "period"]):
        expected = rows["level"].sum() * np.exp(swing[group][period - 1])
        # A sum of Poisson counts has its mean as variance.
        assert rows["frequency"].sum() == pytest.approx(expected, abs=3.5 * np.sqrt(expected))


def test_levels_and_amounts_have_the_documented_medians_and_sigmas():
    shipments, truth = simulate_shippers(9_000, seed=3)
    logs = np.log(truth["level"])
    for top, median in ((True, 50), (False, 8)):
        some = logs[(truth["group"] == "top 10%") == top]
        n = len(some)
        assert some.mean() == pytest.approx(np.log(median), abs=3 * 0.35 / np.sqrt(n))
        assert some.std() == pytest.approx(0.35, abs=3 * 0.35 / np.sqrt(2 * n))
    amounts = np.log(shipments["amount"])
    assert amounts.mean() == pytest.approx(np.log(40), abs=3 * 0.5 / np.sqrt(len(amounts)))


# for any data

counts = st.lists(st.lists(st.integers(0, 50), min_size=4, max_size=4), min_size=1, max_size=8).map(
    lambda rows: courses(**{f"c{number}": row for number, row in enumerate(rows)})
)


@settings(max_examples=30)
@given(counts, st.floats(0.01, 1))
def test_everybody_gets_one_group_and_the_top_has_the_size_asked_for(periods, top):
    table = trajectory_group(periods, top=top)
    n = periods["customer_id"].nunique()
    first = table["group"].str.startswith("top")
    assert table["customer_id"].to_list() == sorted(periods["customer_id"].unique())
    assert first.sum() == int(top * n + 0.5)
    if 0 < first.sum() < n:
        assert table["level"][first].min() >= table["level"][~first].max()


@settings(max_examples=30)
@given(counts)
def test_row_order_does_not_matter_and_the_input_is_untouched(periods):
    before = periods.copy()
    backwards = trajectory_group(periods.iloc[::-1].reset_index(drop=True))
    pd.testing.assert_frame_equal(trajectory_group(periods), backwards)
    pd.testing.assert_frame_equal(periods, before)


# when misused


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"top": 10}, "share not a percent; got 10"),
        ({"least": -1}, "least must be 0 or more; got -1"),
        ({"periods": FIVE.query("period < 3")}, "3 periods or more; got 2"),
        ({"periods": FIVE.assign(frequency=-1)}, "frequency must be 0 or more; the least is -1"),
    ],
)
def test_refuses_what_shows_no_trajectory(arguments, words):
    with pytest.raises(OutOfRangeError, match=words):
        trajectory_group(**{"periods": FIVE, **arguments})


def test_lists_holes_and_repeated_periods():
    with pytest.raises(BadRowsError, match=r"1 customer\(s\) lack a period, such as 'Best'"):
        trajectory_group(FIVE.iloc[1:])
    with pytest.raises(BadRowsError, match=r"1 row\(s\) repeat a customer's period: \[20\]"):
        trajectory_group(pd.concat([FIVE, FIVE.head(1)], ignore_index=True))
    with pytest.raises(MissingColumnsError, match=r"missing \['monetary'\]; .* with value=…"):
        trajectory_group(FIVE, value="monetary")


def test_means_need_one_group_for_every_customer():
    groups = trajectory_group(FIVE)
    with pytest.raises(BadRowsError, match=r"4 row\(s\) of customers without a group: \[0, 1"):
        trajectories(FIVE, groups.iloc[1:], value="frequency")
    twice = pd.concat([groups, groups.head(1)], ignore_index=True)
    with pytest.raises(BadRowsError, match=r"1 row\(s\) give a customer a second group: \[5\]"):
        trajectories(FIVE, twice, value="frequency")


def test_refuses_a_world_without_customers_or_with_two_periods():
    with pytest.raises(OutOfRangeError, match="n must be 1 or more; got 0"):
        simulate_shippers(0, seed=1)
    with pytest.raises(OutOfRangeError, match="periods must be 3 or more; got 2"):
        simulate_shippers(9, periods=2, seed=1)


# the picture


def test_draws_a_line_per_group_with_a_marker_of_its_own_and_its_name_at_the_end(ax):
    table = trajectories(FIVE, trajectory_group(FIVE, top=0.2), value="frequency")
    assert plot_trajectories(table, label="Parcels per half-year", ax=ax) is ax
    lines = [bars.lines[0] for bars in ax.containers]
    assert [line.get_ydata().tolist() for line in lines[:2]] == [[12, 8, 5, 2], [2, 5, 8, 12]]
    assert len({line.get_marker() for line in lines}) == 5
    heights = {text.get_text(): text.xyann[1] for text in ax.texts}
    assert {*heights} == {"fading", "high growth", "other", "revived", "top 20%"}
    gaps = np.diff(sorted(heights.values()))
    low, high = ax.get_ylim()
    assert gaps.min() >= 0.059 * (high - low)
    assert ax.get_ylabel() == "Parcels per half-year"


def test_draws_on_the_current_axes_and_says_which_frame_it_wants(ax):
    table = trajectories(FIVE, trajectory_group(FIVE), value="frequency")
    assert plot_trajectories(table.iloc[::-1]) is ax
    with pytest.raises(MissingColumnsError, match=r"missing \['mean'\]"):
        plot_trajectories(table.drop(columns="mean"))
