"""Examples of the pictures of the topic loyalty."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.loyalty import measure, plot
from crmlab.loyalty.simulate import simulate_satisfaction


def plot_satisfaction_drivers(ax: Axes) -> Axes:
    """Draw the weights of five drivers beside their truth."""
    answers, truth = simulate_satisfaction(300, seed=5)
    table = measure.satisfaction_drivers(answers)
    known = truth.set_index("driver")["weight"]
    return plot.plot_satisfaction_drivers(table.assign(truth=table["driver"].map(known)), ax=ax)
