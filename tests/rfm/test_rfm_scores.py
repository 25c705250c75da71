"""rfm_scores: by hand, against the rule, for any data, and when misused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    MissingColumnsError,
    OutOfRangeError,
    UninformativeScoreWarning,
    WrongTypeError,
)
from crmlab.rfm import rfm, rfm_scores, rfm_segments

TOLD = "ignore::crmlab.errors.UninformativeScoreWarning"

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


@pytest.mark.filterwarnings(TOLD)
def test_equal_customers_get_the_score_of_the_middle_rank_among_them():
    # Ranks 1 to 4 of five: 1 + 5 * (1 + 4 - 1) // 10 = 3; ranks 1 to 5: 1 + 5 * 5 // 10 = 3.
    table = rfm_scores(measured((0, 1, 1), (0, 1, 1), (0, 1, 1), (0, 1, 1), (0, 2, 1)))
    assert table["frequency_score"].to_list() == [3, 3, 3, 3, 5]
    assert table["recency_score"].to_list() == [3] * 5


def payments(*groups, amount=9.90):
    """A log in which each group of so many customers pays on each of its days."""
    rows = [
        (f"{group}-{customer}", day, amount)
        for group, (customers, days) in enumerate(groups)
        for customer in range(customers)
        for day in days
    ]
    log = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    return log.astype({"date": "M8[us]"})


@pytest.mark.filterwarnings(TOLD)
def test_of_85_customers_who_pay_each_month_beside_15_who_left_none_is_asleep():
    months = pd.date_range("2024-01-01", "2024-12-01", freq="MS")
    scores = rfm_scores(rfm(payments((85, months), (15, months[:3]))))
    active = scores["customer_id"].str.startswith("0-")
    for score in SCORES:
        assert {*scores.loc[active, score]} == {3}
        assert {*scores.loc[~active, score]} == {1}
    named = rfm_segments(scores)["segment"]
    assert "asleep" not in {*named[active]}
    assert {*named[~active]} == {"asleep"}


def test_of_100_customers_the_40_who_bought_on_the_last_day_have_the_top_score():
    table = measured(*[(0, i, i) for i in range(40)], *[(1 + i, i, -i) for i in range(60)])
    scores = rfm_scores(table)["recency_score"]
    assert scores.to_list()[:40] == [5] * 40
    assert scores.to_list()[40:] == [3 - i // 20 for i in range(60)]


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


def test_one_customer_has_the_middle_scores_and_nobody_has_none():
    with pytest.warns(UninformativeScoreWarning, match="is 90 for 1 of 1"):
        assert rfm_scores(TEN.head(1))["rfm_score"].to_list() == [333]
    assert rfm_scores(TEN.head(0)).empty


def test_tells_of_which_dimensions_most_customers_are_alike_and_half_are_not_most():
    table = TEN.assign(frequency=[1] * 6 + [2] * 4, monetary=[1.0] * 5 + [2.0] * 5)
    words = "The frequency score tells little: frequency is 1 for 6 of 10 customers"
    with pytest.warns(UninformativeScoreWarning, match=words) as told:
        rfm_scores(table)
    assert len(told) == 1
    assert "monetary" not in str(told[0].message)


def test_equal_weighted_scores_are_equal_whatever_the_weights():
    # 1/3 and 2/3 have no end in binary: 3 + 1 + 1 and 1 + 3 + 1 would differ in the last digit.
    table = measured((1, 1, 3), (3, 3, 2), (2, 2, 9))
    weights = {"recency": 0.1, "frequency": 0.1, "monetary": 0.1}
    scores = rfm_scores(table, bins=3, combine=weights)
    parts = scores[SCORES].sum(axis=1)
    assert scores.groupby(parts)["rfm_score"].nunique().max() == 1
    assert (scores["rfm_score"] == (parts / 3).round(9)).all()


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
@pytest.mark.filterwarnings(TOLD)
@given(tables, st.integers(2, 9), st.randoms(use_true_random=False))
def test_scores_are_equal_under_row_order(rows, bins, random):
    table = measured(*rows)
    order = [*range(len(rows))]
    random.shuffle(order)
    shuffled = rfm_scores(table.iloc[order], bins=bins)
    pd.testing.assert_frame_equal(shuffled.sort_index(), rfm_scores(table, bins=bins))


@pytest.mark.filterwarnings(TOLD)
@given(tables, st.integers(2, 12))
def test_scores_follow_the_rule_of_the_middle_rank(rows, bins):
    table = measured(*rows)
    scored = rfm_scores(table, bins=bins, combine={"recency": 1, "frequency": 0, "monetary": 0})
    for score, values in {
        "recency_score": -table["days_since_last"],
        "frequency_score": table["frequency"],
        "monetary_score": table["monetary"],
    }.items():
        low, high = (values.rank(method=end).astype(int) for end in ("min", "max"))
        rule = 1 + bins * (low + high - 1) // (2 * len(table))
        assert scored[score].to_list() == rule.to_list()
        assert scored[score].between(1, bins).all()


@pytest.mark.filterwarnings(TOLD)
@given(tables, st.integers(2, 12))
def test_values_in_reverse_give_the_scores_in_reverse_but_for_those_on_a_border(rows, bins):
    table, weights = measured(*rows), {"recency": 1, "frequency": 1, "monetary": 1}
    there, back = (rfm_scores(t, bins=bins, combine=weights) for t in (table, -table))
    for score, column in zip(SCORES, table, strict=True):
        ranks = [table[column].rank(method=end).astype(int) for end in ("min", "max")]
        on_border = bins * (sum(ranks) - 1) % (2 * len(table)) == 0
        expected = (bins + 1 - there[score]).where(~on_border, bins + 2 - there[score])
        assert back[score].to_list() == expected.to_list()


@pytest.mark.filterwarnings(TOLD)
@given(st.lists(st.integers(0, 3), min_size=1), st.integers(2, 9))
def test_nobody_who_bought_on_the_last_day_is_asleep_however_many_did(days, bins):
    table = measured(*[(day - min(days), 1, 1) for day in days])
    named = rfm_segments(rfm_scores(table, bins=bins), bins=bins)
    assert "asleep" not in {*named.loc[table["days_since_last"] == 0, "segment"]}


# when misused


def test_says_which_frame_it_wants():
    with pytest.raises(MissingColumnsError, match=r"missing \['monetary'\]; .* that rfm returns"):
        rfm_scores(TEN.drop(columns="monetary"))


def test_refuses_numbers_that_are_text_which_the_alphabet_would_rank():
    with pytest.raises(WrongTypeError, match="monetary must hold numbers; got str"):
        rfm_scores(TEN.astype({"monetary": "str"}))


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
