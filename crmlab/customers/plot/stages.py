"""The five stages of a life: as areas over time, as streams between months, against the truth."""

from __future__ import annotations

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, SHADES, drawable, drawn, dress
from crmlab._words import _, pgettext

# Stage: colour.
_STAGES = {
    "new": "0.85",
    "acquisition": PALETTE[4],
    "growth": PALETTE[2],
    "maturity": PALETTE[0],
    "decline": PALETTE[1],
    "termination": "0.6",
    "not seen": "0.85",
}
_GAP, _BAR = 0.03, 0.06


@drawn
def plot_stage_shares(stage_shares: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Stacked areas of the share of customers in each stage, month by month.

    Parameters
    ----------
    stage_shares : DataFrame, as returned by `stage_shares` or `steps_ahead`
        month : numbers; stage : str
        share : float64

    See Also
    --------
    crmlab.customers.measure.stage_shares : makes the frame.
    """
    stage_shares = drawable(stage_shares, "month", "stage", "share")

    ax = plt.gca() if ax is None else ax
    table = stage_shares.pivot_table(index="month", columns="stage", values="share", aggfunc="sum")
    names = [name for name in _STAGES if name in table] + [n for n in table if n not in _STAGES]
    colours = [_STAGES.get(str(name), "0.4") for name in names]
    labels = [_said(str(name)) for name in names]
    areas = table[names].fillna(0.0).to_numpy("float64").T
    ax.stackplot(
        table.index, areas, colors=colours, labels=labels, edgecolor="white", linewidth=0.5
    )
    ax.set(xlabel=_("Month"), ylabel=_("Share of customers"), ylim=(0, 1))
    ax.set_xlim(table.index.min(), max(table.index.max(), table.index.min() + 1))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    handles, words = ax.get_legend_handles_labels()
    place = {"loc": "center left", "bbox_to_anchor": (1.0, 0.5), "frameon": False}
    ax.legend(handles[::-1], words[::-1], **place)
    return dress(ax)


@drawn
def plot_stage_flow(stage_flow: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Sankey diagram: a column of stages for each month, streams as wide as customers between them.

    Parameters
    ----------
    stage_flow : DataFrame, as returned by `stage_flow`
        from_month, to_month, customers : int64
        from_stage, to_stage : str

    See Also
    --------
    crmlab.customers.measure.stage_flow : makes the frame.
    """
    columns = ("from_month", "to_month", "from_stage", "to_stage", "customers")
    stage_flow = drawable(stage_flow, *columns)

    ax = plt.gca() if ax is None else ax
    months = sorted({*stage_flow["from_month"], *stage_flow["to_month"]})
    total = stage_flow.groupby("from_month")["customers"].sum().max()
    columns_of = {month: _column(stage_flow, month, total) for month in months}
    for month, blocks in columns_of.items():
        x = months.index(month)
        for name, (low, high, count) in blocks.items():
            edge = {"edgecolor": "white", "linewidth": 0.5}
            ax.bar(x, high - low, _BAR * 2, low, color=_STAGES.get(name, "0.4"), **edge)
            if high - low > 0.03:
                between = "\n" if high - low > 0.09 else " "
                words = f"{_said(name)}{between}{count:,}"
                on_right = x == len(months) - 1
                at = (_BAR + 0.03) if on_right else -(_BAR + 0.03) if x == 0 else 0.0
                align = "left" if on_right else "right" if x == 0 else "center"
                box = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.8}
                style = {"ha": align, "va": "center", "fontsize": 9, "zorder": 5}
                ax.text(x + at, (low + high) / 2, words, bbox=box, **style)
    for one, other in pairwise(months):
        _streams(ax, stage_flow, columns_of, (one, other), (months.index(one), months.index(other)))
    ax.set_xticks(range(len(months)), [_("month {month}").format(month=m) for m in months])
    ax.set(
        xlim=(-0.45, len(months) - 0.55),
        yticks=[],
        xlabel=_("Customers by stage (width of the streams)"),
    )
    for side in ("left", "right", "top", "bottom"):
        ax.spines[side].set_visible(False)
    return dress(ax)


