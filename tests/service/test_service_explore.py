"""The three widgets: what they show is pure, and what moves is drawn anew."""

import pytest

from crmlab.errors import OutOfRangeError
from crmlab.service import (
    explore_bandit,
    explore_rules,
    explore_tailoring,
    played_by_hand,
    rules_picture,
    simulate_baskets,
    tailoring_picture,
)


def test_both_players_meet_the_same_customers():
    rates = [0.1, 0.9]
    stubborn = played_by_hand([0] * 200, rates=rates).set_index(["player", "offer"])
    assert stubborn.loc[("you", 0), "made"] == 200
    assert stubborn.loc["you", "regret"].sum() == pytest.approx(200 * 0.8)
    assert stubborn.loc["Thompson", "regret"].sum() < 20
    # Whoever makes the better offer to all takes what a Thompson of all luck could have taken.
    wise = played_by_hand([1] * 200, rates=rates).set_index(["player", "offer"])
    assert wise.loc["you", "taken"].sum() >= wise.loc["Thompson", "taken"].sum()
    assert played_by_hand([])["made"].tolist() == [0] * 6
    with pytest.raises(OutOfRangeError, match="numbered from 0 to 1"):
        played_by_hand([2], rates=rates)


def test_a_click_makes_an_offer_and_the_last_one_can_be_repeated():
    widget = explore_bandit()
    buttons, table = widget.children
    assert buttons.children[-1].disabled
    assert "after 0 customers" in table.value
    buttons.children[1].click()
    assert "after 1 customers" in table.value
    buttons.children[-1].click()
    assert "after 21 customers" in table.value


def test_higher_thresholds_let_fewer_rules_through():
    lines, _ = simulate_baskets(800, seed=2)
    widget = explore_rules(lines)
    *sliders, told, picture = widget.children
    before = told.value
    assert picture.value.startswith("<img")
    sliders[2].value = 6
    assert told.value != before
    sliders[0].value, sliders[1].value = 0.05, 0.8
    assert told.value.startswith("0 rules")
    assert picture.value == ""
    assert rules_picture(lines, support=0.05, confidence=0.8, lift=6)[0] is None


def test_a_dearer_version_makes_a_coarser_degree_the_best():
    widget = explore_tailoring()
    *sliders, picture = widget.children
    assert "4 trials, a version costs 0.25" in picture.value
    sliders[2].value = 3
    assert "a version costs 3" in picture.value

    def best(cost):
        ring = tailoring_picture(personal=3.0, trials=12, cost=cost).axes[0].lines[-1]
        return ring.get_xdata()[0]

    assert best(0) == 2
    assert best(10) < 2
