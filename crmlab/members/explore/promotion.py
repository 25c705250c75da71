"""Move the length of a promotion, and see how many members it reaches."""

from __future__ import annotations

from ipywidgets import FloatSlider, IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
from crmlab._words import _
from crmlab.members.measure import promotion_coverage
from crmlab.members.plot import plot_promotion_coverage
from crmlab.members.simulate import simulate_visits

_MEMBERS, _DAYS, _LONGEST = 400, 365, 30


def promotion_picture(*, longest: int, shape: int, spread: float) -> Figure:
    """Return the share reached by promotions up to `longest` days, in a world of this rhythm.

    The members of `simulate_visits` come every 10 days on average. The figure is not registered
    with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    longest : int, at least 1; days of the longest promotion
    shape : int, at least 1; of the Erlang gaps: 1 is Poisson, more is more regular
    spread : float, at least 0; by how much members' rates differ
    """
    visits, _ = simulate_visits(_MEMBERS, shape=shape, spread=spread, days=_DAYS, seed=84)
    days = range(1, longest + 1)
    found = promotion_coverage(
        visits, days=[*days], members=_MEMBERS, start="2023-01-01", as_of="2023-12-31"
    )
    figure = Figure(figsize=(8, 4), layout="constrained")
    plot_promotion_coverage(found, ax=figure.subplots())
    return figure


def explore_promotion() -> VBox:
    """Return sliders for length, regularity and difference of members, above who is reached."""
    made = {
        "longest": IntSlider(15, min=2, max=_LONGEST, description=_("days")),
        "shape": IntSlider(1, min=1, max=6, description=_("regular")),
        "spread": FloatSlider(0, min=0, max=2, step=0.1, description=_("unlike")),
    }
    alt = _(
        "Members reached by promotions up to {longest} days: regularity {shape}, "
        "difference {spread:.1f}"
    )
    return under(made, promotion_picture, alt)
