"""Figures as SVG inside the page: sharp on paper, the same bytes every time."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlab.report.blocks import Picture

# What takes more coordinates is stored as dots of ink; texts and axes stay outlines.
_MANY_NUMBERS = 2_000
_REM_PER_INCH = 6.9  # so that every figure's letters have the size of the text around it
_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "crmlab",  # else the marks inside get random names, and no page equals itself
    "font.size": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def picture(
    draw: Callable[[Axes], object],
    *,
    alt: str,
    caption: str,
    size: tuple[float, float] = (6.4, 4.2),
) -> Picture:
    """Return what `draw` puts on fresh Axes; `alt` states its finding, `caption` reads it."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, layout="constrained")
        ax = figure.subplots()
        draw(ax)
        for drawn in ax.collections:
            corners = sum(np.size(path.vertices) for path in drawn.get_paths())
            drawn.set_rasterized(max(corners, np.size(drawn.get_offsets())) > _MANY_NUMBERS)
        svg = BytesIO()
        figure.savefig(svg, format="svg", dpi=200, metadata={"Date": None})
    source = f"data:image/svg+xml;base64,{b64encode(svg.getvalue()).decode()}"
    return Picture(source, alt, caption, width_rem=size[0] * _REM_PER_INCH)
