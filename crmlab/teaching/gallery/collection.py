"""Examples of every picture of the topic collection."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.collection import measure, plot, simulate
from crmlab.collection.plan import SurveyPlan
from crmlab.collection.problems import SURVEY_PROBLEMS

ITEMS = [f"q{k}" for k in range(1, 21)]


def plot_information_scores(ax: Axes) -> Axes:
    """Draw four files of a thousand customers, and all together."""
    facts = simulate.simulate_scattered(1_000, seed=1).data
    makes = {"share_of_wallet": ["spend", "budget"]}
    return plot.plot_information_scores(measure.information_scores(facts, makes=makes), ax=ax)


def plot_channels(ax: Axes) -> Axes:
    """Draw two thousand leads of fourteen channels, beside the truth."""
    leads, truth = simulate.simulate_leads(2_000, seed=1)
    return plot.plot_channels(measure.channel_report(leads), truth=truth, ax=ax)


def plot_sources(ax: Axes) -> Axes:
    """Draw what ten sources know about accounts."""
    return plot.plot_sources(simulate.simulate_intel(300, seed=1).data, ax=ax)


def plot_bias_audit(ax: Axes) -> Axes:
    """Draw what twelve problems do to a survey by interviewers."""
    survey = simulate.simulate_survey(
        4_000, method="face to face", problems=SURVEY_PROBLEMS, seed=1
    )
    return plot.plot_bias_audit(measure.bias_audit(*survey), ax=ax)


def plot_methods(ax: Axes) -> Axes:
    """Draw what eight methods give for 20,000 yuan."""
    return plot.plot_methods(measure.compare_methods(budget=20_000), ax=ax)


def plot_timeline(ax: Axes) -> Axes:
    """Draw a survey of nine weeks."""
    weeks = {
        "background": (1, 1),
        "overall design": (2, 1),
        "instruments": (3, 2),
        "fieldwork": (5, 3),
        "data processing": (8, 1),
        "report": (9, 1),
    }
    plan = SurveyPlan(
        purpose="Do members stay?",
        content="twelve statements",
        method="face to face",
        respondents=200,
        quality_control="call back one in ten",
        budget=25_000,
        schedule=weeks,
        staffing=8,
        remarks="none",
    )
    return plot.plot_timeline(plan.timeline(), ax=ax)


def plot_precheck(ax: Axes) -> Axes:
    """Draw three hundred questionnaires, sorted by flag."""
    answers, _ = simulate.simulate_questionnaires(300, seed=1)
    pairs = [(f"q{k}", f"q{k + 15}") for k in range(1, 6)]
    checked = measure.precheck(
        answers, items=ITEMS, asked="asked", opposites=pairs, required=["q3", "q5"]
    )
    return plot.plot_precheck(answers, checked, items=ITEMS, asked="asked", ax=ax)


def plot_flag_curve(ax: Axes) -> Axes:
    """Draw how runs of equal answers are found in the order asked, and in that of the file."""
    answers, truth = simulate.simulate_questionnaires(2_000, seed=1)
    curves = {}
    for name, asked in (("in the order asked", "asked"), ("in the order stored", None)):
        checked = measure.precheck(answers, items=ITEMS, asked=asked)
        checked["careless"] = truth["pattern"] == "one-sided"
        curves[name] = measure.flag_curve(checked, score="longest_run", truth="careless")
    return plot.plot_flag_curve(curves, ax=ax)
