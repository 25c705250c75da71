"""From pairs to people: chains, and households that must not become one person."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.identity import cluster_records, unseen_pairs


def records(*ids):
    return pd.DataFrame({"record_id": ids})


def weighed(*rows):
    return pd.DataFrame(rows, columns=["left", "right", "weight"]).astype({"weight": "float64"})


def people(frame):
    return frame["person_id"].tolist()


# by hand


def test_a_chain_without_anything_against_it_is_one_person():
    pairs = weighed((1, 2, 5), (2, 3, 5))
    assert people(cluster_records(records(1, 2, 3, 4), pairs)) == [1, 1, 1, 2]


def test_two_spouses_stay_two_when_a_record_without_a_name_fits_both():
    # 1 and 2 are the wife, 4 and 5 the husband; 3 has only the phone and the address of both.
    wife, husband = (1, 2, 20), (4, 5, 20)
    between = [(one, other, -15) for one in (1, 2) for other in (4, 5)]
    bridge = [(1, 3, 4), (2, 3, 5), (3, 4, 4), (3, 5, 3)]
    pairs = weighed(wife, husband, *between, *bridge)
    assert people(cluster_records(records(1, 2, 3, 4, 5), pairs)) == [1, 1, 1, 2, 2]


def test_much_for_outweighs_a_little_against():
    pairs = weighed((1, 2, 9), (2, 3, 9), (1, 3, -2))
    assert people(cluster_records(records(1, 2, 3), pairs)) == [1, 1, 1]


def test_a_draw_goes_to_the_smaller_numbers():
    pairs = weighed((1, 2, 5), (2, 3, 5), (1, 3, -9))
    assert people(cluster_records(records(1, 2, 3), pairs)) == [1, 1, 2]


def test_what_speaks_against_outside_a_component_changes_nothing():
    pairs = weighed((1, 2, 5), (2, 3, -5))
    assert people(cluster_records(records(1, 2, 3), pairs)) == [1, 1, 2]


def test_people_are_numbered_by_their_smallest_record_and_sorted():
    found = cluster_records(records("d", "a", "c", "b"), weighed(("d", "a", 1), ("b", "c", 1)))
    assert found["record_id"].tolist() == ["a", "b", "c", "d"]
    assert people(found) == [1, 2, 2, 1]


def test_weight_0_says_nothing():
    assert people(cluster_records(records(1, 2), weighed((1, 2, 0)))) == [1, 2]


@pytest.mark.parametrize("ids", [(), (7,)])
def test_few_records_are_people_of_their_own(ids):
    assert people(cluster_records(records(*ids), weighed())) == [1] * len(ids)


def test_unseen_pairs_are_those_of_a_chain_that_have_no_weight_yet():
    pairs = weighed((1, 2, 5), (3, 2, 5), (3, 4, 5), (1, 4, -1), (5, 6, -1))
    found = unseen_pairs(records(1, 2, 3, 4, 5, 6), pairs)
    assert found.to_numpy().tolist() == [[1, 3], [2, 4]]


# for any data

worlds = st.lists(st.integers(-3, 3), min_size=10, max_size=10)


def world(weights):
    pairs = [(a, b) for a in range(1, 6) for b in range(a + 1, 6)]
    return weighed(*[(*pair, weight) for pair, weight in zip(pairs, weights, strict=True)])


@settings(max_examples=50)
@given(worlds, st.integers(0, 99))
def test_neither_the_order_of_rows_nor_the_sides_of_a_pair_matter(weights, seed):
    pairs, rng = world(weights), np.random.default_rng(seed)
    found = cluster_records(records(1, 2, 3, 4, 5), pairs)
    turned = rng.random(len(pairs)) < 0.5
    mixed = pairs.assign(
        left=pairs["right"].where(turned, pairs["left"]),
        right=pairs["left"].where(turned, pairs["right"]),
    ).sample(frac=1, random_state=seed)
    again = cluster_records(records(*rng.permutation([1, 2, 3, 4, 5])), mixed)
    pd.testing.assert_frame_equal(again, found)


@settings(max_examples=50)
@given(worlds)
def test_no_two_groups_would_gain_by_joining_and_joining_never_costs(weights):
    pairs = world(weights)
    person = cluster_records(records(1, 2, 3, 4, 5), pairs).set_index("record_id")["person_id"]
    sides = [person[pairs[side]].to_numpy() for side in ("left", "right")]
    sums = pairs.groupby([np.minimum(*sides), np.maximum(*sides)])["weight"].sum()
    within = [one == other for one, other in sums.index]
    assert (sums[within] >= 0).all()
    assert (sums[[not one for one in within]] <= 0).all()


# when misused


def test_refuses_a_component_that_is_no_person():
    ids = range(501)
    star = weighed(*[(0, other, 1) for other in ids if other])
    with pytest.raises(OutOfRangeError, match="501 records hang together; more than 500"):
        cluster_records(records(*ids), star)


def test_refuses_pairs_that_stand_twice_join_a_record_with_itself_or_name_a_stranger():
    for pairs in (weighed((1, 2, 1), (2, 1, 1)), weighed((1, 1, 1))):
        with pytest.raises(BadRowsError, match=r"1 pair\(s\) stand twice, or join a record with"):
            cluster_records(records(1, 2), pairs)
    with pytest.raises(BadRowsError, match=r"not among the others: \[3\]"):
        cluster_records(records(1, 2), weighed((1, 3, 1)))


def test_refuses_weights_that_are_missing_or_infinite():
    for weight in (np.nan, np.inf):
        with pytest.raises(OutOfRangeError, match="weight must hold finite numbers"):
            cluster_records(records(1, 2), weighed((1, 2, weight)))
    with pytest.raises(MissingColumnsError, match="weight"):
        cluster_records(records(1, 2), weighed().drop(columns="weight"))
