"""Move the patience of members, and see how often to contact them."""

from __future__ import annotations

import numpy as np
from ipywidgets import FloatSlider, VBox
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, dress
from crmlab._widgets import under
from crmlab._words import _
from crmlab.members.simulate import Patience

_INTERVALS = np.arange(3, 121)
_DAYS = 364


def contact_picture(*, mean_gap_days: float, leave: float, forgive_days: float) -> Figure:
    """Return expected profit and loss by contact interval for members of this patience.

    The curves are the closed forms of `simulate_contacts`. The figure is not registered with
    pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    mean_gap_days : float, above 0; mean days between purchases
    leave : float, in [0, 1], and forgive_days : float, above 0; as of `Patience`
    """
    patience = Patience(mean_gap_days=mean_gap_days, leave=leave, forgive_days=forgive_days)
    expected = patience.expected(_INTERVALS, _DAYS)
    best = int(_INTERVALS[expected["profit"].argmax()])
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    above, below = figure.subplots(2, sharex=True)
    above.plot(_INTERVALS, expected["profit"], color=PALETTE[0])
    above.axvline(
        best, color=PALETTE[2], linestyle="--", label=_("best: every {n} days").format(n=best)
    )
    label = _("mean repurchase days: {days:.0f}").format(days=mean_gap_days)
    above.axvline(mean_gap_days, color=PALETTE[5], linestyle=":", label=label)
    above.set(ylabel=_("Profit per member"), ylim=(0, None))
    above.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    below.plot(_INTERVALS, expected["left"], color=PALETTE[5])
    below.yaxis.set_major_formatter(PercentFormatter(1))
    below.set(xlabel=_("Days from contact to contact"), ylabel=_("Left in a year"), ylim=(0, 1))
    for ax in (above, below):
        dress(ax)
    return figure


def explore_contacts() -> VBox:
    """Return sliders for the members' patience above the curves of profit and loss."""
    made = {
        "mean_gap_days": FloatSlider(60, min=10, max=120, step=5, description=_("mean gap")),
        "leave": FloatSlider(
            0.15, min=0.01, max=0.5, step=0.01, description=_("leave"), readout_format=".0%"
        ),
        "forgive_days": FloatSlider(10, min=2, max=40, step=1, description=_("forgive")),
    }
    alt = _(
        "Profit and loss by contact interval: mean gap {mean_gap_days:.0f} days, "
        "{leave:.0%} leave, forgiven in {forgive_days:.0f} days"
    )
    return under(made, contact_picture, alt)
