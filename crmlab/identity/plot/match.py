"""Why two records are one person, how sure that is, and how well people are found."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._checks import require_probability
from crmlab._theme import PALETTE, drawable, drawn, dress, fonts
from crmlab._words import N_, _, heading

_FOR, _AGAINST, _PRIOR = PALETTE[0], PALETTE[5], PALETTE[4]
_LINES = {"precision": ("s", "--"), "recall": ("^", ":"), "f1": ("o", "-")}
_NAMES = {"precision": N_("precision"), "recall": N_("recall"), "f1": "F1"}


@drawn
def plot_match_weights(explained: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Waterfall of one pair: what each field adds to the weight, from the prior to the sum.

    Parameters
    ----------
    explained : DataFrame, as returned by `Matcher.explain`
        field : str
        level : int64, -1 where missing
        weight, total : float64, log2 odds

    See Also
    --------
    crmlab.identity.model.Matcher.explain : makes the frame.
    """
    explained = drawable(explained, "field", "level", "weight", "total")

    ax = plt.gca() if ax is None else ax
    weight, total = explained["weight"].to_numpy(), explained["total"].to_numpy()
    end = total[-1]
    begins, widths = np.append(total - weight, 0), np.append(weight, end)
    colours = [_FOR if one >= 0 else _AGAINST for one in widths]
    colours[0] = _PRIOR
    rows = np.arange(len(widths))
    bars = ax.barh(rows, widths, left=begins, color=colours, height=0.6)
    for bar, one in zip(bars, widths, strict=True):
        bar.set_hatch("" if one >= 0 else "///")
        bar.set_edgecolor("white")
    ax.vlines(total, rows[:-1] - 0.3, rows[1:] + 0.3, color=PALETTE[6], linewidth=0.8)
    span = np.ptp([0, *total, *begins]) or 1
    for row, begin, one in zip(rows, begins, widths, strict=True):
        right = max(begin, begin + one) + 0.02 * span
        words = f"{one:+.1f}".replace("-", "−") if one else "0"
        ax.text(right, float(row), words, va="center")
    ax.axvline(0, color=PALETTE[6], linewidth=1)
    names = [_row_name(*one) for one in explained[["field", "level"]].itertuples(index=False)]
    ax.set_yticks(rows, [*names, _("sum")])
    ax.invert_yaxis()
    low, high = min(0, *total), max(0, *total)
    ax.set_xlim(low - 0.05 * span, high + 0.15 * span)
    ax.set_xlabel(_("Weight (log2 odds of being one person: +1 doubles them)"))
    _in_plain_words(ax)
    return dress(ax)


@drawn
def plot_match_scores(
    pairs: pd.DataFrame, *, threshold: float = 0.5, ax: Axes | None = None
) -> Axes:
    """Histogram of the weights of all pairs, with the line from which on they match.

    Parameters
    ----------
    pairs : DataFrame, as returned by `Matcher.predict`
        weight : float64, log2 odds
        match : bool
    threshold : float in (0, 1), probability; drawn at its log2 odds

    Raises
    ------
    OutOfRangeError
        If `threshold` is no probability.

    See Also
    --------
    crmlab.identity.model.Matcher.predict : makes the frame.
    """
    pairs = drawable(pairs, "weight", "match")
    require_probability("threshold", threshold)

    ax = plt.gca() if ax is None else ax
    line = np.log2(threshold / (1 - threshold)) if threshold < 1 else np.inf
    low, high = pairs["weight"].min(), pairs["weight"].max()
    step = max((high - low) / 40, 0.5)
    # The line stands on an edge, so that no bar holds pairs of both sides.
    edge = line if np.isfinite(line) else high
    edges = edge + step * np.arange(
        np.floor((low - edge) / step), max(np.ceil((high - edge) / step), 0) + 2
    )
    sides = [pairs.loc[~pairs["match"], "weight"], pairs.loc[pairs["match"], "weight"]]
    looks = [(_AGAINST, "///", _("not one person")), (_FOR, "", _("one person"))]
    for side, (colour, hatch, label) in zip(sides, looks, strict=True):
        words = _("{kind} ({n:,} pairs)").format(kind=label, n=len(side))
        ax.hist(side, bins=edges, color=colour, hatch=hatch, edgecolor="white", label=words)
    if np.isfinite(line):
        label = _("threshold {value:.3g}").format(value=threshold)
        ax.axvline(line, color=PALETTE[6], linestyle="--", label=label)
    ax.set_yscale("symlog", linthresh=1)
    ax.yaxis.set_major_formatter(lambda count, place: f"{count:,.0f}")
    ax.set_ylim(0, 2 * max(ax.get_ylim()[1], 1))
    ax.set(xlabel=_("Weight of the pair (log2 odds)"), ylabel=_("Pairs (log scale above 1)"))
    # Above the bars, where it hides neither them nor the line, wherever that stands.
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)
    return dress(ax)


def _in_plain_words(ax: Axes) -> None:
    """Write above the weights how often the odds are doubled: 2 to the power of the weight."""
    low, high = ax.get_xlim()
    times = {"1": 0.0} | {
        f"{sign}{number:,}": way * float(np.log2(number))
        for number in (1_000, 1_000_000)
        for sign, way in (("×", 1), ("÷", -1))
    }
    shown = {words: at for words, at in times.items() if low <= at <= high}
    top = ax.secondary_xaxis("top")
    top.set_xticks([*shown.values()], [*shown])
    top.set_xlabel(_("Odds of being one person, times"))
    top.tick_params(labelfontfamily=fonts())
    top.xaxis.label.set_fontfamily(fonts())


@drawn
def plot_match_quality(
    quality: pd.DataFrame, *, target: float | None = None, ax: Axes | None = None
) -> Axes:
    """Precision, recall and F1 against the share of fields with an edit.

    Parameters
    ----------
    quality : DataFrame, one row per share, each returned by `match_quality`
        edit_share, precision, recall, f1 : float64 in [0, 1]
    target : float in (0, 1], optional, F1 that is asked for; drawn as a line

    Raises
    ------
    OutOfRangeError
        If `target` is no probability.

    See Also
    --------
    crmlab.identity.measure.match_quality : makes the numbers of one row.
    """
    quality = drawable(quality, "edit_share", *_LINES)

    ax = plt.gca() if ax is None else ax
    table = quality.sort_values("edit_share")
    colours = (PALETTE[2], PALETTE[3], PALETTE[0])
    for (column, (marker, style)), colour in zip(_LINES.items(), colours, strict=True):
        name = _NAMES[column]
        ax.plot(
            table["edit_share"],
            table[column],
            marker=marker,
            linestyle=style,
            color=colour,
            linewidth=2.5 if column == "f1" else 1.5,
            label=_(name),
        )
    if target is not None:
        require_probability("target", target)
        ax.axhline(
            target,
            color=PALETTE[6],
            linewidth=0.8,
            label=_("F1 asked for: {target:.0%}").format(target=target),
        )
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(
        xlabel=_("Fields with one edit (share)"), ylabel=_("Precision, recall, F1 (share of pairs)")
    )
    ax.legend(frameon=False, loc="best")
    return dress(ax)


def _row_name(field: str, level: int) -> str:
    """Return what stands beside the bar of a field."""
    if field == "prior":
        return _("any pair")
    said = heading(field).replace("_", " ")
    return _("{field} (missing)").format(field=said) if level < 0 else said
