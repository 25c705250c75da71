"""Curves of those still there, of why the others left, and of what comes next."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, dated, drawable, drawn, dress
from crmlab._words import N_, _, heading

_STYLES = ("-", "--", "-.", ":")


@drawn
def plot_survival(
    survival: pd.DataFrame,
    *,
    by: str | None = None,
    unit: str = N_("days"),
    at_risk: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share still there in steps, with 95% bands and the numbers at risk below.

    Parameters
    ----------
    survival : DataFrame, as returned by `kaplan_meier`
        time, survival, low, high, at_risk
    by : str, optional
        Column of the groups, if there are several curves.
    unit : str
        Of the time, for the label.
    at_risk : bool
        Write how many are still at risk under the axis.
    """
    named = {"by": by} if by else {}
    survival = drawable(survival, "time", "survival", "low", "high", "at_risk", **named)

    ax = plt.gca() if ax is None else ax
    groups = [(str(name), part) for name, part in survival.groupby(by)] if by else [("", survival)]
    end = survival["time"].max()
    for k, (name, part) in enumerate(groups):
        color, style = PALETTE[k % len(PALETTE)], _STYLES[k % len(_STYLES)]
        low = part["low"].fillna(part["survival"])
        high = part["high"].fillna(part["survival"])
        band = {"step": "post", "color": color, "alpha": 0.2, "lw": 0}
        ax.fill_between(part["time"], low, high, **band)
        ax.step(part["time"], part["survival"], where="post", color=color, ls=style, label=name)
    ax.set_xlim(0, end)
    ax.set_ylim(0, 1.02)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    if at_risk:
        _write_at_risk(ax, groups)
    ax.set(
        xlabel=_("Time since the start ({unit})").format(unit=_(unit)),
        ylabel=_("Still there (%), with 95% interval"),
    )
    if by:
        ax.legend(frameon=False, title=heading(by))
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


def _write_at_risk(ax: Axes, groups: list[tuple[str, pd.DataFrame]]) -> None:
    """Write under each tick how many of each group are still at risk there."""
    low, high = ax.get_xlim()
    ticks = [tick for tick in ax.get_xticks() if low <= tick <= high]
    labels = []
    for tick in ticks:
        there = [
            int(part.loc[part["time"] >= max(tick, 1e-9), "at_risk"].head(1).sum())
            for _name, part in groups
        ]
        labels.append("\n".join([f"{tick:g}", *(f"{n:,}" for n in there)]))
    ax.set_xticks(ticks, labels)
    # Letters and distance as those of the ticks, or the lines of names do not meet the numbers.
    tick = ax.xaxis.get_major_ticks()[0]
    below = (tick.get_pad() or 0) + tick.tick1line.get_markersize()
    names = "\n".join(["", *(name or _("at risk") for name, _part in groups)])
    ax.annotate(
        names,
        (0, 0),
        xycoords="axes fraction",
        xytext=(-20, -below),
        textcoords="offset points",
        va="top",
        ha="right",
        fontsize=tick.label1.get_fontsize(),
        color="0.3",
    )


