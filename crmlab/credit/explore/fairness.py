"""Move the base rate of a group, and see what a true score does to it."""

from __future__ import annotations

from ipywidgets import FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
from crmlab._words import _
from crmlab.credit.measure import fairness_conflict
from crmlab.credit.plot import plot_fairness_conflict


def fairness_picture(*, base_rate: float, cutoff: float = 0.2) -> Figure:
    """Return the errors in group A, of whom 10 % default, and in group B of this base rate.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    base_rate : float, share of group B that defaults, in (0, 1)
    cutoff : float, the chance of default from which a loan is refused, in (0, 1)
    """
    figure = Figure(figsize=(8, 4), layout="constrained")
    table = fairness_conflict([0.1, base_rate], cutoff=cutoff)
    plot_fairness_conflict(table, ax=figure.subplots())
    return figure


def explore_fairness() -> VBox:
    """Return sliders for group B's base rate and the cut-off, above the `fairness_picture`."""
    sliders = {
        "base_rate": FloatSlider(
            0.2, min=0.02, max=0.5, step=0.02, description=_("B defaults"), readout_format=".0%"
        ),
        "cutoff": FloatSlider(
            0.2, min=0.05, max=0.5, step=0.05, description=_("cut-off"), readout_format=".0%"
        ),
    }
    alt = _("Errors by group: A defaults 10%, B {base_rate:.0%}, cut-off {cutoff:.0%}")
    return under(sliders, fairness_picture, alt)
