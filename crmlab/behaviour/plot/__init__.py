"""Pictures of behaviour. Nothing here computes: result frames in, Axes out.

loop    plot_targeting, plot_mode_worth, plot_mode_funnel
groups  plot_group_index, plot_buying_hours, plot_group_profit, plot_interactions
upset   plot_overlap_sets
tree    plot_tree, plot_split_stability, plot_pruning
lists   plot_propensity_value, plot_profit_curve, plot_response_calibration
"""

from .groups import plot_buying_hours as plot_buying_hours
from .groups import plot_group_index as plot_group_index
from .groups import plot_group_profit as plot_group_profit
from .groups import plot_interactions as plot_interactions
from .lists import plot_profit_curve as plot_profit_curve
from .lists import plot_propensity_value as plot_propensity_value
from .lists import plot_response_calibration as plot_response_calibration
from .loop import plot_mode_funnel as plot_mode_funnel
from .loop import plot_mode_worth as plot_mode_worth
from .loop import plot_targeting as plot_targeting
from .tree import plot_pruning as plot_pruning
from .tree import plot_split_stability as plot_split_stability
from .tree import plot_tree as plot_tree
from .upset import plot_overlap_sets as plot_overlap_sets
