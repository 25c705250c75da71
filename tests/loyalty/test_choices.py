"""Switching, habit, the NBD-Dirichlet and prices: choices of brands whose truth is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
)
from crmlab.loyalty import (
    ChoiceModel,
    NBDDirichlet,
    choice_memory,
    loyalty_against_norm,
    simulate_choices,
    simulate_priced_choices,
    steady_state,
    switching_matrix,
)

SHARES = {"A": 0.5, "B": 0.3, "C": 0.2}
# Ehrenberg (1988), Repeat-Buying, 2nd ed.: toothpaste in Great Britain, first quarter of 1973.
TOOTHPASTE = pd.DataFrame(
    {
        "brand": [
            *("Colgate DC", "Macleans", "Close Up", "Signal"),
            *("ultrabrite", "Gibbs SR", "Boots", "Sainsbury"),
        ],
        "share": [0.25, 0.19, 0.1, 0.1, 0.09, 0.08, 0.03, 0.02],
        "penetration": [0.2, 0.17, 0.09, 0.08, 0.08, 0.07, 0.03, 0.02],
    }
)


def bought(*rows):
    """Return purchases of customers 1, 2, …, whose brands are the letters of each row."""
    return pd.DataFrame(
        [
            (customer, occasion, brand)
            for customer, row in enumerate(rows, 1)
            for occasion, brand in enumerate(row, 1)
        ],
        columns=["customer_id", "occasion", "brand"],
    )


# by hand


@pytest.mark.curriculum("S120")
def test_steps_are_counted_within_customers():
    table = switching_matrix(bought("AAB", "BA", "C"))
    steps = table.pivot_table(index="from_brand", columns="to_brand", values="steps")
    assert steps.to_numpy().tolist() == [[1, 1, 0], [1, 0, 0], [0, 0, 0]]
    shares = table.set_index(["from_brand", "to_brand"])["share"]
    assert shares["A", "B"] == 0.5
    assert np.isnan(shares["C", "C"])
    assert table["low"].isna().sum() == 3


def test_a_chain_leads_where_it_leads():
    chain = pd.DataFrame(
        {"from_brand": list("AABB"), "to_brand": list("ABAB"), "steps": [9, 1, 3, 7]}
    )
    # In the end as many leave A as come: 0.1 a = 0.3 b.
    assert steady_state(chain)["steady_share"].tolist() == pytest.approx([0.75, 0.25])
    assert steady_state(chain)["share_now"].tolist() == [0.5, 0.5]


def test_who_repeats_the_last_but_not_the_one_before_has_a_habit():
    # Threes AAB, ABB: one switch in two steps, and always another brand two later.
    found = choice_memory(bought("AABB", "BBAA"))
    assert (found.repeat_1, found.repeat_2, found.memory) == (0.5, 0, 1)
    alternating = choice_memory(bought("ABAB", "BABA"))
    assert alternating.memory == -1


def test_loyalty_is_seen_as_the_field_counts_it():
    choices = bought("AAB", "AA", "BBBC", "C")
    table = loyalty_against_norm(
        pd.concat([choices.assign(customer_id=choices["customer_id"] + 4 * k) for k in range(5)]),
        customers=40,
        folds=5,
    ).set_index("brand")
    assert table["penetration"].tolist() == [10 / 40, 10 / 40, 10 / 40]
    assert table["purchases_per_buyer"].to_dict() == {"A": 2, "B": 2, "C": 1}
    assert table["share_of_requirements"].to_dict() == {"A": 4 / 5, "B": 4 / 7, "C": 2 / 5}
    assert table["only_this"].to_dict() == {"A": 0.5, "B": 0, "C": 0.5}


# against the formula


@pytest.mark.curriculum("S120")
def test_the_toothpaste_of_1973_has_its_published_dirichlet():
    model = NBDDirichlet.from_table(TOOTHPASTE, penetration=0.56, rate=2.6)
    assert pytest.approx(1.46, abs=0.005) == model.M_
    assert pytest.approx(0.78, abs=0.005) == model.K_
    assert pytest.approx(1.55, abs=0.005) == model.S_
    norms = model.norms().set_index("brand")
    assert norms.loc["Colgate DC", "penetration"] == pytest.approx(0.20, abs=0.006)
    # Double jeopardy: the smaller brand has fewer buyers, who also buy it less often.
    assert norms["penetration"].is_monotonic_decreasing
    assert norms["purchases_per_buyer"].is_monotonic_decreasing


def test_norms_are_those_of_many_customers():
    choices, _ = simulate_choices(400_000, shares=SHARES, alike=1.2, seed=4)
    model = NBDDirichlet(customers=400_000).fit(choices)
    seen = loyalty_against_norm(choices, customers=400_000).set_index("brand")
    norms = model.norms().set_index("brand")
    for column in ("penetration", "share_of_requirements", "only_this"):
        np.testing.assert_allclose(norms[column], seen[column], atol=3 * 0.5 / 100_000**0.5)
    np.testing.assert_allclose(norms["purchases_per_buyer"], seen["purchases_per_buyer"], rtol=0.01)


@pytest.mark.parametrize("seed", range(20))
def test_the_dirichlet_is_recovered(seed):
    choices, _ = simulate_choices(20_000, shares=SHARES, alike=1.5, seed=seed)
    model = NBDDirichlet(customers=20_000).fit(choices)
    # Three standard errors, from the spread of 200 other such worlds: 0.0434, 0.0121, 0.0205.
    assert pytest.approx(6, abs=3 * 0.0434) == model.M_
    assert pytest.approx(1, abs=3 * 0.0121) == model.K_
    assert pytest.approx(1.5, abs=3 * 0.0205) == model.S_


@pytest.mark.curriculum("S120")
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("memory", [0.0, 0.3])
def test_repeats_are_those_of_the_simulators_formula(memory, seed):
    choices, _ = simulate_choices(5_000, shares=SHARES, alike=2, memory=memory, seed=seed)
    chain = switching_matrix(choices)
    stay = chain[chain["from_brand"] == chain["to_brand"]]
    share = np.array([0.5, 0.3, 0.2])
    # Of those who bought a brand, the taste for it is (1 + alike * share) / (1 + alike). Steps
    # count heavy buyers more, and tastes do not hang on that.
    wanted = memory + (1 - memory) * (1 + 2 * share) / 3
    reach = (stay["high"] - stay["low"]).to_numpy() / 2 / 1.96
    assert (np.abs(stay["share"] - wanted) < 3.5 * reach).all()
    # A chain without memory for all would repeat a brand by its share alone.
    assert (stay["low"] > share).all()


@pytest.mark.curriculum("S120")
@pytest.mark.parametrize("memory", [0.0, 0.3])
def test_the_interval_of_memory_covers_in_95_of_100_worlds(covers, few, memory):
    # Two regimes: no habit and some, of customers who buy unlike often and like unlike brands.
    held, found = [], []
    for seed in few:
        choices, _ = simulate_choices(400, shares=SHARES, alike=0.8, memory=memory, seed=seed)
        one = choice_memory(choices)
        held.append(one.low <= memory <= one.high)
        found.append(one.memory)
    covers(held, "loyalty.choice_memory", "some habit" if memory else "no habit")
    assert np.mean(found) == pytest.approx(memory, abs=3.3 * np.std(found) / len(found) ** 0.5)


@pytest.mark.parametrize("memory", [0.0, 0.4])
def test_intervals_of_switching_cover_in_95_of_100_worlds(covers, few, memory):
    held = []
    wanted = memory + (1 - memory) * (1 + 2 * np.array([0.5, 0.3, 0.2])) / 3
    for seed in few:
        choices, _ = simulate_choices(300, shares=SHARES, alike=2, memory=memory, seed=seed)
        chain = switching_matrix(choices)
        stay = chain[chain["from_brand"] == chain["to_brand"]]
        held.append((stay["low"] <= wanted) & (wanted <= stay["high"]))
    regime = "some habit" if memory else "no habit"
    for brand, each in zip(SHARES, np.transpose(held), strict=True):
        covers(each, "loyalty.switching_matrix", regime, part=f"{brand} again")


@pytest.mark.parametrize(("alike", "shape"), [(1.5, 1.0), (0.6, 4.0)])
def test_intervals_of_the_gap_to_the_norm_cover_in_95_of_100_worlds(covers, few, alike, shape):
    held = []
    for seed in few:
        choices, _ = simulate_choices(600, shares=SHARES, alike=alike, shape=shape, seed=seed)
        table = loyalty_against_norm(choices, customers=600, folds=10).set_index("brand")
        table = table.loc[[*SHARES]]
        held.append((table["low"] <= 0) & (table["high"] >= 0))
    regime = "tastes alike" if alike > 1 else "tastes unlike"
    for brand, each in zip(SHARES, np.transpose(held), strict=True):
        covers(each, "loyalty.loyalty_against_norm", regime, part=brand)


@pytest.mark.parametrize(("alike", "shape"), [(1.5, 1.0), (0.6, 4.0)])
def test_intervals_of_the_dirichlet_cover_in_95_of_100_worlds(covers, few, alike, shape):
    held = []
    truth = np.array([6.0, shape, alike])
    for seed in few:
        choices, _ = simulate_choices(600, shares=SHARES, alike=alike, shape=shape, seed=seed)
        table = NBDDirichlet(customers=600).fit(choices).summary(folds=10)
        held.append((table["low"] <= truth) & (truth <= table["high"]))
    regime = "tastes alike" if alike > 1 else "tastes unlike"
    for name, each in zip("MKS", np.transpose(held), strict=True):
        covers(each, "loyalty.NBDDirichlet.summary", regime, part=name)


@pytest.mark.curriculum("S120")
@pytest.mark.parametrize("seed", range(20))
def test_a_brand_with_devotees_stands_out_and_a_large_one_does_not(seed):
    choices, _ = simulate_choices(4_000, devoted={"Elm": 0.06}, seed=seed)
    table = loyalty_against_norm(choices, customers=4_000).set_index("brand")
    assert table.loc["Elm", "low"] > 0
    # The largest brand has the most loyal buyers but Elm's, and is no better than its norm.
    assert table["purchases_per_buyer"].drop("Elm").idxmax() == "Amber"
    assert table.loc["Amber", "low"] < 0


@pytest.mark.statsmodels
def test_the_choice_model_is_that_of_statsmodels():
    from statsmodels.discrete.conditional_models import ConditionalLogit

    choices, _ = simulate_priced_choices(150, occasions=4, habit=0.5, seed=5)
    ours = ChoiceModel(["price_cny", "last"]).fit(choices)
    x = choices[["price_cny", "last"]].astype("float64")
    x["Birch"], x["Coral"] = choices["brand"] == "Birch", choices["brand"] == "Coral"
    x = x.astype("float64")
    group = choices["customer_id"] * 100 + choices["occasion"]
    theirs = ConditionalLogit(choices["chosen"].to_numpy("float64"), x, groups=group)
    # Its optimiser stops early; at our estimates its likelihood is ours, and flat.
    assert theirs.loglike(ours.coef_.to_numpy()) == pytest.approx(ours.log_likelihood_, abs=1e-9)
    np.testing.assert_allclose(theirs.score(ours.coef_.to_numpy()), 0, atol=1e-6)


@pytest.mark.curriculum("S120")
@pytest.mark.parametrize("seed", range(20))
def test_price_and_habit_are_recovered_where_customers_are_alike(seed):
    choices, _ = simulate_priced_choices(1_000, occasions=6, habit=0.8, seed=seed)
    table = ChoiceModel(["price_cny", "last"]).fit(choices).summary()
    truth = np.array([-0.4, 0.8, -0.4, -0.8])
    assert ((table["coefficient"] - truth).abs() < 3.4 * table["standard_error"]).all()


@pytest.mark.curriculum("S120")
@pytest.mark.parametrize("seed", range(20))
def test_a_model_of_unlike_customers_sees_a_habit_that_nobody_has(seed):
    choices, _ = simulate_priced_choices(500, occasions=6, spread=1.5, seed=seed)
    table = ChoiceModel(["price_cny", "last"]).fit(choices).summary().set_index("term")
    assert table.loc["last", "low"] > 0.5


@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_intervals_of_the_price_cover_in_95_of_100_worlds(covers, few, spread):
    held = []
    # With unlike customers the coefficient of all is smaller than each one's: take its mean.
    wanted = -0.4
    if spread:
        large, _ = simulate_priced_choices(60_000, occasions=4, spread=spread, seed=999)
        wanted = ChoiceModel(["price_cny"]).fit(large).coef_["price_cny"]
    for seed in few:
        choices, _ = simulate_priced_choices(100, occasions=4, spread=spread, seed=seed)
        row = ChoiceModel(["price_cny"]).fit(choices).summary().iloc[0]
        held.append(row["low"] <= wanted <= row["high"])
    regime = "customers unlike" if spread else "customers alike"
    covers(held, "loyalty.ChoiceModel.summary", regime, part="price")


@pytest.mark.parametrize("habit", [0.0, 0.8])
def test_intervals_of_elasticities_cover_in_95_of_100_worlds(covers, few, habit):
    columns = ["price_cny", "last"] if habit else ["price_cny"]
    held = []
    for seed in few:
        choices, _ = simulate_priced_choices(100, occasions=4, habit=habit, seed=seed)
        model = ChoiceModel(columns).fit(choices)
        found = model.elasticities(choices)
        # The truth at these prices is what the planted numbers say of them.
        model.coef_[:] = [-0.4, *([habit] if habit else []), -0.4, -0.8]
        true = model.elasticities(choices)["elasticity"]
        held.append(((found["low"] <= true) & (true <= found["high"]))[[0, 1]])
    regime = "some habit" if habit else "no habit"
    for part, each in zip(("own price", "a rival's price"), np.transpose(held), strict=True):
        covers(each, "loyalty.ChoiceModel.elasticities", regime, part=part)


def test_elasticities_are_what_a_dearer_price_does():
    choices, _ = simulate_priced_choices(200, seed=6)
    model = ChoiceModel(["price_cny"]).fit(choices)
    table = model.elasticities(choices).set_index(["brand", "price_of"])["elasticity"]
    dearer = choices["price_cny"].where(choices["brand"] != "Amber", choices["price_cny"] * 1.001)
    before = model.predict(choices).groupby(choices["brand"]).sum()
    after = model.predict(choices.assign(price_cny=dearer)).groupby(choices["brand"]).sum()
    change = (after / before - 1) / 0.001
    for brand in before.index:
        assert table[brand, "Amber"] == pytest.approx(change[brand], rel=2e-3)
    assert table["Amber", "Amber"] < -1


# for any data


@given(st.lists(st.text("ABC", min_size=1, max_size=6), min_size=1, max_size=8), st.randoms())
def test_the_order_of_rows_never_matters(rows, random):
    choices = bought(*rows)
    if (choices["occasion"] < 2).all():
        return
    order = [*range(len(choices))]
    random.shuffle(order)
    table = switching_matrix(choices)
    pd.testing.assert_frame_equal(table, switching_matrix(choices.iloc[order]))
    assert table["steps"].sum() == sum(len(row) - 1 for row in rows)
    known = table.dropna()
    assert (known["low"] <= known["share"] + 1e-12).all()
    assert (known["share"] <= known["high"] + 1e-12).all()


def test_brands_as_categories_and_days_as_order_give_the_same():
    choices, _ = simulate_choices(50, seed=2)
    other = choices.assign(
        brand=choices["brand"].astype("category"),
        occasion=pd.Timestamp("2024-01-01") + pd.to_timedelta(choices["occasion"], unit="D"),
    )
    one, two = switching_matrix(choices), switching_matrix(other)
    assert one["steps"].tolist() == two["steps"].tolist()
    assert choice_memory(choices) == choice_memory(other)


def test_a_simulated_customer_never_buys_what_they_dislike():
    choices, truth = simulate_choices(2_000, shares=SHARES, devoted={"B": 0.25}, seed=3)
    only = truth.loc[truth["B"] == 1, "customer_id"]
    assert len(only) == 500
    assert (choices.loc[choices["customer_id"].isin(only), "brand"] == "B").all()
    assert truth[[*SHARES]].sum(axis=1).tolist() == pytest.approx([1] * 2_000)
    # Mean 6 and, for shape 1, variance 6 + 36: 3 standard errors.
    assert len(choices) / 2_000 == pytest.approx(6, abs=3 * 42**0.5 / 2_000**0.5)


# when misused


def test_refuses_choices_that_do_not_say_enough():
    with pytest.raises(OutOfRangeError, match="nobody bought twice"):
        switching_matrix(bought("A", "B"))
    with pytest.raises(BadRowsError, match="of another purchase"):
        switching_matrix(bought("AB").assign(occasion=1))
    with pytest.raises(MissingColumnsError, match="order=…"):
        switching_matrix(bought("AB").drop(columns="occasion"))
    with pytest.raises(OutOfRangeError, match="at least 2 are needed"):
        choice_memory(bought("ABA", "AB"))
    with pytest.raises(OutOfRangeError, match="nobody ever switched"):
        choice_memory(bought("AAA", "BBB"))
    with pytest.raises(OutOfRangeError, match="between which nobody switches"):
        steady_state(switching_matrix(bought("AA", "BB")))
    with pytest.raises(OutOfRangeError, match="from some brand no step is known"):
        steady_state(switching_matrix(bought("AA", "B")))
    with pytest.raises(OutOfRangeError, match="one brand has no rival"):
        NBDDirichlet().fit(bought("AA", "A"))
    with pytest.raises(OutOfRangeError, match="nobody bought two brands"):
        NBDDirichlet().fit(bought("AA", "BBB", "B"))
    with pytest.raises(OutOfRangeError, match="nobody bought twice"):
        NBDDirichlet().fit(bought("A", "B"))
    with pytest.raises(EmptyError):
        NBDDirichlet().fit(bought("A").head(0))
    with pytest.raises(OutOfRangeError, match="cannot be all who"):
        NBDDirichlet(customers=1).fit(bought("AB", "BA"))
    with pytest.raises(OutOfRangeError, match="in 20 groups"):
        loyalty_against_norm(bought("AB", "BA"))
    with pytest.raises(CrmlabError, match="not fitted yet"):
        NBDDirichlet().norms()
    with pytest.raises(CrmlabError, match="printed table has no customers"):
        NBDDirichlet.from_table(TOOTHPASTE, penetration=0.56, rate=2.6).summary()
    with pytest.raises(OutOfRangeError, match="3 buyers cannot be left out in 5 groups"):
        NBDDirichlet().fit(bought("AB", "BA", "AB")).summary(folds=5)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"penetration": 0.95, "rate": 1.1}, "more alike than chance"),
        ({"rate": 1.0}, "above 1 purchase"),
        ({"penetration": 1.5}, "penetration must lie"),
    ],
)
def test_a_printed_table_that_cannot_be_is_refused(wrong, words):
    with pytest.raises(OutOfRangeError, match=words):
        NBDDirichlet.from_table(TOOTHPASTE, **{"penetration": 0.56, "rate": 2.6, **wrong})
    with pytest.raises(OutOfRangeError, match="impossible for its share"):
        NBDDirichlet.from_table(TOOTHPASTE.assign(penetration=0.5), penetration=0.56, rate=2.6)
    with pytest.raises(OutOfRangeError, match="between 0 and 1"):
        NBDDirichlet.from_table(TOOTHPASTE.assign(share=0.0), penetration=0.56, rate=2.6)


def test_customers_who_all_buy_alike_have_no_shape():
    model = NBDDirichlet().fit(bought("AB", "BA", "AB"))
    assert np.isinf(model.K_)
    assert model.norms()["penetration"].between(0, 1).all()


def test_a_choice_model_refuses_choices_it_cannot_read():
    choices, _ = simulate_priced_choices(30, occasions=3, seed=1)
    model = ChoiceModel(["price_cny"])
    with pytest.raises(CrmlabError, match="not fitted yet"):
        model.summary()
    with pytest.raises(BadRowsError, match="not exactly one chosen"):
        model.fit(choices.assign(chosen=False))
    with pytest.raises(OutOfRangeError, match="cannot be told apart"):
        ChoiceModel(["price_cny", "twin"]).fit(choices.assign(twin=choices["price_cny"] * 2))
    with pytest.raises(OutOfRangeError, match="no estimate is finite"):
        ChoiceModel(["oracle"]).fit(choices.assign(oracle=choices["chosen"].astype(int)))
    with pytest.raises(OutOfRangeError, match="at least 2 are needed"):
        model.fit(choices.assign(customer_id=1, occasion=choices.index // 3))
    fitted = model.fit(choices)
    with pytest.raises(OutOfRangeError, match=r"knows no brand \['New'\]"):
        fitted.predict(choices.replace({"brand": {"Amber": "New"}}))
    with pytest.raises(OutOfRangeError, match="price must be one of"):
        fitted.elasticities(choices, price="last")
    with pytest.raises(OutOfRangeError, match="every brand on offer"):
        fitted.elasticities(choices.iloc[1:])
    with pytest.raises(MissingColumnsError):
        model.fit(choices.drop(columns="brand"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": 0},
        {"shares": {}},
        {"shares": {"A": 0.0}},
        {"alike": 0},
        {"memory": 1.0},
        {"devoted": {"Z": 0.1}},
        {"devoted": {"Elm": 1.1}},
    ],
)
def test_the_simulator_refuses_worlds_that_there_are_not(wrong):
    with pytest.raises(OutOfRangeError):
        simulate_choices(**{"n": 10, "seed": 1, **wrong})


@pytest.mark.parametrize(
    "wrong", [{"n": 0}, {"liked": {"A": 0}}, {"price": np.inf}, {"spread": -1}, {"occasions": 0}]
)
def test_the_simulator_of_prices_refuses_too(wrong):
    with pytest.raises(OutOfRangeError):
        simulate_priced_choices(**{"n": 10, "seed": 1, **wrong})
