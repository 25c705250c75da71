"""Risk against what is known, and against what is lost."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import PercentFormatter, StrMethodFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _, heading

_MARKERS = {"as it is": "*", "full domain": "s", "Mondrian": "o"}


@drawn
def plot_risk_by_quasi(risk_by_quasi: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of people alone against the number of columns known, a dot per choice of columns.

    The line joins the most telling choice of each size, which is named below.

    Parameters
    ----------
    risk_by_quasi : DataFrame, as returned by `risk_by_quasi`
        quasi_identifiers : int64
        columns : str
        share_unique : float64

    See Also
    --------
    crmlab.privacy.measure.risk_by_quasi : makes the frame.
    """
    risk_by_quasi = drawable(risk_by_quasi, "quasi_identifiers", "columns", "share_unique")

    ax = plt.gca() if ax is None else ax
    known, share = risk_by_quasi["quasi_identifiers"], risk_by_quasi["share_unique"]
    ax.scatter(known, share, s=40, color=PALETTE[4], edgecolor=PALETTE[0], zorder=2)
    worst = risk_by_quasi.loc[share.groupby(known).idxmax().to_numpy(), :]
    ax.plot(worst["quasi_identifiers"], worst["share_unique"], color=PALETTE[5], zorder=1)
    told = zip(worst["quasi_identifiers"], worst["columns"].astype("str"), strict=True)
    words = [f"{n}\n" + "\n+ ".join(map(heading, names.split(" + "))) for n, names in told]
    ax.set_xticks(worst["quasi_identifiers"], words)
    ax.set(xlabel=_("Columns known, and the most telling choice of so many"))
    ax.set(ylabel=_("People who are alone (share)"))
    ax.set(ylim=(-0.05, 1.05), xlim=(0.5, known.max() + 0.5))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    return dress(ax)


@drawn
def plot_risk_utility(risk_utility: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Error of the analyst against the risk left, a point per method and k.

    Down is better for the analyst, left is better for the people; each point says its k.

    Parameters
    ----------
    risk_utility : DataFrame, as returned by `risk_utility`
        method : str
        k : int64
        risk, error : float64

    See Also
    --------
    crmlab.privacy.model.risk_utility : makes the frame.
    """
    risk_utility = drawable(risk_utility, "method", "k", "risk", "error")

    ax = plt.gca() if ax is None else ax
    for number, (method, part) in enumerate(risk_utility.groupby("method", sort=False)):
        ax.plot(
            part["risk"],
            part["error"],
            marker=_MARKERS.get(str(method), "D"),
            color=PALETTE[(6, 0, 5)[number % 3]],
            markersize=12 if method == "as it is" else 7,
            linewidth=1.5,
            linestyle="" if method == "full domain" else "-",  # its steps jump about
            label=_(str(method)),
        )
        _name_points(ax, part, aside=method == "Mondrian")
    ax.set_xscale("log")
    top = risk_utility["error"].max() or 0.01
    ax.set(ylim=(-0.15 * top, 1.2 * top), xlim=(risk_utility["risk"].min() / 1.8, 1.8))
    ax.set(xlabel=_("Risk: chance to guess the right person (share, log scale)"))
    ax.set(ylabel=_("Error of the analyst's answer\n(share of the mean)"))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:.1%}"))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.legend(loc="upper right", frameon=False)
    return dress(ax)


def _name_points(ax: Axes, part: pd.DataFrame, *, aside: bool) -> None:
    """Write its k beside each point; several k may come out at the same table, and so point."""
    named = part["k"].astype("str").groupby([part["risk"], part["error"]]).agg(", ".join)
    for risk, error, ks in named.reset_index().itertuples(index=False):
        ax.annotate(
            f"k={ks}",
            (risk, error),
            (7, 3) if aside else (0, 8),
            textcoords="offset points",
            ha="left" if aside else "center",
            va="bottom",
            path_effects=[Stroke(linewidth=3, foreground="white"), Normal()],
        )
