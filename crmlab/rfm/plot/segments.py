"""Pictures of scores and segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from crmlab._checks import require_one_of
from crmlab._theme import PALETTE, SHADES, drawable, drawn, dress, percent
from crmlab._words import N_, _

_SHOWN = {
    "customers": N_("Customers"),
    "spend": N_("Spend"),
    "mean_spend": N_("Spend per customer"),
}


@drawn
def plot_rfm_map(
    cells: pd.DataFrame,
    *,
    show: Literal["customers", "spend", "mean_spend"] = "customers",
    ax: Axes | None = None,
) -> Axes:
    """Heat map of recency by frequency score, with the number in each cell.

    Parameters
    ----------
    cells : DataFrame, as returned by `rfm_map`
        recency_score, frequency_score : int64
        customers : int64
        spend, mean_spend : float64
    show : "customers", "spend" or "mean_spend"
        Which column the cells show.

    Raises
    ------
    OutOfRangeError
        If `show` is none of the three words.

    See Also
    --------
    crmlab.rfm.measure.rfm_map : makes the frame.
    """
    require_one_of("show", show, _SHOWN)
    cells = drawable(cells, "recency_score", "frequency_score", show)

    ax = plt.gca() if ax is None else ax
    grid = cells.pivot(index="frequency_score", columns="recency_score", values=show)
    grid = grid.sort_index(ascending=False)
    words = grid.map(lambda value: "" if pd.isna(value) else f"{value:,.0f}")
    sns.heatmap(
        grid.astype("float64"),
        annot=words,
        fmt="",
        cmap=SHADES,
        linewidths=1,
        cbar_kws={
            "label": _(_SHOWN[show]),
            "ticks": MaxNLocator(integer=True),
            "format": StrMethodFormatter("{x:,.0f}"),
        },
        ax=ax,
    )
    ax.set(
        xlabel=_("Recency score (right: bought lately)"),
        ylabel=_("Frequency score (up: buys often)"),
    )
    ax.tick_params(axis="y", rotation=0)
    return dress(ax)


@drawn
def plot_segments(summary: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Bars of each segment's share of customers beside its share of spend.

    Parameters
    ----------
    summary : DataFrame, as returned by `segment_summary`
        segment : str
        customers : int64
        share_of_customers, share_of_spend : float64

    See Also
    --------
    crmlab.rfm.measure.segment_summary : makes the frame.
    """
    summary = drawable(summary, "segment", "customers", "share_of_customers", "share_of_spend")

    ax = plt.gca() if ax is None else ax
    rows = summary[::-1].reset_index(drop=True)
    kinds = (
        ("share_of_customers", _("share of customers"), 0.2, PALETTE[4], ""),
        ("share_of_spend", _("share of spend"), -0.2, PALETTE[0], "//"),
    )
    for column, label, shift, colour, hatch in kinds:
        bars = ax.barh(
            rows.index + shift,
            rows[column],
            0.38,
            label=label,
            color=colour,
            hatch=hatch,
            edgecolor="white",
        )
        ax.bar_label(bars, labels=[percent(share) for share in rows[column]], padding=3)
    counts = zip(rows["segment"], rows["customers"], strict=True)
    names = [f"{_(segment)} ({customers:,})" for segment, customers in counts]
    ax.set_yticks(rows.index, names)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.margins(x=0.1)
    ax.set(xlabel=_("Share (%)"), ylabel=_("Segment (customers)"))
    ax.legend(frameon=False, loc="lower right")
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_weighted_scores(
    scores: pd.DataFrame, *, weights: Mapping[str, float], ax: Axes | None = None
) -> Axes:
    """Bars of a few customers' weighted scores, made of what each dimension gives.

    Parameters
    ----------
    scores : DataFrame, as returned by `rfm_scores` with these weights
        customer_id : int64 or str
        recency_score, frequency_score, monetary_score : int64
        rfm_score : float64
    weights : mapping with recency, frequency, monetary
        The weights that made `rfm_score`; only their proportions matter.

    See Also
    --------
    crmlab.rfm.measure.rfm_scores : makes the frame.
    """
    names = ("recency", "frequency", "monetary")
    scores = drawable(scores, "customer_id", "rfm_score", *(f"{name}_score" for name in names))

    ax = plt.gca() if ax is None else ax
    rows = scores[::-1]
    customers = rows["customer_id"].astype("str").to_list()
    left, total = 0.0, sum(weights[name] for name in names)
    looks = zip(names, (PALETTE[4], PALETTE[1], PALETTE[2]), ("", "//", ".."), strict=True)
    for name, colour, hatch in looks:
        part = rows[f"{name}_score"].to_numpy() * weights[name] / total
        label = f"{_(name)} ({weights[name] / total:.0%})"
        ax.barh(
            customers, part, 0.6, left, color=colour, hatch=hatch, edgecolor="white", label=label
        )
        left = left + part
    best = rows["rfm_score"].max()
    for place, score in enumerate(rows["rfm_score"]):
        won = score > best - 1e-9
        words = f" {score:.2f}" + (" ★" if won else "")
        ax.text(score, place, words, va="center", weight="bold" if won else "normal")
    ax.margins(x=0.12)
    ax.set(xlabel=_("Weighted score (★ highest)"), ylabel=_("Customer"))
    ax.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)
