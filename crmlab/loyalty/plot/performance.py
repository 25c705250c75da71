"""What matters, beside how good it is."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from crmlab._checks import require_columns, require_rows
from crmlab._theme import PALETTE, drawn, dress, percent
from crmlab._words import N_, _

_FIELDS = {
    N_("concentrate here"): (0.01, 0.98, "left", "top"),
    N_("keep up"): (0.99, 0.98, "right", "top"),
    N_("low priority"): (0.01, 0.02, "left", "bottom"),
    N_("possible overkill"): (0.99, 0.02, "right", "bottom"),
}


@drawn
def plot_importance_performance(
    importance_performance: pd.DataFrame, *, ax: Axes | None = None
) -> Axes:
    """Draw drivers by mean rating and weight with 95 % intervals, in four fields.

    Beside each name stands how certain its field is.

    Parameters
    ----------
    importance_performance : DataFrame, as returned by `importance_performance`
        driver : str; certainty : float64
        performance, importance, each with _low and _high : float64

    See Also
    --------
    crmlab.loyalty.measure.importance_performance : makes the frame.
    """
    both = [
        f"{name}{end}" for name in ("performance", "importance") for end in ("", "_low", "_high")
    ]
    require_columns(importance_performance, "driver", "certainty", *both)
    require_rows(importance_performance)

    ax = plt.gca() if ax is None else ax
    table = importance_performance
    x, y = table["performance"], table["importance"]
    ax.errorbar(
        x,
        y,
        xerr=[x - table["performance_low"], table["performance_high"] - x],
        yerr=[y - table["importance_low"], table["importance_high"] - y],
        linestyle="",
        marker="o",
        color=PALETTE[0],
        ecolor=PALETTE[4],
    )
    # Neighbours have their names on different sides of their dots.
    for place, row in enumerate(table.sort_values("performance").itertuples()):
        driver = str(row.driver)
        ax.annotate(
            f"{_(driver)} ({percent(float(row.certainty))})",  # pyright: ignore[reportArgumentType]
            (float(row.performance), float(row.importance)),  # pyright: ignore[reportArgumentType]
            xytext=(6, 5 if place % 2 else -13),
            textcoords="offset points",
            fontsize=10,
        )
    ax.axvline(float(x.mean()), color="grey", linestyle=":", linewidth=1)
    ax.axhline(float(y.mean()), color="grey", linestyle=":", linewidth=1)
    for name, (right, up, across, along) in _FIELDS.items():
        ax.text(
            right,
            up,
            _(name),
            transform=ax.transAxes,
            horizontalalignment=across,
            verticalalignment=along,
            color="black",
            fontstyle="italic",
        )
    ax.margins(0.18)
    ax.set(xlabel=_("Performance (mean rating)"), ylabel=_("Importance (weight)"))
    return dress(ax)
