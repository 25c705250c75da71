"""Pictures of the core of chapter 06: they draw the numbers they are given, and nothing else."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crmlab.errors import OutOfRangeError
from crmlab.rfm import (
    cutoff_table,
    decile_table,
    four_customers,
    plot_cutoff,
    plot_deciles,
    plot_gains,
    plot_rfm_map,
    plot_segments,
    plot_timelines,
    plot_weighted_scores,
    rfm,
    rfm_map,
    rfm_scores,
)

JUDGED = pd.DataFrame({"rfm_score": [4, 3, 2, 1], "responded": [1, 1, 0, 0]})
CELLS = rfm_map(
    pd.DataFrame(
        {"recency_score": [1, 2, 2], "frequency_score": [2, 1, 1], "monetary": [5e3, 1.4, 2.4]}
    ),
    bins=2,
)
SUMMARY = pd.DataFrame(
    {
        "segment": ["champions", "asleep"],
        "customers": [1_200, 300],
        "share_of_customers": [0.8, 0.2],
        "share_of_spend": [0.95, 0.05],
    }
)
WEIGHTS = {"recency": 0, "frequency": 1, "monetary": 3}
SCORES = rfm_scores(rfm(four_customers()), bins=4, combine=WEIGHTS)


def words(ax):
    return [text.get_text() for text in ax.texts]


# by hand


def test_map_has_frequent_buyers_on_top_recent_ones_right_and_a_number_in_each_cell(ax):
    plot_rfm_map(CELLS, ax=ax)
    assert words(ax) == ["1", "0", "0", "2"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2", "1"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2"]


def test_map_shows_money_if_asked_and_leaves_the_mean_of_nobody_empty(ax):
    plot_rfm_map(CELLS, show="spend", ax=ax)
    assert words(ax) == ["5,000", "0", "0", "4"]
    assert ax.collections[0].colorbar.ax.get_ylabel() == "Spend"
    figure, other = plt.subplots()
    plot_rfm_map(CELLS, show="mean_spend", ax=other)
    assert [word for word in words(other) if word] == ["5,000", "2"]
    plt.close(figure)


def test_segments_have_a_bar_for_heads_and_one_for_money_best_on_top(ax):
    plot_segments(SUMMARY, ax=ax)
    assert [bar.get_width() for bar in ax.patches] == [0.2, 0.8, 0.05, 0.95]
    assert words(ax) == ["20%", "80%", "5%", "95%"]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["asleep (300)", "champions (1,200)"]


def test_weighted_scores_are_made_of_their_parts_and_the_winner_has_a_star(ax):
    plot_weighted_scores(SCORES, weights=WEIGHTS, ax=ax)
    # By hand, with the middle rank of ties: D (1+3*3)/4, C (4+3*2)/4, B (3+3*4)/4, A (3+3*1)/4.
    assert [word.strip() for word in words(ax)] == ["2.50", "2.50", "3.75 ★", "1.50"]
    widths = np.array([bar.get_width() for bar in ax.patches]).reshape(3, 4)
    np.testing.assert_allclose(widths.sum(axis=0), SCORES["rfm_score"][::-1])
    assert (widths[0] == 0).all()


def test_timelines_have_a_dot_per_purchase_and_a_cross_per_refund(ax):
    log = pd.concat([four_customers(), four_customers().tail(1).assign(amount=-1.0)])
    plot_timelines(log, as_of="2003-12-31", ax=ax)
    dots = [*ax.collections]
    assert sum(len(d.get_offsets()) for d in dots if hasattr(d, "get_sizes")) == 17
    assert [label.get_text() for label in ax.get_yticklabels()] == [*"ABCD"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first customer is on top
    assert "×: money back" in ax.get_xlabel()
    plain = plot_timelines(four_customers(), ax=ax)
    assert "×" not in plain.get_xlabel()


def test_deciles_write_each_rate_and_name_the_rate_of_all(ax):
    plot_deciles(decile_table(JUDGED, groups=2), ax=ax)
    assert words(ax) == ["100%", "0%"]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["drawn at random, 95%", "all customers, 50.0%"]


def test_gains_have_a_line_per_score_from_nobody_to_everybody(ax):
    both = pd.concat(
        [decile_table(JUDGED.assign(b=1), score=s, groups=2) for s in ("rfm_score", "b")]
    )
    plot_gains(both, ax=ax)
    first, second, _ = ax.lines
    assert first.get_ydata() == pytest.approx([0, 1, 1])
    assert second.get_ydata() == pytest.approx([0, 0.5, 1])
    assert [line.get_label() for line in ax.lines] == ["rfm_score", "b", "drawn at random"]


def test_cutoff_marks_the_nearest_row_and_the_best_one(ax):
    cutoffs = cutoff_table(JUDGED, margin=10, cost=4, groups=4)
    plot_cutoff(cutoffs, share_contacted=0.8, ax=ax)
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == [
        "best stop: 50% contacted, profit 12",
        "chosen: 3 contacted, 2 respond, profit 8",
    ]


# when misused


def test_map_refuses_an_unknown_column_and_timelines_a_crowd():
    with pytest.raises(OutOfRangeError, match="show must be one of"):
        plot_rfm_map(CELLS, show="profit")
    crowd = pd.DataFrame(
        {"customer_id": range(41), "date": pd.Timestamp("2024-01-01"), "amount": 1.0}
    )
    with pytest.raises(OutOfRangeError, match="41 customers do not fit; give 1 to 40"):
        plot_timelines(crowd)
    with pytest.raises(OutOfRangeError, match="as_of must be a date such as '2024-06-30'"):
        plot_timelines(crowd.head(1), as_of="soon")
