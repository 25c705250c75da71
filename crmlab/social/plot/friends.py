"""The picture of a network that can be read."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _
from crmlab.errors import OutOfRangeError

MOST, ROUNDS = 300, 60


@drawn
def plot_friends(friends: pd.DataFrame, *, named: int = 3, ax: Axes | None = None) -> Axes:
    """Draw who is whose friend: friends near each other, and the larger the dot the more friends.

    The places make distances in the picture as close as can be to the steps between two people
    (stress majorisation, begun from a circle in the order of ids, so that a picture is the same
    each time). Parts that are not joined stand apart.

    Parameters
    ----------
    friends : DataFrame, one row per friendship: one, other
        At most 300 people: a picture of more is a ball of wool. Draw some of them.
    named : int
        So many of those with most friends are named, with their number.

    Raises
    ------
    OutOfRangeError
        If there are more than 300 people.

    See Also
    --------
    crmlab.social.measure.friend_counts : who has how many.

    Source
    ------
    Gansner, Koren and North (2005), Graph drawing by stress majorization,
    doi:10.1007/978-3-540-31843-9_25.
    """
    friends = drawable(friends, "one", "other")
    ids = pd.Index(friends["one"]).union(pd.Index(friends["other"])).unique().sort_values()
    if len(ids) > MOST:
        raise OutOfRangeError(
            f"{len(ids):,} people make a picture that nobody can read; at most {MOST} are drawn. "
            "Choose some: friends[friends['one'].isin(ids) & friends['other'].isin(ids)]"
        )
    one, other = (ids.get_indexer(pd.Index(friends[name])) for name in ("one", "other"))

    ax = plt.gca() if ax is None else ax
    place = _places(one, other, len(ids))
    count = np.zeros(len(ids))
    np.add.at(count, np.concatenate([one, other]), 1)
    lines = LineCollection([place[[a, b]] for a, b in zip(one, other, strict=True)])
    lines.set(color="0.75", linewidth=0.7, zorder=1)
    ax.add_collection(lines)
    ax.scatter(*place.T, s=12 + 14 * count, color=PALETTE[0], edgecolor="white", linewidth=0.6)
    top = np.argsort(-count, kind="stable")[: max(named, 0)]
    ax.scatter(*place[top].T, s=12 + 14 * count[top], color=PALETTE[5], edgecolor="white", zorder=3)
    line = {"arrowstyle": "-", "color": "0.4", "linewidth": 0.8, "relpos": (0, 0.5), "shrinkA": 2}
    for k, row in enumerate(sorted(top, key=lambda row: -place[row, 1])):
        words = _("fan {fan}: {n:,} friends").format(fan=ids[row], n=int(count[row]))
        where = {"textcoords": "axes fraction", "arrowprops": line, "va": "center", "zorder": 4}
        ax.annotate(words, tuple(place[row]), (1.0, 1 - 0.08 * k), **where)
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.margins(0.08)
    return dress(ax)


def _places(one: np.ndarray, other: np.ndarray, n: int) -> np.ndarray:
    """Return a place for each person, by stress majorisation with weights 1 / steps^2."""
    links = coo_array((np.ones(len(one)), (one, other)), shape=(n, n))
    steps = shortest_path(links, directed=False, unweighted=True)
    far = steps[np.isfinite(steps)].max(initial=1) + 2
    steps = np.where(np.isfinite(steps), steps, far)
    np.fill_diagonal(steps, 1)
    weight = 1 / steps**2
    np.fill_diagonal(weight, 0)
    np.fill_diagonal(steps, 0)
    inverse = np.linalg.pinv(np.diag(weight.sum(axis=1)) - weight)
    angle = 2 * np.pi * np.arange(n) / n
    place = np.column_stack([np.cos(angle), np.sin(angle)]) * far / 2
    for _round in range(ROUNDS):
        gap = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
        pull = -np.divide(weight * steps, gap, out=np.zeros_like(gap), where=gap > 1e-9)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        place = inverse @ (pull @ place)
    place -= place.mean(axis=0)
    return place @ np.linalg.svd(place, full_matrices=False)[2].T  # the long side lies down
