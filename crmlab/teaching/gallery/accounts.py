"""Examples of every picture of the topic accounts."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.accounts import insurer, measure, plot, simulate


def plot_visit_plan(ax: Axes) -> Axes:
    """Draw a plan of 120 hours among 150 accounts."""
    data, _ = simulate.simulate_accounts(150, seed=1)
    plan = measure.visit_plan(data.accounts, hours=120)
    return plot.plot_visit_plan(plan, data.accounts, ax=ax)


def plot_cue_hit_rates(ax: Axes) -> Axes:
    """Draw seven cues, of which three work."""
    leads, _ = simulate.simulate_leads(4_000, seed=1)
    return plot.plot_cue_hit_rates(measure.cue_hit_rates(leads), ax=ax)


def plot_zone_chances(ax: Axes) -> Axes:
    """Draw three opportunities that are not known well."""
    return _zones("O", ax)


def plot_zone_chances_of_threats(ax: Axes) -> Axes:
    """Draw three threats."""
    return _zones("T", ax)


def _zones(kind: str, ax: Axes) -> Axes:
    items = insurer.ok_swot().assign(
        probability=[0.8, 0.55, 0.3] * 4, strength=[0.3, 0.6, 0.75] * 4
    )
    items = items.assign(probability_sd=0.12, strength_sd=0.15)
    return plot.plot_zone_chances(measure.zone_chances(items, kind=kind), ax=ax)


def plot_rival_map(ax: Axes) -> Axes:
    """Draw six brands, two of which are rivals."""
    choices, _ = simulate.simulate_rivals(2_000, seed=1)
    pairs = measure.duplication_of_purchase(choices)
    return plot.plot_rival_map(measure.rival_map(pairs), pairs, ax=ax)


def plot_knowledge_level(ax: Axes) -> Axes:
    """Draw a ladder with a gap."""
    statements, _ = simulate.simulate_knowledge(60, seed=1)
    return plot.plot_knowledge_level(measure.knowledge_level(statements), ax=ax)


def plot_persistence(ax: Axes) -> Axes:
    """Draw two factors in which we are better, and two in which we are worse."""
    copies, truth = simulate.simulate_copies(60, seed=1)
    compared = truth[["factor"]].assign(standing=["better", "worse", "better", "worse"])
    return plot.plot_persistence(measure.persistence(compared, copies), ax=ax)


def plot_share_readings(ax: Axes) -> Axes:
    """Draw OK's table."""
    return plot.plot_share_readings(measure.share_readings(insurer.ok_indices()), ax=ax)


def plot_strategy(ax: Axes) -> Axes:
    """Draw OK's strategy with its gap."""
    return plot.plot_strategy(insurer.ok_strategy(), ax=ax)


def plot_steps(ax: Axes) -> Axes:
    """Draw OK's billing."""
    flow, _ = simulate.simulate_flow(4_000, seed=1)
    return plot.plot_steps(measure.step_report(flow), ax=ax)


def plot_control_chart(ax: Axes) -> Axes:
    """Draw lost cards that get worse."""
    losses, _ = simulate.simulate_losses(36, from_period=28, worse=2.5, seed=1)
    return plot.plot_control_chart(measure.control_chart(losses, first=24), ax=ax)


def plot_forecast(ax: Axes) -> Axes:
    """Draw what forty open deals may bring."""
    past, _ = simulate.simulate_pipeline(400, seed=1)
    now, _ = simulate.simulate_pipeline(40, seed=2)
    found = measure.pipeline_forecast(now, measure.win_rates(past), seed=1)
    return plot.plot_forecast(found.outcomes, weighted=found.expected_cny, goal=1e6, ax=ax)
