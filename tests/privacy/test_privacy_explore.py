"""explore_k and explore_epsilon: sliders move the picture; the pictures are pure functions."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from crmlab.privacy import (
    epsilon_picture,
    explore_epsilon,
    explore_k,
    k_picture,
    simulate_people,
)

SHOP = simulate_people(1_200, seed=5).data.shop
ASKED = {
    "quasi": ["birth_date", "sex", "postcode"],
    "column": "birth_date",
    "value": "spend_cny",
    "edges": [pd.Timestamp(year, 1, 1) for year in range(1945, 2011, 5)],
}
NAMES = sorted(SHOP["sex"].unique())


def test_at_k_1_the_points_are_the_bars_and_everybody_is_found():
    figure = k_picture(SHOP, k=1, **ASKED)
    seen, risk = figure.axes
    bars = [bar.get_height() for bar in seen.patches]
    assert seen.lines[0].get_ydata().tolist() == pytest.approx(bars)
    assert risk.patches[0].get_height() > 0.99
    assert plt.get_fignums() == []


def test_a_larger_k_leaves_less_risk_and_less_to_see():
    seen, risk = k_picture(SHOP, k=100, **ASKED).axes
    assert risk.patches[0].get_height() <= 0.01
    assert len({round(one, 6) for one in seen.lines[0].get_ydata()}) < len(seen.patches)


def test_the_risk_in_a_very_large_box_is_small_but_never_said_to_be_none():
    shop = simulate_people(4_000, seed=5).data.shop
    _, risk = k_picture(shop, k=len(shop), **ASKED).axes
    assert [text.get_text() for text in risk.texts] == ["<0.1%"]


def test_moving_k_redraws_the_picture_and_its_alternative_text():
    slider, picture = explore_k(SHOP, **ASKED).children
    before = picture.value
    slider.value = 100
    assert picture.value != before
    assert "band of birth_date at k = 100" in picture.value


def test_the_same_seed_draws_the_same_noise_and_less_epsilon_more_of_it():
    def spread(epsilon):
        figure = epsilon_picture(SHOP["sex"], epsilon=epsilon, categories=NAMES, seed=5)
        low, high = figure.axes[0].collections[0].get_segments()[0][:, 1]
        return high - low

    assert spread(1.0) == spread(1.0)
    assert spread(0.1) == pytest.approx(10 * spread(1.0), rel=0.05)
    assert plt.get_fignums() == []


def test_moving_epsilon_redraws_the_picture_and_its_alternative_text():
    slider, picture = explore_epsilon(SHOP["sex"], categories=NAMES).children
    before = picture.value
    slider.value = 0.02
    assert picture.value != before
    assert "at epsilon = 0.02" in picture.value
