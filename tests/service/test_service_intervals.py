"""Intervals of the service room in 500 worlds, where no other test of the room draws them."""

import numpy as np
import pandas as pd
import pytest

from crmlab.service import (
    best_treatments,
    crossover_cost,
    list_lift,
    ranking_quality,
    regret,
    simulate_bandit,
    simulate_tailoring,
    tailoring,
)


@pytest.mark.parametrize("skewed", [False, True])
def test_how_much_more_a_list_brings(covers, few, skewed):
    # 120 households with a leaflet, 120 with a list that brings a fifth more.
    rng, held = np.random.default_rng([2024, skewed]), []
    arm = np.repeat(["leaflet", "list"], 120)
    mean = np.where(arm == "list", 12.0, 10.0)
    for _ in few:
        luck = rng.lognormal(-0.5, 1, 240) if skewed else rng.normal(1, 0.3, 240)
        row = list_lift(pd.DataFrame({"arm": arm, "spend": mean * luck})).iloc[1]
        held.append(row["low"] <= 0.2 <= row["high"])
    covers(held, "service.list_lift", "money skewed" if skewed else "money symmetric")


@pytest.mark.parametrize("unlike", [False, True])
def test_how_many_customers_are_hit(covers, few, unlike):
    # 80 customers who later buy one of two products; they were shown the first.
    rng, held = np.random.default_rng([2024, unlike]), []
    who = np.arange(80)
    shown = pd.DataFrame({"customer_id": who, "product": "a", "rank": 1})
    before = pd.DataFrame({"customer_id": who, "product": "b"})
    for _ in few:
        chance = rng.beta(0.5, 2, 80) if unlike else np.full(80, 0.2)
        later = np.where(rng.random(80) < chance, "a", "b")
        row = ranking_quality(
            shown, pd.DataFrame({"customer_id": who, "product": later}), before
        ).iloc[0]
        held.append(row["low"] <= 0.2 <= row["high"])
    covers(held, "service.ranking_quality", f"customers {'unlike' if unlike else 'alike'}")


@pytest.mark.parametrize("policy", ["even", "thompson"])
def test_what_learning_costs_in_all(covers, few, policy):
    # 500 times 40 worlds of 60 steps; the truth is the mean of all 20,000.
    log, rates = simulate_bandit(len(few) * 40, policy=policy, steps=60, seed=2024)
    truth = regret(log, rates)["total"].iloc[-1]
    held = []
    for one in few:
        of = slice(one * 40, one * 40 + 39)
        mine = log[log["world"].between(of.start, of.stop)]
        row = regret(mine, rates[rates["world"].between(of.start, of.stop)]).iloc[-1]
        held.append(row["low"] <= truth <= row["high"])
    covers(held, "service.regret", f"40 worlds, {policy}")


@pytest.mark.parametrize("personal", [0.5, 1.5])
def test_the_cost_at_which_a_version_for_each_stops_paying(covers, few, personal):
    held = []
    for seed in few:
        trials, truth = simulate_tailoring(
            300, segments=4, trials=2, between=0.5, personal=personal, noise=2.0, seed=seed
        )
        row = crossover_cost(tailoring(trials)).set_index("finer").loc["customer_id"]
        segment, each = (
            best_treatments(trials, degree=degree)
            .merge(truth, on=["customer_id", "treatment"])["value"]
            .mean()
            for degree in ("segment", "customer_id")
        )
        held.append(row["low"] <= (each - segment) * 300 / 296 <= row["high"])
    strong = "the share of differences that is no luck is estimated too: too narrow"
    misses = strong if personal > 1 else ""
    covers(held, "service.crossover_cost", f"personal tastes of {personal}", misses=misses)
