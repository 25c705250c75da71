"""Examples of the pictures of who is a customer, what one is worth, and how long one stays."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.customers import measure, plot, simulate
from crmlab.data import load


def plot_party_sets(ax: Axes) -> Axes:
    """Draw who of two hundred parties is a consumer, a customer, a client."""
    parties, _ = simulate.simulate_parties(200, seed=1)
    return plot.plot_party_sets(measure.party_sets(measure.classify_party(parties)), ax=ax)


def plot_customer_flow(ax: Axes) -> Axes:
    """Draw who came, came back and left at Hehua."""
    flow = measure.customer_flow(load("hehua_purchases"), window=6)
    return plot.plot_customer_flow(flow, ax=ax)


def plot_growth(ax: Axes) -> Axes:
    """Draw what moved sales in three eras of marketing."""
    years, _ = simulate.simulate_eras(years=3, noise=0.01, seed=5)
    return plot.plot_growth(measure.decompose_growth(years), ax=ax)


def plot_sales_change(ax: Axes) -> Axes:
    """Draw what changed at Hehua from 2023 to 2024."""
    change = measure.sales_change(load("hehua_purchases"), by="channel")
    return plot.plot_sales_change(change, ax=ax)


def plot_contact_yield(ax: Axes) -> Axes:
    """Draw what a sale costs, and what a contact adds."""
    people, _ = simulate.simulate_selling(10_000, control=0.3, seed=7)
    return plot.plot_contact_yield(measure.contact_yield(people), ax=ax)


def plot_budget_curve(ax: Axes) -> Axes:
    """Draw the value of a budget by its split."""
    win, keep = measure.Returns(0.4, 0.05), measure.Returns(0.7, 0.1)
    curve = measure.budget_curve(
        budget=20_000, prospects=2_000, customers=1_000, win=win, keep=keep, margin=100
    )
    return plot.plot_budget_curve(curve, ax=ax)


def plot_brought(ax: Axes) -> Axes:
    """Draw how many each generation brought."""
    people, _ = simulate.simulate_referred(2_400, trial=0, seed=10)
    tree = measure.referral_tree(people)
    return plot.plot_brought(measure.brought_by_generation(tree), ax=ax)


def plot_referral_effect(ax: Axes) -> Axes:
    """Draw what a friend's word does where it does nothing."""
    people, _ = simulate.simulate_referred(10_000, seed=10)
    return plot.plot_referral_effect(measure.referral_effect(people), truth=0.0, ax=ax)


def plot_share_paths(ax: Axes) -> Axes:
    """Draw the dip and recovery of a firm that turns to its best customers."""
    wallets, _ = simulate.simulate_wallets(1_000, seed=15)
    return plot.plot_share_paths(measure.share_paths(wallets), start=7, ax=ax)


def plot_stage_shares(ax: Axes) -> Axes:
    """Draw the stages of five hundred customers over three years."""
    _, stages = simulate.simulate_lifecycle(500, seed=16)
    return plot.plot_stage_shares(measure.stage_shares(stages), ax=ax)


def plot_stage_flow(ax: Axes) -> Axes:
    """Draw who went from which stage to which."""
    _, stages = simulate.simulate_lifecycle(500, seed=16)
    return plot.plot_stage_flow(measure.stage_flow(stages, months=[12, 24, 36]), ax=ax)


def plot_stage_confusion(ax: Axes) -> Axes:
    """Draw what rules find of each stage."""
    history, stages = simulate.simulate_lifecycle(500, seed=16)
    found = measure.life_stages(history)
    return plot.plot_stage_confusion(measure.stage_confusion(found, stages), ax=ax)
