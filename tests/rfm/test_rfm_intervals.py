"""Intervals of the rfm room in 500 worlds, where no other test of the room draws them."""

import numpy as np
import pandas as pd
import pytest

from crmlab.rfm import decile_table, trajectories


@pytest.mark.parametrize("regime", ["many respond", "few respond"])
def test_the_response_rate_of_each_group(covers, regime):
    # 500 customers in fifths by a score that says their chance; the truth is a fifth's mean chance.
    rng, held = np.random.default_rng([2024, len(regime)]), []
    score = np.arange(500)
    chance = (0.1 + 0.6 * score / 499) * (1 if "many" in regime else 0.2)
    truth = chance.reshape(5, 100).mean(axis=1)[::-1]
    for responded in rng.random((500, 500)) < chance:
        table = decile_table(pd.DataFrame({"rfm_score": score, "responded": responded}), groups=5)
        held.append((table["low"] <= truth) & (truth <= table["high"]))
    for part in (1, 3, 5):
        covers(np.transpose(held)[part - 1], "rfm.decile_table", regime, part=f"fifth {part}")


@pytest.mark.parametrize("skewed", [False, True])
def test_the_mean_of_a_group_in_a_period(covers, skewed):
    # The plot draws 1.96 standard errors; 500 groups of 40 customers in one period.
    rng = np.random.default_rng([2024, skewed])
    score = rng.lognormal(0, 1, 20_000) if skewed else rng.normal(10, 3, 20_000)
    who = np.arange(20_000)
    table = trajectories(
        pd.DataFrame({"customer_id": who, "period": 1, "score": score}),
        pd.DataFrame({"customer_id": who, "group": [f"{g:03}" for g in who // 40]}),
    )
    off = (table["mean"] - (np.exp(0.5) if skewed else 10)).abs()
    off = off <= 1.96 * table["standard_error"]
    few = "40 customers of whom a few have most of the score: too narrow"
    regime, misses = ("skewed scores", few) if skewed else ("even scores", "")
    covers(off, "rfm.trajectories", regime, misses=misses)
