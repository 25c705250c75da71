"""Rewards and penalties, ordered answers, and the importance-performance map."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import CrmlabError, MissingColumnsError, OutOfRangeError
from crmlab.loyalty import (
    OrderedLogit,
    importance_performance,
    reward_penalty,
    satisfaction_drivers,
    simulate_reactions,
    simulate_satisfaction,
)

PARTS = ["staff", "delivery", "gift", "leaflet"]
COLUMNS = [f"{part}_{end}" for part in PARTS for end in ("high", "low")]

# by hand


def test_up_and_down_are_weighed_apart():
    answers = pd.DataFrame({"staff_high": [1, 0, 0, 1, 0, 0], "staff_low": [0, 1, 0, 0, 1, 0]})
    answers["overall"] = 5 + 2 * answers["staff_high"] - 3 * answers["staff_low"]
    row = reward_penalty(answers, drivers=["staff"]).iloc[0]
    assert (row["reward"], row["penalty"]) == (pytest.approx(2), pytest.approx(3))
    assert row["kind"] == "performance"


def test_the_fields_of_the_map():
    answers, _ = simulate_satisfaction(500, halo=0.0, seed=1, weights={
        "a": 0.4, "b": 0.4, "c": 0.05, "d": 0.05})  # fmt: skip
    answers[["b", "d"]] += 3
    table = importance_performance(answers, seed=2).set_index("driver")
    wanted = {
        "a": "concentrate here",
        "b": "keep up",
        "c": "low priority",
        "d": "possible overkill",
    }
    assert table["field"].to_dict() == wanted
    assert (table["certainty"] == 1).all()
    np.testing.assert_allclose(table["performance"], answers[[*"abcd"]].mean())
    weights = satisfaction_drivers(answers).set_index("driver")["weight"]
    np.testing.assert_allclose(table["importance"], weights[[*"abcd"]])


# against the truth


@pytest.mark.curriculum("S119")
@pytest.mark.parametrize("n", [80, 300])
def test_effects_cover_in_95_of_100_worlds(covers, few, n):
    held = []
    for seed in few:
        answers, truth = simulate_reactions(n, seed=seed)
        table = reward_penalty(answers, drivers=PARTS)
        low = table[["reward_low", "penalty_low"]].to_numpy()
        high = table[["reward_high", "penalty_high"]].to_numpy()
        wanted = truth[["reward", "penalty"]].to_numpy()
        held.append(((low <= wanted) & (wanted <= high)).ravel())
    parts = [f"{kind} of {one}" for one in table["driver"] for kind in ("reward", "penalty")]
    for part, each in zip(parts, np.transpose(held), strict=True):
        covers(each, "loyalty.reward_penalty", f"{n} answers", part=part)


@pytest.mark.curriculum("S119")
def test_kinds_are_found():
    right = 0
    for seed in range(20):
        answers, _ = simulate_reactions(4_000, seed=seed)
        kinds = reward_penalty(answers, drivers=PARTS)["kind"].tolist()
        right += kinds[:3] == ["performance", "basic", "exciting"]
    # Of the two effects that are 0 one lies above 0 by luck in 5 of 100 worlds; of 20 worlds fewer
    # than 16 are right with a chance of 0.003.
    assert right >= 16


@pytest.mark.curriculum("S119")
def test_ordered_logit_recovers_rewards_and_penalties_from_stars():
    misses = []
    for seed in range(20):
        answers, truth = simulate_reactions(1_000, seed=seed)
        model = OrderedLogit(COLUMNS).fit(answers)
        wanted = (truth[["reward", "penalty"]] * [1, -1]).to_numpy().ravel()
        table = model.summary()
        misses.append((table["weight"] - wanted) / table["standard_error"])
        # overall = 0.5 + …, cut at -3, -1.5, 0 and 1.5; errors of about 0.15.
        np.testing.assert_allclose(model.cuts_, [-3.5, -2, -0.5, 1], atol=0.6)
    # 160 weights: none beyond 3.6 standard errors, whose squares have the mean 1 (3 of its errors).
    misses = np.array(misses)
    assert np.abs(misses).max() < 3.6
    assert (misses**2).mean() == pytest.approx(1, abs=3 * (2 / 160) ** 0.5)


def test_chances_of_stars_are_those_of_the_answers():
    answers, _ = simulate_reactions(3_000, seed=4)
    chances = OrderedLogit(COLUMNS).fit(answers).predict(answers)
    assert chances.sum(axis=1).tolist() == pytest.approx([1] * 3_000)
    seen = answers["stars"].value_counts(normalize=True).sort_index()
    np.testing.assert_allclose(chances.mean(), seen, atol=0.01)


@pytest.mark.parametrize(("n", "halo"), [(150, 0.5), (400, 0.2)])
def test_intervals_of_the_map_cover_in_95_of_100_worlds(covers, few, n, halo):
    weights = {"a": 0.5, "b": 0.3, "c": 0.1}
    truth = np.array([*weights.values()])
    held = {"importance": [], "performance": []}
    for seed in few:
        answers, _ = simulate_satisfaction(n, weights=weights, halo=halo, seed=seed)
        table = importance_performance(answers, resamples=60, seed=seed)
        for part, true in (("importance", truth), ("performance", 5)):
            held[part].append((table[f"{part}_low"] <= true) & (true <= table[f"{part}_high"]))
    for part, found in held.items():
        for driver, each in zip(weights, np.transpose(found), strict=True):
            name = f"{part} of {driver}"
            covers(each, "loyalty.importance_performance", f"{n} answers", part=name)


@pytest.mark.curriculum("S119")
@pytest.mark.parametrize("seed", range(20))
def test_unreliable_ratings_are_corrected(seed):
    weights = {"a": 0.6, "b": 0.2}
    answers, _ = simulate_satisfaction(4_000, weights=weights, halo=0.6, seed=seed)
    rng = np.random.default_rng(seed)
    # An error as large as the differences: half of each rating would be repeated.
    noise = rng.normal(0, answers["a"].std(), len(answers))
    answers["a"] = answers["a"] + noise
    blind = importance_performance(answers, seed=1).set_index("driver")
    assert blind.loc["a", "importance_high"] < 0.45
    assert blind.loc["b", "importance_low"] > 0.25
    table = importance_performance(answers, reliability={"a": 0.5}, seed=1).set_index("driver")
    error = (table["importance_high"] - table["importance"]) / 1.96
    assert (np.abs(table["importance"] - [0.6, 0.2]) < 3.4 * error).all()


def test_certainty_says_how_near_the_lines_are():
    answers, _ = simulate_satisfaction(60, seed=9)
    few = importance_performance(answers, seed=1)["certainty"]
    answers, _ = simulate_satisfaction(60, weights={"a": 0.9, "b": 0.1}, halo=0, noise=0.1, seed=9)
    clear = importance_performance(answers.assign(b=answers["b"] + 5), seed=1)["certainty"]
    assert few.min() < 0.7
    assert clear.tolist() == [1, 1]


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_units_of_a_driver_change_its_weight_and_nothing_else(unit):
    answers, _ = simulate_satisfaction(100, seed=3)
    one = importance_performance(answers, drivers=["staff", "price"], seed=1)
    other = answers.assign(staff=unit * answers["staff"])
    two = importance_performance(other, drivers=["staff", "price"], seed=1)
    np.testing.assert_allclose(two["importance"], one["importance"] / [unit, 1], rtol=1e-6)


# when misused


def test_refuses_what_it_cannot_weigh():
    answers, _ = simulate_reactions(50, seed=1)
    with pytest.raises(MissingColumnsError, match="price_high"):
        reward_penalty(answers, drivers=["price"])
    with pytest.raises(OutOfRangeError, match="there is no driver"):
        reward_penalty(answers, drivers=[])
    with pytest.raises(OutOfRangeError, match="cannot be told apart"):
        reward_penalty(answers.assign(staff_high=0), drivers=["staff"])
    rated, _ = simulate_satisfaction(50, seed=1)
    with pytest.raises(OutOfRangeError, match=r"reliability must be in \(0, 1\]"):
        importance_performance(rated, reliability={"staff": 0}, seed=1)
    with pytest.raises(OutOfRangeError, match="less reliable than"):
        importance_performance(rated, reliability={"staff": 0.2}, seed=1)
    with pytest.raises(OutOfRangeError, match="cannot be told apart"):
        importance_performance(rated.assign(twin=rated["staff"]), seed=1)
    with pytest.raises(OutOfRangeError, match="2 or more"):
        importance_performance(rated, drivers=["staff"], seed=1)


def test_an_ordered_logit_refuses_what_it_cannot_fit():
    answers, _ = simulate_reactions(60, seed=1)
    model = OrderedLogit(["staff_high", "staff_low"])
    with pytest.raises(CrmlabError, match="not fitted yet"):
        model.summary()
    with pytest.raises(OutOfRangeError, match="all give one answer"):
        model.fit(answers.assign(stars=3))
    with pytest.raises(OutOfRangeError, match="cannot be told apart"):
        model.fit(answers.assign(staff_low=0))


@pytest.mark.parametrize("wrong", [{"n": 0}, {"reactions": {}}, {"reactions": {"a": (1, -1)}}])
def test_the_simulator_refuses_worlds_that_there_are_not(wrong):
    with pytest.raises(OutOfRangeError):
        simulate_reactions(**{"n": 10, "seed": 1, **wrong})
