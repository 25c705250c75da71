"""Examples of the pictures of the topic social."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.database.simulate import simulate_direct_selling
from crmlab.social import measure, plot


def plot_seller_tree(ax: Axes) -> Axes:
    """Draw the sellers of a small town."""
    data, _ = simulate_direct_selling(800, seed=7)
    return plot.plot_seller_tree(measure.seller_tree(data.sellers, data.sales), ax=ax)
