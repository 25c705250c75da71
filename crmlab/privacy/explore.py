"""Sliders over the pure functions of this topic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
from ipywidgets import SelectionSlider, VBox
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, dress
from crmlab._widgets import under
from crmlab._words import _, heading
from crmlab.privacy.budget import Budget
from crmlab.privacy.measure import (
    k_anonymity,
    noisy_histogram,
    seen_by_band,
)
from crmlab.privacy.model import Mondrian
from crmlab.privacy.plot import plot_noisy_histogram, plot_seen_by_band

__all__ = ["epsilon_picture", "explore_epsilon", "explore_k", "k_picture"]

KS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500)
EPSILONS = (5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)


def k_picture(
    people: pd.DataFrame,
    *,
    k: int,
    quasi: Sequence[str],
    column: str,
    value: str,
    edges: Sequence[float] | Sequence[pd.Timestamp],
) -> Figure:
    """Return what an analyst sees of a Mondrian table at one k, beside the risk that is left.

    `k=1` is the table as it is. The figure is not registered with pyplot, so a notebook shows it
    once, where asked.

    Parameters
    ----------
    people : DataFrame, one row per person
    k : int, at least 1; people who look alike at least
    quasi : sequence of str, columns by which people can be recognised
    column, value : str, the column of the groups an analyst compares, and the one compared
    edges : sequence of numbers or Timestamps, of the groups
    """
    released = people if k == 1 else Mondrian(quasi, k=k).fit(people).transform(people)
    found = k_anonymity(released, quasi=quasi)
    figure = Figure(figsize=(9, 4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[4, 1])
    seen = seen_by_band(people, released, column=column, value=value, edges=edges)
    plot_seen_by_band(seen, ax=left)
    risk = found.classes / found.people
    right.bar(0, risk, color=PALETTE[5], hatch="//", edgecolor="white")
    # Somebody can always be found.
    right.text(0, risk + 0.02, f"{risk:.1%}" if risk >= 0.001 else "<0.1%", ha="center")
    right.set(ylim=(0, 1.1), xlim=(-1, 1), xticks=[], ylabel=_("People found by guessing (share)"))
    right.yaxis.set_major_formatter(PercentFormatter(1))
    dress(right)
    return figure


def explore_k(
    people: pd.DataFrame,
    *,
    quasi: Sequence[str],
    column: str,
    value: str,
    edges: Sequence[float] | Sequence[pd.Timestamp],
) -> VBox:
    """Return a slider for k above the `k_picture` it redraws.

    Parameters
    ----------
    people : DataFrame, one row per person
    quasi : sequence of str, columns by which people can be recognised
    column, value : str, the column of the groups an analyst compares, and the one compared
    edges : sequence of numbers or Timestamps, of the groups
    """
    draw = partial(k_picture, people, quasi=quasi, column=column, value=value, edges=edges)
    alt = _("Mean {value} by band of {column} at k = {k}, and the risk that is left")
    said = partial(alt.format, value=heading(value), column=heading(column))
    return under({"k": SelectionSlider(options=KS, value=10, description="k")}, draw, said)


def epsilon_picture(
    values: pd.Series, *, epsilon: float, categories: Sequence[str], seed: int
) -> Figure:
    """Return one noisy histogram at one epsilon, with the truth behind it.

    Parameters
    ----------
    values : Series, one value per person
    epsilon : float, above 0; the smaller, the more noise
    categories : sequence of str, the bars, known beforehand
    seed : int, of the noise
    """
    noisy = noisy_histogram(
        values, categories=categories, epsilon=epsilon, budget=Budget(epsilon, seed=seed)
    )
    counts = values.value_counts().reindex([*categories], fill_value=0)
    figure = Figure(figsize=(9, 4), layout="constrained")
    plot_noisy_histogram(noisy.assign(truth=counts.to_numpy()), ax=figure.subplots())
    return figure


def explore_epsilon(values: pd.Series, *, categories: Sequence[str], seed: int = 1) -> VBox:
    """Return a slider for epsilon, from loud to quiet promises, above its `epsilon_picture`.

    Parameters
    ----------
    values : Series, one value per person
    categories : sequence of str, the bars, known beforehand
    seed : int, of the noise
    """
    slider = SelectionSlider(options=EPSILONS, value=1.0, description=_("epsilon"))
    draw = partial(epsilon_picture, values, categories=categories, seed=seed)
    alt = _("Noisy headcounts with the truth behind them at epsilon = {epsilon:g}")
    return under({"epsilon": slider}, draw, alt)
