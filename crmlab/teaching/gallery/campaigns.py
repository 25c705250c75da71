"""Examples of the pictures of the topic campaigns."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.campaigns import measure, plot
from crmlab.campaigns.model import DesignEffects
from crmlab.campaigns.simulate import simulate_campaigns
from crmlab.company import load_company


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
