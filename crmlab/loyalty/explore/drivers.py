"""Improve the parts of a service, and see what that is said to bring."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from ipywidgets import FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._theme import PALETTE, dress, figure_html
from crmlab._widgets import follow
from crmlab._words import N_, _
from crmlab.loyalty.measure import satisfaction_drivers


def drivers_picture(
    answers: pd.DataFrame, *, moves: Mapping[str, float], overall: str = N_("overall")
) -> Figure:
    """Return by how much the whole rises when drivers are rated higher by `moves` points.

    By the weights of all drivers together, and by what each driver alone seems to bring (its line
    through the answers, the others left aside). The figure is not registered with pyplot, so a
    notebook shows it once, where asked.

    Parameters
    ----------
    answers : DataFrame, one row per respondent, with the drivers and `overall`
    moves : mapping of str to float, driver to the points by which it rises
    overall : str, the column of the answer that they drive
    """
    table = satisfaction_drivers(answers, drivers=[*moves], overall=overall)
    move = table["driver"].map(dict(moves)).to_numpy("float64")
    spread = answers[table["driver"].tolist()].std().to_numpy()
    alone = table["correlation"].to_numpy("float64") * answers[overall].std() / spread
    rows = [*(_(driver) for driver in table["driver"]), _("together")]
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    ax = figure.subplots()
    for shift, slopes, colour, hatch, words in (
        (0.2, table["weight"].to_numpy("float64"), PALETTE[0], "", _("by the weights")),
        (-0.2, alone, PALETTE[1], "//", _("by each driver alone")),
    ):
        change = slopes * move
        ax.barh(
            shift - np.arange(len(rows)),
            [*change, change.sum()],
            height=0.38,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            label=words,
        )
    ax.axvline(0, color="grey", linewidth=1)
    ax.set_yticks(-np.arange(len(rows)), rows)
    ax.set(xlabel=_("Change of {overall} (points)").format(overall=_(overall)))
    ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, 1.16), ncols=2)
    dress(ax)
    return figure


def explore_drivers(answers: pd.DataFrame, *, overall: str = "overall") -> VBox:
    """Return a slider for each driver, above what moving them is said to bring.

    Parameters
    ----------
    answers : DataFrame, as `satisfaction_drivers` reads it
    overall : str
    """
    names = [name for name in answers.columns if name not in (overall, "customer_id")]
    wide = {"style": {"description_width": "initial"}}
    made = {
        name: FloatSlider(float(place == 0), min=-1, max=2, step=0.5, description=_(name), **wide)
        for place, name in enumerate(names)
    }

    def page(**moves: float) -> str:
        said = _(", ").join(f"{_(name)} {move:+.1f}" for name, move in moves.items() if move)
        alt = _("Change of {overall} by the weights and by each driver alone: {said}").format(
            overall=_(overall), said=said or _("no move")
        )
        return figure_html(drivers_picture(answers, moves=moves, overall=overall), alt=alt)

    return follow(made, page)
