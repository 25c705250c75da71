"""Move what causes purchases and what merely marks the loyal, and watch what each way finds."""

from __future__ import annotations

from ipywidgets import FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
from crmlab._words import _
from crmlab.social.measure import fan_window, interaction_effect
from crmlab.social.plot import plot_interaction_effect
from crmlab.social.simulate import simulate_fan_club

_FANS, _SEED = 2_000, 3


def cause_or_mark_picture(*, effect: float, hidden: float) -> Figure:
    """Return what four ways find of one interaction's effect among 2,000 fans, and the truth.

    `effect` is what one interaction causes, `hidden` how strongly something unseen drives both
    interacting and buying. The figure is not registered with pyplot, so a notebook shows it once.

    Parameters
    ----------
    effect : float, what one interaction causes
    hidden : float, how strongly something unseen drives both interacting and buying
    """
    club = simulate_fan_club(_FANS, effect=effect, hidden=hidden, seed=_SEED)
    found = interaction_effect(fan_window(club.fans, club.interactions, club.purchases))
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    ax = plot_interaction_effect(found, truth=effect, ax=figure.subplots())
    ax.set_xlim(-0.06, 0.22)
    return figure


def explore_cause_or_mark() -> VBox:
    """Return sliders for the effect and for the unseen, above what four ways find."""
    wide = {"style": {"description_width": "16em"}, "layout": {"width": "36em"}}
    made = {
        "effect": FloatSlider(
            0, min=0, max=0.15, step=0.01, description=_("purchases caused by one"), **wide
        ),
        "hidden": FloatSlider(
            0, min=0, max=0.8, step=0.1, description=_("strength of the unseen"), **wide
        ),
    }
    alt = _(
        "Effect of one interaction in four ways; in truth {effect:.2f}, the unseen {hidden:.1f}"
    )
    return under(made, cause_or_mark_picture, alt)
