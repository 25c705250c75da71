"""migration: by hand, against the formula, for any data, and when misused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import multivariate_normal

from crmlab.errors import BadRowsError, CrmlabError, MissingColumnsError
from crmlab.pyramid import metal_tiers, migration, pyramid_tiers, simulate_two_periods


def tiers(**rows):
    return pd.DataFrame({"customer_id": [*rows], "tier": [*rows.values()]})


BEFORE = tiers(Ann="VIP", Bob="small", Cy="small", Dee="major")
AFTER = tiers(Bob="VIP", Cy="small", Dee="small", Eve="ordinary")

# by hand


def test_up_down_stayed_new_and_lost():
    moves = migration(BEFORE, AFTER)
    expected = pd.DataFrame(
        [
            ("VIP", "lost", "lost", 1, 1.0),
            ("major", "small", "down", 1, 1.0),
            ("small", "VIP", "up", 1, 0.5),
            ("small", "small", "stayed", 1, 0.5),
            ("new", "ordinary", "new", 1, 1.0),
        ],
        columns=moves.columns,
    )
    found = moves[moves["customers"] > 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected)


def test_all_moves_are_listed_best_tier_first_but_from_new_to_lost():
    moves = migration(BEFORE, AFTER)
    assert len(moves) == 5 * 5 - 1
    assert moves["before"].unique().tolist() == ["VIP", "major", "ordinary", "small", "new"]
    assert moves["after"].unique().tolist() == ["VIP", "major", "ordinary", "small", "lost"]


def test_a_tier_that_was_empty_has_no_shares():
    moves = migration(BEFORE, AFTER).query("before == 'ordinary'")
    assert moves["share_of_before"].isna().all()


def test_metals_and_tiers_with_names_of_ones_own_have_an_order_too():
    metals = metal_tiers(pd.Series([9.0, -1.0]), cuts=[0.5, 0.6, 0.7, 0.8])
    assert migration(metals, metals)["before"].iloc[0] == "platinum"
    own = migration(tiers(Ann="low"), tiers(Ann="high"), tiers=["high", "low"])
    assert own.query("customers == 1")["movement"].tolist() == ["up"]


def test_the_first_period_may_be_empty_of_customers():
    nobody = pd.DataFrame({"customer_id": [], "tier": []})
    numbered = AFTER.assign(customer_id=range(4))
    assert migration(nobody, numbered).query("customers > 0")["movement"].eq("new").all()


# against the formula


def rectangle(low, high, persistence):
    """Return P(low < z < high) of a binormal with that correlation."""
    law = multivariate_normal(cov=[[1, persistence], [persistence, 1]])
    return law.cdf(high, lower_limit=low)


@pytest.mark.curriculum("S111")
def test_planted_rates_are_found_within_two_points_and_rows_sum_to_one():
    n, persistence, lost = 600_000, 0.7, 0.15
    spends, _ = simulate_two_periods(n, persistence=persistence, lost=lost, new=lost, seed=8)
    first, second = (
        pyramid_tiers(part.set_index("customer_id")["spend"])
        for _, part in spends.groupby("period")
    )
    moves = migration(first, second)
    matrix = moves.pivot(index="before", columns="after", values="share_of_before")
    assert matrix.sum(axis=1).tolist() == pytest.approx([1] * 5)

    # 3 standard errors in the smallest tier, 1 % of n: 3 * sqrt(0.25 / 6,000) = 0.0194 < 0.02.
    names, cuts = ["VIP", "major", "ordinary", "small"], np.array([0, 0.01, 0.05, 0.20, 1])
    edges = np.clip(ndtri(1 - cuts), -9, 9)
    for i, before in enumerate(names):
        here = cuts[i + 1] - cuts[i]
        assert matrix.loc[before, "lost"] == pytest.approx(lost, abs=0.02)
        for j, after in enumerate(names):
            both = rectangle(edges[[i + 1, j + 1]], edges[[i, j]], persistence)
            planted = (1 - lost) * both / here
            assert matrix.loc[before, after] == pytest.approx(planted, abs=0.02)


# for any data

name = st.sampled_from(["VIP", "major", "ordinary", "small"])
someone = st.dictionaries(st.sampled_from("abcdefgh"), name, min_size=1)


@settings(max_examples=40)
@given(someone, someone)
def test_rows_are_the_first_period_and_columns_the_second(before, after):
    moves = migration(tiers(**before), tiers(**after))
    assert moves["customers"].sum() == len({*before, *after})
    rows = moves.groupby("before")["customers"].sum()
    columns = moves.groupby("after")["customers"].sum()
    for tier in ("VIP", "small"):
        assert rows[tier] == [*before.values()].count(tier)
        assert columns[tier] == [*after.values()].count(tier)
    shares = moves.groupby("before")["share_of_before"].sum(min_count=1).dropna()
    assert shares.tolist() == pytest.approx([1] * len(shares))


@settings(max_examples=40)
@given(someone, someone)
def test_row_order_does_not_matter_and_the_inputs_are_untouched(before, after):
    one, other = tiers(**before), tiers(**after)
    copies = one.copy(), other.copy()
    backwards = migration(one.iloc[::-1], other.iloc[::-1])
    pd.testing.assert_frame_equal(migration(one, other), backwards)
    pd.testing.assert_frame_equal(one, copies[0])
    pd.testing.assert_frame_equal(other, copies[1])


# when misused


def test_asks_for_the_order_of_names_it_does_not_know():
    with pytest.raises(CrmlabError, match=r"hold \['VIP', 'good'\]. Name all .* tiers=…"):
        migration(BEFORE.head(1), tiers(Ann="good"))


@pytest.mark.parametrize("order", [["VIP", "new"], ["VIP", "VIP"]])
def test_refuses_an_order_that_is_none_or_uses_a_taken_name(order):
    with pytest.raises(CrmlabError, match="different names, and not 'new' or 'lost'"):
        migration(BEFORE, AFTER, tiers=order)


def test_refuses_ids_that_could_never_meet():
    with pytest.raises(CrmlabError, match=r"customer_id is str before and int64 after"):
        migration(BEFORE, AFTER.assign(customer_id=range(4)))


def test_refuses_a_customer_in_two_tiers_or_in_none():
    twice = pd.concat([BEFORE, tiers(Ann="small")])
    with pytest.raises(BadRowsError, match=r"more than one row: \['Ann'\]"):
        migration(twice, AFTER)
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no tier: \[0\]"):
        migration(tiers(Ann=None), AFTER)


def test_says_which_frame_it_wants():
    with pytest.raises(MissingColumnsError, match=r"missing \['tier'\]"):
        migration(BEFORE, AFTER.drop(columns="tier"))
