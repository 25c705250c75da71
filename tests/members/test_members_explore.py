"""The three widgets: their pictures are pure, and a slider that moves draws anew."""

import pytest

from crmlab.members import (
    contact_picture,
    effective_picture,
    explore_contacts,
    explore_effective_cards,
    explore_promotion,
    promotion_picture,
    simulate_visits,
)


@pytest.fixture(scope="module")
def visits():
    return simulate_visits(50, mean_gap_days=40, days=400, seed=1).data


def moved(widget, values):
    """Move every slider of a widget; return what its picture was before and after."""
    *sliders, picture = widget.children
    before = picture.value
    for slider, value in zip(sliders, values, strict=True):
        slider.value = value
    return before, picture.value


def test_the_window_and_the_amount_decide_which_card_is_effective(visits):
    before, after = moved(explore_effective_cards(visits), [3, 200])
    assert "window 12 months, amount 0" in before
    assert "window 3 months, amount 200" in after
    axes = effective_picture(visits, window=3, min_amount=200).axes[0]
    used = axes.collections[0].get_datalim(axes.transData).ymax
    all_of_them = effective_picture(visits, window=3, min_amount=0).axes[0]
    assert used < all_of_them.collections[0].get_datalim(all_of_them.transData).ymax


def test_patience_moves_the_best_interval_and_the_mean_gap_does_not():
    before, after = moved(explore_contacts(), [20, 0.3, 30])
    assert "mean gap 60 days" in before
    assert "mean gap 20 days, 30% leave, forgiven in 30 days" in after

    def best(**values):
        above = contact_picture(**values).axes[0]
        return above.lines[1].get_xdata()[0]

    calm = best(mean_gap_days=60, leave=0.15, forgive_days=10)
    assert calm == 28
    assert best(mean_gap_days=60, leave=0.15, forgive_days=30) > calm


def test_regular_members_are_reached_more_and_unlike_ones_less():
    before, after = moved(explore_promotion(), [10, 3, 0.5])
    assert "up to 15 days: regularity 1, difference 0.0" in before
    assert "up to 10 days: regularity 3, difference 0.5" in after

    def last(**values):
        axes = promotion_picture(longest=12, **values).axes[0]
        return axes.lines[2].get_ydata()[-1]

    chance = last(shape=1, spread=0.0)
    assert last(shape=4, spread=0.0) > chance > last(shape=1, spread=1.5)
