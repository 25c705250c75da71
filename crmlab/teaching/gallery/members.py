"""Examples of every picture of the topic members."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.lifetime.simulate import simulate_purchases
from crmlab.members import measure, plot


def plot_quadrants(ax: Axes) -> Axes:
    """Draw a thousand members on either side of the red cross."""
    return _quadrants(1_000, ax)


def plot_quadrants_of_many(ax: Axes) -> Axes:
    """Draw twenty thousand of them."""
    return _quadrants(20_000, ax)


def _quadrants(n: int, ax: Axes) -> Axes:
    purchases, _ = simulate_purchases(n, seed=1)
    return plot.plot_quadrants(measure.quadrants(measure.repurchase(purchases)), ax=ax)


def plot_repurchase(ax: Axes) -> Axes:
    """Draw the gaps of a thousand members, those still open among them."""
    purchases, _ = simulate_purchases(1_000, seed=1)
    found = measure.repurchase_summary(measure.repurchase(purchases))
    gaps = measure.repurchase_gaps(purchases)
    return plot.plot_repurchase(gaps, mean_gap_days=found.mean_gap_days, ax=ax)
