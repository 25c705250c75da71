"""Opportunities or threats as clouds in a matrix of four zones."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress, percent
from crmlab._words import _


@drawn
def plot_zone_chances(
    zone_chances: pd.DataFrame, *, line: float = 0.5, ax: Axes | None = None
) -> Axes:
    """Draw each item as a point with its cloud, and the zones with what they ask for.

    The ellipses reach one standard deviation to each side. Beside each item stands the chance of
    its likeliest zone.

    Parameters
    ----------
    zone_chances : DataFrame, as returned by `zone_chances`
        item, zone : str; probability, strength, probability_sd, strength_sd, chance : float64;
        likeliest : bool; four zones of each item, as that function orders them
    line : float in (0, 1)
        Between low and high, as it was asked for.

    See Also
    --------
    crmlab.accounts.measure.zone_chances : makes the frame.
    """
    numbers = ("probability", "strength", "probability_sd", "strength_sd", "chance")
    table = drawable(zone_chances, "item", "zone", "likeliest", *numbers)

    ax = plt.gca() if ax is None else ax
    zones = [*dict.fromkeys(table["zone"])]
    middle = (line / 2, (1 + line) / 2)
    places = ((middle[1], 0.97), (middle[0], 0.97), (middle[1], 0.03), (middle[0], 0.03))
    for zone, (x, y) in zip(zones, places, strict=False):
        ax.text(
            x, y, _(zone), ha="center", va="top" if y > 0.5 else "bottom", color="0.35",
            style="italic",
        )  # fmt: skip
    ax.axhline(line, color="0.6", linewidth=0.8)
    ax.axvline(line, color="0.6", linewidth=0.8)
    best = table[table["likeliest"].astype("bool")].drop_duplicates("item").reset_index(drop=True)
    for number, row in best.iterrows():
        colour = PALETTE[int(str(number)) % 6]
        at = (float(row["strength"]), float(row["probability"]))
        width, height = 2 * float(row["strength_sd"]), 2 * float(row["probability_sd"])
        ax.add_patch(Ellipse(at, width, height, facecolor=colour, alpha=0.2, edgecolor=colour))
        ax.plot(*at, marker="o", color=colour)
        # Beside its point, and within the frame for a point near its right or upper edge.
        right, top = at[0] > 0.85, at[1] > 0.9
        ax.annotate(
            f"{row['item']} {percent(float(row['chance']))}",
            at,
            (-6 if right else 6, -5 if top else 5),
            textcoords="offset points",
            ha="right" if right else "left",
            va="top" if top else "baseline",
        )
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel=_("Strength"), ylabel=_("Probability"))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    return dress(ax)
