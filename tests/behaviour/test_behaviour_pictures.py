"""The pictures of behaviour draw the numbers they are given."""

import numpy as np
import pandas as pd
import pytest

from crmlab.behaviour import (
    plot_buying_hours,
    plot_group_index,
    plot_group_profit,
    plot_interactions,
    plot_mode_funnel,
    plot_overlap_sets,
    plot_profit_curve,
    plot_propensity_value,
    plot_pruning,
    plot_split_stability,
    plot_targeting,
    plot_tree,
)
from crmlab.errors import OutOfRangeError, UnknownNameError

INDICES = pd.DataFrame({"question": ["who", "who", "where"], "attribute": ["age", "age", "city"]})
INDICES = INDICES.assign(
    value=["young", "old", "Wuhan"], index=[180.0, 50, 100], shrunk=[150.0, 70, 100]
)
INDICES = INDICES.assign(low=[120.0, 40, 80], high=[180.0, 120, 120], q_value=[0.01, 0.2, 0.9])
BOXES = pd.DataFrame({"box": [0, 1, 2], "parent": [-1, 0, 0], "depth": [0, 1, 1]})
BOXES = BOXES.assign(column=["", "age", "age"], condition=["all", "age < 20", "age >= 20"])
BOXES = BOXES.assign(customers=[1_000, 600, 400], share_of_parent=[1, 0.6, 0.4])
BOXES = BOXES.assign(rate=[0.05, 0.02, 0.095], low=0.01, high=0.2)
NAMED = {"group_a": ["a", "a", "b"], "group_b": ["b", "c", "c"]}


def test_a_point_is_filled_where_a_difference_is_found_and_the_cross_is_what_was_counted(ax):
    plot_group_index(INDICES, question="who", ax=ax)
    crosses = ax.collections[0].get_offsets()
    assert crosses[:, 0].tolist() == [50, 180]  # the first answer stands on top
    filled = [line for line in ax.lines if line.get_marker() == "o"]
    assert [line.get_xdata().tolist() for line in filled] == [[150], [70]]
    assert [line.get_markerfacecolor() for line in filled][1] == "white"
    with pytest.raises(UnknownNameError, match="no question 'why'"):
        plot_group_index(INDICES, question="why", ax=ax)


def test_a_box_says_whom_it_holds_its_rate_and_that_of_new_data(ax):
    plot_tree(BOXES, ax=ax)
    said = ax.texts[1].get_text().split("\n")
    assert said == ["age < 20", "600 customers", "60% of the box above", "2.0% (1.0-20.0%)"]
    places = [text.get_position() for text in ax.texts]
    assert places[1][0] < places[0][0] < places[2][0]
    assert len(ax.lines) == 2
    new = BOXES.assign(
        new_customers=[10, 10, 0], new_rate=[0.1, 0.1, np.nan], new_low=0, new_high=1
    )
    ax.clear()
    plot_tree(new, ax=ax)
    assert ax.texts[1].get_text().endswith("new: 10.0% (0.0-100.0%)")
    assert "new" not in ax.texts[2].get_text()


def test_the_largest_sets_stand_first_over_the_groups_that_make_them(ax):
    sets = pd.DataFrame({"a": [True, True, False], "b": [True, False, False]})
    sets = sets.assign(customers=[5, 30, 20], share=[0.1, 0.5, 0.4])
    plot_overlap_sets(sets, ax=ax)
    assert [bar.get_height() for bar in ax.patches[:3]] == [30, 20, 5]
    joined = [line for line in ax.lines if line.get_xdata()[0] == 2 == line.get_xdata()[1]]
    assert len(joined) == 1
    with pytest.raises(OutOfRangeError, match="no groups"):
        plot_overlap_sets(sets[["customers", "share"]], ax=ax)


