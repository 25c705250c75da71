"""Move the load and the servers of one step, and see the line grow."""

from __future__ import annotations

import numpy as np
from ipywidgets import FloatSlider, IntSlider, VBox
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, dress
from crmlab._widgets import under
from crmlab._words import _
from crmlab.accounts.chain import Chain
from crmlab.accounts.measure import step_report, waiting_line
from crmlab.accounts.simulate import simulate_flow

_HOURS, _ITEMS = 0.12, 3_000


def flow_picture(*, busy: float, servers: int, spread: float) -> Figure:
    """Return the wait at a step of 0.12 hours by how busy it is: M/M/c, and one simulated.

    `spread` is the standard deviation of the work over its mean: 1 is what M/M/c supposes. The
    figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    busy : float, share of the time that the servers work, in (0, 1)
    servers : int, at least 1
    spread : float, at least 0; standard deviation of the work over its mean, 1 in M/M/c
    """
    loads = np.linspace(0.3, 0.97, 60)
    curve = [
        waiting_line(per_hour=load * servers / _HOURS, hours=_HOURS, servers=servers).wait * 60
        for load in loads
    ]
    chain = Chain.in_line([("mail room", _HOURS, spread, servers, 0.0, 0.0)])
    flow, _truth = simulate_flow(_ITEMS, chain=chain, per_hour=busy * servers / _HOURS, seed=13)
    seen = float(step_report(flow)["wait_h"].iloc[0]) * 60
    figure = Figure(figsize=(8, 4), layout="constrained")
    ax = figure.subplots()
    ax.plot(loads, curve, color=PALETTE[0], label=_("M/M/c"))
    label = _("simulated: {minutes:.0f} minutes").format(minutes=seen)
    ax.plot(busy, seen, marker="o", markersize=9, linestyle="", color=PALETTE[5], label=label)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("How busy the servers are"), ylabel=_("Mean wait (minutes)"))
    ax.set(ylim=(0, max(1.1 * seen, 60)))
    ax.legend(frameon=False, loc="upper left")
    dress(ax)
    return figure


def explore_flow() -> VBox:
    """Return sliders for load, servers and spread of the work, above the mean wait."""
    made = {
        "busy": FloatSlider(
            0.8, min=0.3, max=0.95, step=0.05, description=_("busy"), readout_format=".0%"
        ),
        "servers": IntSlider(1, min=1, max=6, description=_("servers")),
        "spread": FloatSlider(1.0, min=0, max=2, step=0.25, description=_("spread")),
    }
    alt = _(
        "Mean wait by how busy {servers} server(s) are, with a point at {busy:.0%}, work "
        "spread {spread:.2f}"
    )
    return under(made, flow_picture, alt)
