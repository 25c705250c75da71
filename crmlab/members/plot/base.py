"""Pictures of the base: its profile before and after, and who moved between quadrants."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress, percent
from crmlab._words import N_, _
from crmlab.errors import EmptyError, UnknownNameError
from crmlab.members.strategies import QUADRANTS

_COLOURS = {1: 1, 2: 2, 3: 4, 4: 3}  # places in the palette
_NAMES = {**QUADRANTS, 0: N_("not there")}


@drawn
def plot_profile(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    attribute: str,
    order: list[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the shares of one attribute before and after, back to back as a pyramid.

    Parameters
    ----------
    before, after : DataFrame, as returned by `profile`
        attribute, value : str; share : float64
    attribute : str
        Which one to draw.
    order : list of str, optional
        Values from the bottom to the top; as sorted when omitted.

    Raises
    ------
    UnknownNameError
        If the frames have no such attribute.

    See Also
    --------
    crmlab.members.measure.profile : makes the frames.
    """
    shares = []
    for frame in (drawable(one, "attribute", "value", "share") for one in (before, after)):
        part = frame[frame["attribute"] == attribute]
        if not len(part):
            raise UnknownNameError.among("attribute", attribute, frame["attribute"].unique())
        shares.append(part.set_index("value")["share"])
    found = [*(order or []), *shares[0].index, *shares[1].index]
    seen = [str(value) for value in dict.fromkeys(found)]
    left, right = (share.reindex(seen).fillna(0.0).to_numpy() for share in shares)

    ax = plt.gca() if ax is None else ax
    place = np.arange(len(seen))
    ax.barh(place, -left, color=PALETTE[4], label=_("before"))
    ax.barh(place, right, color=PALETTE[1], label=_("after"), hatch="//", edgecolor="white")
    widest = max(left.max(), right.max())
    for row, (one, other) in enumerate(zip(left, right, strict=True)):
        ax.text(-one - 0.02 * widest, row, percent(one), ha="right", va="center")
        ax.text(other + 0.02 * widest, row, percent(other), ha="left", va="center")
    ax.axvline(0, color=PALETTE[6], linewidth=0.8)
    ax.set_yticks(place, [_(value) for value in seen])
    ax.set_xlim(-1.25 * widest, 1.25 * widest)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, place: f"{abs(value):.0%}"))
    ax.set_xlabel(_("Share of members"))
    ax.legend(frameon=False, loc="upper right")
    return dress(ax)


def _colour(quadrant: int) -> str:
    """Return the colour of a quadrant; whoever is in none is grey."""
    return PALETTE[_COLOURS[quadrant]] if quadrant else "#BBBBBB"


@drawn
def plot_quadrant_flow(flow: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw who went from which quadrant to which: bands as thick as their number of members.

    Parameters
    ----------
    flow : DataFrame, as returned by `quadrant_flow`
        before, after : int64, 1 to 4, or 0; members : int64

    Raises
    ------
    EmptyError
        If nobody moved or stayed.

    See Also
    --------
    crmlab.members.measure.quadrant_flow : makes the frame.
    """
    flow = drawable(flow, "before", "after", "members")
    total = int(flow["members"].sum())
    if not total:
        raise EmptyError("there are no members in this flow, so there is nothing to draw.")

    ax = plt.gca() if ax is None else ax
    gap, ranks = 0.03 * total, [0, 3, 4, 2, 1]  # from the bottom to the top
    sides = []
    for side, x in (("before", 0.0), ("after", 1.0)):
        size = flow.groupby(side)["members"].sum()
        bottom, starts = 0.0, {}
        for one in (rank for rank in ranks if size.get(rank, 0)):
            starts[one] = bottom
            ax.bar(x, size[one], 0.08, bottom, color=_colour(one))
            name = _NAMES[one]
            share = flow.loc[(flow["before"] == one) & (flow["after"] == one), "members"].sum()
            words = f"{_(name)}\n{size[one]:,}"
            if side == "before" and one:
                words += _(", {share} stay").format(share=percent(share / size[one]))
            ax.text(
                x + (-0.06 if x == 0 else 0.06),
                bottom + size[one] / 2,
                words,
                ha="right" if x == 0 else "left",
                va="center",
            )
            bottom += size[one] + gap
        sides.append(starts)
    _bands(flow, sides[0], sides[1], ranks, ax)
    ax.set_xlim(-0.55, 1.45)
    ax.set_ylim(-2 * gap, None)
    ax.set_xticks([0, 1], [_("first period"), _("second period")])
    ax.set_yticks([])
    return dress(ax)


def _bands(
    flow: pd.DataFrame, left: dict[int, float], right: dict[int, float], ranks: list[int], ax: Axes
) -> None:
    """Draw a band for each pair, from its place on the left to that on the right."""
    members = flow.set_index(["before", "after"])["members"]
    left, right = {**left}, {**right}
    step = np.linspace(0, 1, 40)
    bend = step**2 * (3 - 2 * step)
    for one in ranks:
        for other in ranks:
            size = int(members.get((one, other), 0))
            if not size:
                continue
            low = left[one] + (right[other] - left[one]) * bend
            ax.fill_between(
                0.04 + 0.92 * step, low, low + size, color=_colour(one), alpha=0.45, linewidth=0
            )
            left[one] += size
            right[other] += size
