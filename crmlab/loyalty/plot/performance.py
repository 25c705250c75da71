"""What matters, beside how good it is."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
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
    for row, (right, up) in zip(table.itertuples(), _away(x, y), strict=True):
        driver = str(row.driver)
        ax.annotate(
            f"{_(driver)} ({percent(float(row.certainty))})",  # pyright: ignore[reportArgumentType]
            (float(row.performance), float(row.importance)),  # pyright: ignore[reportArgumentType]
            xytext=(6 if right else -6, 5 if up else -13),
            textcoords="offset points",
            ha="left" if right else "right",
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


def _away(x: pd.Series, y: pd.Series) -> list[tuple[bool, bool]]:
    """Say of each point on which side its name stays clear of its nearest neighbour: right, up."""
    wide, high = (np.ptp(values.to_numpy("float64")) or 1.0 for values in (x, y))
    place = np.column_stack([x / wide, y / high])
    apart = place[:, None] - place[None]
    far = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(far, np.inf)
    other = far.argmin(axis=1)
    # Of two at one place the first has its name above.
    return [
        (bool(across >= 0), bool(along > 0 or (along == 0 and number <= other[number])))
        for number, (across, along) in enumerate(apart[np.arange(len(place)), other])
    ]
