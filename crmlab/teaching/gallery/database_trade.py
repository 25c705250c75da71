"""Examples of the pictures of the topic database: promotions, customers, sellers."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.campaigns.simulate import simulate_campaigns
from crmlab.company import load_company
from crmlab.database import measure, plot
from crmlab.database.model import DesignEffects
from crmlab.database.simulate import (
    simulate_direct_selling,
    simulate_prospects,
    simulate_relationships,
    simulate_satisfaction,
)


def plot_response_by_hour(ax: Axes) -> Axes:
    """Draw who answers at which hour, by medium."""
    firm, _ = load_company()
    answers = measure.promotion_answers(firm.promotions, firm.targets, firm.responses)
    return plot.plot_response_by_hour(measure.response_by_hour(answers, by="medium"), ax=ax)


def plot_design_effects(ax: Axes) -> Axes:
    """Draw the effects of colour, medium and hour beside their truth."""
    data, _ = simulate_campaigns(20_000, promotions=48, seed=5)
    answers = measure.promotion_answers(data.promotions, data.targets)
    reference = {"colour": "blue", "medium": "TV", "hour": 12}
    table = DesignEffects(reference=reference, usual="common").fit(answers).summary()
    planted = {"base": 1.0, "red": 0.4, "green": -0.4, "network": 0.2, "newspaper": -0.2}
    planted |= {"9": -0.3, "20": 0.3}
    truth = 0.8 * 0.06 * table["level"].map(planted).fillna(0.0)
    return plot.plot_design_effects(table.assign(truth=truth), ax=ax)


def plot_satisfaction_drivers(ax: Axes) -> Axes:
    """Draw the weights of five drivers beside their truth."""
    answers, truth = simulate_satisfaction(300, seed=5)
    table = measure.satisfaction_drivers(answers)
    known = truth.set_index("driver")["weight"]
    return plot.plot_satisfaction_drivers(table.assign(truth=table["driver"].map(known)), ax=ax)


def plot_complaint_to_churn(ax: Axes) -> Axes:
    """Draw who comes back after a complaint."""
    firm, _ = load_company()
    table = measure.complaint_to_churn(firm.purchases, firm.complaints, as_of="2024-12-31")
    return plot.plot_complaint_to_churn(table, ax=ax)


def plot_lasting_by_score(ax: Axes) -> Axes:
    """Draw how many prospects of each score became lasting customers."""
    data, truth = simulate_prospects(1_000, seed=5)
    scored = measure.score_prospects(data).merge(truth, on="prospect_id")
    return plot.plot_lasting_by_score(measure.lasting_by_score(scored, outcome="lasting"), ax=ax)


def plot_relationship_types(ax: Axes) -> Axes:
    """Draw the types of a thousand customers."""
    data, _ = simulate_relationships(1_000, seed=5)
    return plot.plot_relationship_types(measure.relationship_types(data), ax=ax)


def plot_type_confusion(ax: Axes) -> Axes:
    """Draw the types found against the true ones."""
    data, truth = simulate_relationships(1_000, seed=5)
    table = measure.type_confusion(measure.relationship_types(data), truth)
    return plot.plot_type_confusion(table, ax=ax)


def plot_want_value(ax: Axes) -> Axes:
    """Draw what each brand's buyers needed, and what they wanted."""
    firm, _ = load_company()
    split = measure.needs_and_wants(firm.lines, firm.products, firm.prices, firm.purchases)
    return plot.plot_want_value(measure.want_value(split, by="brand"), ax=ax)


def plot_seller_tree(ax: Axes) -> Axes:
    """Draw the sellers of a small town."""
    data, _ = simulate_direct_selling(800, seed=7)
    return plot.plot_seller_tree(measure.seller_tree(data.sellers, data.sales), ax=ax)
