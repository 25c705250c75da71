"""return_probability: by hand, against the law, for any data, and when misused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, LaterRowsWarning, MissingColumnsError, OutOfRangeError
from crmlab.lifetime import simulate_purchases
from crmlab.rfm import plot_return_probability, return_probability, simulate_supermarket


def bought(*rows):
    columns = ["customer_id", "date"]
    return pd.DataFrame(rows, columns=columns).astype({"date": "datetime64[us]"})


# Absences at the end of 31 January: Ann 9 days, then 21 open; Bob 20 open; Cy 5, then 0 open.
PURCHASES = bought(
    ("Ann", "2024-01-01"),
    ("Ann", "2024-01-10 18:00"),
    ("Bob", "2024-01-11"),
    ("Cy", "2024-01-26 09:00"),
    ("Cy", "2024-01-31 08:00"),
    ("Cy", "2024-01-31 20:00"),
)

# by hand


def test_of_three_absences_of_more_than_a_week_one_ended():
    expected = pd.DataFrame(
        {
            "weeks": [1.0],
            "horizon_weeks": [2.0],
            "absences": [3],
            "returned": [1],
            "return_probability": [1 / 3],
        }
    )
    table = return_probability(PURCHASES, weeks=1)
    pd.testing.assert_frame_equal(table[[*expected.columns]], expected)
    # Nothing is cut off before the return: Wilson's interval for 1 of 3 (Newcombe 1998).
    assert table[["low", "high"]].to_numpy().ravel() == pytest.approx([0.0615, 0.7923], abs=1e-4)


def test_an_open_absence_counts_as_long_as_it_was_watched():
    # Lengths 2 (ended), 4 (open), 6 (ended), 8 (open): stay = 3/4 * 1/2.
    purchases = bought(
        ("A", "2024-01-03"),
        ("A", "2024-01-05"),
        ("A", "2024-01-11"),
        ("B", "2024-01-07"),
        ("C", "2024-01-03"),
    )
    # A's last absence began on the last day and is 0 days long: no absence of more than 0 days.
    table = return_probability(purchases, weeks=0)
    assert table.loc[0, ["absences", "returned"]].to_list() == [4, 2]
    assert table.loc[0, "return_probability"] == pytest.approx(1 - 3 / 4 * 1 / 2)
    # Each absence adds what was expected of it, 1/(4*3) up to day 2 and 1/(2*1) up to day 6, less
    # 1/3 or 1/1 where it ended; A has two of them, and three customers are 3/2 of two.
    stay = 3 / 8
    a, b, c = (1 / 12 - 1 / 3) + (1 / 12 + 1 / 2 - 1), 1 / 12, 1 / 12 + 1 / 2
    worth = stay * (1 - stay) / (stay**2 * (a**2 + b**2 + c**2) * 3 / 2)
    z = 1.959964
    middle = (1 - stay + z**2 / (2 * worth)) / (1 + z**2 / worth)
    reach = np.sqrt(stay * (1 - stay) / worth + z**2 / (4 * worth**2)) * z / (1 + z**2 / worth)
    assert table.loc[0, "low"] == pytest.approx(middle - reach, abs=1e-6)
    assert table.loc[0, "high"] == pytest.approx(middle + reach, abs=1e-6)


def test_more_than_a_week_is_the_eighth_day_and_a_horizon_ends_with_its_last_day():
    # One absence of exactly 14 days that ended, and one open for 14.
    purchases = bought(("A", "2024-01-01"), ("A", "2024-01-15"), ("B", "2024-01-01"))
    within = return_probability(purchases, weeks=[1, 13 / 7, 2], horizon_weeks=1)
    assert within["absences"].to_list() == [2, 2, 0]
    assert within.loc[0, "return_probability"] == 0.5
    # Beyond day 14 nobody was watched, so what happens up to day 20 is not known.
    assert within["return_probability"].isna().to_list() == [False, True, True]
    short = return_probability(purchases, weeks=1, horizon_weeks=6 / 7)
    assert short.loc[0, ["returned", "return_probability"]].to_list() == [0, 0]


def test_nobody_or_everybody_returning_still_leaves_an_interval():
    lonely = bought(*((name, "2024-01-01") for name in "ABCD"), ("E", "2024-01-15"))
    none = return_probability(lonely, weeks=1).loc[0]
    assert (none["return_probability"], none["low"]) == (0, 0)
    assert none["high"] == pytest.approx(0.4899, abs=1e-4)  # Wilson for 0 of 4
    both = bought(*((n, d) for n in "AB" for d in ("2024-01-01", "2024-01-15")))
    everybody = return_probability(both, weeks=1).loc[0]
    assert (everybody["return_probability"], everybody["high"]) == (1, 1)
    assert everybody["low"] == pytest.approx(0.3424, abs=1e-4)  # Wilson for 2 of 2


def test_the_default_asks_after_12_and_24_weeks_and_nobody_so_long_away_is_no_estimate():
    table = return_probability(PURCHASES)
    assert table["weeks"].to_list() == [12, 24]
    assert table["absences"].to_list() == [0, 0]
    assert table[["return_probability", "low", "high"]].isna().to_numpy().all()


def test_an_earlier_day_forgets_what_came_later_and_says_so():
    with pytest.warns(LaterRowsWarning, match=r"3 row\(s\) after 2024-01-20"):
        table = return_probability(PURCHASES, weeks=1, as_of="2024-01-20")
    known = PURCHASES[PURCHASES["date"] < "2024-01-21"]
    expected = return_probability(known, weeks=1, as_of="2024-01-20")
    pd.testing.assert_frame_equal(table, expected)
    assert table.loc[0, "absences"] == 3


# against the law


@pytest.mark.curriculum("S59")
def test_10_percent_return_after_12_weeks_and_5_percent_after_24_within_half_a_point():
    visits = simulate_supermarket(45_000, weeks=520, seed=59).data
    table = return_probability(visits, weeks=[12, 24])
    assert table.loc[0, "absences"] >= 40_000
    # Half a point is 3.3 standard errors of 10% and 4.6 of 5% at 40,000.
    assert table["return_probability"].to_numpy() == pytest.approx([0.10, 0.05], abs=0.005)


@pytest.mark.curriculum("S59")
def test_nobody_returns_after_52_weeks():
    visits = simulate_supermarket(2_000, weeks=200, seed=3).data
    table = return_probability(visits, weeks=52, horizon_weeks=52).loc[0]
    assert table["absences"] > 1_000
    assert table["returned"] == 0


def test_counting_open_absences_as_losses_would_be_wrong_and_this_is_not():
    # A short window cuts off most returns: 26 weeks, true chance within 8 weeks of 12 weeks away:
    # 1 - S(20) / S(12) with S(w) = q / (1 - 1.2 / w), so 1 - 0.90 / 0.94.
    truth = 1 - 0.90 / 0.94
    visits = simulate_supermarket(60_000, weeks=26, seed=8).data
    row = return_probability(visits, weeks=12, horizon_weeks=8).loc[0]
    error = (row["high"] - row["low"]) / 2 / 1.96
    assert row["return_probability"] == pytest.approx(truth, abs=3 * error)
    assert row["returned"] / row["absences"] < truth - 3 * error


def test_in_500_small_worlds_the_interval_holds_the_truth_as_often_as_it_says(covers, few):
    # Half a year, so that many absences are cut off; the truth as in the test above, from 6
    # weeks on: p(6) = 1 - q / S(6) is the chance ever, and within 8 weeks 1 - S(14) / S(6).
    lapse = 0.05
    still = lapse + (1 - lapse) * np.exp(-np.log(9 * (1 - lapse) / lapse) / 2)
    truth = 1 - lapse / (1 - 1.2 / 14) / still
    held = []
    for seed in few:
        visits = simulate_supermarket(200, weeks=30, seed=seed).data
        row = return_probability(visits, weeks=6, horizon_weeks=8).loc[0]
        held.append(row["low"] <= truth <= row["high"])
    covers(held, "rfm.return_probability", "customers alike")


def test_in_500_worlds_of_unlike_customers_the_interval_holds_the_truth_too(covers, few):
    # Frequent buyers have many absences that resemble each other; the truth is that of 60,000.
    asked = {"weeks": 4, "horizon_weeks": 8}
    many = simulate_purchases(60_000, seed=1_000_000).data
    truth = return_probability(many, **asked)["return_probability"].iloc[0]
    held = []
    for seed in few:
        row = return_probability(simulate_purchases(300, seed=seed).data, **asked).loc[0]
        held.append(row["low"] <= truth <= row["high"])
    # Absences taken as independent gave 81%.
    covers(held, "rfm.return_probability", "customers unlike")


# for any data

days = st.integers(0, 60).map(lambda day: pd.Timestamp("2024-01-01") + pd.Timedelta(days=day))
purchase_rows = st.lists(st.tuples(st.integers(1, 5), days), min_size=1, max_size=30)


@settings(max_examples=30)
@given(purchase_rows, st.lists(st.floats(0, 10), min_size=1, max_size=4))
def test_the_chance_is_a_share_inside_its_interval(rows, weeks):
    table = return_probability(bought(*rows), weeks=weeks)
    known = table.dropna()
    assert table["weeks"].to_list() == weeks
    assert (table["returned"] <= table["absences"]).all()
    assert known["return_probability"].between(known["low"], known["high"]).all()
    assert known["low"].ge(0).all()
    assert known["high"].le(1).all()


@settings(max_examples=30)
@given(purchase_rows)
def test_row_order_does_not_matter_and_the_input_is_untouched(rows):
    purchases = bought(*rows)
    before = purchases.copy()
    backwards = return_probability(purchases.iloc[::-1], weeks=[0, 1])
    pd.testing.assert_frame_equal(return_probability(purchases, weeks=[0, 1]), backwards)
    pd.testing.assert_frame_equal(purchases, before)


# when misused


@pytest.mark.parametrize("weeks", [-1, [], [12, float("nan")], [[1], [2]]])
def test_refuses_weeks_that_are_no_numbers_of_weeks(weeks):
    with pytest.raises(OutOfRangeError, match="weeks must be numbers of 0 or more"):
        return_probability(PURCHASES, weeks=weeks)


def test_refuses_a_horizon_of_nothing_and_a_frame_without_rows():
    with pytest.raises(OutOfRangeError, match="horizon_weeks must be a finite number above 0"):
        return_probability(PURCHASES, horizon_weeks=0)
    with pytest.raises(OutOfRangeError, match="there are no rows"):
        return_probability(PURCHASES.head(0))


def test_names_missing_columns_and_rows():
    with pytest.raises(MissingColumnsError, match=r"missing \['date'\]; .* with date=…"):
        return_probability(PURCHASES.rename(columns={"date": "day"}))
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no customer_id: \[0\]"):
        return_probability(bought((None, "2024-01-01"), ("A", "2024-01-01")))


# the picture


@pytest.fixture
def curve():
    columns = {"weeks": [24.0, 12.0], "return_probability": [0.06, 0.11]}
    return pd.DataFrame({**columns, "low": [0.04, 0.08], "high": [0.09, 0.15]})


def test_draws_the_curve_in_order_of_weeks_and_marks_the_two_points_of_the_deck(ax, curve):
    assert plot_return_probability(curve, ax=ax) is ax
    measured, rule, *deck = ax.lines
    assert measured.get_xydata().tolist() == [[12, 0.11], [24, 0.06]]
    x, y = rule.get_data()
    assert x * y == pytest.approx(1.2)
    assert (x[0], x[-1]) == (12, 24)  # of more or less the course says nothing
    assert [point.get_xydata().tolist() for point in deck] == [[[12, 0.10]], [[24, 0.05]]]
    assert [text.get_text() for text in ax.texts] == ["12 weeks: 10%", "24 weeks: 5%"]


def test_draws_the_curve_alone_on_the_current_axes_where_the_deck_is_not_wanted(ax, curve):
    assert plot_return_probability(curve, deck=False) is ax
    assert len(ax.lines) == 1
    assert "weeks" in ax.get_xlabel()


def test_says_which_frame_it_draws(curve):
    with pytest.raises(MissingColumnsError, match=r"missing \['high'\]"):
        plot_return_probability(curve.drop(columns="high"))
