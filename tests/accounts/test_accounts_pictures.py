"""The pictures and sliders of accounts draw the numbers they are given."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crmlab.accounts import (
    control_chart,
    explore_flow,
    explore_matrix,
    explore_visits,
    matrix_picture,
    ok_indices,
    ok_strategy,
    ok_swot,
    plot_control_chart,
    plot_cue_hit_rates,
    plot_persistence,
    plot_rival_map,
    plot_share_readings,
    plot_steps,
    plot_strategy,
    plot_visit_plan,
    plot_zone_chances,
    share_readings,
    visits_picture,
    zone_chances,
)

RED = mpl.colors.to_rgba("#D55E00")


def test_only_visited_accounts_are_in_colour_by_their_visits(ax):
    plan = pd.DataFrame({"account_id": [1, 3], "visits": [1, 5]})
    accounts = pd.DataFrame({"account_id": [1, 2, 3], "x_km": [1.0, 2, 3], "y_km": 0.0})
    plot_visit_plan(plan, accounts.assign(sales_cny=[100.0, 50, 10]), ax=ax)
    drawn = {dots.get_label(): dots.get_offsets().tolist() for dots in ax.collections}
    assert drawn == {"not visited": [[2, 0]], "1 visit": [[1, 0]], "3 visits": [[3, 0]]}


def test_cues_are_in_order_and_chance_is_a_line(ax):
    table = pd.DataFrame(
        {"cue": ["business linkages", "major festivals", "at random"], "rate": [0.3, 0.1, 0.1]}
    ).assign(low=0.05, high=0.4, better=[True, False, False])
    plot_cue_hit_rates(table, ax=ax)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["major festivals", "business linkages"]
    assert 0.1 in [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == "--"]


def test_each_item_has_its_cloud_and_the_chance_of_its_zone(ax):
    items = ok_swot().assign(probability=0.6, strength=0.8, probability_sd=0.1, strength_sd=0.05)
    plot_zone_chances(zone_chances(items), ax=ax)
    assert len(ax.patches) == 3
    assert {(round(one.width, 3), round(one.height, 3)) for one in ax.patches} == {(0.1, 0.2)}
    words = [text.get_text() for text in ax.texts]
    assert words[:4] == [
        "seize at once",
        "prepare until strength rises",
        "prepare until probability rises",
        "give up",
    ]
    assert "O1 84%" in words
    # High and strong is at the upper right.
    assert ax.texts[0].get_position() == (0.75, 0.97)
    assert ax.texts[2].get_position() == (0.75, 0.03)


def test_a_line_joins_rivals_alone_and_says_how_many_times(ax):
    at = pd.DataFrame({"brand": ["A", "B", "C"], "x": [0.0, 1, 5], "y": [0.0, 1, 5]})
    pairs = pd.DataFrame({"brand": ["A", "A", "B"], "rival": ["B", "C", "C"], "buyers": 10})
    pairs = pairs.assign(rival_buyers=5, index=[2.0, 1.1, 0.5], rivals=[True, False, False])
    plot_rival_map(at.assign(stress=0.1), pairs, ax=ax)
    assert [[*line.get_xdata()] for line in ax.lines] == [[0.0, 1.0]]
    assert "2.0 times" in [text.get_text() for text in ax.texts]


def test_bars_of_persistence_reach_from_the_late_share_to_the_early_one(ax):
    table = pd.DataFrame({"factor": ["a", "b"], "standing": ["better", "worse"], "cell": ["", ""]})
    plot_persistence(table.assign(open_early=[0.8, 0.3], open_late=[0.6, np.nan]), ax=ax)
    ends = [[float(x) for x in line.get_xdata()] for line in ax.lines[:2]]
    assert ends == [[0.6, 0.8], [0.0, 0.3]]


def test_bubbles_stand_at_growth_and_margin_under_both_readings(ax):
    plot_share_readings(share_readings(ok_indices()), ax=ax)
    relative, points = (dots.get_offsets() for dots in ax.collections)
    assert relative[0].tolist() == pytest.approx([0.12, 0.05])
    assert points[0].tolist() == pytest.approx([4.0, 0.05])


def test_what_leads_nowhere_is_red_and_dashed(ax):
    plot_strategy(ok_strategy(), ax=ax)
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert len(dashed) == 1
    red = [
        text.get_text() for text in ax.texts if text.get_bbox_patch().get_edgecolor()[:3] == RED[:3]
    ]
    assert red == ["W3", "managers who\ncooperate"]


def test_the_bottleneck_is_named_and_times_are_said_in_minutes_or_hours(ax):
    table = pd.DataFrame({"step": ["desk", "post"], "wait_h": [2.0, 0.0], "work_h": [0.5, 48.0]})
    plot_steps(table.assign(bottleneck=[True, False]), ax=ax)
    assert [one.get_text() for one in ax.get_yticklabels()] == ["desk (bottleneck)", "post"]
    said = [text.get_text() for text in ax.texts]
    assert said == ["2 h", "no wait", "30 min", "48 h"]


def test_the_name_of_a_point_in_a_corner_stays_within_the_frame(ax):
    items = ok_swot().assign(probability=0.95, strength=0.95, probability_sd=0.1, strength_sd=0.1)
    plot_zone_chances(zone_chances(items, kind="T"), ax=ax)
    named = next(text for text in ax.texts if text.get_text().startswith("T1"))
    ax.figure.canvas.draw()
    frame, label = ax.get_window_extent(), named.get_window_extent()
    assert label.x1 < frame.x1
    assert label.y1 < frame.y1


def test_what_is_out_is_ringed(ax):
    losses = pd.DataFrame({"period": range(1, 6), "sent": 1000, "lost": [3, 2, 4, 3, 12]})
    plot_control_chart(control_chart(losses, first=4), ax=ax)
    rings = [line for line in ax.lines if line.get_label() == "more than luck"]
    assert rings[0].get_xdata().tolist() == [5]


@pytest.mark.parametrize("explore", [explore_matrix, explore_flow, explore_visits])
def test_every_slider_redraws_the_picture_and_says_what_it_shows(explore):
    box = explore()
    *sliders, picture = box.children
    for slider in sliders:
        before = picture.value
        other = getattr(slider, "options", None)
        slider.value = other[1][1] if other else slider.max
        assert picture.value != before
    assert 'alt="' in picture.value


def test_scores_that_cannot_be_so_unsure_are_taken_as_unsure_as_they_can():
    assert matrix_picture(probability=0.05, strength=0.95, unsure=0.4, kind="T").axes


def test_a_plan_by_good_estimates_wins_more_than_one_by_size():
    good = visits_picture(hours=80, estimate_spread=0.1).axes[0]
    biggest, planned, best = (bar.get_width() for bar in good.patches)
    assert biggest < planned <= best * 1.001
