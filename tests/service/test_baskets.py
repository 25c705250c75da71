"""basket_pairs, frequent_sets, association_rules and what looks strong by chance."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.service import (
    association_rules,
    basket_pairs,
    extension_products,
    frequent_sets,
    rules_by_chance,
    shuffled_baskets,
    simulate_baskets,
    simulate_extensions,
)

GROCERIES = Path(__file__).parents[3].parent / "shared" / "data" / "groceries.csv"


def lines_of(*baskets):
    rows = [(number, product) for number, one in enumerate(baskets) for product in one]
    return pd.DataFrame(rows, columns=["basket_id", "product"])


def either_way(rules):
    return {frozenset(pair) for pair in zip(rules["antecedent"], rules["consequent"], strict=True)}


# by hand


def test_pairs_are_counted_beside_what_chance_would_give():
    found = basket_pairs(lines_of("ab", "ab", "ac", "b", "a"), prior=2)
    assert found["product"].tolist() == ["a", "a"]
    assert found["other"].tolist() == ["b", "c"]
    assert found["together"].tolist() == [2, 1]
    # Of five baskets four hold a, three b and one c.
    assert found["expected"].tolist() == pytest.approx([4 * 3 / 5, 4 * 1 / 5])
    assert found["lift"].tolist() == pytest.approx([2 / 2.4, 1 / 0.8])
    assert found["shrunk_lift"].tolist() == pytest.approx([4 / 4.4, 3 / 2.8])


def test_a_rule_has_the_numbers_of_the_textbook():
    rules = association_rules(lines_of("ab", "ab", "ab", "a", "c"), min_support=0.6)
    one = rules.set_index("consequent").loc["b"]
    assert one["antecedent"] == ("a",)
    assert (one["together"], one["support"], one["confidence"]) == (3, 0.6, 0.75)
    assert one["lift"] == pytest.approx(0.75 / 0.6)
    assert one["conviction"] == pytest.approx((1 - 0.6) / (1 - 0.75))
    assert rules.set_index("consequent").loc["a", "conviction"] == np.inf
    # Frequent are a and b: either could have led to the other. The pair has nothing left to add.
    assert set(rules["tries"]) == {2}


def test_a_product_that_stands_twice_in_a_basket_counts_once():
    twice = lines_of("aab", "ab")
    assert basket_pairs(twice)["together"].tolist() == [2]


@pytest.mark.parametrize("share", [0.3, 0.1, 0.7, 0.29, 0.57])
def test_a_rule_at_exactly_the_threshold_is_kept(share):
    # 100 baskets: share * 100 is no whole number in floats (0.29 * 100 = 28.999999999999996).
    many = round(share * 100)
    lines = lines_of(*["ab"] * many, *["a"] * (100 - many))
    rules = association_rules(lines, min_support=share, min_confidence=share)
    assert rules.loc[rules["consequent"] == "b", "together"].tolist() == [many]
    none = association_rules(lines, min_support=share + 0.001, min_confidence=share)
    assert none.empty


# against the formula


@pytest.mark.curriculum("S122")
def test_groceries_give_463_rules():
    """Lantz, Machine Learning with R: support .006, confidence .25, at least two products."""
    if not GROCERIES.exists():
        pytest.skip("the Groceries data stand beside the repository, and are not here")
    text = GROCERIES.read_text(encoding="utf-8").splitlines()
    lines = lines_of(*[row.split(",") for row in text])
    assert (lines["basket_id"].nunique(), lines["product"].nunique(), len(lines)) == (
        9_835,
        169,
        43_367,
    )
    rules = association_rules(lines, min_support=0.006, min_confidence=0.25)
    assert len(rules) == 463
    by_lift = rules.sort_values("lift", ascending=False).iloc[0]
    assert (by_lift["antecedent"], by_lift["consequent"]) == (("herbs",), "root vegetables")
    assert by_lift["lift"] == pytest.approx(3.956, abs=0.0005)


@pytest.mark.curriculum("S122")
def test_the_planted_rules_come_first_by_shrunk_lift_and_rare_pairs_by_lift():
    accidents = 0
    for seed in range(20):
        lines, truth = simulate_baskets(2_000, seed=seed)
        planted = {
            frozenset(pair) for pair in zip(truth["antecedent"], truth["consequent"], strict=True)
        }
        pairs = basket_pairs(lines)
        first = {
            how: {
                frozenset(pair)
                for pair in pairs.nlargest(4, how)[["product", "other"]].to_numpy().tolist()
            }
            for how in ("shrunk_lift", "lift")
        }
        assert first["shrunk_lift"] == planted
        accidents += len(first["lift"] - planted)
        rules = association_rules(lines, min_support=0.003, min_confidence=0.1, max_length=2)
        leading = rules[rules["q_value"] <= 0.05].nlargest(1, "lift").iloc[0]
        assert {*leading["antecedent"], leading["consequent"]} in [{*pair} for pair in planted]
    assert accidents > 20  # of 80: the raw lift is led by pairs that met by accident


def test_confidence_and_lift_of_a_planted_rule_are_those_of_the_closed_form():
    z = []
    for seed in range(20):
        lines, truth = simulate_baskets(4_000, rules=3, seed=seed)
        rules = association_rules(lines, min_support=0.0005, min_confidence=0.01, max_length=2)
        rules = rules.assign(antecedent=[one[0] for one in rules["antecedent"]])
        both = truth.merge(rules, on=["antecedent", "consequent"], suffixes=("_true", ""))
        assert len(both) == 3
        n = both["together"] / both["confidence"]
        error = np.sqrt(both["confidence_true"] * (1 - both["confidence_true"]) / n)
        z += ((both["confidence"] - both["confidence_true"]) / error).tolist()
        assert (both["lift"] / both["lift_true"] - 1).abs().max() < 0.5
    # 60 standard normal numbers: the mean within 3 standard errors, the spread near 1.
    assert abs(np.mean(z)) < 3 / 60**0.5
    assert np.std(z) == pytest.approx(1, abs=3 / (2 * 60) ** 0.5)


@pytest.mark.curriculum("S122")
def test_without_association_rules_look_strong_and_hardly_any_is_significant():
    worlds = false = 0
    for seed in range(5):
        lines, _ = simulate_baskets(1_000, rules=2, strength=0.4, seed=seed)
        found = rules_by_chance(
            lines, worlds=8, seed=seed, min_support=0.003, min_confidence=0.1, min_lift=1.5
        )
        data, chance = found.iloc[0], found.iloc[1:]
        # As many rules look strong where nothing belongs together.
        assert chance["rules"].mean() > 0.8 * data["rules"]
        assert data["significant"] >= 2
        worlds += len(chance)
        false += (chance["significant"] > 0).sum()
    # The rate of 5 % of worlds holds within 3 standard errors at 40.
    assert false / worlds <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / worlds)


def test_every_arrangement_with_the_same_margins_is_equally_likely():
    # Baskets of 2, 1 and 1, products in 2, 1 and 1 of them: five arrangements.
    lines = lines_of("ab", "a", "c")
    seen = {}
    rng = np.random.default_rng(7)
    for _ in range(1_000):
        mixed = shuffled_baskets(lines, seed=rng, rounds=12)
        key = tuple(map(tuple, mixed.to_numpy().tolist()))
        seen[key] = seen.get(key, 0) + 1
    counts = np.array([*seen.values()])
    assert len(counts) == 5
    # Chi-square on 4 degrees of freedom: 18.5 is one in a thousand.
    assert ((counts - 200) ** 2 / 200).sum() < 18.5


def counted(lines):
    """Return every set of products and its baskets, by going through all of them."""
    found = {}
    for products in lines.groupby("basket_id")["product"].agg(set):
        for length in range(1, len(products) + 1):
            for some in combinations(sorted(products), length):
                found[some] = found.get(some, 0) + 1
    return found


# for any data

baskets = st.lists(st.sets(st.sampled_from("abcde"), min_size=1), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None)
@given(baskets, st.integers(1, 6), st.integers(0, 99))
@example([{"a"}] * 10 + [{"a", "b"}], 1, 0)  # 1 / 11 as a float is more than an eleventh
def test_all_frequent_sets_are_found_in_any_order_of_rows(some, least, seed):
    lines = lines_of(*some)
    share = min(least / len(some), 1.0)
    found = frequent_sets(lines, min_support=share)
    wanted = {one: n for one, n in counted(lines).items() if n >= min(least, len(some))}
    assert dict(zip(found["products"], found["together"], strict=True)) == wanted
    mixed = lines.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(found, frequent_sets(mixed, min_support=share))
    pd.testing.assert_frame_equal(basket_pairs(lines), basket_pairs(mixed))


@settings(max_examples=30, deadline=None)
@given(baskets, st.integers(0, 99))
def test_shuffling_keeps_both_margins(some, seed):
    lines = lines_of(*some)
    mixed = shuffled_baskets(lines, seed=seed, rounds=5)
    assert not mixed.duplicated().any()
    for column in lines:
        before, after = (frame[column].value_counts().sort_index() for frame in (lines, mixed))
        pd.testing.assert_series_equal(before, after)


@settings(max_examples=30, deadline=None)
@given(baskets)
def test_every_rule_over_the_thresholds_is_there(some):
    lines, sets = lines_of(*some), counted(lines_of(*some))
    rules = association_rules(lines, min_support=0.2, min_confidence=0.5)
    wanted = {
        (tuple(p for p in one if p != b), b)
        for one, n in sets.items()
        for b in one
        if len(one) > 1 and 5 * n >= len(some) and 2 * n >= sets[tuple(p for p in one if p != b)]
    }
    assert {*zip(rules["antecedent"], rules["consequent"], strict=True)} == wanted
    assert (rules["q_value"] >= rules["p_value"]).all()


def test_many_products_are_counted_as_few_are(monkeypatch):
    lines, _ = simulate_baskets(300, seed=2)
    few = basket_pairs(lines)
    monkeypatch.setattr("crmlab.service.measure.baskets._CELLS", 1)
    pd.testing.assert_frame_equal(basket_pairs(lines), few)


def test_small_steps_find_the_same_sets(monkeypatch):
    lines, _ = simulate_baskets(300, seed=2)
    whole = frequent_sets(lines, min_support=0.02), basket_pairs(lines)
    monkeypatch.setattr("crmlab.service.measure.baskets._STEP", 50)
    pd.testing.assert_frame_equal(frequent_sets(lines, min_support=0.02), whole[0])
    pd.testing.assert_frame_equal(basket_pairs(lines), whole[1])


# extension products


@pytest.mark.curriculum("S112")
@pytest.mark.parametrize("seed", range(20))
def test_the_three_kinds_of_extension_are_told_apart(seed):
    lines, truth = simulate_extensions(400, seed=seed)
    found = extension_products(lines).query("q_value <= 0.01")
    first = found.drop_duplicates("kind").set_index("kind")
    for kind, product, extension in truth.itertuples(index=False):
        row = first.loc[kind]
        assert {row["product"], row["extension"]} == {product, extension}
        assert row["lift"] > 1
        # The planted pair is strong in its own kind only.
        pair = found[
            (found["product"] == row["product"]) & (found["extension"] == row["extension"])
        ]
        assert pair["kind"].tolist() == [kind]


def test_without_planting_no_pair_is_found_more_often_than_promised():
    false = 0
    for seed in range(20):
        lines, _ = simulate_extensions(200, strength=1e-9, seed=seed)
        false += bool((extension_products(lines)["q_value"] <= 0.05).any())
    assert false / 20 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 20)


def test_one_pair_that_met_once_among_many_products_is_no_discovery():
    # 40 customers of one purchase of two products, all 80 unlike: each pair is expected 1/40.
    lines = pd.DataFrame({"product": np.arange(80), "basket_id": np.arange(80) // 2})
    lines = lines.assign(customer_id=lines["basket_id"], circle_id=lines["basket_id"] // 2)
    found = extension_products(lines)
    assert np.isfinite(found["lift"]).all()
    assert found["q_value"].min() > 0.05
    # Nobody has a circle: no pair can be shared, and none is listed.
    alone = extension_products(lines.assign(circle_id=lines["customer_id"]))
    assert {*alone["kind"]} == {"matching", "allied"}


def test_products_that_never_meet_make_no_pair_that_did_a_wonder():
    # Three kinds of tea, one a purchase, and a cup with some of the first: only one pair meets.
    tea = pd.DataFrame({"basket_id": range(300), "product": ["a", "b", "c"] * 100})
    cup = pd.DataFrame({"basket_id": range(0, 300, 6), "product": "cup"})
    lines = pd.concat([tea, cup]).assign(customer_id=lambda one: one["basket_id"])
    found = extension_products(lines.assign(circle_id=lines["basket_id"]))
    row = found.query("kind == 'matching'").iloc[0]
    # Expected 100 * 100 / 300 for three pairs of teas, and 100 * 50 / 300 for three with a cup.
    usual = 50 / (3 * 10_000 / 300 + 3 * 5_000 / 300)
    assert row[["product", "extension", "together"]].tolist() == ["a", "cup", 50]
    assert row["expected"] == pytest.approx(usual * 5_000 / 300)
    assert row["lift"] == pytest.approx(50 / row["expected"])


# when misused


def test_refuses_what_holds_no_baskets():
    with pytest.raises(MissingColumnsError, match="Name your own columns with basket="):
        basket_pairs(pd.DataFrame({"order": [1], "product": ["a"]}))
    with pytest.raises(BadRowsError, match="no product"):
        basket_pairs(pd.DataFrame({"basket_id": [1], "product": [None]}))
    lines = lines_of("ab", "a")
    for share in (0, 1.5, "much"):
        with pytest.raises(OutOfRangeError, match="min_support"):
            frequent_sets(lines, min_support=share)
    with pytest.raises(OutOfRangeError, match="min_confidence"):
        association_rules(lines, min_confidence=25)
    with pytest.raises(OutOfRangeError, match="max_length must be 2 or more"):
        association_rules(lines, max_length=1)
    with pytest.raises(OutOfRangeError, match="max_length must be 1 or more"):
        frequent_sets(lines, max_length=0)
    assert frequent_sets(lines, max_length=1)["length"].tolist() == [1, 1]
    with pytest.raises(OutOfRangeError, match="prior"):
        basket_pairs(lines, prior=0)
    with pytest.raises(OutOfRangeError, match="worlds"):
        rules_by_chance(lines, worlds=0, seed=1)


def test_refuses_a_support_so_low_that_the_sets_would_never_end(monkeypatch):
    monkeypatch.setattr("crmlab.service.measure.baskets._MOST", 10)
    with pytest.raises(OutOfRangeError, match="Raise min_support, or give max_length"):
        frequent_sets(lines_of(*["abcdef"] * 3), min_support=0.1)


def test_refuses_a_basket_of_two_customers():
    lines = pd.DataFrame(
        {"basket_id": [1, 1], "customer_id": [1, 2], "circle_id": 1, "product": ["a", "b"]}
    )
    with pytest.raises(BadRowsError, match="belong to two of 'customer_id'"):
        extension_products(lines)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"n": 0}, "n must be 1 or more"),
        ({"products": 1}, "products must be 2 or more"),
        ({"rules": 40}, "40 rules need 80 products"),
        ({"strength": 0}, "strength"),
        ({"mean_picks": 0.5}, "mean_picks"),
        ({"spread": 0}, "spread"),
    ],
)
def test_refuses_worlds_outside_their_range(argument, message):
    with pytest.raises(OutOfRangeError, match=message):
        simulate_baskets(**{"n": 5, "seed": 0} | argument)
