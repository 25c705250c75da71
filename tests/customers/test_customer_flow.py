"""customer_flow: start + new + won back - lost = end, on any file."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.customers import customer_flow
from crmlab.data import load
from crmlab.errors import EmptyError, OutOfRangeError


def log(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


# by hand


def test_new_won_back_and_lost_by_hand():
    bought = log(
        (1, "2024-01-31", 5.0), (2, "2024-01-03", 5.0), (1, "2024-02-10", 5.0),
        (3, "2024-02-20", 5.0), (2, "2024-03-05", 5.0), (3, "2024-03-31", -5.0),
    )  # fmt: skip
    table = customer_flow(bought, window=1)
    assert table[["start", "new", "won_back", "lost", "end"]].to_numpy().tolist() == [
        [2, 1, 0, 1, 2],  # February: 3 comes, 2 goes
        [2, 0, 1, 2, 1],  # March: 2 is back; 1 and 3 are lost, a refund is no purchase
    ]


# against the formula


def test_it_closes_to_zero_and_joins_up_on_hehua():
    for window, step in ((12, 1), (6, 3), (3, 3)):
        table = customer_flow(load("hehua_purchases"), window=window, step=step)
        assert (
            table["start"] + table["new"] + table["won_back"] - table["lost"] == table["end"]
        ).all()
        assert (table["start"].iloc[1:].to_numpy() == table["end"].iloc[:-1]).all()


def test_the_stock_is_that_of_a_plain_count():
    bought = load("hehua_purchases")
    bought = bought[bought["amount"] > 0]
    for row in customer_flow(bought, window=6).itertuples():
        begin = row.to_day - pd.offsets.MonthEnd(6)
        within = (bought["date"] > begin + pd.Timedelta("23:59:59")) & (
            bought["date"] <= row.to_day + pd.Timedelta("23:59:59")
        )
        assert row.end == bought.loc[within, "customer_id"].nunique()


# for any data


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 400), st.floats(-9, 9)), min_size=30),
    st.integers(1, 4),
)
def test_it_closes_for_any_purchases(rows, window):
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "amount"])
    frame.loc[0, ["day", "amount"]] = [0, 1.0]
    frame.loc[1, "day"] = 399
    frame["date"] = np.datetime64("2023-01-01", "us") + frame["day"].to_numpy("m8[D]")
    table = customer_flow(frame, window=window)
    assert (table["start"] + table["new"] + table["won_back"] - table["lost"] == table["end"]).all()
    again = customer_flow(frame.sample(frac=1, random_state=1), window=window)
    pd.testing.assert_frame_equal(table, again)


# when misused


def test_a_window_shorter_than_a_step_would_miss_who_came_and_went():
    with pytest.raises(OutOfRangeError, match="came and went"):
        customer_flow(load("hehua_purchases"), window=1, step=3)


def test_a_file_too_short_says_how_long_it_must_be():
    with pytest.raises(OutOfRangeError, match="a period needs 13 months"):
        customer_flow(log((1, "2024-01-01", 1.0), (1, "2024-03-01", 1.0)))


def test_a_file_of_refunds_is_not_called_too_short():
    with pytest.raises(EmptyError, match="nobody bought"):
        customer_flow(log((1, "2023-01-01", -1.0), (1, "2024-03-01", -1.0)))
