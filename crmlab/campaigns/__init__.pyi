from .simulate import Campaigns as Campaigns
from .simulate import CampaignsTruth as CampaignsTruth
from .simulate import simulate_campaigns as simulate_campaigns
from .simulate import simulate_promotions as simulate_promotions
from .simulate import simulate_sensitivity as simulate_sensitivity
from .simulate import simulate_targets as simulate_targets

__all__: list[str]
