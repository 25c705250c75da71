"""Promotions, whom they reach, whom they leave in peace, and what they cause."""

from .campaigns import Campaigns as Campaigns
from .campaigns import CampaignsTruth as CampaignsTruth
from .campaigns import SimulatedCampaigns as SimulatedCampaigns
from .campaigns import simulate_campaigns as simulate_campaigns
from .designs import draw_promotions as draw_promotions
from .targets import draw_sensitivity as draw_sensitivity
from .targets import draw_targets as draw_targets
