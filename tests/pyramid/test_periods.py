"""pyramid_by_period: by hand, for any data, and when misused."""

import pandas as pd
import pytest

from crmlab.errors import BadRowsError, LaterRowsWarning, OutOfRangeError
from crmlab.lifetime.simulate import simulate_purchases
from crmlab.pyramid import pyramid, pyramid_by_period

HALF = {"cuts": [0.5], "names": ["top", "rest"]}


def bought(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "date", "amount"]).astype({"date": "M8[us]"})


# Ann was the best once; Bob is the best of the last month.
PURCHASES = bought(
    ("Ann", "2024-01-31", 90.0), ("Bob", "2024-02-29", 30.0), ("Cy", "2024-03-31", 10.0),
    ("Bob", "2024-03-01", 10.0), ("Bob", "2024-03-31", 5.0),
)  # fmt: skip

# by hand


def test_each_length_has_the_pyramid_of_its_own_purchases():
    table = pyramid_by_period(PURCHASES, months=[2, 1, 3], **HALF)
    assert table["months"].tolist() == [1, 1, 2, 2, 3, 3]
    # (29 Feb, 31 Mar] holds 1 March and not 29 February; (31 Jan, 31 Mar] not 31 January.
    assert table["spend"].tolist() == [15.0, 10.0, 45.0, 10.0, 135.0, 10.0]
    assert table["customers"].tolist() == [1, 1, 1, 1, 2, 1]
    assert table.columns[:2].tolist() == ["months", "tier"]
    assert table.index.tolist() == [*range(6)]


def test_same_tier_says_who_stands_there_over_the_longest_period_too():
    table = pyramid_by_period(PURCHASES, months=[1, 3], **HALF)
    assert table["same_tier"].tolist() == [1.0, 1.0, 1.0, 1.0]
    earlier = pyramid_by_period(PURCHASES.query("date < '2024-03-31'"), months=[1, 2], **HALF)
    assert earlier.query("months == 1")["same_tier"].iloc[0] == 0  # Bob, but Ann over both


def test_a_tier_of_nobody_agrees_with_nobody():
    table = pyramid_by_period(PURCHASES, months=[1])
    assert table.query("tier == 'VIP'")["same_tier"].isna().all()


def test_as_of_moves_the_end_and_counts_what_comes_later():
    with pytest.warns(LaterRowsWarning, match=r"3 row\(s\) after 2024-02-29"):
        table = pyramid_by_period(PURCHASES, months=[1], as_of="2024-02-29", **HALF)
    # The month before 29 February ends on 31 January, so Ann's purchase of that day is outside.
    assert table["spend"].tolist() == [30.0, 0.0]


# for any data


def test_a_length_that_covers_everything_is_the_pyramid():
    purchases, _ = simulate_purchases(300, seed=2)
    reach = (purchases["date"].max() - purchases["date"].min()) // pd.Timedelta(days=30.4375) + 1
    table = pyramid_by_period(purchases.sample(frac=1, random_state=1), months=[reach])
    spend = purchases.groupby("customer_id")["amount"].sum()
    whole = table.drop(columns=["months", "same_tier"])
    pd.testing.assert_frame_equal(whole, pyramid(spend))
    assert (table["same_tier"] == 1).all()


# when misused


def test_refuses_a_period_without_purchases_and_no_period():
    late = {"as_of": "2024-12-31"}
    with pytest.raises(OutOfRangeError, match=r"nothing was bought in the 3 month\(s\) up to 2024"):
        pyramid_by_period(PURCHASES, months=[3], **late)
    with pytest.raises(OutOfRangeError, match="number of lengths must be 1 or more"):
        pyramid_by_period(PURCHASES, months=[])
    with pytest.raises(OutOfRangeError, match="every length in months must be 1 or more; got 0"):
        pyramid_by_period(PURCHASES, months=[0, 3])


def test_refuses_a_look_longer_than_the_log():
    # From 31 January to 31 March: three months hold every row, two only what came after 31 January.
    asked = (
        r"1000 months reach back beyond the first row, 2024-01-31: 3 month\(s\) up to 2024-03-31"
    )
    with pytest.raises(OutOfRangeError, match=asked):
        pyramid_by_period(PURCHASES, months=[1, 1000])
    with pytest.raises(OutOfRangeError, match="Leave out lengths above 3"):
        pyramid_by_period(PURCHASES, months=[4])


def test_lists_the_rows_without_an_amount():
    with pytest.raises(BadRowsError, match=r"no amount: \[1\]"):
        pyramid_by_period(bought(("Ann", "2024-01-31", 1.0), ("Ann", "2024-01-31", None)))
