"""Examples of the pictures of the topic loyalty."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.loyalty import loyalty_against_norm, measure, plot, simulate


def plot_satisfaction_drivers(ax: Axes) -> Axes:
    """Draw the weights of five drivers beside their truth."""
    answers, truth = simulate.simulate_satisfaction(300, seed=5)
    table = measure.satisfaction_drivers(answers)
    known = truth.set_index("driver")["weight"]
    return plot.plot_satisfaction_drivers(table.assign(truth=table["driver"].map(known)), ax=ax)


def plot_importance_performance(ax: Axes) -> Axes:
    """Draw five drivers in their fields."""
    answers, _ = simulate.simulate_satisfaction(300, seed=5)
    answers["staff"] = (answers["staff"] - 2).clip(lower=1)
    return plot.plot_importance_performance(measure.importance_performance(answers, seed=5), ax=ax)


def plot_ranking(ax: Axes) -> Axes:
    """Draw ten branches of 100 answers each beside their truth."""
    answers, truth = simulate.simulate_recommendation(1_000, branches=10, seed=5)
    table = measure.shrunken(measure.net_promoter(answers, by="branch"))
    return plot.plot_ranking(table.assign(truth=truth["nps"].to_numpy()), ax=ax)


def plot_switching(ax: Axes) -> Axes:
    """Draw switching among five brands."""
    choices, _ = simulate.simulate_choices(2_000, seed=5)
    return plot.plot_switching(measure.switching_matrix(choices), ax=ax)


def plot_double_jeopardy(ax: Axes) -> Axes:
    """Draw five brands, the smallest of which has devoted buyers."""
    choices, _ = simulate.simulate_choices(4_000, devoted={"Elm": 0.06}, seed=5)
    return plot.plot_double_jeopardy(loyalty_against_norm(choices, customers=4_000), ax=ax)
