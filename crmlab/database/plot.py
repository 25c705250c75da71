"""Which columns of a sheet determine which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _

__all__ = ["plot_dependencies"]

PLUS = " + "


@drawn
def plot_dependencies(
    dependencies: pd.DataFrame, *, columns: Iterable[Any] | None = None, ax: Axes | None = None
) -> Axes:
    """One upright line per determinant: squares determine, dots are determined.

    Parameters
    ----------
    dependencies : DataFrame, as returned by `dependencies`, or the breaches of `normal_form`
        determinant : str, columns joined by " + "; rows without one are left out
        dependent : str
        error : float64, optional; written beside what is not determined without exception
        form : str, optional; the normal form that it breaks, written below the determinant
    columns : iterable of str, optional
        The columns from top to bottom; as they first appear when omitted.

    See Also
    --------
    crmlab.database.measure.dependencies : makes the frame.
    """
    dependencies = drawable(dependencies, "determinant", "dependent")

    ax = plt.gca() if ax is None else ax
    told = dependencies[dependencies["determinant"] != ""]
    by = [name for name in ("determinant", "form") if name in told]
    pairs = zip(told["determinant"].astype(str), told["dependent"].astype(str), strict=True)
    seen = [name for left, right in pairs for name in (*left.split(PLUS), right)]
    names = [*dict.fromkeys([*(columns or ()), *seen])]
    labels = []
    for x, (said, group) in enumerate(told.groupby(by, sort=False)):
        key = [*map(str, said if isinstance(said, tuple) else (said,))]
        left = [names.index(name) for name in key[0].split(PLUS)]
        right = [names.index(name) for name in group["dependent"]]
        ax.plot([x, x], [min(left + right), max(left + right)], color="0.45", zorder=1)
        ax.scatter([x] * len(left), left, marker="s", s=90, color=PALETTE[0], zorder=2)
        ax.scatter([x] * len(right), right, marker="o", s=80, color=PALETTE[5], zorder=2)
        for y, error in zip(right, group.get("error", [0.0] * len(group)), strict=True):
            if error > 0:
                ax.text(
                    x + 0.12,
                    y,
                    _("but for\n{share:.1%} of rows").format(share=error),
                    va="center",
                    fontsize="small",
                )
        labels.append(
            "\n".join(
                [
                    key[0].replace(PLUS, "\n+ "),
                    *(_("breaks {form}").format(form=k) for k in key[1:]),
                ]
            )
        )
    for marker, color, words in (("s", 0, _("determines")), ("o", 5, _("is determined"))):
        ax.scatter([], [], marker=marker, s=80, color=PALETTE[color], label=words)
    ax.set_xticks(range(len(labels)), labels)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlim=(-0.6, len(labels) - 0.2), ylim=(len(names) - 0.5, -0.6))
    ax.set(xlabel=_("Determinant"), ylabel=_("Column of the sheet"))
    ax.grid(axis="y", color="0.9")
    ax.set_axisbelow(True)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    return dress(ax)
