"""Pictures of a survey: what made it wrong, what it costs, and when it is done."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _

# Steps of an audit that are no problem of their own.
_STEPS = (N_("truth"), N_("who answers"), N_("method"), N_("estimate"))


@drawn
def plot_bias_audit(audit: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the way from the truth to the estimate as a waterfall, a bar per problem.

    Parameters
    ----------
    audit : DataFrame, as returned by `bias_audit`
        step : str; effect, standard_error, total : float64, points

    See Also
    --------
    crmlab.collection.measure.bias_audit : makes the frame.
    """
    audit = drawable(audit, "step", "effect", "standard_error", "total")

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(audit))[::-1]
    total = audit["total"].to_numpy("float64")
    effect = audit["effect"].fillna(0).to_numpy("float64")
    colours = np.where(effect >= 0, PALETTE[1], PALETTE[4])
    hatches = np.where(effect >= 0, "", "//")
    for at, end, by, colour, hatch in zip(place, total, effect, colours, hatches, strict=True):
        ax.barh(at, by, left=end - by, color=colour, hatch=hatch, edgecolor="white", height=0.7)
    ends = [0, len(audit) - 1]
    ax.plot(total[ends], place[ends], "D", color=PALETTE[0], markersize=8)
    ax.axvline(total[0], color=PALETTE[6], linewidth=0.8, linestyle=":")
    wide = np.ptp(np.concatenate([total, total - effect])) or 1.0
    for at, end, by in zip(place, total, effect, strict=True):
        said = f"{by:+.1f}" if at not in place[ends] else f"{end:.1f}"
        ax.text(max(end, end - by) + 0.02 * wide, at, said, va="center")
    ends_of_all = np.concatenate([total, total - effect])
    ax.set_xlim(ends_of_all.min() - 0.05 * wide, ends_of_all.max() + 0.15 * wide)
    ax.set_yticks(place, [_(str(step)) for step in audit["step"]])
    ax.set_xlabel(_("Mean satisfaction (points)"))
    return dress(ax)


@drawn
def plot_methods(comparison: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each method by its bias and its standard error; the nearer to the corner, the better.

    Parameters
    ----------
    comparison : DataFrame, as returned by `compare_methods`
        method : str; answers, bias, standard_error : float64; estimates_proportions : bool

    See Also
    --------
    crmlab.collection.measure.compare_methods : makes the frame.
    """
    columns = ("method", "answers", "bias", "standard_error", "estimates_proportions")
    comparison = drawable(comparison, *columns)

    ax = plt.gca() if ax is None else ax
    x = comparison["bias"].abs().to_numpy("float64")
    y = comparison["standard_error"].to_numpy("float64")
    end = 1.15 * max(x.max(), y.max())
    turn = np.linspace(0, np.pi / 2, 60)
    for radius in MaxNLocator(5).tick_values(0, end)[1:]:
        ax.plot(radius * np.cos(turn), radius * np.sin(turn), color="#CCCCCC", linewidth=0.8)
    fit = comparison["estimates_proportions"].to_numpy(bool)
    ax.plot(x[fit], y[fit], "o", color=PALETTE[0], label=_("can say how many"))
    if not fit.all():
        ax.plot(x[~fit], y[~fit], "X", color=PALETTE[5], markersize=9, label=_("cannot"))
    rows = zip(comparison["method"], comparison["answers"], x, y, strict=True)
    points = [*zip(x, y, strict=True)]
    heights: list[tuple[float, float]] = []
    tall = 1.25 * y.max()
    line = {"arrowstyle": "-", "color": "#CCCCCC", "relpos": (0, 0.5), "shrinkA": 0}
    for name, answers, right, up in sorted(rows, key=lambda row: (-row[2], row[3])):
        level = up
        # Names that would lie on each other go above one another, the leftmost point's on top,
        # and none lies on a point.
        while any(
            abs(level - b) < 0.05 * tall and abs(right - a) < 0.3 * end for a, b in heights
        ) or any(abs(level - b) < 0.03 * tall and 0 < a - right < 0.2 * end for a, b in points):
            level += 0.05 * tall
        heights.append((right, level))
        said = _("{name} ({n:,})").format(name=_(str(name)), n=int(answers))
        ax.annotate(
            said, (right, up), (right + 0.02 * end, level), va="center",
            arrowprops=line if level > up else None,
        )  # fmt: skip
    top = max(level for _right, level in heights)
    ax.set(xlim=(0, 1.25 * end), ylim=(0, max(tall, top + 0.1 * tall)))
    ax.set(xlabel=_("Bias (points)"), ylabel=_("Standard error (points)"))
    ax.legend(framealpha=1, edgecolor="white", loc="upper right")
    return dress(ax)


@drawn
def plot_timeline(timeline: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the six steps of a survey by week, as Gantt did.

    Parameters
    ----------
    timeline : DataFrame, as returned by `SurveyPlan.timeline`
        step : str; begins, ends : int64, weeks

    See Also
    --------
    crmlab.collection.SurveyPlan : whose `timeline` makes the frame.
    """
    timeline = drawable(timeline, "step", "begins", "ends")

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(timeline))[::-1]
    begins = timeline["begins"].to_numpy("float64") - 1
    weeks = timeline["ends"].to_numpy("float64") - begins
    ax.barh(place, weeks, left=begins, color=PALETTE[0], height=0.6)
    ax.set_yticks(place, [_(str(step)) for step in timeline["step"]])
    last = int((begins + weeks).max())
    ax.set_xticks(np.arange(last) + 0.5, [str(week + 1) for week in range(last)])
    ax.set(xlabel=_("Week"), xlim=(0, last))
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.5)
    ax.set_axisbelow(True)
    return dress(ax)
