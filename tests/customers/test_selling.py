"""contact_yield, cost_ratio, budgets and referrals: what a customer costs, brings, and is worth."""

import numpy as np
import pandas as pd
import pytest

from crmlab.customers import (
    Returns,
    SpendingResponse,
    best_budget,
    budget_curve,
    contact_yield,
    cost_ratio,
    customer_equity,
    simulate_selling,
    simulate_spending,
)
from crmlab.errors import BadRowsError, CrmlabError, EmptyError, OutOfRangeError, WeakFitWarning

WIN, KEEP = Returns(0.4, 0.05), Returns(0.7, 0.1)


def contacts(**changed):
    made = {"group": ["new"] * 4 + ["existing"] * 2, "contacted": True}
    made |= {"sold": [True, False, False, False, True, False], "cost_cny": [30.0] * 4 + [20.0] * 2}
    return pd.DataFrame(made | {"margin_cny": 0.0} | changed)


# by hand


def test_contacts_and_cost_per_sale_by_hand():
    row = contact_yield(contacts()).set_index("group").loc["new"]
    names = ["contacts", "sales", "contacts_per_sale", "cost_per_sale"]
    assert row[names].tolist() == [4, 1, 4, 120]
    assert cost_ratio(contacts()).ratio == 120 / 40


def test_what_a_contact_adds_is_nothing_where_all_would_have_bought():
    people = contacts(contacted=[True, True, False, False, True, True], sold=True, margin_cny=50.0)
    row = contact_yield(people).set_index("group").loc["new"]
    assert (row["success"], row["adds"]) == (1, -30)  # each sale cheap, each contact thrown away


# against the formula


@pytest.mark.curriculum("S07")
def test_the_default_cost_ratio_is_five_in_theory_and_within_the_interval():
    # 30 / .15 against 20 / .5.
    assert pytest.approx(5.0) == (30 / 0.15) / (20 / 0.5)
    found = [cost_ratio(simulate_selling(10_000, seed=seed).data) for seed in range(20)]
    # log ratio: (1 - .15) / 1,500 + (1 - .5) / 5,000 + 2 * .284 / 10,000, so 2.7 % is an error.
    error = np.sqrt(0.85 / 1_500 + 0.5 / 5_000 + 2 * (np.exp(0.25) - 1) / 10_000)
    assert all(abs(np.log(one.ratio / 5)) < 3 * error for one in found)


@pytest.mark.curriculum("S09")
def test_ten_thousand_contacts_give_1500_and_5000_sales_so_6_67_and_2_contacts_a_sale():
    for seed in range(20):
        table = contact_yield(simulate_selling(10_000, seed=seed).data).set_index("group")
        for group, share in (("new", 0.15), ("existing", 0.5)):
            error = np.sqrt(10_000 * share * (1 - share))
            assert abs(table.loc[group, "sales"] - 10_000 * share) < 3 * error
            # By the delta method the contacts per sale have the error below.
            per = np.sqrt((1 - share) / (10_000 * share)) / share
            assert abs(table.loc[group, "contacts_per_sale"] - 1 / share) < 3 * per


@pytest.mark.curriculum("S07")
def test_return_per_contact_can_say_the_opposite_of_the_rule_of_one_to_five():
    people, truth = simulate_selling(40_000, control=0.5, seed=7)
    table = contact_yield(people).set_index("group")
    assert cost_ratio(people).ratio > 4.5  # a sale to a customer is cheap, as the rule says,
    assert table.loc["existing", "adds_high"] < 0  # and contacting customers loses money,
    assert table.loc["new", "adds_low"] > 0  # while contacting strangers earns some.
    existing = (people["group"] == "existing").to_numpy()
    anyway = truth.loc[existing & people["sold"].to_numpy(), "buys_anyway"].mean()
    assert anyway > 0.8  # nearly all of the cheap sales would have come by themselves


@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_intervals_hold_over_500_worlds_in_two_regimes(covers, few, spread):
    # One large world, dealt out at random: people are independent of each other.
    everybody = simulate_selling(200_000, control=0.3, spread=spread, seed=11).data
    lot = np.random.default_rng(12).permutation(len(everybody)) % 500
    worlds, ratio, added = everybody.groupby(lot), [], []
    for world in few:
        people = worlds.get_group(world)
        found = cost_ratio(people)
        ratio.append(found.low <= 5 <= found.high)
        row = contact_yield(people[people["group"] == "new"]).iloc[0]
        added.append(row["adds_low"] <= 250 * 0.14 - 30 <= row["adds_high"])
    regime = "people unlike" if spread else "people alike"
    covers(ratio, "customers.cost_ratio", regime)
    covers(added, "customers.contact_yield", regime, part="adds")


def test_equity_is_the_sum_of_discounted_years():
    for win_spend, keep_spend in ((20.0, 10.0), (5.0, 30.0)):
        kept, won = float(KEEP.rate(keep_spend)), float(WIN.rate(win_spend))
        # Year 0 brings m; each later one is reached by r, paid for at its beginning by R.
        years = np.arange(1, 400)
        value = 100 + ((100 * kept - keep_spend) * kept ** (years - 1) / 1.1**years).sum()
        found = customer_equity(win_spend, keep_spend, win=WIN, keep=KEEP, margin=100)
        assert float(found) == pytest.approx(won * value - win_spend)


