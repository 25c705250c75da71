"""Competitors from choices: rivals above shares, lookalikes by whom they sell to, a map."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.accounts import (
    duplication_of_purchase,
    rival_map,
    simulate_rivals,
    switching_above_shares,
    target_overlap,
)
from crmlab.errors import BadRowsError, OutOfRangeError
from crmlab.loyalty import simulate_choices, switching_matrix

# by hand


def test_the_law_by_hand():
    # Six buyers: A of 0, 1, 2, 4, 5; B of 0, 1, 3, 4; C of 2, 3, 5.
    who = [*range(6)] * 2
    choices = pd.DataFrame({"customer_id": who, "brand": list("AAABBCBBCCAA")})
    found = duplication_of_purchase(choices).set_index(["brand", "rival"])
    assert found["both"].to_dict() == {("A", "B"): 3, ("A", "C"): 2, ("B", "C"): 1}
    # D = 6 / ((5*4 + 5*3 + 4*3) / 6), so A and B are expected to share D * 20 / 6 = 2.553.
    assert found.loc[("A", "B"), "expected"] == pytest.approx(6 * 20 / 47)
    assert found.loc[("A", "B"), "index"] == pytest.approx(3 * 47 / 120)
    assert found.loc[("B", "C"), "share_of_buyers"] == pytest.approx(0.25)


# against the truth


@pytest.mark.curriculum("S98")
@pytest.mark.parametrize("seed", range(20))
def test_the_planted_rivals_rank_first_where_raw_switching_names_the_biggest(seed):
    choices, truth = simulate_rivals(2_000, seed=seed)
    planted = truth.set_index("planted")[["brand", "rival"]]
    rivals, lookalikes = ([*planted.loc[kind]] for kind in ("rivals", "lookalikes"))
    # The user's view: whom do buyers exchange for each other?
    by_buyers = duplication_of_purchase(choices)
    assert by_buyers.loc[0, ["brand", "rival"]].tolist() == rivals
    assert by_buyers.loc[0, "rivals"]
    switching = switching_matrix(choices, intervals=False)
    by_switches = switching_above_shares(switching)
    assert by_switches.loc[0, ["brand", "rival"]].tolist() == rivals
    # The firm's view: who sells to the same people?
    by_profile = target_overlap(choices).set_index(["brand", "rival"])["overlap"]
    assert by_profile[tuple(lookalikes)] > 0.9
    # And raw switching: of both rivals' customers, most who leave go elsewhere.
    moved = switching[switching["from_brand"] != switching["to_brand"]]
    for brand in rivals:
        to = moved[moved["from_brand"] == brand].set_index("to_brand")["share"]
        assert to.loc[["Amber", "Birch"]].sum() > to[rivals[1 - rivals.index(brand)]]
    assert moved.groupby("to_brand")["steps"].sum().idxmax() == "Amber"


@pytest.mark.slow
@pytest.mark.parametrize("simulate", [simulate_choices, simulate_rivals])
def test_the_interval_of_an_index_holds_what_many_worlds_agree_on(covers, few, simulate):
    # The law holds to a few percent only in a Dirichlet market, so the truth of each pair is the
    # mean of many worlds and not 1.
    worlds = [
        duplication_of_purchase(simulate(400, purchases=8.0, seed=seed).data).set_index(
            ["brand", "rival"]
        )
        for seed in few
    ]
    # The lookalikes never share a buyer, and have no interval.
    seen = pd.concat([np.log(one.loc[one["both"] > 0, "index"]) for one in worlds], axis=1)
    truth = np.exp(seen.mean(axis=1))
    # Pairs of a world go together: of each, one counts.
    pair = truth.index[0]
    held = [one.loc[pair, "low"] <= truth[pair] <= one.loc[pair, "high"] for one in worlds]
    regime = "rivals and lookalikes" if simulate is simulate_rivals else "brands alike but in size"
    covers(held, "accounts.duplication_of_purchase", regime)


def test_where_the_law_holds_exactly_every_index_is_one():
    # Each of three brands is bought by half of all, independently.
    bought = [(i, b) for i in range(8) for k, b in enumerate("ABC") if i >> k & 1]
    found = duplication_of_purchase(pd.DataFrame(bought, columns=["customer_id", "brand"]))
    assert found["index"].tolist() == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("seed", range(5))
def test_switches_that_depend_on_sizes_alone_have_an_index_near_one(seed):
    rng = np.random.default_rng(seed)
    share, m = np.array([0.4, 0.25, 0.15, 0.12, 0.08]), 5
    rate = np.outer(share, share) * 200_000
    steps = rng.poisson(rate)
    rows = [("ABCDE"[i], "ABCDE"[j], steps[i, j]) for i in range(m) for j in range(m)]
    found = switching_above_shares(pd.DataFrame(rows, columns=["from_brand", "to_brand", "steps"]))
    # A pair of s switches has a standard error below 1 / sqrt(s); ten pairs at once.
    assert ((found["index"] - 1).abs() < 3.5 / found["switches"] ** 0.5).all()


@pytest.mark.parametrize("seed", range(20))
def test_the_map_puts_the_rivals_together(seed):
    choices, _ = simulate_rivals(3_000, seed=seed)
    at = rival_map(duplication_of_purchase(choices)).set_index("brand")
    xy = at[["x", "y"]].to_numpy()
    far = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) + np.diag([np.inf] * len(at))
    near = np.unravel_index(far.argmin(), far.shape)
    assert {*at.index[[*near]]} == {"Dune", "Fern"}


# for any data


@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from("ABCD")), min_size=8, max_size=40))
def test_the_sum_of_all_pairs_is_what_the_law_says_and_order_never_matters(rows):
    choices = pd.DataFrame(rows, columns=["customer_id", "brand"])
    try:
        found = duplication_of_purchase(choices)
    except OutOfRangeError:
        return
    assert found["both"].sum() == pytest.approx(found["expected"].sum())
    again = duplication_of_purchase(choices.iloc[::-1])
    pd.testing.assert_frame_equal(found, again)


# when misused


def test_what_says_nothing_about_rivals_is_refused():
    two = pd.DataFrame({"customer_id": [1, 1, 2], "brand": list("ABA")})
    with pytest.raises(OutOfRangeError, match="from 3 brands on"):
        duplication_of_purchase(two)
    alone = pd.DataFrame({"customer_id": [1, 2, 3], "brand": list("ABC")})
    with pytest.raises(OutOfRangeError, match="nobody bought two"):
        duplication_of_purchase(alone)
    few = [(a, b, 5) for a in "ABC" for b in "ABC"]
    with pytest.raises(OutOfRangeError, match="4 brands or more"):
        switching_above_shares(pd.DataFrame(few, columns=["from_brand", "to_brand", "steps"]))
    moved = pd.DataFrame({"customer_id": [1, 1], "brand": ["A", "B"], "segment": ["x", "y"]})
    with pytest.raises(BadRowsError, match=r"\[1\] are of more than one segment"):
        target_overlap(moved)
    pairs = pd.DataFrame({"brand": ["A", "A"], "rival": ["B", "C"], "index": [1.0, 1.0]})
    with pytest.raises(BadRowsError, match="every pair once"):
        rival_map(pairs)


def test_counts_below_nothing_and_pairs_that_stand_twice_are_refused():
    steps = pd.DataFrame(
        [(a, b, 5) for a in "ABCD" for b in "ABCD"], columns=["from_brand", "to_brand", "steps"]
    )
    steps.loc[1, "steps"] = -5
    with pytest.raises(BadRowsError, match="below 0"):
        switching_above_shares(steps)
    pairs = pd.DataFrame({"brand": list("AAB"), "rival": list("BCC"), "index": [2.0, 0.5, 0.5]})
    with pytest.raises(BadRowsError, match="stand twice"):
        rival_map(pd.concat([pairs, pairs.assign(index=9.0)]))
    with pytest.raises(BadRowsError, match="below 0"):
        rival_map(pairs.assign(index=[2.0, -0.5, 0.5]))
    for nothing in (0.0, np.nan):
        with pytest.raises(OutOfRangeError, match="no two brands share a buyer"):
            rival_map(pairs.assign(index=nothing))
