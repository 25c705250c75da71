"""Pictures of credit by group."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress, percent
from crmlab._words import N_, _

_WORDS = {
    "share_approved": N_("approved,\nof all"),
    "goods_refused": N_("refused,\nof those\nwho repay"),
    "bads_approved": N_("approved,\nof those\nwho default"),
    "default_rate": N_("defaulted,\nof the\napproved"),
    "calibration_gap": N_("default\nrate less\nforecast"),
}
_MARKS = "osD^vP"


@drawn
def plot_group_rates(rates: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Points of each rate by group, with their 95 % intervals.

    Parameters
    ----------
    rates : DataFrame, as returned by `group_rates`
        group, rate : str; value, low, high : float64
    """
    rates = drawable(rates, "group", "rate", "value", "low", "high")

    ax = plt.gca() if ax is None else ax
    names = [rate for rate in _WORDS if rate in {*rates["rate"]}]
    groups = sorted({*rates["group"]})
    for number, group in enumerate(groups):
        rows = rates[rates["group"] == group].set_index("rate").reindex(names)
        place = np.arange(len(names)) + 0.2 * (number - (len(groups) - 1) / 2)
        reach = [
            (rows["value"] - rows["low"]).clip(lower=0),
            (rows["high"] - rows["value"]).clip(lower=0),
        ]
        ax.errorbar(
            place,
            rows["value"],
            yerr=reach,
            fmt=_MARKS[number % len(_MARKS)],
            color=PALETTE[number % len(PALETTE)],
            capsize=3,
            label=_("group {name}").format(name=group),
        )
    ax.axhline(0, color=PALETTE[6], linewidth=0.8)
    ax.set_xticks(np.arange(len(names)), [_(said) for said in map(_WORDS.get, names) if said])
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(ylabel=_("Rate (%), with its 95 % interval"))
    # Above the picture: any height inside it may be taken by a rate.
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_fairness_conflict(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Bars of both errors of a calibrated score, group by group.

    Parameters
    ----------
    table : DataFrame, as returned by `fairness_conflict`, one row per group
        base_rate, goods_refused, bads_approved : float64
    """
    table = drawable(table, "base_rate", "goods_refused", "bads_approved")

    ax = plt.gca() if ax is None else ax
    width, kinds = 0.8 / len(table), ("goods_refused", "bads_approved")
    for number, row in enumerate(table.to_dict("records")):
        bars = ax.bar(
            np.arange(2) + width * (number - (len(table) - 1) / 2),
            [row[kind] for kind in kinds],
            width * 0.9,
            color=PALETTE[number % len(PALETTE)],
            hatch=["", "//", "..", "xx"][number % 4],
            edgecolor="white",
            label=_("group {name}: {rate} default").format(
                name=chr(ord("A") + number), rate=percent(row["base_rate"])
            ),
        )
        ax.bar_label(bars, labels=[percent(row[kind]) for kind in kinds], padding=2)
    ax.set_xticks([0, 1], [_("refused, of those who repay"), _("approved, of those who default")])
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(ylabel=_("Error (%)"), ylim=(0, 1))
    # Above the picture: any height inside it may be taken by a rate.
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)
