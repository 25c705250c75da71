"""Examples of every picture of the topic privacy."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from crmlab.privacy import measure, plot
from crmlab.privacy.budget import Budget
from crmlab.privacy.hierarchy import dates, prefixes, whole
from crmlab.privacy.model import Mondrian, risk_utility
from crmlab.privacy.simulate import simulate_people

_QUASI = ["birth_date", "sex", "postcode"]
_EDGES = [pd.Timestamp(year, 1, 1) for year in range(1945, 2011, 5)]
_ASKED = {"column": "birth_date", "value": "spend_cny", "edges": _EDGES}


def _shop() -> pd.DataFrame:
    return simulate_people(8_000, seed=5).data.shop


def _notes() -> pd.DataFrame:
    club = simulate_people(20_000, sensitive=True, seed=5).data.club
    some = club[(club["postcode"] <= "000002") & (club["birth_date"] >= "1999-01-01")]
    return some.rename(columns={"medical_note": "note"})


def plot_risk_by_quasi(ax: Axes) -> Axes:
    """Draw how few columns name almost everybody."""
    shop = _shop()
    born = shop["birth_date"].dt
    known = shop.assign(year=born.year, month=born.month, day=born.day)
    quasi = ["sex", "year", "month", "day", "postcode"]
    return plot.plot_risk_by_quasi(measure.risk_by_quasi(known, quasi=quasi), ax=ax)


def plot_risk_utility(ax: Axes) -> Axes:
    """Draw what safety costs by two methods."""
    ladders = {"birth_date": dates(), "sex": whole(), "postcode": prefixes(5, 4)}
    table = risk_utility(_shop(), ladders, ks=[2, 10, 50, 200], **_ASKED)
    return plot.plot_risk_utility(table, ax=ax)


def plot_published_table(ax: Axes) -> Axes:
    """Draw a table whose hidden cells stay hidden."""
    table = measure.published_table(_notes(), by=["postcode", "note"])
    return plot.plot_published_table(measure.cell_intervals(table), ax=ax)


def plot_published_table_given_away(ax: Axes) -> Axes:
    """Draw a table whose margins give every hidden cell away."""
    table = measure.published_table(_notes(), by=["postcode", "note"], complementary=False)
    return plot.plot_published_table(measure.cell_intervals(table), ax=ax)


def plot_seen_by_band(ax: Axes) -> Axes:
    """Draw a hill seen through boxes of 500."""
    shop = _shop()
    seen = Mondrian(_QUASI, k=500).fit(shop).transform(shop)
    return plot.plot_seen_by_band(measure.seen_by_band(shop, seen, **_ASKED), ax=ax)


def plot_noisy_histogram(ax: Axes) -> Axes:
    """Draw noisy counts with the truth behind them."""
    area = _shop()["postcode"]
    names = sorted(area.unique())[:8]
    here = area[area.isin(names)]
    noisy = measure.noisy_histogram(here, categories=names, epsilon=0.1, budget=Budget(1, seed=5))
    truth = here.value_counts().reindex(names).to_numpy()
    return plot.plot_noisy_histogram(noisy.assign(truth=truth), ax=ax)
