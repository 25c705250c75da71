"""The pictures: they draw the numbers they are given, and nothing else."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crmlab.errors import OutOfRangeError
from crmlab.pyramid import (
    lorenz,
    metal_pyramid,
    migration,
    plot_lorenz,
    plot_migration,
    plot_pyramid,
    plot_pyramid_by_period,
    plot_value_cost,
    plot_whale_curve,
    pyramid,
    value_cost,
    whale_curve,
)

SPEND = pd.Series([70.0, 20.0, 6.0, 4.0])
PYRAMID = pyramid(SPEND, cuts=[0.25])
BY_PERIOD = pd.DataFrame(
    {
        "months": [1, 1, 12, 12],
        "tier": ["VIP", "small", "VIP", "small"],
        "customers": [0, 9, 1, 99],
        "share_of_spend": [0.0, 1.0, 0.4, 0.6],
    }
)
MOVES = migration(
    pd.DataFrame({"customer_id": [1, 2, 3, 4], "tier": ["VIP", "small", "small", "small"]}),
    pd.DataFrame({"customer_id": [1, 2, 3, 5], "tier": ["small", "VIP", "small", "small"]}),
)
NET = value_cost(
    pd.DataFrame(
        {
            "margin": [100.0, 50, 10],
            "service": [10.0, 80, 5],
            "upkeep": 1.0,
            "acquisition": 1.0,
            "net_value": [88.0, -32, 3],
        }
    )
)
WHALE = whale_curve(pd.Series([60.0, 60.0, -20.0, 0.0]))


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


# all of them


# plot_pyramid


def test_heads_stand_to_the_left_and_money_to_the_right_best_on_top(ax):
    plot_pyramid(PYRAMID, ax=ax)
    heads, money = [bar.get_width() for bar in ax.patches[:2]], ax.patches[2:]
    assert heads == [-0.25, -0.75]
    assert [bar.get_width() for bar in money] == pytest.approx([0.7, 0.3])
    assert all(bar.get_x() > 0 for bar in money)
    assert words(ax) == ["1 (25.0%)", "70 (70.0%)", "3 (75.0%)", "30 (30.0%)"]
    assert ax.yaxis_inverted()


def test_the_numbers_stay_inside_however_narrow_the_picture():
    figure = plt.Figure(figsize=(4, 4), layout="constrained")
    ax = plot_pyramid(pyramid(SPEND * 10_000, cuts=[0.25]), ax=figure.subplots())
    figure.draw_without_rendering()
    inside = ax.get_window_extent()
    for text in ax.texts:
        assert inside.x0 < text.get_window_extent().x0
        assert text.get_window_extent().x1 < inside.x1


def test_a_loss_is_hatched_and_does_not_reach_the_heads(ax):
    table = metal_pyramid(pd.Series([9.0, 5, 3, 1, -8]), cuts=[0.2, 0.4, 0.6, 0.8])
    plot_pyramid(table, ax=ax)
    loss = ax.patches[-1]
    assert loss.get_hatch() == "///"
    assert loss.get_x() + loss.get_width() > 0
    assert not ax.patches[-2].get_hatch()
    assert words(ax)[-1] == "-8 (-80.0%)"


def test_a_firm_without_profit_is_drawn_without_shares_of_it(ax):
    plot_pyramid(metal_pyramid(pd.Series([1.0, -2.0])), ax=ax)
    assert "-2" in words(ax)


# plot_lorenz


def test_the_curve_the_rule_and_where_the_top_begins(ax):
    plot_lorenz(lorenz(SPEND), top=0.25, share=0.8, ax=ax)
    curve, _, rule, here = ax.lines
    assert curve.get_ydata().tolist() == pytest.approx([0, 0.04, 0.1, 0.3, 1])
    assert (rule.get_xdata()[0], rule.get_ydata()[0]) == pytest.approx((0.75, 0.2))
    assert (here.get_xdata()[0], here.get_ydata()[0]) == pytest.approx((0.75, 0.3))
    assert legend(ax)[2:] == ["the rule 80:25", "here: the top 25% hold 70%"]


def test_a_curve_below_zero_is_shown_whole(ax):
    plot_lorenz(lorenz(pd.Series([9.0, -4.0])), ax=ax)
    assert ax.get_ylim()[0] == pytest.approx(-0.8)


def test_refuses_a_rule_in_percent(ax):
    with pytest.raises(OutOfRangeError, match="not a percent"):
        plot_lorenz(lorenz(SPEND), top=20, ax=ax)


# plot_migration


def test_cells_say_who_moved_with_an_arrow_and_frames_mark_who_stayed(ax):
    plot_migration(MOVES, ax=ax)
    assert words(ax) == ["↓ 1\n100%", "↑ 1\n33%", "1\n33%", "− 1\n33%", "+ 1\n100%"]
    assert [patch.get_xy() for patch in ax.patches] == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert [label.get_text() for label in ax.get_xticklabels()][-1] == "lost"
    assert [label.get_text() for label in ax.get_yticklabels()][-1] == "new"


# plot_pyramid_by_period


def test_a_tier_of_nobody_has_no_point(ax):
    plot_pyramid_by_period(BY_PERIOD, ax=ax)
    vip, small = ax.lines
    assert np.isnan(vip.get_ydata()[0])
    assert small.get_ydata().tolist() == [1.0, 0.6]
    assert words(ax) == ["VIP", "small"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "12"]


# plot_whale_curve


def test_nobody_who_costs_money_is_promised_where_nobody_does(ax):
    plot_whale_curve(whale_curve(pd.Series([30.0, 20.0, 10.0])), ax=ax)
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert words == ["customers who bring money"]


def test_the_hump_and_the_total_are_named(ax):
    plot_whale_curve(WHALE, ax=ax)
    assert words(ax) == ["hump: 120 at 50% of the customers\n= 120% of the total", "total 100"]
    gain, loss, _ = ax.lines
    assert gain.get_ydata().tolist() == [0, 60, 120]
    assert loss.get_ydata().tolist() == [120, 120, 100]
    assert gain.get_linestyle() != loss.get_linestyle()


def test_a_whale_under_water_keeps_its_money_and_no_share(ax):
    plot_whale_curve(whale_curve(pd.Series([10.0, -30.0])), ax=ax)
    assert words(ax) == ["hump: 10 at 50% of the customers", "total -20"]
    assert ax.get_ylim()[0] == -20


@pytest.mark.parametrize(("values", "side"), [([9.0, -1, -1, -1], "left"), ([9.0, 9, 9], "right")])
def test_the_words_at_the_hump_stay_inside(values, side, ax):
    plot_whale_curve(whale_curve(pd.Series(values)), ax=ax)
    assert ax.texts[0].get_horizontalalignment() == side


# plot_value_cost


def test_who_costs_money_is_a_cross_and_counted(ax):
    plot_value_cost(NET, ax=ax)
    assert legend(ax) == [
        "brings money (2)", "costs money (1)", "break-even: margin = cost",
        "median cost, median margin",
    ]  # fmt: skip
    left, lost = ax.collections
    assert left.get_offsets().tolist() == [[12, 100], [7, 10]]
    assert lost.get_offsets().tolist() == [[82, 50]]
    _, upright, level = ax.lines
    assert (upright.get_xdata()[0], level.get_ydata()[0]) == (12, 50)


def test_many_customers_are_drawn_smaller(ax):
    plot_value_cost(pd.concat([NET] * 1_001), ax=ax)
    assert ax.collections[0].get_sizes()[0] < 10
