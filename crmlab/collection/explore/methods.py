"""Move the budget and the honesty of an online panel, and see which method comes nearest."""

from __future__ import annotations

from dataclasses import replace

from ipywidgets import FloatSlider, IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
from crmlab._words import _
from crmlab.collection.measure import compare_methods
from crmlab.collection.methods import SURVEY_METHODS
from crmlab.collection.plot import plot_methods


def methods_picture(*, budget: float, by_score: float) -> Figure:
    """Return the methods by bias and standard error; `by_score` is that of the online survey.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    budget : float, above 0; yuan that each method may spend
    by_score : float, by how much the online survey's response follows the score
    """
    online = replace(SURVEY_METHODS["online"], by_score=by_score)
    methods = [online if one.name == "online" else one for one in SURVEY_METHODS.values()]
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    plot_methods(compare_methods(methods, budget=budget), ax=figure.subplots())
    return figure


def explore_methods() -> VBox:
    """Return sliders for the budget, and for how much readier the satisfied answer online."""
    made = {
        "budget": IntSlider(20_000, min=5_000, max=100_000, step=5_000, description=_("budget")),
        "by_score": FloatSlider(0.3, min=0, max=0.6, step=0.05, description=_("online bias")),
    }
    alt = _(
        "Bias and standard error of eight methods for {budget:,} yuan, online bias {by_score:.2f}"
    )
    return under(made, methods_picture, alt)
