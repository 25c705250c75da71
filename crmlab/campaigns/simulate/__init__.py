"""Promotions, whom they reach, whom they leave in peace, and what they cause."""

from .campaigns import Campaigns as Campaigns
from .campaigns import CampaignsTruth as CampaignsTruth
from .campaigns import SimulatedCampaigns as SimulatedCampaigns
from .campaigns import simulate_campaigns as simulate_campaigns
from .designs import simulate_promotions as simulate_promotions
from .targets import simulate_sensitivity as simulate_sensitivity
from .targets import simulate_targets as simulate_targets
