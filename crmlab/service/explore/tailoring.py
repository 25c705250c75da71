"""Move how unlike customers are and what a version costs, and see how far tailoring pays."""

from __future__ import annotations

from ipywidgets import FloatSlider, IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
from crmlab._words import _
from crmlab.service.measure import tailoring
from crmlab.service.plot import plot_tailoring
from crmlab.service.simulate import simulate_tailoring

_CUSTOMERS = 600


def tailoring_picture(*, personal: float, trials: int, cost: float) -> Figure:
    """Return profit by degree of tailoring where customers differ by `personal`.

    The trials are those of `simulate_tailoring`. The figure is not registered with pyplot, so a
    notebook shows it once, where asked.

    Parameters
    ----------
    personal : float, at least 0; by how much customers' wishes differ
    trials : int, at least 1; offers of the past that each customer answered
    cost : float, at least 0; of one more version of the offer
    """
    data, _truth = simulate_tailoring(_CUSTOMERS, personal=personal, trials=trials, seed=15)
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    plot_tailoring(tailoring(data), version_cost=cost, ax=figure.subplots())
    return figure


def explore_tailoring() -> VBox:
    """Return sliders for the customers, their trials and the cost above profit by degree."""
    made = {
        "personal": FloatSlider(1.0, min=0, max=3, step=0.25, description=_("unlike")),
        "trials": IntSlider(4, min=2, max=12, description=_("trials")),
        "cost": FloatSlider(0.25, min=0, max=3, step=0.25, description=_("cost")),
    }
    alt = _(
        "Profit by degree of tailoring: customers differ by {personal}, {trials} trials, "
        "a version costs {cost}"
    )
    return under(made, tailoring_picture, alt)
