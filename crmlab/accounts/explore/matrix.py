"""Move a point with its cloud among the four zones of a matrix."""

from __future__ import annotations

import pandas as pd
from ipywidgets import HTML, Dropdown, FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._theme import figure_html
from crmlab._words import _
from crmlab.accounts.measure import zone_chances
from crmlab.accounts.plot import plot_zone_chances


def matrix_picture(*, probability: float, strength: float, unsure: float, kind: str) -> Figure:
    """Return one item with its cloud in the opportunity ("O") or threat ("T") matrix.

    `unsure` is the standard deviation of both scores; where so much is more than a chance can
    have, nearly so much is taken. The figure is not registered with pyplot, so a notebook shows it
    once, where asked.
    """
    most = {name: 0.98 * (value * (1 - value)) ** 0.5 for name, value in
            (("probability", probability), ("strength", strength))}  # fmt: skip
    item = {
        "item": kind,
        "kind": kind,
        "side": "external",
        "evidence": "…",
        "implication": "…",
        "probability": probability,
        "strength": strength,
        "probability_sd": min(unsure, most["probability"]),
        "strength_sd": min(unsure, most["strength"]),
    }
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    chances = zone_chances(pd.DataFrame([item]), kind=kind)
    plot_zone_chances(chances, ax=figure.subplots())
    return figure


def explore_matrix() -> VBox:
    """Return sliders for a point and how unsure it is, above the matrix."""
    made = {
        "probability": FloatSlider(0.6, min=0.05, max=0.95, step=0.05, description=_("probable")),
        "strength": FloatSlider(0.6, min=0.05, max=0.95, step=0.05, description=_("strong")),
        "unsure": FloatSlider(0.15, min=0, max=0.4, step=0.05, description=_("unsure")),
        "kind": Dropdown(
            options=[(_("opportunity"), "O"), (_("threat"), "T")], description=_("matrix")
        ),
    }
    picture = HTML()

    def redraw(change: object = None) -> None:
        values = {name: slider.value for name, slider in made.items()}
        alt = _(
            "A point with probability {probability:.0%} and strength {strength:.0%}, unsure by "
            "{unsure:.0%}, in the matrix {kind}"
        ).format(**values)
        picture.value = figure_html(matrix_picture(**values), alt=alt)

    for slider in made.values():
        slider.observe(redraw, names="value")
    redraw()
    return VBox([*made.values(), picture])
