"""Examples of every picture of the topic lifetime."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from crmlab.lifetime import measure, model, plot
from crmlab.lifetime.simulate import (
    simulate_contracts,
    simulate_delayed_calls,
    simulate_purchases,
)

CDNOW = model.BGNBD.known(r=0.243, alpha=4.414, a=0.793, b=2.426)


def _contracts() -> pd.DataFrame:
    data = simulate_contracts(2_000, seed=1).data
    return measure.observed_durations(data, as_of="2024-12-31", seen_from="seen_from")


def plot_survival(ax: Axes) -> Axes:
    """Draw contracts by when they were signed, those in the record late counted right."""
    days = _contracts()
    signed = days["started_on"].dt.year.ge(2022).map({True: "2022 or later", False: "before"})
    curves = measure.kaplan_meier(days.assign(signed=signed), entry="entry", by="signed")
    return plot.plot_survival(curves, by="signed", ax=ax)


def plot_incidence(ax: Axes) -> Axes:
    """Draw three reasons to leave."""
    found = measure.cumulative_incidence(_contracts(), entry="entry")
    return plot.plot_incidence(found[found["time"] <= 1_095], ax=ax)


def plot_lexis(ax: Axes) -> Axes:
    """Draw contracts begun before and after the record."""
    return plot.plot_lexis(_contracts(), ax=ax)


def plot_projection(ax: Axes) -> Axes:
    """Draw the high-end segment of Fader and Hardie (2007), fitted to its first seven years."""
    seen = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]
    cohort = pd.DataFrame({"period": range(13), "survival": [s / 100 for s in seen]})
    first = cohort.head(8).assign(customers=lambda table: table["survival"] * 1_000)
    fitted = model.ShiftedBetaGeometric().fit(first).predict(range(13))
    naive = model.naive_projections(first, periods=range(13))
    return plot.plot_projection(cohort, fitted, naive, ax=ax)


def plot_cohorts(ax: Axes) -> Axes:
    """Draw a year and a half of purchases by months."""
    purchases = simulate_purchases(3_000, rate=(1, 6), joining_days=250, n_days=420, seed=1).data
    return plot.plot_cohorts(measure.cohort_table(purchases), ax=ax)


def plot_alive(ax: Axes) -> Axes:
    """Draw two customers who have been silent for equally long."""
    rare = model.alive_over_time(CDNOW, weeks=[10, 22], until=39)
    often = model.alive_over_time(CDNOW, weeks=range(2, 23, 2), until=39)
    both = pd.concat([rare.assign(customer="rare"), often.assign(customer="often")])
    return plot.plot_alive(both, by="customer", ax=ax)


def plot_frequency_recency(ax: Axes) -> Axes:
    """Draw every history of customers of 39 weeks."""
    return plot.plot_frequency_recency(model.frequency_recency(CDNOW, age=39, most=25), ax=ax)


def plot_calibration(ax: Axes) -> Axes:
    """Draw chances to be alive beside the truth."""
    made = simulate_purchases(5_000, n_days=364, seed=1)
    history = measure.buying_history(made.data)
    forecasts = model.BGNBD().fit(history).predict(history)
    forecasts["alive"] = made.truth["dropped_out_on"].isna().to_numpy()
    return plot.plot_calibration(measure.calibration(forecasts), ax=ax)


def plot_holdout(ax: Axes) -> Axes:
    """Draw half a year of purchases beside what was expected of them."""
    purchases = simulate_purchases(5_000, seed=1).data
    early = purchases[purchases["date"] < "2025-01-01"]
    history = measure.buying_history(early)
    later = purchases[purchases["date"] >= "2025-01-01"]
    days = later.drop_duplicates(["customer_id", "date"])["customer_id"].value_counts()
    forecasts = model.BGNBD().fit(history).predict(history, weeks=26).join(history["repeats"])
    bought = forecasts["customer_id"].map(days).fillna(0)
    return plot.plot_holdout(measure.holdout_table(forecasts.assign(bought=bought)), ax=ax)


def plot_retention_gain(ax: Axes) -> Axes:
    """Draw both readings of five percent."""
    gains = pd.concat([measure.retention_gain(churn / 100) for churn in range(6, 51)])
    return plot.plot_retention_gain(gains, ax=ax)


def plot_budget_split(ax: Axes) -> Axes:
    """Draw a budget whose best share is neither none nor all."""
    return plot.plot_budget_split(measure.budget_split(), chosen=0.2, ax=ax)


def plot_response_speed(ax: Axes) -> Axes:
    """Draw calls that come too late, beside the truth."""
    calls, truth = simulate_delayed_calls(3_000, seed=1)
    return plot.plot_response_speed(measure.response_speed(calls), truth=truth, ax=ax)
