"""Pairs of records: made by keys, compared field by field."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.collection.simulate import simulate_records
from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError, UnknownNameError
from crmlab.identity import (
    Comparison,
    candidate_pairs,
    compare_pairs,
    match_quality,
    normalise_records,
    similarity,
)

RECORDS = pd.DataFrame(
    {
        "record_id": [10, 20, 30, 40, 50],
        "phone": ["5", "5", "5", "6", None],
        "name": ["li", "li", "wu", "li", "li"],
    }
)
TRUTH = pd.DataFrame({"record_id": [10, 20, 30, 40, 50], "customer_id": [1, 1, 2, 1, 3]})


def pairs_of(blocks):
    return [*blocks.pairs.itertuples(index=False, name=None)]


# candidate_pairs, by hand


def test_records_that_share_a_value_are_a_pair_and_missing_values_are_shared_by_nobody():
    blocks = candidate_pairs(RECORDS, keys={"phone": ["phone"]})
    assert pairs_of(blocks) == [(10, 20), (10, 30), (20, 30)]


def test_the_report_counts_blocks_pairs_and_what_they_miss():
    keys = {"phone": ["phone"], "name": ["name"]}
    report = candidate_pairs(RECORDS, keys=keys, truth=TRUTH).report.set_index("key")
    assert report["blocks"].tolist() == [1, 1, 2]
    assert report["largest_block"].tolist() == [3, 4, 4]
    assert report["pairs"].tolist() == [3, 6, 8]
    assert report["reduction"].tolist() == pytest.approx([0.7, 0.4, 0.2])
    # The true pairs are 10-20, 10-40 and 20-40: the phone finds the first, the name all.
    assert report["completeness"].tolist() == pytest.approx([1 / 3, 1, 1])


def test_too_large_a_block_is_split_by_the_next_column():
    blocks = candidate_pairs(RECORDS, keys={"phone": ["phone", "name"]}, max_block=2)
    assert pairs_of(blocks) == [(10, 20)]
    assert blocks.report.loc[0, ["split", "left_out"]].tolist() == [3, 0]


def test_a_block_that_stays_too_large_is_left_out_and_counted():
    blocks = candidate_pairs(RECORDS, keys={"name": ["name"]}, max_block=3)
    assert pairs_of(blocks) == []
    assert blocks.report.loc[0, ["split", "left_out"]].tolist() == [0, 4]


def test_what_has_no_value_in_the_finer_column_is_left_out():
    records = RECORDS.assign(name=["li", "li", None, "li", "li"])
    blocks = candidate_pairs(records, keys={"phone": ["phone", "name"]}, max_block=2)
    assert pairs_of(blocks) == [(10, 20)]
    assert blocks.report.loc[0, "left_out"] == 1


def test_without_a_truth_or_without_true_pairs_completeness_is_unknown():
    alone = TRUTH.assign(customer_id=range(5))
    for truth in (None, alone):
        report = candidate_pairs(RECORDS, keys={"phone": ["phone"]}, truth=truth).report
        assert report["completeness"].isna().all()


@pytest.mark.parametrize("rows", [0, 1])
def test_few_records_have_no_pairs(rows):
    blocks = candidate_pairs(RECORDS.head(rows), keys={"phone": ["phone"]})
    assert len(blocks.pairs) == 0
    assert blocks.report["pairs"].tolist() == [0, 0]


def test_the_keys_find_nearly_all_pairs_of_simulated_people():
    records, truth = simulate_records(2_000, seed=4)
    report = candidate_pairs(normalise_records(records), truth=truth).report.set_index("key")
    # A pair is lost when each of four fields is missing, edited or of old in one of its records:
    # (1 - .9025^2)^2 (1 - .857^2)^2 = .0024; true pairs are about 2,400, so 3 standard errors are
    # .003.
    assert report.loc["all", "completeness"] > 1 - 0.0024 - 0.003
    assert report.loc["all", "reduction"] > 0.999


# for any data

rows = st.lists(
    st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from(["x", "y", None])), max_size=9
)


@settings(max_examples=50)
@given(rows, st.integers(2, 4), st.randoms(use_true_random=False))
def test_pairs_are_those_of_a_slow_search_whatever_the_order_of_rows(values, most, random):
    records = pd.DataFrame(values, columns=["one", "two"], dtype="str")
    records.insert(0, "record_id", range(len(records)))
    blocks = candidate_pairs(records, keys={"k": ["one", "two"]}, max_block=most)
    expected = []
    for a, b in combinations(range(len(values)), 2):
        (one, two), other = values[a], values[b]
        size = [value[0] for value in values].count(one)
        finer = values.count((one, two))
        alike = one is not None and one == other[0]
        small = size <= most or (two is not None and two == other[1] and finer <= most)
        if alike and small:
            expected.append((a, b))
    assert pairs_of(blocks) == expected
    shuffled = records.sample(frac=1, random_state=random.randint(0, 99))
    again = candidate_pairs(shuffled, keys={"k": ["one", "two"]}, max_block=most)
    pd.testing.assert_frame_equal(again.pairs, blocks.pairs)
    pd.testing.assert_frame_equal(again.report, blocks.report)


# candidate_pairs, when misused


def test_refuses_records_without_or_with_the_same_number_and_truths_of_others():
    with pytest.raises(BadRowsError, match="1 row"):
        candidate_pairs(RECORDS.assign(record_id=[1, 2, 3, 4, None]), keys={"k": ["name"]})
    with pytest.raises(BadRowsError, match=r"\[10\] stand more than once in record_id"):
        candidate_pairs(RECORDS.assign(record_id=[10, 10, 3, 4, 5]), keys={"k": ["name"]})
    with pytest.raises(BadRowsError, match=r"1 record\(s\) are not among the others: \[50\]"):
        candidate_pairs(RECORDS, keys={"k": ["name"]}, truth=TRUTH.head(4))


@pytest.mark.parametrize("keys", [{}, {"k": []}])
def test_refuses_keys_without_columns(keys):
    with pytest.raises(OutOfRangeError, match="each key needs a column or more"):
        candidate_pairs(RECORDS, keys=keys)


def test_refuses_blocks_of_one_and_missing_columns():
    with pytest.raises(OutOfRangeError, match="max_block must be 2 or more"):
        candidate_pairs(RECORDS, keys={"k": ["name"]}, max_block=1)
    with pytest.raises(MissingColumnsError, match="email"):
        candidate_pairs(RECORDS, keys={"k": ["email"]})


# compare_pairs, by hand


def compared(one, values, pairs):
    records = pd.DataFrame({"record_id": range(len(values)), "column": values}, dtype=object)
    records["column"] = records["column"].astype("str")
    pairs = pd.DataFrame(pairs, columns=["left", "right"])
    return compare_pairs(records, pairs, comparisons=[one])["field"].tolist()


def test_the_level_is_how_many_thresholds_are_reached_and_missing_is_neither():
    one = Comparison("field", "column", "osa", (1.0, 0.8, 0.5))
    values = ["abcde", "abcde", "abcdX", "abXYe", "vwxyz", None]
    assert compared(one, values, [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (5, 5)]) == [
        3, 2, 1, 0, -1, -1,
    ]  # fmt: skip


def test_two_swapped_neighbours_are_one_edit():
    assert similarity(["abcde"], ["abdce"], method="osa") == pytest.approx([0.8])


def test_jaro_winkler_is_the_published_one():
    # Winkler (1990): MARTHA and MARHTA .961, DIXON and DICKSONX .813.
    found = similarity(["martha", "dixon"], ["marhta", "dicksonx"], method="jaro_winkler")
    assert found == pytest.approx([0.961, 0.813], abs=5e-4)


def test_a_name_is_alike_whichever_part_comes_first():
    left = ["lina", "na li", "na li", "wang"]
    right = ["na li", "li na", "nali", "li na"]
    found = similarity(left, right, method="name")
    assert found[:3] == pytest.approx(1)
    assert found[3] < 0.7


@given(st.text("ab ", max_size=6), st.text("ab ", max_size=6))
def test_similarity_has_no_sides_and_lies_between_0_and_1(one, other):
    for method in ("osa", "jaro_winkler", "name"):
        there, back = similarity([one, other], [other, one], method=method)
        assert there == pytest.approx(back)
        assert 0 <= there <= 1


def test_no_pairs_compare_to_none():
    one = Comparison("field", "column", "osa", (1.0,))
    assert compared(one, ["a"], []) == []


# compare_pairs, when misused


@pytest.mark.parametrize("levels", [(), (0.5, 0.9), (1.0, 1.0), (1.5,), (0.9, 0.0), (np.nan,)])
def test_refuses_levels_that_do_not_fall(levels):
    with pytest.raises(OutOfRangeError, match="levels must fall within"):
        Comparison("field", "column", "osa", levels)


def test_refuses_an_unknown_method_and_records_that_are_not_there():
    with pytest.raises(UnknownNameError, match="no method 'soundex'"):
        Comparison("field", "column", "soundex", (1.0,))
    with pytest.raises(BadRowsError, match=r"not among the others: \[9\]"):
        compared(Comparison("field", "column", "osa", (1.0,)), ["a"], [(0, 9)])


# match_quality


def test_precision_recall_and_f1_count_pairs():
    found = pd.DataFrame({"record_id": [50, 40, 30, 20, 10], "person_id": [2, 2, 2, 1, 1]})
    quality = match_quality(found, TRUTH)
    # Found: 10-20 and three pairs of 30, 40, 50; true: three pairs of 10, 20, 40; both: 10-20.
    assert (quality.found, quality.true, quality.right) == (4, 3, 1)
    assert (quality.precision, quality.recall) == (1 / 4, 1 / 3)
    assert quality.f1 == pytest.approx(2 / 7)


def test_nothing_found_and_nothing_to_find_is_no_precision_and_no_recall():
    alone = pd.DataFrame({"record_id": [1, 2], "person_id": [1, 2], "customer_id": [1, 2]})
    quality = match_quality(alone, alone)
    assert quality.found == quality.true == 0
    assert np.isnan([quality.precision, quality.recall, quality.f1]).all()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=8))
def test_quality_is_that_of_a_slow_count(groups):
    frame = pd.DataFrame(groups, columns=["person_id", "customer_id"]).reset_index(
        names="record_id"
    )
    quality = match_quality(frame, frame)
    pairs = [*combinations(groups, 2)]
    assert quality.found == sum(a[0] == b[0] for a, b in pairs)
    assert quality.true == sum(a[1] == b[1] for a, b in pairs)
    assert quality.right == sum(a == b for a, b in pairs)


def test_refuses_frames_of_different_records():
    found = pd.DataFrame({"record_id": [10, 20], "person_id": [1, 1]})
    with pytest.raises(BadRowsError, match="3 record"):
        match_quality(found, TRUTH)
    with pytest.raises(BadRowsError, match=r"1 record.*\[99\]"):
        match_quality(
            pd.concat(
                [
                    TRUTH.rename(columns={"customer_id": "person_id"}),
                    pd.DataFrame({"record_id": [99], "person_id": [1]}),
                ]
            ),
            TRUTH,
        )


def test_records_of_several_files_put_one_below_the_other_are_no_trouble():
    stacked = RECORDS.set_axis([0, 1, 2, 0, 1])
    found = candidate_pairs(stacked, keys={"phone": ["phone"]})
    assert pairs_of(found) == pairs_of(candidate_pairs(RECORDS, keys={"phone": ["phone"]}))


def test_what_are_no_comparisons_and_numbers_of_two_kinds_are_refused():
    normal = RECORDS.assign(name_spoken=RECORDS["name"])
    pairs = pd.DataFrame({"left": [10], "right": [20]})
    for wrong in ((), ["name"], None):
        with pytest.raises(OutOfRangeError, match="comparisons must be a list of Comparison"):
            compare_pairs(normal, pairs, comparisons=wrong)
    mixed = RECORDS.assign(record_id=[1, 2, 3, "4", "5"])
    with pytest.raises(BadRowsError, match="record_id holds numbers and texts"):
        candidate_pairs(mixed, keys={"phone": ["phone"]})
