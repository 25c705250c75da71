"""The Lorenz curve."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._checks import require_probability
from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _


@drawn
def plot_lorenz(
    lorenz: pd.DataFrame, *, top: float = 0.20, share: float = 0.80, ax: Axes | None = None
) -> Axes:
    """Lorenz curve beside the line of equal spend, with a rule such as 80:20 as a point.

    Parameters
    ----------
    lorenz : DataFrame, as returned by `lorenz`
        share_of_customers, share_of_spend : float64, lowest spenders first
    top, share : float in (0, 1]
        The rule to compare with: "the top 20 % hold 80 %" is the point (80 %, 20 %).

    Raises
    ------
    OutOfRangeError
        If `top` or `share` is no share.

    See Also
    --------
    crmlab.pyramid.measure.lorenz : makes the frame.
    """
    lorenz = drawable(lorenz, "share_of_customers", "share_of_spend")
    require_probability("top", top)
    require_probability("share", share)

    ax = plt.gca() if ax is None else ax
    x, y = lorenz["share_of_customers"].to_numpy(), lorenz["share_of_spend"].to_numpy()
    low = min(0.0, float(y.min()))
    ax.fill_between(x, y, x, color=PALETTE[4], alpha=0.25, linewidth=0)
    ax.plot(x, y, color=PALETTE[0], linewidth=2.5, label=_("Lorenz curve of these customers"))
    ax.plot([0, 1], [0, 1], color=PALETTE[6], linestyle="--", label=_("all spend the same"))
    rule = _("the rule {share:g}:{top:g}").format(share=share * 100, top=top * 100)
    (point,) = ax.plot(1 - top, 1 - share, "D", color=PALETTE[5], clip_on=False, label=rule)
    # Hollow and larger, so that it shows around the curve's own point where both agree.
    point.set(markersize=13, markeredgewidth=2, fillstyle="none")
    # The point of the curve where the top customers begin.
    row = abs(x - (1 - top)).argmin()
    held = _("here: the top {top:.0%} hold {share:.0%}").format(top=top, share=1 - y[row])
    ax.plot(x[row], y[row], "o", color=PALETTE[0], markersize=9, label=held)
    ax.vlines(1 - top, low, 1, color="grey", linewidth=0.8, linestyle=":")
    ax.set(xlim=(0, 1), ylim=(low, 1), aspect="auto" if low else "equal")
    ax.set(
        xlabel=_("Customers, lowest spenders first (share)"), ylabel=_("Spend they hold (share)")
    )
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.legend(loc="upper left", frameon=False)
    return dress(ax)
