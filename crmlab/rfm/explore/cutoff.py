"""Where to stop contacting, and what it earns."""

from __future__ import annotations

from functools import partial

import pandas as pd
from ipywidgets import FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
from crmlab._words import N_, _
from crmlab.rfm.measure import cutoff_table
from crmlab.rfm.plot import plot_cutoff


def cutoff_picture(
    table: pd.DataFrame,
    *,
    share_contacted: float,
    margin: float,
    cost: float,
    score: str = "rfm_score",
    response: str = "responded",
) -> Figure:
    """Return the profit curve of contacting the best customers first, with one stop marked.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    table : DataFrame, one row per customer, with the columns `score` and `response`
    share_contacted : float, in [0, 1]; the best of the score are contacted
    margin, cost : float, money of a response, and of a contact
    score, response : str, columns of the score, and of who responded
    """
    cutoffs = cutoff_table(table, margin=margin, cost=cost, score=score, response=response)
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    plot_cutoff(cutoffs, share_contacted=share_contacted, ax=figure.subplots())
    return figure


def explore_cutoff(
    table: pd.DataFrame,
    *,
    margin: float = 20.0,
    cost: float = 5.0,
    score: str = "rfm_score",
    response: str = "responded",
) -> VBox:
    """Return sliders for the stop, the margin and the cost above the `cutoff_picture`.

    Parameters
    ----------
    table : DataFrame of at least 100 customers, as `cutoff_table` reads it
        the score column, higher is better, and the response column, 0 or 1
    margin, cost : float
        Where their sliders begin: money earned per responder, and spent per contact.
    score, response : str
        Names of the two columns.
    """
    sliders = {
        "share_contacted": FloatSlider(
            0.3, min=0, max=1, step=0.01, description=_("contact"), readout_format=".0%"
        )
    }
    for name, start in ((N_("margin"), margin), (N_("cost"), cost)):
        sliders[name] = FloatSlider(start, max=4 * start, step=start / 20, description=_(name))
    alt = _(
        "Profit against the share contacted; stop at {share_contacted:.0%}, "
        "margin {margin:g}, cost {cost:g}"
    )
    return under(sliders, partial(cutoff_picture, table, score=score, response=response), alt)
