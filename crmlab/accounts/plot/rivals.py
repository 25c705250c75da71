"""Competitors: a map, how well we know one, and how long advantages last."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _

CELL_WORDS = {
    "competitive advantage": N_("competitive advantage"),
    "temporary strength": N_("temporary strength"),
    "hard-to-change weakness": N_("hard-to-change weakness"),
    "temporary weakness": N_("temporary weakness"),
}


@drawn
def plot_rival_map(
    rival_map: pd.DataFrame, duplication_of_purchase: pd.DataFrame, *, ax: Axes | None = None
) -> Axes:
    """Draw brands on their map, with a line between those that share more than sizes predict.

    Parameters
    ----------
    rival_map : DataFrame, as returned by `rival_map`: brand : str; x, y, stress : float64
    duplication_of_purchase : DataFrame, as returned by `duplication_of_purchase`
        brand, rival : str; buyers, rival_buyers : int64; index : float64; rivals : bool

    See Also
    --------
    crmlab.accounts.measure.rival_map, crmlab.accounts.measure.duplication_of_purchase
    """
    brands = drawable(rival_map, "brand", "x", "y", "stress")
    columns = ("brand", "rival", "buyers", "rival_buyers", "index", "rivals")
    pairs = drawable(duplication_of_purchase, *columns)

    ax = plt.gca() if ax is None else ax
    at = {row.brand: (float(row.x), float(row.y)) for row in brands.itertuples()}  # pyright: ignore[reportArgumentType]
    buyers = dict(zip(pairs["brand"], pairs["buyers"], strict=True))
    buyers |= dict(zip(pairs["rival"], pairs["rival_buyers"], strict=True))
    above = pairs.loc[pairs["rivals"].astype("bool"), ["brand", "rival", "index"]]
    for brand, rival, index in above.itertuples(index=False):
        (x, y), (x2, y2) = at[brand], at[rival]
        ax.plot([x, x2], [y, y2], color=PALETTE[5], linewidth=2.5, zorder=1)
        ax.annotate(
            _("{index:.1f} times").format(index=float(index)),
            ((x + x2) / 2, (y + y2) / 2), (0, -24), textcoords="offset points", color="0.15",
            ha="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    most = max(buyers.values())
    for name, (x, y) in at.items():
        ax.scatter(x, y, s=60 + 600 * buyers.get(name, 0) / most, color=PALETTE[0], zorder=2)
        ax.annotate(str(name), (x, y), (0, 17), textcoords="offset points", ha="center")
    ax.margins(x=0.4, y=0.2)
    ax.set_aspect("equal", adjustable="datalim")
    ax.set_xticks([])
    ax.set_yticks([])
    words = _("Near: shared buyers above sizes (stress of the map {stress:.2f})")
    ax.set(xlabel=words.format(stress=float(brands["stress"].iloc[0])))
    return dress(ax)


@drawn
def plot_knowledge_level(knowledge_level: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the ladder of knowing a rival: what came true at each level, beside chance.

    Parameters
    ----------
    knowledge_level : DataFrame, as returned by `knowledge_level`
        level : int64; name : str; rate, low, high, chance : float64; known, reached : bool

    See Also
    --------
    crmlab.accounts.measure.knowledge_level : makes the frame.
    """
    numbers = ("rate", "low", "high", "chance")
    table = drawable(knowledge_level, "level", "name", *numbers, "known", "reached")

    ax = plt.gca() if ax is None else ax
    known, reached = (table[name].astype("bool") for name in ("known", "reached"))
    kinds = (
        (reached, PALETTE[2], "o", _("reached")),
        (known & ~reached, PALETTE[1], "D", _("known, above a gap")),
        (~known, PALETTE[5], "s", _("may be guessing")),
    )
    for mine, colour, marker, words in kinds:
        part = table[mine]
        if len(part):
            reach = [part["rate"] - part["low"], part["high"] - part["rate"]]
            ax.errorbar(
                part["rate"], part["level"], xerr=reach, linestyle="", marker=marker,
                color=colour, capsize=3, label=words,
            )  # fmt: skip
    chance = float(table["chance"].mean())
    words = _("by guessing: {rate:.0%}").format(rate=chance)
    ax.axvline(chance, color=PALETTE[6], linestyle="--", label=words)
    labels = [f"{n} {_(str(name))}" for n, name in zip(table["level"], table["name"], strict=True)]
    ax.set_yticks(table["level"].tolist(), labels)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Statements that came true"), xlim=(0, 1))
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1))
    return dress(ax)


@drawn
def plot_persistence(persistence: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw better and worse factors in four cells, by the share that is not yet copied.

    Parameters
    ----------
    persistence : DataFrame, as returned by `persistence`
        factor, standing, cell : str; open_early, open_late : float64

    See Also
    --------
    crmlab.accounts.measure.persistence : makes the frame.
    """
    table = drawable(persistence, "factor", "standing", "cell", "open_early", "open_late")

    ax = plt.gca() if ax is None else ax
    rows = {"worse": 0, "better": 1}
    seen = {"worse": 0, "better": 0}
    total = table["standing"].value_counts().to_dict()
    for row in table.itertuples():
        standing = str(row.standing)
        seen[standing] += 1
        y = rows[standing] + seen[standing] / (total[standing] + 1) - 0.5
        late, early = float(row.open_late), float(row.open_early)  # pyright: ignore[reportArgumentType]
        if np.isnan(early):  # watched for too short a time to draw anything
            continue
        late = 0.0 if np.isnan(late) else late
        colour = PALETTE[2] if standing == "better" else PALETTE[5]
        ax.plot([late, early], [y, y], color=colour, linewidth=5, marker="o", markersize=5)
        ax.annotate(
            _(str(row.factor)),
            ((late + early) / 2, y),
            (0, 8),
            textcoords="offset points",
            ha="center",
        )
    corners = {
        "competitive advantage": (0.98, 1.47),
        "temporary strength": (0.02, 1.47),
        "hard-to-change weakness": (0.98, 0.47),
        "temporary weakness": (0.02, 0.47),
    }
    for cell, (x, y) in corners.items():
        ax.text(
            x, y, _(CELL_WORDS[cell]), va="top", ha="right" if x > 0.5 else "left", color="0.35",
            style="italic",
        )  # fmt: skip
    ax.axvline(0.5, color="0.6", linewidth=0.8)
    ax.axhline(0.5, color="0.6", linewidth=0.8)
    ax.set_yticks([0, 1], [_("worse"), _("better")])
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(
        xlim=(-0.02, 1.02),
        ylim=(-0.5, 1.5),
        xlabel=_("Advantages not yet copied after 3 and after 2 years"),
    )
    return dress(ax)