def test_no_other_budget_is_better_than_the_best():
    for win, keep, margin in ((WIN, KEEP, 100), (Returns(0.2, 0.3), Returns(0.9, 0.01), 250)):
        best = best_budget(win=win, keep=keep, margin=margin)
        spends = np.linspace(0, margin, 401)
        grid = customer_equity(spends[:, None], spends[None, :], win=win, keep=keep, margin=margin)
        assert grid.max() <= best.equity + 1e-9
        at = np.unravel_index(grid.argmax(), grid.shape)
        step = spends[1]
        assert abs(spends[at[0]] - best.win_spend) <= step
        assert abs(spends[at[1]] - best.keep_spend) <= step
        # The last yuan spent on winning brings a yuan.
        last = (win.rate(best.win_spend) - win.rate(best.win_spend - 1e-6)) / 1e-6
        assert last * best.customer_value == pytest.approx(1, rel=1e-4)


def test_where_spending_never_pays_nothing_is_spent():
    best = best_budget(win=Returns(0.01, 0.01), keep=Returns(0.01, 0.01), margin=10)
    assert (best.win_spend, best.keep_spend, best.equity) == (0, 0, 0)


def test_the_best_split_of_a_budget_is_where_the_last_yuan_brings_alike():
    people = {"prospects": 2_000, "customers": 1_000}
    curve = budget_curve(budget=20_000, **people, win=WIN, keep=KEEP, margin=100)
    share = curve.loc[curve["is_best"], "share_keeping"].item()
    win_spend, keep_spend = (1 - share) * 10, share * 20
    slopes = 0.4 * 0.05 * np.exp(-0.05 * win_spend), 0.7 * 0.1 * np.exp(-0.1 * keep_spend)
    # The grid has steps of 1 %: 10 fen of a prospect, 20 of a customer.
    assert np.log(slopes[0] / slopes[1]) == pytest.approx(0, abs=0.02)


def test_the_curve_is_recovered_from_a_test_over_twenty_seeds():
    for seed in range(20):
        model = SpendingResponse().fit(simulate_spending(2_000, seed=seed).data)
        error = np.sqrt(np.diag(model.covariance_))
        odds = model.returns_.ceiling / (1 - model.returns_.ceiling)
        assert abs(np.log(odds / (2 / 3))) < 3 * error[0]
        assert abs(np.log(model.returns_.steepness / 0.05)) < 3 * error[1]


@pytest.mark.parametrize(("ceiling", "steepness"), [(0.4, 0.05), (0.15, 0.1)])
def test_intervals_of_the_curve_hold_over_500_worlds(covers, few, ceiling, steepness):
    held = []
    for seed in few:
        world = simulate_spending(1_500, ceiling=ceiling, steepness=steepness, seed=seed)
        table = SpendingResponse().fit(world.data).summary()
        held.append(
            (table["low"] <= [ceiling, steepness]) & (table["high"] >= [ceiling, steepness])
        )
    for part, each in zip(("ceiling", "steepness"), np.transpose(held), strict=True):
        covers(each, "customers.SpendingResponse.summary", f"ceiling of {ceiling}", part=part)


# when misused


def test_a_group_without_a_sale_has_no_ratio_and_one_without_contacts_no_yield():
    with pytest.raises(OutOfRangeError, match="has no sale"):
        cost_ratio(contacts(sold=False))
    with pytest.raises(OutOfRangeError, match="Name them with new="):
        cost_ratio(contacts(), new="strangers")
    with pytest.raises(OutOfRangeError, match="nobody was contacted"):
        contact_yield(contacts(contacted=False))
    with pytest.raises(EmptyError):
        contact_yield(contacts().head(0))


def test_contacts_that_are_alike_tell_no_interval_and_costs_below_zero_are_refused():
    alone = contact_yield(contacts().iloc[[0, 4]])
    assert alone[["adds", "adds_low", "adds_high"]].isna().all(axis=None)
    for people in (contacts().iloc[[0, 4]], contacts(sold=True)):
        found = cost_ratio(people)
        assert found.ratio == 1.5
        assert np.isnan([found.low, found.high]).all()
    with pytest.raises(BadRowsError, match=r"cost below 0: \[0, 1, 2, 3, 4, 5\]"):
        cost_ratio(contacts(cost_cny=-1.0))


def test_spends_below_zero_and_worth_without_end_are_refused():
    with pytest.raises(OutOfRangeError, match="spend must be 0 or more"):
        WIN.rate(np.array([1.0, -1.0]))
    with pytest.raises(OutOfRangeError, match="must be finite"):
        customer_equity(1, np.inf, win=WIN, keep=KEEP, margin=100)
    with pytest.raises(OutOfRangeError, match="no finite worth"):
        best_budget(win=WIN, keep=Returns(1, 1), margin=100, discount=0)
    assert best_budget(win=WIN, keep=Returns(1, 1), margin=100, discount=0.01).kept < 1


def test_a_rate_above_its_ceiling_and_shares_in_percent_are_refused():
    with pytest.raises(OutOfRangeError, match="between 0 and the ceiling"):
        Returns.through(10, 0.5, 0.4)
    with pytest.raises(OutOfRangeError, match="a share not a percent"):
        Returns(40, 0.05)
    with pytest.raises(OutOfRangeError, match="not percents"):
        budget_curve(budget=1, prospects=1, customers=1, win=WIN, keep=KEEP, margin=1, shares=[50])


def test_a_test_that_says_nothing_of_falling_returns_is_told():
    flat = pd.DataFrame({"spend": [1.0, 2.0], "people": 1_000, "successes": [10, 21]})
    with pytest.warns(WeakFitWarning, match="larger spends"):
        SpendingResponse().fit(flat)
    with pytest.raises(OutOfRangeError, match="two levels"):
        SpendingResponse().fit(flat.head(1))
    with pytest.raises(BadRowsError, match=r"row\(s\) \[1\]"):
        SpendingResponse().fit(flat.assign(successes=[10, 2_000]))
    with pytest.raises(CrmlabError, match="not fitted yet"):
        SpendingResponse().predict([1.0])
