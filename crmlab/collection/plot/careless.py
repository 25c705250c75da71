"""Pictures of answers that were not given with care, and of flags that are right or wrong."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from crmlab._checks import names_of, require_columns
from crmlab._theme import PALETTE, drawable, drawn, dress, fonts
from crmlab._words import N_, _
from crmlab.errors import OutOfRangeError

# What the examples call their two ways of flagging.
_ORDERS = (N_("in the order asked"), N_("in the order stored"))
_PATTERNS = {
    "incomplete": N_("incomplete"),
    "no_answer": N_("no answer"),
    "one_sided": N_("one-sided"),
    "middle": N_("middle"),
    "contradiction": N_("contradiction"),
}


@drawn
def plot_precheck(
    answers: pd.DataFrame,
    checked: pd.DataFrame,
    *,
    items: Sequence[str],
    asked: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw all answers as a heat map, a line per person, sorted by flag; missing ones are white.

    Parameters
    ----------
    answers : DataFrame, one row per person, as `precheck` read it
    checked : DataFrame, as returned by `precheck`, in the same order
        incomplete, no_answer, one_sided, middle, contradiction : bool
    items : list of str
    asked : str, optional
        Column of the order asked; with it, the first answer stands first, whatever it was about.

    Raises
    ------
    OutOfRangeError
        If there are not as many checks as answers.

    See Also
    --------
    crmlab.collection.measure.precheck : makes the frame.
    """
    items = names_of("items", items)
    checked = drawable(checked, *_PATTERNS)
    answers = drawable(answers)
    require_columns(answers, **{f"items[{k}]": name for k, name in enumerate(items)},
                    **({} if asked is None else {"asked": asked}))  # fmt: skip
    if len(answers) != len(checked):
        raise OutOfRangeError(
            f"there are {len(answers)} answers and {len(checked)} checks. Hand over both of the "
            "same frame."
        )

    ax = plt.gca() if ax is None else ax
    given = answers[items].to_numpy("float64")
    if asked is not None:
        place = {name: at for at, name in enumerate(items)}
        order = [[place[name] for name in text.split()] for text in answers[asked]]
        given = np.take_along_axis(given, np.array(order), axis=1)
    flags = checked[[*_PATTERNS]].to_numpy(bool)
    first = np.where(flags.any(axis=1), flags.argmax(axis=1), len(_PATTERNS))
    rows = np.lexsort((np.nanmean(np.where(np.isnan(given), -1, given), axis=1), first))
    mesh = ax.pcolormesh(np.ma.masked_invalid(given[rows]), cmap="viridis")
    bar = ax.figure.colorbar(mesh, ax=ax, pad=0.01, ticks=MaxNLocator(integer=True))
    bar.set_label(_("Answer"))
    names = [*map(_, _PATTERNS.values()), _("not flagged")]
    ends = np.searchsorted(first[rows], np.arange(len(names) + 1))
    for begin, end in itertools.pairwise(ends):
        if end > begin:
            ax.axhline(end, color="white", linewidth=1.5)
    there = [k for k in range(len(names)) if ends[k + 1] > ends[k]]
    labels = {(ends[k] + ends[k + 1]) / 2: f"{names[k]} ({ends[k + 1] - ends[k]})" for k in there}
    ax.set_xlabel(_("Statement, in the order asked") if asked else _("Statement, as stored"))
    ax.set_xticks(np.arange(0, len(items), 5) + 0.5, [str(k + 1) for k in range(0, len(items), 5)])
    ax.invert_yaxis()
    dress(ax)
    # Beside the cells, so not in the colour of what is written on them.
    _name_bands(ax, labels, room=0.055 * len(answers))
    return ax


def _name_bands(ax: Axes, labels: dict[float, str], *, room: float) -> None:
    """Write a label beside each place, with a line to it: narrow bands would write upon another."""
    ax.set_yticks([])
    line = {"arrowstyle": "-", "color": "0.4", "linewidth": 0.8, "shrinkA": 0, "shrinkB": 0}
    line |= {"relpos": (1, 0.5)}
    free = 0.0
    for middle, label in labels.items():
        free = max(middle, free)
        where = {"textcoords": ("offset points", "data"), "arrowprops": line | {"relpos": (1, 0.5)}}
        ax.annotate(
            label, (0, middle), (-14, free), ha="right", va="center", family=fonts(), **where
        )
        free += room


@drawn
def plot_flag_curve(curves: dict[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw precision against recall, a line for each way of flagging.

    Parameters
    ----------
    curves : dict from a name to a DataFrame, as returned by `flag_curve`
        recall, precision : float64

    See Also
    --------
    crmlab.collection.measure.flag_curve : makes the frames.
    """
    if not isinstance(curves, dict) or not curves:
        raise OutOfRangeError("curves must be a dict from a name to what flag_curve returns.")
    frames = {}
    for name, curve in curves.items():
        frames[name] = drawable(curve, "recall", "precision")

    ax = plt.gca() if ax is None else ax
    styles = ("-", "--", ":", "-.")
    for at, (name, frame) in enumerate(frames.items()):
        style, colour = styles[at % 4], PALETTE[at % 6]
        ax.plot(
            frame["recall"], frame["precision"], style, marker="o", markersize=4, color=colour,
            label=_(str(name)),
        )  # fmt: skip
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1))
    ax.set(xlim=(0, 1.02), ylim=(0, 1.05))
    ax.set(xlabel=_("Of the careless, how many are flagged"))
    ax.set(ylabel=_("Of the flagged, how many rightly"))
    ax.legend(frameon=False, loc="center")
    return dress(ax)