def test_only_pairs_that_are_found_are_named(ax):
    left = pd.DataFrame(NAMED).assign(log_odds=[0.0, 0.5, 0.1], q_value=[0.9, 0.01, 0.3])
    plot_interactions(left, pd.DataFrame(NAMED).assign(lift=[2.0, 1.5, 1.0]), ax=ax)
    assert [text.get_text() for text in ax.texts] == ["a\n+ c"]
    assert ax.collections[1].get_offsets().tolist() == [[1.5, 0.5]]


def test_months_stand_across_and_hours_up_by_index_or_share(ax):
    hours = pd.DataFrame({"month": [1, 12], "hour": [9, 11], "shrunk": [50.0, 200.0]})
    hours["share"] = [0.25, 0.75]
    plot_buying_hours(hours, show="share", ax=ax)
    cells = ax.collections[0].get_array()
    assert cells.shape == (3, 12)
    assert (cells[0, 0], cells[2, 11]) == (0.25, 0.75)
    with pytest.raises(UnknownNameError, match="show must be one of"):
        plot_buying_hours(hours, show="purchases", ax=ax)


def test_bars_points_and_lines_have_the_values_of_their_frames(ax):
    parts = ["only a", "only b", "both", "neither", "interaction"]
    profit = pd.DataFrame({"part": parts, "customers": 9, "mean_profit": [5.0, 4, 3, 2, -4]})
    profit = profit.assign(low=profit["mean_profit"] - 1, high=profit["mean_profit"] + 1)
    plot_group_profit(profit, a="new", b="cheap", ax=ax)
    assert [bar.get_height() for bar in ax.patches] == [5, 4, 3, 2, -4]
    assert ax.get_xticklabels()[0].get_text() == "only new\n9"
    ax.clear()
    path = pd.DataFrame({"leaves": [1, 4, 2], "train_loss": [3.0, 1, 2], "new_loss": [3.0, 4, 2]})
    plot_pruning(path, ax=ax)
    assert ax.lines[1].get_ydata().tolist() == [3, 2, 4]
    assert ax.lines[2].get_label() == "best: 2 leaves"
    ax.clear()
    stable = pd.DataFrame({"column": ["x", "y"], "share": [0.7, 0.3], "low": 1.0, "high": 3.0})
    plot_split_stability(stable.assign(median=[2.0, np.nan]), ax=ax)
    assert [text.get_text() for text in ax.texts] == ["30%", "70%  cut at 2 (1 to 3)"]
    ax.clear()
    funnel = pd.DataFrame(
        {"step": ["asked", "colour: red"], "customers": [10, 1], "share": [1, 0.1]}
    )
    plot_mode_funnel(funnel, ax=ax)
    assert [bar.get_width() for bar in ax.patches] == [0.1, 1]
    ax.clear()
    curve = pd.DataFrame(
        {"by": ["profit", "profit", "truth"], "asked": [2, 1, 1], "profit": [3.0, 2, 2]}
    )
    plot_profit_curve(curve, ax=ax)
    assert [line.get_label() for line in ax.lines[:2]] == [
        "the best there is",
        "by expected profit",
    ]
    assert ax.lines[1].get_ydata().tolist() == [2, 3]


def test_the_border_is_where_chance_times_value_is_the_cost(ax):
    chosen = pd.DataFrame({"chance": [0.1, 0.5], "value_cny": [20.0, 100], "chosen": [False, True]})
    plot_propensity_value(chosen, cost=10, ax=ax)
    x, y = ax.lines[0].get_data()
    assert np.allclose(x * y, 10)
    assert ax.collections[1].get_offsets().tolist() == [[0.5, 100]]


def test_without_a_lot_nothing_is_drawn_as_measured(ax):
    told = pd.DataFrame({"round": [1, 2], "reported": [0.3, 0.5], "true": [0.2, 0.1]})
    told = told.assign(measured=np.nan, low=np.nan, high=np.nan)
    plot_targeting(told, ax=ax)
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0.3, 0.5], [0.2, 0.1]]
    ax.clear()
    plot_targeting(
        told.assign(measured=[np.nan, 0.1], low=[np.nan, 0.0], high=[np.nan, 0.2]), ax=ax
    )
    assert len(ax.containers) == 1
