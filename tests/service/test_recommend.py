"""Recommenders: exactly N or why not, why at all, and how good on a split in time."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import (
    BadRowsError,
    EmptyError,
    MissingColumnsError,
    NotAllowedError,
    OutOfRangeError,
    UnknownNameError,
    WrongTypeError,
)
from crmlab.members import simulate_tastes, suggestions
from crmlab.service import (
    FactorRecommender,
    ItemRecommender,
    PopularRecommender,
    RhythmRecommender,
    compare_recommenders,
    ranking_quality,
    simulate_grocer,
)

BOUGHT = pd.DataFrame(
    {
        "customer_id": [1, 1, 2, 2, 3, 4, 5],
        "product": ["tea", "pot", "tea", "pot", "tea", "ink", "ink"],
    }
)
MODELS = {
    "popular": PopularRecommender,
    "item": ItemRecommender,
    "factor": lambda: FactorRecommender(factors=2, rounds=3),
}

# by hand


def test_the_item_recommender_scores_by_cosine_and_says_why():
    model = ItemRecommender().fit(BOUGHT)
    found = model.recommend([3], k=2)
    assert found["product"].tolist() == ["pot", "ink"]
    # Both were bought by 2 of the 3 with tea and the 2 with a pot; nobody with tea has ink.
    assert found["score"].tolist() == pytest.approx([2 / 6**0.5, 0])
    assert found["why"].tolist() == ["bought together", "popular"]
    why = model.explain(3, "pot")
    assert why["because"].tolist() == ["tea"]
    assert why["share"].tolist() == [1]


def test_everybody_gets_exactly_k_rows_and_each_says_why():
    model = ItemRecommender().fit(BOUGHT)
    found = model.recommend([1, 9], k=3)
    assert found["customer_id"].tolist() == [1, 1, 1, 9, 9, 9]
    assert found["rank"].tolist() == [1, 2, 3] * 2
    # Customer 1 has tea and a pot, so that ink alone is left; nobody knows customer 9.
    assert found["product"].isna().tolist() == [False, True, True, False, False, False]
    assert (
        found["why"].tolist() == ["popular"] + ["has all the rest"] * 2 + ["new here: popular"] * 3
    )
    assert found["product"].tolist()[3:] == ["tea", "ink", "pot"]


def test_quality_is_what_one_counts_by_hand():
    suggested = pd.DataFrame(
        {"customer_id": [1, 1, 2, 2], "product": ["a", "b", "a", "c"], "rank": [1, 2, 1, 2]}
    )
    later = pd.DataFrame({"customer_id": [1, 2, 2], "product": ["b", "a", "d"]})
    before = pd.DataFrame({"customer_id": [1, 3, 3], "product": ["c", "a", "b"]})
    one = ranking_quality(suggested, later, before).iloc[0]
    assert (one["customers"], one["hit_rate"], one["new_customers"]) == (2, 1.0, 1)
    # Customer 1: a hit at rank 2 of one possible. Customer 2: at rank 1 of two possible.
    second = 1 / np.log2(3)
    assert one["ndcg"] == pytest.approx((second + 1 / (1 + second)) / 2)
    assert one["coverage"] == 1.0
    # Each was had by one of two buyers.
    assert one["novelty"] == 1.0


# against the formula


def dense_als(has, factors, rounds, weight, penalty):
    """Return scores by the update of Hu, Koren and Volinsky, written out row by row."""
    y = np.random.default_rng(0).normal(0, 0.1, (has.shape[1], factors))

    def solved(rows, others):
        made = []
        for row in rows:
            c = np.diag(1 + weight * row)
            left = others.T @ c @ others + penalty * np.eye(factors)
            made.append(np.linalg.solve(left, others.T @ c @ row))
        return np.array(made)

    for _ in range(rounds):
        x = solved(has, y)
        y = solved(has.T, x)
    return solved(has, y) @ y.T


def test_factors_are_those_of_the_published_update_and_explanations_add_up():
    bought, _ = simulate_tastes(60, products=12, mean_purchases=4, seed=3)
    model = FactorRecommender(factors=3, rounds=4, weight=6, penalty=2).fit(bought)
    has = model.has_.toarray().astype(float)
    wanted = dense_als(has, 3, 4, 6, 2)
    np.testing.assert_allclose(model.customer_vectors_ @ model.product_vectors_.T, wanted)
    made = model.recommend(k=1)
    for customer, product, score in made[["customer_id", "product", "score"]].head(5).to_numpy():
        assert model.explain(customer, product)["contribution"].sum() == pytest.approx(
            score, abs=1e-5
        )


def test_with_all_neighbours_it_is_the_suggestion_of_chapter_09():
    bought, _ = simulate_tastes(200, products=30, seed=4)
    ours = ItemRecommender(neighbours=30).fit(bought).recommend(k=3).dropna(subset=["product"])
    theirs = suggestions(bought, k=3)
    both = ours.merge(theirs, on=["customer_id", "rank"], suffixes=("", "_there"))
    assert len(both) == len(theirs)
    np.testing.assert_allclose(both["score"], both["score_there"], atol=1e-5)


@pytest.mark.curriculum("S123")
def test_taste_hits_more_often_than_popularity_over_twenty_worlds():
    more = {"item": [], "factor": []}
    for seed in range(20):
        bought, _ = simulate_tastes(800, seed=seed)
        models = {
            "popular": PopularRecommender(),
            "item": ItemRecommender(),
            "factor": FactorRecommender(factors=6, rounds=5),
        }
        table = compare_recommenders(bought, models, split_on="2024-01-01").set_index("model")
        for name in more:
            more[name].append(table.loc[name, "hit_rate"] - table.loc["popular", "hit_rate"])
        # What is popular is all that it shows, and the others show more products.
        assert table.loc["popular", "from_top"] > table.loc["popular", "bought_from_top"]
        assert table.loc["popular", "coverage"] < table.loc["item", "coverage"]
        assert table.loc["popular", "novelty"] < table.loc["item", "novelty"]
        assert (table["new_customers"] > 0).all()
    for gains in more.values():
        assert min(gains) > 0.1


def test_where_all_tastes_are_alike_nothing_beats_popularity():
    more = []
    for seed in range(20):
        bought, _ = simulate_tastes(300, pickiness=0.0, seed=seed)
        models = {"popular": PopularRecommender(), "item": ItemRecommender()}
        table = compare_recommenders(bought, models, split_on="2024-01-01")["hit_rate"]
        more.append(table[1] - table[0])
    assert np.mean(more) < 3 * np.std(more) / 20**0.5


# for any data

pairs = st.tuples(st.integers(0, 6), st.sampled_from("abcdef"))


@settings(max_examples=30, deadline=None)
@given(st.lists(pairs, min_size=1, max_size=40), st.integers(1, 8), st.integers(0, 99))
def test_nobody_is_shown_what_they_have_and_order_does_not_matter(rows, k, seed):
    bought = pd.DataFrame(rows, columns=["customer_id", "product"])
    for make in MODELS.values():
        found = make().fit(bought).recommend([*range(9)], k=k)
        mixed = make().fit(bought.sample(frac=1, random_state=seed)).recommend([*range(9)], k=k)
        pd.testing.assert_frame_equal(found, mixed)
        assert (found.groupby("customer_id").size() == k).all()
        shown = found.dropna(subset=["product"])
        assert shown.merge(bought, on=["customer_id", "product"]).empty
        assert not shown.duplicated(["customer_id", "product"]).any()
        has = bought.drop_duplicates().groupby("customer_id").size().reindex(range(9), fill_value=0)
        kinds = bought["product"].nunique()
        many = shown.groupby("customer_id").size().reindex(range(9), fill_value=0)
        assert (many == np.minimum(k, kinds - has)).all()


# when misused


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_refuses_what_it_cannot_learn_from(make):
    with pytest.raises(NotAllowedError, match=r"call fit\(purchases\) first"):
        make().recommend()
    with pytest.raises(NotAllowedError, match=r"call fit\(purchases\) first"):
        make().explain(1, "tea")
    with pytest.raises(EmptyError, match="no rows"):
        make().fit(BOUGHT.head(0))
    with pytest.raises(MissingColumnsError, match="product"):
        make().fit(BOUGHT.drop(columns="product"))
    with pytest.raises(BadRowsError, match="no product"):
        make().fit(BOUGHT.assign(product=None))
    model = make().fit(BOUGHT)
    with pytest.raises(OutOfRangeError, match="k must be 1 or more"):
        model.recommend(k=0)
    with pytest.raises(OutOfRangeError, match="customers must be a list"):
        model.recommend("everybody")
    with pytest.raises(UnknownNameError, match="no product 'gold'"):
        model.explain(1, "gold")
    assert model.explain(99, "tea").empty


def test_refuses_a_day_outside_the_record_and_models_that_are_none():
    dated = BOUGHT.assign(date=pd.Timestamp("2024-01-01"))
    with pytest.raises(EmptyError, match="Choose a day within the record"):
        compare_recommenders(dated, {"item": ItemRecommender()}, split_on="2025-01-01")
    for again in (True, False):
        models = {"one": PopularRecommender(again=again), "other": ItemRecommender(again=not again)}
        with pytest.raises(OutOfRangeError, match=rf"\['other'\] were made with again={not again}"):
            compare_recommenders(dated, models, split_on="2024-01-01", again=again)
    with pytest.raises(OutOfRangeError, match="models must be a dict"):
        compare_recommenders(dated, {}, split_on="2024-01-01")
    with pytest.raises(OutOfRangeError, match="neighbours"):
        ItemRecommender(neighbours=0)
    with pytest.raises(OutOfRangeError, match="penalty"):
        FactorRecommender(penalty=0)
    nobody = pd.DataFrame({"customer_id": [8], "product": ["tea"]})
    with pytest.raises(EmptyError, match="nothing can be judged"):
        ranking_quality(ItemRecommender().fit(BOUGHT).recommend([1]), nobody, BOUGHT)


# by rhythm


def test_the_rhythm_recommender_shows_what_is_due_and_says_its_rhythm():
    bought, _ = simulate_grocer(30, days=120, seed=3)
    model = RhythmRecommender(customer="household_id", product="category").fit(bought)
    found = model.recommend([5, 99], k=3)
    assert found["household_id"].tolist() == [5, 5, 5, 99, 99, 99]
    assert found["rank"].tolist() == [1, 2, 3] * 2
    assert found["why"].tolist() == ["due"] * 3 + ["new here: popular"] * 3
    mine = model.cycles_[model.cycles_["household_id"] == 5].nlargest(3, "due")
    assert found["category"].tolist()[:3] == mine["category"].tolist()
    why = model.explain(5, mine["category"].iloc[0])
    assert why["due"].tolist() == [mine["due"].iloc[0]]
    assert model.explain(99, "milk").empty
    with pytest.raises(NotAllowedError, match=r"call fit\(purchases\) first"):
        RhythmRecommender().recommend()
    with pytest.raises(UnknownNameError, match="no product 'gold'"):
        model.explain(5, "gold")


@pytest.mark.curriculum("S123")
def test_rhythm_hits_more_of_the_next_days_than_popularity():
    more = []
    for seed in range(20):
        bought, _ = simulate_grocer(120, days=189, seed=seed)
        bought = bought[bought["date"] < "2024-07-04"]
        columns = {"customer": "household_id", "product": "category"}
        models = {
            "popular": PopularRecommender(again=True, **columns),
            "rhythm": RhythmRecommender(within_days=3, **columns),
        }
        table = compare_recommenders(
            bought, models, split_on="2024-07-01", k=2, again=True, **columns
        )
        more.append(table["hit_rate"].iloc[1] - table["hit_rate"].iloc[0])
    assert np.mean(more) > 3 * np.std(more) / 20**0.5
    assert np.mean(more) > 0.1


def test_ids_of_two_kinds_and_ranks_that_are_none_are_refused():
    later = pd.DataFrame({"customer_id": [1], "product": ["b"]})
    shown = pd.DataFrame({"customer_id": [1, 1], "product": ["a", "b"], "rank": [1, 2]})
    assert ranking_quality(shown, later, later)["hit_rate"].tolist() == [1]
    with pytest.raises(BadRowsError, match=r"1 suggestion\(s\) have a rank below 1, and 0 show"):
        ranking_quality(shown.assign(rank=[0, 1]), later, later)
    with pytest.raises(BadRowsError, match=r"0 suggestion\(s\) have a rank below 1, and 1 show"):
        ranking_quality(shown.assign(product="a"), later, later)
    for other in (later.assign(customer_id="1"), later.assign(product=7)):
        with pytest.raises(WrongTypeError, match="in one place"):
            ranking_quality(shown, other, later)
        with pytest.raises(WrongTypeError, match="in one place"):
            ranking_quality(shown, later, other)
    for model in (ItemRecommender().fit(BOUGHT), FactorRecommender().fit(BOUGHT)):
        with pytest.raises(WrongTypeError, match="customer_id holds"):
            model.recommend(["1"])
    rhythm = RhythmRecommender(customer="household_id", product="category")
    with pytest.raises(WrongTypeError, match="household_id holds"):
        rhythm.fit(simulate_grocer(5, days=60, seed=3).data).recommend(["1"])
