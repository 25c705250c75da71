"""Examples of the pictures of the topic database."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.database import measure, plot
from crmlab.database.simulate import simulate_order_sheet

_SPLIT = ["product", "category", "price_cny", "quantity"]


def plot_dependencies(ax: Axes) -> Axes:
    """Draw what nearly holds in a sheet with update anomalies."""
    sheet = simulate_order_sheet(100, seed=1).data
    sheet = measure.split_cells(sheet, columns=_SPLIT)
    found = measure.dependencies(sheet, most_columns=1)
    return plot.plot_dependencies(found, columns=[*sheet], ax=ax)


def plot_dependencies_breaches(ax: Axes) -> Axes:
    """Draw why the sheet is not in second and third normal form."""
    sheet = simulate_order_sheet(100, seed=1).truth.sheet
    rules = {
        "order_id": ["date", "customer"],
        "customer": ["phone", "address"],
        "product": ["category", "price_cny"],
    }
    found = measure.normal_form(sheet, key=["order_id", "product"], dependencies=rules)
    return plot.plot_dependencies(found.breaches, columns=[*sheet], ax=ax)
