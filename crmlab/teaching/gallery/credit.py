"""Examples of the pictures of topic `credit`."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from crmlab.credit.measure import (
    calibration_table,
    dupont,
    fairness_conflict,
    financial_ratios,
    group_rates,
    lending_table,
    roc_table,
    score_distribution,
)
from crmlab.credit.model import OptimalBinner, Scorecard
from crmlab.credit.plot import plot_calibration as draw_calibration
from crmlab.credit.plot import plot_dupont as draw_dupont
from crmlab.credit.plot import plot_fairness_conflict as draw_fairness_conflict
from crmlab.credit.plot import plot_five_c as draw_five_c
from crmlab.credit.plot import plot_group_rates as draw_group_rates
from crmlab.credit.plot import plot_lending as draw_lending
from crmlab.credit.plot import plot_ratio_trends as draw_ratio_trends
from crmlab.credit.plot import plot_roc as draw_roc
from crmlab.credit.plot import plot_score_distribution as draw_score_distribution
from crmlab.credit.plot import plot_woe as draw_woe
from crmlab.credit.simulate import simulate_applicants, simulate_statements, three_files
from crmlab.data import load


def _scored() -> pd.DataFrame:
    """Return simulated applicants with the points and chances of a scorecard."""
    file, _ = simulate_applicants(4_000, seed=12)
    used = ["late_payments", "debt_to_income", "card_use", "home", "job", "age_years"]
    card = Scorecard(special={"card_use": [-1]}).fit(file[used], file["defaults"])
    chance = card.predict_proba(file[used])[:, 1]
    return file.assign(points=card.score_points(file[used]), chance=chance)


def plot_calibration(ax: Axes) -> Axes:
    """Draw the chances of a scorecard in ten groups."""
    return draw_calibration(calibration_table(_scored()), ax=ax)


def plot_dupont(ax: Axes) -> Axes:
    """Draw what one firm's return on equity is made of, this year and the last."""
    tree = dupont(simulate_statements(1, seed=12)).dropna()
    return draw_dupont(tree, ax=ax)


def plot_fairness_conflict(ax: Axes) -> Axes:
    """Draw the errors of a true score where one group defaults twice as often."""
    return draw_fairness_conflict(fairness_conflict([0.1, 0.2]), ax=ax)


def plot_five_c(ax: Axes) -> Axes:
    """Draw the three loan files of the chapter."""
    return draw_five_c(three_files(), ax=ax)


def plot_group_rates(ax: Axes) -> Axes:
    """Draw what a cut-off does to two groups."""
    scored = _scored()
    lent = scored["points"] >= scored["points"].median()
    return draw_group_rates(group_rates(scored.assign(approved=lent), chance="chance"), ax=ax)


def plot_lending(ax: Axes) -> Axes:
    """Draw loans that earn 10 % and lose 50 %."""
    table = lending_table(_scored(), interest=0.1, loss_given_default=0.5)
    return draw_lending(table, share_approved=0.9, ax=ax)


def plot_ratio_trends(ax: Axes) -> Axes:
    """Draw two solvency ratios of a firm over six years."""
    ratios = financial_ratios(simulate_statements(1, years=6, seed=12))
    return draw_ratio_trends(ratios, ratios_shown=["current_ratio", "quick_ratio"], ax=ax)


def plot_roc(ax: Axes) -> Axes:
    """Draw a scorecard beside late payments alone."""
    scored = _scored().assign(late=lambda file: -file["late_payments"])
    curves = {
        "scorecard": roc_table(scored),
        "late payments alone": roc_table(scored, score="late"),
    }
    return draw_roc(curves, ax=ax)


def plot_score_distribution(ax: Axes) -> Axes:
    """Draw the points of those who repaid and of those who defaulted."""
    return draw_score_distribution(score_distribution(_scored()), ax=ax)


def plot_woe(ax: Axes) -> Axes:
    """Draw the duration of loans in the German credit data."""
    loans = load("german_credit")
    table = OptimalBinner().fit(loans[["duration_months"]], loans["defaults"]).table()
    return draw_woe(table, ax=ax)
