"""Examples of the pictures of the topic campaigns."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from crmlab.campaigns import measure, plot, simulate
from crmlab.campaigns.model import CampaignLoop, DesignEffects, UpliftModel
from crmlab.campaigns.simulate import simulate_campaigns
from crmlab.company import load_company

_FEATURES = ("visits", "on_sale", "tenure_months")


def plot_response_by_hour(ax: Axes) -> Axes:
    """Draw who answers at which hour, by medium."""
    firm, _ = load_company()
    answers = measure.promotion_answers(firm.promotions, firm.targets, firm.responses)
    return plot.plot_response_by_hour(measure.response_by_hour(answers, by="medium"), ax=ax)


def plot_design_effects(ax: Axes) -> Axes:
    """Draw the effects of colour, medium and hour beside their truth."""
    data, _ = simulate_campaigns(20_000, promotions=48, seed=5)
    answers = measure.promotion_answers(data.promotions, data.targets)
    reference = {"colour": "blue", "medium": "TV", "hour": 12}
    table = DesignEffects(reference=reference, usual="common").fit(answers).summary()
    planted = {"base": 1.0, "red": 0.4, "green": -0.4, "network": 0.2, "newspaper": -0.2}
    planted |= {"9": -0.3, "20": 0.3}
    truth = 0.8 * 0.06 * table["level"].map(planted).fillna(0.0)
    return plot.plot_design_effects(table.assign(truth=truth), ax=ax)


def plot_treatment_effect(ax: Axes) -> Axes:
    """Draw a campaign's effect, plain and less what was before."""
    trial, truth = simulate.simulate_trial(20_000, seed=14)
    effect = measure.treatment_effect(trial, before="spend_before")
    return plot.plot_treatment_effect(effect, truth=truth["effect"].mean(), ax=ax)


def plot_power_curve(ax: Axes) -> Axes:
    """Draw the power of trials of many sizes, with and without what was before."""
    sizes = range(1_000, 21_000, 1_000)
    plans = {"plain": 0.0, "cuped": 0.57}
    curves = [
        measure.power_curve(sizes, effect=6.0, sd=132.0, correlation=rho).assign(plan=name)
        for name, rho in plans.items()
    ]
    return plot.plot_power_curve(pd.concat(curves), ax=ax)


def plot_peeking(ax: Axes) -> Axes:
    """Draw the false alarms of thirty looks, with and without a bound."""
    looks, _ = simulate.simulate_looks(1_000, looks=30, seed=14)
    alarms = {"usual": measure.alarms_by_look(looks)}
    for kind in ("pocock", "obrien-fleming"):
        bounds = measure.sequential_bounds(30, kind=kind)["bound"].to_numpy()
        alarms[kind] = measure.alarms_by_look(looks, bounds=bounds)
    return plot.plot_peeking(alarms, ax=ax)


def plot_doors(ax: Axes) -> Axes:
    """Draw how the shares of games settle when the host knows."""
    return plot.plot_doors(measure.door_course(*simulate.simulate_doors(3_000, seed=14)), ax=ax)


def _scored() -> pd.DataFrame:
    """Return customers of a trial with three scores that were learned from others."""
    data, truth = simulate.simulate_uplift(16_000, seed=14)
    teach, test = data.iloc[:8_000], data.iloc[8_000:]
    model = UpliftModel().fit(teach, _FEATURES)
    noise = truth["customer_id"].iloc[8_000:] * 7_919 % 1_009
    return test.assign(
        uplift=model.predict(test), chance=model.predict_chance(test), noise=noise.to_numpy()
    )


def plot_uplift(ax: Axes) -> Axes:
    """Draw what lists by uplift, by chance and by noise add."""
    scored = _scored()
    curves = {one: measure.uplift_curve(scored, score=one) for one in ("uplift", "chance", "noise")}
    return plot.plot_uplift(curves, ax=ax)


def plot_uplift_profit(ax: Axes) -> Axes:
    """Draw what lists by uplift and by chance earn."""
    profit = measure.uplift_profit(
        _scored(), scores=["uplift", "chance"], margin=40, contact=2, discount=8
    )
    return plot.plot_uplift_profit(profit, ax=ax)


def plot_loop_profit(ax: Axes) -> Axes:
    """Draw what a loop earns, and loops that lack a step."""
    people, truth = simulate.simulate_uplift(2_000, seed=14)
    rounds = {}
    for step in ("nothing", "record", "organise", "measure", "improve"):
        loop = CampaignLoop(skip=None if step == "nothing" else step, seed=14)
        loop.run(
            people,
            lambda number, who: simulate.campaign_answers(truth, who, seed=number),
            _FEATURES,
            rounds=5,
        )
        rounds[step] = loop.profit(truth)
    return plot.plot_loop_profit(rounds, ax=ax)


def plot_event_study(ax: Axes) -> Axes:
    """Draw stations of a chain beside others, week by week."""
    panel, truth = simulate.simulate_stations(150, seed=14)
    stays = truth.loc[~truth["closed"]].iloc[0]
    study = measure.event_study(panel)
    return plot.plot_event_study(study, truth=stays["lift"] + stays["moved"], ax=ax)


def plot_site_change(ax: Axes) -> Axes:
    """Draw a chain that closed its weak half and did nothing else."""
    panel, _ = simulate.simulate_stations(150, closed=0.5, kept=0.0, lift=0.0, seed=14)
    return plot.plot_site_change(measure.site_change(panel), ax=ax)


def plot_staffing(ax: Axes) -> Axes:
    """Draw the agents for two hundred calls an hour."""
    return plot.plot_staffing(measure.staffing(calls=200, handle_minutes=3), ax=ax)


def plot_gap_7s(ax: Axes) -> Axes:
    """Draw the seven elements by twelve raters."""
    scores, _ = simulate.simulate_elements(12, seed=14)
    return plot.plot_gap_7s(measure.gap_7s(scores), ax=ax)


def plot_maturity(ax: Axes) -> Axes:
    """Draw twelve duties by twenty raters."""
    scores, _ = simulate.simulate_audit(20, seed=14)
    return plot.plot_maturity(measure.maturity_audit(scores), ax=ax)


def plot_effect_by_week(ax: Axes) -> Axes:
    """Draw an effect that is mostly novelty."""
    trial, truth = simulate.simulate_novelty(4_000, seed=14)
    return plot.plot_effect_by_week(measure.effect_by_week(trial), truth=truth, ax=ax)


def plot_synthetic_control(ax: Axes) -> Axes:
    """Draw the first of twenty cities beside a mixture of the others."""
    panel, _ = simulate.simulate_cities(20, seed=14)
    found = measure.synthetic_control(panel, treated="city 1")
    return plot.plot_synthetic_control(found.path, ax=ax)


def plot_points_triangle(ax: Axes) -> Axes:
    """Draw how the points of thirty-six months run off."""
    ledger, _ = simulate.simulate_ledger(300, seed=14)
    return plot.plot_points_triangle(measure.points_triangle(ledger), ax=ax)
