"""How far the weights of a scorecard may move before the ranking does."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from ipywidgets import IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
from crmlab._words import _
from crmlab.rfm.measure import rank_stability
from crmlab.rfm.plot import plot_rank_stability


def scorecard_picture(
    scores: pd.DataFrame, *, change: float, weights: Mapping[str, float] | None = None
) -> Figure:
    """Return the tornado of a scorecard whose weights move by `change`, one at a time.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    scores : DataFrame, as `b2b_score` takes it
    change : float in (0, 1], share of the total weight, as for `rank_stability`
    weights : mapping of str to float, optional; as `b2b_score` takes them
    """
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    stability = rank_stability(scores, weights=weights, change=change)
    plot_rank_stability(stability, ax=figure.subplots())
    return figure


def explore_scorecard(scores: pd.DataFrame, *, weights: Mapping[str, float] | None = None) -> VBox:
    """Return a slider for the change of the weights above the `scorecard_picture` it redraws.

    Parameters
    ----------
    scores : DataFrame, as `b2b_score` takes it
    weights : mapping of str to float, optional; as `b2b_score` takes them
    """
    points = IntSlider(10, min=1, max=30, description=_("points"))
    alt = _("Tornado: places customers move when a weight moves by {n} points")

    def draw(n: int) -> Figure:
        return scorecard_picture(scores, change=n / 100, weights=weights)

    return under({"n": points}, draw, alt)
