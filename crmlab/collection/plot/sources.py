"""Pictures of files, channels and sources."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, SHADES, drawable, drawn, dress
from crmlab._words import N_, _

# What files are called here and in the worlds that are simulated.
_FILES = (N_("till"), N_("web shop"), N_("service desk"), N_("survey"), N_("together"))
_FEATURES = {
    "freshness": N_("freshness"),
    "coverage": N_("coverage"),
    "first_hand": N_("first-hand"),
    "re_creation": N_("re-creation"),
}


@drawn
def plot_information_scores(scores: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the four features of each file as a heat map from 0 to 1.

    Parameters
    ----------
    scores : DataFrame, as returned by `information_scores`
        file, freshness, coverage, first_hand, re_creation

    See Also
    --------
    crmlab.collection.measure.information_scores : makes the frame.
    """
    scores = drawable(scores, "file", *_FEATURES)

    ax = plt.gca() if ax is None else ax
    cells = scores[[*_FEATURES]].to_numpy("float64")
    ax.pcolormesh(np.ma.masked_invalid(cells), cmap=SHADES, vmin=0, vmax=1, edgecolors="white")
    for row, column in np.ndindex(*cells.shape):
        said = "–" if np.isnan(cells[row, column]) else f"{cells[row, column]:.2f}"
        ax.text(column + 0.5, row + 0.5, said, ha="center", va="center")
    ax.set_xticks(np.arange(len(_FEATURES)) + 0.5, [_(name) for name in _FEATURES.values()])
    ax.set_yticks(np.arange(len(scores)) + 0.5, [_(str(file)) for file in scores["file"]])
    ax.invert_yaxis()
    ax.tick_params(length=0)
    return dress(ax)


@drawn
def plot_channels(
    report: pd.DataFrame, *, truth: pd.DataFrame | None = None, ax: Axes | None = None
) -> Axes:
    """Draw raw and shrunk conversion of each channel with intervals, and the truth if it is known.

    Parameters
    ----------
    report : DataFrame, as returned by `channel_report`
        method, conversion, shrunk, shrunk_low, shrunk_high
    truth : DataFrame, optional
        method, conversion

    See Also
    --------
    crmlab.collection.measure.channel_report : makes the frame.
    """
    columns = ("method", "leads", "conversion", "shrunk", "shrunk_low", "shrunk_high")
    report = drawable(report, *columns)
    known = None if truth is None else drawable(truth, "method", "conversion")

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(report))[::-1]
    reach = [report["shrunk"] - report["shrunk_low"], report["shrunk_high"] - report["shrunk"]]
    ax.errorbar(
        report["shrunk"], place, xerr=reach, fmt="o", color=PALETTE[0], capsize=3,
        label=_("shrunk, 95% interval"),
    )  # fmt: skip
    ax.plot(
        report["conversion"], place, "x", color=PALETTE[5], markersize=8, label=_("raw rate"),
        clip_on=False,
    )  # fmt: skip
    if known is not None:
        true = known.set_index("method")["conversion"].reindex(report["method"])
        ax.plot(
            true, place, "D", color=PALETTE[2], markerfacecolor="none", markersize=8,
            label=_("truth"),
        )  # fmt: skip
    names = zip(report["method"], report["leads"], strict=True)
    labels = [_("{name} ({n})").format(name=_(str(name)), n=int(n)) for name, n in names]
    ax.set_yticks(place, labels)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Leads who became customers"), xlim=(0, None))
    ax.legend(frameon=False, loc="lower right")
    return dress(ax)


@drawn
def plot_sources(reports: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw which source knows what: the share of accounts for each source and field.

    Parameters
    ----------
    reports : DataFrame, one row per report, as returned by `simulate_intel`
        account_id, field, source

    See Also
    --------
    crmlab.collection.model.SourceFusion : which of them can be believed.
    """
    reports = drawable(reports, "account_id", "field", "source")

    ax = plt.gca() if ax is None else ax
    accounts = len(reports["account_id"].unique())
    table = reports.groupby(["source", "field"])["account_id"].nunique().unstack(fill_value=0)
    table = table / accounts
    table = table.loc[table.mean(axis=1).sort_values(ascending=False).index]
    ax.pcolormesh(table.to_numpy(), cmap=SHADES, vmin=0, vmax=1, edgecolors="white")
    for row, column in np.ndindex(*table.shape):
        said = f"{table.iloc[row, column]:.0%}"
        ax.text(column + 0.5, row + 0.5, said, ha="center", va="center")
    ax.set_xticks(np.arange(table.shape[1]) + 0.5, [_(str(name)) for name in table.columns])
    ax.set_yticks(np.arange(table.shape[0]) + 0.5, [_(str(name)) for name in table.index])
    ax.invert_yaxis()
    ax.tick_params(length=0)
    return dress(ax)
