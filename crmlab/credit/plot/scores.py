"""Pictures of scores: who has which, who is told from whom, and whether chances are true."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _
from crmlab.errors import EmptyError

_LINES = ("-", "--", "-.", ":")


@drawn
def plot_score_distribution(bands: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the shares of goods and of bads in each band of the score.

    Parameters
    ----------
    bands : DataFrame, as returned by `score_distribution`
        low, high, share_of_goods, share_of_bads : float64
    """
    bands = drawable(bands, "low", "high", "share_of_goods", "share_of_bads")

    ax = plt.gca() if ax is None else ax
    edges = [*bands["low"], bands["high"].iloc[-1]]
    looks = (
        ("share_of_goods", _("repaid"), PALETTE[0], ""),
        ("share_of_bads", _("defaulted"), PALETTE[1], "//"),
    )
    for column, label, colour, hatch in looks:
        ax.stairs(
            bands[column], edges, fill=True, alpha=0.55, color=colour, hatch=hatch, label=label
        )
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Score (right: safer)"), ylabel=_("Share of the group (%)"))
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_roc(curves: Mapping[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """ROC curves, each with its largest distance of bads from goods (Kolmogorov-Smirnov).

    Parameters
    ----------
    curves : mapping of a name to a DataFrame, as returned by `roc_table`; at most four
        bads_caught, goods_refused : float64

    Raises
    ------
    EmptyError
        If there is no curve.
    """
    if not curves:
        raise EmptyError("there are no curves; at least one is needed.")
    shown = {}
    for name, curve in curves.items():
        shown[name] = drawable(curve, "bads_caught", "goods_refused")

    ax = plt.gca() if ax is None else ax
    for number, (name, curve) in enumerate(shown.items()):
        colour = PALETTE[number % len(PALETTE)]
        gap = curve["bads_caught"] - curve["goods_refused"]
        best = curve.iloc[int(gap.to_numpy().argmax())]
        ax.plot(
            curve["goods_refused"],
            curve["bads_caught"],
            _LINES[number % 4],
            color=colour,
            label=f"{_(name)} (KS {gap.max():.2f})",
        )
        ends = [best["goods_refused"], best["bads_caught"]]
        ax.plot([best["goods_refused"]] * 2, ends, color=colour, linewidth=1, marker="_")
    ax.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    ax.text(0.55, 0.5, _("at random"), color="dimgrey", va="top")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(
        xlabel=_("Refused, of those who repay (%)"), ylabel=_("Refused, of those who default (%)")
    )
    ax.legend(frameon=False, loc="lower right")
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_calibration(groups: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Points of what happened against what was forecast, with their intervals.

    Parameters
    ----------
    groups : DataFrame, as returned by `calibration_table`
        forecast, happened, low, high : float64
    """
    groups = drawable(groups, "forecast", "happened", "low", "high")

    ax = plt.gca() if ax is None else ax
    reach = [groups["happened"] - groups["low"], groups["high"] - groups["happened"]]
    ax.errorbar(
        groups["forecast"],
        groups["happened"],
        yerr=[side.clip(lower=0) for side in reach],
        fmt="o",
        color=PALETTE[0],
        capsize=3,
        label=_("group, with its 95 % interval"),
    )
    most = float(max(groups["forecast"].max(), groups["high"].max()))
    ax.plot([0, most], [0, most], color="grey", linewidth=0.8, label=_("forecast = happened"))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Forecast chance of default (%)"), ylabel=_("Defaulted (%)"))
    ax.legend(frameon=False, loc="upper left")
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)
