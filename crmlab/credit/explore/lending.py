"""Where to stop lending: profit, default rate, and who gets credit."""

from __future__ import annotations

import pandas as pd
from ipywidgets import FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
from crmlab._words import _
from crmlab.credit.measure import group_rates, lending_table
from crmlab.credit.plot import plot_group_rates, plot_lending


def lending_picture(
    loans: pd.DataFrame,
    *,
    share_approved: float,
    interest: float,
    loss_given_default: float,
    score: str = "points",
    bad: str = "defaults",
    group: str = "group",
) -> Figure:
    """Return the profit curve with one stop marked, beside what the stop does to each group.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    loans : DataFrame, one row per loan, with the columns named below
    share_approved : float, in [0, 1]; the best of the score are approved
    interest, loss_given_default : float, shares of the amount lent
    score, bad, group : str, columns of the score (more is safer), of who did not pay, of the
        group
    """
    table = lending_table(
        loans, interest=interest, loss_given_default=loss_given_default, score=score, bad=bad
    )
    near = (table["share_approved"] - share_approved).abs().idxmin()
    lent = loans[score] >= table.loc[near, "cutoff"]
    rates = group_rates(loans.assign(approved=lent), group=group, bad=bad)
    figure = Figure(figsize=(8, 4.4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.1])
    plot_lending(table, share_approved=share_approved, ax=left)
    plot_group_rates(rates, ax=right)
    return figure


def explore_lending(
    loans: pd.DataFrame,
    *,
    interest: float = 0.1,
    loss_given_default: float = 0.5,
    score: str = "points",
    bad: str = "defaults",
    group: str = "group",
) -> VBox:
    """Return sliders for the stop, interest and loss above the `lending_picture`.

    Parameters
    ----------
    loans : DataFrame, one row per loan: score, bad and group
    interest, loss_given_default : float
        Where their sliders begin.
    score, bad, group : str
        Names of the columns.
    """
    sliders = {
        "share_approved": FloatSlider(
            0.5, min=0.05, max=1, step=0.05, description=_("approve"), readout_format=".0%"
        ),
        "interest": FloatSlider(
            interest, min=0.02, max=0.4, step=0.02, description=_("interest"), readout_format=".0%"
        ),
        "loss_given_default": FloatSlider(
            loss_given_default,
            min=0.1,
            max=1,
            step=0.1,
            description=_("loss"),
            readout_format=".0%",
        ),
    }
    alt = _(
        "Profit of lending and rates by group: share approved {share_approved:.0%}, "
        "interest {interest:.0%}, loss given default {loss_given_default:.0%}"
    )

    def draw(**values: float) -> Figure:
        at = {name: round(value, 6) for name, value in values.items()}
        return lending_picture(loans, **at, score=score, bad=bad, group=group)

    return under(sliders, draw, alt)
