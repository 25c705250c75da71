"""Share of the market against share of good customers' wallets."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _

_LINES = {
    "market": (N_("whole market"), 6, "-"),
    "good, contacted": (N_("good customers, contacted"), 0, "-"),
    "good, left alone": (N_("good customers, left alone"), 1, "--"),
    "small": (N_("small customers"), 3, ":"),
}


@drawn
def plot_share_paths(
    share_paths: pd.DataFrame, *, start: float | None = None, ax: Axes | None = None
) -> Axes:
    """Lines of our share of the market, and of each group's wallets, month by month.

    Parameters
    ----------
    share_paths : DataFrame, as returned by `share_paths`
        line : str; month : numbers or dates
        share, low, high : float64
    start : float or date, optional
        Month from which something was done; a dotted line is drawn there.

    See Also
    --------
    crmlab.customers.measure.share_paths : makes the frame.
    """
    share_paths = drawable(share_paths, "line", "month", "share", "low", "high")

    ax = plt.gca() if ax is None else ax
    for number, name in enumerate(share_paths["line"].unique()):
        part = share_paths[share_paths["line"] == name].sort_values("month")
        words, colour, style = _LINES.get(str(name), (str(name), number % 6, "-"))
        thick = 2.6 if name == "market" else 1.6
        label = _(words) if name in _LINES else words
        ax.plot(part["month"], part["share"], style, color=PALETTE[colour], lw=thick, label=label)
        ax.fill_between(
            part["month"], part["low"], part["high"], color=PALETTE[colour], alpha=0.12, lw=0
        )
    if start is not None:
        ax.axvline(start, color="grey", linestyle=":", linewidth=1.2, label=_("contact begins"))
    ax.set(xlabel=_("Month"), ylabel=_("Our share of the money spent"))
    ax.set_ylim(0, 1.15 * share_paths["high"].max())
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return dress(ax)
