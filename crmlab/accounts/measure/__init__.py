"""What is computed of accounts, rivals, value chains and deals.

structure    structure_report, key_accounts, account_review: who they are
visits       visit_plan, visit_gain: whom to visit in the hours there are
cues         cue_hit_rates, cue_calendar: which cue beats chance
judgement    swot_agreement, ahp_weights: how far judgements can be trusted
matrices     zone_chances, top_chances, tows: points that are clouds
competitors  duplication_of_purchase, switching_above_shares, target_overlap, rival_map
indices      share_readings, strategy_trace: what a printed table and a plan imply
"""

from .competitors import duplication_of_purchase as duplication_of_purchase
from .competitors import rival_map as rival_map
from .competitors import switching_above_shares as switching_above_shares
from .competitors import target_overlap as target_overlap
from .cues import cue_calendar as cue_calendar
from .cues import cue_hit_rates as cue_hit_rates
from .indices import share_readings as share_readings
from .indices import strategy_trace as strategy_trace
from .judgement import Priorities as Priorities
from .judgement import SwotAgreement as SwotAgreement
from .judgement import ahp_weights as ahp_weights
from .judgement import swot_agreement as swot_agreement
from .matrices import opportunity_zone as opportunity_zone
from .matrices import threat_zone as threat_zone
from .matrices import top_chances as top_chances
from .matrices import tows as tows
from .matrices import zone_chances as zone_chances
from .structure import AccountReview as AccountReview
from .structure import account_review as account_review
from .structure import key_accounts as key_accounts
from .structure import structure_report as structure_report
from .visits import visit_gain as visit_gain
from .visits import visit_plan as visit_plan
