"""Move who answers, by age or by the answer itself, and see what weighting mends."""

from __future__ import annotations

from dataclasses import replace

from ipywidgets import FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._theme import PALETTE, dress
from crmlab._widgets import under
from crmlab._words import _
from crmlab.collection.methods import MEAN, POPULATION_MARGINS
from crmlab.collection.model import Raking
from crmlab.collection.simulate import simulate_survey
from crmlab.collection.simulate.survey import PLAIN

_INVITED = 4_000


def weighting_picture(*, by_age: float, by_score: float) -> Figure:
    """Return the mean of 4,000 invited people: of those who answer, weighted, and the truth.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    by_age : float, by how much response follows age, which is known of everybody
    by_score : float, by how much it follows the score itself, which is not
    """
    method = replace(PLAIN, by_age=by_age, by_score=by_score)
    survey, _truth = simulate_survey(_INVITED, method=method, seed=2)
    answers = survey.dropna(subset=["answer"])
    raked = Raking(POPULATION_MARGINS).fit(answers)
    plain = answers["answer"]
    reach = 1.96 * plain.std() / len(plain) ** 0.5
    mended = raked.mean(plain)
    figure = Figure(figsize=(8, 3), layout="constrained")
    ax = figure.subplots()
    means = [(plain.mean(), reach), (mended.value, mended.high - mended.value)]
    for at, (value, wide) in enumerate(means):
        ax.errorbar(value, 1 - at, xerr=wide, fmt="os"[at], color=PALETTE[5 * at % 6], capsize=4)
    ax.axvline(MEAN, color=PALETTE[2], linestyle="--", label=_("truth"))
    ax.set_yticks([1, 0], [_("as answered"), _("weighted")])
    ax.set(xlabel=_("Mean satisfaction (points)"), xlim=(56, 68), ylim=(-0.6, 1.6))
    ax.legend(frameon=False, loc="upper right")
    dress(ax)
    return figure


def explore_weighting() -> VBox:
    """Return sliders for how much readier the old, and the satisfied, are to answer."""
    made = {
        "by_age": FloatSlider(0.6, min=0, max=1, step=0.1, description=_("by age")),
        "by_score": FloatSlider(0, min=0, max=0.6, step=0.1, description=_("by answer")),
    }
    alt = _(
        "Mean as answered and weighted beside the truth: by age {by_age:.1f}, by answer "
        "{by_score:.1f}"
    )
    return under(made, weighting_picture, alt)
