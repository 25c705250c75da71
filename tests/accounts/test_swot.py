"""Swot and what is computed of it: it cannot be filled wrongly, and points are clouds."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta

from crmlab.accounts import (
    Swot,
    SwotItem,
    ahp_weights,
    ok_swot,
    opportunity_zone,
    simulate_comparisons,
    simulate_raters,
    swot_agreement,
    threat_zone,
    top_chances,
    tows,
    zone_chances,
)
from crmlab.accounts.measure.judgement import RANDOM_INDEX
from crmlab.errors import BadRowsError, OutOfRangeError


def filled(**columns):
    """Return OK's twelve items with a chance and a strength."""
    numbers = {"probability": 0.6, "strength": 0.6, "probability_sd": 0.15, "strength_sd": 0.15}
    return ok_swot().drop(columns="level").assign(**{**numbers, **columns})


# by hand


@pytest.mark.curriculum("S95")
@pytest.mark.parametrize("side", ["external", "internal"])
@pytest.mark.parametrize("kind", ["O", "T", "S", "W"])
def test_external_items_are_o_or_t_and_internal_ones_s_or_w(side, kind):
    right = {"external": "OT", "internal": "SW"}[side]
    facts = ("item", kind, side, "seen in May", "we must hurry", 0.5, 0.5)
    if kind in right:
        assert SwotItem(*facts).kind == kind
    else:
        with pytest.raises(OutOfRangeError, match=f"is {side}, and so [OS] or [TW], not {kind}"):
            SwotItem(*facts)


@pytest.mark.curriculum("S103")
def test_the_twelve_items_are_three_per_class_each_with_its_meaning_and_fill_a_swot():
    items = ok_swot()
    assert items["kind"].value_counts().to_dict() == {"O": 3, "T": 3, "S": 3, "W": 3}
    assert (items["implication"].str.len() > 0).all()
    swot = Swot.from_frame(filled())
    assert (len(swot), swot.missing) == (12, [])
    # I29: what seems to contradict itself is about another level.
    assert {*items.loc[items["level"] != "", "item"]} == {"T3", "S3", "W2", "W3"}


@pytest.mark.curriculum("S96")
def test_four_zones_of_opportunities_and_high_and_strong_is_best():
    zones = {opportunity_zone(p, s) for p in (0.2, 0.8) for s in (0.2, 0.8)}
    assert len(zones) == 4
    assert opportunity_zone(0.8, 0.8) == "seize at once"
    # Strictly above the line is high; the point beside it lies in another zone.
    assert opportunity_zone(0.5, 0.8) == opportunity_zone(0.2, 0.8)
    cloud = zone_chances(filled(probability=0.8, strength=0.8))
    best = cloud[cloud["likeliest"]]
    assert {*best["zone"]} == {"seize at once"}
    assert (best["chance"] > 0.5).all()


@pytest.mark.curriculum("S97")
def test_four_zones_of_threats_and_high_and_strong_asks_for_countermeasures():
    zones = {threat_zone(p, s) for p in (0.2, 0.8) for s in (0.2, 0.8)}
    assert len(zones) == 4
    assert threat_zone(0.8, 0.8) == "countermeasures now"
    assert threat_zone(0.2, 0.8) == "contingency plan"
    cloud = zone_chances(filled(probability=0.2, strength=0.8), kind="T")
    assert {*cloud.loc[cloud["likeliest"], "zone"]} == {"contingency plan"}


def test_two_raters_who_differ_on_one_item_are_told_about_which_question():
    names = ok_swot()
    ratings = names[["item"]].assign(first=names["kind"], second=names["kind"])
    ratings.loc[ratings["item"] == "T3", "second"] = "W"
    ratings.loc[ratings["item"] == "O2", "second"] = "S"
    ratings.loc[ratings["item"] == "W2", "second"] = "S"
    found = swot_agreement(ratings)
    assert found.agree == pytest.approx(9 / 12)
    told = found.disagreements.set_index("item")["about"].to_dict()
    assert told == {"T3": "side", "O2": "side", "W2": "sign"}
    # By chance they agree on (3*2 + 3*2 + 3*5 + 3*3) / 144 = 0.25 of the items.
    assert found.kappa == pytest.approx((0.75 - 0.25) / 0.75)


