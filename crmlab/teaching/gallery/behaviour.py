"""Examples of every picture of the topic behaviour."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from crmlab.behaviour import measure, model, plot, simulate
from crmlab.behaviour.simulate.catalogue import DEPARTMENTS
from crmlab.credit.measure import calibration_table

_SEEN = ["visits", "days_since_last", "income_cny", "channel"]


def _loop(random_share: float, ax: Axes) -> Axes:
    people, truth = simulate.simulate_letters(20_000, seed=71)
    market = np.random.default_rng(71)
    loop = model.BehaviourCycle(random_share=random_share, seed=71).run(
        people,
        lambda number, got: simulate.letter_answers(truth, got, seed=market),
        columns=["visits", "interest"],
    )
    return plot.plot_targeting(loop.precision(truth), ax=ax)


def plot_targeting(ax: Axes) -> Axes:
    """Draw a loop that learns from its own targets alone."""
    return _loop(0.0, ax)


def plot_targeting_by_lot(ax: Axes) -> Axes:
    """Draw the loop with a random tenth."""
    return _loop(0.1, ax)


def plot_mode_worth(ax: Axes) -> Axes:
    """Draw what knowing a mode is worth."""
    mailed, responses, offers, _ = simulate.simulate_catalogue(60_000, seed=72)
    rules = {name: {"department": name} for name in DEPARTMENTS}
    modes = measure.response_modes(responses, rules, mailed=mailed).merge(offers)
    return plot.plot_mode_worth(measure.mode_worth(modes, modes=[*rules]), ax=ax)


def plot_group_index(ax: Axes) -> Axes:
    """Draw who a group of five hundred is."""
    base = simulate.simulate_base(5_000, seed=73)
    card = measure.understand(base.customers, purchases=base.purchases, holdings=base.holdings)
    return plot.plot_group_index(card, question="who", ax=ax)


def plot_buying_hours(ax: Axes) -> Axes:
    """Draw when they buy."""
    base = simulate.simulate_base(10_000, seed=73)
    rows = base.purchases.merge(base.customers[["customer_id", "in_group"]])
    return plot.plot_buying_hours(measure.buying_hours(rows), ax=ax)


def plot_buying_hours_by_share(ax: Axes) -> Axes:
    """Draw when most of their purchases are."""
    base = simulate.simulate_base(10_000, seed=73)
    rows = base.purchases.merge(base.customers[["customer_id", "in_group"]])
    return plot.plot_buying_hours(measure.buying_hours(rows), show="share", ax=ax)


def plot_mode_funnel(ax: Axes) -> Axes:
    """Draw who took red polo shirts for men."""
    mailed, responses, _, _ = simulate.simulate_catalogue(40_000, seed=72)
    rule = {"department": "menswear", "category": "shirt", "brand": "polo", "colour": "red"}
    return plot.plot_mode_funnel(measure.mode_funnel(responses, rule, mailed=mailed), ax=ax)


def plot_overlap_sets(ax: Axes) -> Axes:
    """Draw six groups of twenty thousand customers."""
    members, _ = simulate.simulate_groups(20_000, groups=6, seed=74)
    return plot.plot_overlap_sets(measure.overlap_sets(members), ax=ax)


def plot_group_profit(ax: Axes) -> Axes:
    """Draw what the new and the cheap bring, and both."""
    members, _ = simulate.simulate_groups(20_000, groups=6, seed=74)
    pair = ("bought new styles", "bought under 50 yuan")
    table = measure.group_profit(members, *pair, profit="profit_cny")
    return plot.plot_group_profit(table, ax=ax)


def plot_interactions(ax: Axes) -> Axes:
    """Draw ten groups that overlap, two of which interact."""
    members, _ = simulate.simulate_groups(20_000, groups=10, seed=74)
    rest = measure.group_interactions(members)
    rest = rest[rest["group_a"] != "bought last month"]
    return plot.plot_interactions(rest, measure.cross_groups(members), ax=ax)


def plot_tree(ax: Axes) -> Axes:
    """Draw the tree of card users, on the data that grew it and on others."""
    (one, _), (two, _) = (simulate.simulate_card_holders(10_000, seed=seed) for seed in (75, 76))
    columns = ["mean_balance", "atm_uses"]
    tree = model.ResponseTree(max_depth=2).fit(one[columns], one["is_user"])
    return plot.plot_tree(tree.boxes(two[columns], two["is_user"]), ax=ax)


def plot_split_stability(ax: Axes) -> Axes:
    """Draw which of four columns comes first."""
    data, _ = simulate.simulate_card_holders(600, seed=75)
    columns = ["mean_balance", "atm_uses", "age", "tenure_years"]
    table = model.split_stability(data[columns], data["is_user"], min_customers=30, seed=75)
    return plot.plot_split_stability(table, ax=ax)


def plot_pruning(ax: Axes) -> Axes:
    """Draw the loss of trees from one leaf to hundreds."""
    (one, _), (two, _) = (simulate.simulate_card_holders(4_000, seed=seed) for seed in (75, 76))
    columns = ["mean_balance", "atm_uses", "age", "tenure_years"]
    parts = (one[columns], one["is_user"], two[columns], two["is_user"])
    return plot.plot_pruning(model.pruning_path(*parts), ax=ax)


def plot_propensity_value(ax: Axes) -> Axes:
    """Draw whom it pays to ask."""
    _, truth = simulate.simulate_prospects(2_000, seed=76)
    return plot.plot_propensity_value(measure.choose_list(truth, cost=6), cost=6, ax=ax)


def plot_profit_curve(ax: Axes) -> Axes:
    """Draw lists of every length."""
    data, truth = simulate.simulate_prospects(8_000, seed=76)
    chance = model.PropensityModel().fit(data[_SEEN], data["buys"])
    sold = data[data["buys"]]
    value = model.ValueModel().fit(sold[_SEEN], sold["margin_cny"])
    scores = data[["customer_id"]].assign(
        chance=chance.predict(data[_SEEN]), value_cny=value.predict(data[_SEEN])
    )
    return plot.plot_profit_curve(measure.profit_curve(scores, truth, cost=6), ax=ax)


def plot_response_calibration(ax: Axes) -> Axes:
    """Draw forecasts on new data."""
    data, _ = simulate.simulate_prospects(8_000, seed=76)
    old, new = data[:4_000], data[4_000:]
    fitted = model.PropensityModel().fit(old[_SEEN], old["buys"])
    chance = fitted.predict(new[_SEEN])
    table = calibration_table(new.assign(chance=chance), chance="chance", bad="buys")
    return plot.plot_response_calibration(table, ax=ax)
