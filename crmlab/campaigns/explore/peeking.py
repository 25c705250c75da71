"""Look at a test day by day, and see how long its promise holds."""

from __future__ import annotations

import numpy as np
from ipywidgets import HTML, Dropdown, IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._checks import require_at_least
from crmlab._theme import PALETTE, dress, figure_html
from crmlab._widgets import named
from crmlab._words import _
from crmlab.campaigns.measure import sequential_bounds
from crmlab.campaigns.simulate import simulate_looks

_LOOKS = 30
_USUAL = 1.96


def peeking_picture(*, test: int, looks: int = _LOOKS, kind: str = "usual") -> tuple[Figure, str]:
    """Return the course of one test without any effect, a bound, and in words what happened.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    test : int, 0 or more
        Which of the tests.
    looks : int, at least 2
        How many times it is looked at.
    kind : "usual", "pocock" or "obrien-fleming"

    Raises
    ------
    OutOfRangeError
        If `test` is below 0, `looks` below 2, or `kind` is unknown.

    Examples
    --------
    >>> _, said = peeking_picture(test=0, looks=10)
    >>> "look" in said
    True
    """
    require_at_least("test", test, 0)
    require_at_least("looks", looks, 2)
    data, _none = simulate_looks(test + 1, looks=looks, seed=14)
    z = data.loc[data["test"] == test, "z"].to_numpy()
    limit = np.full(looks, _USUAL)
    if kind != "usual":
        limit = sequential_bounds(looks, kind=kind)["bound"].to_numpy()
    beyond = np.flatnonzero(np.abs(z) > limit)
    if beyond.size:
        said = _("Called a success at look {k} of {n}. There is no effect.").format(
            k=int(beyond[0]) + 1, n=looks
        )
    else:
        said = _("Never called a success in {n} looks. Rightly: there is no effect.").format(
            n=looks
        )
    figure = Figure(figsize=(8, 4), layout="constrained")
    ax = figure.subplots()
    at = np.arange(1, looks + 1)
    for side in (limit, -limit):
        ax.plot(at, side, "--", color=PALETTE[5])
    ax.lines[0].set_label(_("bound"))
    ax.plot(at, z, "-o", markersize=4, color=PALETTE[0], label=_("the test so far"))
    if beyond.size:
        first = int(beyond[0])
        ax.plot(at[first], z[first], "o", markersize=14, markerfacecolor="none", color=PALETTE[5])
    top = max(3.2, 1.1 * float(np.abs(np.append(z, np.minimum(limit, 5))).max()))
    ax.set(xlabel=_("Look"), ylabel=_("Standard errors from nothing"), ylim=(-top, top))
    ax.legend(loc="upper right", frameon=False)
    dress(ax)
    return figure, said


def explore_peeking() -> VBox:
    """Return a slider for one of fifty tests without effect, its bound, and what was called."""
    test = IntSlider(0, min=0, max=49, description=_("test"))
    kind = Dropdown(
        options=[(_("1.96 each time"), "usual"), (_("Pocock's bound"), "pocock"),
                 (_("O'Brien and Fleming's bound"), "obrien-fleming")],
        description=_("bound"),
    )  # fmt: skip
    told, picture = HTML(), HTML()

    def redraw(change: object = None) -> None:
        figure, told.value = peeking_picture(test=test.value, kind=str(kind.value))
        picture.value = named(figure_html(figure, alt=told.value))

    for one in (test, kind):
        one.observe(redraw, names="value")
    redraw()
    return VBox([test, kind, told, picture])
