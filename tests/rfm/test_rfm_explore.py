"""explore_weights and explore_cutoff: sliders move pictures that are pure functions."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from crmlab.rfm import (
    cutoff_picture,
    explore_cutoff,
    explore_weights,
    four_customers,
    rfm,
    weights_picture,
)

FOUR = rfm(four_customers(), as_of="2003-12-31")
JUDGED = pd.DataFrame({"rfm_score": range(200), "responded": [0, 1] * 100})


def winner(figure):
    ax = figure.axes[0]
    stars = [place for place, text in enumerate(ax.texts) if "★" in text.get_text()]
    return [ax.get_yticklabels()[place].get_text() for place in stars]


@pytest.mark.parametrize(
    ("recency", "frequency", "monetary", "best"),
    [(1, 0, 0, "A"), (0, 1, 0, "C"), (0, 0, 1, "B")],
)
def test_each_dimension_alone_crowns_another_customer(recency, frequency, monetary, best):
    figure = weights_picture(FOUR, recency=recency, frequency=frequency, monetary=monetary)
    assert winner(figure) == [best]
    assert plt.get_fignums() == []


def test_moving_a_weight_redraws_the_picture_and_its_alternative_text():
    recency, _, monetary, picture = explore_weights().children
    before = picture.value
    monetary.value = 5
    assert picture.value != before
    assert 'weights: recency 1, frequency 1, monetary 5"' in picture.value
    recency.value = 3
    assert "recency 3" in picture.value


def test_no_weights_at_all_are_answered_with_a_sentence():
    *sliders, picture = explore_weights(FOUR).children
    for slider in sliders:
        slider.value = 0
    assert picture.value.startswith("<p>Nothing counts")


def test_the_cutoff_picture_says_what_the_chosen_stop_earns():
    figure = cutoff_picture(JUDGED, share_contacted=0.5, margin=10, cost=1)
    chosen = figure.axes[0].get_legend().get_texts()[1].get_text()
    assert chosen == "chosen: 100 contacted, 50 respond, profit 400"
    assert plt.get_fignums() == []


def test_moving_the_stop_or_the_money_redraws_the_picture():
    contact, margin, cost, picture = explore_cutoff(JUDGED, margin=20, cost=4).children
    seen = [picture.value]
    for slider, value in ((contact, 0.6), (margin, 30), (cost, 8)):
        slider.value = value
        assert picture.value not in seen
        seen.append(picture.value)
    assert 'stop at 60%, margin 30, cost 8"' in picture.value
