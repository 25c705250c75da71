"""Promotions, whom they reach, whom they leave in peace, and what they cause."""

from .audits import simulate_audit as simulate_audit
from .audits import simulate_elements as simulate_elements
from .calls import simulate_calls as simulate_calls
from .campaigns import Campaigns as Campaigns
from .campaigns import CampaignsTruth as CampaignsTruth
from .campaigns import simulate_campaigns as simulate_campaigns
from .cities import simulate_cities as simulate_cities
from .designs import simulate_promotions as simulate_promotions
from .doors import simulate_doors as simulate_doors
from .ledger import simulate_ledger as simulate_ledger
from .stations import simulate_stations as simulate_stations
from .targets import simulate_sensitivity as simulate_sensitivity
from .targets import simulate_targets as simulate_targets
from .threats import simulate_friends as simulate_friends
from .threats import simulate_ideas as simulate_ideas
from .threats import simulate_novelty as simulate_novelty
from .trials import campaign_answers as campaign_answers
from .trials import simulate_looks as simulate_looks
from .trials import simulate_trial as simulate_trial
from .trials import simulate_uplift as simulate_uplift
