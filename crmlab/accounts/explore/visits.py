"""Move the hours for visits, and see what a plan wins beside visiting the biggest."""

from __future__ import annotations

from ipywidgets import FloatSlider, IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._theme import PALETTE, dress
from crmlab._widgets import under
from crmlab._words import _
from crmlab.accounts.measure import visit_gain, visit_plan
from crmlab.accounts.simulate import simulate_accounts

_ACCOUNTS, _WORLDS = 60, 6


def visits_picture(*, hours: int, estimate_spread: float) -> Figure:
    """Return what three plans of so many hours win by the true potential, on average.

    By size, by estimated room, and by the room as only the simulator knows it, in six worlds of
    sixty accounts. The figure is not registered with pyplot, so a notebook shows it once, where
    asked.

    Parameters
    ----------
    hours : int, above 0; hours of visits that a plan has
    estimate_spread : float, at least 0; error of the estimated room, on the log scale
    """
    names = [_("the biggest"), _("most room, as estimated"), _("most room, if it were known")]
    won = [0.0, 0.0, 0.0]
    for seed in range(_WORLDS):
        data, truth = simulate_accounts(_ACCOUNTS, estimate_spread=estimate_spread, seed=seed)
        known = data.accounts.assign(known=truth["potential_cny"])
        plans = (
            visit_plan(known, hours=hours, rule="biggest"),
            visit_plan(known, hours=hours),
            visit_plan(known, hours=hours, potential="known"),
        )
        for place, plan in enumerate(plans):
            won[place] += visit_gain(plan, truth) / 1_000 / _WORLDS
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    ax = figure.subplots()
    ax.barh(names, won, color=[PALETTE[5], PALETTE[0], "0.7"])
    for place, value in enumerate(won):
        ax.annotate(
            f"{value:,.0f}", (value, place), (4, 0), textcoords="offset points", va="center"
        )
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.set(xlabel=_("Won in a year (thousand CNY)"))
    dress(ax)
    return figure


def explore_visits() -> VBox:
    """Return sliders for the hours and how wrong estimates are, above what three plans win."""
    made = {
        "hours": IntSlider(80, min=20, max=400, step=20, description=_("hours")),
        "estimate_spread": FloatSlider(0.5, min=0.1, max=2, step=0.1, description=_("error")),
    }
    alt = _("What three plans of {hours} hours win, estimates wrong by {estimate_spread:.1f}")
    return under(made, visits_picture, alt)
