"""The pictures of cards, rhythms, trials and flows: they draw the numbers they are given."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import EmptyError, UnknownNameError
from crmlab.members import (
    plot_contact_test,
    plot_effective_cards,
    plot_gap_survival,
    plot_opening_profit,
    plot_profile,
    plot_promotion_coverage,
    plot_quadrant_flow,
    plot_repurchase_by_month,
    plot_rolling_churn,
)

MONTHS = pd.to_datetime(["2024-01-31", "2024-02-29"])
CARDS = pd.DataFrame(
    {"date": [*MONTHS, *MONTHS], "window_months": [3, 3, 1, 1], "effective": [5, 6, 2, 3]}
).assign(dormant=lambda frame: 10 - frame["effective"])
CHURN = pd.DataFrame({"date": [*MONTHS, *MONTHS], "window_months": 3, "back_months": [3, 3, 1, 1]})
CHURN = CHURN.assign(churn=[0.2, 0.3, 0.5, 0.6], low=0.1, high=0.7)
PROFIT = pd.DataFrame({"opening_rate": [0.1, 0.3, 0.5], "profit_per_buyer": [58.0, 63, 62]})
PROFIT = PROFIT.assign(low=[57.0, 62, 61], high=[59.0, 64, 63], last_cards=[np.nan, 25.0, -5.0])
RHYTHM = pd.DataFrame({"month": MONTHS, "returns_per_member": [0.2, 0.4]})
RHYTHM = RHYTHM.assign(mean_gap_days=[np.nan, 12.0])
CURVE = pd.DataFrame({"days": [0.0, 10, 20], "waiting": [1.0, 0.5, 0.2]})
CURVE = CURVE.assign(low=CURVE["waiting"] - 0.1, high=CURVE["waiting"] + 0.1)
CONTACTS = pd.DataFrame({"interval_days": [7, 28], "left": [0.9, 0.1], "profit": [100.0, 300.0]})
CONTACTS = CONTACTS.assign(low=[90.0, 290], high=[110.0, 310], in_the_running=[False, True])
REACHED = pd.DataFrame({"length_days": [15, 10], "covered": [0.6, 0.5], "low": [0.5, 0.4]})
REACHED = REACHED.assign(high=0.7, poisson_rule=[0.78, 0.63], erlang_rule=[0.88, 0.73])
FLOW = pd.DataFrame({"before": [1, 1, 3, 0], "after": [1, 3, 3, 3], "members": [6, 4, 20, 5]})


def test_the_longest_window_is_an_area_and_the_others_are_lines(ax):
    plot_effective_cards(CARDS, ax=ax)
    used, asleep = ax.collections
    assert used.get_datalim(ax.transData).ymax == 6
    assert asleep.get_datalim(ax.transData).ymax == 10
    (line,) = ax.lines
    assert line.get_ydata().tolist() == [2, 3]
    assert line.get_label() == "effective (1 month)"


def test_a_mixed_window_is_named_and_dashed(ax):
    plot_rolling_churn(CHURN, ax=ax)
    mixed, honest = ax.lines
    assert (mixed.get_label(), mixed.get_linestyle()) == ("3 months, back within 1 (mixed)", "--")
    assert honest.get_ydata().tolist() == [0.2, 0.3]


def test_each_step_says_what_its_last_cards_brought_and_the_line_is_the_best_rate(ax):
    plot_opening_profit(PROFIT, best=0.4, ax=ax)
    assert [text.get_text() for text in ax.texts] == ["+25\na card", "-5\na card"]
    assert ax.lines[-1].get_xdata()[0] == 0.4


def test_bars_are_returns_and_the_line_is_days_on_an_axis_from_zero(ax):
    plot_repurchase_by_month(RHYTHM, ax=ax)
    assert [bar.get_height() for bar in ax.patches] == [0.2, 0.4]
    twin = ax.figure.axes[1]
    assert twin.lines[0].get_ydata().tolist()[1] == 12
    assert (ax.get_ylim()[0], twin.get_ylim()[0]) == (0, 0)


def test_the_curve_is_a_step_and_the_line_the_mean_of_the_seen(ax):
    plot_gap_survival(CURVE, mean_of_seen=12.4, ax=ax)
    curve, mean = ax.lines
    assert curve.get_ydata().tolist() == [1, 0.5, 0.2]
    assert mean.get_label() == "mean of the gaps that ended: 12 days"


def test_only_what_may_be_the_best_is_ringed_and_the_rule_is_dotted(ax):
    plot_contact_test(CONTACTS, rule=60, ax=ax)
    rings = [line for line in ax.lines if line.get_label() == "may be the best"]
    assert rings[0].get_xdata().tolist() == [28]
    assert ax.lines[-1].get_xdata()[0] == 60


def test_lengths_are_in_order_beside_both_rules(ax):
    plot_promotion_coverage(REACHED, ax=ax)
    assert ax.lines[0].get_ydata().tolist() == [0.63, 0.78]
    assert ax.lines[2].get_xdata().tolist() == [10, 15]


def test_blocks_are_as_high_as_their_members_and_a_band_goes_where_they_went(ax):
    plot_quadrant_flow(FLOW, ax=ax)
    heights = sorted(bar.get_height() for bar in ax.patches)
    assert heights == pytest.approx([5, 6, 10, 20, 29])
    assert len(ax.collections) == 4
    assert "gold\n10, 60% stay" in [text.get_text() for text in ax.texts]


def test_a_profile_is_drawn_back_to_back_in_the_order_asked_for(ax):
    before = pd.DataFrame({"attribute": "age", "value": ["old", "young"], "share": [0.7, 0.3]})
    after = pd.DataFrame({"attribute": "age", "value": ["young"], "share": [1.0]})
    plot_profile(before, after, attribute="age", order=["young", "old"], ax=ax)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["young", "old"]
    assert [bar.get_width() for bar in ax.patches] == [-0.3, -0.7, 1.0, 0.0]
    with pytest.raises(UnknownNameError, match="no attribute 'shoe'"):
        plot_profile(before, after, attribute="shoe", ax=ax)


def test_what_is_empty_is_refused_in_words(ax):
    with pytest.raises(EmptyError, match="no members in this flow"):
        plot_quadrant_flow(FLOW.assign(members=0), ax=ax)
