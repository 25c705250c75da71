"""Intervals of the service room in 500 worlds, where no other test of the room draws them."""

import numpy as np
import pandas as pd
import pytest

from crmlab.service import (
    best_treatments,
    crossover_cost,
    list_lift,
    price_elasticity,
    promotion_effect,
    ranking_quality,
    regret,
    season_index,
    second_purchase,
    simulate_bandit,
    simulate_prices,
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


@pytest.mark.parametrize(("n", "chance"), [(80, 0.4), (25, 0.1)])
def test_how_many_come_back(covers, few, n, chance):
    # Customers who began on one day; each comes back within 90 days or not at all.
    rng, held = np.random.default_rng([2025, n]), []
    begin, last = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-06-30")
    for _ in few:
        again = np.flatnonzero(rng.random(n) < chance)
        later = begin + pd.to_timedelta(rng.integers(1, 91, len(again)), unit="D")
        days = pd.DatetimeIndex([begin] * n).append(later)
        bought = pd.DataFrame({"customer_id": np.r_[np.arange(n), again], "date": days})
        row = second_purchase(bought, by=None, as_of=last).iloc[-1]
        held.append(row["low"] <= chance <= row["high"])
    covers(held, "service.second_purchase", f"{n} customers, {chance:.0%} return")


@pytest.mark.parametrize("unlike", [False, True])
def test_how_far_december_stands_out(covers, few, unlike):
    # 200 customers, twice as busy in December; one day before the year makes it whole.
    rng, held = np.random.default_rng([2025, 12, unlike]), []
    calendar = pd.date_range("2024-01-01", "2024-12-31")
    weight = np.where(calendar.month == 12, 2.0, 1.0)
    truth = 100 * 2 / weight.mean()
    for _ in few:
        rate = rng.gamma(1, 6, 200) if unlike else np.full(200, 6.0)
        who = np.repeat(np.arange(200), rng.poisson(rate))
        days = calendar[rng.choice(366, len(who), p=weight / weight.sum())]
        bought = pd.DataFrame({"customer_id": who, "date": days})
        bought.loc[len(bought)] = [0, pd.Timestamp("2023-12-31")]
        row = season_index(bought).set_index("month").loc[12]
        held.append(row["low"] <= truth <= row["high"])
    covers(held, "service.season_index", f"customers {'unlike' if unlike else 'alike'}")


@pytest.mark.parametrize("products", [4, 12])
def test_what_a_price_and_a_promotion_do(covers, few, products):
    price, week, in_all = [], [], []
    for seed in few:
        weeks, _ = simulate_prices(products, promotion=0.4, pulled=0.5, seed=seed)
        row = price_elasticity(weeks).iloc[1]
        price.append(row["low"] <= -2 <= row["high"])
        effect = promotion_effect(weeks).set_index("effect")
        for name, truth, held in (("in the week", 0.4, week), ("in all", 0.2, in_all)):
            held.append(effect.loc[name, "low"] <= truth <= effect.loc[name, "high"])
    covers(price, "service.price_elasticity", f"{products} products", part="by cost")
    covers(week, "service.promotion_effect", f"{products} products", part="in the week")
    covers(in_all, "service.promotion_effect", f"{products} products", part="in all")


@pytest.mark.parametrize("personal", [0.5, 1.5])
def test_the_cost_at_which_a_version_for_each_stops_paying(covers, few, personal):
    held = {"segment": [], "customer_id": []}
    for seed in few:
        trials, truth = simulate_tailoring(
            300, segments=4, trials=2, between=0.5, personal=personal, noise=2.0, seed=seed
        )
        rows = crossover_cost(tailoring(trials)).set_index("finer")
        mass, segment, each = (
            best_treatments(trials, degree=degree)
            .merge(truth, on=["customer_id", "treatment"])["value"]
            .mean()
            for degree in ("mass", "segment", "customer_id")
        )
        wanted = {
            "segment": (segment - mass) * 300 / 3,
            "customer_id": (each - segment) * 300 / 296,
        }
        for finer, cost in wanted.items():
            held[finer].append(rows.loc[finer, "low"] <= cost <= rows.loc[finer, "high"])
    for finer, worlds in held.items():
        covers(worlds, "service.crossover_cost", f"personal tastes of {personal}", part=finer)
