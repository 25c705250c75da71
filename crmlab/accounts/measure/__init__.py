"""What is computed of accounts, rivals, value chains and deals.

structure      structure_report, key_accounts, account_review: who they are
visits         visit_plan, visit_gain: whom to visit in the hours there are
cues           cue_hit_rates, cue_calendar: which cue beats chance
judgement      swot_agreement, ahp_weights: how far judgements can be trusted
matrices       zone_chances, top_chances, tows: points that are clouds
competitors    duplication_of_purchase, target_overlap: rivals, and who only looks like one
switching      switching_above_shares, rival_map: the same of switches, and as a map
knowledge      knowledge_level, source_reliability: what we know of a rival
advantage      compare_factors, persistence: where we are better, and for how long
indices        share_readings, strategy_trace: what a printed table and a plan imply
flow           waiting_line, step_report, lead_times, interest_lost: value chains
control        control_chart: which losses are more than luck
pipeline       win_rates, guess_quality, pipeline_forecast: what will come
concentration  concentration_risk: what the loss of one account does
"""

from .advantage import compare_factors as compare_factors
from .advantage import persistence as persistence
from .competitors import duplication_of_purchase as duplication_of_purchase
from .competitors import target_overlap as target_overlap
from .concentration import ConcentrationRisk as ConcentrationRisk
from .concentration import concentration_risk as concentration_risk
from .control import control_chart as control_chart
from .cues import cue_calendar as cue_calendar
from .cues import cue_hit_rates as cue_hit_rates
from .flow import WaitingLine as WaitingLine
from .flow import interest_lost as interest_lost
from .flow import lead_times as lead_times
from .flow import step_report as step_report
from .flow import waiting_line as waiting_line
from .indices import share_readings as share_readings
from .indices import strategy_trace as strategy_trace
from .judgement import Priorities as Priorities
from .judgement import SwotAgreement as SwotAgreement
from .judgement import ahp_weights as ahp_weights
from .judgement import swot_agreement as swot_agreement
from .knowledge import knowledge_level as knowledge_level
from .knowledge import source_reliability as source_reliability
from .matrices import opportunity_zone as opportunity_zone
from .matrices import threat_zone as threat_zone
from .matrices import top_chances as top_chances
from .matrices import tows as tows
from .matrices import zone_chances as zone_chances
from .pipeline import PipelineForecast as PipelineForecast
from .pipeline import guess_quality as guess_quality
from .pipeline import pipeline_forecast as pipeline_forecast
from .pipeline import win_rates as win_rates
from .structure import AccountReview as AccountReview
from .structure import account_review as account_review
from .structure import key_accounts as key_accounts
from .structure import structure_report as structure_report
from .switching import rival_map as rival_map
from .switching import switching_above_shares as switching_above_shares
from .visits import visit_gain as visit_gain
from .visits import visit_plan as visit_plan
