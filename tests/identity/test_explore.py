"""explore_threshold: a slider for the weight from which pairs are joined."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crmlab.errors import MissingColumnsError
from crmlab.identity import (
    explore_threshold,
    match_quality,
    threshold_picture,
    threshold_quality,
)

PAIRS = pd.DataFrame({"left": [1, 1, 2], "right": [2, 3, 4], "weight": [8.0, -3.0, 1.0]})
TRUTH = pd.DataFrame({"record_id": [1, 2, 3, 4], "customer_id": [7, 7, 7, 9]})

# by hand


def test_a_lower_line_finds_more_pairs_and_a_higher_one_more_surely():
    high, middle, low = (threshold_quality(PAIRS, TRUTH, weight=at) for at in (5, 0, -5))
    assert (high.found, high.right, high.true, high.precision) == (1, 1, 3, 1.0)
    assert (middle.found, middle.precision) == (2, 0.5)
    assert (low.found, low.right, low.recall) == (3, 2, pytest.approx(2 / 3))


def test_nothing_joined_has_no_precision():
    nothing = threshold_quality(PAIRS, TRUTH, weight=99)
    assert (nothing.found, nothing.recall) == (0, 0.0)
    assert np.isnan(nothing.precision)


def test_moving_the_line_redraws_the_picture_its_words_and_its_alternative_text():
    slider, picture = explore_threshold(PAIRS, TRUTH).children
    assert "precision 50.0%, recall 33.3%" in picture.value
    before = picture.value
    slider.value = 5
    assert picture.value != before
    assert picture.value.count("joined from 5 on: precision 100.0%, recall 33.3%") == 1
    assert plt.get_fignums() == []


def test_the_line_stands_at_the_weight():
    (ax,) = threshold_picture(PAIRS, weight=3).axes
    assert ax.lines[0].get_xdata()[0] == pytest.approx(3)


# for any data


def test_when_no_pair_follows_from_two_others_it_is_the_quality_of_the_people():
    people = pd.DataFrame({"record_id": [1, 2, 3, 4], "person_id": [1, 1, 2, 3]})
    assert threshold_quality(PAIRS, TRUTH, weight=5) == match_quality(people, TRUTH)


# when misused


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumnsError, match="weight"):
        threshold_quality(PAIRS.drop(columns="weight"), TRUTH, weight=0)
