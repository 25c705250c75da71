"""Examples of the pictures of the topic identity."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

import pandas as pd
from matplotlib.axes import Axes

from crmlab.collection.simulate import simulate_records
from crmlab.company import load_company
from crmlab.identity import measure, model, plot
from crmlab.identity.steps import identification_steps


@cache
def _matched() -> model.Matched:
    firm, _ = load_company()
    return model.match_records(firm.records)


def plot_match_weights(ax: Axes) -> Axes:
    """Draw why two records are one person though the address differs."""
    pairs = _matched().pairs
    moved = pairs[pairs["match"] & (pairs["address"] == 0) & (pairs["phone"] == -1)]
    return plot.plot_match_weights(_matched().matcher.explain(moved.iloc[0]), ax=ax)


def plot_match_scores(ax: Axes) -> Axes:
    """Draw the weights of all pairs that share a key."""
    return plot.plot_match_scores(_matched().pairs, ax=ax)


def plot_match_quality(ax: Axes) -> Axes:
    """Draw how F1 falls with the share of edited fields, where neighbours differ in a digit."""
    rows = []
    for share in (0.02, 0.05, 0.1, 0.2, 0.4):
        records, truth = simulate_records(400, edit_share=share, seed=5)
        people = model.match_records(records).people
        rows.append({"edit_share": share, **asdict(measure.match_quality(people, truth))})
    return plot.plot_match_quality(pd.DataFrame(rows), target=0.95, ax=ax)


def plot_identification_steps(ax: Axes) -> Axes:
    """Draw the five steps of identification."""
    return plot.plot_identification_steps(identification_steps(), ax=ax)
