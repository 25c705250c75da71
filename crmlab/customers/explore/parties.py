"""Turn the flags of a party, and see what it is."""

from __future__ import annotations

import pandas as pd
from ipywidgets import HTML, Dropdown, HBox, ToggleButton, VBox
from matplotlib.figure import Figure

from crmlab._theme import figure_html
from crmlab._words import N_, _
from crmlab.customers.measure import Reading, classify_party, party_sets
from crmlab.customers.plot import plot_party_sets

_FLAGS = {
    "need": N_("has the need"),
    "means": N_("has the means"),
    "transacted": N_("has traded"),
    "internal": N_("inside the firm"),
    "resells": N_("sells on"),
    "public_body": N_("public body"),
}
_CIRCLES = ("is_consumer", "is_customer", "is_client")


def party_picture(*, kind: str = "person", **flags: bool) -> tuple[Figure, str]:
    """Return the place of a party with these flags among the circles, and its labels in words.

    Flags that are not named are False. The figure is not registered with pyplot, so a notebook
    shows it once, where asked.

    Parameters
    ----------
    kind : str, "person" or "organisation"
    **flags : bool, those of `simulate_parties`
    """
    party = {"party_id": 1, "kind": kind} | {name: flags.get(name, False) for name in _FLAGS}
    found = classify_party(pd.DataFrame([party]), reading=Reading())
    row = found.iloc[0]
    place = tuple(bool(row[name]) for name in _CIRCLES)
    figure = Figure(figsize=(5.2, 4.6), layout="constrained")
    ax = plot_party_sets(party_sets(found), mark=place, ax=figure.subplots())  # pyright: ignore[reportArgumentType]
    ax.figure.canvas.draw_idle()
    words = _("{status} customer, {side}; type: {client_type}") if row["status"] != "none" else None
    words = words or _("no customer, {side}; type: {client_type}")
    named = {key: _(str(row[key])) for key in ("status", "side", "client_type")}
    return figure, words.format(**named)


def explore_party() -> VBox:
    """Return six toggles and a kind, above the labels of such a party and its place."""
    kind = Dropdown(
        options=[(_("person"), "person"), (_("organisation"), "organisation")],
        description=_("kind"),
    )
    toggles = {name: ToggleButton(False, description=_(words)) for name, words in _FLAGS.items()}
    said, picture = HTML(), HTML()

    def redraw(change: object = None) -> None:
        flags = {name: toggle.value for name, toggle in toggles.items()}
        figure, words = party_picture(kind=str(kind.value), **flags)
        said.value = f"<b>{words}</b>"
        picture.value = figure_html(figure, alt=words)

    for control in (kind, *toggles.values()):
        control.observe(redraw, names="value")
    redraw()
    rows = [*toggles.values()]
    return VBox([kind, HBox(rows[:3]), HBox(rows[3:]), said, picture])
