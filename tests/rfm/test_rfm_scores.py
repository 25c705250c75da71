"""rfm_scores: by hand, against the rule, for any data, and when misused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, CrmlabError, MissingColumnsError, OutOfRangeError
from crmlab.rfm import rfm_scores

SCORES = ["recency_score", "frequency_score", "monetary_score"]


def measured(*rows):
    columns = ["days_since_last", "frequency", "monetary"]
    return pd.DataFrame(rows, columns=columns).astype({"monetary": "float64"})


# Ten customers: each of the five scores is given twice, and more is always better.
TEN = measured(*[(90 - 10 * i, i, 100.0 * i) for i in range(10)])

# by hand


@pytest.mark.curriculum("S57")
def test_quintiles_go_from_one_to_five_and_the_latest_buyers_have_the_highest_recency():
    table = rfm_scores(TEN)
    for score in SCORES:
        assert table[score].to_list() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert table["rfm_score"].to_list() == [111, 111, 222, 222, 333, 333, 444, 444, 555, 555]


def test_each_digit_is_the_score_of_its_own_dimension():
    table = rfm_scores(measured((1, 1, 3), (2, 2, 2), (3, 3, 1)), bins=3)
    assert table["rfm_score"].to_list() == [313, 222, 131]


def test_equal_customers_get_the_lowest_rank_among_them():
    table = rfm_scores(measured((0, 1, 1), (0, 1, 1), (0, 1, 1), (0, 1, 1), (0, 2, 1)))
    assert table["frequency_score"].to_list() == [1, 1, 1, 1, 5]
    assert table["recency_score"].to_list() == [1] * 5


def test_weights_count_by_their_proportions_only():
    table = measured((1, 1, 3), (2, 2, 2), (3, 3, 1))
    weights = {"recency": 2, "frequency": 1, "monetary": 1}
    score = rfm_scores(table, bins=3, combine=weights)["rfm_score"]
    assert score.to_list() == [10 / 4, 2, 6 / 4]
    percent = {name: 25 * weight for name, weight in weights.items()}
    pd.testing.assert_series_equal(rfm_scores(table, bins=3, combine=percent)["rfm_score"], score)


@pytest.mark.curriculum("S57")
def test_a_function_of_ones_own_may_make_the_score():
    table = rfm_scores(TEN, combine=lambda parts: parts["recency"] * parts["monetary"])
    assert table["rfm_score"].to_list() == [1, 1, 4, 4, 9, 9, 16, 16, 25, 25]


def test_a_function_of_ones_own_may_make_the_bins():
    by_value = rfm_scores(TEN, bins=2, method=lambda values, bins: 1 + (values > values.mean()))
    assert by_value["recency_score"].to_list() == [1] * 5 + [2] * 5


def test_keeps_the_columns_and_the_index_it_was_given():
    table = TEN.assign(customer_id=[*"abcdefghij"]).set_index(np.arange(10) + 100)
    scored = rfm_scores(table)
    assert scored.columns.to_list() == [*table.columns, *SCORES, "rfm_score"]
    pd.testing.assert_frame_equal(scored[[*table.columns]], table)


def test_one_customer_has_the_lowest_scores_and_nobody_has_none():
    assert rfm_scores(TEN.head(1))["rfm_score"].to_list() == [111]
    assert rfm_scores(TEN.head(0)).empty


def test_scores_are_whole_numbers_and_a_weighted_score_is_not():
    kinds = rfm_scores(TEN)[[*SCORES, "rfm_score"]].dtypes
    assert (kinds == "int64").all()
    weighted = rfm_scores(TEN, combine={"recency": 1, "frequency": 1, "monetary": 1})
    assert weighted["rfm_score"].dtype == "float64"


# for any data

tables = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from([-1.5, 0, 2, 2.5])), min_size=1
)


@pytest.mark.curriculum("S57")
@given(tables, st.integers(2, 9), st.randoms(use_true_random=False))
def test_scores_are_equal_under_row_order(rows, bins, random):
    table = measured(*rows)
    order = [*range(len(rows))]
    random.shuffle(order)
    shuffled = rfm_scores(table.iloc[order], bins=bins)
    pd.testing.assert_frame_equal(shuffled.sort_index(), rfm_scores(table, bins=bins))


@given(tables, st.integers(2, 12))
def test_scores_follow_the_rule_of_the_lowest_rank(rows, bins):
    table = measured(*rows)
    scored = rfm_scores(table, bins=bins, combine={"recency": 1, "frequency": 0, "monetary": 0})
    for score, values in {
        "recency_score": -table["days_since_last"],
        "frequency_score": table["frequency"],
        "monetary_score": table["monetary"],
    }.items():
        rank = values.rank(method="min").astype(int)
        assert scored[score].to_list() == (1 + bins * (rank - 1) // len(table)).to_list()
        assert scored[score].between(1, bins).all()


# when misused


def test_says_which_frame_it_wants():
    with pytest.raises(MissingColumnsError, match=r"missing \['monetary'\]; .* measure"):
        rfm_scores(TEN.drop(columns="monetary"))


def test_lists_rows_without_a_value():
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no monetary: \[2\]"):
        rfm_scores(TEN.assign(monetary=TEN["monetary"].where(TEN.index != 2)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"bins": 1}, "bins must be 2 or more; got 1"),
        ({"bins": 10}, "digits hold scores up to 9; with bins=10 give weights"),
        ({"combine": {"recency": 1, "frequency": 1}}, "weights of 0 or more"),
        ({"combine": {"recency": 1, "frequency": 1, "monetary": -1}}, "weights of 0 or more"),
        ({"combine": {"recency": 0, "frequency": 0, "monetary": 0}}, "not all 0"),
        ({"combine": {"recency": np.nan, "frequency": 1, "monetary": 1}}, "weights of 0 or more"),
        ({"combine": "sum"}, "combine must be 'digits', weights such as .* or a function"),
        ({"combine": lambda parts: 7}, "one score per customer"),
        ({"method": "quintile"}, "method must be 'rank' or a function; got 'quintile'"),
        ({"method": lambda values, bins: values}, "for recency it returned"),
        ({"method": lambda values, bins: [1]}, "each of the 10 customers"),
    ],
)
def test_refuses_what_makes_no_scores(arguments, words):
    with pytest.raises(OutOfRangeError, match=words):
        rfm_scores(TEN, **arguments)


def test_all_its_errors_are_caught_by_one_name():
    with pytest.raises(CrmlabError):
        rfm_scores(TEN, bins=0)
