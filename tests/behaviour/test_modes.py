"""response_modes, mode_table, mode_funnel, information_loss, mode_worth, simulate_catalogue."""

from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.behaviour import (
    information_loss,
    mode_funnel,
    mode_table,
    mode_worth,
    response_modes,
    simulate_catalogue,
)
from crmlab.errors import (
    BadRowsError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
)

POLO = {"department": "menswear", "category": "shirt", "brand": "polo", "colour": "red"}
RULES = {
    "womenswear": {"department": "womenswear"},
    "menswear": {"department": "menswear"},
    "children": {"department": "children"},
    "home": {"department": "home"},
    "red men's polo shirt": POLO,
}
TAKEN = pd.DataFrame(
    {
        "customer_id": [7, 7, 3, 9],
        "department": ["menswear", "home", "menswear", "home"],
        "category": ["shirt", "lamp", "shirt", "towel"],
        "brand": ["polo", "polo", "plain", "crane"],
        "colour": ["red", "red", "red", "blue"],
    }
)


@pytest.fixture(scope="module")
def world():
    return simulate_catalogue(60_000, seed=72)


# by hand


def test_a_customer_may_have_many_modes_and_one_item_must_meet_a_whole_rule():
    rules = {"men": {"department": "menswear"}, "polo": POLO, "red home": {"department": "home",
             "colour": ["red", "blue"]}}  # fmt: skip
    found = response_modes(TAKEN, rules, mailed=pd.DataFrame({"customer_id": [9, 8, 7, 3]}))
    wanted = pd.DataFrame(
        {
            "customer_id": [3, 7, 8, 9],
            "answered": [True, True, False, True],
            "men": [True, True, False, False],
            "polo": [False, True, False, False],
            "red home": [False, True, False, True],
        }
    )
    pd.testing.assert_frame_equal(found, wanted)
    assert mode_table(found).set_index("mode")["within"].to_dict() == {
        "men": "answered",
        "polo": "men",
        "red home": "answered",
    }


def test_a_funnel_counts_what_each_condition_leaves():
    found = mode_funnel(TAKEN, {"colour": "red", "brand": "polo"})
    assert found["step"].tolist() == ["asked", "answered", "colour: red", "brand: polo"]
    assert found["customers"].tolist() == [3, 3, 2, 1]
    assert mode_funnel(TAKEN, {})["customers"].tolist() == [3, 3]
    for both in (
        ["red", "blue"],
        ("red", "blue"),
        pd.Series(["red", "blue"]),
        {"red": 1, "blue": 2},
    ):
        told = mode_funnel(TAKEN, {"colour": both})
        assert (told["step"].iloc[2], told["customers"].iloc[2]) == ("colour: red, blue", 3)


def test_information_of_a_table_counted_on_fingers():
    # Two modes tell two outcomes apart, half of all; the other half never answers.
    modes = pd.DataFrame(
        {
            "answered": [True] * 400 + [False] * 400,
            "men": [True] * 200 + [False] * 600,
            "next": ["suit"] * 200 + ["dress"] * 200 + ["suit", "dress"] * 200,
        }
    )
    loss = information_loss(modes, outcome="next")
    assert loss.outcome_bits == pytest.approx(1)
    assert loss.modes_as_counted == pytest.approx(0.5)
    assert loss.binary_as_counted == pytest.approx(0)
    # Of those who answered the pattern tells all, and dealt anew by chance hardly anything; of the
    # others there is one pattern only.
    assert loss.modes == pytest.approx(0.5, abs=0.003)
    assert loss.lost == pytest.approx(loss.modes - loss.binary)


def test_what_luck_shows_of_ten_customers_is_counted_by_hand():
    # Five of ten say yes, five of ten like suits: k of the five yes like suits in C(5, k)^2 of the
    # 252 ways to deal, and then the table shows 1 - h(k / 5) bits.
    modes = pd.DataFrame({"answered": [True] * 5 + [False] * 5, "men": [True] * 5 + [False] * 5})
    modes["next"] = ["suit", "dress"] * 5
    h = {0: 0.0, 1: 0.721928, 2: 0.970951, 3: 0.970951, 4: 0.721928, 5: 0.0}
    luck = sum(comb(5, k) ** 2 * (1 - h[k]) for k in h) / 252
    loss = information_loss(modes, outcome="next")
    assert loss.binary_as_counted == pytest.approx(1 - h[3], abs=1e-6)
    assert loss.binary == pytest.approx(1 - h[3] - luck, abs=1e-6)
    assert loss.lost == pytest.approx(0)  # whoever answers is a man


