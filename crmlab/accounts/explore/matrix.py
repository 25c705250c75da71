"""Drag a point with its cloud among the four zones of a matrix."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
from ipywidgets import BoundedFloatText, Dropdown, FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._theme import figure_html
from crmlab._widgets import follow
from crmlab._words import _
from crmlab.accounts.measure import zone_chances
from crmlab.accounts.plot import plot_zone_chances

# Left, bottom, width and height of the matrix in its figure, so that a place is a pair of scores.
BOX = (0.12, 0.15, 0.84, 0.81)
# While the pointer is down a ring follows it; where it is let go, both boxes above take the scores,
# as if they had been typed. Where a page forbids this, the boxes are there to type in.
DRAG = """
const box = this.dataset.box.split(' ').map(Number), area = this.getBoundingClientRect();
if (event.type === 'pointerdown') { this.setPointerCapture(event.pointerId); this.down = true; }
if (!this.down) return;
event.preventDefault();
const near = (share) => Math.min(0.95, Math.max(0.05, Math.round(share * 20) / 20));
const x = near(((event.clientX - area.left) / area.width - box[0]) / box[2]);
const y = near((1 - (event.clientY - area.top) / area.height - box[1]) / box[3]);
const ring = this.lastElementChild.style;
ring.display = 'block';
ring.left = 100 * (box[0] + x * box[2]) + '%';
ring.bottom = 100 * (box[1] + y * box[3]) + '%';
if (event.type !== 'pointerup') return;
this.down = false;
const typed = this.closest('.crmlab-matrix').querySelectorAll('input[type=number]');
[y, x].forEach((share, at) => {
  typed[at].value = share.toFixed(2);
  typed[at].dispatchEvent(new Event('change', {bubbles: true}));
});
"""
AREA = (
    '<div class="crmlab-drag" data-box="{box}" style="position:relative;display:inline-block;'
    'touch-action:none;cursor:crosshair;user-select:none" onpointerdown="{drag}" '
    'onpointermove="{drag}" onpointerup="{drag}"><div style="pointer-events:none">{picture}</div>'
    '<div style="display:none;position:absolute;width:18px;height:18px;margin:0 0 -9px -9px;'
    'border:2px solid #333;border-radius:50%;pointer-events:none"></div></div>'
)


def matrix_picture(*, probability: float, strength: float, unsure: float, kind: str) -> Figure:
    """Return one item with its cloud in the opportunity ("O") or threat ("T") matrix.

    `unsure` is the standard deviation of both scores; where so much is more than a chance can
    have, nearly so much is taken. The figure is not registered with pyplot, so a notebook shows it
    once, where asked.

    Parameters
    ----------
    probability, strength : float, scores in [0, 1]
    unsure : float, at least 0; standard deviation of both scores
    kind : str, "O" or "T"
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
    figure = Figure(figsize=(7, 4.5))
    chances = zone_chances(pd.DataFrame([item]), kind=kind)
    plot_zone_chances(chances, ax=figure.add_axes(BOX))
    return figure


def explore_matrix() -> VBox:
    """Return a matrix in which to drag a point, below its two scores and how unsure they are."""
    made = {
        "probability": BoundedFloatText(
            0.6, min=0.05, max=0.95, step=0.05, description=_("probable")
        ),
        "strength": BoundedFloatText(0.6, min=0.05, max=0.95, step=0.05, description=_("strong")),
        "unsure": FloatSlider(0.15, min=0, max=0.4, step=0.05, description=_("unsure")),
        "kind": Dropdown(
            options=[(_("opportunity"), "O"), (_("threat"), "T")], description=_("matrix")
        ),
    }

    def page(**values: Any) -> str:
        alt = _(
            "A point with probability {probability:.0%} and strength {strength:.0%}, unsure by "
            "{unsure:.0%}, in the matrix {kind}"
        ).format(**values)
        shown = figure_html(matrix_picture(**values), alt=alt)
        return AREA.format(box=" ".join(map(str, BOX)), drag=escape(DRAG), picture=shown)

    return follow(made, page).add_class("crmlab-matrix")
