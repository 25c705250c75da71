"""Examples of the pictures of the topic service."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.company import load_company
from crmlab.service import measure, plot


def plot_complaint_to_churn(ax: Axes) -> Axes:
    """Draw who comes back after a complaint."""
    firm, _ = load_company()
    table = measure.complaint_to_churn(firm.purchases, firm.complaints, as_of="2024-12-31")
    return plot.plot_complaint_to_churn(table, ax=ax)
