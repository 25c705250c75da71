"""What customers do, and what it says about them.

trade         cumulative_amount, return_rate: what they take and give back
modes         response_modes, mode_table, mode_funnel: the kinds of answers
information   information_loss, mode_worth: what a yes or no forgets
indices       group_index: shares of a group against the base
hours         buying_hours: when a group buys
understand    understand, campaign_brief: six questions about a group
cross         cross_groups, overlap_sets, group_profit: groups crossed with groups
interactions  group_interactions: overlap that no other group explains
tree          printed_tree, tree_check: a tree on paper
lists         choose_list, list_regret, profit_curve, propensity_value: whom to ask
scores        score_table: several forecasts side by side
"""

from .cross import cross_groups as cross_groups
from .cross import group_profit as group_profit
from .cross import overlap_sets as overlap_sets
from .hours import buying_hours as buying_hours
from .indices import group_index as group_index
from .information import InformationLoss as InformationLoss
from .information import information_loss as information_loss
from .information import mode_worth as mode_worth
from .interactions import group_interactions as group_interactions
from .lists import ListRegret as ListRegret
from .lists import choose_list as choose_list
from .lists import list_regret as list_regret
from .lists import profit_curve as profit_curve
from .lists import propensity_value as propensity_value
from .modes import mode_funnel as mode_funnel
from .modes import mode_table as mode_table
from .modes import response_modes as response_modes
from .scores import score_table as score_table
from .trade import cumulative_amount as cumulative_amount
from .trade import return_rate as return_rate
from .tree import printed_tree as printed_tree
from .tree import tree_check as tree_check
from .understand import campaign_brief as campaign_brief
from .understand import understand as understand
