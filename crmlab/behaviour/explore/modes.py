"""Build the rule of a response mode, condition by condition."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from ipywidgets import Dropdown, VBox
from matplotlib.figure import Figure

from crmlab._theme import figure_html
from crmlab._widgets import follow
from crmlab._words import _, heading
from crmlab.behaviour.measure import mode_funnel
from crmlab.behaviour.plot import plot_mode_funnel

_COLUMNS = ("department", "category", "brand", "colour")


def mode_picture(
    responses: pd.DataFrame, rule: Mapping[str, str], *, mailed: pd.DataFrame
) -> Figure:
    """Return how many customers each condition of `rule` leaves, as `mode_funnel` counts them.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    responses : DataFrame, one row per item taken, as `mode_funnel` reads it
    rule : mapping of columns to a value or a list of values
    mailed : DataFrame with `customer_id`, everybody who was asked
    """
    figure = Figure(figsize=(8, 3.5), layout="constrained")
    plot_mode_funnel(mode_funnel(responses, rule, mailed=mailed), ax=figure.subplots())
    return figure


def explore_modes(responses: pd.DataFrame, *, mailed: pd.DataFrame) -> VBox:
    """Return a list of values for each column, above the customers that the rule leaves.

    Parameters
    ----------
    responses, mailed : DataFrame, as returned by `simulate_catalogue`
    """
    anything = _("anything")
    made = {
        column: Dropdown(
            options=[(anything, ""), *((_(name), name) for name in sorted(values))],
            description=heading(column),
        )
        for column in _COLUMNS
        for values in [responses[column].unique()]
    }

    def page(**chosen: str) -> str:
        rule = {column: value for column, value in chosen.items() if value}
        told = ", ".join(f"{heading(column)}: {_(value)}" for column, value in rule.items())
        alt = _("Customers left by the rule {rule}").format(rule=told or anything)
        return figure_html(mode_picture(responses, rule, mailed=mailed), alt=alt)

    return follow(made, page)
