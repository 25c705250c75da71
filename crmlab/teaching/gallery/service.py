"""Examples of the pictures of the topic service."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.company import load_company
from crmlab.members.simulate import simulate_tastes
from crmlab.service import measure, model, plot, simulate


def plot_complaint_to_churn(ax: Axes) -> Axes:
    """Draw who comes back after a complaint."""
    firm, _ = load_company()
    table = measure.complaint_to_churn(firm.purchases, firm.complaints, as_of="2024-12-31")
    return plot.plot_complaint_to_churn(table, ax=ax)


def plot_rules(ax: Axes) -> Axes:
    """Draw the first rules of two thousand baskets."""
    lines, _ = simulate.simulate_baskets(2_000, seed=15)
    rules = measure.association_rules(lines, min_support=0.003, min_confidence=0.1, max_length=2)
    return plot.plot_rules(rules, top=14, ax=ax)


def plot_rules_by_chance(ax: Axes) -> Axes:
    """Draw how many rules look strong in eight worlds without association."""
    lines, _ = simulate.simulate_baskets(1_000, seed=15)
    found = measure.rules_by_chance(
        lines, worlds=8, seed=15, min_support=0.005, min_confidence=0.1, min_lift=1.5
    )
    return plot.plot_rules_by_chance(found, ax=ax)


def plot_recommenders(ax: Axes) -> Axes:
    """Draw three recommenders on a split in time."""
    bought, _ = simulate_tastes(1_000, seed=15)
    models = {
        "popular": model.PopularRecommender(),
        "item-based": model.ItemRecommender(),
        "factors": model.FactorRecommender(),
    }
    table = model.compare_recommenders(bought, models, split_on="2024-01-01")
    return plot.plot_recommenders(table, ax=ax)


def plot_regret(ax: Axes) -> Axes:
    """Draw what three policies lose while they learn."""
    curves = {
        policy: measure.regret(*simulate.simulate_bandit(100, policy=policy, steps=1_500, seed=15))
        for policy in ("thompson", "epsilon", "even")
    }
    return plot.plot_regret(curves, ax=ax)


def plot_off_policy(ax: Axes) -> Axes:
    """Draw what each segment's best offer would have brought, by four ways."""
    log, truth = simulate.simulate_logged(10_000, seed=15)
    best = {"young": "coupon", "family": "sample", "senior": "call"}
    log = log.assign(wanted=log["segment"].map(best))
    both = truth.merge(log, left_on=["customer_id", "offer"], right_on=["customer_id", "wanted"])
    values = measure.off_policy_value(log, features=("segment", "keen"))
    return plot.plot_off_policy(values, truth=both["rate"].mean(), ax=ax)


def plot_tailoring(ax: Axes) -> Axes:
    """Draw how far to tailor when a version costs half a yuan."""
    trials, _ = simulate.simulate_tailoring(1_000, seed=15)
    return plot.plot_tailoring(measure.tailoring(trials), version_cost=0.5, ax=ax)


def plot_cycles(ax: Axes) -> Axes:
    """Draw the calendar of a household."""
    bought, _ = simulate.simulate_grocer(30, days=120, seed=15)
    cycles = measure.purchase_cycles(bought).query("household_id == 4")
    return plot.plot_cycles(bought.query("household_id == 4"), cycles, ax=ax)


def plot_elasticity(ax: Axes) -> Axes:
    """Draw sales against prices that follow demand."""
    weeks, _ = simulate.simulate_prices(20, seed=15)
    return plot.plot_elasticity(weeks, measure.price_elasticity(weeks), ax=ax)


def plot_promotion(ax: Axes) -> Axes:
    """Draw what a promotion adds and borrows."""
    weeks, _ = simulate.simulate_prices(30, seed=15)
    return plot.plot_promotion(measure.promotion_effect(weeks), ax=ax)
