"""What a pipeline may bring."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _


@drawn
def plot_forecast(
    outcomes: pd.DataFrame,
    *,
    weighted: float | None = None,
    goal: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what the open deals may bring, with the weighted pipeline and the goal.

    Parameters
    ----------
    outcomes : DataFrame, as returned by `pipeline_forecast` in its outcomes
        sales_cny : float64
    weighted, goal : float, optional
        Lines to draw.

    See Also
    --------
    crmlab.accounts.measure.pipeline_forecast : makes the frame.
    """
    table = drawable(outcomes, "sales_cny")

    ax = plt.gca() if ax is None else ax
    money = table["sales_cny"].to_numpy("float64")
    share = np.full(len(money), 1 / len(money))
    ax.hist(money, bins=40, weights=share, color=PALETTE[4], edgecolor="white")
    low, high = np.quantile(money, [0.025, 0.975])
    ax.axvspan(low, high, color="0.92", zorder=0, label=_("95% of what may come"))
    for value, colour, style, words in (
        (weighted, PALETTE[0], "-", _("weighted pipeline")),
        (goal, PALETTE[5], "--", _("goal")),
    ):
        if value is not None:
            ax.axvline(value, color=colour, linestyle=style, linewidth=2, label=words)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value / 1e6:g}"))
    ax.set(xlabel=_("Sales (million CNY)"), ylabel=_("Share of the futures"), xlim=(0, None))
    ax.legend(frameon=False, loc="upper right")
    return dress(ax)
