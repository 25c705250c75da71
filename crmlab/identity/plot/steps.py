"""The way from scattered data to a customer who is known."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _, language


@drawn
def plot_identification_steps(
    identification_steps: pd.DataFrame, *, ax: Axes | None = None
) -> Axes:
    """One arrow per step, from top to bottom: its question, and what serves it.

    Parameters
    ----------
    identification_steps : DataFrame, as returned by `identification_steps`
        step, step_zh, question, served_by : str

    See Also
    --------
    crmlab.identity.steps.identification_steps : makes the frame.
    """
    identification_steps = drawable(
        identification_steps, "step", "step_zh", "question", "served_by"
    )

    ax = plt.gca() if ax is None else ax
    rows = identification_steps.to_dict("records")
    zh = language() == "zh"
    for y, row in enumerate(rows):
        low, high = y - 0.4, y + 0.4
        corners = [(0, low), (1.5, low), (1.5, high), (0.75, high + 0.22), (0, high)]
        ax.add_patch(Polygon(corners, facecolor=PALETTE[4], edgecolor=PALETTE[0], alpha=0.55))
        head = f"{y + 1}  {row['step_zh' if zh else 'step']}" + f"  {row['step_zh']}" * (not zh)
        ax.text(0.75, y, head, ha="center", va="center", weight="bold")
        asked = row["question"]
        ax.text(1.7, y, _(asked), va="center")
        ax.text(3.8, y, row["served_by"].replace(", ", "\n"), va="center")
    for x, words in ((0.75, _("Step")), (1.7, _("Question")), (3.8, _("In crmlab"))):
        at = "center" if x < 1 else "left"
        ax.text(x, -0.75, words, ha=at, va="center", color="0.35")
    ax.set(xlim=(-0.1, 5.9), ylim=(len(rows) - 0.3, -1))
    ax.set_axis_off()
    return dress(ax)
