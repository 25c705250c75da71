"""What all explorers have in common: controls above a picture that follows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from ipywidgets import HTML, VBox
from matplotlib.figure import Figure

from crmlab._theme import figure_html

# A slider of ipywidgets has no name for a screen reader, and its value has no unit: once a picture
# is there, each takes what is written beside it.
_NAMED = """
for (const slider of this.closest('.widget-vbox')?.querySelectorAll('.widget-slider') ?? []) {
  const handle = slider.querySelector('[role=slider]'), said = (part) =>
    slider.querySelector(part)?.textContent ?? '';
  handle?.setAttribute('aria-label', said('.widget-label'));
  handle?.setAttribute('aria-valuetext', said('.widget-readout'));
}
"""


def named(page: str) -> str:
    """Return a page with a picture that, once shown, names the sliders above it."""
    return page.replace("<img ", f'<img onload="{escape(_NAMED)}" ', 1)


def under(
    controls: Mapping[str, Any], draw: Callable[..., Figure], alt: str | Callable[..., str]
) -> VBox:
    """Return the controls above the picture that `draw` makes of their values.

    Parameters
    ----------
    controls : widgets with a value, by the name under which `draw` takes it
    draw : function of these values that returns a Figure
    alt : text that stands for the picture, with the values in braces, or a function of them
    """

    def page(**values: Any) -> str:
        words = alt(**values) if callable(alt) else alt.format(**values)
        return figure_html(draw(**values), alt=words)

    return follow(controls, page)


def follow(controls: Mapping[str, Any], page: Callable[..., str]) -> VBox:
    """Return the controls above the HTML that `page` makes of their values, whenever one moves."""
    shown = HTML()

    def redraw(change: object = None) -> None:
        shown.value = named(page(**{name: each.value for name, each in controls.items()}))

    for control in controls.values():
        control.observe(redraw, names="value")
    redraw()
    return VBox([*controls.values(), shown])
