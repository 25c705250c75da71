"""The pictures and widgets of lifetime: what they show, and what they refuse."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from crmlab import lifetime as lt
from crmlab.errors import OutOfRangeError

CDNOW = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}


def test_survival_steps_pass_through_the_frame_and_numbers_at_risk_stand_below(ax):
    frame = lt.kaplan_meier(pd.DataFrame({"duration": [1, 2, 3, 4], "ended": [1, 0, 1, 1]}))
    lt.plot_survival(frame, ax=ax)
    line = ax.lines[0]
    assert line.get_ydata().tolist() == frame["survival"].tolist()
    assert ax.get_xticklabels()[0].get_text().splitlines() == ["0", "4"]


def test_cohorts_that_are_not_complete_stay_white(ax):
    days = pd.to_datetime(["2024-01-05", "2024-02-09", "2024-03-20"])
    table = lt.cohort_table(pd.DataFrame({"customer_id": [1, 1, 2], "date": days, "amount": 1.0}))
    lt.plot_cohorts(table, ax=ax)
    shown = np.ma.filled(ax.images[0].get_array(), np.nan)
    assert np.isfinite(shown).sum() == table["complete"].sum()


def test_the_chance_to_be_alive_of_a_new_customer_is_certain_and_falls_in_silence(ax):
    frame = lt.alive_over_time(lt.BGNBD.known(**CDNOW), weeks=[3, 6], until=39)
    assert frame["p_alive"].iloc[0] == 1
    after = frame[frame["week"] > 6]["p_alive"]
    assert after.is_monotonic_decreasing
    lt.plot_alive(frame, ax=ax)
    marked = [line for line in ax.lines if line.get_marker() == "o"]
    assert marked[0].get_xdata().tolist() == [3, 6]


def test_of_equal_silence_the_frequent_customer_is_the_likelier_to_be_gone():
    grid = lt.frequency_recency(lt.BGNBD.known(**CDNOW), age=39, most=20)
    at = grid[grid["age_at_last"] == 20].set_index("repeats")["p_alive"]
    assert at[20] < at[2]


def test_a_customer_is_clicked_together():
    box = lt.explore_alive()
    buttons, picture = box.children
    before = picture.value
    buttons.children[2].value = True
    assert picture.value != before
    assert "weeks: 9" in picture.value


@pytest.mark.parametrize("explore", [lt.explore_retention, lt.explore_budget])
def test_every_slider_moves_the_picture_and_its_words(explore):
    *sliders, picture = explore().children
    for slider in sliders:
        before = picture.value
        slider.value = slider.max
        assert picture.value != before
        assert f"{slider.max:g}" in picture.value


def test_static_pictures_are_figures_of_their_own():
    for figure in (lt.alive_picture([3]), lt.retention_picture(), lt.budget_picture()):
        assert isinstance(figure, Figure)


def test_the_best_split_is_neither_all_nor_nothing_and_moves_with_the_costs():
    split = lt.budget_split()
    best = split.loc[split["is_best"], "share_keeping"].item()
    assert 0 < best < 1
    dear = lt.budget_split(win_cost=300)
    assert dear.loc[dear["is_best"], "share_keeping"].item() > best
    one = lt.budget_split(shares=[0], years=1, discount=0)
    assert one["profit"].item() == 10_000 * 100 - 200_000
    with pytest.raises(OutOfRangeError):
        lt.budget_split(shares=[50])


def test_purchases_of_the_clicked_customer_lie_above_nothing():
    with pytest.raises(OutOfRangeError):
        lt.alive_over_time(lt.BGNBD.known(**CDNOW), weeks=[0], until=9)
