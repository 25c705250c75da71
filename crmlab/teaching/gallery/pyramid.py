"""Examples of every picture of the topic pyramid."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from crmlab.lifetime.simulate import simulate_purchases
from crmlab.pyramid import measure, plot
from crmlab.pyramid.simulate import (
    simulate_concentrated,
    simulate_service,
    simulate_two_periods,
)


def _spend() -> pd.Series:
    customers, _ = simulate_concentrated(1_000, top=0.20, share=0.70, stratified=True, seed=1)
    return customers.set_index("customer_id")["spend"]


def _net() -> pd.DataFrame:
    service, _ = simulate_service(1_000, seed=1)
    costs = measure.cost_to_serve(service.events, service.tariff)
    return measure.net_value(service.accounts, costs)


def plot_pyramid(ax: Axes) -> Axes:
    """Draw four tiers by spend."""
    return plot.plot_pyramid(measure.pyramid(_spend()), ax=ax)


def plot_pyramid_of_metals(ax: Axes) -> Axes:
    """Draw five tiers by profit, the last of them losing money."""
    profit = _net().set_index("customer_id")["net_value"]
    return plot.plot_pyramid(measure.metal_pyramid(profit), ax=ax)


def plot_lorenz(ax: Axes) -> Axes:
    """Draw a curve that misses the rule."""
    return plot.plot_lorenz(measure.lorenz(_spend()), ax=ax)


def plot_migration(ax: Axes) -> Axes:
    """Draw the moves of customers whose habits never changed."""
    spends, _ = simulate_two_periods(1_000, seed=1)
    before, after = (
        measure.pyramid_tiers(part.set_index("customer_id")["spend"])
        for _, part in spends.groupby("period")
    )
    return plot.plot_migration(measure.migration(before, after), ax=ax)


def plot_pyramid_by_period(ax: Axes) -> Axes:
    """Draw the same 5,000 customers looked at over five periods."""
    purchases, _ = simulate_purchases(5_000, seed=1)
    table = measure.pyramid_by_period(purchases, months=(1, 3, 6, 12, 18))
    return plot.plot_pyramid_by_period(table, ax=ax)


def plot_whale_curve(ax: Axes) -> Axes:
    """Draw a year in which a part of the customers costs money."""
    value = _net().set_index("customer_id")["net_value"]
    return plot.plot_whale_curve(measure.whale_curve(value), ax=ax)


def plot_value_cost(ax: Axes) -> Axes:
    """Draw customers of every size on both sides of break-even."""
    return plot.plot_value_cost(measure.value_cost(_net()), ax=ax)