# against the truth


@pytest.mark.curriculum("S72")
def test_red_polo_shirts_lie_within_menswear_and_a_yes_or_no_keeps_all_who_answered(world):
    modes = response_modes(world.responses, RULES, mailed=world.mailed)
    table = mode_table(modes).set_index("mode")
    assert table.loc["red men's polo shirt", "within"] == "menswear"
    assert not (modes["red men's polo shirt"] & ~modes["menswear"]).any()
    assert table.loc["red men's polo shirt", "customers"] > 0
    some = modes[[*RULES]].any(axis=1)
    assert (some == modes["answered"]).all()
    assert modes["answered"].sum() == world.responses["customer_id"].nunique()
    # .4 * .5 + .6 * .1; three standard errors at 60,000.
    assert modes["answered"].mean() == pytest.approx(0.26, abs=3 * np.sqrt(0.26 * 0.74 / 60_000))
    # Most have one department, many have more: that is what a yes or no forgets.
    assert (modes[[*RULES][:4]].sum(axis=1) > 1).mean() > 0.05


@pytest.mark.parametrize(("n", "modes"), [(300, 2), (300, 6), (200, 9)])
def test_where_nothing_is_lost_nothing_is_shown_however_few_have_a_pattern(n, modes):
    rng, told = np.random.default_rng(72), []
    for _ in range(200):
        world = pd.DataFrame(rng.random((n, modes)) < 0.4).add_prefix("m")
        world["answered"] = rng.random(n) < 0.5
        world["next"] = rng.integers(0, 4, n)
        loss = information_loss(world, outcome="next")
        told.append((loss.modes, loss.lost, loss.low <= 0 <= loss.high))
    mean, se = np.mean(told, axis=0), np.std(told, axis=0) / np.sqrt(len(told))
    assert (abs(mean[:2]) <= 3 * se[:2]).all()
    assert mean[2] >= 0.88  # 95 % in 200 worlds; more where most patterns hold one or two


def test_what_luck_shows_is_the_mean_of_outcomes_dealt_anew():
    rng = np.random.default_rng(8)
    world = pd.DataFrame(rng.random((150, 5)) < 0.4).add_prefix("m")
    world = world.assign(answered=True, next=rng.integers(0, 3, 150))
    loss = information_loss(world, outcome="next")
    dealt = [
        information_loss(
            world.assign(next=rng.permutation(world["next"])), outcome="next"
        ).modes_as_counted
        for _ in range(200)
    ]
    luck = loss.modes_as_counted - loss.modes
    assert abs(np.mean(dealt) - luck) <= 3 * np.std(dealt) / np.sqrt(200)


@pytest.mark.parametrize(
    ("n", "modes", "chance", "regime"),
    [
        (400, 1, 0.8, "400 customers"),
        (4_000, 1, 0.8, "4,000 customers"),
        (400, 1, 0.6, "400 customers, little is lost"),
        (400, 1, 0.5, "400 customers, nothing is lost"),
        (400, 6, 0.6, "400 customers, 65 patterns"),
    ],
)
def test_the_interval_of_the_lost_information_holds_in_500_worlds(
    covers, few, n, modes, chance, regime
):
    # Answer yes with .5; of the yes, men or women decides: 0.8 against 0.2; of the no, a coin.
    def entropy(p):
        return -(p * np.log2(p) + (1 - p) * np.log2(1 - p))

    truth = 0.5 * (1 - entropy(chance))
    rng, held = np.random.default_rng(n), []
    for _ in few:
        answered, men = rng.random((2, n)) < 0.5
        yes = np.where(answered, np.where(men, chance, 1 - chance), 0.5)
        world = pd.DataFrame({"answered": answered, "m0": men & answered})
        for other in range(1, modes):  # these tell nothing
            world[f"m{other}"] = answered & (rng.random(n) < 0.5)
        names = [*world][1:]
        loss = information_loss(world.assign(next=rng.random(n) < yes), outcome="next", by=names)
        held.append(loss.low <= truth <= loss.high)
    covers(held, "behaviour.information_loss", regime)


