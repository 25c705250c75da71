"""Examples of the pictures of topic `rfm`."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from crmlab.data import load
from crmlab.rfm.measure import (
    cutoff_table,
    decile_table,
    holdout_response,
    rfm,
    rfm_map,
    rfm_scores,
    rfm_segments,
    segment_summary,
)
from crmlab.rfm.plot import plot_cutoff as draw_cutoff
from crmlab.rfm.plot import plot_deciles as draw_deciles
from crmlab.rfm.plot import plot_gains as draw_gains
from crmlab.rfm.plot import plot_rfm_map as draw_rfm_map
from crmlab.rfm.plot import plot_segments as draw_segments
from crmlab.rfm.plot import plot_timelines as draw_timelines
from crmlab.rfm.plot import plot_weighted_scores as draw_weighted_scores


def _scored() -> pd.DataFrame:
    """Return Hehua's customers at the middle of its second year, with what they did next."""
    table = holdout_response(load("hehua_purchases"), split="2024-06-30")
    return rfm_scores(table).assign(latest=-table["days_since_last"])


def plot_cutoff(ax: Axes) -> Axes:
    """Draw an offer that earns 20 per responder and costs 6 per contact."""
    return draw_cutoff(cutoff_table(_scored(), margin=20, cost=6), share_contacted=0.3, ax=ax)


def plot_deciles(ax: Axes) -> Axes:
    """Draw the response by the digits of the score."""
    return draw_deciles(decile_table(_scored()), ax=ax)


def plot_gains(ax: Axes) -> Axes:
    """Draw the score beside three plain rules."""
    scores = ("rfm_score", "latest", "frequency", "monetary")
    table = _scored()
    return draw_gains(pd.concat(decile_table(table, score=score) for score in scores), ax=ax)


def plot_rfm_map(ax: Axes) -> Axes:
    """Draw Hehua's customers by recency and frequency."""
    return draw_rfm_map(rfm_map(rfm_scores(rfm(load("hehua_purchases")))), ax=ax)


def plot_segments(ax: Axes) -> Axes:
    """Draw the eight segments of Hehua."""
    return draw_segments(
        segment_summary(rfm_segments(rfm_scores(rfm(load("hehua_purchases"))))), ax=ax
    )


def plot_timelines(ax: Axes) -> Axes:
    """Draw the course's four customers."""
    return draw_timelines(load("four_customers"), as_of="2003-12-31", ax=ax)


def plot_weighted_scores(ax: Axes) -> Axes:
    """Draw the four customers with money counting twice."""
    weights = {"recency": 1, "frequency": 1, "monetary": 2}
    table = rfm(load("four_customers"), as_of="2003-12-31")
    return draw_weighted_scores(rfm_scores(table, bins=4, combine=weights), weights=weights, ax=ax)
