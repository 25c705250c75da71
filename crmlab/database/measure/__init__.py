"""Frames in, frames out: what a firm's tables say, and how well they are designed.

dependencies  dependencies, anomalies
sheets        several_values, split_cells, mended, lost_facts
forms         normal_form
tables        decompose, join_tables
identify      who is who: a folder of its own, see there
indices       loyalty_index, potential_index, wallet
promotions    promotion_answers, promotion_cost, promotion_results, response_by_hour
trade         cumulative_amount, return_rate
complaints    complaint_to_churn
drivers       satisfaction_drivers
prospects     score_prospects and its reasons and principles, foretelling, lasting_by_score
relationships quarterly_profit, relationship_types, type_confusion
needs         needs_and_wants, want_value
network       reach_through_network, seller_tree
"""

from .complaints import complaint_to_churn as complaint_to_churn
from .dependencies import anomalies as anomalies
from .dependencies import dependencies as dependencies
from .drivers import satisfaction_drivers as satisfaction_drivers
from .forms import NormalForm as NormalForm
from .forms import normal_form as normal_form
from .identify import Blocks as Blocks
from .identify import Comparison as Comparison
from .identify import MatchQuality as MatchQuality
from .identify import candidate_pairs as candidate_pairs
from .identify import cluster_records as cluster_records
from .identify import compare_pairs as compare_pairs
from .identify import define_fields as define_fields
from .identify import detect_changes as detect_changes
from .identify import fits as fits
from .identify import golden_quality as golden_quality
from .identify import golden_records as golden_records
from .identify import longest as longest
from .identify import match_quality as match_quality
from .identify import most_frequent as most_frequent
from .identify import most_recent as most_recent
from .identify import normalise_address as normalise_address
from .identify import normalise_date as normalise_date
from .identify import normalise_email as normalise_email
from .identify import normalise_name as normalise_name
from .identify import normalise_phone as normalise_phone
from .identify import normalise_records as normalise_records
from .identify import similarity as similarity
from .identify import spoken_name as spoken_name
from .identify import stale_fields as stale_fields
from .identify import trusted as trusted
from .identify import unseen_pairs as unseen_pairs
from .indices import loyalty_index as loyalty_index
from .indices import potential_index as potential_index
from .indices import wallet as wallet
from .needs import needs_and_wants as needs_and_wants
from .needs import want_value as want_value
from .network import reach_through_network as reach_through_network
from .network import seller_tree as seller_tree
from .promotions import promotion_answers as promotion_answers
from .promotions import promotion_cost as promotion_cost
from .promotions import promotion_results as promotion_results
from .promotions import response_by_hour as response_by_hour
from .prospects import Foretelling as Foretelling
from .prospects import foretelling as foretelling
from .prospects import lasting_by_score as lasting_by_score
from .prospects import prospect_principles as prospect_principles
from .prospects import prospect_reasons as prospect_reasons
from .prospects import score_prospects as score_prospects
from .relationships import quarterly_profit as quarterly_profit
from .relationships import relationship_types as relationship_types
from .relationships import type_confusion as type_confusion
from .sheets import lost_facts as lost_facts
from .sheets import mended as mended
from .sheets import several_values as several_values
from .sheets import split_cells as split_cells
from .tables import decompose as decompose
from .tables import join_tables as join_tables
from .trade import cumulative_amount as cumulative_amount
from .trade import return_rate as return_rate