@pytest.mark.parametrize("seed", range(20))
def test_modes_are_worth_money_that_a_yes_or_no_forgets(seed):
    mailed, responses, offers, _ = simulate_catalogue(60_000, seed=seed)
    trial = response_modes(responses, RULES, mailed=mailed).merge(offers)
    worth = mode_worth(trial, modes=[*RULES][:4]).set_index("known")
    # Womenswear to all brings 6.048, knowing everything 12.6.
    reach = 3 / 1.96 * (worth["high"] - worth["low"]) / 2
    assert abs(worth.loc["nothing", "per_customer"] - 6.048) <= reach["nothing"]
    assert worth.loc["modes", "gain_low"] > 0
    assert worth.loc["modes", "per_customer"] + reach["modes"] < 12.6
    assert abs(worth.loc["yes or no", "gain"]) < worth.loc["modes", "gain"]


@pytest.mark.parametrize(("better", "regime"), [(2, "knowing is worth 1"), (0, "nothing to know")])
def test_the_value_of_a_plan_is_that_of_its_offers_over_500_worlds(covers, few, better, regime):
    # Offer b is better for men by so much, offer a for the others: knowing is worth half of it.
    rng, held = np.random.default_rng(7), []
    for _ in few:
        n = 600
        men = rng.random(n) < 0.5
        offer = rng.choice(["a", "b"], n)
        margin = 3 + better * ((offer == "b") == men) + rng.normal(0, 1, n)
        trial = pd.DataFrame({"customer_id": np.arange(n), "answered": True, "men": men})
        trial = trial.assign(offer=offer, margin_cny=margin)
        row = mode_worth(trial, modes=["men"]).iloc[2]
        held.append(
            [
                row["low"] <= 3 + better <= row["high"],
                row["gain_low"] <= better / 2 <= row["gain_high"],
            ]
        )
    for part, these in zip(("per_customer", "gain"), np.transpose(held), strict=True):
        covers(these, "behaviour.mode_worth", regime, part=part)


def test_a_pattern_that_lacks_an_offer_takes_what_is_best_for_all():
    # Every offer loses money, and nobody of the few who never answered was offered the worst one.
    offer = np.repeat(["a", "b", "c"], 200)
    few = np.tile(np.arange(200) < 10, 3) & (offer != "c")
    margin = np.select([offer == "a", offer == "b"], [-1.0, -2.0], -3.0)
    trial = pd.DataFrame({"customer_id": range(600), "offer": offer, "margin_cny": margin})
    trial = trial.assign(answered=~few, m=~few)
    assert mode_worth(trial, modes=["m"])["per_customer"].tolist() == [-1, -1, -1]


def test_each_sentence_of_the_catalogue_holds(world):
    truth = world.truth
    assert truth["eager"].mean() == pytest.approx(0.4, abs=3 * np.sqrt(0.24 / 60_000))
    shares = truth["favourite"].value_counts(normalize=True)
    for name, share in {"womenswear": 0.35, "menswear": 0.25, "children": 0.2, "home": 0.2}.items():
        assert shares[name] == pytest.approx(share, abs=3 * np.sqrt(share * (1 - share) / 60_000))
    both = world.responses.merge(truth)
    own = (both["department"] == both["favourite"]).mean()
    assert own == pytest.approx(0.7, abs=3 * np.sqrt(0.21 / len(both)))
    trial = world.offers.merge(truth)
    liked = trial[(trial["offer"] == trial["favourite"]) & trial["eager"]]
    taken = (liked["margin_cny"] > 0).mean()
    assert taken == pytest.approx(0.3, abs=3 * np.sqrt(0.21 / len(liked)))
    sale = trial.loc[trial["margin_cny"] > 0, "margin_cny"]
    assert sale.mean() == pytest.approx(60, abs=3 * 30 / np.sqrt(len(sale)))
    pd.testing.assert_frame_equal(
        simulate_catalogue(50, seed=3).responses, simulate_catalogue(50, seed=3).responses
    )


