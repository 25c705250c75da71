"""Examples of the pictures of the topic customers."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.company import load_company
from crmlab.customers import measure, plot
from crmlab.customers.simulate import simulate_prospects, simulate_relationships


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
