from .simulate import Campaigns as Campaigns
from .simulate import CampaignsTruth as CampaignsTruth
from .simulate import draw_promotions as draw_promotions
from .simulate import draw_sensitivity as draw_sensitivity
from .simulate import draw_targets as draw_targets
from .simulate import simulate_campaigns as simulate_campaigns

__all__: list[str]
