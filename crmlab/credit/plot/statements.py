"""Pictures of statements: DuPont's tree, and ratios over the years."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _, heading
from crmlab.errors import EmptyError

# What stands where, its words, and whether it is a share (else it is in times).
_NODES = {
    "return_on_equity": (0.08, 0.5, N_("return on equity\n净资产收益率"), True),
    "profit_margin": (0.42, 0.84, N_("profit margin\n销售利润率"), True),
    "asset_turnover": (0.42, 0.5, N_("asset turnover\n总资产周转率"), False),
    "equity_multiplier": (0.42, 0.16, N_("equity multiplier\n权益乘数"), False),
    "tax_burden": (0.85, 0.96, N_("kept after tax"), True),
    "interest_burden": (0.85, 0.72, N_("kept after interest"), True),
    "operating_margin": (0.85, 0.48, N_("operating margin"), True),
}
_PARENT = {"profit_margin": "return_on_equity", "asset_turnover": "return_on_equity"}
_PARENT |= {"equity_multiplier": "return_on_equity", "tax_burden": "profit_margin"}
_PARENT |= {"interest_burden": "profit_margin", "operating_margin": "profit_margin"}


@drawn
def plot_dupont(tree: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Tree of what the return on equity of one firm and year is multiplied of.

    Parameters
    ----------
    tree : DataFrame of one row, or of two years, the earlier first, returned by `dupont`
        return_on_equity, profit_margin, asset_turnover, equity_multiplier, tax_burden,
        interest_burden, operating_margin : float64
    """
    tree = drawable(tree, *_NODES)

    ax = plt.gca() if ax is None else ax
    for node, parent in _PARENT.items():
        (x, y), (to_x, to_y) = _NODES[parent][:2], _NODES[node][:2]
        ax.plot([x, to_x], [y, to_y], color="grey", linewidth=1, zorder=0)
    times = _("{n:.2f} times")
    for name, (x, y, words, is_share) in _NODES.items():
        values = [f"{one:.1%}" if is_share else times.format(n=one) for one in tree[name].iloc[-2:]]
        box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": PALETTE[0]}
        text = f"{_(words)}\n{' → '.join(values)}"
        ax.text(x, y, text, ha="center", va="center", bbox=box, fontsize=9)
    ax.set(xlim=(-0.08, 1.04), ylim=(0, 1.08))
    ax.set_axis_off()
    return dress(ax)


@drawn
def plot_ratio_trends(
    ratios: pd.DataFrame,
    *,
    ratios_shown: Sequence[str],
    names: str = "organisation_id",
    ax: Axes | None = None,
) -> Axes:
    """Lines of some ratios of a firm over its years, each against its first year.

    Parameters
    ----------
    ratios : DataFrame of one firm, years rising, returned by `financial_ratios`
    ratios_shown : names of ratios, at most six
    names : str
        Column that must hold one firm only.

    Raises
    ------
    EmptyError
        If there are no rows, or those of several firms.
    """
    ratios = drawable(ratios, names, "year", *ratios_shown)
    if len({*ratios[names]}) != 1:
        raise EmptyError("the ratios of one firm are drawn; choose its rows first.")

    ax = plt.gca() if ax is None else ax
    for number, ratio in enumerate(ratios_shown):
        ax.plot(
            ratios["year"],
            ratios[ratio],
            marker="osD^vP"[number % 6],
            linestyle=("-", "--", "-.", ":")[number % 4],
            color=PALETTE[number % len(PALETTE)],
            label=heading(ratio).replace("_", " "),
        )
    ax.set_xticks(sorted({*ratios["year"]}))
    ax.set(xlabel=_("Year"), ylabel=_("Ratio"))
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)
