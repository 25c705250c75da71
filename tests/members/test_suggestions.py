"""suggestions, hit_rates, assistant_card, next_purchase_window: the assistant's card."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import (
    BadRowsError,
    MissingColumnsError,
    NotAllowedError,
    OutOfRangeError,
    UnknownNameError,
)
from crmlab.members import (
    assistant_card,
    hit_rates,
    next_purchase_window,
    simulate_tastes,
    simulate_visits,
    suggestions,
)
from crmlab.privacy import Gate, Policy

BOUGHT = pd.DataFrame(
    {
        "customer_id": [1, 1, 2, 2, 3, 4, 5],
        "product": ["tea", "pot", "tea", "pot", "tea", "ink", "ink"],
    }
)


def gate(agreed, people):
    table = pd.DataFrame({"customer_id": people, "age": 40})
    table["last_seen_on"] = pd.Timestamp("2024-12-01")
    consents = pd.DataFrame({"customer_id": agreed, "purpose": "positioning"})
    consents["given_on"], consents["withdrawn_on"] = pd.Timestamp("2024-01-01"), pd.NaT
    rules = Policy({"positioning": ["age"]})
    return Gate(table, rules, consents=consents, as_of="2024-12-31")


# by hand


def test_what_was_bought_together_comes_first_and_what_is_owned_never():
    found = suggestions(BOUGHT, k=3)
    third = found[found["customer_id"] == 3]
    assert third["product"].tolist() == ["pot", "ink"]
    # Both were bought by 2 of the 3 with tea and the 2 with a pot: 2 / sqrt(6).
    assert third["score"].tolist() == pytest.approx([2 / 6**0.5, 0])
    assert third["rank"].tolist() == [1, 2]
    popular = suggestions(BOUGHT, k=1, method="popular").set_index("customer_id")["product"]
    # Tea has three buyers; pot and ink two each, and ink comes first in the alphabet.
    assert popular.to_dict() == {1: "ink", 2: "ink", 3: "ink", 4: "tea", 5: "tea"}


def test_a_hit_is_something_new_that_was_suggested_before():
    dates = pd.to_datetime(["2024-01-01"] * 7 + ["2024-06-01", "2024-06-02", "2024-06-03"])
    later = pd.DataFrame({"customer_id": [3, 4, 1], "product": ["pot", "pot", "tea"]})
    found = hit_rates(pd.concat([BOUGHT, later]).assign(date=dates), split_on="2024-03-01", k=1)
    # Judged are 3 and 4; 1 bought again what it had. 3 was shown the pot, 4 was shown tea.
    assert found["members"].tolist() == [2, 2, 2]
    assert found["hits"].tolist() == [1, 0, 1]


def test_the_card_shows_habits_and_three_suggestions_to_who_agreed_only():
    bought, _ = simulate_tastes(30, seed=1)
    guard = gate([5], [*range(30)])
    card = assistant_card(bought, 5, gate=guard, who="Mei")
    own = bought[bought["customer_id"] == 5]
    style = own["style"].value_counts(normalize=True).sort_index()
    assert card.habits.loc[0, "value"] == style.idxmax()
    assert card.habits.loc[0, "share"] == style.max()
    assert len(card.suggestions) == 3
    assert not {*card.suggestions} & {*own["product"]}
    with pytest.raises(NotAllowedError, match="member 6 has not agreed"):
        assistant_card(bought, 6, gate=guard, who="Mei")
    assert guard.log["who"].tolist() == ["Mei", "Mei"]


# against the truth


@pytest.mark.curriculum("S86")
@pytest.mark.parametrize("seed", range(20))
def test_three_suggestions_hit_more_often_than_what_is_popular_on_a_split_in_time(seed):
    bought, _ = simulate_tastes(2_000, seed=seed)
    made = suggestions(bought, k=3).groupby("customer_id").size()
    assert (made == 3).all()
    found = hit_rates(bought, split_on="2024-01-01").set_index("method")
    assert found.loc["difference", "low"] > 0
    assert found.loc["together", "hit_rate"] > found.loc["popular", "hit_rate"] + 0.05


@pytest.mark.curriculum("S86")
def test_where_all_tastes_are_alike_nothing_beats_what_is_popular():
    more = []
    for seed in range(20):
        bought, _ = simulate_tastes(500, pickiness=0.0, seed=seed)
        more.append(hit_rates(bought, split_on="2024-01-01").iloc[2]["hit_rate"])
    assert np.mean(more) < 3 * np.std(more) / 20**0.5


@pytest.mark.parametrize("world", [{"spread": 0.3}, {"spread": 1.0}], ids=["alike", "unlike"])
def test_the_window_holds_the_next_purchase_as_often_as_it_says(world):
    held = n = 0
    for seed in range(20):
        visits, _ = simulate_visits(400, mean_gap_days=30, days=1_500, seed=seed, **world)
        cut = pd.Timestamp("2024-12-30")
        before = visits[visits["date"] <= cut]
        found = next_purchase_window(before, as_of=cut, share=0.8).set_index("customer_id")
        after = visits[visits["date"] > cut].groupby("customer_id")["date"].min() - cut
        wait = after.dt.days.reindex(found.index).fillna(np.inf)
        # Days are whole: a next purchase on day 1 came within the first day.
        held += ((wait > found["from_days"]) & (wait - 1 < found["until_days"])).sum()
        n += len(found)
    # Whole days widen the window by one; 3 standard errors at about 8,000 members, clustered in 20.
    assert 0.79 <= held / n <= 0.84


# simulate_tastes


def test_members_buy_what_they_like_and_each_product_once():
    bought, truth = simulate_tastes(4_000, seed=3)
    assert not bought.duplicated(["customer_id", "product"]).any()
    liked = bought["customer_id"].map(truth.set_index("customer_id")["liked_style"])
    assert (bought["style"] == liked).mean() > 0.6
    flat, tastes = simulate_tastes(4_000, pickiness=0.0, seed=3)
    liked = flat["customer_id"].map(tastes.set_index("customer_id")["liked_style"])
    assert (flat["style"] == liked).mean() == pytest.approx(0.25, abs=0.02)
    # 1 + Poisson(7) purchases; 3 standard errors at 4,000.
    assert len(bought) / 4_000 == pytest.approx(8, abs=3 * (7 / 4_000) ** 0.5)


# for any data

pairs = st.tuples(st.integers(0, 6), st.sampled_from("abcdef"))


@settings(max_examples=40)
@given(st.lists(pairs, min_size=1, max_size=40), st.integers(1, 4), st.integers(0, 99))
def test_nobody_is_shown_what_they_have_and_order_does_not_matter(rows, k, seed):
    bought = pd.DataFrame(rows, columns=["customer_id", "product"])
    for method in ("together", "popular"):
        found = suggestions(bought, k=k, method=method)
        mixed = suggestions(bought.sample(frac=1, random_state=seed), k=k, method=method)
        pd.testing.assert_frame_equal(found, mixed)
        assert found.merge(bought, on=["customer_id", "product"]).empty
        assert not found.duplicated(["customer_id", "product"]).any()
        has = bought.drop_duplicates().groupby("customer_id").size()
        kinds = bought["product"].nunique()
        shown = found.groupby("customer_id").size().reindex(has.index, fill_value=0)
        assert (shown == np.minimum(k, kinds - has)).all()


# when misused


def test_refuses_what_it_cannot_suggest_from():
    with pytest.raises(UnknownNameError, match=r"method must be one of .*; got 'magic'"):
        suggestions(BOUGHT, method="magic")
    with pytest.raises(OutOfRangeError, match="k must be 1 or more"):
        suggestions(BOUGHT, k=0)
    with pytest.raises(OutOfRangeError, match="number of purchases"):
        suggestions(BOUGHT.head(0))
    with pytest.raises(MissingColumnsError, match="product"):
        suggestions(BOUGHT.drop(columns="product"))
    with pytest.raises(BadRowsError, match="no product"):
        suggestions(BOUGHT.assign(product=None))
    dated = BOUGHT.assign(date=pd.Timestamp("2024-01-01"))
    with pytest.raises(OutOfRangeError, match="nobody bought before"):
        hit_rates(dated, split_on="2025-01-01")
    bought, _ = simulate_tastes(5, seed=1)
    with pytest.raises(UnknownNameError, match="has bought nothing yet"):
        assistant_card(bought, 9, gate=gate([9], [9]), who="Mei")
    once = pd.DataFrame({"customer_id": [1], "date": pd.to_datetime(["2024-01-01"]), "amount": 5.0})
    with pytest.raises(OutOfRangeError, match="nobody returned"):
        next_purchase_window(once)
    with pytest.raises(OutOfRangeError, match="share must lie between 0 and 1"):
        next_purchase_window(once, share=80)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"n": 0}, "n must be 1 or more"),
        ({"products": 1}, "products must be 2 or more"),
        ({"pickiness": -1}, "pickiness must be"),
        ({"mean_purchases": 0.5}, "mean_purchases must be 1 or more"),
    ],
)
def test_refuses_worlds_outside_their_range(argument, message):
    with pytest.raises(ValueError, match=message):
        simulate_tastes(**{"n": 5, "seed": 0} | argument)
