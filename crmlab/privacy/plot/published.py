"""What is published: tables with hidden cells, means by band, noisy counts."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import StrMethodFormatter

from crmlab._checks import require_columns
from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _, heading
from crmlab.errors import OutOfRangeError


@drawn
def plot_published_table(published: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a published table as a table: counts, and hatched cells where they are hidden.

    With the columns of `cell_intervals`, a hidden cell says what a reader can still work out; one
    that is given away has a thick frame.

    Parameters
    ----------
    published : DataFrame, as returned by `published_table` or `cell_intervals`
        one or two columns of names : str
        people : float64, NaN where hidden
        least, most : float64, optional

    Raises
    ------
    MissingColumnsError
        If `published` has no column people, or no names.
    OutOfRangeError
        If there are more than two columns of names.

    See Also
    --------
    crmlab.privacy.measure.published_table, crmlab.privacy.measure.cell_intervals : make the frame.
    """
    published = drawable(published, "people")
    names = [one for one in published.columns if one not in ("people", "least", "most")]
    require_columns(published, *(names or ["a column of names"]))
    if len(names) > 2:
        raise OutOfRangeError(f"a table has rows and columns; {names} are more than two.")

    ax = plt.gca() if ax is None else ax
    rows = published[names[0]].unique() if len(names) == 2 else [""]
    columns = published[names[-1]].unique()
    for number, cell in enumerate(published.to_dict("records")):
        y, x = divmod(number, len(columns))
        _draw_cell(ax, x, y, cell, total="total" in (cell[names[0]], cell[names[-1]]))
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    ax.set_xticks(range(len(columns)), [_(str(one)) for one in columns])
    ax.set_yticks(range(len(rows)), [_(str(one)) for one in rows])
    ax.tick_params(length=0)
    ax.set(xlabel=_("{column} (cells: people)").format(column=heading(names[-1]).replace("_", " ")))
    ax.set(ylabel=heading(names[0]).replace("_", " ") if len(names) == 2 else "")
    return dress(ax)


@drawn
def plot_seen_by_band(seen_by_band: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Mean by band: bars as it is, points as the released table shows it.

    Parameters
    ----------
    seen_by_band : DataFrame, as returned by `seen_by_band`
        band : str
        mean, mean_seen : float64; a band without a mean has no mark

    See Also
    --------
    crmlab.privacy.measure.seen_by_band : makes the frame.
    """
    seen_by_band = drawable(seen_by_band, "band", "mean", "mean_seen")

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(seen_by_band))
    bars = {"color": PALETTE[4], "edgecolor": PALETTE[0], "alpha": 0.6}
    ax.bar(place, seen_by_band["mean"], label=_("as it is"), **bars)
    ax.plot(
        place,
        seen_by_band["mean_seen"],
        marker="D",
        color=PALETTE[5],
        linewidth=2,
        label=_("as the released table shows it"),
    )
    ax.set_xticks(place, seen_by_band["band"], rotation=45 if len(place) > 8 else 0)
    ax.set(xlabel=_("Band (from)"), ylabel=_("Mean per person"))
    top = float(np.nanmax(seen_by_band[["mean", "mean_seen"]].to_numpy()))
    ax.set_ylim(top=1.25 * top)
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.legend(loc="upper left", frameon=False, ncols=2)
    return dress(ax)


@drawn
def plot_noisy_histogram(
    noisy_histogram: pd.DataFrame, *, of: str = N_("Category"), ax: Axes | None = None
) -> Axes:
    """Noisy headcounts with the spread of their noise, two standard errors each way.

    Parameters
    ----------
    noisy_histogram : DataFrame, as returned by `noisy_histogram`
        category : any
        people, standard_error : float64
        truth : number, optional; drawn as bars behind, for lessons
    of : str
        What the bars stand for, written below them.

    See Also
    --------
    crmlab.privacy.measure.noisy_histogram : makes the frame.
    """
    noisy_histogram = drawable(noisy_histogram, "category", "people", "standard_error")

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(noisy_histogram))
    if "truth" in noisy_histogram:
        bars = {"color": PALETTE[4], "edgecolor": PALETTE[0], "alpha": 0.6}
        ax.bar(place, noisy_histogram["truth"], label=_("truth"), **bars)
    ax.errorbar(
        place,
        noisy_histogram["people"],
        yerr=2 * noisy_histogram["standard_error"],
        fmt="D",
        color=PALETTE[5],
        capsize=5,
        label=_("published, ± 2 standard errors of the noise"),
    )
    ax.axhline(0, color=PALETTE[6], linewidth=0.8)
    ax.set_xticks(place, noisy_histogram["category"].astype("str"))
    ax.set(xlabel=_(of), ylabel=_("People"))
    ax.margins(y=0.18)
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.legend(loc="upper right", frameon=False)
    return dress(ax)


def _draw_cell(ax: Axes, x: int, y: int, cell: dict, *, total: bool) -> None:
    """Draw one cell of a table: hatched when hidden, in a thick frame when given away."""
    hidden, solved = np.isnan(cell["people"]), "least" in cell and "most" in cell
    known = solved and cell["least"] == cell["most"]
    face = PALETTE[4] if hidden else "0.93" if total else "white"
    box = Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=face, edgecolor="0.6")
    box.set(alpha=0.55 if hidden else 1, hatch="//" if hidden and not known else "")
    ax.add_patch(box)
    words = f"{cell['people']:,.0f}"
    if hidden:
        words = _interval(cell["least"], cell["most"]) if solved else _("hidden")
    label = ax.text(x, y, words, ha="center", va="center")
    if hidden:
        label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5})
    if hidden and known:
        frame = {"fill": False, "edgecolor": PALETTE[5], "linewidth": 3}
        ax.add_patch(Rectangle((x - 0.46, y - 0.46), 0.92, 0.92, **frame))


def _interval(least: float, most: float) -> str:
    """Return what a reader can work out: one number, or the range."""
    if least == most:
        return f"{least:,.0f}"
    words = _("{least:,.0f} or more") if np.isinf(most) else _("{least:,.0f} to {most:,.0f}")
    return words.format(least=least, most=most)
