"""What makes each cluster of customers different."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from crmlab._theme import drawable, drawn, dress
from crmlab._words import _, heading


@drawn
def plot_cluster_profiles(profiles: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Heat map of the clusters' means: the number in its own unit, the colour beside all customers.

    Parameters
    ----------
    profiles : DataFrame, as returned by `CustomerClusters.summary`
        cluster, customers : int64
        variable : str
        mean : float64, in the variable's unit
        z : float64, in standard deviations from the mean of all

    See Also
    --------
    crmlab.rfm.model.CustomerClusters : makes the frame.
    """
    profiles = drawable(profiles, "cluster", "customers", "variable", "mean", "z")

    ax = plt.gca() if ax is None else ax
    order = profiles["variable"].unique()
    grids = {
        name: profiles.pivot(index="variable", columns="cluster", values=name).loc[order]
        for name in ("mean", "z", "customers")
    }
    sns.heatmap(
        grids["z"],
        vmin=-2,
        vmax=2,
        cmap="PuOr_r",
        annot=grids["mean"],
        fmt=".3g",
        linewidths=2,
        cbar_kws={
            "label": _("Standard deviations above the mean of all"),
            "ticks": [-2, -1, 0, 1, 2],
        },
        ax=ax,
    )
    sizes = grids["customers"].iloc[0]
    heads = _("{n:,} customers")
    ax.set_xticklabels([f"{cluster}\n({heads.format(n=size)})" for cluster, size in sizes.items()])
    ax.set_yticklabels([_with_unit(heading(str(name))) for name in order], rotation=0)
    ax.set(xlabel=_("Cluster"), ylabel=_("Mean of the variable"))
    scale = ax.collections[0].colorbar
    if scale is not None:
        dress(scale.ax)
    return dress(ax)


def _with_unit(column: str) -> str:
    """Return a column's name as people write it: charges (CNY) for charges_cny."""
    what, _bar, unit = column.rpartition("_")
    named = {"cny": "CNY", "usd": "USD"} | {each: each for each in ("days", "minutes", "months")}
    if what and unit in named:
        return f"{what.replace('_', ' ')} ({named[unit]})"
    return column.replace("_", " ")
