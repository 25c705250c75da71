"""b2b_score and rank_stability: the course's scorecard, and what its weights decide."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.rfm import b2b_score, plot_rank_stability, rank_stability

CRITERIA = [
    "average_turnover",
    "change_in_turnover",
    "current_relation",
    "technical_link",
    "partnership",
]
COURSE = dict(zip(CRITERIA, [0.30, 0.25, 0.15, 0.20, 0.10], strict=True))


def scored(*rows):
    return pd.DataFrame(rows, columns=["customer_id", *CRITERIA])


FIRMS = scored(("Ann", 5, 4, 3, 2, 1), ("Bob", 1, 2, 3, 4, 5), ("Cy", 5, 4, 3, 2, 1))

# by hand


@pytest.mark.curriculum("S61")
def test_scores_5_4_3_2_1_give_3_45_with_weights_that_sum_to_100_percent():
    assert sum(COURSE.values()) == pytest.approx(1)
    table = b2b_score(FIRMS)
    # Bob: 0.30 + 0.50 + 0.45 + 0.80 + 0.50.
    assert table["b2b_score"].to_list() == [3.45, 2.55, 3.45]
    pd.testing.assert_frame_equal(table, b2b_score(FIRMS, weights=COURSE))


def test_equal_scores_share_the_best_rank_and_other_columns_stay():
    table = b2b_score(FIRMS)
    assert table["b2b_rank"].to_list() == [1, 3, 1]
    pd.testing.assert_frame_equal(table[[*FIRMS.columns]], FIRMS)


def test_scores_that_are_equal_on_paper_are_equal_in_the_ranking():
    # Both are 1.2, which sums of binary fractions miss by different hairs.
    table = b2b_score(scored(("Ann", 1, 1, 1, 1, 3), ("Bob", 1, 1, 1, 2, 1)))
    assert table["b2b_rank"].to_list() == [1, 1]


def test_weights_and_columns_of_ones_own():
    frame = pd.DataFrame({"price": [5, 2], "trust": [3, 5]}, index=["x", "y"])
    table = b2b_score(frame, weights={"price": 0.25, "trust": 0.75})
    assert table["b2b_score"].to_dict() == {"x": 3.5, "y": 4.25}


def test_a_weight_that_falls_gives_room_to_the_others_in_their_proportions():
    frame = pd.DataFrame({"a": [5, 1, 4], "b": [1, 5, 4], "c": [1, 5, 4]})
    table = rank_stability(frame, weights={"a": 0.5, "b": 0.3, "c": 0.2}, change=0.2)
    # Old scores 3.0, 3.0, 4.0; a at 0.3: 2.2, 3.8, 4.0; a at 0.7: 3.8, 2.2, 4.0.
    # b at 0.1 leaves 0.9 to a and c as 5 : 2, so a gets 0.643: 3.57, 2.43, 4.0, and so on.
    assert table["criterion"].to_list() == [*"aabbcc"]
    assert table["weight"].to_list() == pytest.approx([0.3, 0.7, 0.1, 0.5, 0.0, 0.4])
    # Before, the first two share rank 2; in every world one of them falls to rank 3.
    assert table["moved"].to_list() == [1] * 6
    assert table["mean_move"].to_list() == pytest.approx([1 / 3] * 6)
    assert table["same_leaders"].all()
    # Of three pairs one was tied: tau-b = 2 / sqrt(2 * 3).
    assert table["agreement"].to_list() == pytest.approx([2 / np.sqrt(6)] * 6)


def test_another_leader_and_a_reversed_order_are_seen():
    frame = pd.DataFrame({"price": [5, 2], "trust": [3, 5]})
    table = rank_stability(frame, weights={"price": 0.5, "trust": 0.5}, change=0.2)
    assert table["same_leaders"].to_list() == [False, True, True, False]
    assert table["agreement"].to_list() == pytest.approx([-1, 1, 1, -1])


def test_a_weight_of_everything_gives_what_it_loses_to_all_others_alike():
    frame = pd.DataFrame({"a": [5, 1], "b": [1, 5], "c": [3, 3]})
    table = rank_stability(frame, weights={"a": 1, "b": 0, "c": 0}, change=0.6)
    # a at 0.4 and b, c at 0.3 each: 3.2 and 2.8; b at 0.6 and a at 0.4: 2.6 and 3.4.
    assert table["weight"].to_list() == pytest.approx([0.4, 1, 0, 0.6, 0, 0.6])
    assert table["moved"].to_list() == [0, 0, 0, 2, 0, 0]


# for any data

firms = st.lists(st.tuples(*[st.integers(1, 5)] * 5), min_size=2, max_size=12).map(
    lambda rows: scored(*((number, *row) for number, row in enumerate(rows)))
)


@given(firms)
def test_scores_stay_between_1_and_5_and_ranks_follow_them(frame):
    table = b2b_score(frame)
    assert table["b2b_score"].between(1, 5).all()
    better = (table["b2b_score"].to_numpy() > table["b2b_score"].to_numpy()[:, None]).sum(axis=1)
    assert table["b2b_rank"].to_list() == (1 + better).tolist()


@settings(max_examples=30)
@given(firms, st.floats(0.01, 1))
def test_row_order_does_not_matter_and_the_input_is_untouched(frame, change):
    before = frame.copy()
    table = rank_stability(frame, change=change)
    pd.testing.assert_frame_equal(table, rank_stability(frame.iloc[::-1], change=change))
    pd.testing.assert_frame_equal(b2b_score(frame).iloc[::-1], b2b_score(frame.iloc[::-1]))
    pd.testing.assert_frame_equal(frame, before)


# when misused


@pytest.mark.parametrize(
    "weights",
    [
        {**COURSE, "current_relation": 0.25},
        {**COURSE, "current_relation": -0.1, "partnership": 0.35},
        {},
    ],
)
def test_refuses_weights_that_are_not_100_percent(weights):
    with pytest.raises(OutOfRangeError, match=r"sum to 1, which is 100%; .* which sum to"):
        b2b_score(FIRMS, weights=weights)


def test_refuses_scores_outside_1_to_5_and_lists_the_rows():
    with pytest.raises(OutOfRangeError, match=r"from 1 to 5; 2 row\(s\) have others: \[0, 2\]"):
        b2b_score(FIRMS.assign(current_relation=[0, 5, 6]))


def test_names_missing_columns_and_missing_scores():
    with pytest.raises(MissingColumnsError, match=r"missing \['current_relation'\]"):
        b2b_score(FIRMS.drop(columns="current_relation"))
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no current_relation: \[1\]"):
        rank_stability(FIRMS.assign(current_relation=[1, None, 1]))


def test_one_customer_has_no_ranking_and_a_change_is_a_share():
    with pytest.raises(OutOfRangeError, match="number of customers must be 2 or more; got 1"):
        rank_stability(FIRMS.head(1))
    with pytest.raises(OutOfRangeError, match="share not a percent; got 10"):
        rank_stability(FIRMS, change=10)


# the picture


def test_draws_a_bar_to_each_side_the_widest_on_top_with_the_new_weights(ax):
    table = pd.DataFrame(
        {
            "criterion": ["price", "price", "long_trust", "long_trust"],
            "direction": ["less", "more", "less", "more"],
            "weight": [0.2, 0.4, 0.6, 0.8],
            "mean_move": [1.0, 2.0, 3.0, 0.5],
            "same_leaders": [True, True, False, True],
        }
    )
    assert plot_rank_stability(table, ax=ax) is ax
    assert [bar.get_width() for bar in ax.patches] == [-1, -3, 2, 0.5]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["price", "long trust"]
    assert [text.get_text() for text in ax.texts] == ["20%", "60% ★", "40%", "80%"]
    hatches = {bar.get_hatch() for bar in ax.patches}
    assert len(hatches) == 2
    assert "places" in ax.get_xlabel()


def test_draws_a_ranking_that_never_moves_on_the_current_axes(ax):
    one = pd.DataFrame({"a": [5, 1], "b": [5, 1]})
    table = rank_stability(one, weights={"a": 0.5, "b": 0.5})
    assert plot_rank_stability(table) is ax
    assert ax.get_xlim() == (-1, 1)


def test_says_which_frame_it_wants():
    with pytest.raises(MissingColumnsError, match=r"missing \['criterion'"):
        plot_rank_stability(FIRMS)
