"""rfm_segments, segment_guide, segment_summary, rfm_map: nobody left out, nobody in two."""

from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.rfm import rfm_map, rfm_segments, segment_guide, segment_summary

SCORES = ["recency_score", "frequency_score", "monetary_score"]


def cells(bins=5):
    return pd.DataFrame([*product(range(1, bins + 1), repeat=3)], columns=SCORES)


# by hand


@pytest.mark.parametrize(
    ("scores", "segment"),
    [
        ((5, 5, 5), "champions"),
        ((4, 4, 4), "champions"),
        ((4, 3, 4), "big occasional"),
        ((3, 4, 4), "champions"),
        ((2, 4, 4), "slipping away"),
        ((1, 1, 5), "lost big spenders"),
        ((5, 5, 3), "small regulars"),
        ((5, 1, 1), "small occasional"),
        ((1, 5, 1), "fading regulars"),
        ((3, 3, 3), "small occasional"),
        ((2, 3, 3), "asleep"),
    ],
)
def test_high_is_above_the_middle_and_of_recency_from_the_middle_on(scores, segment):
    table = rfm_segments(pd.DataFrame([scores], columns=SCORES))
    assert table["segment"].to_list() == [segment]


def test_keeps_the_columns_and_the_index_it_was_given():
    given = cells().assign(customer_id=range(125)).set_index(pd.RangeIndex(100, 225))
    table = rfm_segments(given)
    pd.testing.assert_frame_equal(table.drop(columns="segment"), given)
    assert table["segment"].dtype == "str"


def test_a_reader_may_bring_their_own_rules():
    rules = {"hot": "recency >= 4", "rich": "recency < 4 and monetary == 5", "rest": ""}
    rules["rest"] = "recency < 4 and monetary < 5"
    table = rfm_segments(cells(), segments=rules)
    counts = table["segment"].value_counts()
    assert counts.to_dict() == {"hot": 50, "rich": 15, "rest": 60}


def test_one_segment_for_everybody_is_a_rule_too():
    assert {*rfm_segments(cells(), segments={"all": "True"})["segment"]} == {"all"}


def test_no_customers_no_segments():
    assert rfm_segments(cells().head(0)).columns.to_list() == [*SCORES, "segment"]


def test_summary_counts_heads_and_money_biggest_spend_first():
    table = pd.DataFrame(
        {
            "segment": ["b", "a", "a", "c"],
            "days_since_last": [4, 1, 2, 9],
            "frequency": [1, 2, 5, 1],
            "monetary": [60.0, 10.0, 20.0, 10.0],
        }
    )
    expected = pd.DataFrame(
        {
            "segment": ["b", "a", "c"],
            "customers": [1, 2, 1],
            "share_of_customers": [0.25, 0.5, 0.25],
            "spend": [60.0, 30.0, 10.0],
            "share_of_spend": [0.6, 0.3, 0.1],
            "mean_spend": [60.0, 15.0, 10.0],
            "mean_frequency": [1.0, 3.5, 1.0],
            "median_days_since_last": [4.0, 1.5, 9.0],
        }
    )
    pd.testing.assert_frame_equal(segment_summary(table), expected)
    without = segment_summary(table.assign(monetary=0.0))
    assert without["share_of_spend"].isna().all()
    assert without["segment"].to_list() == ["a", "b", "c"]


def test_map_has_every_cell_and_loses_nobody():
    scores = pd.DataFrame(
        {"recency_score": [1, 3, 3], "frequency_score": [1, 2, 2], "monetary": [5.0, 10.0, 20.0]}
    )
    table = rfm_map(scores, bins=3)
    assert len(table) == 9
    assert table["customers"].sum() == 3
    assert table["spend"].sum() == 35
    cell = table.query("recency_score == 3 and frequency_score == 2").iloc[0]
    assert cell[["customers", "spend", "mean_spend"]].to_list() == [2, 30, 15]
    assert table.query("customers == 0")["mean_spend"].isna().all()


# for any data


@pytest.mark.parametrize("bins", range(2, 10))
def test_every_cell_has_exactly_one_segment_whatever_the_bins(bins):
    guide = segment_guide(bins=bins)
    grid = cells(bins).set_axis(["recency", "frequency", "monetary"], axis=1)
    members = pd.DataFrame({row.segment: grid.eval(row.rule) for row in guide.itertuples()})
    assert (members.sum(axis=1) == 1).all()
    assert members.any().all()
    table = rfm_segments(cells(bins), bins=bins)
    assert len(table) == bins**3
    assert (members.idxmax(axis=1) == table["segment"]).all()


