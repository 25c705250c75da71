"""Ask more customers per branch, and see what is left of the ranking."""

from __future__ import annotations

from ipywidgets import FloatSlider, IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
from crmlab._words import _
from crmlab.loyalty.measure import net_promoter, shrunken
from crmlab.loyalty.plot import plot_ranking
from crmlab.loyalty.simulate import simulate_recommendation

_BRANCHES = 12


def ranking_picture(*, answers: int, spread: float) -> Figure:
    """Return twelve branches ranked by their scores, from so many answers each, with the truth.

    `spread` is by how much the branches really differ, in `simulate_recommendation`. The figure is
    not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    answers : int, at least 1; answers of each branch
    spread : float, at least 0; by how much the branches really differ, in
        `simulate_recommendation`
    """
    said, truth = simulate_recommendation(
        _BRANCHES * answers, branches=_BRANCHES, spread=spread, seed=11
    )
    table = shrunken(net_promoter(said, by="branch", scale=10))
    table = table.assign(truth=truth["nps"].to_numpy())
    figure = Figure(figsize=(8, 4.8), layout="constrained")
    plot_ranking(table, ax=figure.subplots())
    return figure


def explore_ranking() -> VBox:
    """Return sliders for answers per branch and true differences, above the ranking."""
    wide = {"style": {"description_width": "initial"}}
    made = {
        "answers": IntSlider(
            100, min=25, max=2000, step=25, description=_("answers a branch"), **wide
        ),
        "spread": FloatSlider(0.12, min=0, max=0.6, step=0.04, description=_("differ by"), **wide),
    }
    alt = _(
        "Twelve branches from {answers} answers each, true spread {spread:.2f}: "
        "scores as asked, shrunken and true"
    )
    return under(made, ranking_picture, alt)
