"""Value chains: where the hours go, and which losses are more than luck."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _


@drawn
def plot_steps(step_report: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw hours of waiting and of work at each step of a value chain, on a log scale.

    Parameters
    ----------
    step_report : DataFrame, as returned by `step_report`
        step : str; wait_h, work_h : float64; bottleneck : bool

    See Also
    --------
    crmlab.accounts.measure.step_report : makes the frame.
    """
    table = drawable(step_report, "step", "wait_h", "work_h", "bottleneck")

    ax = plt.gca() if ax is None else ax
    y = np.arange(len(table))
    least = 0.01
    kinds = (("wait_h", PALETTE[5], -0.2, _("wait")), ("work_h", PALETTE[0], 0.2, _("work or way")))
    for column, colour, shift, words in kinds:
        hours = table[column].to_numpy("float64")
        ax.barh(
            y + shift,
            np.maximum(hours, least) - least,
            left=least,
            height=0.38,
            color=colour,
            label=words,
        )
        for place, value in zip(y + shift, hours, strict=True):
            ax.annotate(
                _lasts(value),
                (max(value, least), place),
                (4, 0),
                textcoords="offset points",
                va="center",
            )
    names = [
        _("{step} (bottleneck)").format(step=_(str(row.step)))
        if row.bottleneck
        else _(str(row.step))
        for row in table.itertuples()
    ]
    ax.set_yticks(y, names)
    ax.invert_yaxis()
    ax.set_xscale("log")
    top = max(float(table[["wait_h", "work_h"]].to_numpy("float64").max()), 10 * least)
    ax.set(xlim=(least, 6 * top), xlabel=_("Mean hours of an item (log scale)"))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:g}"))
    ax.legend(frameon=False, loc="upper right")
    return dress(ax)


def _lasts(hours: float) -> str:
    """Return a time as one would say it."""
    if hours <= 0:
        return _("no wait")
    if hours < 1:
        return _("{minutes:.2g} min").format(minutes=60 * hours)
    return _("{hours:.3g} h").format(hours=hours)


@drawn
def plot_control_chart(control_chart: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share lost in each period, within limits that luck alone rarely leaves.

    Parameters
    ----------
    control_chart : DataFrame, as returned by `control_chart`
        period; share, centre, low, high : float64; out : bool

    See Also
    --------
    crmlab.accounts.measure.control_chart : makes the frame.
    """
    table = drawable(control_chart, "period", "share", "centre", "low", "high", "out")

    ax = plt.gca() if ax is None else ax
    period = table["period"].to_numpy()
    ax.fill_between(
        period, table["low"].to_numpy("float64"), table["high"].to_numpy("float64"), color="0.88",
        step="mid", label=_("luck"),
    )  # fmt: skip
    ax.plot(period, table["centre"], color=PALETTE[6], linestyle="--", label=_("centre"))
    ax.plot(period, table["share"], color=PALETTE[0], marker="o", markersize=4, label=_("lost"))
    out = table[table["out"].astype("bool")]
    if len(out):
        ax.plot(
            out["period"], out["share"], linestyle="", marker="o", markersize=11, markeredgewidth=2,
            markerfacecolor="none", color=PALETTE[5], label=_("more than luck"),
        )  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel=_("Period"), ylabel=_("Share lost"), ylim=(0, None))
    ax.margins(x=0.02)
    ax.legend(frameon=False, loc="upper left")
    return dress(ax)