def test_tows_pairs_the_inside_with_the_outside_and_weights_move_the_order():
    found = tows(filled())
    assert found["cell"].value_counts().to_dict() == {"SO": 9, "WO": 9, "ST": 9, "WT": 9}
    assert found["weight"].tolist() == pytest.approx([0.36**2] * 36)
    assert tows(filled(), weights={"W2": 3.0}).loc[0, "inside"] == "W2"


@pytest.mark.curriculum("S95")
def test_two_who_never_err_agree_on_all_twelve_of_oks_items_and_others_are_told_where_not():
    kinds = ok_swot().set_index("item")["kind"].to_dict()
    sure, truth = simulate_raters(12, skills=(1, 1), kinds=kinds, seed=1)
    assert sure["item"].tolist() == [*kinds]
    assert truth["kind"].tolist() == [*kinds.values()]
    assert swot_agreement(sure).kappa == 1
    ratings, _ = simulate_raters(12, skills=(1, 0.5), kinds=kinds, seed=1)
    where = swot_agreement(ratings).disagreements
    differ = ratings["first"] != ratings["second"]
    assert where["item"].tolist() == ratings.loc[differ, "item"].tolist()
    assert differ.any()


# against the formula


@pytest.mark.parametrize("seed", range(20))
def test_kappa_is_the_product_of_the_skills(seed):
    ratings, truth = simulate_raters(4_000, skills=(0.9, 0.7), seed=seed)
    found = swot_agreement(ratings)
    # Its standard error is a quarter of the interval's width.
    assert found.kappa == pytest.approx(0.63, abs=3 * (found.high - found.low) / 3.92)
    assert (ratings["first"] == truth["kind"]).mean() == pytest.approx(0.925, abs=0.0125)


@pytest.mark.parametrize("skills", [(0.9, 0.8), (0.7, 0.5)])
def test_kappas_interval_covers_in_95_of_100_worlds(covers, few, skills):
    held = []
    for seed in few:
        found = swot_agreement(simulate_raters(150, skills=skills, seed=seed).data)
        held.append(found.low <= skills[0] * skills[1] <= found.high)
    covers(held, "accounts.swot_agreement", f"skills {skills[0]} and {skills[1]}")


@pytest.mark.parametrize("seed", range(20))
def test_the_weights_of_a_judge_are_found_and_the_ratio_is_that_of_their_noise(seed):
    spread, n = 0.2, 40
    data, truth = simulate_comparisons(n, spread=spread, seed=seed)
    planted = truth.set_index("item")["weight"]
    found = [
        ahp_weights(one.drop(columns="judge_id")).weights.set_index("item")["weight"]
        for _, one in data.groupby("judge_id")
    ]
    miss = np.log(pd.DataFrame(found)) - np.log(planted)
    centred = miss.sub(miss.mean(axis=1), axis=0).mean()
    # Of m things the log of a geometric mean misses by spread * sqrt(m - 1) / m; n judges.
    assert (centred.abs() < 3.5 * spread * 3**0.5 / 4 / n**0.5).all()


def test_comparisons_that_all_fit_have_a_ratio_of_nought_and_one_that_does_not_is_named():
    weights = pd.Series({"a": 0.5, "b": 0.3, "c": 0.15, "d": 0.05})
    rows = [(x, y, weights[x] / weights[y]) for x in weights.index for y in weights.index if x < y]
    pairs = pd.DataFrame(rows, columns=["first", "second", "ratio"])
    found = ahp_weights(pairs)
    assert found.weights["weight"].tolist() == pytest.approx(weights.tolist())
    assert found.consistency_ratio == pytest.approx(0, abs=1e-12)
    pairs.loc[(pairs["first"] == "a") & (pairs["second"] == "d"), "ratio"] = 0.2
    worse = ahp_weights(pairs)
    assert not worse.consistent
    assert worse.worst.startswith("d was said to weigh 5 times a")