# for any data


@given(
    st.lists(st.tuples(st.integers(1, 5), st.sampled_from("ab"), st.sampled_from("xy")), min_size=1)
)
def test_row_order_never_matters_and_a_stricter_rule_never_has_more(rows):
    taken = pd.DataFrame(rows, columns=["customer_id", "department", "colour"])
    one, two = taken["department"].iloc[0], taken["colour"].iloc[0]
    rules = {"wide": {"department": one}, "narrow": {"department": one, "colour": two}}
    found = response_modes(taken, rules)
    pd.testing.assert_frame_equal(found, response_modes(taken.iloc[::-1], rules))
    assert not (found["narrow"] & ~found["wide"]).any()


# when misused


def test_refuses_rules_and_rows_that_mean_nothing():
    with pytest.raises(
        UnknownNameError, match=r"no department of the mode 'm' 'menware'\. Did you"
    ):
        response_modes(TAKEN, {"m": {"department": "menware"}})
    with pytest.raises(MissingColumnsError, match="size"):
        response_modes(TAKEN, {"m": {"size": 3}})
    with pytest.raises(OutOfRangeError, match="must map names to rules"):
        response_modes(TAKEN, {})
    with pytest.raises(OutOfRangeError, match="must map columns to values"):
        response_modes(TAKEN, {"m": "menswear"})
    with pytest.raises(OutOfRangeError, match="wants no value of department"):
        response_modes(TAKEN, {"m": {"department": []}})
    with pytest.raises(OutOfRangeError, match="Make them alike"):
        response_modes(TAKEN, {"m": {}}, mailed=pd.DataFrame({"customer_id": ["3", "7", "9"]}))
    with pytest.raises(OutOfRangeError, match="call the mode otherwise"):
        response_modes(TAKEN, {"answered": {}})
    with pytest.raises(BadRowsError, match=r"\[9\] answered, but were not asked"):
        response_modes(TAKEN, {"m": {}}, mailed=pd.DataFrame({"customer_id": [3, 7]}))
    with pytest.raises(EmptyError, match="no customers"):
        mode_table(response_modes(TAKEN, {"m": {}}).head(0))
    with pytest.raises(OutOfRangeError, match="there are no modes"):
        mode_table(pd.DataFrame({"customer_id": [1], "answered": [True]}))
    with pytest.raises(OutOfRangeError, match="who answered must be 1 or more"):
        mode_table(pd.DataFrame({"answered": [False], "m": [False]}))
    with pytest.raises(OutOfRangeError, match="the rule must map"):
        mode_funnel(TAKEN, "menswear")
    trial = pd.DataFrame({"customer_id": [1, 2], "answered": True, "m": True, "offer": ["a", "b"],
                          "margin_cny": 1.0})  # fmt: skip
    with pytest.raises(BadRowsError, match="stand more than once in customer_id"):
        mode_worth(pd.concat([trial] * 100), modes=["m"])
    modes = pd.DataFrame({"answered": [True, False] * 5, "m": False, "next": [*"aabbaabbaa"]})
    assert information_loss(modes, outcome="next").patterns == 2
    with pytest.raises(OutOfRangeError, match="next has 2 values in 9 rows"):
        information_loss(modes.head(9), outcome="next")
    with pytest.raises(OutOfRangeError, match="'m' is the outcome"):
        information_loss(modes, outcome="m", by=["m"])
    with pytest.raises(BadRowsError, match="fewer than 40 customers in a half"):
        mode_worth(trial, modes=["m"])
    with pytest.raises(OutOfRangeError, match="number of offers must be 2"):
        mode_worth(trial.assign(offer="a"), modes=["m"])
    with pytest.raises(OutOfRangeError, match="n must be 1 or more"):
        simulate_catalogue(0, seed=1)
