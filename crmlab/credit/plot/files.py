"""Picture of credit files: a radar of the five C's."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import language
from crmlab.errors import OutOfRangeError

_FIVE_C = ("character", "capacity", "capital", "collateral", "conditions")
_ZH = ("品德", "能力", "资本", "担保", "环境")
_LOOKS = ("-", "--", "-.", ":", (0, (1, 3)), (0, (5, 1)))
_MARKS = "osD^vP"


@drawn
def plot_five_c(files: pd.DataFrame, *, name: str = "firm", ax: Axes | None = None) -> Axes:
    """Radar of the five C's of a few files, 0 in the middle and 10 at the rim.

    Parameters
    ----------
    files : DataFrame, one row per file, at most six
        the five C's : grades 0 to 10
    name : str
        Column with what each file is called.

    Raises
    ------
    OutOfRangeError
        If there are no files, or more than six.
    """
    files = drawable(files, *_FIVE_C, name=name)
    if not 1 <= len(files) <= len(_MARKS):
        raise OutOfRangeError(f"1 to {len(_MARKS)} files can be told apart; got {len(files)}.")

    ax = plt.gca() if ax is None else ax
    angle = np.pi / 2 - 2 * np.pi * np.arange(6) / 5  # the first C again at the end
    across, up = np.cos(angle), np.sin(angle)
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    for ring in (2, 4, 6, 8, 10):
        ax.plot(ring * across, ring * up, color="lightgrey", linewidth=0.8, zorder=0)
        ax.text(0.15, ring * up[0] - 0.2, str(ring), color="0.3", fontsize=9, va="top", bbox=behind)
    for place, (c, zh) in enumerate(zip(_FIVE_C, _ZH, strict=True)):
        ax.plot([0, 10 * across[place]], [0, 10 * up[place]], color="lightgrey", linewidth=0.8)
        side = "center" if abs(across[place]) < 0.1 else "left" if across[place] > 0 else "right"
        ax.text(
            10.6 * across[place],
            10.9 * up[place],
            zh if language() == "zh" else f"{c} {zh}",
            ha=side,
            va="center",
        )
    for number, (_row, file) in enumerate(files.iterrows()):
        grades = file[[*_FIVE_C, _FIVE_C[0]]].to_numpy("float64")
        ax.plot(
            grades * across,
            grades * up,
            linestyle=_LOOKS[number],
            marker=_MARKS[number],
            color=PALETTE[number],
            label=str(file[name]),
        )
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.margins(0.12)
    ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=3)
    return dress(ax)
