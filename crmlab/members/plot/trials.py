"""Pictures of tests: how often to contact, and how long a promotion should last."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import _


@drawn
def plot_contact_test(
    test: pd.DataFrame, *, rule: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw profit per member by contact interval, and the share who left, on two axes.

    Parameters
    ----------
    test : DataFrame, as returned by `contact_test`
        interval_days, left, profit, low, high, in_the_running
    rule : float, optional
        Days at which the field's rule would contact: a dotted line.

    Returns
    -------
    Axes
        The one of the profit; the share who left has a twin of it.

    See Also
    --------
    crmlab.members.measure.contact_test : makes the frame.
    """
    test = drawable(test, "interval_days", "left", "profit", "low", "high", "in_the_running")

    ax = plt.gca() if ax is None else ax
    days, mean = test["interval_days"], test["profit"]
    twin = ax.twinx()
    bars = twin.bar(days, test["left"], width=3, color="#CCCCCC", label=_("left the club (right)"))
    twin.set_ylim(0, 1)
    twin.yaxis.set_major_formatter(PercentFormatter(1))
    twin.set_ylabel(_("Members who left"))
    # The bars stay behind the line.
    ax.set_zorder(twin.get_zorder() + 1)
    ax.patch.set_visible(False)
    reach = [mean - test["low"], test["high"] - mean]
    line = ax.errorbar(
        days, mean, yerr=reach, color=PALETTE[0], marker="o", capsize=3, label=_("profit (left)")
    )
    handles = [line, bars]
    still = test[test["in_the_running"].to_numpy(bool)]
    handles += ax.plot(
        still["interval_days"],
        still["profit"],
        linestyle="none",
        marker="o",
        markersize=12,
        markerfacecolor="none",
        color=PALETTE[2],
        label=_("may be the best"),
    )
    if rule is not None:
        label = _("mean repurchase days: {days:.0f}").format(days=rule)
        handles.append(ax.axvline(rule, color=PALETTE[5], linestyle=":", label=label))
    ax.set(xlabel=_("Days from contact to contact"), ylabel=_("Profit per member (money)"))
    ax.set_ylim(0, 1.1 * float(np.nanmax(test["high"])))
    ax.set_xlim(0, float(days.max()) * 1.08)
    # Above the picture, where no line of a rule runs through it.
    ax.legend(handles=handles, frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return dress(ax)


@drawn
def plot_promotion_coverage(coverage: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of members who shop during a promotion, by its length, beside two rules.

    Parameters
    ----------
    coverage : DataFrame, as returned by `promotion_coverage`
        length_days, covered, low, high, poisson_rule, erlang_rule

    See Also
    --------
    crmlab.members.measure.promotion_coverage : makes the frame.
    """
    columns = ("length_days", "covered", "low", "high", "poisson_rule", "erlang_rule")
    coverage = drawable(coverage, *columns)

    ax = plt.gca() if ax is None else ax
    some = coverage.sort_values("length_days")
    days, share = some["length_days"], some["covered"]
    ax.plot(days, some["poisson_rule"], "--", color=PALETTE[1], label=_("rule: by chance, alike"))
    ax.plot(days, some["erlang_rule"], ":", color=PALETTE[2], label=_("rule: regular, alike"))
    reach = [share - some["low"], some["high"] - share]
    ax.errorbar(
        days, share, yerr=reach, color=PALETTE[0], marker="o", capsize=3, label=_("counted")
    )
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set(
        xlabel=_("Length of the promotion (days)"), ylabel=_("Members who shop in it"), ylim=(0, 1)
    )
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return dress(ax)