def test_a_table_of_saaty_is_met():
    # Saaty (1977), the first trial of his example from optics: how many times as bright each of
    # four chairs looks as the others, by how far they stand from a light.
    names = ["c1", "c2", "c3", "c4"]
    table = [[1, 5, 6, 7], [1 / 5, 1, 4, 6], [1 / 6, 1 / 4, 1, 4], [1 / 7, 1 / 6, 1 / 4, 1]]
    rows = [(names[i], names[j], table[i][j]) for i in range(4) for j in range(i + 1, 4)]
    found = ahp_weights(pd.DataFrame(rows, columns=["first", "second", "ratio"]))
    # His printed eigenvector is 0.61, 0.24, 0.10, 0.05, its eigenvalue 4.39.
    assert found.weights["weight"].tolist() == pytest.approx([0.61, 0.24, 0.10, 0.05], abs=0.01)
    assert found.weights["weight"].round(2).tolist() == [0.62, 0.24, 0.10, 0.05]
    assert found.consistency_ratio == pytest.approx(0.39 / 3 / 0.8815, abs=0.005)


@pytest.mark.parametrize("m", [3, 5, 8])
def test_the_index_of_random_tables_is_that_of_random_tables(m):
    rng, n = np.random.default_rng(1), 20_000
    scale = np.array([1 / k for k in range(9, 1, -1)] + [*range(1, 10)])
    tables = np.ones((n, m, m))
    rows, columns = np.triu_indices(m, 1)
    drawn = rng.choice(scale, (n, len(rows)))
    tables[:, rows, columns], tables[:, columns, rows] = drawn, 1 / drawn
    # The largest eigenvalue of a positive matrix, by its powers.
    vector = np.ones((n, m))
    for _ in range(60):
        vector = np.einsum("nij,nj->ni", tables, vector)
        top = vector.sum(axis=1, keepdims=True)
        vector = vector / top
    index = (top[:, 0] - m) / (m - 1)
    # Three standard errors of both means; theirs is of 100,000 tables.
    assert index.mean() == pytest.approx(RANDOM_INDEX[m - 3], abs=3 * index.std() / n**0.5 * 1.1)


def test_the_chance_on_top_is_the_integral():
    items = filled(probability_sd=0.0, strength_sd=0.2).loc[lambda one: one["kind"] == "T"]
    items = items.assign(probability=1.0, strength=[0.5, 0.6, 0.2]).head(2)

    def shapes(mean, sd):
        size = mean * (1 - mean) / sd**2 - 1
        return mean * size, (1 - mean) * size

    one, other = shapes(0.5, 0.2), shapes(0.6, 0.2)
    first_on_top, _ = quad(lambda x: beta.pdf(x, *one) * beta.cdf(x, *other), 0, 1)
    n = 40_000
    found = top_chances(items, draws=n, seed=3).set_index("item")["top"]
    assert found["T1"] == pytest.approx(first_on_top, abs=3 * 0.5 / n**0.5)
    assert found.sum() == pytest.approx(1)


def test_the_chance_of_a_zone_is_the_share_of_a_cloud():
    items = filled(probability=0.55, strength=0.45, probability_sd=0.2, strength_sd=0.1).head(1)
    rng, n = np.random.default_rng(4), 200_000
    size_p, size_s = 0.55 * 0.45 / 0.04 - 1, 0.45 * 0.55 / 0.01 - 1
    p, s = rng.beta(0.55 * size_p, 0.45 * size_p, n), rng.beta(0.45 * size_s, 0.55 * size_s, n)
    found = zone_chances(items)["chance"].tolist()
    seen = [((p > 0.5) == high) & ((s > 0.5) == strong) for high in (1, 0) for strong in (1, 0)]
    assert found == pytest.approx([one.mean() for one in seen], abs=3 * 0.5 / n**0.5)
    assert sum(found) == pytest.approx(1)


# for any data


