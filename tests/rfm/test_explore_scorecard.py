"""explore_scorecard: the slider moves the tornado, and the tornado is a pure function."""

import matplotlib.pyplot as plt
import pandas as pd

from crmlab.rfm import explore_scorecard, rank_stability, scorecard_picture

FIRMS = pd.DataFrame({"price": [5, 2, 4], "trust": [3, 5, 1]})
WEIGHTS = {"price": 0.6, "trust": 0.4}


def test_picture_shows_the_moves_that_rank_stability_counts_and_is_unknown_to_pyplot():
    bars = scorecard_picture(FIRMS, change=0.2, weights=WEIGHTS).axes[0].patches
    moves = rank_stability(FIRMS, weights=WEIGHTS, change=0.2)["mean_move"]
    assert sorted(abs(bar.get_width()) for bar in bars) == sorted(moves)
    assert max(moves) > 0
    assert plt.get_fignums() == []


def test_moving_the_slider_redraws_the_picture_and_its_alternative_text():
    points, picture = explore_scorecard(FIRMS, weights=WEIGHTS).children
    before = picture.value
    points.value = 30
    assert picture.value != before
    assert "when a weight moves by 30 points" in picture.value
