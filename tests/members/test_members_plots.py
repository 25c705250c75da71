"""plot_quadrants and plot_repurchase: they draw the numbers they are given, and nothing else."""

import numpy as np
import pandas as pd

from crmlab._theme import PALETTE
from crmlab.members import plot_quadrants, plot_repurchase

PLACED = pd.DataFrame(
    {
        "returns_per_year": [8.0, 8, 2, 2, 0],
        "spend_per_return": [80.0, 20, 80, 20, np.nan],
        "frequency_line": 4.0,
        "ticket_line": 50.0,
        "quadrant": [1, 4, 2, 3, 3],
    }
)
GAPS = pd.DataFrame({"gap_days": [1, 5, 30, 30], "returned": [True, True, True, False]})


def words(ax):
    return [text.get_text() for text in ax.texts]


# plot_quadrants


def test_the_red_cross_stands_at_the_lines_and_each_corner_is_named(ax):
    plot_quadrants(PLACED, ax=ax)
    upright, level = ax.lines
    assert (upright.get_xdata()[0], level.get_ydata()[0]) == (4, 50)
    assert {upright.get_color(), level.get_color()} == {PALETTE[5]}
    assert words(ax) == [
        "1 gold\n1 customer",
        "2 rare but large\n1 customer",
        "3 both low\n2 customers\n(1 never returned)",
        "4 often but small\n1 customer",
    ]
    corners = [text.get_position() for text in ax.texts]
    assert [(x > 0.5, y > 0.5) for x, y in corners] == [
        (True, True), (False, True), (False, False), (True, False)
    ]  # fmt: skip


def test_nobody_is_drawn_on_the_wrong_side_of_the_line(ax):
    many = pd.concat([PLACED] * 50).assign(frequency_line=2.01)
    plot_quadrants(many.assign(quadrant=[1, 4, 2, 3, 3] * 50), ax=ax)
    for points, above in zip(ax.collections, [True, False, False, True], strict=True):
        x = points.get_offsets()[:, 0]
        assert ((x > 2.01) == above).all()
    assert len({*ax.collections[0].get_offsets()[:, 0].tolist()}) == 50


def test_quadrants_differ_by_marker_and_not_by_colour_alone(ax):
    plot_quadrants(PLACED, ax=ax)
    shapes = {points.get_paths()[0].vertices.tobytes() for points in ax.collections}
    assert len(shapes) == 4


def test_many_points_are_small_and_faint(ax):
    plot_quadrants(pd.concat([PLACED] * 1_000), ax=ax)
    assert ax.collections[0].get_sizes()[0] < 10
    assert ax.collections[0].get_alpha() < 0.5


def test_a_base_in_which_nobody_returned_has_no_money_axis_to_draw(ax):
    nobody = PLACED.tail(1).assign(frequency_line=0.0, ticket_line=np.nan)
    plot_quadrants(nobody, ax=ax)
    assert len(ax.lines) == 1
    assert words(ax)[2] == "3 both low\n1 customer\n(1 never returned)"


# plot_repurchase


def test_bars_count_the_gaps_and_the_open_ones_are_hatched_on_top(ax):
    plot_repurchase(GAPS, mean_gap_days=12.0, ax=ax)
    closed, still_open = ax.containers
    assert sum(bar.get_height() for bar in closed) == 3
    assert [bar.get_height() for bar in still_open][-1] == 1
    assert still_open[-1].get_y() == 1  # on top of the closed gap of 30 days
    assert {bar.get_hatch() for bar in still_open} == {"////"}
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert {*legend} == {
        "came back (3)", "still open at the end (1)", "mean of those who came back: 12.0 days"
    }  # fmt: skip


def test_without_a_mean_there_is_no_line(ax):
    plot_repurchase(GAPS, ax=ax)
    assert not ax.lines
