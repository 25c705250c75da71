"""The pyramid, and the moves between two of them."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from crmlab._checks import require_columns
from crmlab._theme import PALETTE, SHADES, drawable, drawn, dress, percent
from crmlab._words import N_, _

# What a tier is worth.
_MONEY = {"spend": N_("Spend"), "profit": N_("Profit")}
_SIGNS = {"up": "↑ ", "down": "↓ ", "stayed": "", "new": "+ ", "lost": "− "}
_ROOM = 0.42  # beyond the longest bar, in shares: room for its numbers, and at least
_ROOM_INCHES = 1.6  # so much, however narrow the picture


@drawn
def plot_pyramid(pyramid: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the pyramid as one: headcount to the left, money to the right, best tier on top.

    Parameters
    ----------
    pyramid : DataFrame, as returned by `pyramid` or `metal_pyramid`
        tier : str, best first
        customers : int64
        share_of_customers : float64
        spend and share_of_spend, or profit and share_of_profit : float64; losses are hatched

    See Also
    --------
    crmlab.pyramid.measure.pyramid, crmlab.pyramid.measure.metal_pyramid : make the frame.
    """
    pyramid = drawable(pyramid, "tier", "customers", "share_of_customers")
    money = "profit" if "profit" in pyramid else "spend"
    share = f"share_of_{money}"
    require_columns(pyramid, money, share)

    ax = plt.gca() if ax is None else ax
    rows = np.arange(len(pyramid))
    heads, worth = pyramid["share_of_customers"].to_numpy(), pyramid[share].fillna(0).to_numpy()
    # The money's zero line stands right of the headcount's, by as much as a loss needs.
    zero = 0.04 - min(0.0, worth.min())
    ax.barh(rows, -heads, color=PALETTE[1])
    for bar, loss in zip(ax.barh(rows, worth, left=zero, color=PALETTE[0]), worth < 0, strict=True):
        bar.set(hatch="///" if loss else "", edgecolor="white")
    for side in (0, zero):
        ax.axvline(side, color=PALETTE[6], linewidth=0.8)
    shares = (
        [f" ({one:.1%})" for one in worth] if pyramid[share].notna().all() else [""] * len(rows)
    )
    for row, (n, total) in enumerate(zip(pyramid["customers"], pyramid[money], strict=True)):
        end = zero + max(worth[row], 0) + 0.02
        ax.text(-heads[row] - 0.02, row, f"{n:,} ({heads[row]:.1%})", ha="right", va="center")
        ax.text(end, row, f"{total:,.0f}{shares[row]}", va="center")
    right = zero + max(worth.max(), 0)
    room = _room(ax, right + heads.max())
    ax.set(xlim=(-heads.max() - room, right + room), ylabel=_("Tier, best on top"))
    worth_of = _("{money}\nin money (share of total)").format(money=_(_MONEY[money]))
    sides = [_("Customers\n(share of all)"), worth_of]
    ax.set_xticks([-heads.max() / 2, (zero + right) / 2], sides)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)  # the two zero lines are frame enough
    ax.set_yticks(rows, [_(tier) for tier in pyramid["tier"]])
    ax.invert_yaxis()
    return dress(ax)


def _room(ax: Axes, drawn: float) -> float:
    """Return the room for numbers beyond bars that span `drawn`, in the same shares."""
    inches = ax.get_window_extent().width / ax.figure.dpi
    return max(_ROOM, drawn * _ROOM_INCHES / max(inches - 2 * _ROOM_INCHES, 1))


@drawn
def plot_migration(migration: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Heat map of the moves: tier before in rows, after in columns, each row summing to 100 %.

    Cells hold the headcount and its share of the row; arrows say up or down, a frame marks
    those who stayed, and the last row and column hold the new and the lost.

    Parameters
    ----------
    migration : DataFrame, as returned by `migration`
        before, after, movement : str
        customers : int64
        share_of_before : float64, may be NaN

    See Also
    --------
    crmlab.pyramid.measure.migration : makes the frame.
    """
    migration = drawable(migration, "before", "after", "movement", "customers", "share_of_before")

    ax = plt.gca() if ax is None else ax
    rows, columns = migration["before"].unique(), migration["after"].unique()
    moves = migration.pivot(index="before", columns="after").loc[rows, :]
    signs = moves["movement"][columns].replace(_SIGNS).fillna("").to_numpy()
    heads = moves["customers"][columns].fillna(0).to_numpy()
    share = moves["share_of_before"][columns]
    there = len(ax.texts)
    labels = np.vectorize(_cell, otypes=[object])(signs, heads, share)
    sns.heatmap(
        share, vmin=0, vmax=1, cmap=SHADES, annot=labels, fmt="", cbar=False, ax=ax, linewidths=1
    )
    drawn = share.to_numpy().ravel()
    for text, part in zip(ax.texts[there:], drawn[~np.isnan(drawn)], strict=True):
        text.set_color("white" if part > 0.5 else "black")
    for i in range(min(share.shape) - 1):
        ax.add_patch(Rectangle((i, i), 1, 1, fill=False, linewidth=2, edgecolor=PALETTE[6]))
    ax.set(xlabel=_("Tier after (headcount, share of the row)"), ylabel=_("Tier before"))
    ax.set_xticklabels([_(tier) for tier in columns])
    ax.set_yticklabels([_(tier) for tier in rows])
    ax.tick_params(axis="y", labelrotation=0)
    return dress(ax)


def _cell(sign: str, customers: float, share: float) -> str:
    """Return what a cell of the map says: nothing where nobody moved."""
    return f"{sign}{customers:,.0f}\n{percent(share)}" if customers else ""
