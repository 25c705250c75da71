"""Pictures of chapter 12 draw the numbers they are given; widgets move them."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crmlab.credit import (
    boundary_picture,
    calibration_table,
    cut_table,
    dupont,
    explore_boundary,
    explore_fairness,
    explore_lending,
    fairness_conflict,
    fairness_picture,
    financial_ratios,
    group_rates,
    lending_picture,
    lending_table,
    plot_calibration,
    plot_dupont,
    plot_fairness_conflict,
    plot_five_c,
    plot_group_rates,
    plot_lending,
    plot_ratio_trends,
    plot_roc,
    plot_score_distribution,
    plot_woe,
    roc_table,
    score_distribution,
    simulate_statements,
    three_files,
)
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError

rng = np.random.default_rng(12)
LOANS = pd.DataFrame({"points": rng.normal(550, 30, 400).round(), "group": ["A", "B"] * 200})
LOANS["chance"] = 1 / (1 + np.exp((LOANS["points"] - 500) / 20))
LOANS["defaults"] = rng.random(400) < LOANS["chance"]


def words(ax):
    return [text.get_text() for text in ax.texts]


# by hand


def test_each_bin_is_a_bar_as_long_as_its_weight_and_says_what_it_holds(ax):
    late = pd.Series([0, 0, 0, 0, 3, 3, 3, 3], name="late")
    table = cut_table(late, pd.Series([0, 0, 0, 1, 0, 1, 1, 1]), cuts=[0])
    plot_woe(table, ax=ax)
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches], [-np.log(3), np.log(3)])
    assert words(ax) == ["50% of all, 75% bad", "50% of all, 25% bad"]


def test_shares_of_a_score_add_up_to_all_of_each_kind(ax):
    bands = score_distribution(LOANS, bands=10)
    np.testing.assert_allclose(bands[["share_of_goods", "share_of_bads"]].sum(), 1)
    plot_score_distribution(bands, ax=ax)
    np.testing.assert_allclose(ax.patches[0].get_data().values, bands["share_of_goods"])


def test_the_curve_names_its_largest_distance(ax):
    plot_roc({"points": roc_table(LOANS)}, ax=ax)
    gap = (roc_table(LOANS)["bads_caught"] - roc_table(LOANS)["goods_refused"]).max()
    assert ax.get_legend().texts[0].get_text() == f"points (KS {gap:.2f})"


def test_the_best_stop_and_your_own_are_marked_with_what_they_earn(ax):
    table = lending_table(LOANS, interest=0.1, loss_given_default=0.5)
    plot_lending(table, share_approved=1, ax=ax)
    best, yours = (text.get_text() for text in ax.get_legend().texts)
    assert f"earn {table['profit'].max():,.0f}" in best
    assert yours.startswith("yours: lend to 100%")


def test_points_of_the_calibration_are_forecast_and_outcome(ax):
    groups = calibration_table(LOANS, groups=4)
    plot_calibration(groups, ax=ax)
    points = ax.containers[0].lines[0]
    np.testing.assert_allclose(points.get_xdata(orig=False), groups["forecast"])
    np.testing.assert_allclose(points.get_ydata(orig=False), groups["happened"])


def test_the_radar_has_a_line_per_file_and_both_names_of_each_c(ax):
    plot_five_c(three_files(), ax=ax)
    assert [text.get_text() for text in ax.get_legend().texts] == [*three_files()["firm"]]
    assert "character 品德" in words(ax)


def test_the_tree_shows_both_years(ax):
    tree = dupont(simulate_statements(1, seed=1)).dropna()
    plot_dupont(tree, ax=ax)
    one, two = tree["return_on_equity"]
    assert words(ax)[0].endswith(f"{one:.1%} → {two:.1%}")


def test_trends_are_the_ratios_of_one_firm(ax):
    ratios = financial_ratios(simulate_statements(2, seed=1))
    one = ratios[ratios["organisation_id"] == 1]
    plot_ratio_trends(one, ratios_shown=["current_ratio"], ax=ax)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), one["current_ratio"])
    with pytest.raises(EmptyError):
        plot_ratio_trends(ratios, ratios_shown=["current_ratio"], ax=ax)


def test_groups_stand_side_by_side(ax):
    rates = group_rates(LOANS.assign(approved=LOANS["points"] > 550), chance="chance")
    plot_group_rates(rates, ax=ax)
    drawn = np.concatenate([bar.lines[0].get_ydata() for bar in ax.containers])
    np.testing.assert_allclose(sorted(drawn), sorted(rates["value"]))


def test_bars_of_both_errors(ax):
    plot_fairness_conflict(fairness_conflict([0.1, 0.2]), ax=ax)
    assert words(ax) == ["13%", "40%", "31%", "24%"]


# widgets


def test_pictures_of_widgets_are_not_registered():
    lending_picture(LOANS, share_approved=0.5, interest=0.1, loss_given_default=0.5)
    fairness_picture(base_rate=0.2)
    figure = boundary_picture(LOANS, column="points", cut=550.0)
    assert figure.axes[0].get_title().startswith("information value ")
    assert plt.get_fignums() == []


def test_moving_a_slider_redraws_the_picture_and_its_words():
    for box, word in (
        (explore_lending(LOANS), "share approved 60%"),
        (explore_fairness(), "B 60%"),
        (explore_boundary(LOANS, column="points"), "points up to"),
    ):
        slider, picture = box.children[0], box.children[-1]
        before = picture.value
        slider.value = 0.6 if slider.max >= 0.6 and slider.max <= 1 else slider.max
        assert picture.value != before
        assert word.replace("60%", f"{slider.value:.0%}") in picture.value


def test_a_border_by_hand_is_never_better_than_the_best_two_bins():
    from crmlab.credit import OptimalBinner

    best = OptimalBinner(max_bins=2, trend="free").fit(LOANS[["points"]], LOANS["defaults"])
    hand = [
        cut_table(LOANS["points"], LOANS["defaults"], cuts=[cut])["iv"].sum()
        for cut in np.quantile(LOANS["points"], np.arange(1, 30) / 30, method="inverted_cdf")
    ]
    assert best.iv_["points"] == pytest.approx(max(hand))


# when misused


def test_nothing_to_draw_is_refused(ax):
    with pytest.raises(EmptyError):
        plot_roc({}, ax=ax)
    with pytest.raises(OutOfRangeError):
        plot_five_c(three_files().iloc[:0], ax=ax)
    with pytest.raises(EmptyError):
        plot_dupont(dupont(simulate_statements(1, seed=1)).iloc[:0], ax=ax)
    with pytest.raises(EmptyError):
        plot_woe(cut_table(LOANS["points"], LOANS["defaults"], cuts=[1]).iloc[:0], ax=ax)
    with pytest.raises(OutOfRangeError):
        cut_table(LOANS["points"], LOANS["defaults"], cuts=[2, 1])
    with pytest.raises(BadRowsError):
        cut_table(LOANS["points"], LOANS["defaults"].iloc[:5], cuts=[2])
