"""Examples of the pictures of the cases of topic `rfm`."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crmlab.rfm.measure import (
    fedex_rfm,
    rank_stability,
    return_probability,
    trajectories,
    trajectory_group,
)
from crmlab.rfm.model import CustomerClusters
from crmlab.rfm.plot import plot_cluster_profiles as draw_cluster_profiles
from crmlab.rfm.plot import plot_rank_stability as draw_rank_stability
from crmlab.rfm.plot import plot_return_probability as draw_return_probability
from crmlab.rfm.plot import plot_trajectories as draw_trajectories
from crmlab.rfm.simulate import simulate_shippers, simulate_supermarket, simulate_telecom


def plot_cluster_profiles(ax: Axes) -> Axes:
    """Draw what sets four kinds of telecom customers apart."""
    customers, _ = simulate_telecom(2_000, seed=1)
    columns = [*customers.columns[1:7]]
    profiles = CustomerClusters(4, columns=columns).fit(customers).summary()
    return draw_cluster_profiles(profiles, ax=ax)


def plot_rank_stability(ax: Axes) -> Axes:
    """Draw forty business customers whose scores are drawn at random."""
    criteria = [
        "average_turnover",
        "change_in_turnover",
        "current_relation",
        "technical_link",
        "partnership",
    ]
    scores = np.random.default_rng(1).integers(1, 6, (40, len(criteria)))
    return draw_rank_stability(rank_stability(pd.DataFrame(scores, columns=criteria)), ax=ax)


def plot_return_probability(ax: Axes) -> Axes:
    """Draw five hundred shoppers over three years."""
    visits, _ = simulate_supermarket(500, seed=6)
    weeks = [0, 0.5, *range(1, 49)]
    return draw_return_probability(return_probability(visits, weeks=weeks), ax=ax)


def plot_trajectories(ax: Axes) -> Axes:
    """Draw a thousand shippers over two years."""
    shipments, _ = simulate_shippers(1_000, seed=1)
    periods = fedex_rfm(shipments)
    courses = trajectories(periods, trajectory_group(periods))
    return draw_trajectories(courses.query("group != 'other'"), ax=ax)