def test_the_125_cells_of_five_bins_fall_into_eight_segments():
    assert rfm_segments(cells())["segment"].value_counts().to_dict() == {
        "small occasional": 27,
        "asleep": 18,
        "small regulars": 18,
        "big occasional": 18,
        "fading regulars": 12,
        "lost big spenders": 12,
        "champions": 12,
        "slipping away": 8,
    }


def test_guide_says_for_each_segment_what_it_is_called_and_what_to_do():
    guide = segment_guide()
    assert guide.columns.to_list() == ["segment", "chinese", "rule", "advice"]
    assert guide["segment"].is_unique
    assert guide["chinese"].is_unique
    assert guide["chinese"].str.fullmatch("[\u4e00-\u9fff]+").all()
    assert guide["advice"].str.len().min() > 20


@given(st.lists(st.sampled_from([*product(range(1, 6), repeat=3)]), min_size=1))
def test_row_order_does_not_matter_and_the_input_is_untouched(rows):
    scores = pd.DataFrame(rows, columns=SCORES)
    before = scores.copy()
    table = rfm_segments(scores)
    pd.testing.assert_frame_equal(rfm_segments(scores[::-1]).sort_index(), table)
    pd.testing.assert_frame_equal(scores, before)


# when misused


def test_else_takes_whoever_is_in_no_other_segment():
    rules = {"hot": "recency == 5", "else": " else ", "big": "recency < 5 and monetary == 5"}
    found = rfm_segments(cells(), segments=rules)
    others = (found["recency_score"] < 5) & (found["monetary_score"] < 5)
    assert found["segment"].eq("else").to_list() == others.to_list()
    with pytest.raises(OutOfRangeError, match="rest, others"):
        rfm_segments(cells(), segments={"hot": "recency == 5", "rest": "else", "others": "else"})


def test_a_gap_is_refused_with_the_cells_left_out():
    rules = {"hot": "recency == 5", "cold": "recency < 5 and (frequency > 1 or monetary > 1)"}
    with pytest.raises(OutOfRangeError) as caught:
        rfm_segments(cells(), segments=rules)
    faults = "; ".join(f"no segment: ({recency}, 1, 1)" for recency in range(1, 5))
    assert f": {faults}. Change the rules" in str(caught.value)


def test_an_overlap_is_refused_with_the_cells_and_both_names():
    rules = {"a": "recency <= 1", "b": "recency >= 1 and not (recency == 1 and monetary < 5)"}
    with pytest.raises(OutOfRangeError, match=r"a, b: \(1, 1, 5\); a, b: \(1, 2, 5\);"):
        rfm_segments(cells(), segments=rules)


@pytest.mark.parametrize("rule", ["recncy > 3", "recency >", "", "recency + 1", "'yes'"])
def test_a_rule_that_cannot_be_read_is_named(rule):
    with pytest.raises(OutOfRangeError, match="the rule of segment 'odd' cannot be read"):
        rfm_segments(cells(), segments={"odd": rule})


def test_no_rules_leave_everybody_out():
    with pytest.raises(OutOfRangeError, match="at least one rule"):
        rfm_segments(cells(), segments={})


@pytest.mark.parametrize("score", [0, 6, 2.5])
def test_scores_outside_the_bins_are_refused(score):
    wrong = cells().astype(float)
    wrong.loc[3, "monetary_score"] = score
    with pytest.raises(OutOfRangeError, match=r"from 1 to bins=5; .* Say bins=…"):
        rfm_segments(wrong)


def test_says_which_frame_it_wants():
    with pytest.raises(MissingColumnsError, match="Hand over the frame that rfm_scores returns"):
        rfm_segments(cells().drop(columns="recency_score"))
    with pytest.raises(MissingColumnsError):
        segment_summary(cells())
    with pytest.raises(MissingColumnsError):
        rfm_map(cells())
    with pytest.raises(BadRowsError, match=r"\[0\]"):
        rfm_map(cells().assign(monetary=1.0, recency_score=[None, *[1] * 124]))
