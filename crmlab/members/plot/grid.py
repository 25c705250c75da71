"""Pictures of members. Nothing here computes: result frames in, Axes out."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator, StrMethodFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _, ngettext
from crmlab.members.strategies import QUADRANTS

# Marker and colour of each quadrant.
_LOOKS = {1: ("D", 1), 2: ("^", 2), 3: ("o", 4), 4: ("s", 3)}  # marker, place in the palette
_TICKS = [0, *(digit * 10**power for power in range(4) for digit in (1, 2, 5))]


@drawn
def plot_quadrants(quadrants: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Scatter of members, frequency against spend per return, with a red cross at the lines.

    Members who never returned have no spend per return: they are counted in the corner of
    quadrant 3, not drawn. Points are spread a little sideways, since counts repeat; the money
    axis is logarithmic.

    Parameters
    ----------
    quadrants : DataFrame, as returned by `quadrants`
        returns_per_year, spend_per_return : float64
        frequency_line, ticket_line : float64
        quadrant : int64, 1 to 4

    See Also
    --------
    crmlab.members.measure.quadrants : makes the frame.
    """
    columns = ("returns_per_year", "spend_per_return", "frequency_line", "ticket_line")
    quadrants = drawable(quadrants, *columns, "quadrant")

    ax = plt.gca() if ax is None else ax
    often, ticket = (quadrants[column].to_numpy("float64") for column in columns[:2])
    across, along = (float(quadrants[column].iloc[0]) for column in columns[2:])
    number = quadrants["quadrant"].to_numpy()
    x = _sideways(often, across)
    size = {"s": 6, "alpha": 0.3} if len(quadrants) > 3_000 else {"s": 18, "alpha": 0.6}
    for one, (marker, colour) in _LOOKS.items():
        part = (number == one) & (ticket > 0)
        ax.scatter(
            x[part], ticket[part], marker=marker, color=PALETTE[colour], linewidths=0, **size
        )
    ax.axvline(across, color=PALETTE[5], linewidth=1.6)
    if (ticket > 0).any():
        ax.axhline(along, color=PALETTE[5], linewidth=1.6)
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
        # Room for the words in the corners.
        ax.set_ylim(np.nanmin(ticket) / 2, np.nanmax(ticket) * 2)
    for one, name in QUADRANTS.items():
        heads, absent = int((number == one).sum()), int(((number == one) & ~(ticket > 0)).sum())
        words = f"{one} {_(name)}\n"
        words += ngettext("{n:,} customer", "{n:,} customers", heads).format(n=heads)
        if absent:
            words += "\n" + _("({n:,} never returned)").format(n=absent)
        _corner(ax, one, words)
    ax.set_xscale("symlog", linthresh=1, linscale=0.6)
    ax.set_xticks(_TICKS, minor=False)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    ax.set_xlim(0, max(2.0, 1.3 * float(often.max())))
    ax.set(xlabel=_("Returns per year (log scale above 1; points spread a little)"))
    ax.set(ylabel=_("Mean spend per return (money, log scale)"))
    return dress(ax)


@drawn
def plot_repurchase(
    gaps: pd.DataFrame, *, mean_gap_days: float | None = None, ax: Axes | None = None
) -> Axes:
    """Histogram of the days between purchases; gaps still open are hatched on top.

    Parameters
    ----------
    gaps : DataFrame, as returned by `repurchase_gaps`
        gap_days : int64
        returned : bool
    mean_gap_days : float, optional
        Where to draw a line, such as `repurchase_summary(…).mean_gap_days`.

    See Also
    --------
    crmlab.members.measure.repurchase_gaps : makes the frame.
    """
    gaps = drawable(gaps, "gap_days", "returned")

    ax = plt.gca() if ax is None else ax
    days, returned = gaps["gap_days"].to_numpy(), gaps["returned"].to_numpy(bool)
    closed, waiting = days[returned], days[~returned]
    edges = np.histogram_bin_edges(days, bins=30)
    tops = np.histogram(closed, edges)[0]
    middle, width = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    label = _("came back ({n:,})").format(n=len(closed))
    ax.bar(middle, tops, width, color=PALETTE[0], edgecolor="white", label=label)
    label = _("still open at the end ({n:,})").format(n=len(waiting))
    more = np.histogram(waiting, edges)[0]
    bars = ax.bar(middle, more, width, tops, label=label, color="white", edgecolor="grey")
    for bar in bars:
        bar.set_hatch("////")
    if mean_gap_days is not None:
        label = _("mean of those who came back: {days:.1f} days").format(days=mean_gap_days)
        ax.axvline(mean_gap_days, color=PALETTE[5], linewidth=1.6, linestyle="--", label=label)
    ax.set(xlabel=_("Days from one purchase day to the next"), ylabel=_("Gaps (count)"))
    ax.legend(frameon=False)
    return dress(ax)


def _sideways(often: np.ndarray, line: float) -> np.ndarray:
    """Return `often` spread a little, since counts repeat, and nobody moved over the line."""
    low, high = often * 0.85, often * 1.15
    low, high = np.where(often > line, [np.maximum(low, line), high], [low, np.minimum(high, line)])
    return np.random.default_rng(0).uniform(low, high)


def _corner(ax: Axes, number: int, words: str) -> None:
    """Write `words` into the corner of the quadrant `number`."""
    right, top = number in (1, 4), number in (1, 2)
    ax.text(
        0.985 if right else 0.015,
        0.98 if top else 0.02,
        words,
        transform=ax.transAxes,
        ha="right" if right else "left",
        va="top" if top else "bottom",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 2},
    )
