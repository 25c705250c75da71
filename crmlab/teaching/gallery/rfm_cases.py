"""Examples of the pictures of the cases of topic `rfm`."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.rfm.measure import return_probability
from crmlab.rfm.plot import plot_return_probability as draw_return_probability
from crmlab.rfm.simulate import simulate_supermarket


def plot_return_probability(ax: Axes) -> Axes:
    """Five hundred shoppers over three years."""
    visits, _ = simulate_supermarket(500, seed=6)
    weeks = [0, 0.5, *range(1, 49)]
    return draw_return_probability(return_probability(visits, weeks=weeks), ax=ax)
