"""Effects of campaigns with their intervals: designs, and answers by the hour."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._checks import require_one_of
from crmlab._theme import PALETTE, SHADES, drawable, drawn, dress
from crmlab._words import N_, _, heading

_BAR: dict[str, Any] = {"capsize": 3, "markersize": 7}
_FEW = 30
_HOUR_VALUES = {
    "response_rate": N_("cells: share of the contacted who bought"),
    "lift": N_("cells: percentage points above the held out"),
}


@drawn
def plot_response_by_hour(
    response_by_hour: pd.DataFrame, *, value: str = "response_rate", ax: Axes | None = None
) -> Axes:
    """Heat map of answers, a row per type and a column per hour, with the contacts behind each.

    Cells of fewer than 30 contacts do not stretch the scale of shades.

    Parameters
    ----------
    response_by_hour : DataFrame, as returned by `response_by_hour`
        a column such as type or medium first, then hour, contacts : int64
        response_rate, lift : float64
    value : "response_rate" or "lift"

    Raises
    ------
    OutOfRangeError
        If `value` is neither of the two.

    See Also
    --------
    crmlab.campaigns.measure.response_by_hour : makes the frame.
    """
    require_one_of("value", value, _HOUR_VALUES)
    response_by_hour = drawable(response_by_hour, "hour", "contacts", value)

    ax = plt.gca() if ax is None else ax
    by = str(response_by_hour.columns[0])
    tables = [
        response_by_hour.pivot(index=by, columns="hour", values=name)
        for name in (value, "contacts")
    ]
    form = "{:.0%}" if value == "response_rate" else "{:+.0%}"
    words = tables[0].map(lambda share: "" if np.isnan(share) else form.format(share))
    of_all = "\n" + _("of {n:,.0f}")
    words += tables[1].map(lambda n: "" if np.isnan(n) else of_all.format(n=n))
    sure = tables[0].where(tables[1] >= _FEW)
    style = {"cmap": SHADES, "cbar": False, "linewidths": 1, "linecolor": "white"}
    shades = sure.astype("float64")
    limits = (None, None) if shades.notna().any(axis=None) else (0, 1)
    sns.heatmap(shades, vmin=limits[0], vmax=limits[1], ax=ax, **style)
    known = tables[0].notna().to_numpy()
    for (row, column), said in np.ndenumerate(words.to_numpy()):
        if known[row, column]:
            ax.text(column + 0.5, row + 0.5, said, ha="center", va="center")
    cells = _HOUR_VALUES[value]
    ax.set_facecolor("0.92")  # too few, or none
    ax.set(
        xlabel=_("Hour of contact\n{cells}; grey: fewer than {n} contacted").format(
            cells=_(cells), n=_FEW
        )
    )
    ax.set(ylabel=heading(by).capitalize())
    ax.set_yticklabels([_(str(each)) for each in shades.index])
    ax.tick_params(axis="y", rotation=0)
    return dress(ax)


@drawn
def plot_design_effects(summary: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Forest plot: what each level of each feature adds, a line for its 95 % interval.

    The base contact stands on top; hollow diamonds are the references, at 0 by definition.

    Parameters
    ----------
    summary : DataFrame, as returned by `DesignEffects.summary`
        feature, level : str
        effect, low, high : float64
        is_reference : bool
        truth : float64, optional; drawn as crosses

    See Also
    --------
    crmlab.campaigns.model.DesignEffects : makes the frame.
    """
    summary = drawable(summary, "feature", "level", "effect", "low", "high", "is_reference")

    ax = plt.gca() if ax is None else ax
    step = (summary["feature"] != summary["feature"].shift()).cumsum() - 1
    place = -(np.arange(len(summary)) + 0.6 * step.to_numpy())
    effect, low, high = (summary[name].to_numpy("float64") for name in ("effect", "low", "high"))
    known, names = summary["is_reference"].to_numpy(dtype=bool), _named(summary)
    reach = np.array([effect - low, high - effect])
    ax.axvline(0, color="grey", linewidth=1, zorder=0)
    ax.errorbar(
        effect[~known],
        place[~known],
        xerr=reach[:, ~known],
        fmt="o",
        label=_("effect, 95% interval"),
        color=PALETTE[0],
        **_BAR,
    )
    style = {"linestyle": "", "markersize": 7, "color": PALETTE[6]}
    ax.plot(
        effect[known],
        place[known],
        marker="D",
        markerfacecolor="white",
        label=_("reference"),
        **style,
    )
    if "truth" in summary:
        cross = {**style, "color": PALETTE[5], "markersize": 9, "markeredgewidth": 2}
        ax.plot(summary["truth"][~known], place[~known], marker="x", label=_("truth"), **cross)
    ax.set_yticks(place, names)
    ax.set(xlabel=_("Change of the chance to buy by a contact (percentage points)"))
    ax.set(ylim=(place.min() - 0.7, 0.7))
    ax.xaxis.set_major_formatter(PercentFormatter(1, symbol="", decimals=_decimals(low, high)))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.1), ncols=3, frameon=False)
    return dress(ax)


def _named(summary: pd.DataFrame) -> list[str]:
    """Return the label of each row: the feature and its level."""
    pairs = zip(summary["feature"], summary["level"], strict=True)
    base, each = _("base contact"), _("{kind}: {level}")
    return [
        base if kind == "contact" else each.format(kind=heading(kind), level=_(str(level)))
        for kind, level in pairs
    ]


def _decimals(low: np.ndarray, high: np.ndarray) -> int:
    """Return how many decimals a percentage needs on an axis that spans all intervals."""
    return 0 if np.nanmax(high) - np.nanmin(low) > 0.04 else 1
