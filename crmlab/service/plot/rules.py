"""Rules as a network, and how many of them would be found by chance."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from crmlab._checks import require_at_least
from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _

# Below so many radii a number would cover its arrow.
_SHORT = 0.6


@drawn
def plot_rules(rules: pd.DataFrame, *, top: int = 12, ax: Axes | None = None) -> Axes:
    """Draw the first rules as arrows from what is bought to what is bought with it.

    The more baskets hold a rule, the thicker its arrow; orange and dashed where a rule may be a
    false discovery (q above 0.05).

    Parameters
    ----------
    rules : DataFrame, as returned by `association_rules`
        antecedent, consequent, together, lift, q_value; the first `top` rows are drawn
    top : int, at least 1

    Raises
    ------
    OutOfRangeError
        If `top` is below 1.

    See Also
    --------
    crmlab.service.measure.association_rules : makes the frame.
    """
    columns = ("antecedent", "consequent", "together", "lift", "q_value")
    require_at_least("top", top, 1)
    shown = drawable(rules, *columns).head(top)
    one = [_set_name(each) for each in shown["antecedent"]]
    other = [_set_name(each) for each in shown["consequent"]]

    ax = plt.gca() if ax is None else ax
    names = sorted({*one, *other})
    turn = np.pi / 2 - 2 * np.pi * np.arange(len(names)) / len(names)
    place = dict(zip(names, np.stack([np.cos(turn), np.sin(turn)], axis=1), strict=True))
    most = shown["together"].max()
    numbers = shown[["together", "lift", "q_value"]].to_numpy("float64")
    said: set[frozenset[str]] = set()
    taken = [*place.values()]
    for begin, end, (together, lift, q_value) in zip(one, other, numbers, strict=True):
        sure = q_value <= 0.05
        arrow = {
            "arrowstyle": "-|>",
            "color": PALETTE[0] if sure else PALETTE[1],
            "linestyle": "-" if sure else "--",
            "linewidth": 0.8 + 3 * together / most,
            "connectionstyle": "arc3,rad=0.15",
            "shrinkA": 7,
            "shrinkB": 7,
        }
        ax.annotate("", place[end], place[begin], arrowprops=arrow, zorder=2)
        # The lift is the same both ways, and stands once.
        if frozenset((begin, end)) not in said:
            said.add(frozenset((begin, end)))
            taken.append(_clear(place[begin], place[end], taken))
            x, y = taken[-1]
            paper = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            style = {"fontsize": "small", "bbox": paper, "zorder": 3}
            ax.text(x, y, f"{lift:.1f}", ha="center", va="center", **style)
    for name, (x, y) in place.items():
        ax.plot(x, y, "o", color="white", markeredgecolor=PALETTE[6], markersize=8)
        side = "left" if x > 0.1 else "right" if x < -0.1 else "center"
        ax.text(1.12 * x, 1.12 * y, name, ha=side, va="center")
    for style, colour, label in (
        ("-", PALETTE[0], _("q up to 5%")),
        ("--", PALETTE[1], _("may be chance")),
    ):
        ax.plot([], [], style, color=colour, label=label)
    ax.legend(title=_("number: lift"), frameon=False, loc="lower left", bbox_to_anchor=(0, 0))
    ax.set(xlim=(-2, 2), ylim=(-1.3, 1.3))
    ax.set_axis_off()
    return dress(ax)


def _clear(begin: np.ndarray, end: np.ndarray, taken: list[np.ndarray]) -> np.ndarray:
    """Return the place on an arc that lies farthest from all that are taken; inside a short one."""
    if np.linalg.norm(end - begin) < _SHORT:
        return 0.8 * (begin + end) / 2
    part = np.linspace(0.25, 0.75, 21)[:, None]
    bend = 0.15 * (end - begin) @ np.array([[0.0, -1.0], [1.0, 0.0]])
    arc = (1 - part) * begin + part * end + 2 * part * (1 - part) * bend
    room = np.linalg.norm(arc[:, None] - np.array(taken), axis=2).min(axis=1)
    return arc[room.argmax()]


def _set_name(products: object) -> str:
    """Return the products of one side of a rule as words."""
    if isinstance(products, (tuple, list, np.ndarray)):
        return " + ".join(map(str, products))
    return str(products)


@drawn
def plot_rules_by_chance(counts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many rules pass the thresholds in worlds without association, and in the data.

    Parameters
    ----------
    counts : DataFrame, as returned by `rules_by_chance`
        world (0 is the data), rules, significant

    See Also
    --------
    crmlab.service.measure.rules_by_chance : makes the frame.
    """
    counts = drawable(counts, "world", "rules", "significant").sort_values("world")

    ax = plt.gca() if ax is None else ax
    is_data = (counts["world"] == 0).to_numpy()
    at = np.arange(len(counts))
    colours = [PALETTE[0] if one else "0.75" for one in is_data]
    ax.bar(at, counts["rules"], color=colours, label=_("look strong"))
    ax.bar(at, counts["significant"], color=PALETTE[5], label=_("significant (q up to 5%)"))
    for x, height, sure in zip(at, counts["rules"], counts["significant"], strict=True):
        ax.annotate(f"{sure:.0f}", (x, height), (0, 3), textcoords="offset points", ha="center")
    ticks = [
        _("data") if one else f"{world:.0f}"
        for one, world in zip(is_data, counts["world"], strict=True)
    ]
    ax.set_xticks(at, ticks)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel=_("The data, and worlds without association"), ylabel=_("Rules"))
    ax.set_ylim(0, 1.28 * max(float(counts["rules"].max()), 1))
    ax.legend(frameon=False, loc="upper right", ncols=2, title=_("number: significant"))
    return dress(ax)