@drawn
def plot_stage_confusion(stage_confusion: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Heat map of true stages against those found by rule: the share of each true stage.

    Parameters
    ----------
    stage_confusion : DataFrame, as returned by `stage_confusion`
        true_stage, found_stage : str
        customer_months : int64; recall : float64

    See Also
    --------
    crmlab.customers.measure.stage_confusion : makes the frame.
    """
    columns = ("true_stage", "found_stage", "customer_months", "recall")
    stage_confusion = drawable(stage_confusion, *columns)

    ax = plt.gca() if ax is None else ax
    order = [*dict.fromkeys(stage_confusion["true_stage"])]
    share = stage_confusion.pivot(index="true_stage", columns="found_stage", values="recall")
    share = share.reindex(index=order, columns=order).astype("float64")
    words = share.map(lambda one: "–" if np.isnan(one) else f"{one:.0%}")
    sns.heatmap(share, annot=words, fmt="", vmin=0, vmax=1, cmap=SHADES, cbar=False, ax=ax)
    names = [_said(str(name)) for name in order]
    ax.set_xticklabels(names)
    ax.set_yticklabels(names)
    ax.tick_params(axis="both", rotation=0)
    ax.set(xlabel=_("Stage by rule (share of the true stage)"), ylabel=_("True stage"))
    return dress(ax)


def _said(stage: str) -> str:
    """Return a stage in the reader's language."""
    words = {
        "new": _("new"),
        "acquisition": pgettext("stage", "acquisition"),
        "growth": pgettext("stage", "growth"),
        "maturity": pgettext("stage", "maturity"),
        "decline": pgettext("stage", "decline"),
        "termination": pgettext("stage", "termination"),
        "not seen": _("not seen"),
    }
    return words.get(stage, stage)


def _column(flow: pd.DataFrame, month: object, total: float) -> dict[str, tuple[float, float, int]]:
    """Return where each stage stands in the column of a month, top to bottom, and its customers."""
    sides = [("from_month", "from_stage"), ("to_month", "to_stage")]
    counts = [flow[flow[when] == month].groupby(stage)["customers"].sum() for when, stage in sides]
    count = pd.concat(counts, axis=1).max(axis=1).drop(["new", "not seen"], errors="ignore")
    new = counts[0].get("new", 0)
    gone = counts[1].get("not seen", 0)
    count = pd.concat([count, pd.Series({"new": new, "not seen": gone})])
    top, blocks = 0.0, {}
    for name in [*_STAGES, *(n for n in count.index if n not in _STAGES)]:
        if count.get(name, 0):
            size = float(count[name]) / float(total)
            blocks[name] = (top - size, top, int(count[name]))
            top -= size + _GAP
    return blocks


def _streams(
    ax: Axes,
    flow: pd.DataFrame,
    columns: dict,
    months: tuple[object, object],
    places: tuple[int, int],
) -> None:
    """Draw the streams between two columns, each from the top of what is left at both ends."""
    part = flow[(flow["from_month"] == months[0]) & (flow["to_month"] == months[1])]
    order = {name: place for place, name in enumerate(_STAGES)}
    part = part.assign(
        a=part["from_stage"].map(order).fillna(99), b=part["to_stage"].map(order).fillna(99)
    ).sort_values(["a", "b"])
    starts, ends = ({name: block[1] for name, block in columns[month].items()} for month in months)
    block = next(iter(columns[months[0]].values()))
    unit = (block[1] - block[0]) / block[2]
    curve = np.linspace(0, 1, 40)
    smooth = 3 * curve**2 - 2 * curve**3
    x = places[0] + _BAR + curve * (places[1] - places[0] - 2 * _BAR)
    for row in part.itertuples():
        before, after = str(row.from_stage), str(row.to_stage)
        size = float(row.customers) * unit  # pyright: ignore[reportArgumentType]
        top = starts[before] + (ends[after] - starts[before]) * smooth
        ax.fill_between(x, top - size, top, color=_STAGES.get(before, "0.4"), alpha=0.35, lw=0)
        starts[before] -= size
        ends[after] -= size
