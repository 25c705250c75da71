"""quadrant_flow: how many gold members leave gold by chance alone."""

import pandas as pd
import pytest

from crmlab.errors import BadRowsError, MissingColumnsError
from crmlab.members import quadrant_flow, quadrants, repurchase, simulate_visits


def placed(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "quadrant"])


# by hand


def test_counts_pairs_and_those_in_one_period_only():
    before = placed((1, 1), (2, 1), (3, 3))
    after = placed((1, 1), (2, 4), (4, 3))
    found = quadrant_flow(before, after)
    assert len(found) == 24
    moved = found[found["members"] > 0].set_index(["before", "after"])["members"].to_dict()
    assert moved == {(0, 3): 1, (1, 1): 1, (1, 4): 1, (3, 0): 1}
    gold = found[found["before"] == 1]["share_of_before"]
    assert gold.tolist() == [0, 0.5, 0, 0, 0.5]
    assert found[found["before"] == 2]["share_of_before"].isna().all()


# against the truth


@pytest.mark.curriculum("S85")
@pytest.mark.parametrize("seed", range(20))
def test_gold_members_leave_gold_by_chance_alone_though_nobody_changes(seed):
    visits, truth = simulate_visits(
        3_000, mean_gap_days=60, spread=0.4, ticket_spread=0.2, days=731, seed=seed
    )
    year = {}
    for number, (first, last) in enumerate(
        [("2023-01-01", "2023-12-31"), ("2024-01-01", "2024-12-31")]
    ):
        part = visits[visits["date"].between(first, last)]
        year[number] = quadrants(repurchase(part, as_of=last))
    flow = quadrant_flow(year[0], year[1]).set_index(["before", "after"])
    left = 1 - flow.loc[(1, 1), "share_of_before"]
    assert 0.25 < left < 0.60
    # The truly gold, above both means of what is hidden, are fewer than the seen ones hold.
    gold = year[0].loc[year[0]["quadrant"] == 1, "customer_id"]
    rate = 1 / truth["gap_days"]
    truly = (rate > rate.mean()) & (truth["ticket"] > truth["ticket"].mean())
    share = truly.loc[gold].mean()
    assert share < 0.85
    # And the lucky ones leave more often than the truly gold do.
    stays = year[1].set_index("customer_id")["quadrant"].reindex(gold).eq(1)
    assert (
        stays[truly.loc[gold].to_numpy()].mean() > stays[~truly.loc[gold].to_numpy()].mean() + 0.1
    )


# when misused


def test_refuses_members_that_stand_twice():
    with pytest.raises(BadRowsError, match=r"1 member\(s\) have more than one row: \[1\]"):
        quadrant_flow(placed((1, 1), (1, 2)), placed((1, 1)))
    with pytest.raises(MissingColumnsError, match="quadrant"):
        quadrant_flow(placed((1, 1)).drop(columns="quadrant"), placed((1, 1)))


@pytest.mark.parametrize("strange", [0, 5, -1, 1.7])
def test_refuses_quadrants_that_are_none(strange):
    with pytest.raises(BadRowsError, match="1, 2, 3 or 4"):
        quadrant_flow(placed((1, 1)), placed((1, strange)))
