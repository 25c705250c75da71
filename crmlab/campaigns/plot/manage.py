"""Pictures of managing: agents, the seven elements, twelve duties."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _, pgettext

_KINDS = {"hard": N_("{element} (hard)"), "soft": N_("{element} (soft)")}


@drawn
def plot_staffing(staffing: pd.DataFrame, *, target: float = 0.8, ax: Axes | None = None) -> Axes:
    """Draw the service level and the occupancy against the number of agents.

    Parameters
    ----------
    staffing : DataFrame, as returned by `staffing`
        agents, occupancy, service_level
    target : float
        A line at the share of calls to be answered in time.

    See Also
    --------
    crmlab.campaigns.measure.staffing : makes the frame.
    """
    table = drawable(staffing, "agents", "occupancy", "service_level").sort_values("agents")

    ax = plt.gca() if ax is None else ax
    ax.axhline(target, color="grey", linestyle=":", linewidth=1, label=_("target"))
    ax.plot(
        table["agents"], table["service_level"], "-o", color=PALETTE[0],
        label=_("answered in time"),
    )  # fmt: skip
    ax.plot(table["agents"], table["occupancy"], "--s", color=PALETTE[1], label=_("time on calls"))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel=_("Agents"), ylabel=_("Share of calls, share of time"), ylim=(0, 1.05))
    ax.legend(frameon=False, loc="lower right")
    return dress(ax)


@drawn
def plot_gap_7s(gaps: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each of the seven elements as it is and as it should be, the widest gap on top.

    Parameters
    ----------
    gaps : DataFrame, as returned by `gap_7s`
        element, kind, current, target, gap

    See Also
    --------
    crmlab.campaigns.measure.gap_7s : makes the frame.
    """
    table = drawable(gaps, "element", "kind", "current", "target", "gap")
    table = table.sort_values(["gap", "element"], ascending=[False, True])

    ax = plt.gca() if ax is None else ax
    at = -np.arange(len(table))
    ax.hlines(at, table["current"], table["target"], color="grey", linewidth=2)
    ax.plot(
        table["current"],
        at,
        "o",
        color=PALETTE[1],
        markersize=9,
        label=pgettext("as it is", "today"),
    )
    ax.plot(table["target"], at, "D", color=PALETTE[0], markersize=8, label=_("target"))
    names = [
        _(_KINDS.get(str(kind), "{element}")).format(element=_(str(element)))
        for element, kind in zip(table["element"], table["kind"], strict=True)
    ]
    ax.set_yticks(at, names)
    ax.set(xlabel=_("Score, 0 to 4"), xlim=(-0.1, 4.1), ylim=(-len(table) + 0.4, 0.9))
    ax.legend(frameon=False, loc="upper left", ncols=2)
    return dress(ax)


@drawn
def plot_maturity(audit: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each duty's score by others with its interval, and by those whose own duty it is.

    Parameters
    ----------
    audit : DataFrame, as returned by `maturity_audit`
        duty, by_own, by_others, low, high

    See Also
    --------
    crmlab.campaigns.measure.maturity_audit : makes the frame.
    """
    table = drawable(audit, "duty", "by_own", "by_others", "low", "high").sort_values("duty")

    ax = plt.gca() if ax is None else ax
    reach = [table["by_others"] - table["low"], table["high"] - table["by_others"]]
    ax.errorbar(
        table["duty"], table["by_others"], yerr=reach, fmt="o", color=PALETTE[0], capsize=3,
        label=_("by others, 95% interval"),
    )  # fmt: skip
    ax.plot(table["duty"], table["by_own"], "D", color=PALETTE[1], label=_("by its own people"))
    ax.set_xticks(table["duty"].astype(int))
    ax.set(xlabel=_("Duty"), ylabel=_("Score, 0 to 4"), ylim=(-0.1, 4.6))
    ax.legend(frameon=False, loc="upper right", ncols=2)
    return dress(ax)
