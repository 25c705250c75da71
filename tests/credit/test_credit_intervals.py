"""Intervals of the credit room in 500 worlds, where no other test of the room draws them."""

import numpy as np
import pandas as pd
import pytest

from crmlab.credit import calibration_table, group_rates, lift_table

CUTOFF = 0.2


@pytest.mark.parametrize(
    ("shape", "regime"), [((3, 12), "chances near each other"), ((0.5, 2), "chances far apart")]
)
def test_rates_by_group_and_by_chance(covers, few, shape, regime):
    # 500 groups of 300 loans whose chances of default are true; the truth is that of 4,000,000.
    rng = np.random.default_rng([2024, *map(int, 2 * np.array(shape))])
    p = rng.beta(*shape, 500 * 300)
    loans = pd.DataFrame({"chance": p, "defaults": rng.random(len(p)) < p, "approved": p < CUTOFF})
    loans["group"] = [f"{world:03}" for world in np.arange(len(p)) // 300]
    many = rng.beta(*shape, 4_000_000)
    lent = many < CUTOFF
    truth = {
        "share_approved": lent.mean(),
        "goods_refused": (1 - many)[~lent].sum() / (1 - many).sum(),
        "bads_approved": many[lent].sum() / many.sum(),
        "default_rate": many[lent].mean(),
        "calibration_gap": 0.0,
    }
    rates = group_rates(loans, chance="chance")
    for rate, rows in rates.groupby("rate"):
        held = (rows["low"] <= truth[rate]) & (truth[rate] <= rows["high"])
        covers(held, "credit.group_rates", regime, part=rate)
    held = {"calibration_table": [], "lift_table": []}
    for _, world in list(loans.groupby("group"))[: len(few)]:
        table = calibration_table(world, groups=3)
        truth = table["forecast"].to_numpy()
        held["calibration_table"].append((table["low"] <= truth) & (truth <= table["high"]))
        # A low score is a risk: the first group of one table is the last of the other.
        table = lift_table(world.assign(points=-world["chance"]), groups=3)[::-1]
        truth = truth / world["chance"].mean()
        held["lift_table"].append((table["low"] <= truth) & (truth <= table["high"]))
    for name, found in held.items():
        for part, each in zip(
            ("lowest third", "middle", "highest"), np.transpose(found), strict=True
        ):
            covers(each, f"credit.{name}", regime, part=part)
