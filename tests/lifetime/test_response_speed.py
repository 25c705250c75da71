"""response_speed and simulate_delayed_calls: what a late call still saves."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import CrmlabError, EmptyError, OutOfRangeError
from crmlab.lifetime import plot_response_speed, response_speed, simulate_delayed_calls


def calls_of(*groups):
    """Make calls of (delay, customers, left) each."""
    rows = [(delay, k < left) for delay, n, left in groups for k in range(n)]
    return pd.DataFrame(rows, columns=["delay_days", "left"]).astype({"delay_days": "float64"})


# by hand


def test_saved_are_those_who_leave_without_a_call_less_those_with_one():
    table = response_speed(calls_of((14, 20, 10), (1, 10, 2), (None, 10, 6)))
    assert table["delay_days"].tolist() == [1, 14]
    assert table["customers"].tolist() == [10, 20]
    assert table["left"].tolist() == [2, 10]
    assert table["saved"].tolist() == pytest.approx([0.4, 0.1])


def test_the_interval_is_that_of_newcombe_1998():
    # Method 10 of 56/70 against 48/80, table II of the paper: 0.0524 to 0.3339.
    row = response_speed(calls_of((0, 80, 48), (None, 70, 56))).iloc[0]
    assert (round(row["low"], 4), round(row["high"], 4)) == (0.0524, 0.3339)


# for any data


@given(st.permutations(range(30)))
def test_row_order_does_not_matter(order):
    calls = calls_of((0, 10, 2), (7, 10, 5), (None, 10, 6))
    pd.testing.assert_frame_equal(response_speed(calls.iloc[order]), response_speed(calls))


# the truth


@pytest.mark.curriculum("S110")
def test_what_a_call_saves_halves_with_every_half_life_over_twenty_seeds():
    off = []
    for seed in range(20):
        calls, truth = simulate_delayed_calls(6_000, half_life_days=7, seed=seed)
        assert truth["saved"].iloc[[0, 2, 3, 4]].tolist() == pytest.approx(
            [0.3, 0.15, 0.075, 0.3 / 16]
        )
        off.append(response_speed(calls)["saved"].to_numpy() - truth["saved"].to_numpy()[:-1])
    off = np.array(off)
    # The mean of twenty worlds lies within three of its standard errors of the truth.
    assert (np.abs(off.mean(axis=0)) < 3 * off.std(axis=0, ddof=1) / np.sqrt(20)).all()


@pytest.mark.parametrize("world", [{}, {"leaving": 0.9, "reach": 1.0, "half_life_days": 2}])
def test_the_interval_holds_the_truth_in_95_of_100_worlds(covers, few, world):
    # 500 worlds of 50 customers a delay, seed fixed before.
    held = []
    for seed in few:
        calls, truth = simulate_delayed_calls(300, **world, seed=seed)
        table, saved = response_speed(calls), truth["saved"].to_numpy()[:-1]
        held.append((table["low"] <= saved) & (saved <= table["high"]))
    regime = "nearly all leave, soon" if world else "half-life of 7 days"
    for days, each in zip(table["delay_days"], np.transpose(held), strict=True):
        covers(each, "lifetime.response_speed", regime, part=f"after {days:g} days")


def test_where_the_likeliest_to_leave_are_called_first_a_quick_call_looks_useless():
    calls, _ = simulate_delayed_calls(20_000, delays=(0, 14), seed=3)
    by_lot = response_speed(calls)["saved"]
    # Half of the customers leave whatever is done, and they are called at once.
    worst = pd.DataFrame({"delay_days": 0.0, "left": np.ones(10_000, dtype=bool)})
    chosen = response_speed(pd.concat([calls, worst]))["saved"]
    assert by_lot[0] > by_lot[1] > chosen[0]


def test_the_picture_shows_the_frame(ax):
    calls, truth = simulate_delayed_calls(600, seed=1)
    speed = response_speed(calls)
    plot_response_speed(speed, truth=truth, ax=ax)
    assert ax.lines[0].get_ydata().tolist() == speed["saved"].tolist()
    assert len(ax.lines[-2].get_ydata()) == 5


# when misused


def test_a_group_without_a_call_and_one_with_are_needed():
    with pytest.raises(OutOfRangeError, match="everybody was called"):
        response_speed(calls_of((1, 5, 2), (3, 5, 2)))
    with pytest.raises(OutOfRangeError, match="nobody was called"):
        response_speed(calls_of((None, 5, 2)))
    with pytest.raises(OutOfRangeError, match="before its alarm"):
        response_speed(calls_of((-1, 5, 2), (None, 5, 2)))
    with pytest.raises(EmptyError):
        response_speed(calls_of((1, 5, 2)).iloc[:0])
    with pytest.raises(CrmlabError, match="True or False"):
        response_speed(calls_of((1, 5, 2), (None, 5, 2)).assign(left="yes"))


@pytest.mark.parametrize(
    "wrong",
    [{"delays": (1, 1)}, {"delays": ()}, {"delays": (-1,)}, {"leaving": 2}, {"half_life_days": 0}],
)
def test_worlds_that_cannot_be_are_refused(wrong):
    with pytest.raises(OutOfRangeError):
        simulate_delayed_calls(100, **wrong, seed=1)
