"""Move the thresholds of rules, and see what they let through."""

from __future__ import annotations

import pandas as pd
from ipywidgets import HTML, FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._theme import figure_html
from crmlab._widgets import named
from crmlab._words import _
from crmlab.service.measure import association_rules
from crmlab.service.plot import plot_rules

_SHOWN = 14


def rules_picture(
    lines: pd.DataFrame, *, support: float, confidence: float, lift: float
) -> tuple[Figure | None, str]:
    """Return the network of the first rules over three thresholds, and how many there are in words.

    Without any rule there is no figure. It is not registered with pyplot, so a notebook shows it
    once, where asked.

    Parameters
    ----------
    lines : DataFrame, one row per product in a basket, as `association_rules` takes it
    support, confidence, lift : float, the least of each that a rule must have
    """
    rules = association_rules(lines, min_support=support, min_confidence=confidence, max_length=2)
    rules = rules[rules["lift"] >= lift]
    sure = int((rules["q_value"] <= 0.05).sum())
    said = _("{n} rules, of which {sure} are significant (q up to 5%)").format(
        n=len(rules), sure=sure
    )
    if not len(rules):
        return None, said
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    plot_rules(rules, top=_SHOWN, ax=figure.subplots())
    return figure, said


def explore_rules(lines: pd.DataFrame) -> VBox:
    """Return sliders for support, confidence and lift above the rules of `lines`.

    Parameters
    ----------
    lines : DataFrame, one row per product in a basket, as `association_rules` takes it
    """
    made = {
        "support": FloatSlider(
            0.005, min=0.002, max=0.05, step=0.001, description=_("support"), readout_format=".1%"
        ),
        "confidence": FloatSlider(
            0.1, min=0.05, max=0.8, step=0.05, description=_("confidence"), readout_format=".0%"
        ),
        "lift": FloatSlider(1.5, min=0.5, max=6, step=0.25, description=_("lift")),
    }
    told, picture = HTML(), HTML()

    def redraw(change: object = None) -> None:
        figure, told.value = rules_picture(lines, **{name: one.value for name, one in made.items()})
        picture.value = "" if figure is None else named(figure_html(figure, alt=told.value))

    for slider in made.values():
        slider.observe(redraw, names="value")
    redraw()
    return VBox([*made.values(), told, picture])
