"""Where customers switch to, and how loyal the buyers of small and large brands are."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._checks import require_columns, require_rows
from crmlab._theme import PALETTE, SHADES, drawn, dress, percent
from crmlab._words import _


@drawn
def plot_switching(switching_matrix: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw from which brand customers go to which, as a heat map.

    Parameters
    ----------
    switching_matrix : DataFrame, as returned by `switching_matrix`
        from_brand, to_brand; share : float64

    Returns
    -------
    Axes
        A row per brand bought last, a column per brand bought next.

    See Also
    --------
    crmlab.loyalty.measure.switching_matrix : makes the frame.
    """
    require_columns(switching_matrix, "from_brand", "to_brand", "share")
    require_rows(switching_matrix)

    ax = plt.gca() if ax is None else ax
    table = switching_matrix.pivot(index="from_brand", columns="to_brand", values="share")
    shares = table.to_numpy("float64")
    rows, columns = shares.shape
    ax.pcolormesh(np.ma.masked_invalid(shares), cmap=SHADES, vmin=0, vmax=1, edgecolors="white")
    for row in range(rows):
        for column in range(columns):
            share = shares[row, column]
            words = "" if np.isnan(share) else percent(float(share))
            ax.text(column + 0.5, row + 0.5, words, ha="center", va="center")
    ax.set_xticks(np.arange(columns) + 0.5, table.columns.astype("str").tolist())
    ax.set_yticks(np.arange(rows) + 0.5, table.index.astype("str").tolist())
    ax.invert_yaxis()
    ax.set(xlabel=_("Brand bought next"), ylabel=_("Brand bought last"))
    return dress(ax)


@drawn
def plot_double_jeopardy(loyalty_against_norm: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw purchases per buyer against penetration, with the norm and intervals for the gap.

    Parameters
    ----------
    loyalty_against_norm : DataFrame, as returned by `loyalty_against_norm`
        brand; penetration, purchases_per_buyer, norm, low, high : float64

    See Also
    --------
    crmlab.loyalty.model.loyalty_against_norm : makes the frame.
    """
    columns = ("brand", "penetration", "purchases_per_buyer", "norm", "low", "high")
    require_columns(loyalty_against_norm, *columns)
    require_rows(loyalty_against_norm)

    ax = plt.gca() if ax is None else ax
    table = loyalty_against_norm.sort_values("penetration", kind="stable")
    x, y, norm = table["penetration"], table["purchases_per_buyer"], table["norm"]
    ax.plot(x, norm, color=PALETTE[5], linestyle="--", label=_("norm for a brand of that share"))
    reach = [y - norm - table["low"], table["high"] - (y - norm)]
    ax.errorbar(
        x, y, yerr=reach, linestyle="", marker="o", color=PALETTE[0], capsize=3, label=_("seen")
    )
    for row in table.to_dict("records"):
        # The norm rises: a name stands left of a brand above it, and right of one below.
        left = row["purchases_per_buyer"] >= row["norm"]
        ax.annotate(
            str(row["brand"]),
            (row["penetration"], row["purchases_per_buyer"]),
            xytext=(-7, 2) if left else (7, -10),
            textcoords="offset points",
            ha="right" if left else "left",
            fontsize=10,
        )
    ax.margins(0.15)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Penetration (share of customers who buy it)"), ylabel=_("Purchases per buyer"))
    ax.legend(frameon=False, loc="upper left")
    return dress(ax)