@given(st.lists(st.floats(0.1, 9), min_size=6, max_size=6), st.permutations(range(6)))
def test_weights_sum_to_one_whatever_is_said_and_in_whatever_order(ratios, order):
    names = [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")]
    pairs = pd.DataFrame(names, columns=["first", "second"]).assign(ratio=ratios)
    found = ahp_weights(pairs)
    assert found.weights["weight"].sum() == pytest.approx(1)
    assert found.consistency_ratio >= 0
    turned = pd.DataFrame(
        {"first": pairs["second"], "second": pairs["first"], "ratio": 1 / pairs["ratio"]}
    ).iloc[order]
    again = ahp_weights(turned)
    same = found.weights.set_index("item")["weight"]
    other = again.weights.set_index("item")["weight"]
    pd.testing.assert_series_equal(same.sort_index(), other.sort_index(), rtol=1e-6)


# when misused


@pytest.mark.parametrize("kinds", [{"O1": "O"}, {"O1": "O", "T1": "X"}])
def test_facts_that_are_too_few_or_of_no_kind_are_refused(kinds):
    with pytest.raises(OutOfRangeError, match="n=2 items, each one of"):
        simulate_raters(2, kinds=kinds, seed=1)


@pytest.mark.parametrize("skills", [(0.9,), (0.9, 0.8, 0.7)])
def test_raters_are_two(skills):
    with pytest.raises(OutOfRangeError, match="skills must be two, one of each rater"):
        simulate_raters(2, skills=skills, seed=1)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("evidence", " ", "has no evidence"),
        ("implication", "", "has no implication"),
        ("side", "outside", "must be one of"),
        ("probability", 70, "70 % is 0.7"),
        ("probability", -0.1, "must lie in 0 to 1"),
        ("strength", True, "must lie in 0 to 1"),
        ("probability_sd", 0.5, "below 0.50"),
        ("strength", float("nan"), "must lie in 0 to 1"),
    ],
)
def test_a_wrong_item_is_refused_with_what_is_wrong(name, value, word):
    facts = {"item": "O1", "kind": "O", "side": "external", "evidence": "a", "implication": "b"}
    facts |= {"probability": 0.5, "strength": 0.5}
    with pytest.raises(OutOfRangeError, match=word):
        SwotItem(**{**facts, name: value})


def test_all_wrong_rows_are_told_at_once():
    items = filled()
    items.loc[[0, 6], "side"] = ["internal", "external"]
    items.loc[3, "probability"] = 30.0
    with pytest.raises(BadRowsError, match=r"(?s)3 row\(s\).*row 0: O1.*row 3: .*row 6: S1"):
        Swot.from_frame(items)
    with pytest.raises(BadRowsError, match="already"):
        Swot.from_frame(filled(item="O1", kind="O", side="external"))
    with pytest.raises(OutOfRangeError, match="a SwotItem is needed"):
        Swot(["O1"])


def test_pairs_that_are_missing_twice_or_senseless_are_told():
    pairs = pd.DataFrame({"first": ["a", "b"], "second": ["b", "c"], "ratio": [2.0, 2.0]})
    with pytest.raises(BadRowsError, match=r"not compared: .'a and c'"):
        ahp_weights(pairs)
    with pytest.raises(BadRowsError, match="is there already"):
        ahp_weights(pd.concat([pairs, pairs]))
    with pytest.raises(BadRowsError, match="not above 0"):
        ahp_weights(pairs.assign(ratio=-2.0))
    with pytest.raises(OutOfRangeError, match="3 to 15 things"):
        ahp_weights(pairs.head(1))
    with pytest.raises(BadRowsError, match="name no kind"):
        swot_agreement(pd.DataFrame({"item": ["x"], "first": ["O"], "second": ["Q"]}))
    with pytest.raises(OutOfRangeError, match="'O' or 'T'"):
        zone_chances(filled(), kind="S")
    with pytest.raises(OutOfRangeError, match="one is missing"):
        tows(filled().head(6))
    with pytest.raises(OutOfRangeError, match="weights name"):
        tows(filled(), weights={"X9": 1.0})


def test_an_item_that_is_rated_twice_is_told():
    ratings = pd.DataFrame({"item": ["a", "b"], "first": ["O", "T"], "second": ["O", "S"]})
    with pytest.raises(BadRowsError, match=r"\['a', 'b'\] stand more than once in item"):
        swot_agreement(pd.concat([ratings, ratings]))


@pytest.mark.parametrize("sd", [1e-170, 1e-9, 2e-6])
def test_a_cloud_that_is_hardly_one_is_a_point(sd):
    items = filled(probability=0.7, strength=0.3, probability_sd=sd, strength_sd=sd)
    chances = zone_chances(items).loc[lambda one: one["likeliest"]]
    assert chances["chance"].tolist() == pytest.approx([1, 1, 1])
    assert {*chances["zone"]} == {"prepare until strength rises"}
    top = top_chances(items.head(1), draws=100, seed=1)
    assert top[["low", "high", "top"]].to_numpy().ravel() == pytest.approx(
        [0.21, 0.21, 1], abs=1e-4
    )
