"""Intervals of the members' room in 500 worlds, where no other test of the room draws them."""

import numpy as np
import pandas as pd
import pytest

from crmlab.members import hit_rates, opening_rate, simulate_tastes


@pytest.mark.parametrize("unlike", [False, True])
def test_the_opening_rate_of_a_store(covers, unlike):
    # 500 stores of 150 buyers in a month; each opens a card with chance 0.2, or one of their own.
    rng = np.random.default_rng([2024, unlike])
    chance = rng.beta(1, 4, (500, 150)) if unlike else np.full((500, 150), 0.2)
    day = pd.Timestamp("2024-03-05")
    store = np.repeat(np.arange(500), 150)
    bought = pd.DataFrame(
        {"customer_id": np.arange(len(store)), "date": day, "store": store, "amount": 1.0}
    )
    opens = (rng.random((500, 150)) < chance).ravel()
    table = opening_rate(bought, bought[opens].rename(columns={"date": "opened_on"}))
    held = (table["low"] <= 0.2) & (table["high"] >= 0.2)
    covers(held, "members.opening_rate", f"buyers {'unlike' if unlike else 'alike'}")


@pytest.mark.parametrize("pickiness", [3.0, 0.0])
def test_how_often_suggestions_hit(covers, few, pickiness):
    # 500 times 150 members of one shop; the truth is the mean of what 150 give.
    bought, _ = simulate_tastes(500 * 150, pickiness=pickiness, seed=86)
    each = bought.groupby((bought["customer_id"] - bought["customer_id"].min()) // 150)
    worlds = [world for _, world in each][: len(few)]
    found = pd.concat(hit_rates(world, split_on="2024-01-01") for world in worlds)
    regime = "tastes unlike" if pickiness else "tastes alike"
    for method, rows in found.groupby("method"):
        truth = rows["hit_rate"].mean()
        held = (rows["low"] <= truth) & (truth <= rows["high"])
        # What is suggested depends on these 150, too, which no interval over members can know.
        luck = "what 150 alike bought suggests by luck: a little too narrow"
        misses = luck if (method, pickiness) == ("difference", 0) else ""
        covers(held, "members.hit_rates", regime, part=method, misses=misses)
