"""Move who orders before the bell, or what the group costs, and see the line and the profit."""

from __future__ import annotations

from ipywidgets import FloatSlider, IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._theme import dress
from crmlab._widgets import under
from crmlab._words import _
from crmlab.social.measure import fee_curve, queue_waits
from crmlab.social.plot import plot_fee_curve, plot_line
from crmlab.social.simulate import simulate_stall

_SEED = 4


def stall_picture(*, preorder_share: float, per_break: int) -> Figure:
    """Return the line of one break, as long as the share that orders before the bell makes it.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    preorder_share : float, share that orders before the bell, in [0, 1]
    per_break : int, at least 1; portions of one break
    """
    orders, bells = simulate_stall(
        per_break, preorder_share=preorder_share, per_break=per_break, seed=_SEED
    )
    waits = queue_waits(orders, collects="collects_at")
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    ax = plot_line(waits, bells=bells, ax=figure.subplots())
    mean = waits["wait_minutes"].mean()
    ax.set(xlim=(40, 110), ylim=(0, 120))
    words = _("mean wait {minutes:.1f} minutes").format(minutes=mean)
    ax.annotate(words, (0.98, 0.92), xycoords="axes fraction", ha="right")
    dress(ax)
    return figure


def explore_stall() -> VBox:
    """Return sliders for the share of pre-orders and the size of the break, above the line."""
    wide = {"style": {"description_width": "14em"}, "layout": {"width": "34em"}}
    made = {
        "preorder_share": FloatSlider(
            0, min=0, max=1, step=0.1, readout_format=".0%",
            description=_("order before the bell"), **wide
        ),
        "per_break": IntSlider(
            60, min=20, max=120, step=10, description=_("students per break"), **wide
        ),
    }  # fmt: skip
    alt = _(
        "The line after the bell: {per_break} students, {preorder_share:.0%} of whom ordered before"
    )
    return under(made, stall_picture, alt)


def fee_picture(*, fee: float, margin: float) -> Figure:
    """Return what a channel with this monthly fee earns, by its extra orders.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    fee : float, at least 0; yuan a month
    margin : float, yuan of an extra order
    """
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    plot_fee_curve(fee_curve(fee=fee, margin=margin, most=200), ax=figure.subplots())
    return figure


def explore_fee() -> VBox:
    """Return sliders for the monthly fee and the margin of an order, above what it earns."""
    wide = {"style": {"description_width": "14em"}, "layout": {"width": "34em"}}
    made = {
        "fee": IntSlider(100, min=0, max=400, step=20, description=_("fee a month (CNY)"), **wide),
        "margin": FloatSlider(
            3, min=0.5, max=6, step=0.5, description=_("margin of an order (CNY)"), **wide
        ),
    }
    alt = _("Profit by extra orders: a fee of {fee} a month, a margin of {margin:.1f} an order")
    return under(made, fee_picture, alt)
