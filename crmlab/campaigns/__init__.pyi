from .measure import promotion_answers as promotion_answers
from .measure import promotion_cost as promotion_cost
from .measure import promotion_results as promotion_results
from .measure import response_by_hour as response_by_hour
from .model import DesignEffects as DesignEffects
from .plot import plot_design_effects as plot_design_effects
from .plot import plot_response_by_hour as plot_response_by_hour
from .simulate import Campaigns as Campaigns
from .simulate import CampaignsTruth as CampaignsTruth
from .simulate import simulate_campaigns as simulate_campaigns
from .simulate import simulate_promotions as simulate_promotions
from .simulate import simulate_sensitivity as simulate_sensitivity
from .simulate import simulate_targets as simulate_targets

__all__: list[str]