@drawn
def plot_incidence(
    incidence: pd.DataFrame, *, unit: str = N_("days"), ax: Axes | None = None
) -> Axes:
    """Share that has left for each reason; dotted, what a curve of that reason alone would claim.

    Parameters
    ----------
    incidence : DataFrame, as returned by `cumulative_incidence`
        reason, time, incidence, low, high, one_reason_only
    unit : str
        Of the time, for the label.
    """
    columns = ["reason", "time", "incidence", "low", "high", "one_reason_only"]
    incidence = drawable(incidence, *columns)

    ax = plt.gca() if ax is None else ax
    for k, (name, part) in enumerate(incidence.groupby("reason")):
        color, style = PALETTE[k % len(PALETTE)], _STYLES[k % 3]
        band = {"step": "post", "color": color, "alpha": 0.2, "lw": 0}
        ax.fill_between(part["time"], part["low"].fillna(0), part["high"].fillna(0), **band)
        ax.step(
            part["time"], part["incidence"], where="post", color=color, ls=style, label=_(str(name))
        )
        ax.step(part["time"], part["one_reason_only"], where="post", color=color, ls=":", lw=1.2)
    ax.plot([], [], color="0.4", ls=":", label=_("the others censored"))
    ax.set_xlim(0, incidence["time"].max())
    ax.set_ylim(0)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(
        xlabel=_("Time since the start ({unit})").format(unit=_(unit)),
        ylabel=_("Left for this reason (%)"),
    )
    ax.legend(frameon=False, loc="upper left")
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_projection(
    survivors: pd.DataFrame,
    fitted: pd.DataFrame,
    naive: pd.DataFrame | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the customers of a cohort still there, a fitted curve with its band, and naive ones.

    Parameters
    ----------
    survivors : DataFrame
        period, and survival: the share seen, also of periods that were not fitted
    fitted : DataFrame, as returned by `ShiftedBetaGeometric.predict`
        period, survival, low, high
    naive : DataFrame, as returned by `naive_projections`; optional
        curve, period, survival
    """
    survivors = drawable(survivors, "period", "survival")
    fitted = drawable(fitted, "period", "survival", "low", "high")
    if naive is not None:
        naive = drawable(naive, "curve", "period", "survival")

    ax = plt.gca() if ax is None else ax
    blue = PALETTE[0]
    low, high = (fitted[c].fillna(fitted["survival"]) for c in ("low", "high"))
    ax.fill_between(fitted["period"], low, high, color=blue, alpha=0.2, lw=0)
    ax.plot(
        fitted["period"], fitted["survival"], color=blue, label=_("shifted beta-geometric, 95%")
    )
    if naive is not None:
        for k, (name, part) in enumerate(naive.groupby("curve"), start=1):
            style = _STYLES[1:][k % 3]
            ax.plot(
                part["period"], part["survival"], color=PALETTE[k], ls=style, label=_(str(name))
            )
    ax.plot(
        survivors["period"], survivors["survival"], "o", color=PALETTE[6], ms=5, label=_("seen")
    )
    ax.set_ylim(0, 1.05)
    ax.set_xlim(0, fitted["period"].max())
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Renewals since signing"), ylabel=_("Still there (%)"))
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_lexis(
    durations: pd.DataFrame,
    *,
    start: str = "started_on",
    most: int = 60,
    ax: Axes | None = None,
) -> Axes:
    """Lexis diagram: each contract is a line that climbs by a day of age on each day.

    A dot is an end. A line that leaves at the right edge is censored; one that begins above the
    axis was there before the record.

    Parameters
    ----------
    durations : DataFrame, as returned by `observed_durations`
        duration, ended, the start, and entry where some came late; all in days
    start : str, column of dates
    most : int
        Lines to draw: every so-many-th contract by its start.
    """
    durations = drawable(durations, "duration", "ended", start=start)

    ax = plt.gca() if ax is None else ax
    rows = durations.sort_values([start, "duration"])
    rows = rows.iloc[np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(int)]
    entry = rows["entry"] if "entry" in rows else pd.Series(0, index=rows.index)
    began = rows[start]
    x = np.array(
        [
            began + pd.to_timedelta(entry, unit="D"),
            began + pd.to_timedelta(rows["duration"], unit="D"),
        ]
    )
    y = np.array([entry, rows["duration"]]) / (365.25 / 12)
    ax.plot(x, y, color=PALETTE[0], lw=0.8, alpha=0.7)
    left = rows["ended"].to_numpy(bool)
    ax.plot(x[1, left], y[1, left], "o", color=PALETTE[5], ms=4, label=_("left"))
    ax.set_ylim(0)
    dated(ax.xaxis)
    ax.set(xlabel=_("Calendar"), ylabel=_("Age of the contract (months)"))
    ax.legend(frameon=False, loc="upper left")
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)
