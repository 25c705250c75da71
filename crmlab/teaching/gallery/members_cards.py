"""Examples of the pictures of cards, rhythms and tests."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from crmlab.lifetime.simulate import simulate_purchases
from crmlab.members import measure, plot, simulate


def plot_effective_cards(ax: Axes) -> Axes:
    """Draw the cards of two thousand customers by three windows."""
    return plot.plot_effective_cards(measure.effective_cards(_club()), ax=ax)


def plot_rolling_churn(ax: Axes) -> Axes:
    """Draw three windows, and a mixed one."""
    club = _club()
    kinds = [(3, 3), (6, 6), (12, 12), (12, 3)]
    parts = [measure.rolling_churn(club, window=one, back_within=back) for one, back in kinds]
    return plot.plot_rolling_churn(pd.concat(parts), ax=ax)


def plot_opening_profit(ax: Axes) -> Axes:
    """Draw an experiment in sixty stores."""
    trial, _ = simulate.simulate_openings(60, seed=1)
    best = measure.best_opening_rate(trial, card_cost=16).rate
    return plot.plot_opening_profit(measure.opening_profit(trial, card_cost=16), best=best, ax=ax)


def plot_repurchase_by_month(ax: Axes) -> Axes:
    """Draw two and a half years of a growing club."""
    return plot.plot_repurchase_by_month(measure.repurchase_by_month(_club()), ax=ax)


def plot_gap_survival(ax: Axes) -> Axes:
    """Draw the gaps of the same club."""
    gaps = measure.repurchase_gaps(_club())
    seen = measure.gap_length(gaps, horizon_days=180).mean_of_seen
    return plot.plot_gap_survival(measure.gap_survival(gaps), mean_of_seen=seen, ax=ax)


def plot_contact_test(ax: Axes) -> Axes:
    """Draw a test of seven intervals on twenty thousand members."""
    trial, _ = simulate.simulate_contacts(20_000, seed=1)
    return plot.plot_contact_test(measure.contact_test(trial), rule=60, ax=ax)


def plot_promotion_coverage(ax: Axes) -> Axes:
    """Draw members who are not alike, and what the rules say of them."""
    visits, _ = simulate.simulate_visits(1_000, spread=1.0, seed=1)
    found = measure.promotion_coverage(visits, days=[3, 7, 10, 12, 15, 20, 30], members=1_000)
    return plot.plot_promotion_coverage(found, ax=ax)


def plot_profile(ax: Axes) -> Axes:
    """Draw the ages before and after a harder entry rule."""
    members, _ = simulate.simulate_members(1_000, seed=1)
    late = members["joined_on"] >= "2024-01-01"
    sides = [measure.profile(members[side], attributes=["age_band"]) for side in (~late, late)]
    order = ["under 25", "25-34", "35-44", "45-54", "55 and over"]
    return plot.plot_profile(*sides, attribute="age_band", order=order, ax=ax)


def plot_quadrant_flow(ax: Axes) -> Axes:
    """Draw the flow between two years in which nobody changed."""
    visits, _ = simulate.simulate_visits(
        2_000, mean_gap_days=60, spread=0.4, ticket_spread=0.2, days=731, seed=1
    )
    years = [
        measure.quadrants(measure.repurchase(visits[visits["date"].dt.year == year], as_of=last))
        for year, last in ((2023, "2023-12-31"), (2024, "2024-12-31"))
    ]
    return plot.plot_quadrant_flow(measure.quadrant_flow(*years), ax=ax)


def _club() -> pd.DataFrame:
    return simulate_purchases(2_000, n_days=911, joining_days=700, seed=3).data
