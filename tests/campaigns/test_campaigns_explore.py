"""Doors played by hand, and a test that is looked at too early."""

import pytest

from crmlab.campaigns import (
    doors_by_hand,
    explore_doors,
    explore_peeking,
    false_alarms,
    peeking_picture,
    plot_peeking,
    plot_site_change,
    simulate_stations,
    site_change,
)
from crmlab.errors import EmptyError, OutOfRangeError, UnknownNameError


def test_each_choice_is_a_game_and_the_same_games_come_again():
    found = doors_by_hand([True, True, False, True])
    assert found["games"].tolist() == [1, 3]
    again = doors_by_hand([True, True, False, True, False])
    assert (again["wins"] >= found["wins"]).all()


def test_who_plays_long_meets_the_chances():
    for host, share in (("knows", 2 / 3), ("random", 1 / 2)):
        found = doors_by_hand([True] * 500, host=host).set_index("strategy").loc["switch"]
        assert found["expected"] == pytest.approx(share)
        assert found["wins"] / 500 == pytest.approx(share, abs=3 * 0.5 / 500**0.5)


def test_buttons_play_and_another_host_begins_anew():
    box = explore_doors()
    host, row, told = box.children
    stay, switch, ten = row.children
    assert ten.disabled
    switch.click()
    ten.click()
    stay.click()
    games = doors_by_hand([True] * 11 + [False])
    for number in games["wins"]:
        assert f">{number}</td>" in told.value
    assert ">11</td>" in told.value
    host.value = "random"
    assert ">11</td>" not in told.value
    assert ten.disabled


def test_sliders_redraw_the_test_and_its_bound():
    box = explore_peeking()
    test, kind, told, picture = box.children
    seen = {picture.value}
    called = []
    for number in range(0, 50, 7):
        test.value = number
        seen.add(picture.value)
        called.append("success at" in told.value)
    assert len(seen) == 8
    kind.value = "pocock"
    assert picture.value not in seen


def test_about_a_quarter_of_fifty_tests_are_called_and_few_with_a_bound():
    told = [peeking_picture(test=number)[1] for number in range(50)]
    called = sum("Called" in words for words in told)
    promised = false_alarms(30)["false_alarm"].iloc[-1]
    assert called / 50 == pytest.approx(promised, abs=3 * (promised * (1 - promised) / 50) ** 0.5)
    kept = [peeking_picture(test=number, kind="obrien-fleming")[1] for number in range(50)]
    assert sum("Called" in words for words in kept) <= 7  # 2.5 expected


def test_a_picture_of_nothing_is_refused_and_losses_have_a_minus(ax):
    with pytest.raises(EmptyError, match="at least one frame"):
        plot_peeking({}, ax=ax)
    panel, _ = simulate_stations(10, others=0, closed=0.5, kept=0.0, lift=0.0, noise=0.0, seed=1)
    plot_site_change(site_change(panel), ax=ax)
    words = [text.get_text() for text in ax.texts]
    assert words[1].strip() == "−50%"
    assert words[3].strip() == "0%"


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: doors_by_hand([True] * 501), OutOfRangeError, "500 games"),
        (lambda: doors_by_hand([True], host="blind"), UnknownNameError, "host"),
        (lambda: peeking_picture(test=-1), OutOfRangeError, "test"),
        (lambda: peeking_picture(test=1, kind="none"), UnknownNameError, "kind"),
    ],
)
def test_misuse_ends_in_words(call, error, words):
    with pytest.raises(error, match=words):
        call()
